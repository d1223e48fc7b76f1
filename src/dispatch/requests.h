/* requests.h - questions that we sent, each of which ends exactly once. */

#ifndef DISPATCH_REQUESTS_H
#define DISPATCH_REQUESTS_H

#include <xmpp/send.h>

#include "base/list.h"
#include "base/map.h"
#include "base/timer.h"
#include "dispatch/slot.h"
#include "stanza/node.h"

/* `open` are those that wait, oldest first; `ending` those that a lost
 * connection ends, while their handlers are being called. */
struct requests {
    struct env *env;
    struct slots *slots;
    struct map by_id, by_owner;
    struct list open, ending;
    struct timers timers;
};

void requests_init(struct requests *requests, struct env *env,
                   struct slots *slots);

/* End all without calling their handlers. This and every function that ends a
 * request may call the application, to free userdata; the caller keeps
 * `requests` alive meanwhile. */
void requests_clear(struct requests *requests);
void requests_free(struct requests *requests);

/* Remember a question. Without a handler its end is not reported. `to` is the
 * entity that it is addressed to, STR_NONE for our own account. 0, XMPP_EARG
 * (the id is in use, or `to` is not a valid address), XMPP_EMEM. If it is not
 * 0, the userdata is still the caller's. */
int requests_add(struct requests *requests, struct str id, struct str to,
                 uint64_t deadline, xmpp_reply_handler handler,
                 const struct slot_args *args);

/* Is this the answer to one of them, from the entity that it was sent to? Then
 * its handler was called and true is returned. `self` is our bound JID; see
 * addressee.h. */
bool requests_answer(struct requests *requests, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self);

/* Is one with this id open? */
bool requests_have(struct requests *requests, struct str id);

/* The same for an answer of which only `stub` could be read. */
bool requests_answer_lost(struct requests *requests, xmpp_conn_t *conn,
                          const xmpp_stanza_t *stub, struct str self);

/* The earliest deadline, and ending those that are past theirs. */
uint64_t requests_deadline(const struct requests *requests);
void requests_tick(struct requests *requests, xmpp_conn_t *conn, uint64_t now);

/* The connection ended: all that were sent so far end with `status`. What their
 * handlers send meanwhile stays. */
void requests_end(struct requests *requests, xmpp_conn_t *conn, int status);

/* End those of this handler and userdata without calling it; returns how many
 * there were. */
int requests_cancel(struct requests *requests, xmpp_reply_handler handler,
                    void *userdata);

/* It was not sent after all: as if it had not been added. */
void requests_forget(struct requests *requests, struct str id);

size_t requests_count(const struct requests *requests);

#endif
