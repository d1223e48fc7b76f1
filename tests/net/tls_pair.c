/* tls_pair.c - both ends of a TLS connection in one process: our stage, and a
 * GnuTLS server, over a socket pair. */

#include "net/tls_pair.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/sock.h"

void tls_pair_init(struct tls_pair *b, const struct certmaker *certmaker)
{
    memset(b, 0, sizeof(*b));
    b->cert = "good";
    b->config.cafile = certmaker->ca_file;
    b->wanted.domain = "example.org";
    b->wanted.alpn = "xmpp-client";
}

static void path(const struct certmaker *certmaker, char *to, const char *name,
                 const char *end)
{
    snprintf(to, 160, "%s/%s.%s", certmaker->folder, name, end);
}

/* Not by GnuTLS' own means, which refuse to staple nonsense. */
static int give_answer(gnutls_session_t session, void *at, gnutls_datum_t *ret)
{
    const struct tls_pair *b = at;

    (void)session;
    ret->data = gnutls_malloc(b->answer.size);
    ret->size = b->answer.size;
    memcpy(ret->data, b->answer.data, ret->size);
    return 0;
}

static void open_server(struct tls_pair *b, const struct certmaker *certmaker,
                        int fd)
{
    char crt[160], key[160], staple[160];

    path(certmaker, crt, b->cert, "crt");
    path(certmaker, key, b->cert, "key");
    b->fd = fd;
    gnutls_certificate_allocate_credentials(&b->credentials);
    if (gnutls_certificate_set_x509_key_file(b->credentials, crt, key,
                                             GNUTLS_X509_FMT_PEM) < 0)
        bail("no certificate for the server");
    if (b->staple) {
        path(certmaker, staple, b->staple, "ocsp");
        if (gnutls_load_file(staple, &b->answer) < 0)
            bail("no answer to staple");
        gnutls_certificate_set_ocsp_status_request_function(b->credentials,
                                                            give_answer, b);
    }
    gnutls_init(&b->server, GNUTLS_SERVER | GNUTLS_NONBLOCK);
    gnutls_session_ticket_key_generate(&b->own_ticket_key);
    gnutls_session_ticket_enable_server(
        b->server, b->ticket_key ? b->ticket_key : &b->own_ticket_key);
    if (gnutls_priority_set_direct(b->server,
                                   b->priority ? b->priority : "NORMAL", NULL))
        bail("no such priority");
    gnutls_credentials_set(b->server, GNUTLS_CRD_CERTIFICATE, b->credentials);
    gnutls_certificate_server_set_request(
        b->server, b->demands ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
    gnutls_transport_set_int(b->server, fd);
    gnutls_handshake_set_timeout(b->server, GNUTLS_INDEFINITE_TIMEOUT);
    b->server_said = GNUTLS_E_AGAIN;
}

/* As socketpair, by TCP. */
static int connect_pair(int fds[2])
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    int door = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = sock_open(AF_INET);
    if (bind(door, (struct sockaddr *)&at, n) || listen(door, 1) ||
        getsockname(door, (struct sockaddr *)&at, &n) ||
        sock_connect(fds[0], (struct sockaddr *)&at, n) < 0)
        return -1;
    fds[1] = accept(door, NULL, NULL);
    close(door);
    return fds[1] < 0 ? -1 : fcntl(fds[1], F_SETFL, O_NONBLOCK);
}

void tls_pair_open(struct tls_pair *b, const struct certmaker *certmaker)
{
    int fds[2];

    failmem_init(&b->memory);
    env_init(&b->env, b->mem ? b->mem : &b->memory.mem, NULL);
    if (b->tcp ? connect_pair(fds)
               : socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds))
        bail("no sockets");
    open_server(b, certmaker, fds[1]);
    pipe_push(&b->pipe, sock_stage_new(&b->env, fds[0], &b->fault));
    b->trust = tls_trust_get(&b->env, &b->trusts, &b->config);
    b->wanted.trust = b->trust;
    if (tls_trust_prepare(b->trust, b->password, &b->fault))
        return;
    b->tls = tls_stage_new(&b->env, b->pipe.top, &b->wanted, &b->fault);
    if (b->tls)
        pipe_push(&b->pipe, b->tls);
}

void tls_pair_close(struct tls_pair *b, const char *what)
{
    pipe_free(&b->pipe);
    tls_trust_release(&b->trusts, b->trust);
    tls_trusts_free(&b->trusts);
    gnutls_deinit(b->server);
    gnutls_free(b->own_ticket_key.data);
    gnutls_free(b->answer.data);
    gnutls_certificate_free_credentials(b->credentials);
    close(b->fd);
    is_int(b->memory.held, 0, "%s: no memory is left", what);
}

static void serve(struct tls_pair *b)
{
    if (b->server_said == GNUTLS_E_AGAIN ||
        b->server_said == GNUTLS_E_INTERRUPTED)
        b->server_said = gnutls_handshake(b->server);
}

int tls_pair_shake(struct tls_pair *b)
{
    int client = PIPE_AGAIN;

    for (int i = 0; i < ROUNDS && client == PIPE_AGAIN; i++) {
        client = pipe_progress(&b->pipe);
        serve(b);
    }
    for (int i = 0; i < 10; i++)
        serve(b);
    return client;
}

ssize_t tls_pair_read(struct tls_pair *b, char *to)
{
    ssize_t n = PIPE_AGAIN;

    for (int i = 0; i < ROUNDS && n == PIPE_AGAIN; i++)
        n = pipe_read(&b->pipe, to, 1);
    return n;
}
