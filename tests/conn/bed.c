/* bed.c - a connection under test: what it was told, and its memory. */

#include "conn/bed.h"

#include <time.h>

#define PATIENCE 120 /* seconds; only to end a test that hangs */

/* Lines are looked at to their end, so that a sanitizer sees what they are
 * made of. */
static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    if (strlen(area) == 0 || strlen(line) > 10000000)
        bail("a log line without an end");
}

static const xmpp_log_t log_to_nowhere = {on_line, NULL};

void bed_make(struct bed *bed)
{
    bed_make_log(bed, &log_to_nowhere);
}

void bed_make_secured(struct bed *bed, const char *ca_file)
{
    bed_make(bed);
    xmpp_conn_set_flags(bed->conn, 0);
    xmpp_conn_set_cafile(bed->conn, ca_file);
}

void bed_close_when_up(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(bed->conn);
}

void bed_make_log(struct bed *bed, const xmpp_log_t *log)
{
    *bed = (struct bed){0};
    failmem_init(&bed->memory);
    bed->ctx = xmpp_ctx_new(&bed->memory.mem, log);
    bed->conn = xmpp_conn_new(bed->ctx);
    if (!bed->conn)
        bail("no connection");
    xmpp_conn_set_jid(bed->conn, "example.org");
    xmpp_conn_set_flags(bed->conn, XMPP_CONN_FLAG_DISABLE_TLS);
}

void bed_free(struct bed *bed, const char *what)
{
    if (bed->conn)
        xmpp_conn_release(bed->conn);
    xmpp_ctx_free(bed->ctx);
    is_int(bed->memory.held, 0, "%s: no memory is left", what);
    if (bed->memory.secrets)
        ok(!bed->memory.spilled, "%s: and no secret in it", what);
}

void bed_connect_again(struct bed *bed)
{
    int rc = xmpp_connect_client(bed->conn, "127.0.0.1", peer_port(bed->peer),
                                 bed_handler, bed);

    if (rc)
        printf("# connect: %s\n", xmpp_strerror(rc));
}

void bed_connect(struct bed *bed, const char *const *script)
{
    bed->peer = peer_start(script);
    bed_connect_again(bed);
}

void bed_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                 xmpp_stream_error_t *stream_error, void *userdata)
{
    struct bed *bed = userdata;

    (void)conn;
    if (event == XMPP_CONN_CONNECT)
        bed->ups++;
    if (event == XMPP_CONN_RAW_CONNECT)
        bed->raw_ups++;
    if (event == XMPP_CONN_DISCONNECT) {
        bed->downs++;
        bed->error = error;
        bed->had_stream_error = stream_error != NULL;
        if (stream_error)
            bed->stream_error = stream_error->type;
    }
    if (bed->on_event)
        bed->on_event(bed, event);
}

void bed_until(struct bed *bed, const int *number, int want, const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(bed->ctx, 1000);
    is_int(*number, want, "%s", what);
}

void bed_peer_done(struct bed *bed, const char *what)
{
    const char *wrong = peer_join(bed->peer);

    bed->peer = NULL;
    is_str(wrong, NULL, "%s: the server saw what it expected", what);
}

void bed_failed(struct bed *bed, xmpp_layer_t layer, int code, const char *what)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(bed->conn);

    if (!ok(f != NULL, "%s: there is a failure", what))
        return;
    is_str(xmpp_layer_name(f->layer), xmpp_layer_name(layer), "%s: layer",
           what);
    is_str(xmpp_strerror_name(f->code), xmpp_strerror_name(code), "%s: code",
           what);
    ok(f->message[0] != '\0', "%s: says: %s", what, f->message);
}

static bool squeeze_once(const xmpp_log_t *log, int (*set)(struct bed *bed),
                         unsigned long n)
{
    struct bed bed;
    bool failed;
    int rc;

    if (log)
        bed_make_log(&bed, log);
    else
        bed_make(&bed);
    xmpp_conn_set_jid(bed.conn, "romeo@example.org");
    failmem_arm(&bed.memory, n, 0);
    rc = set(&bed);
    if (rc == 0)
        rc = xmpp_connect_client(bed.conn, "127.0.0.1", 9, bed_handler, &bed);
    failed = bed.memory.failed > 0;
    if (rc != 0 && (rc != XMPP_EMEM || !failed))
        ok(false, "the %lu-th allocation: %s", n, xmpp_strerror_name(rc));
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
    if (bed.memory.held)
        ok(false, "the %lu-th allocation leaves memory behind", n);
    return failed;
}

void bed_squeeze(const xmpp_log_t *log, int (*set)(struct bed *bed))
{
    unsigned long n = 1;

    while (squeeze_once(log, set, n))
        n++;
    ok(n > 10, "%lu allocations failed in turn", n - 1);
}
