/* extensions_testbed.c - us and the counterpart: logging in, giving orders,
 * waiting. */

#include "live/extensions.h"

#include <stdarg.h>
#include <time.h>

#define PATIENCE 30 /* seconds, only to end a test that hangs */

/* ---- what comes in ----------------------------------------------- */

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *failure = xmpp_conn_get_failure(conn);
    struct us *us = userdata;

    (void)error;
    (void)stream_error;
    us->up += event == XMPP_CONN_CONNECT;
    us->down += event == XMPP_CONN_DISCONNECT;
    if (event == XMPP_CONN_DISCONNECT && failure)
        printf("# %s\n", failure->message);
}

/* "done WORD RESULT" from the counterpart. */
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *body = xmpp_stanza_get_child_text(stanza, "body", NULL);
    struct us *us = userdata;

    (void)conn;
    if (!body)
        return 1;
    if (strncmp(body, "done ", 5) == 0) {
        const char *result = strchr(body + 5, ' ');

        snprintf(us->answer, sizeof(us->answer), "%s",
                 result ? result + 1 : "");
        us->answers++;
        return 1;
    }
    snprintf(us->text, sizeof(us->text), "%s", body);
    us->messages++;
    return 1;
}

void on_outcome(xmpp_conn_t *conn, const xmpp_result_t *result, void *userdata)
{
    struct outcome *o = userdata;

    (void)conn;
    o->ended++;
    o->status = result->status;
    snprintf(o->condition, sizeof(o->condition), "%s",
             result->condition ? result->condition : "");
    if (result->value)
        xmpp_payload_print(result->payload, result->value, o->value,
                           sizeof(o->value));
}

/* ---- waiting ----------------------------------------------------- */

/* True if it came to that. */
static bool us_awaits(struct us *us, const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(us->ctx, 200);
    return *number >= want;
}

void us_await(struct us *us, const int *number, int want, const char *what)
{
    ok(us_awaits(us, number, want), "%s", what);
}

void us_ends(struct us *us, struct outcome *o, int begun, int status,
             const char *part, const char *what)
{
    if (begun == 0)
        us_awaits(us, &o->ended, 1);
    if (!ok(begun == 0 && o->ended == 1 && o->status == status &&
                (!part || strstr(o->value, part)),
            "%s", what))
        printf("#  begun %d, ended %d, status %d %s, value %s\n", begun,
               o->ended, o->status, o->condition, o->value);
    memset(o, 0, sizeof(*o));
}

/* ---- orders ------------------------------------------------------ */

static void order(struct us *us, const char *words)
{
    xmpp_stanza_t *message = xmpp_message_new(us->ctx, "chat", us->peer, NULL);
    char body[1024];
    int before = us->answers;

    snprintf(body, sizeof(body), "do %s", words);
    xmpp_message_set_body(message, body);
    strcpy(us->answer, "nothing");
    if (xmpp_send_take(us->conn, message) == 0)
        us_awaits(us, &us->answers, before + 1);
}

const char *us_order(struct us *us, const char *words, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, words);
    vsnprintf(text, sizeof(text), words, ap);
    va_end(ap);
    order(us, text);
    return us->answer;
}

/* What is to be seen may be on its way yet. */
void us_order_until(struct us *us, const char *want, const char *words)
{
    time_t end = time(NULL) + PATIENCE;

    do {
        order(us, words);
        if (strstr(us->answer, want))
            break;
        xmpp_run_once(us->ctx, 200);
    } while (time(NULL) < end);
    if (!ok(strstr(us->answer, want) != NULL, "%s: %s", words, want))
        printf("#  got %s\n", us->answer);
}

/* ---- logging in -------------------------------------------------- */

void us_begin(struct us *us, char **argv, const char *resource,
              void (*use)(struct us *us))
{
    char jid[256];

    snprintf(jid, sizeof(jid), "%s/%s", us->bare, resource);
    us->conn = xmpp_conn_new(us->ctx);
    xmpp_conn_set_jid(us->conn, jid);
    xmpp_conn_set_pass(us->conn, argv[4]);
    xmpp_conn_set_cafile(us->conn, argv[2]);
    xmpp_handler_add(us->conn, on_message, NULL, "message", NULL, us);
    use(us);
    is_int(xmpp_connect_client(us->conn, "127.0.0.1",
                               (unsigned short)atoi(argv[1]), on_conn, us),
           0, "%s connects", jid);
    us_await(us, &us->up, 1, "and is logged in");
}

void us_end(struct us *us)
{
    xmpp_disconnect(us->conn);
    us_await(us, &us->down, 1, "the session ends");
    ok(!xmpp_conn_get_failure(us->conn), "without a failure");
    xmpp_conn_release(us->conn);
}
