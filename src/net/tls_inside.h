/* tls_inside.h - the TLS stage as its own files see it. */

#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H

#include <gnutls/gnutls.h>

#include "base/buf.h"
#include "net/tls.h"

#define TLS_INPUT 4096
#define TLS_TICKETS_MOST 8 /* of one session that are fetched */

/* How far the judgement about the server's certificate is. */
enum tls_verdict {
    TLS_UNJUDGED,
    TLS_WAITING,  /* the handshake is suspended until the DNS answers */
    TLS_DECIDING, /* the handshake is suspended until somebody decides */
    TLS_ACCEPTED, /* good, or accepted by the application */
    TLS_REJECTED
};

/* `in` holds what was read from below and GnuTLS has not fetched, `out` what
 * GnuTLS wrote and the stage below did not take. Invariants: nothing is read or
 * written for the stages above before `is_up`; and `is_up` implies that the
 * verdict is TLS_ACCEPTED. */
struct tls {
    struct stage stage;
    const struct env *env;
    gnutls_session_t session;
    struct tls_wanted wanted;
    char *domain; /* owned, as wanted.domain */
    struct buf out;
    size_t in_start, in_end;
    char first; /* octet that was received, 0: none was */
    enum tls_verdict verdict;
    unsigned reasons; /* what is wrong, for the verdict */
    bool by_pin;      /* it was accepted because of a pin */
    bool by_dane;     /* it was accepted because of a TLSA record */
    bool wants_cert;  /* the server requested our certificate */
    bool is_up;       /* the handshake is done and the server verified */
    bool shaken;      /* the handshake is done */
    bool sent_end;
    bool lost;        /* the stage below failed, or there was no memory */
    bool has_ticket;  /* one came that was not fetched */
    unsigned tickets; /* how many were kept */
    char in[TLS_INPUT];
};

static inline struct tls *tls_of(const struct stage *stage)
{
    return (struct tls *)(uintptr_t)stage;
}

/* Judge the server's certificate, once: 0 to go on, GNUTLS_E_AGAIN while a
 * decision is waited for, else a fatal error, and the fault is set. It is
 * called from within the handshake, before anything of ours is sent, and again
 * after it, because GnuTLS skips it when a session is resumed. */
int tls_judge(struct tls *tls);

/* Is the DNS or the application waited for? */
static inline bool tls_is_suspended(const struct tls *tls)
{
    return tls->verdict == TLS_WAITING || tls->verdict == TLS_DECIDING;
}

/* The DNS may have answered. */
void tls_wake(struct tls *tls);

/* Send the server the alert that says why its certificate was rejected. */
void tls_send_alert(struct tls *tls);

/* Resume by the ticket that is there; keep the one that came. */
void tls_ticket_use(struct tls *tls);
void tls_ticket_keep(struct tls *tls);

#endif
