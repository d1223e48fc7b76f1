/* questions.h - iq requests that were sent without xmpp_request_send(), so that
 * handlers by id get answers only from the addressee. */

#ifndef DISPATCH_QUESTIONS_H
#define DISPATCH_QUESTIONS_H

#include "base/list.h"
#include "base/map.h"
#include "dispatch/routes.h"

/* So many without an answer are remembered, and QUESTIONS_EACH more for each
 * handler by id. Beyond that the oldest are forgotten: first those for which no
 * handler waits. */
#define QUESTIONS_MOST 1000
#define QUESTIONS_EACH 4

struct question;

/* `open` are those without an answer, oldest first; `spare` a few blocks for
 * the next ones, so that sending allocates nothing in steady state. */
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

/* If it is an iq of type get or set, with an id, it is remembered, and *ret is
 * it; else NULL. If it is not sent after all it has to be forgotten. 0 or
 * XMPP_EMEM. */
int questions_add(struct questions *questions, const xmpp_stanza_t *stanza,
                  struct question **ret);
void questions_forget(struct questions *questions, struct question *question);

/* Is this the answer to one of them, from its addressee? Then that is closed.
 * `self` is our bound JID; see addressee.h. */
bool questions_answer(struct questions *questions, const xmpp_stanza_t *stanza,
                      struct str self);

/* Is one with this id open? */
bool questions_have(struct questions *questions, struct str id);

#endif
