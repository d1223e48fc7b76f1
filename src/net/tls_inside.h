/* tls_inside.h - the TLS stage as its own files see it. */

#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H

#include <gnutls/gnutls.h>

#include "base/buf.h"
#include "net/tls.h"

#define TLS_INPUT 4096
#define TLS_TICKETS_MOST 8 /* of one session that are looked at */

/* How far the judgement about the server's certificate is. */
enum tls_verdict {
    TLS_UNJUDGED,
    TLS_WAITING,  /* the handshake is suspended until the DNS answers */
    TLS_ASKING,   /* the handshake is suspended until somebody answers */
    TLS_ACCEPTED, /* good, or accepted by the application */
    TLS_REJECTED
};

/* `in` is what the socket gave and GnuTLS has not asked for, `out` what GnuTLS
 * gave and the socket did not take. Nothing is read or written for those above
 * before `is_up`, and it is never up without a verdict. */
struct tls {
    struct stage stage;
    const struct env *env;
    gnutls_session_t session;
    struct tls_wanted wanted;
    char *domain; /* owned, as wanted.domain */
    struct buf out;
    size_t in_start, in_end;
    char first; /* octet that came, 0: none did */
    enum tls_verdict verdict;
    unsigned reasons; /* what is wrong, for the verdict */
    bool by_pin;      /* a pin was enough */
    bool by_dane;     /* the DNS was enough */
    bool asked_cert;  /* the server asked for ours */
    bool is_up;       /* the handshake is done and the server verified */
    bool shaken;      /* the handshake is done */
    bool said_bye;
    bool lost;        /* the stage below failed, or there was no memory */
    bool has_ticket;  /* one came that was not looked at */
    unsigned tickets; /* how many were kept */
    char in[TLS_INPUT];
};

static inline struct tls *tls_of(const struct stage *stage)
{
    return (struct tls *)(uintptr_t)stage;
}

/* Judge the server's certificate, once; 0 to go on, GNUTLS_E_AGAIN while
 * somebody is being asked, else a fatal error after telling the fault. It is
 * called from within the handshake, before anything of ours is given away, and
 * again behind it, for GnuTLS skips it when a session is resumed. */
int tls_judge(struct tls *tls);

/* Is somebody being asked, the DNS or the application? */
static inline bool tls_is_suspended(const struct tls *tls)
{
    return tls->verdict == TLS_WAITING || tls->verdict == TLS_ASKING;
}

/* The DNS may have answered. */
void tls_wake(struct tls *tls);

/* Tell the server why its certificate was rejected. */
void tls_send_alert(struct tls *tls);

/* Resume by the ticket that is there; keep one that came. */
void tls_ticket_use(struct tls *tls);
void tls_ticket_keep(struct tls *tls);

#endif
