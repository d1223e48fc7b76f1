/* command_serve.c - ad-hoc commands (XEP-0050): offering one's own. */

#include <stdio.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/digest.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/command_serve.h>
#include <xmpp/xep/form_check.h>

struct serve {
    xmpp_dict_t *sessions; /* of struct served, by id; the first is the one that
                            * was used longest ago */
    long most, most_each, seconds; /* the limits */
};

/* A session of somebody with us. One that is over stays for a while, so that
 * its id is answered with session-expired; it then holds little more than its
 * addresses. */
struct served {
    xmpp_ctx_t *ctx;
    xmpp_command_offer_t offer;
    xmpp_jid_t *from, *to; /* who began it, and with which address of ours */
    unsigned long used;    /* when, by xmpp_ctx_now() */
    int is_over;
    int is_busy;         /* its handler is running, and has `memory` */
    int stage, actions;  /* what was shown last, and which actions it allows */
    xmpp_stanza_t *held; /* the tree of `form` */
    const xmpp_form_t *form; /* which it shows, or NULL */
    void *memory;
};

/* One request on its way to its answer. */
struct turn {
    xmpp_command_run_t run;
    xmpp_conn_t *conn;
    const xmpp_inbound_t *in;
    struct serve *serve;
    xmpp_command_offer_t offer;
};

/* ---- sessions ---------------------------------------------------- */

static void served_wipe(xmpp_ctx_t *ctx, const xmpp_command_offer_t *offer,
                        void *memory)
{
    if (memory && offer->command->done)
        offer->command->done(memory, offer->userdata);
    xmpp_free(ctx, memory);
}

static void served_end(struct served *session)
{
    if (session->held)
        xmpp_stanza_release(session->held);
    served_wipe(session->ctx, &session->offer, session->memory);
    session->held = NULL;
    session->form = NULL;
    session->memory = NULL;
    session->is_over = 1;
}

static void served_done(xmpp_ctx_t *ctx, void *record)
{
    struct served *session = record;

    served_end(session);
    xmpp_free(ctx, session->from);
    xmpp_free(ctx, session->to);
}

/* With each request: those that are due end; those that ended long ago go. */
static void sessions_expire(struct serve *serve)
{
    struct served *session = xmpp_dict_next(serve->sessions, NULL), *next;

    for (; session; session = next) {
        unsigned long age = xmpp_ctx_now(session->ctx) - session->used;
        unsigned long periods = age / 1000 / (unsigned long)serve->seconds;

        if (!periods)
            break;
        next = xmpp_dict_next(serve->sessions, session);
        if (periods > 1 && !session->is_busy)
            xmpp_dict_drop(serve->sessions, session);
        else
            served_end(session);
    }
}

static int is_same_jid(const xmpp_jid_t *a, const xmpp_jid_t *b,
                       xmpp_jid_part_t part)
{
    return a && b ? xmpp_jid_equal(a, b, part) : !a && !b;
}

/* Room for one more session: of this bare address, at the cost of its own
 * oldest one; of all, at the cost of one that is over. */
static int sessions_make_room(struct serve *serve, const xmpp_jid_t *from)
{
    struct served *session = NULL, *oldest = NULL, *over = NULL;
    long n = 0;

    while ((session = xmpp_dict_next(serve->sessions, session))) {
        if (session->is_over && !session->is_busy && !over)
            over = session;
        if (session->is_over ||
            !is_same_jid(session->from, from, XMPP_JID_BARE))
            continue;
        n++;
        if (!oldest)
            oldest = session;
    }
    if (n >= serve->most_each) {
        served_end(oldest);
        over = over || oldest->is_busy ? over : oldest;
    }
    if (xmpp_dict_count(serve->sessions) < (size_t)serve->most)
        return 0;
    xmpp_dict_drop(serve->sessions, over);
    return over ? 0 : XMPP_EFULL;
}

static struct served *served_new(const struct turn *turn)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(turn->conn);
    const xmpp_jid_t *from = turn->in->from, *to = turn->in->to;
    size_t size = turn->offer.command->memory_size;
    char *id = xmpp_random_id(ctx);
    struct served *session =
        id ? xmpp_dict_put(turn->serve->sessions, id, (size_t)-1) : NULL;

    xmpp_free(ctx, id);
    if (!session)
        return NULL;
    session->ctx = ctx;
    session->offer = turn->offer;
    session->used = xmpp_ctx_now(ctx);
    session->from = from ? xmpp_jid_copy(ctx, from) : NULL;
    session->to = to ? xmpp_jid_copy(ctx, to) : NULL;
    session->memory = size ? xmpp_zalloc(ctx, size) : NULL;
    if (!session->from != !from || !session->to != !to ||
        !session->memory != !size) {
        xmpp_dict_drop(turn->serve->sessions, session);
        return NULL;
    }
    return session;
}

/* ---- answers ----------------------------------------------------- */

/* Positive: it is sent; else the library sends the error of the code. */
static int turn_send(const struct turn *turn, xmpp_stanza_t *answer)
{
    int status = xmpp_send_take(turn->conn, answer);

    return status == 0 ? 1 : status;
}

static int turn_fail(const struct turn *turn, int code, const char *condition,
                     const char *text)
{
    return turn_send(turn, xmpp_command_make_error(turn->conn, turn->in->stanza,
                                                   code, condition, text));
}

static xmpp_stanza_t *command_answer(const struct turn *turn, const char *id)
{
    return xmpp_command_make_answer(turn->conn, turn->in->stanza,
                                    turn->offer.command->node, id);
}

/* ---- a stage ----------------------------------------------------- */

/* Keep the form that is shown, to check its answer. */
static int served_show(struct served *session, const struct turn *turn)
{
    xmpp_stanza_t *shown = turn->run.shown;
    xmpp_stanza_t *held = shown ? xmpp_stanza_copy(shown) : NULL;
    const xmpp_form_t *form = xmpp_form_read(held);

    if (shown && !form) {
        if (held)
            xmpp_stanza_release(held);
        return XMPP_EMEM;
    }
    if (session->held)
        xmpp_stanza_release(session->held);
    session->held = held;
    session->form = form;
    session->stage = turn->run.stage;
    session->actions = turn->run.actions;
    return 0;
}

/* Call the handler. It may do anything, and so the session is looked up again.
 * NULL if it is over. */
static struct served *turn_call(struct turn *turn, struct served *session,
                                const char *id, int *ret_status)
{
    xmpp_command_offer_t *offer = &turn->offer;

    turn->run.memory = session->memory;
    session->memory = NULL;
    session->is_busy = 1;
    *ret_status = offer->handler(turn->conn, &turn->run, offer->userdata);
    session = xmpp_dict_find(turn->serve->sessions, id, (size_t)-1);
    if (session)
        session->is_busy = 0;
    if (session && !session->is_over) {
        session->memory = turn->run.memory;
        return session;
    }
    served_wipe(xmpp_conn_get_context(turn->conn), offer, turn->run.memory);
    return NULL;
}

/* Send the answer, or the error that the handler wants. The answer is complete
 * before the session goes on to the stage that it shows. */
static int turn_finish(struct turn *turn, struct served *session,
                       xmpp_stanza_t *answer, int status)
{
    int is_open = status == XMPP_COMMAND_EXECUTING;

    if (!is_open && status != XMPP_COMMAND_COMPLETED)
        status = status < 0 ? status : XMPP_EINT;
    xmpp_stanza_put(turn->run.answer, "status",
                    is_open ? "executing" : "completed");
    if (status > 0 && !session) {
        turn->run.condition = "session-expired";
        status = XMPP_EINVOP;
    }
    if (status > 0 && xmpp_stanza_get_status(answer) != 0)
        status = xmpp_stanza_get_status(answer);
    if (status > 0 && is_open && served_show(session, turn) != 0)
        status = XMPP_EMEM;
    if (status > 0 && !is_open)
        served_end(session);
    if (status > 0)
        return turn_send(turn, answer);
    if (answer)
        xmpp_stanza_release(answer);
    return turn_fail(turn, status, turn->run.condition, turn->run.text);
}

/* The request comes again. One that began the session will do so then. */
static int leave_for_later(const struct turn *turn, struct served *session,
                           xmpp_stanza_t *answer)
{
    if (turn->run.action == XMPP_COMMAND_EXECUTE)
        xmpp_dict_drop(turn->serve->sessions, session);
    xmpp_stanza_release(answer);
    return 1;
}

static int turn_step(struct turn *turn, struct served *session, int stage,
                     int action)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(turn->conn);
    char *id = xmpp_copy_text(ctx, xmpp_dict_key(session, NULL));
    xmpp_stanza_t *answer = command_answer(turn, id);
    int status = XMPP_EMEM;

    turn->run.answer = xmpp_stanza_get_children(answer);
    turn->run.stage = stage;
    turn->run.action = action;
    if (id && answer)
        session = turn_call(turn, session, id, &status);
    xmpp_free(ctx, id);
    if (session && status == XMPP_COMMAND_LATER)
        return leave_for_later(turn, session, answer);
    /* A session that did not come to its first stage has none to go back to. */
    if (session && status < 0 && action == XMPP_COMMAND_EXECUTE) {
        xmpp_dict_drop(turn->serve->sessions, session);
        session = NULL;
    }
    return turn_finish(turn, session, answer, status);
}

static int turn_open(struct turn *turn, int action)
{
    struct served *session;

    if (action != XMPP_COMMAND_EXECUTE)
        return turn_fail(turn, XMPP_EARG, "bad-action", NULL);
    if (sessions_make_room(turn->serve, turn->in->from) != 0)
        return XMPP_EFULL;
    session = served_new(turn);
    return session ? turn_step(turn, session, 0, action) : XMPP_EMEM;
}

/* The answer to the form that is shown. A form of type cancel counts as one of
 * type submit (section 3.5.1); one that is not there has no fields. */
static int turn_submit(struct turn *turn, struct served *session, int action)
{
    const xmpp_command_stage_t *request = turn->in->value;
    xmpp_form_fault_t fault = {"", NULL};
    xmpp_form_t answer;
    char text[300];

    XMPP_INIT(xmpp_form, answer);
    if (request->form)
        answer = *request->form;
    answer.type = XMPP_FORM_SUBMIT;
    if (session->form && session->form->type == XMPP_FORM_FORM)
        fault = xmpp_form_check(session->form, &answer);
    if (fault.reason) {
        snprintf(text, sizeof(text), "%s: %s", fault.var, fault.reason);
        return turn_fail(turn, XMPP_EARG, "bad-payload", text);
    }
    turn->run.form = &answer;
    return turn_step(turn, session, session->stage + 1, action);
}

static int turn_cancel(const struct turn *turn, struct served *session)
{
    const char *id = xmpp_dict_key(session, NULL);
    xmpp_stanza_t *answer = command_answer(turn, id);

    xmpp_stanza_put(xmpp_stanza_get_children(answer), "status", "canceled");
    served_end(session);
    return turn_send(turn, answer);
}

static int turn_continue(struct turn *turn, struct served *session, int action)
{
    xmpp_dict_touch(turn->serve->sessions, session);
    session->used = xmpp_ctx_now(session->ctx);
    if (session->is_busy)
        return XMPP_EFULL;
    if (action == XMPP_COMMAND_CANCEL)
        return turn_cancel(turn, session);
    if (action == XMPP_COMMAND_EXECUTE)
        action = xmpp_command_get_usual(session->actions);
    if (!xmpp_command_allows(session->actions, action))
        return turn_fail(turn, XMPP_EARG, "bad-action", NULL);
    if (action == XMPP_COMMAND_PREV)
        return turn_step(turn, session, session->stage - 1, action);
    return turn_submit(turn, session, action);
}

/* The session of this id, if it is theirs: to all others it does not exist. */
static struct served *find_session(const struct turn *turn, const char *id)
{
    struct served *session =
        xmpp_dict_find(turn->serve->sessions, id, (size_t)-1);
    int is_theirs = session && session->offer.command == turn->offer.command &&
                    is_same_jid(session->from, turn->in->from, XMPP_JID_FULL) &&
                    is_same_jid(session->to, turn->in->to, XMPP_JID_FULL);

    return is_theirs ? session : NULL;
}

static int turn_take(struct turn *turn, const xmpp_command_stage_t *request)
{
    int action = request->action;
    struct served *session;

    if (!action && xmpp_stanza_get_attribute(turn->in->element, "action"))
        return turn_fail(turn, XMPP_EARG, "malformed-action", NULL);
    if (!action)
        action = XMPP_COMMAND_EXECUTE;
    if (!request->sessionid)
        return turn_open(turn, action);
    session = find_session(turn, request->sessionid);
    if (!session)
        return turn_fail(turn, XMPP_EARG, "bad-sessionid", NULL);
    if (session->is_over)
        return turn_fail(turn, XMPP_EINVOP, "session-expired", NULL);
    return turn_continue(turn, session, action);
}

static int on_command(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_command_stage_t *request = in->value;
    const xmpp_command_offer_t *offer =
        xmpp_command_get_offer(conn, request->node);
    struct turn turn = {.conn = conn, .in = in, .serve = state};

    sessions_expire(turn.serve);
    if (!offer)
        return XMPP_ENOHOST;
    turn.offer = *offer; /* it may be withdrawn in any call */
    if (!xmpp_command_may_run(conn, &turn.offer, in->from))
        return XMPP_EAUTH;
    turn.run.from = in->from;
    turn.run.to = in->to;
    turn.run.lang = request->lang;
    if (!request->lang)
        turn.run.lang = xmpp_stanza_get_attribute(in->stanza, "xml:lang");
    turn.run.request = in->element;
    turn.run.iq = in->stanza;
    return turn_take(&turn, request);
}

/* ---- the module -------------------------------------------------- */

static int on_serve_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct serve *serve = state;

    if (event == XMPP_ATTACHED)
        serve->sessions = xmpp_dict_new(xmpp_conn_get_context(conn),
                                        sizeof(struct served), 0, served_done);
    if (event == XMPP_SESSION_ENDED)
        xmpp_dict_clear(serve->sessions);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(serve->sessions);
    return serve->sessions ? 0 : XMPP_EMEM;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_command_offer),
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, XMPP_NS_COMMANDS, "command",
                &xmpp_command_stage, on_command),
    XMPP_LIFECYCLE(on_serve_life),
    XMPP_LIMIT("sessions", 100, 1, 100000, offsetof(struct serve, most)),
    XMPP_LIMIT("sessions_each", 5, 1, 100000,
               offsetof(struct serve, most_each)),
    XMPP_LIMIT("seconds", 600, 1, 1000000, offsetof(struct serve, seconds)),
    XMPP_SPEC("XEP-0050", "1.3.0", "complete"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_command_serve, "command_serve", sizeof(struct serve),
            rows);

int xmpp_command_add(xmpp_conn_t *conn, const xmpp_command_t *command,
                     xmpp_command_handler handler, void *userdata)
{
    xmpp_command_offer_t offer = {command, handler, userdata};
    int status = xmpp_conn_use(conn, &xmpp_mod_command_serve);

    return status < 0 ? status : xmpp_command_offer(conn, &offer);
}

void xmpp_command_remove(xmpp_conn_t *conn, const xmpp_command_t *command)
{
    struct serve *serve = xmpp_conn_get_state(conn, &xmpp_mod_command_serve);
    struct served *session = NULL;

    if (!serve)
        return;
    xmpp_command_withdraw(conn, command);
    while ((session = xmpp_dict_next(serve->sessions, session)))
        if (session->offer.command == command && !session->is_over)
            served_end(session);
}
