/* command.c - ad-hoc commands (XEP-0050): running those of others. */

#include <xmpp/xep/command.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/list.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/disco_query.h>

struct _xmpp_command_session_t {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn; /* NULL: it has been released */
    xmpp_list_t link;  /* of the sessions of the connection */
    long number;       /* a flow in progress finds its session by it */
    char *to, *node;
    xmpp_stanza_t *answer; /* held: `stage` lives in it */
    const xmpp_command_stage_t *stage;
};

struct commands {
    xmpp_list_t sessions;
    long numbers;
};

/* The one behind `session`, or the first. */
static xmpp_command_session_t *
session_next(const struct commands *commands,
             const xmpp_command_session_t *session)
{
    xmpp_list_t *link =
        xmpp_list_next(&commands->sessions, session ? &session->link : NULL);

    return link ? XMPP_LIST_ENTRY(link, xmpp_command_session_t, link) : NULL;
}

/* ---- payloads ---------------------------------------------------- */

/* The enums are the places in these, from 1. */
static const char *const actions[] = {"cancel", "complete", "execute",
                                      "next",   "prev",     NULL};
static const char *const statuses[] = {"canceled", "completed", "executing",
                                       NULL};
static const char *const note_types[] = {"error", "info", "warn", NULL};

static const xmpp_field_t note_fields[] = {
    XMPP_ATTR_ENUM(xmpp_command_note_t, type, "type", note_types),
    XMPP_TEXT(xmpp_command_note_t, text, TEXT),
};
static XMPP_PAYLOAD(command_note, xmpp_command_note_t, "note", XMPP_NS_COMMANDS,
                    note_fields);

static const xmpp_field_t actions_fields[] = {
    XMPP_ATTR_ENUM(xmpp_command_actions_t, execute, "execute", actions),
    XMPP_FLAG(xmpp_command_actions_t, prev, "prev"),
    XMPP_FLAG(xmpp_command_actions_t, next, "next"),
    XMPP_FLAG(xmpp_command_actions_t, complete, "complete"),
};
static XMPP_PAYLOAD(command_actions, xmpp_command_actions_t, "actions",
                    XMPP_NS_COMMANDS, actions_fields);

static const xmpp_field_t stage_fields[] = {
    XMPP_ATTR_MUST(xmpp_command_stage_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_command_stage_t, sessionid, TEXT, "sessionid"),
    XMPP_ATTR_ENUM(xmpp_command_stage_t, action, "action", actions),
    XMPP_ATTR_ENUM(xmpp_command_stage_t, status, "status", statuses),
    XMPP_ATTR(xmpp_command_stage_t, lang, TEXT, "xml:lang"),
    XMPP_ELEMENT(xmpp_command_stage_t, actions, &command_actions),
    XMPP_ELEMENTS(xmpp_command_stage_t, notes, note_count, &command_note),
    XMPP_ELEMENT(xmpp_command_stage_t, form, &xmpp_form),
    XMPP_SELF(xmpp_command_stage_t, element),
};
XMPP_PAYLOAD(xmpp_command_stage, xmpp_command_stage_t, "command",
             XMPP_NS_COMMANDS, stage_fields);

/* ---- the module -------------------------------------------------- */

static int on_command_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                           void *state)
{
    struct commands *commands = state;
    xmpp_command_session_t *session;

    (void)conn;
    while (event == XMPP_DETACHED && (session = session_next(commands, NULL))) {
        session->conn = NULL;
        xmpp_list_remove(&session->link);
    }
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_LIFECYCLE(on_command_life),
    XMPP_SPEC("XEP-0050", "1.3.0", "complete"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_command, "command", sizeof(struct commands), rows);

int xmpp_command_get_list(xmpp_conn_t *conn, const char *to,
                          xmpp_result_handler handler, void *userdata)
{
    return xmpp_disco_get_items(conn, to, XMPP_NS_COMMANDS, NULL, handler,
                                userdata);
}

/* ---- sessions ---------------------------------------------------- */

static void handle_free(xmpp_command_session_t *session)
{
    if (session->answer)
        xmpp_stanza_release(session->answer);
    xmpp_free(session->ctx, session->to);
    xmpp_free(session->ctx, session->node);
    xmpp_free(session->ctx, session);
}

static xmpp_command_session_t *session_find(xmpp_conn_t *conn, long number)
{
    struct commands *commands = xmpp_conn_get_state(conn, &xmpp_mod_command);
    xmpp_command_session_t *session = NULL;

    while (commands && (session = session_next(commands, session)))
        if (session->number == number)
            return session;
    return NULL;
}

xmpp_command_session_t *
xmpp_command_session_new(xmpp_conn_t *conn, const char *to, const char *node)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_command_session_t *session;
    struct commands *commands;

    if (!node || xmpp_conn_use(conn, &xmpp_mod_command) < 0)
        return NULL;
    session = xmpp_zalloc(ctx, sizeof(*session));
    if (!session)
        return NULL;
    session->ctx = ctx;
    session->conn = conn;
    session->to = xmpp_copy_text(ctx, to);
    session->node = xmpp_copy_text(ctx, node);
    if (!session->node || (to && !session->to)) {
        handle_free(session);
        return NULL;
    }
    commands = xmpp_conn_get_state(conn, &xmpp_mod_command);
    session->number = ++commands->numbers;
    xmpp_list_prepend(&commands->sessions, &session->link);
    return session;
}

const xmpp_command_stage_t *
xmpp_command_session_get_stage(const xmpp_command_session_t *session)
{
    return session ? session->stage : NULL;
}

/* Without an id there is nothing to go on with. */
static int stage_is_open(const xmpp_command_stage_t *stage)
{
    return stage->status == XMPP_COMMAND_EXECUTING && stage->sessionid;
}

int xmpp_command_session_allows(const xmpp_command_session_t *session,
                                int action)
{
    const xmpp_command_stage_t *stage = xmpp_command_session_get_stage(session);

    if (!session || !stage)
        return session && action == XMPP_COMMAND_EXECUTE;
    if (!stage_is_open(stage))
        return 0;
    switch (action) {
    case XMPP_COMMAND_CANCEL:
    case XMPP_COMMAND_EXECUTE:
        return 1;
    case XMPP_COMMAND_COMPLETE:
        return !stage->actions || stage->actions->complete;
    case XMPP_COMMAND_NEXT:
        return stage->actions && stage->actions->next;
    case XMPP_COMMAND_PREV:
        return stage->actions && stage->actions->prev;
    default:
        return 0;
    }
}

/* ---- requests ---------------------------------------------------- */

/* A flow of one step, so that it is cancelled like any action, and the session
 * still sees the answer first. */
struct running {
    xmpp_stanza_t *iq; /* the flow's */
    long number;
};

static xmpp_stanza_t *command_iq(xmpp_conn_t *conn, const char *to,
                                 const char *node, const char *sessionid,
                                 int action)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", to);
    xmpp_stanza_t *command =
        xmpp_stanza_add_tag(iq, "command", XMPP_NS_COMMANDS);

    xmpp_stanza_put(command, "node", node);
    xmpp_stanza_put(command, "sessionid", sessionid);
    xmpp_stanza_put(command, "action", actions[action - 1]);
    return iq;
}

/* Nobody waits for the answer. */
static void command_cancel(xmpp_conn_t *conn, const char *to,
                           const xmpp_command_stage_t *stage)
{
    if (stage_is_open(stage))
        xmpp_request(conn,
                     command_iq(conn, to, stage->node, stage->sessionid,
                                XMPP_COMMAND_CANCEL),
                     NULL, NULL, NULL);
}

static xmpp_stanza_t *running_send(xmpp_flow_t *flow, void *memory)
{
    struct running *running = memory;

    (void)flow;
    return xmpp_stanza_copy(running->iq);
}

/* Two that execute the command at once make the service begin it twice. */
static int is_second(const xmpp_command_session_t *session,
                     const xmpp_command_stage_t *stage)
{
    return session->stage && stage_is_open(session->stage) &&
           stage_is_open(stage) &&
           strcmp(session->stage->sessionid, stage->sessionid) != 0;
}

static int running_receive(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct running *running = memory;
    xmpp_command_session_t *session = session_find(conn, running->number);

    if (result->status != 0)
        return XMPP_FLOW_DONE;
    if (!session /* released meanwhile */ ||
        is_second(session, result->value)) {
        command_cancel(conn, xmpp_stanza_get_from(result->stanza),
                       result->value);
        return XMPP_FLOW_DONE;
    }
    if (session->answer)
        xmpp_stanza_release(session->answer);
    session->answer = xmpp_stanza_clone(result->stanza);
    session->stage = result->value;
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t steps[] = {
    {"command", running_send, running_receive, &xmpp_command_stage},
};

static int session_start(xmpp_command_session_t *session, xmpp_stanza_t *iq,
                         xmpp_result_handler handler, void *userdata)
{
    void *memory;
    struct running *running;
    xmpp_flow_t *flow =
        xmpp_flow_new(session->conn, steps, 1, sizeof(*running), &memory);

    if (!flow)
        return XMPP_EMEM;
    running = memory;
    running->number = session->number;
    running->iq = xmpp_flow_keep(flow, iq);
    return xmpp_flow_start(flow, handler, userdata);
}

static const char *action_name(int action)
{
    return action >= XMPP_COMMAND_CANCEL && action <= XMPP_COMMAND_PREV
               ? actions[action - XMPP_COMMAND_CANCEL]
               : "";
}

static int session_refusal(const xmpp_command_session_t *session, int action)
{
    xmpp_conn_t *conn = session ? session->conn : NULL;

    if (!conn || (session->stage && !stage_is_open(session->stage)))
        return xmpp_conn_fail(conn, NULL, XMPP_EINVOP,
                              "the command \"%s\" is over: create another "
                              "session for it",
                              session ? session->node : "");
    if (xmpp_command_session_allows(session, action))
        return 0;
    return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                          "the action \"%s\" is not possible at this stage of "
                          "the command \"%s\": see "
                          "xmpp_command_session_allows()",
                          action_name(action), session->node);
}

int xmpp_command_send(xmpp_command_session_t *session, int action,
                      xmpp_stanza_t *content, xmpp_result_handler handler,
                      void *userdata)
{
    int status = session_refusal(session, action);
    xmpp_stanza_t *iq = NULL;

    if (status == 0) {
        const xmpp_command_stage_t *stage = session->stage;

        iq = command_iq(session->conn, session->to, session->node,
                        stage ? stage->sessionid : NULL, action);
        status = xmpp_stanza_get_status(iq);
        if (status == 0 && content)
            status =
                xmpp_stanza_add_child(xmpp_stanza_get_children(iq), content);
        if (status == 0)
            status = xmpp_stanza_get_status(iq);
    }
    if (status == 0)
        status = session_start(session, iq, handler, userdata);
    if (iq)
        xmpp_stanza_release(iq);
    if (content)
        xmpp_stanza_release(content);
    return status;
}

void xmpp_command_session_release(xmpp_command_session_t *session)
{
    if (!session)
        return;
    if (session->conn) {
        xmpp_list_remove(&session->link);
        if (session->stage)
            command_cancel(session->conn, session->to, session->stage);
    }
    handle_free(session);
}
