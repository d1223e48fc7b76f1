/* tls_bytes.c - bytes between GnuTLS and the stage below. */

#include <errno.h>
#include <string.h>

#include "net/tls_inside.h"

/* ---- in ---------------------------------------------------------- */

void tls_open_input(struct tls *tls, char *room)
{
    tls->input = (struct tls_input){.bytes = room};
    tls->has_read = false;
}

/* Something is left only if the caller had no room for what it contains, or
 * too many messages came without data. */
void tls_close_input(struct tls *tls)
{
    struct tls_input *in = &tls->input;

    if (in->end > in->start)
        buf_put(&tls->rest, in->bytes + in->start, in->end - in->start);
    tls->lost = tls->lost || tls->rest.failed;
    *in = (struct tls_input){0};
    buf_trim(&tls->rest);
}

/* A positive number of bytes, or the result of the stage below. */
static ssize_t fill_input(struct tls *tls)
{
    struct stage *below = tls->stage.below;
    struct tls_input *in = &tls->input;
    ssize_t got = PIPE_AGAIN;

    if (in->bytes && !tls->has_read)
        got = below->row->read(below, in->bytes, TLS_INPUT);
    if (got <= 0)
        return got;
    in->start = 0;
    in->end = (size_t)got;
    if (!tls->first)
        tls->first = in->bytes[0];
    return got;
}

static size_t take_input(struct tls *tls, char *to, size_t n)
{
    struct tls_input *in = &tls->input;
    struct str have = buf_view(&tls->rest);
    bool is_rest = have.n > 0;

    if (!is_rest)
        have = str_n(in->bytes + in->start, in->end - in->start);
    if (n > have.n)
        n = have.n;
    memcpy(to, have.s, n);
    if (is_rest)
        buf_consume(&tls->rest, n);
    else
        in->start += n;
    return n;
}

static ssize_t pull(gnutls_transport_ptr_t at, void *to, size_t n)
{
    struct tls *tls = at;
    ssize_t got = tls_has_input(tls) ? 1 : fill_input(tls);

    if (got > 0)
        return (ssize_t)take_input(tls, to, n);
    if (got == PIPE_EOF)
        return 0;
    tls->lost = tls->lost || got != PIPE_AGAIN;
    gnutls_transport_set_errno(tls->session, got == PIPE_AGAIN ? EAGAIN : EIO);
    return -1;
}

static int pull_timeout(gnutls_transport_ptr_t at, unsigned ms)
{
    (void)ms;
    return tls_has_input(at);
}

/* ---- out --------------------------------------------------------- */

/* Pass it on; what is not taken is kept in `out`, so that GnuTLS never has to
 * repeat a write. */
static ssize_t push_bytes(gnutls_transport_ptr_t at, const void *from, size_t n)
{
    struct tls *tls = at;
    struct stage *below = tls->stage.below;
    ssize_t taken = 0;

    if (!tls->gathers && buf_size(&tls->out) == 0)
        taken = below->row->write(below, from, n);
    if (taken == PIPE_AGAIN)
        taken = 0;
    if (taken >= 0)
        buf_put(&tls->out, (const char *)from + taken, n - (size_t)taken);
    if (taken < 0 || tls->out.failed) {
        tls->lost = true;
        gnutls_transport_set_errno(tls->session, taken < 0 ? EIO : ENOMEM);
        return -1;
    }
    return (ssize_t)n;
}

int tls_send_out(struct tls *tls)
{
    int rc = pipe_send_below(&tls->stage, &tls->out);

    if (rc == 0)
        buf_trim(&tls->out);
    return rc;
}

/* ---- both -------------------------------------------------------- */

void tls_carry(struct tls *tls)
{
    gnutls_session_t s = tls->session;

    gnutls_transport_set_ptr(s, tls);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, pull_timeout);
    gnutls_transport_set_push_function(s, push_bytes);
}
