/* commander.c - we run the command of tests/live/greeter.py; TAP.
 *
 * usage: commander HOST PORT CA-FILE JID PASSWORD SERVICE */

#include <stdlib.h>
#include <time.h>

#include <xmpp/xep/command.h>
#include <xmpp/xep/disco_query.h>
#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */

static xmpp_ctx_t *ctx;
static int ups, downs, results, status;
static char words[200]; /* nodes of a list, or the condition of an error */

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    (void)userdata;
    ups += event == XMPP_CONN_CONNECT;
    downs += event == XMPP_CONN_DISCONNECT;
}

static void run_until(const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && !downs && time(NULL) < end)
        xmpp_run_once(ctx, 100);
}

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    const xmpp_disco_items_t *items = result->value;

    (void)conn;
    (void)userdata;
    results++;
    status = result->status;
    words[0] = '\0';
    if (result->condition)
        snprintf(words, sizeof(words), "%s", result->condition);
    if (result->payload != &xmpp_disco_items)
        return;
    for (size_t i = 0; i < items->item_count; i++)
        snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s ",
                 items->items[i]->node);
}

/* The stage that it leads to, or NULL. */
static const xmpp_command_stage_t *run(xmpp_command_session_t *session,
                                       int action, xmpp_stanza_t *content)
{
    int before = results;

    if (xmpp_command_send(session, action, content, on_result, NULL) != 0)
        return NULL;
    run_until(&results, before + 1);
    return status == 0 ? xmpp_command_session_get_stage(session) : NULL;
}

static void check_list(xmpp_conn_t *conn, const char *service)
{
    xmpp_command_get_list(conn, service, on_result, NULL);
    run_until(&results, 1);
    is_str(words, "greet ", "the list of commands");
}

static void check_greet(xmpp_conn_t *conn, const char *service)
{
    xmpp_command_session_t *session =
        xmpp_command_session_new(conn, service, "greet");
    const xmpp_command_stage_t *stage =
        run(session, XMPP_COMMAND_EXECUTE, NULL);
    xmpp_stanza_t *answer;

    ok(stage && xmpp_form_get(stage->form, "name"), "a form");
    ok(xmpp_command_session_allows(session, XMPP_COMMAND_NEXT), "may go on");
    answer = xmpp_form_answer(conn, stage ? stage->form : NULL);
    xmpp_form_set(answer, "name", "Juliet");
    stage = run(session, XMPP_COMMAND_NEXT, answer);
    is_str(stage ? xmpp_form_get_text(stage->form, "greeting") : NULL,
           "Hello, Juliet", "the second stage");
    stage = run(session, XMPP_COMMAND_COMPLETE, NULL);
    is_int(stage ? stage->status : 0, XMPP_COMMAND_COMPLETED, "completed");
    is_int(xmpp_command_send(session, XMPP_COMMAND_NEXT, NULL, on_result, NULL),
           XMPP_EINVOP, "it is over");
    xmpp_command_session_release(session);
}

static void check_others(xmpp_conn_t *conn, const char *service)
{
    xmpp_command_session_t *session =
        xmpp_command_session_new(conn, service, "greet");
    const xmpp_command_stage_t *stage;

    ok(run(session, XMPP_COMMAND_EXECUTE, NULL) != NULL, "another session");
    stage = run(session, XMPP_COMMAND_CANCEL, NULL);
    is_int(stage ? stage->status : 0, XMPP_COMMAND_CANCELED, "is cancelled");
    xmpp_command_session_release(session);

    session = xmpp_command_session_new(conn, service, "nothing");
    ok(!run(session, XMPP_COMMAND_EXECUTE, NULL), "no such command");
    is_str(words, "item-not-found", "is an error");
    xmpp_command_session_release(session);
}

int main(int argc, char **argv)
{
    xmpp_conn_t *conn;

    if (argc < 7)
        bail("too few arguments");
    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, argv[4]);
    xmpp_conn_set_pass(conn, argv[5]);
    xmpp_conn_set_cafile(conn, argv[3]);
    xmpp_connect_client(conn, argv[1], (unsigned short)atoi(argv[2]), on_conn,
                        NULL);
    run_until(&ups, 1);
    if (ok(ups == 1, "logged in")) {
        check_list(conn, argv[6]);
        check_greet(conn, argv[6]);
        check_others(conn, argv[6]);
    }
    xmpp_disconnect(conn);
    run_until(&downs, 1);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
