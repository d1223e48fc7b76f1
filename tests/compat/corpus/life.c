/* life.c - a connection to a peer that follows a script, and what is told. */

#include "life.h"

#include <time.h>

#define PATIENCE 20000 /* milliseconds; only to end a program that hangs */

static long now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Only what goes over the wire: that much of the log is API. */
static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *msg)
{
    struct life *life = userdata;
    char what[64];

    if (!life->logs ||
        (strncmp(msg, "SENT: ", 6) != 0 && strncmp(msg, "RECV: ", 6) != 0))
        return;
    snprintf(what, sizeof(what), "%s %d %.4s", area, (int)level, msg);
    show_xml(what, msg + 6);
}

void life_make(struct life *life)
{
    static xmpp_log_t log;

    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(life, 0, sizeof(*life));
    log.handler = on_log;
    log.userdata = life;
    life->ctx = xmpp_ctx_new(&show_mem, &log);
    life->conn = xmpp_conn_new(life->ctx);
    xmpp_conn_set_jid(life->conn, "example.org");
    show_int("flags",
             xmpp_conn_set_flags(life->conn, (long)XMPP_CONN_FLAG_DISABLE_TLS));
}

static const char *const names[] = {"CONNECT", "RAW_CONNECT", "DISCONNECT",
                                    "FAIL"};

void life_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                  xmpp_stream_error_t *stream_error, void *userdata)
{
    struct life *life = userdata;

    printf("%s, error %d, %s\n", names[event], error,
           conn == life->conn ? "our connection" : "another connection");
    if (stream_error) {
        printf("stream error %d, text %s\n", (int)stream_error->type,
               stream_error->text ? stream_error->text : "(null)");
        show_str("in the stanza",
                 stream_error->stanza
                     ? xmpp_stanza_get_name(stream_error->stanza)
                     : NULL);
    }
    life->ups += event == XMPP_CONN_CONNECT;
    life->raw_ups += event == XMPP_CONN_RAW_CONNECT;
    life->downs += event == XMPP_CONN_DISCONNECT;
    if (life->on_event)
        life->on_event(life, event);
}

int life_connect_again(struct life *life)
{
    return xmpp_connect_client(life->conn, "127.0.0.1",
                               fake_server_port(life->peer), life_handler,
                               life);
}

void life_connect(struct life *life, const char *const *script)
{
    life->peer = fake_server_start(script);
    show_int("connect", life_connect_again(life));
}

void life_connect_raw(struct life *life, const char *const *script)
{
    life->peer = fake_server_start(script);
    show_int("connect raw", xmpp_connect_raw(life->conn, "127.0.0.1",
                                             fake_server_port(life->peer),
                                             life_handler, life));
}

void life_until(struct life *life, const int *number, int want)
{
    long end = now() + PATIENCE;

    while (*number < want && now() < end)
        xmpp_run_once(life->ctx, 10);
    if (*number < want)
        printf("waited in vain\n");
}

void life_pass(struct life *life, int milliseconds)
{
    long end = now() + milliseconds;

    while (now() < end)
        xmpp_run_once(life->ctx, 5);
}

void life_peer(struct life *life)
{
    const char *wrong = fake_server_join(life->peer);

    show_str("the peer", wrong ? wrong : "is content");
    life->peer = NULL;
}

void life_free(struct life *life)
{
    show_int("released", xmpp_conn_release(life->conn));
    xmpp_ctx_free(life->ctx);
}
