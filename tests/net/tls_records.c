/* tls_records.c - records pass together: few calls of the stage below, and what
 * comes behind data. */

#include "net/tls_pair.h"

static struct certmaker certmaker;

/* The socket answers AGAIN once behind a read that it did not fill. */
static ssize_t read_soon(struct tls_pair *b, char *to, size_t n)
{
    ssize_t got = pipe_read(&b->pipe, to, n);

    return got == PIPE_AGAIN ? pipe_read(&b->pipe, to, n) : got;
}

/* A stage that passes all on, and counts. */
static struct counting {
    struct stage stage;
    struct stage_row row;
    int reads, writes;
} counting;

static ssize_t count_read(struct stage *stage, char *to, size_t n)
{
    counting.reads++;
    return stage->below->row->read(stage->below, to, n);
}

static ssize_t count_write(struct stage *stage, const char *from, size_t n)
{
    counting.writes++;
    return stage->below->row->write(stage->below, from, n);
}

/* The pipe does not know this stage, so nothing else of it is called. */
static void count_calls(struct tls_pair *b)
{
    counting = (struct counting){.row = *b->tls->below->row};
    counting.row.read = count_read;
    counting.row.write = count_write;
    counting.stage = (struct stage){&counting.row, b->tls->below, &b->fault};
    b->tls->below = &counting.stage;
}

static void together(void)
{
    struct tls_pair b;
    char bytes[40000] = "";
    struct stage *below;
    ssize_t n;

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "a connection");
    below = b.tls->below;
    count_calls(&b);
    for (int i = 0; i < 4; i++) /* tickets */
        read_soon(&b, bytes, sizeof(bytes));
    for (int i = 0; i < 30; i++)
        gnutls_record_send(b.server, bytes, 366);
    gnutls_bye(b.server, GNUTLS_SHUT_WR);
    counting.reads = 0;
    is_int(read_soon(&b, bytes, sizeof(bytes)), 30 * 366,
           "30 records are read at once");
    is_int(counting.reads, 1, "by one read from below");
    is_int(read_soon(&b, bytes, sizeof(bytes)), PIPE_EOF,
           "the end comes behind them");
    counting.writes = 0;
    n = pipe_write(&b.pipe, bytes, sizeof(bytes));
    is_int(n, sizeof(bytes), "three records are written at once");
    is_int(counting.writes, 1, "by one write below");
    b.tls->below = below;
    tls_pair_close(&b, "together");
}

/* An alert that comes with data ends the connection behind it. */
static void alert_behind(void)
{
    struct tls_pair b;
    char bytes[400] = "";

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "a connection");
    gnutls_record_send(b.server, "xyz", 3);
    gnutls_alert_send(b.server, GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR);
    is_int(read_soon(&b, bytes, sizeof(bytes)), 3, "data before an alert");
    ok(!fault_is_set(&b.fault), "are data");
    ok(pipe_pending(&b.pipe), "something comes behind them");
    is_int(read_soon(&b, bytes, sizeof(bytes)), PIPE_FAIL, "a failure");
    is_int(b.fault.code, XMPP_ETLS, "by the alert");
    tls_pair_close(&b, "alert");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    together();
    alert_behind();
    certmaker_close(&certmaker);
    return done_testing();
}
