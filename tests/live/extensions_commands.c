/* extensions_commands.c - ad-hoc commands: ours, and those of the
 * counterpart. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_COMMAND_SERVE
#include <xmpp/xep/command_serve.h>

/* ---- ours -------------------------------------------------------- */

/* The lamp is slow: its answer comes later. */
static xmpp_stanza_t *waiting;

static void on_lamp(xmpp_conn_t *conn, void *userdata)
{
    (void)userdata;
    xmpp_inbound_again(conn, waiting);
    xmpp_stanza_release(waiting);
    waiting = NULL;
}

static int wait_for_lamp(xmpp_conn_t *conn, xmpp_command_run_t *run)
{
    int rc = xmpp_slot_add_timeout(conn, on_lamp, 100, NULL, NULL, NULL);

    waiting = rc ? NULL : xmpp_stanza_clone(run->iq);
    return rc ? rc : XMPP_COMMAND_LATER;
}

static int on_switch(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    struct us *us = userdata;
    xmpp_stanza_t *form;

    if (run->stage == 0) {
        form = xmpp_form_new(conn, XMPP_FORM_FORM, "The lamp");
        xmpp_form_require(
            xmpp_form_add_field(form, XMPP_FIELD_BOOLEAN, "on", "On?"));
        return xmpp_command_put_form(run, form, 0);
    }
    if (!waiting)
        return wait_for_lamp(conn, run);
    us->lamp = xmpp_form_get_bool(run->form, "on", 0);
    xmpp_command_add_note(run, XMPP_NOTE_INFO, us->lamp ? "on" : "off");
    return XMPP_COMMAND_COMPLETED;
}

static int nobody(xmpp_conn_t *conn, const xmpp_jid_t *from, void *userdata)
{
    (void)conn;
    (void)from;
    (void)userdata;
    return 0;
}

static const xmpp_command_t lamp = {
    sizeof(lamp), "switch", "Switch the lamp", XMPP_SENDER_ANYONE, NULL, 0,
    NULL};
static const xmpp_command_t secret = {
    sizeof(secret), "secret", "A secret", XMPP_SENDER_ANYONE, nobody, 0, NULL};

static void offers(struct us *us)
{
    is_int(xmpp_command_add(us->conn, &lamp, on_switch, us), 0,
           "we offer a command");
    is_int(xmpp_command_add(us->conn, &secret, on_switch, us), 0,
           "and one for nobody");
    is_str(us_order(us, "commands"), "switch",
           "the counterpart sees the first");
    is_str(us_order(us, "command switch on=1"), "completed on", "and runs it");
    is_int(us->lamp, 1, "the lamp is on");
    is_str(us_order(us, "command switch on=0"), "completed off", "once more");
    is_int(us->lamp, 0, "the lamp is off");
    ok(strncmp(us_order(us, "command secret"), "error ", 6) == 0,
       "the second is not for it: %s", us->answer);
    ok(strncmp(us_order(us, "command nothing"), "error ", 6) == 0,
       "a third does not exist: %s", us->answer);
    ok(strncmp(us_order(us, "command switch off=1"), "error ", 6) == 0,
       "a form that is not filled in is refused: %s", us->answer);
}

/* ---- those of the counterpart ------------------------------------ */

static void runs(struct us *us)
{
    xmpp_command_session_t *session =
        xmpp_command_session_new(us->conn, us->peer, "greet");
    const xmpp_command_stage_t *stage;
    struct outcome o = {0};
    xmpp_stanza_t *answer;

    us_ends(us, &o, xmpp_command_get_list(us->conn, us->peer, on_outcome, &o),
            0, "node: \"greet\"", "its commands are listed");
    us_ends(
        us, &o,
        xmpp_command_send(session, XMPP_COMMAND_EXECUTE, NULL, on_outcome, &o),
        0, "status: executing", "one is begun");
    stage = xmpp_command_session_get_stage(session);
    if (!ok(stage && xmpp_form_get(stage->form, "whom"), "and shows a form"))
        return;
    answer = xmpp_form_answer(us->conn, stage->form);
    xmpp_form_set(answer, "whom", "Romeo");
    us_ends(us, &o,
            xmpp_command_send(session, XMPP_COMMAND_COMPLETE, answer,
                              on_outcome, &o),
            0, "Hello, Romeo!", "which is filled in");
    is_int(
        xmpp_command_send(session, XMPP_COMMAND_COMPLETE, NULL, on_outcome, &o),
        XMPP_EINVOP, "the command is over");
    xmpp_command_session_release(session);
    session = xmpp_command_session_new(us->conn, us->peer, "nothing");
    us_ends(
        us, &o,
        xmpp_command_send(session, XMPP_COMMAND_EXECUTE, NULL, on_outcome, &o),
        XMPP_ESTANZA, NULL, "another does not exist");
    xmpp_command_session_release(session);
}
#endif

void test_commands(struct us *us)
{
#ifdef XMPP_HAVE_COMMAND_SERVE
    offers(us);
    runs(us);
#endif
    (void)us;
}
