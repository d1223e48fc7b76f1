/* attempt.h - one started connection: from the connect call to its one
 * DISCONNECT. */

#ifndef CONN_ATTEMPT_H
#define CONN_ATTEMPT_H

#include "conn/conn.h"
#include "net/dane.h"
#include "net/dial.h"
#include "net/pipe.h"
#include "stream/stream.h"

struct discovery;
struct way;

/* Why a target was given up. */
struct earlier {
    struct fault fault;
    xmpp_stanza_t *stream_error; /* owned, or NULL */
};

/* Who logs in and how, in one attempt: a copy of the settings, which may change
 * meanwhile, and what was derived from it. The views of `wanted` point into
 * both. */
struct account {
    struct settings settings;
    struct way *way; /* NULL: directly, see conn/way.h */
    xmpp_jid_t *jid;
    char *domain;                  /* for DNS and certificates */
    struct scram_keys *keys;       /* NULL if there are none */
    struct fast_token *fast_token; /* NULL if there is none */
    char *offer; /* cached features of the server, as XML; or NULL */
    struct wanted wanted;
};

/* One started connection. conn->attempt points to it from the connect call
 * until DISCONNECT is delivered, and is NULL while the connection is idle. It
 * is allocated zeroed, which is its only reset; the next attempt is another
 * object.
 *
 * `turns` counts the frames on the call stack that work on it: passes of the
 * pump, one inside another if a handler runs the loop. When the attempt ends or
 * the connection is released in one of them, it is `over`: everything that the
 * application has to hear is delivered at once, and nothing afterwards. But its
 * memory stays until the outermost of these frames returns. So code that called
 * the application keeps its pointers, and only has to check `over`. */
struct attempt {
    xmpp_conn_t *conn; /* held */
    struct env *env;
    unsigned turns;
    bool over;

    struct account account;
    struct fault fault; /* why it ends */

    /* from a name to a socket */
    struct dial *dial; /* NULL when no other target will be tried */
    bool by_location;  /* dialling where a server would like to have us */
    struct discovery *discovery; /* owned; NULL: nothing was looked up */
    struct target *target; /* owned: that was reached, until the session is up;
                              there is one before that with a transport */
    struct earlier *earlier; /* owned: why the target before this one was given
                                up; NULL: there was none */
    unsigned srv_port; /* the port if there are no SRV records; 0: not asked */

    /* how bytes travel */
    bool has_transport; /* a target was reached: `pipe` is in use */
    bool establishing;  /* stages of the pipe set themselves up */
    bool opened;        /* bytes could travel: the stream was opened */
    bool is_quiet;      /* nothing is to be read until the watch is ready */
    bool is_full;       /* nothing is taken until the watch is ready */
    struct pipe pipe;
    struct watch watch;
    struct alarm deadline, again;
    bool kicked;            /* by a handler that the pump waits for */
    bool hurried;           /* input is acknowledged at once */
    uint64_t step_deadline; /* of establishing, of flushing the end */

    /* TLS */
    struct tls_trust *trust;
    struct dane *dane;       /* the query for TLSA records, or NULL */
    struct stage *tls_stage; /* in the pipe; NULL: no TLS yet */
    bool secured;
    bool question_open;     /* the application owes an answer about a cert */
    unsigned long question; /* its number, see conn->questions */
    bool cert_refused;      /* by the application */
    uint64_t question_at, question_patience;

    /* the conversation */
    struct stream *stream;
    xmpp_stanza_t *stream_error; /* owned; sent by the peer, or NULL */
    /* the turn that is handing input to the stream, 0: none is. A loop inside
     * a handler is a turn above it. */
    unsigned feeding;
    bool password_wanted; /* the application owes a password */
    bool is_up;           /* XMPP_CONN_CONNECT was delivered */
    struct pressure {
        size_t unsent, held;
    } pressure; /* bytes that the server made us send, see conn/pressure */

    /* its end */
    bool stop_requested; /* by the application, perhaps while dialling */
    bool stream_down;    /* the stream reported that it is over */
    bool ending;         /* the last bytes are being flushed */
    uint64_t ending_since;
};

/* The present attempt; NULL if there is none or it is over. */
static inline struct attempt *conn_live(const xmpp_conn_t *conn)
{
    return conn->attempt && !conn->attempt->over ? conn->attempt : NULL;
}

/* The same, but NULL until a target was reached. */
static inline struct attempt *conn_talking(const xmpp_conn_t *conn)
{
    struct attempt *attempt = conn_live(conn);

    return attempt && attempt->has_transport ? attempt : NULL;
}

/* The present stream, or NULL. */
static inline struct stream *conn_stream(const xmpp_conn_t *conn)
{
    struct attempt *attempt = conn_live(conn);

    return attempt ? attempt->stream : NULL;
}

/* Milliseconds of an option. */
static inline uint64_t attempt_patience(const struct attempt *attempt,
                                        xmpp_option_t option)
{
    return (uint64_t)attempt->conn->options[option];
}

static inline uint64_t attempt_now(const struct attempt *attempt)
{
    return conn_now(attempt->conn);
}

/* A call from outside changed something: the pump looks at it in the next turn
 * of the loop. If a pass of the pump is at work it will look anyway. */
void attempt_kick(struct attempt *attempt);
void conn_kick(xmpp_conn_t *conn);

/* A loop begins inside a handler. The pump waits for that handler, so the loop
 * has to look at what was changed since. */
void attempt_kick_nested(struct attempt *attempt);

/* Why a target was given up, for when no other is of use. Without memory it is
 * missing: false. */
bool attempt_keep_reason(struct attempt *attempt, const struct fault *why);

/* No other target will be tried: forget what that needs. */
void attempt_settle(struct attempt *attempt);

/* End it: properly, or at once and without a word to the server. While it is
 * dialling there is no difference. */
void attempt_close(struct attempt *attempt);
void attempt_drop(struct attempt *attempt);

/* Something that had to be sent was lost for want of memory, and no caller can
 * be given the error: then a connection that is up ends with XMPP_EMEM. */
void conn_lose(xmpp_conn_t *conn);

#endif
