/* comeback.c - a connection that comes back by itself, and what its application
 * heard. */

#include "conn/comeback.h"

enum lots lots;
static uint64_t lot_state = 1;

bool __real_crypt_random(void *out, size_t n);
bool __wrap_crypt_random(void *out, size_t n);

/* Of the lots that it takes, and nothing else, each has eight bytes. */
bool __wrap_crypt_random(void *out, size_t n)
{
    uint64_t number = 0;

    if (n != sizeof(number))
        return __real_crypt_random(out, n);
    if (lots == LONGEST)
        return false;
    if (lots == REAL)
        /* Knuth's MMIX; the upper bits are good */
        number = (lot_state = lot_state * 6364136223846793005u +
                              1442695040888963407u) >>
                 16;
    memcpy(out, &number, sizeof(number));
    return true;
}

uint64_t comeback_now(const struct comeback *d)
{
    return poll_now(d->testbed.ctx->poll);
}

void comeback_on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                       xmpp_stream_error_t *stream_error, void *userdata)
{
    struct comeback *d = userdata;
    const xmpp_reconnect_t *next = xmpp_conn_get_reconnect(conn);

    d->late += d->lasts > 0;
    if (event == XMPP_CONN_DISCONNECT) {
        d->lasts += !next;
        d->attempt = next ? next->attempt : 0;
        d->wait = next ? next->wait : 0;
        d->down_at = comeback_now(d);
    }
    testbed_handler(conn, event, error, stream_error, &d->testbed);
    if (d->act)
        d->act(d, event);
}

static struct memory *refuse_caller(struct memory_host *host, const char *name,
                                    unsigned port)
{
    (void)host;
    (void)name;
    (void)port;
    return NULL;
}

void comeback_begin(struct comeback *d, const char *const *script)
{
    *d = (struct comeback){.nobody.accept = refuse_caller};
    testbed_make_virtual(&d->testbed);
    xmpp_conn_set_option(d->testbed.conn, XMPP_OPT_RECONNECT, 1);
    if (script) {
        testbed_serve(&d->testbed, script);
    } else {
        d->testbed.ctx->memory = &d->nobody;
        poll_stop_clock(d->testbed.ctx->poll, 100000);
    }
}

void comeback_connect(struct comeback *d)
{
    is_int(xmpp_connect_client(d->testbed.conn, "127.0.0.1", 5222,
                               comeback_on_event, d),
           0, "connect");
}

void comeback_end(struct comeback *d, const char *what)
{
    is_int(d->late, 0, "%s: nothing comes after the last event", what);
    d->testbed.ctx->memory = NULL;
    testbed_free(&d->testbed, what);
}

void comeback_until_down(struct comeback *d, int n)
{
    testbed_until(&d->testbed, &d->testbed.downs, n, "down");
}

void comeback_pass(struct comeback *d, uint64_t ms)
{
    uint64_t end = comeback_now(d) + ms;

    while (comeback_now(d) < end)
        xmpp_run_once(d->testbed.ctx, (unsigned long)(end - comeback_now(d)));
}
