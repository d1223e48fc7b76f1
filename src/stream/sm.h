/* sm.h - XEP-0198 as data: counters, and what is not acknowledged. */

#ifndef STREAM_SM_H
#define STREAM_SM_H

#include <xmpp/sm.h>

#include "address/endpoint.h"
#include "stream/outbox.h"

/* One session after another of one account: the public xmpp_sm_state_t. It is
 * lent to a stream while that lives, and stays when the stream is gone.
 *
 * All counters are modulo 2^32. Our stanzas have no number of their own: the
 * oldest one that is not acknowledged is the one after `acked`, and
 * `out.unacked` follow it. */
struct _xmpp_sm_t {
    struct env *env;
    struct outbox out;
    char *owner;      /* the account, a bare JID; NULL: not known yet */
    char *jid;        /* that was bound, or NULL */
    char *id;         /* to resume by; NULL: cannot be resumed */
    char *location;   /* where the server would like that, or NULL */
    uint32_t max;     /* seconds that the server waits for us, 0: unknown */
    uint32_t acked;   /* stanzas of ours that the peer handled */
    uint32_t handled; /* stanzas of the peer's that we handled */
    bool restored;    /* from bytes: more may have been sent than it knows */
    bool in_hand;     /* the last one of these is with the application now */
    bool available;   /* our presence is known */
    bool left;        /* our goodbye took that back */
    unsigned changes; /* goes up with everything worth saving */
};

xmpp_sm_state_t *sm_new(struct env *env);
void sm_free(xmpp_sm_state_t *sm); /* calls no handler */

/* It is for this account now. If it was another's, nothing of it is used: the
 * session is forgotten and every stanza given back. Returns how many stanzas
 * have no handler that would hear of it, or XMPP_EMEM. */
int sm_own(xmpp_sm_state_t *sm, struct str account);

/* How many stanzas of ours were sent in this session. */
static inline uint32_t sm_sent(const xmpp_sm_state_t *sm)
{
    return sm->acked + (uint32_t)sm->out.unacked;
}

/* The count that we send, and that is saved. */
static inline uint32_t sm_handled(const xmpp_sm_state_t *sm)
{
    return sm->handled - sm->in_hand;
}

/* What the application had in its hands is handled. */
void sm_take_back(xmpp_sm_state_t *sm);

/* The peer handled `h`: that many more are done. False if that is more than was
 * sent, or may have been; then nothing changes, unless a saved state is older
 * than the session: then the peer has all that it holds. */
bool sm_acknowledge(xmpp_sm_state_t *sm, uint32_t h);

/* The session cannot be resumed (any more). */
void sm_forget(xmpp_sm_state_t *sm);

/* A new session begins: everything not done waits to be sent in it, and is
 * kept if the peer is to acknowledge it. */
void sm_begin(xmpp_sm_state_t *sm, bool keeps);

/* It can be resumed by `id`. 0 or XMPP_EMEM. */
int sm_promise(xmpp_sm_state_t *sm, struct str id, struct str location,
               uint32_t max);

/* The address that was bound. 0 or XMPP_EMEM. */
int sm_bind(xmpp_sm_state_t *sm, struct str jid);

/* It is resumed, after sm_acknowledge: the rest waits to be sent again. */
void sm_resume(xmpp_sm_state_t *sm);

/* What is sent and not acknowledged is given back. Returns how many stanzas
 * nobody will be told about. */
size_t sm_give_back(xmpp_sm_state_t *sm);

/* The transport is gone. What cannot be resumed is given back unless it is to
 * be sent again (`resend`). Returns as sm_give_back. */
size_t sm_stop(xmpp_sm_state_t *sm, bool resend);

/* `location` as host and port (0 if it names none). False if there is none or
 * it cannot be used. */
bool sm_location(const xmpp_sm_state_t *sm, char host[IDNA_NAME_MOST + 1],
                 unsigned *ret_port);

#endif
