/* causes.c - the targets of one connect call that failed, and why. */

#include "conn/causes.h"

#include <stdio.h>

#include <xmpp/dial.h>

/* `shown` points into the rest of it. */
struct cause {
    struct cause *next;
    xmpp_target_failure_t shown;
    char host[DNS_NAME_SIZE];
    char address[ADDRESS_TEXT];
    char message[640];
};

static void fill_cause(struct cause *cause, const struct target *target,
                       const struct fault *why, bool is_known)
{
    memcpy(cause->host, target->host, sizeof(cause->host));
    memcpy(cause->address, target->address, sizeof(cause->address));
    fault_describe(why, cause->message, sizeof(cause->message));
    cause->shown = (xmpp_target_failure_t){
        .host = cause->host,
        .address = cause->address,
        .port = target->port,
        .direct_tls = target->direct_tls,
        .layer = why->layer,
        .code = why->code,
        .os_error = why->os,
        .retry = (int)fault_retry(why, false, is_known),
        .message = cause->message,
    };
}

void causes_add(xmpp_conn_t *conn, const struct target *target,
                const struct fault *why)
{
    struct cause **end = &conn->causes, *cause;
    unsigned count = 0;

    for (; *end; end = &(*end)->next)
        count++;
    if (count == CAUSES_MOST)
        return;
    cause = env_zalloc(&conn->ctx->env, sizeof(*cause));
    if (!cause)
        return;
    fill_cause(cause, target, why, conn->reconnect.is_known);
    *end = cause;
}

static void append_cause(char *message, size_t size, const char *before,
                         const xmpp_target_failure_t *f)
{
    size_t used = strlen(message);

    snprintf(message + used, size - used, "%s%s port %u (%s: %s)", before,
             f->address[0] ? f->address : f->host, f->port,
             xmpp_layer_name(f->layer), xmpp_strerror(f->code));
}

void causes_describe(const xmpp_conn_t *conn, char *message, size_t size)
{
    const struct cause *cause = conn->causes;

    if (!cause || !cause->next)
        return;
    append_cause(message, size, "; in turn: ", &cause->shown);
    for (cause = cause->next; cause; cause = cause->next)
        append_cause(message, size, ", ", &cause->shown);
}

static bool is_connected(const struct cause *cause)
{
    return cause->shown.layer != XMPP_LAYER_DNS &&
           cause->shown.layer != XMPP_LAYER_TCP;
}

/* Was the same target connected to by another of its addresses? */
static bool has_answered(const xmpp_conn_t *conn, const struct cause *cause)
{
    for (const struct cause *c = conn->causes; c; c = c->next)
        if (is_connected(c) && c->shown.port == cause->shown.port &&
            strcmp(c->host, cause->host) == 0)
            return true;
    return false;
}

/* A machine without IPv6 reaches no address of IPv6, neither now nor later. So
 * of a target that answered only the answer counts. */
bool causes_may_retry(const xmpp_conn_t *conn)
{
    for (const struct cause *c = conn->causes; c; c = c->next)
        if (c->shown.retry && (is_connected(c) || !has_answered(conn, c)))
            return true;
    return false;
}

void causes_clear(xmpp_conn_t *conn)
{
    while (conn->causes) {
        struct cause *cause = conn->causes;

        conn->causes = cause->next;
        env_free(&conn->ctx->env, cause);
    }
}

const xmpp_target_failure_t *
xmpp_conn_get_target_failure(const xmpp_conn_t *conn, size_t index)
{
    const struct cause *cause = conn ? conn->causes : NULL;

    for (; cause && index; index--)
        cause = cause->next;
    return cause ? &cause->shown : NULL;
}
