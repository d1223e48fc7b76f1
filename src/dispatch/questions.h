/* questions.h - what we asked by other means than requests, so that handlers by
 * id hear answers only from whom was asked. */

#ifndef DISPATCH_QUESTIONS_H
#define DISPATCH_QUESTIONS_H

#include "base/list.h"
#include "base/map.h"
#include "dispatch/routes.h"

/* So many without an answer are remembered, and as many again for each handler
 * by id as QUESTIONS_EACH says; beyond that the oldest are forgotten, those
 * that no handler waits for first. */
#define QUESTIONS_MOST 1000
#define QUESTIONS_EACH 4

struct question;

/* `open` are those that nobody has answered, oldest first; `spare` a few
 * blocks for the next ones. */
struct questions {
    struct env *env;
    struct routes *routes; /* whose handlers by id may wait for an answer */
    struct map by_id;
    struct list open, spare;
    size_t spares;
};

void questions_init(struct questions *questions, struct env *env,
                    struct routes *routes);
void questions_free(struct questions *questions);

/* Is it an iq of type get or set, with an id? Then remember it. *ret is it, or
 * NULL: what was not sent after all has to be forgotten. 0 or XMPP_EMEM. */
int questions_add(struct questions *questions, const xmpp_stanza_t *stanza,
                  struct question **ret);
void questions_forget(struct questions *questions, struct question *question);

/* Is this the answer to one of them, from whom was asked? Then it is answered.
 * `self` is our bound JID; see addressee.h. */
bool questions_answer(struct questions *questions, const xmpp_stanza_t *stanza,
                      struct str self);

/* Is one with this id open? */
bool questions_have(struct questions *questions, struct str id);

#endif
