/* requests.h - questions that we sent, each of which ends exactly once. */

#ifndef DISPATCH_REQUESTS_H
#define DISPATCH_REQUESTS_H

#include <xmpp/result.h>

#include "dispatch/actions.h"
#include "stanza/node.h"

/* The open ones by their id, and by whom they were sent to with which
 * namespace. All else about them is in `actions`, also when they end for
 * another reason than an answer. */
struct requests {
    struct actions *actions;
    struct map by_id, by_topic;
};

/* Who hears of the end: `report` calls `function` in its own way. */
struct asker {
    action_function function; /* NULL: nobody */
    void (*report)(const struct asker *asker, xmpp_conn_t *conn, int status,
                   xmpp_stanza_t *reply, void *userdata);
    const xmpp_payload_t *payload; /* for `report`: of the answer, or NULL */
};

void requests_init(struct requests *requests, struct actions *actions);
void requests_free(struct requests *requests); /* all have ended */

/* What is known of a request that is about to be sent. */
struct asked {
    struct str id;
    struct str to; /* STR_NONE: our account */
    struct str ns; /* of its element */
    uint64_t deadline;
    struct asker asker;
};

/* Remember it. 0, XMPP_EARG (the id is in use, or `to` is not a valid address),
 * XMPP_EMEM. If it is not 0, the userdata is still the caller's. */
int requests_add(struct requests *requests, const struct asked *asked,
                 const struct slot_args *args);

/* Is this the answer to one of them, from the entity that it was sent to? Then
 * its handler was called and true is returned. `self` is our bound JID; see
 * addressee.h. */
bool requests_answer(struct requests *requests, xmpp_stanza_t *stanza,
                     struct str self);

/* Is one with this id open? */
bool requests_have(struct requests *requests, struct str id);

/* Is one open that was sent to exactly this address (NULL: without an address,
 * to our account), and whose element has this namespace? */
bool requests_ask(struct requests *requests, const xmpp_jid_t *to,
                  struct str ns);

/* As requests_answer(), for an answer of which only `stub` could be read. */
bool requests_answer_lost(struct requests *requests, const xmpp_stanza_t *stub,
                          struct str self);

/* It was not sent after all: as if it had not been added. */
void requests_forget(struct requests *requests, struct str id);

size_t requests_count(const struct requests *requests);

#endif
