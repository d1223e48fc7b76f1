/* requests.h - questions we asked, each of which ends exactly once. */

#ifndef DISPATCH_REQUESTS_H
#define DISPATCH_REQUESTS_H

#include <xmpp/send.h>

#include "base/list.h"
#include "base/map.h"
#include "base/timer.h"
#include "stanza/node.h"

/* `open` are those that wait, oldest first; `ending` those that a lost
 * connection ends, while their handlers are being called. */
struct requests {
    struct env *env;
    struct map by_id, by_owner;
    struct list open, ending;
    struct timers timers;
};

void requests_init(struct requests *requests, struct env *env);
void requests_free(struct requests *requests); /* calls nobody */

/* Remember a question. Without a handler nobody is told of its end. `to` is
 * whom it was asked, STR_NONE for our own account. 0, XMPP_EARG (the id is in
 * use, or `to` is no address), XMPP_EMEM. */
int requests_add(struct requests *requests, struct str id, struct str to,
                 uint64_t deadline, xmpp_reply_handler handler, void *userdata);

/* Is this the answer to one of them, from whom we asked? Then its handler was
 * called and true is returned. `self` is our bound JID; see addressee.h. */
bool requests_answer(struct requests *requests, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self);

/* Is one with this id open? */
bool requests_have(struct requests *requests, struct str id);

/* The same for an answer that could not be read, `stub` being left of it. */
bool requests_answer_lost(struct requests *requests, xmpp_conn_t *conn,
                          const xmpp_stanza_t *stub, struct str self);

/* The earliest deadline, and ending those that are past theirs. */
uint64_t requests_deadline(const struct requests *requests);
void requests_tick(struct requests *requests, xmpp_conn_t *conn, uint64_t now);

/* The connection ended: all those asked so far end with `status`. What is
 * asked by their handlers meanwhile stays. */
void requests_end(struct requests *requests, xmpp_conn_t *conn, int status);

/* Forget without a call; returns how many. */
int requests_cancel(struct requests *requests, xmpp_reply_handler handler,
                    void *userdata);
bool requests_forget(struct requests *requests, struct str id);

size_t requests_count(const struct requests *requests);

#endif
