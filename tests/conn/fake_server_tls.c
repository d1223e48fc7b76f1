/* fake_server_tls.c - the server's half of TLS for a scripted peer. */

#include "conn/fake_server_tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PATIENCE 120000 /* milliseconds; only to end a test that hangs */

/* `transport`: in place of a descriptor, or all NULL. */
struct fake_server_tls {
    struct fake_server_transport transport;
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static gnutls_datum_t ticket_key;

static void make_ticket_key(void)
{
    gnutls_session_ticket_key_generate(&ticket_key);
}

static bool load(struct fake_server_tls *tls, const char *prefix)
{
    char crt[300], key[300];

    snprintf(crt, sizeof(crt), "%s.crt", prefix);
    snprintf(key, sizeof(key), "%s.key", prefix);
    gnutls_certificate_allocate_credentials(&tls->credentials);
    return gnutls_certificate_set_x509_key_file(tls->credentials, crt, key,
                                                GNUTLS_X509_FMT_PEM) >= 0;
}

static void set_up(struct fake_server_tls *tls, unsigned flags)
{
    gnutls_init(&tls->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL | flags);
    gnutls_set_default_priority(tls->session);
    gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
                           tls->credentials);
    gnutls_session_ticket_enable_server(tls->session, &ticket_key);
    gnutls_certificate_server_set_request(tls->session, GNUTLS_CERT_REQUEST);
}

static struct fake_server_tls *make(const char *prefix, unsigned flags)
{
    struct fake_server_tls *tls = calloc(1, sizeof(*tls));

    pthread_once(&once, make_ticket_key);
    if (!tls || !load(tls, prefix))
        exit(99);
    set_up(tls, flags);
    return tls;
}

struct fake_server_tls *fake_server_tls_start(int fd, const char *prefix)
{
    struct fake_server_tls *tls = make(prefix, 0);
    int rc = GNUTLS_E_AGAIN;

    gnutls_handshake_set_timeout(tls->session, PATIENCE);
    gnutls_transport_set_int(tls->session, fd);
    while (rc < 0 && !gnutls_error_is_fatal(rc))
        rc = gnutls_handshake(tls->session);
    if (rc == 0)
        return tls;
    fake_server_tls_free(tls);
    return NULL;
}

/* ---- over something else ----------------------------------------- */

static ssize_t push(gnutls_transport_ptr_t at, const void *from, size_t n)
{
    struct fake_server_tls *tls = at;

    return tls->transport.push(tls->transport.at, from, n);
}

static ssize_t pull(gnutls_transport_ptr_t at, void *to, size_t n)
{
    struct fake_server_tls *tls = at;
    ssize_t got = tls->transport.pull(tls->transport.at, to, n);

    if (got < 0)
        gnutls_transport_set_errno(tls->session, EAGAIN);
    return got;
}

static int pull_timeout(gnutls_transport_ptr_t at, unsigned ms)
{
    (void)at;
    (void)ms;
    return 1; /* pull says whether there is something */
}

struct fake_server_tls *
fake_server_tls_over(const struct fake_server_transport *transport,
                     const char *prefix)
{
    struct fake_server_tls *tls = make(prefix, GNUTLS_NONBLOCK);

    tls->transport = *transport;
    gnutls_transport_set_ptr(tls->session, tls);
    gnutls_transport_set_push_function(tls->session, push);
    gnutls_transport_set_pull_function(tls->session, pull);
    gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
    return tls;
}

int fake_server_tls_progress(struct fake_server_tls *tls)
{
    int rc = gnutls_handshake(tls->session);

    if (rc == 0)
        return 1;
    return gnutls_error_is_fatal(rc) ? -1 : 0;
}

/* ---- data -------------------------------------------------------- */

ssize_t fake_server_tls_read(struct fake_server_tls *tls, char *to, size_t n)
{
    ssize_t got;

    do
        got = gnutls_record_recv(tls->session, to, n);
    while (got < 0 && !gnutls_error_is_fatal((int)got) &&
           !(tls->transport.pull && got == GNUTLS_E_AGAIN));
    return got < 0 ? -1 : got;
}

ssize_t fake_server_tls_write(struct fake_server_tls *tls, const char *from,
                              size_t n)
{
    return gnutls_record_send(tls->session, from, n);
}

void fake_server_tls_end(struct fake_server_tls *tls)
{
    gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

bool fake_server_tls_pending(struct fake_server_tls *tls)
{
    return gnutls_record_check_pending(tls->session) > 0;
}

void fake_server_tls_free(struct fake_server_tls *tls)
{
    if (!tls)
        return;
    gnutls_deinit(tls->session);
    gnutls_certificate_free_credentials(tls->credentials);
    free(tls);
}
