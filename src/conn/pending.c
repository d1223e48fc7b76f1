/* pending.c - operations that are not one request, and how they end. */

#include <xmpp/error.h>

#include "conn/ending.h"
#include "conn/result.h"

struct _xmpp_pending_t {
    struct action action; /* first: they are freed together */
    void (*forget)(void *module_data);
    void *module_data;
};

#define OF_ACTION(a) LIST_ENTRY(a, struct _xmpp_pending_t, action)

/* The module that began it must not end it any more. */
static void abandon_pending(struct action *action)
{
    const xmpp_pending_t *pending = OF_ACTION(action);

    if (pending->forget)
        pending->forget(pending->module_data);
}

static void report_pending(struct action *action, int status,
                           xmpp_stanza_t *reply)
{
    const xmpp_result_t result = result_read(status, reply, NULL);

    abandon_pending(action);
    result_report(action, &result);
}

static void free_pending(struct action *action)
{
    env_free(action->actions->env, OF_ACTION(action));
}

static const struct action_kind pending_kind = {
    .report = report_pending,
    .abandon = abandon_pending,
    .free = free_pending,
};

xmpp_pending_t *xmpp_pending_new(xmpp_conn_t *conn, unsigned long timeout,
                                 xmpp_result_handler handler, void *userdata)
{
    const struct slot_args args = {.user = {userdata, NULL}, .conn = conn};
    xmpp_pending_t *pending = NULL;

    if (!conn || conn->dying)
        return NULL;
    if (result_has_room(conn))
        pending = env_zalloc(&conn->ctx->env, sizeof(*pending));
    if (!pending)
        return NULL;
    action_open(&conn->dispatch.actions, &pending->action, &pending_kind,
                (action_function)handler, ending_time(conn, timeout), &args);
    ending_arm(conn);
    return pending;
}

void xmpp_pending_on_end(xmpp_pending_t *pending,
                         void (*forget)(void *module_data), void *module_data)
{
    if (!pending)
        return;
    pending->forget = forget;
    pending->module_data = module_data;
}

void xmpp_pending_end_with(xmpp_pending_t *pending, const xmpp_result_t *result)
{
    xmpp_conn_t *conn;

    if (!pending || !result)
        return;
    conn = pending->action.slot.conn;
    conn_hold(conn); /* the handler may release it */
    action_retire(&pending->action);
    result_report(&pending->action, result);
    action_free(&pending->action);
    conn_unhold(conn);
}

void xmpp_pending_end(xmpp_pending_t *pending, int status,
                      const xmpp_payload_t *payload, const void *value)
{
    const xmpp_result_t result = {
        .status = status, .value = value, .payload = value ? payload : NULL};

    xmpp_pending_end_with(pending, &result);
}
