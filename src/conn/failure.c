/* failure.c - why the last attempt ended. */

#include "conn/failure.h"

#include <errno.h>
#include <stdio.h>

#include "base/quote.h"

/* libstrophe's error number: an errno for the transport, the TLS library's
 * code for TLS, 0 for everything that the server decided, the end of its stream
 * among it (`ended`). */
static int old_error(const struct fault *fault, bool ended)
{
    if (fault->code == XMPP_EEOF)
        return ended ? 0 : ECONNRESET;
    switch (fault->layer) {
    case XMPP_LAYER_DNS:
    case XMPP_LAYER_TCP:
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

static void fill(struct conn_failure *last, bool was_up)
{
    const struct fault *fault = &last->fault;

    last->shown = (xmpp_failure_t){
        .layer = fault->layer,
        .code = fault->code,
        .os_error = fault->os,
        .retry = fault_may_retry(fault, was_up),
        .condition = fault->condition,
        .text = fault->text,
        .message = last->message,
    };
}

void failure_keep(struct attempt *attempt)
{
    struct conn_failure *last = &attempt->conn->last;

    last->fault = attempt->fault;
    last->old_error = old_error(
        &last->fault, attempt->stream && stream_agreed(attempt->stream)->ended);
    fault_describe(&last->fault, last->message, sizeof(last->message));
    add_hint(&attempt->account, &last->fault, last->message,
             sizeof(last->message));
    fill(last, attempt->is_up);
}

int failure_refuse(xmpp_conn_t *conn, const struct fault *fault)
{
    struct conn_failure last = {.fault = *fault};
    struct env *env = &conn->ctx->env;

    last.old_error = old_error(fault, false);
    fault_describe(fault, last.message, sizeof(last.message));
    env_log(env, XMPP_LEVEL_ERROR, "conn", "not connecting: %s", last.message);
    if (!conn->attempt || !conn->attempt->over) {
        conn->last = last;
        fill(&conn->last, false);
    }
    return env_refuse(env, fault->code, "%s", last.message);
}

const xmpp_failure_t *xmpp_conn_get_failure(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->last.shown.code ? &conn->last.shown : NULL;
}
