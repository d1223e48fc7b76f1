/* send.c - what the application sends: stanzas, raw bytes, requests. */

#include "conn/send.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "conn/attempt.h"
#include "conn/ending.h"
#include "conn/expiry.h"
#include "conn/offline.h"
#include "conn/outgoing.h"
#include "conn/stanza_address.h"
#include "conn/session.h"
#include "stanza/find.h"
#include "stream/sm.h"

static const struct tracking untracked;

/* Was it built without a failure? */
static int check_built(const xmpp_stanza_t *stanza)
{
    int rc = xmpp_stanza_get_status(stanza);

    return rc && stanza
               ? env_refuse(node_env(stanza), rc, "%s", node_why(stanza))
               : rc;
}

/* The context that keeps the words about a failure, or NULL. */
static struct env *env_to_report(const xmpp_conn_t *conn,
                                 const xmpp_stanza_t *stanza)
{
    if (conn)
        return &conn->ctx->env;
    return stanza ? node_env(stanza) : NULL;
}

/* What is expected where the code alone does not say it. */
static const char *unsent_words(int rc)
{
    return rc == XMPP_ENOTCONN
               ? "not connected: send after XMPP_CONN_CONNECT and before "
                 "XMPP_CONN_DISCONNECT"
               : xmpp_strerror(rc);
}

/* For these the words are in the context already: they were recorded where the
 * reason was found. */
static bool has_words(int rc)
{
    return rc == XMPP_EARG || rc == XMPP_EINVOP || rc == XMPP_EINT ||
           rc == XMPP_ELIMIT;
}

/* For all other codes there are those above. They also go to the log, because
 * many callers ignore the code. That an answer comes too late is nobody's
 * fault: the other side asked while we ended the stream. */
static int report_failure(struct env *env, const xmpp_stanza_t *stanza, int rc)
{
    if (!rc || !env)
        return rc;
    if (!stanza)
        env_refuse(env, rc, "the stanza is NULL: it could not be created");
    else if (!has_words(rc))
        env_refuse(env, rc, "%s", unsent_words(rc));
    env_log(env,
            rc == XMPP_ENOTCONN && node_is_answer(stanza) ? XMPP_LEVEL_DEBUG
                                                          : XMPP_LEVEL_WARN,
            "conn", "not sent: %s", env->refused);
    return rc;
}

static int send_as_it_is(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                         const struct tracking *tracking, bool has_limit)
{
    struct attempt *attempt = conn_talking(conn);
    struct question *question;
    int rc;

    if (!attempt)
        return XMPP_ENOTCONN;
    /* Remembered first: a request that cannot be remembered is not sent,
     * because its answer would reach no handler by id. */
    rc = dispatch_will_send(&conn->dispatch, stanza, &question);
    if (rc)
        return rc;
    /* A function without a result has no limit but memory: it could not report
     * that a stanza was refused. */
    rc = has_limit ? stream_send(attempt->stream, stanza, tracking)
                   : stream_send_all(attempt->stream, stanza);
    if (rc == 0)
        dispatch_sent(&conn->dispatch, stanza);
    else
        questions_forget(&conn->dispatch.questions, question);
    attempt_kick(attempt);
    expiry_arm(conn);
    if (rc == 0)
        session_changed(conn); /* which may release the connection */
    return rc;
}

/* Is there a stream that takes stanzas? */
static bool is_session_up(const xmpp_conn_t *conn)
{
    const struct attempt *attempt = conn_talking(conn);

    return attempt && stream_may_send(attempt->stream);
}

/* A function without a result only borrows the stanza, and has no limit. */
static int send_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                       const struct tracking *tracking, bool is_taken)
{
    xmpp_stanza_t *added = stanza;
    int rc;

    if (!conn)
        return env_refuse(node_env(stanza), XMPP_EINVOP,
                          "the connection is NULL");
    conn_hold(conn); /* modules and handlers are called */
    if (!is_session_up(conn)) {
        rc = offline_send(conn, stanza, tracking);
        conn_unhold(conn);
        return rc;
    }
    rc = outgoing_add(conn, stanza, is_taken, &added);
    if (rc == 0)
        rc = send_as_it_is(conn, added, tracking, is_taken);
    if (added != stanza)
        xmpp_stanza_release(added);
    conn_unhold(conn);
    return rc;
}

/* The same of raw text. */
static void report_unsent(xmpp_conn_t *conn, int rc)
{
    struct env *env = &conn->ctx->env;

    if (!rc)
        return;
    if (!has_words(rc))
        env_refuse(env, rc, "%s", unsent_words(rc));
    env_log(env, XMPP_LEVEL_WARN, "conn", "not sent: %s", env->refused);
}

/* Unlike libstrophe's call, this checks the addresses: the server would answer
 * with jid-malformed. */
static int send_addressed(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                          const struct tracking *tracking)
{
    int rc = check_built(stanza);

    if (rc == 0)
        rc = stanza_address_check(stanza);
    return rc ? rc : send_stanza(conn, stanza, tracking, true);
}

static int send_and_report(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                           const struct tracking *tracking)
{
    /* Looked up now, because the call may release the connection. */
    struct env *env = env_to_report(conn, stanza);
    int rc = send_addressed(conn, stanza, tracking);

    report_failure(env, stanza, rc);
    xmpp_stanza_release(stanza);
    return rc;
}

int xmpp_send_tracked(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                      xmpp_sent_handler handler, void *userdata)
{
    const struct tracking tracking = {.handler = handler, .userdata = userdata};

    return send_and_report(conn, stanza, &tracking);
}

int xmpp_send_within(xmpp_conn_t *conn, xmpp_stanza_t *stanza, unsigned long ms,
                     xmpp_sent_handler handler, void *userdata)
{
    const struct tracking tracking = {
        .handler = handler,
        .userdata = userdata,
        .deadline = conn && ms ? ending_time(conn, ms) : 0,
    };

    return send_and_report(conn, stanza, &tracking);
}

int xmpp_send_take(xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    return xmpp_send_tracked(conn, stanza, NULL, NULL);
}

void xmpp_send(xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    struct env *env = env_to_report(conn, stanza);
    int rc = check_built(stanza);

    /* Addresses are not checked, as in libstrophe. */
    if (rc == 0)
        rc = send_stanza(conn, stanza, &untracked, false);
    /* Nobody would learn that a stanza is missing, so the connection ends. */
    if (rc == XMPP_EMEM && stanza)
        conn_lose(conn);
    report_failure(env, stanza, rc);
}

void xmpp_send_raw(xmpp_conn_t *conn, const char *data, size_t len)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;
    int rc = XMPP_ENOTCONN;

    if (!conn)
        return;
    if (attempt) {
        /* Requests in raw text count too: their answers have to reach handlers
         * by id. */
        rc = dispatch_will_send_text(&conn->dispatch, str_n(data, len));
        if (rc == 0)
            rc = stream_send_raw(attempt->stream, str_n(data, len));
        attempt_kick(attempt);
    }
    report_unsent(conn, rc);
    if (rc == XMPP_EMEM)
        conn_lose(conn);
    if (rc == 0)
        session_changed(conn); /* which may release the connection */
}

void xmpp_send_raw_string(xmpp_conn_t *conn, const char *fmt, ...)
{
    /* Looked up now, because the call may release the connection. */
    const struct env *env = conn ? &conn->ctx->env : NULL;
    char small[1024];
    char *text = small;
    va_list ap, again;
    int n;

    if (!conn || !fmt)
        return;
    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    if (n >= (int)sizeof(small)) {
        text = env_alloc(env, (size_t)n + 1);
        if (text)
            vsnprintf(text, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    va_end(ap);
    if (n < 0 || !text) {
        report_unsent(conn, XMPP_EMEM);
        conn_lose(conn);
    } else {
        xmpp_send_raw(conn, text, (size_t)n);
    }
    if (text != small)
        env_free(env, text);
}

void xmpp_send_error(xmpp_conn_t *conn, xmpp_error_type_t type, char *text)
{
    xmpp_stanza_t *error = conn ? xmpp_error_new(conn->ctx, type, text) : NULL;

    if (error)
        xmpp_send(conn, error);
    else
        conn_lose(conn);
    xmpp_stanza_release(error);
}

int xmpp_conn_send_queue_len(const xmpp_conn_t *conn)
{
    struct stream *stream = conn ? conn_stream(conn) : NULL;

    if (!conn)
        return 0;
    if (stream)
        return stream_queue_length(stream);
    /* Between two attempts the session keeps the queue. */
    return conn->sm ? outbox_length(&conn->sm->out) : 0;
}

char *xmpp_conn_send_queue_drop_element(xmpp_conn_t *conn,
                                        xmpp_queue_element_t which)
{
    struct stream *stream = conn ? conn_stream(conn) : NULL;
    bool oldest = which == XMPP_QUEUE_OLDEST;
    char *text = NULL;

    if (!conn || (!oldest && which != XMPP_QUEUE_YOUNGEST))
        return NULL;
    if (stream)
        text = stream_queue_drop(stream, oldest);
    else if (conn->sm)
        text = outbox_drop(&conn->sm->out, oldest);
    if (text && conn->sm) {
        conn->sm->changes++;
        session_changed(conn);
    }
    return text;
}

/* ---- requests ---------------------------------------------------- */

/* 120 random bits: an id that nobody can guess cannot be answered by a
 * stranger. */
static int give_id(xmpp_stanza_t *iq)
{
    unsigned char bytes[15];
    char id[BASE64_SIZE(sizeof(bytes))];

    if (!crypt_random_id(bytes, sizeof(bytes)))
        return env_refuse(node_env(iq), XMPP_EINT,
                          "no random numbers are available for an id");
    base64_encode(id, bytes, sizeof(bytes));
    return xmpp_stanza_set_id(iq, id);
}

/* The slot's number was written when the request was added, but outputs are
 * untouched on failure. */
static void unsend(struct requests *requests, struct str id,
                   const struct slot_args *args, xmpp_slot_t number)
{
    requests_forget(requests, id);
    if (args->ret)
        *args->ret = number;
}

static int send_checked_request(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                unsigned long timeout,
                                const struct asker *asker,
                                const struct slot_args *args)
{
    struct requests *requests = &conn->dispatch.requests;
    unsigned long patience =
        timeout ? timeout
                : (unsigned long)conn->options[XMPP_OPT_REQUEST_TIMEOUT];
    xmpp_slot_t number = args->ret ? *args->ret : 0;
    struct quote said;
    struct asked asked;
    int rc = check_built(iq);

    if (rc == 0)
        rc = stanza_address_check(iq);
    if (rc)
        return rc;
    if (!node_is_question(iq))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "a request is an iq of type \"get\" or \"set\"");
    if (requests_count(requests) >=
        (size_t)conn->options[XMPP_OPT_MAX_REQUESTS])
        return XMPP_EFULL;
    if (!node_attr(iq, N_ID).s && (rc = give_id(iq)))
        return rc;
    /* Added before it is sent: dispatch_will_send() then knows that requests
     * recognise the answer themselves. */
    asked = (struct asked){.id = node_attr(iq, N_ID),
                           .to = node_attr(iq, N_TO),
                           .ns = node_ns(node_first_element(iq)),
                           .deadline = ending_time(conn, patience),
                           .asker = *asker};
    rc = requests_add(requests, &asked, args);
    if (rc == XMPP_EARG)
        env_refuse(&conn->ctx->env, rc,
                   "the id \"%s\" is in use by a request that is not answered",
                   quote(&said, asked.id));
    if (rc)
        return rc;
    ending_arm(conn);
    rc = send_stanza(conn, iq, &untracked, true);
    if (rc)
        unsend(requests, asked.id, args, number);
    return rc;
}

int send_request(xmpp_conn_t *conn, xmpp_stanza_t *iq, unsigned long timeout,
                 const struct asker *asker, const struct slot_args *args)
{
    struct env *env = env_to_report(conn, iq);
    int rc = XMPP_EINVOP;

    if (conn)
        rc = send_checked_request(conn, iq, timeout, asker, args);
    else if (env)
        env_refuse(env, rc, "the connection of the request is NULL");
    report_failure(env, iq, rc);
    xmpp_stanza_release(iq);
    return rc;
}

static void report_reply(const struct asker *asker, xmpp_conn_t *conn,
                         int status, xmpp_stanza_t *reply, void *userdata)
{
    ((xmpp_reply_handler)asker->function)(conn, status, reply, userdata);
}

struct asker send_asker(xmpp_reply_handler handler)
{
    return (struct asker){(action_function)handler, report_reply, NULL};
}

int xmpp_request_send(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                      unsigned long timeout, xmpp_reply_handler handler,
                      void *userdata)
{
    const struct slot_args args = {.user = {userdata, NULL}, .conn = conn};
    const struct asker asker = send_asker(handler);

    return send_request(conn, iq, timeout, &asker, &args);
}

int send_cancel(xmpp_conn_t *conn, action_function function,
                const void *userdata)
{
    int cancelled;

    if (!conn)
        return 0;
    conn_hold(conn); /* freeing userdata may release it */
    cancelled = actions_cancel(&conn->dispatch.actions, function, userdata);
    conn_unhold(conn);
    return cancelled;
}

int xmpp_request_cancel(xmpp_conn_t *conn, xmpp_reply_handler handler,
                        void *userdata)
{
    return send_cancel(conn, (action_function)handler, userdata);
}
