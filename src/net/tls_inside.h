/* tls_inside.h - the TLS stage as its own files see it. */

#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H

#include <gnutls/gnutls.h>

#include "base/buf.h"
#include "net/tls.h"

#define TLS_INPUT 16384 /* bytes that are read from below at once */
/* Encrypted bytes that the stage below did not take. */
#define TLS_BACKLOG_MOST 1048576
#define TLS_TICKETS_MOST 8 /* of one session that are fetched */

/* How far the judgement about the server's certificate is. */
enum tls_verdict {
    TLS_UNJUDGED,
    TLS_WAITING,  /* the handshake is suspended until the DNS answers */
    TLS_DECIDING, /* the handshake is suspended until somebody decides */
    TLS_ACCEPTED, /* good, or accepted by the application */
    TLS_REJECTED
};

/* What was read from below and GnuTLS has not fetched: during a call it lies on
 * the stack of that call, so that a session at rest needs no room for it.
 * `bytes` is NULL between two calls. */
struct tls_input {
    char *bytes;
    size_t start, end;
};

/* `rest` holds what a call left of its input, `out` what GnuTLS wrote and the
 * stage below did not take. Invariants: nothing is read or written for the
 * stages above before `is_up`; and `is_up` implies that the verdict is
 * TLS_ACCEPTED. */
struct tls {
    struct stage stage;
    const struct env *env;
    gnutls_session_t session;
    struct tls_wanted wanted;
    char *domain; /* owned, as wanted.domain */
    struct tls_input input;
    struct buf rest, out;
    int end;    /* of reading, if it `ended`: 0, or an error of GnuTLS */
    char first; /* octet that was received, 0: none was */
    enum tls_verdict verdict;
    unsigned reasons; /* what is wrong, for the verdict */
    bool by_pin;      /* it was accepted because of a pin */
    bool by_dane;     /* it was accepted because of a TLSA record */
    bool wants_cert;  /* the server requested our certificate */
    bool is_up;       /* the handshake is done and the server verified */
    bool shaken;      /* the handshake is done */
    bool has_read;    /* this call has data: it reads no more from below */
    bool gathers;     /* records are kept in `out` until all are there */
    bool ended;       /* `end` is to be reported by the next read */
    bool sent_end;
    bool lost;        /* the stage below failed, or there was no memory */
    bool has_ticket;  /* one came that was not fetched */
    unsigned tickets; /* how many were kept */
};

static inline struct tls *tls_of(const struct stage *stage)
{
    return (struct tls *)(uintptr_t)stage;
}

/* Have GnuTLS fetch its input from `input`, and write to `out`. */
void tls_carry(struct tls *tls);

/* A call that may read begins, with TLS_INPUT bytes of its stack; and ends. */
void tls_open_input(struct tls *tls, char *room);
void tls_close_input(struct tls *tls);

static inline bool tls_has_input(const struct tls *tls)
{
    return tls->input.end > tls->input.start || buf_size(&tls->rest);
}

/* Pass on what waits in `out`: 0 when nothing is left, PIPE_AGAIN, PIPE_FAIL.
 */
int tls_send_out(struct tls *tls);

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
