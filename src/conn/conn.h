/* conn.h - the connection from inside: where both towers meet. */

#ifndef CONN_CONN_H
#define CONN_CONN_H

#include <xmpp/conn.h>
#include <xmpp/fast.h>
#include <xmpp/login.h>
#include <xmpp/queue.h>
#include <xmpp/reconnect.h>
#include <xmpp/sm.h>
#include <xmpp/store.h>

#include "address/endpoint.h"
#include "address/jid.h"
#include "base/error.h"
#include "conn/ctx.h"
#include "conn/settings.h"
#include "dispatch/dispatch.h"
#include "net/poll.h"
#include "net/tls.h"
#include "stream/rhythm.h"
#include "stream/terms.h"

/* The handlers of TLS, and what it keeps from one login to the next. */
struct conn_tls {
    xmpp_cert_handler ask;
    void *ask_userdata;
    xmpp_certfail_handler certfail;
    xmpp_password_callback password;
    void *password_userdata;
    unsigned password_retries;
    char *entered; /* the password, during a login */
    struct tls_ticket ticket;
};

/* How a connection comes back by itself, see conn/reconnect.h. */
struct reconnect {
    enum {
        RECONNECT_OFF,       /* no attempt follows */
        RECONNECT_ARMED,     /* an attempt is live; another follows it */
        RECONNECT_WAITING,   /* none is live: the alarm begins one */
        RECONNECT_SUSPENDED, /* none is live: the application begins one */
        RECONNECT_ENDING     /* none is live: the alarm reports the end */
    } phase;
    struct alarm alarm;
    /* Begins an attempt as the connect call did; its result. */
    int (*start)(xmpp_conn_t *conn, enum stream_kind kind);
    enum stream_kind kind; /* of the connect call */
    bool is_known;         /* it has led to a session */
    bool is_suspended;     /* it waits for the application */
    uint64_t hurried;      /* an attempt that ends before has no pause after it
                            */
    unsigned tries;        /* attempts since `since` */
    uint64_t since;        /* a session that lasted ended, or it began */
    uint64_t up;           /* when the last session came up */
    unsigned long wait;    /* the pause in progress, or the last one */
    xmpp_reconnect_t shown;
};

/* The public xmpp_conn_t: settings, handlers, and what outlives an attempt.
 * `refs` counts the application's holds; `holds` those of calls in progress, of
 * attempts and of certificates. `destroy` frees it when both are 0. */
struct _xmpp_conn_t {
    xmpp_ctx_t *ctx;
    struct list in_ctx;
    unsigned refs, holds;
    bool dying; /* the last ref is gone */
    void (*destroy)(xmpp_conn_t *conn);

    struct settings settings;
    /* a setter without a result that lacked memory, or NULL */
    const char *lost;
    int32_t options[XMPP_OPT_COUNT_]; /* values by xmpp_option_t */

    struct conn_tls tls;
    bool drops_token; /* the next login by the FAST token is its last */
    xmpp_fast_token_handler fast_handler;
    void *fast_userdata;
    char *offer; /* a line, see xmpp_conn_get_cached_features() */
    xmpp_login_password_handler ask; /* for a password */
    void *ask_userdata;
    /* with XMPP_OPT_RECONNECT: those of the last login, which serve for as long
     * as the password stays the same; or NULL */
    struct scram_keys *again;
    struct strength min_strength;      /* set by the application */
    struct strength last_strength;     /* of the last login */
    char strength_line[STRENGTH_SIZE]; /* for the application to keep */
    xmpp_sockopt_callback sockopt;
    int keepalive_timeout, keepalive_interval;

    xmpp_store_t store; /* size 0: none */
    struct {
        int (*commit)(void *userdata);
        void *userdata;
    } store_begun;   /* what is to be committed, else zeros */
    int store_depth; /* begins without their commits */

    /* handlers */
    xmpp_conn_handler handler;
    void *userdata;
    struct dispatch dispatch;
    struct alarm late;  /* at the earliest deadline, see conn/ending.h */
    struct alarm stale; /* for what is not sent in time, see conn/expiry.h */
    struct timed_set timed;

    char *send_as; /* of a component: the address that speaks, or NULL */
    xmpp_stanza_t *presence; /* see xmpp_conn_get_presence(); owned, or NULL */

    /* what outlives an attempt; NULL before the first */
    xmpp_sm_state_t *sm;
    bool resumed; /* the last session began earlier */
    xmpp_sm_callback sm_callback;
    void *sm_ctx;
    unsigned sm_reported; /* `changes` of the state then */
    struct redirect {
        char *host;      /* owned: of the next login, in ASCII; or NULL */
        unsigned port;   /* 0: the usual one */
        bool is_secured; /* it was received under TLS */
        long count;      /* followed in this attempt */
    } redirect;
    char *named_host; /* of the last connect call, NULL if it named none */
    unsigned named_port;
    xmpp_sent_handler refused; /* for stanzas without a handler of their own */
    void *refused_userdata;
    struct water {
        xmpp_water_handler handler;
        void *userdata;
        size_t low, high;
        bool is_high; /* reported last */
    } water;
    xmpp_queued_t queued; /* the item that was returned last */
    struct paths {
        unsigned avoid; /* paths of stream/terms.h, see conn/paths.h */
        unsigned doubt; /* that ended so the last time */
        unsigned cuts;  /* while resuming, and never before it, in a row */
        uint64_t until; /* then all of them are tried anew */
    } paths;
    struct reconnect reconnect;
    struct rhythm rhythm; /* of signs of life */

    struct attempt *attempt; /* see conn/attempt.h; NULL while idle */
    unsigned long questions; /* about certificates so far: they are numbered */
    char *bound;             /* the bound address; stays after the end */

    struct cause *causes; /* targets that failed, see conn/causes.h */

    /* why the last attempt ended, see conn/failure.h */
    struct conn_failure {
        xmpp_failure_t shown;
        struct failure_words *words; /* owned: its texts; NULL: they are
                                      * constants */
        int old_error;               /* the same as libstrophe reports it */
        bool is_past; /* who has it may read on, but nobody gets it any more */
    } last;
};

/* Keep the object valid across a call into the application. */
void conn_hold(xmpp_conn_t *conn);
void conn_unhold(xmpp_conn_t *conn);

/* Set a string of conn->settings for `setter`, which the log names; NULL clears
 * it. 0; XMPP_EMEM, and it keeps its old value. */
int conn_set(xmpp_conn_t *conn, const char *setter, char **member,
             const char *value);

/* The same for a setter of libstrophe's, which has no result: without memory
 * the next connect call fails, unless the same setter succeeds before. */
void conn_set_or_lose(xmpp_conn_t *conn, const char *setter, char **member,
                      const char *value);

static inline uint64_t conn_now(const xmpp_conn_t *conn)
{
    return poll_now(conn->ctx->poll);
}

/* The store is not called any more (store.c). */
void conn_leave_store(xmpp_conn_t *conn);

#endif
