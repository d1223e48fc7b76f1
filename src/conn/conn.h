/* conn.h - the connection from inside: where both towers meet. */

#ifndef CONN_CONN_H
#define CONN_CONN_H

#include <xmpp/conn.h>
#include <xmpp/fast.h>
#include <xmpp/login.h>
#include <xmpp/queue.h>
#include <xmpp/sm.h>

#include "address/endpoint.h"
#include "address/jid.h"
#include "base/error.h"
#include "conn/ctx.h"
#include "conn/settings.h"
#include "dispatch/dispatch.h"
#include "net/dane.h"
#include "net/dial.h"
#include "net/pipe.h"
#include "stream/stream.h"

#define SERVICE_CLIENT "_xmpp-client._tcp" /* for SRV records */

enum conn_state {
    CONN_IDLE,
    CONN_DIALING, /* until a socket is connected */
    CONN_TALKING, /* a pipe and a stream exist */
    CONN_OVER     /* all is freed, but the application is still being told */
};

/* Who logs in, and how, in one attempt: a copy of the settings, so that they
 * may change meanwhile, and what is read from it. The views of `wanted` point
 * into them. */
struct account {
    struct settings settings;
    xmpp_jid_t *jid;
    char *domain;                  /* for DNS and certificates */
    struct scram_keys *keys;       /* NULL if there are none */
    struct fast_token *fast_token; /* NULL if there is none */
    char *offer; /* of the server, as XML; NULL if there is none */
    struct wanted wanted;
    bool direct_tls;
};

/* Whom TLS asks, and what it keeps from one login to the next. */
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

/* The public xmpp_conn_t.
 * `refs` are the application's holds; `holds` those of calls in progress. The
 * object dies when both are 0. `attempt` counts started connections: whoever
 * calls the application compares it afterwards, for the attempt may be over
 * and even the next one begun. */
struct _xmpp_conn_t {
    xmpp_ctx_t *ctx;
    struct list in_ctx;
    unsigned refs, holds;
    bool dying; /* the last ref is gone */

    struct settings settings;
    const char *lost; /* the setter without a result that had no memory */

    struct conn_tls tls;
    bool drops_token; /* the next login by the FAST token is its last */
    xmpp_fast_token_handler fast_handler;
    void *fast_userdata;
    char *offer; /* a line, see xmpp_conn_get_cached_features() */
    xmpp_login_password_handler ask; /* for a password */
    void *ask_userdata;
    struct strength min_strength;      /* set by the application */
    struct strength last_strength;     /* of the last login */
    char strength_line[STRENGTH_SIZE]; /* for the application to keep */
    xmpp_sockopt_callback sockopt;
    int keepalive_timeout, keepalive_interval;

    /* who is told */
    xmpp_conn_handler handler;
    void *userdata;
    struct dispatch dispatch;
    struct timed_set timed;

    /* what outlives an attempt; NULL before the first */
    xmpp_sm_state_t *sm;
    bool resumed; /* the last session began earlier */
    xmpp_sm_callback sm_callback;
    void *sm_ctx;
    unsigned sm_told; /* `changes` of the state then */
    struct redirect {
        char host[IDNA_NAME_MOST + 1]; /* to go to next, in ASCII; "": none */
        unsigned port;                 /* 0: the usual one */
        bool is_secured;               /* it was told under TLS */
        long count;                    /* followed in this attempt */
    } redirect;
    char *named_host; /* of the last connect call, NULL if it named none */
    unsigned named_port;
    xmpp_sent_handler refused; /* hears of stanzas without a handler */
    void *refused_userdata;
    xmpp_queued_t queued; /* what the application looks at */
    struct paths {
        unsigned avoid; /* paths of stream/terms.h, see conn/paths.h */
        unsigned doubt; /* that ended so the last time */
        unsigned cuts;  /* of resumptions, in a row */
        uint64_t until; /* then all of them are tried anew */
    } paths;

    /* the present attempt */
    unsigned attempt;
    enum conn_state state;
    struct account account;
    struct dial *dial;
    bool by_location; /* dialing where a server would like to have us */
    struct pipe pipe;
    struct tls_trust *trust;
    struct dane *dane; /* the DNS is asked about the certificate, or NULL */
    unsigned
        srv_port; /* SRV records are asked, and without them it is this; or 0 */
    bool hurried; /* what comes is acknowledged at once */
    struct stage *tls_stage; /* in the pipe; NULL: no TLS yet */
    struct watch watch;
    struct alarm deadline, again;
    struct stream *stream;
    struct fault fault;
    xmpp_stanza_t *stream_error; /* owned: what the peer sent */
    uint64_t step_deadline;      /* of dialing, direct TLS, flushing the end */
    bool securing;               /* a TLS handshake is under way */
    bool asking;                 /* it waits for an answer to `question` */
    unsigned long question;      /* counts, as long as the object lives */
    uint64_t asked_at, asked_patience;
    bool secured;
    struct pressure {
        size_t unsent, held;
    } pressure;   /* what the server made us say, see conn/pressure */
    bool told_up; /* XMPP_CONN_CONNECT was told */
    bool ending;  /* the last bytes are being flushed */
    uint64_t ending_since;
    bool feeding;     /* input is being handed to the stream */
    bool down;        /* the stream said that it is over */
    bool asked;       /* the application owes a password */
    bool stop_asked;  /* xmpp_disconnect, perhaps before there was a stream */
    unsigned pumping; /* the attempt that the pump is at work on, or 0 */
    char *bound;      /* kept after the end, NULL before */

    /* the last failure, told on request */
    xmpp_failure_t failure;
    char failure_message[640];
    int old_error; /* the same as libstrophe tells it */
};

/* Keep the object valid across a call into the application. */
void conn_hold(xmpp_conn_t *conn);
void conn_unhold(xmpp_conn_t *conn);

/* Memory was out for something that had to be said, and nobody can be told so:
 * then a connection that is up ends, and says why. */
void conn_lose(xmpp_conn_t *conn);

/* Set a string of conn->settings for `setter`, which the log names; NULL clears
 * it. 0; XMPP_EMEM, and it keeps its old value. */
int conn_set(xmpp_conn_t *conn, const char *setter, char **member,
             const char *value);

/* The same for a setter of libstrophe's, which has no result: without memory
 * the next connect call fails, unless the same setter succeeds before. */
void conn_set_or_lose(xmpp_conn_t *conn, const char *setter, char **member,
                      const char *value);

static inline bool conn_is_live(const xmpp_conn_t *conn)
{
    return conn->state == CONN_DIALING || conn->state == CONN_TALKING;
}

static inline uint64_t conn_now(const xmpp_conn_t *conn)
{
    return poll_now(conn->ctx->poll);
}

/* Milliseconds of an option. */
static inline uint64_t conn_patience(const xmpp_conn_t *conn,
                                     xmpp_option_t option)
{
    return (uint64_t)conn->settings.options[option];
}

#endif
