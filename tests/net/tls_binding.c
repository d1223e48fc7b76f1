/* tls_binding.c - channel binding data (RFC 9266, RFC 5929) as both ends of a
 * TLS see them: the same, and another with each channel. */

#include <gnutls/crypto.h>

#include "net/tls_pair.h"
#include "net/tls_binding.h"

#define MOST 64

static struct certmaker certmaker;

static void open_both(struct tls_pair *b, const char *priority)
{
    tls_pair_init(b, &certmaker);
    b->priority = priority;
    tls_pair_open(b, &certmaker);
    is_int(tls_pair_shake(b), 0, "%s: a channel %s", priority, b->fault.detail);
}

static void close_both(struct tls_pair *b)
{
    tls_pair_close(b, "binding");
}

/* What the server has; 0 if it has not. */
static size_t of_server(struct tls_pair *b, gnutls_channel_binding_t type,
                        unsigned char *out)
{
    gnutls_datum_t data = {NULL, 0};
    size_t n;

    if (gnutls_session_channel_binding(b->server, type, &data))
        return 0;
    n = data.size;
    memcpy(out, data.data, n);
    gnutls_free(data.data);
    return n;
}

static void same(struct tls_pair *b, const char *name,
                 gnutls_channel_binding_t type, size_t want)
{
    unsigned char ours[MOST] = {0}, theirs[MOST] = {1};
    size_t n = tls_binding_data(b->pipe.top, name, ours, MOST);

    is_int(n, want, "  %s has %zu bytes", name, want);
    if (want)
        is_mem(ours, n, theirs, of_server(b, type, theirs),
               "  the same on both ends");
    if (want)
        is_int(tls_binding_data(b->pipe.top, name, ours, want - 1), 0,
               "  which need their room");
}

/* RFC 5705 says how an exporter is made; RFC 9266 which one is meant. */
static void as_defined(struct tls_pair *b)
{
    unsigned char ours[MOST], made[32];

    tls_binding_data(b->pipe.top, "tls-exporter", ours, MOST);
    gnutls_prf_rfc5705(b->server, 24, "EXPORTER-Channel-Binding", 0, "", 32,
                       (char *)made);
    ok(memcmp(ours, made, 32) == 0, "  the exporter is that of RFC 9266");
}

/* RFC 5929 section 4.1: the hash of the certificate, by the hash of its
 * signature. */
static void is_hash(struct tls_pair *b)
{
    unsigned char ours[MOST], made[32];
    gnutls_datum_t cert;

    tls_binding_data(b->pipe.top, "tls-server-end-point", ours, MOST);
    if (gnutls_certificate_get_crt_raw(b->credentials, 0, 0, &cert) ||
        gnutls_hash_fast(GNUTLS_DIG_SHA256, cert.data, cert.size, made))
        bail("no certificate");
    ok(memcmp(ours, made, 32) == 0,
       "  the end point is the certificate's SHA-256");
}

static void newest(void)
{
    unsigned char one[MOST], two[MOST];
    struct tls_pair b;

    open_both(&b, "NORMAL:-VERS-ALL:+VERS-TLS1.3");
    is_int(tls_binding_version(b.pipe.top), 0x0304, "  TLS 1.3");
    same(&b, "tls-exporter", GNUTLS_CB_TLS_EXPORTER, 32);
    same(&b, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT, 32);
    same(&b, "tls-unique", GNUTLS_CB_TLS_UNIQUE, 0);
    same(&b, "tls-humbug", GNUTLS_CB_TLS_UNIQUE, 0);
    as_defined(&b);
    is_hash(&b);
    tls_binding_data(b.pipe.top, "tls-exporter", one, MOST);
    close_both(&b);
    open_both(&b, "NORMAL:-VERS-ALL:+VERS-TLS1.3");
    tls_binding_data(b.pipe.top, "tls-exporter", two, MOST);
    ok(memcmp(one, two, 32) != 0, "  another channel has another exporter");
    close_both(&b);
}

static void older(void)
{
    struct tls_pair b;

    open_both(&b, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
    is_int(tls_binding_version(b.pipe.top), 0x0303, "  TLS 1.2");
    same(&b, "tls-exporter", GNUTLS_CB_TLS_EXPORTER, 32);
    same(&b, "tls-unique", GNUTLS_CB_TLS_UNIQUE, 12);
    same(&b, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT, 32);
    as_defined(&b);
    close_both(&b);
    open_both(&b, "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH");
    same(&b, "tls-exporter", GNUTLS_CB_TLS_EXPORTER, 0);
    same(&b, "tls-unique", GNUTLS_CB_TLS_UNIQUE, 0);
    same(&b, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT, 32);
    close_both(&b);
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    newest();
    older();
    certmaker_close(&certmaker);
    return done_testing();
}
