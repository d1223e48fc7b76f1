/* flow.c - several requests, one after the other, with one result. */

#include <xmpp/error.h>

#include "conn/ending.h"
#include "conn/result.h"
#include "conn/send.h"

/* Something that a step needs later: a text behind this struct, a tree, or the
 * copy of a value. */
struct kept {
    struct kept *next;
    xmpp_stanza_t *tree;
    void *value;
};

/* While it is started it is an action, which ends like all others. `step` is
 * the place of the request under way, whose userdata is the flow.
 *
 * `calls` counts the functions of a step that are on the call stack. If the
 * flow ends meanwhile (it is cancelled, or the connection is released) its
 * memory stays until they have returned. */
struct _xmpp_flow_t {
    struct action action;
    xmpp_conn_t *conn;
    const xmpp_step_t *steps;
    size_t count, step;
    void *memory; /* the steps' own, behind this struct */
    struct kept *kept;
    int lacks;                     /* why something could not be kept, or 0 */
    const xmpp_payload_t *payload; /* of a value of its own, or NULL */
    const void *value;
    unsigned calls;
    bool over;
};

#define OF_ACTION(a) LIST_ENTRY(a, struct _xmpp_flow_t, action)

/* ---- memory ------------------------------------------------------ */

static struct env *flow_env(const xmpp_flow_t *flow)
{
    return &flow->conn->ctx->env;
}

static void release_flow(xmpp_flow_t *flow)
{
    const struct env *env = flow_env(flow);

    while (flow->kept) {
        struct kept *kept = flow->kept;

        flow->kept = kept->next;
        xmpp_stanza_release(kept->tree);
        env_free(env, kept->value);
        env_free(env, kept);
    }
    env_free(env, flow);
}

/* The memory of the steps begins where any type may. */
static size_t flow_size(void)
{
    const size_t unit = sizeof(union {
        long double real;
        void *pointer;
    });

    return (sizeof(xmpp_flow_t) + unit - 1) / unit * unit;
}

xmpp_flow_t *xmpp_flow_new(xmpp_conn_t *conn, const xmpp_step_t *steps,
                           size_t step_count, size_t memory_size,
                           void **ret_memory)
{
    size_t size = flow_size();
    xmpp_flow_t *flow = NULL;

    if (conn && steps && step_count && memory_size <= SIZE_MAX - size)
        flow = env_zalloc(&conn->ctx->env, size + memory_size);
    if (!flow)
        return NULL;
    flow->conn = conn;
    flow->steps = steps;
    flow->count = step_count;
    flow->memory = (char *)flow + size;
    if (ret_memory)
        *ret_memory = flow->memory;
    return flow;
}

xmpp_conn_t *xmpp_flow_get_conn(const xmpp_flow_t *flow)
{
    return flow ? flow->conn : NULL;
}

/* The first reason counts. */
static void flow_lacks(xmpp_flow_t *flow, int code)
{
    if (!flow->lacks)
        flow->lacks = code;
}

static struct kept *keep_room(xmpp_flow_t *flow, size_t more)
{
    struct kept *kept = env_zalloc(flow_env(flow), sizeof(*kept) + more);

    if (!kept) {
        flow_lacks(flow, XMPP_EMEM);
        return NULL;
    }
    kept->next = flow->kept;
    flow->kept = kept;
    return kept;
}

const char *xmpp_flow_keep_text(xmpp_flow_t *flow, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    struct kept *kept = flow && text ? keep_room(flow, size) : NULL;

    return kept ? memcpy(kept + 1, text, size) : NULL;
}

xmpp_stanza_t *xmpp_flow_keep(xmpp_flow_t *flow, xmpp_stanza_t *stanza)
{
    struct kept *kept = flow && stanza ? keep_room(flow, 0) : NULL;

    if (!kept)
        return NULL;
    kept->tree = xmpp_stanza_copy(stanza);
    if (!kept->tree)
        flow_lacks(flow, XMPP_EMEM);
    return kept->tree;
}

void *xmpp_flow_keep_value(xmpp_flow_t *flow, const xmpp_payload_t *payload,
                           const void *value)
{
    struct kept *kept = flow && payload && value ? keep_room(flow, 0) : NULL;

    if (!kept)
        return NULL;
    kept->value = xmpp_payload_copy(flow->conn->ctx, payload, value);
    if (!kept->value) {
        int rc = xmpp_payload_check(flow->conn->ctx, payload, value);

        flow_lacks(flow, rc ? rc : XMPP_EMEM);
    }
    return kept->value;
}

void xmpp_flow_set_value(xmpp_flow_t *flow, const xmpp_payload_t *payload,
                         const void *value)
{
    if (!flow)
        return;
    flow->value = xmpp_flow_keep_value(flow, payload, value);
    flow->payload = flow->value ? payload : NULL;
}

/* ---- its end ----------------------------------------------------- */

static void on_step(const struct asker *asker, xmpp_conn_t *conn, int status,
                    xmpp_stanza_t *reply, void *userdata);

/* Nobody waits for the answer under way. */
static void stop_step(struct action *action)
{
    xmpp_flow_t *flow = OF_ACTION(action);

    actions_cancel(action->actions, (action_function)on_step, flow);
    flow->over = true;
}

static void report_flow(struct action *action, int status, xmpp_stanza_t *reply)
{
    const xmpp_result_t result = result_read(status, reply, NULL);

    stop_step(action);
    result_report(action, &result);
}

static void free_flow(struct action *action)
{
    xmpp_flow_t *flow = OF_ACTION(action);

    if (!flow->calls)
        release_flow(flow);
}

static const struct action_kind flow_kind = {
    .report = report_flow,
    .abandon = stop_step,
    .free = free_flow,
};

/* It was started, and ends by itself. */
static void end_flow(xmpp_flow_t *flow, const xmpp_result_t *last)
{
    xmpp_result_t result = *last;

    if (result.status == 0)
        result.status = flow->lacks;
    if (result.status == 0 && flow->value) {
        result.value = flow->value;
        result.payload = flow->payload;
    } else if (result.status != 0) { /* that of a step may be of another kind */
        result.value = NULL;
        result.payload = NULL;
    }
    flow->over = true;
    action_retire(&flow->action);
    result_report(&flow->action, &result);
    action_free(&flow->action);
}

void xmpp_flow_free(xmpp_flow_t *flow)
{
    if (!flow)
        return;
    if (flow->action.kind)
        action_drop(&flow->action);
    else
        release_flow(flow);
}

/* ---- its steps --------------------------------------------------- */

/* A function of a step has returned: false if the flow is over. */
static bool leave_step(xmpp_flow_t *flow)
{
    flow->calls--;
    if (!flow->over)
        return true;
    if (!flow->calls)
        release_flow(flow);
    return false;
}

/* 0; a code; or 1 if the flow ended meanwhile, so that nothing is left to do.
 * The request has no deadline: the flow has. */
static int send_step(xmpp_flow_t *flow)
{
    const xmpp_step_t *step = &flow->steps[flow->step];
    const struct slot_args args = {.user = {flow, NULL}, .conn = flow->conn};
    const struct asker asker = {(action_function)on_step, on_step,
                                step->payload};
    xmpp_stanza_t *iq;

    flow->calls++;
    iq = step->send(flow, flow->memory);
    if (!leave_step(flow)) {
        xmpp_stanza_release(iq);
        return 1;
    }
    if (!iq || flow->lacks) {
        xmpp_stanza_release(iq);
        return flow->lacks ? flow->lacks : XMPP_EMEM;
    }
    return send_request(flow->conn, iq, ULONG_MAX, &asker, &args);
}

/* Where to go on: a step, or one of XMPP_FLOW_. */
static int next_step(const xmpp_flow_t *flow, int verdict)
{
    if (verdict == XMPP_FLOW_NEXT)
        verdict = (int)flow->step + 1;
    if (verdict >= 0 && (size_t)verdict == flow->count)
        return XMPP_FLOW_DONE;
    return verdict < 0 || (size_t)verdict < flow->count ? verdict
                                                        : XMPP_FLOW_FAIL;
}

static void go_to_step(xmpp_flow_t *flow, int step)
{
    xmpp_result_t result = {0};

    flow->step = (size_t)step;
    result.status = send_step(flow);
    if (result.status < 0)
        end_flow(flow, &result);
}

static void on_step(const struct asker *asker, xmpp_conn_t *conn, int status,
                    xmpp_stanza_t *reply, void *userdata)
{
    xmpp_result_t result = result_read(status, reply, asker->payload);
    xmpp_flow_t *flow = userdata;
    int verdict;

    (void)conn;
    flow->calls++;
    verdict = flow->steps[flow->step].receive(flow, flow->memory, &result);
    if (!leave_step(flow))
        return;
    verdict = next_step(flow, verdict);
    if (verdict >= 0) {
        go_to_step(flow, verdict);
        return;
    }
    if (verdict == XMPP_FLOW_OK)
        result = (xmpp_result_t){.stanza = reply};
    if (verdict == XMPP_FLOW_NONE)
        result = (xmpp_result_t){.status = XMPP_ENOSERVICE};
    if (verdict == XMPP_FLOW_FAIL && result.status == 0)
        result.status = XMPP_EPROTO;
    end_flow(flow, &result);
}

/* ---- its start --------------------------------------------------- */

static int begin_flow(xmpp_flow_t *flow, xmpp_result_handler handler,
                      void *userdata)
{
    xmpp_conn_t *conn = flow->conn;
    const struct slot_args args = {.user = {userdata, NULL}, .conn = conn};

    if (conn->dying)
        return XMPP_EINVOP;
    if (!result_has_room(conn))
        return XMPP_EFULL;
    action_open(
        &conn->dispatch.actions, &flow->action, &flow_kind,
        (action_function)handler,
        ending_time(conn,
                    (unsigned long)conn->options[XMPP_OPT_REQUEST_TIMEOUT]),
        &args);
    ending_arm(conn);
    return send_step(flow);
}

int xmpp_flow_start(xmpp_flow_t *flow, xmpp_result_handler handler,
                    void *userdata)
{
    xmpp_conn_t *conn = flow ? flow->conn : NULL;
    int rc;

    if (!flow)
        return XMPP_EMEM;
    conn_hold(conn); /* sending may call the application */
    rc = begin_flow(flow, handler, userdata);
    if (rc < 0)
        xmpp_flow_free(flow);
    conn_unhold(conn);
    return rc < 0 ? rc : 0;
}
