/* failure.c - why the last attempt ended. */

#include "conn/failure.h"

#include <errno.h>
#include <stdio.h>

#include "base/quote.h"
#include "conn/causes.h"

#define FAILURE_MESSAGE 640

/* libstrophe's error number: an errno for the transport, the TLS library's code
 * for TLS, 0 for everything that the server decided. The end of the server's
 * stream (`ended`) is 0 too, and an end without the tag is ECONNRESET. */
static int old_error(const struct fault *fault, bool ended)
{
    if (fault->code == XMPP_EEOF)
        return ended ? 0 : ECONNRESET;
    switch (fault->layer) {
    case XMPP_LAYER_DNS:
    case XMPP_LAYER_TCP:
    case XMPP_LAYER_PROXY:
        if (fault->os)
            return fault->os;
        return fault->code == XMPP_ETIMEOUT ? ETIMEDOUT : ECONNABORTED;
    case XMPP_LAYER_TLS:
        return fault->os ? fault->os : ECONNABORTED;
    default:
        return 0;
    }
}

/* ---- a hint ------------------------------------------------------ */

/* Failures that are likely if what was given is not a domain. */
static bool is_of_domain(const struct fault *fault)
{
    static const int codes[] = {XMPP_EDNS,      XMPP_ENOHOST, XMPP_ENOSERVICE,
                                XMPP_ECERTNAME, XMPP_EMECH,   XMPP_ECRED};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (fault->code == codes[i])
            return true;
    return strcmp(fault->condition, "host-unknown") == 0;
}

/* A domain alone logs in anonymously. With a password that was hardly meant,
 * and a single label is hardly a domain. */
static void add_hint(const struct account *account, const struct fault *fault,
                     char *message, size_t size)
{
    const struct wanted *wanted = &account->wanted;
    size_t used = strlen(message);
    struct quote said;

    if (!account->jid || wanted->kind != STREAM_CLIENT || wanted->local.n ||
        !is_of_domain(fault))
        return;
    if (!wanted->secrets.pass &&
        memchr(wanted->domain.s, '.', wanted->domain.n))
        return;
    snprintf(message + used, size - used,
             "; the account \"%s\" is only a domain: is @domain missing?",
             quote(&said, wanted->domain));
}

/* ---- keeping it -------------------------------------------------- */

/* The texts, one behind the other. An attempt may be explained twice, when the
 * server ends the stream and at the end, and may go on at other targets: what
 * was shown first is valid as long as the rest, so it stays. */
struct failure_words {
    struct failure_words *earlier;
    char texts[];
};

void failure_forget(xmpp_conn_t *conn)
{
    while (conn->last.words) {
        struct failure_words *words = conn->last.words;

        conn->last.words = words->earlier;
        env_free(&conn->ctx->env, words);
    }
    conn->last.shown = (xmpp_failure_t){0};
    conn->last.is_past = false;
}

void failure_hide(xmpp_conn_t *conn)
{
    conn->last.is_past = true;
}

static char *put_words(char **room, const char *text)
{
    char *at = *room;

    *room += strlen(text) + 1;
    return str_put(at, str_of(text));
}

/* Without memory for the texts, what the code says is all. */
static void show_words(xmpp_conn_t *conn, const struct fault *fault,
                       const char *message)
{
    xmpp_failure_t *shown = &conn->last.shown;
    size_t n = strlen(fault->condition) + strlen(fault->text) + strlen(message);
    struct failure_words *words =
        env_alloc(&conn->ctx->env, sizeof(*words) + n + 3);
    char *room = words ? words->texts : NULL;

    if (words) {
        words->earlier = conn->last.words;
        conn->last.words = words;
    }
    shown->condition = room ? put_words(&room, fault->condition) : "";
    shown->text = room ? put_words(&room, fault->text) : "";
    shown->message =
        room ? put_words(&room, message) : xmpp_strerror(fault->code);
}

static void show(xmpp_conn_t *conn, const struct fault *fault,
                 const char *message, bool was_up)
{
    conn->last.shown = (xmpp_failure_t){
        .layer = fault->layer,
        .code = fault->code,
        .os_error = fault->os,
        .retry = (int)fault_retry(fault, was_up, conn->reconnect.is_known),
        .condition = "",
        .text = "",
        .message = "no failure",
    };
    conn->last.is_past = false;
    if (fault_is_set(fault))
        show_words(conn, fault, message);
}

/* If any target may be there later, another connect call may find it; unless
 * one of them was the right one, and refused the login. */
static void hope_for_others(struct attempt *attempt)
{
    xmpp_failure_t *shown = &attempt->conn->last.shown;
    bool is_ours = attempt->fault.layer == XMPP_LAYER_APP;
    const struct agreed *agreed =
        attempt->stream ? stream_agreed(attempt->stream) : NULL;

    if (!is_ours && !(agreed && agreed->login_begun) &&
        !attempt->fault.is_lasting && shown->retry == XMPP_RETRY_NEVER &&
        causes_may_retry(attempt->conn))
        shown->retry = XMPP_RETRY_SOON;
}

void failure_keep(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct fault *fault = &attempt->fault;
    bool is_of_login = fault_is_set(fault) && !attempt->is_up;
    char message[FAILURE_MESSAGE];

    conn->last.old_error = old_error(
        fault, attempt->stream && stream_agreed(attempt->stream)->ended);
    fault_describe(fault, message, sizeof(message));
    add_hint(&attempt->account, fault, message, sizeof(message));
    if (is_of_login)
        causes_describe(conn, message, sizeof(message));
    show(conn, fault, message, attempt->is_up);
    if (is_of_login)
        hope_for_others(attempt);
}

int failure_refuse(xmpp_conn_t *conn, const struct fault *fault)
{
    struct env *env = &conn->ctx->env;
    char message[FAILURE_MESSAGE];

    fault_describe(fault, message, sizeof(message));
    env_log(env, XMPP_LEVEL_ERROR, "conn", "not connecting: %s", message);
    /* The application may be reading the failure of an attempt that is just
     * ending: a refused call in its handler must not replace it. */
    if (!conn->attempt || !conn->attempt->over) {
        failure_forget(conn);
        conn->last.old_error = old_error(fault, false);
        show(conn, fault, message, false);
    }
    return env_refuse(env, fault->code, "%s", message);
}

const xmpp_failure_t *xmpp_conn_get_failure(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->last.shown.code && !conn->last.is_past ? &conn->last.shown
                                                        : NULL;
}
