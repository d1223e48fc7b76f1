/* attempt.h - one started connection: from the connect call to its one
 * DISCONNECT. */

#ifndef CONN_ATTEMPT_H
#define CONN_ATTEMPT_H

#include "conn/conn.h"
#include "net/dane.h"
#include "net/dial.h"
#include "net/pipe.h"
#include "stream/stream.h"

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
};

/* One started connection. conn->attempt refers to it from the connect call
 * until DISCONNECT is delivered, and is NULL while the connection is idle.
 *
 * It is allocated zeroed for each connect call, which is its only reset.
 *
 * `turns` counts the frames of the call stack that work on it: passes of the
 * pump, one inside another where a handler runs the loop. It is `over` when it
 * ended or was released in one of them. What the application has to hear is
 * then delivered at once and nothing afterwards, but all that it owns stays
 * where it is until the outermost of these frames is done. So whoever called
 * the application goes on with the same pointers, and only has to look whether
 * it is over. The next attempt is another object. */
struct attempt {
    xmpp_conn_t *conn; /* held */
    struct env *env;
    unsigned turns;
    bool over;

    struct account account;
    struct fault fault; /* why it ends */

    /* from a name to a socket */
    struct dial *dial;    /* NULL when it is done */
    bool by_location;     /* dialling where a server would like to have us */
    struct target target; /* that was reached; valid with a transport */
    unsigned srv_port; /* SRV records are asked, and without them it is this; or
                          0 */

    /* how bytes travel */
    bool has_transport; /* a target was reached: `pipe` is in use */
    bool establishing;  /* stages of the pipe set themselves up */
    bool opened;        /* bytes could travel: the stream was opened */
    struct pipe pipe;
    struct watch watch;
    struct alarm deadline, again;
    bool kicked;            /* while a pass of the pump was at work */
    bool hurried;           /* what comes is acknowledged at once */
    uint64_t step_deadline; /* of establishing, of flushing the end */

    /* TLS */
    struct tls_trust *trust;
    struct dane *dane;       /* the DNS is asked about the certificate, or
                                NULL */
    struct stage *tls_stage; /* in the pipe; NULL: no TLS yet */
    bool secured;
    bool question_open;     /* it waits for an answer to `question` */
    unsigned long question; /* the last that was put, see conn->questions */
    uint64_t question_at, question_patience;

    /* the conversation */
    struct stream *stream;
    xmpp_stanza_t *stream_error; /* owned: what the peer sent, or NULL */
    bool feeding;                /* input is being handed to the stream */
    bool password_wanted;        /* the application owes a password */
    bool is_up;                  /* XMPP_CONN_CONNECT was delivered */
    struct pressure {
        size_t unsent, held;
    } pressure; /* what the server made us say, see conn/pressure */

    /* its end */
    bool
        stop_requested; /* xmpp_disconnect, perhaps before there was a stream */
    bool stream_down;   /* the stream reported that it is over */
    bool ending;        /* the last bytes are being flushed */
    uint64_t ending_since;
};

/* The present attempt; NULL if there is none or it is over. */
static inline struct attempt *conn_live(const xmpp_conn_t *conn)
{
    return conn->attempt && !conn->attempt->over ? conn->attempt : NULL;
}

/* The same, NULL also until a socket is connected. */
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
    return (uint64_t)attempt->conn->settings.options[option];
}

static inline uint64_t attempt_now(const struct attempt *attempt)
{
    return conn_now(attempt->conn);
}

/* Something changed from outside: have the pump look at it in the next turn of
 * the loop, unless it is at work already and will look anyway. */
void attempt_kick(struct attempt *attempt);
void conn_kick(xmpp_conn_t *conn);

/* A loop begins inside a handler: it has to see to what the pump, which waits
 * for that handler, would have looked at. */
void attempt_kick_nested(struct attempt *attempt);

/* Memory was out for something that had to be said, and nobody can be told so:
 * then a connection that is up ends, and says why. */
void conn_lose(xmpp_conn_t *conn);

#endif
