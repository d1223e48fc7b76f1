/* secure.c - the TLS stage against a GnuTLS server in the same process, over
 * a socket pair: handshakes that succeed, and each way to fail. */

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failmem.h"
#include "net/mint.h"
#include "net/sock.h"
#include "net/tls.h"
#include "tap.h"

#define ROUNDS 10000 /* of both sides in turn; more is a hang */

static struct mint mint;

/* Both ends of one connection. */
struct both {
    struct failmem memory;
    struct env env;
    struct fault fault;
    struct tls_trusts trusts;
    struct tls_trust *trust;
    struct pipe pipe;
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t server;
    gnutls_datum_t ticket_key;
    int fd; /* the server's */
};

static void path(char *to, const char *name, const char *end)
{
    snprintf(to, 160, "%s/%s.%s", mint.folder, name, end);
}

static void open_server(struct both *b, int fd, const char *cert,
                        const char *priority)
{
    char crt[160], key[160];

    path(crt, cert, "crt");
    path(key, cert, "key");
    b->fd = fd;
    gnutls_certificate_allocate_credentials(&b->credentials);
    if (gnutls_certificate_set_x509_key_file(b->credentials, crt, key,
                                             GNUTLS_X509_FMT_PEM) < 0)
        bail("no certificate for the server");
    gnutls_init(&b->server, GNUTLS_SERVER | GNUTLS_NONBLOCK);
    gnutls_session_ticket_key_generate(&b->ticket_key);
    gnutls_session_ticket_enable_server(b->server, &b->ticket_key);
    gnutls_priority_set_direct(b->server, priority ? priority : "NORMAL", NULL);
    gnutls_credentials_set(b->server, GNUTLS_CRD_CERTIFICATE, b->credentials);
    gnutls_certificate_server_set_request(b->server, GNUTLS_CERT_REQUEST);
    gnutls_transport_set_int(b->server, fd);
    gnutls_handshake_set_timeout(b->server, GNUTLS_INDEFINITE_TIMEOUT);
}

/* Returns false if the client's stage could not be made. */
static bool open_both(struct both *b, const char *cert, const char *priority,
                      const struct tls_config *config, const char *domain)
{
    int fds[2];

    memset(b, 0, sizeof(*b));
    failmem_init(&b->memory);
    env_init(&b->env, &b->memory.mem, NULL);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds))
        bail("no sockets");
    open_server(b, fds[1], cert, priority);
    b->trust = tls_trust_get(&b->env, &b->trusts, config);
    pipe_push(&b->pipe, sock_stage_new(&b->env, fds[0], &b->fault));
    if (b->trust) {
        struct stage *stage = tls_stage_new(&b->env, b->pipe.top, b->trust,
                                            domain, true, &b->fault);

        if (!stage)
            return false;
        pipe_push(&b->pipe, stage);
    }
    return b->trust != NULL;
}

static void close_both(struct both *b, const char *what)
{
    pipe_free(&b->pipe);
    if (b->trust)
        tls_trust_release(&b->trusts, b->trust);
    gnutls_deinit(b->server);
    gnutls_free(b->ticket_key.data);
    gnutls_certificate_free_credentials(b->credentials);
    close(b->fd);
    is_int(b->memory.held, 0, "%s: no memory is left", what);
}

/* Go on until the client is done or has failed; what its last step said. */
static int shake(struct both *b)
{
    int client = PIPE_AGAIN, server = GNUTLS_E_AGAIN;

    for (int i = 0; i < ROUNDS && client == PIPE_AGAIN; i++) {
        client = pipe_progress(&b->pipe);
        if (server == GNUTLS_E_AGAIN || server == GNUTLS_E_INTERRUPTED)
            server = gnutls_handshake(b->server);
    }
    for (int i = 0; i < 10 && server == GNUTLS_E_AGAIN; i++)
        server = gnutls_handshake(b->server);
    return client;
}

/* ---- what goes well ------------------------------------------------------ */

static void talks(struct both *b)
{
    char said[40000], heard[40000];
    size_t sent = 0, got = 0;
    ssize_t n;

    for (size_t i = 0; i < sizeof(said); i++)
        said[i] = (char)i;
    for (int i = 0; i < ROUNDS && got < sizeof(said); i++) {
        if (sent < sizeof(said) &&
            (n = pipe_write(&b->pipe, said + sent, sizeof(said) - sent)) > 0)
            sent += (size_t)n;
        n = gnutls_record_recv(b->server, heard + got, sizeof(heard) - got);
        if (n > 0)
            got += (size_t)n;
    }
    ok(got == sizeof(said) && memcmp(said, heard, got) == 0,
       "40 000 bytes arrive");
    for (sent = 0; sent + 366 < sizeof(said); sent += 366)
        if (gnutls_record_send(b->server, said + sent, 366) != 366)
            break;
    for (got = 0; got < sent;) {
        n = pipe_read(&b->pipe, heard, 100);
        if (n <= 0 || memcmp(heard, said + got, (size_t)n) != 0)
            break;
        got += (size_t)n;
    }
    ok(got >= sent && sent > 0, "and come back, in small records");
    is_int(pipe_read(&b->pipe, heard, 100), PIPE_AGAIN, "then there is nothing");
    gnutls_bye(b->server, GNUTLS_SHUT_WR);
    is_int(pipe_read(&b->pipe, heard, 100), PIPE_EOF, "until the end");
    ok(pipe_close(&b->pipe) == 0, "which we answer");
    is_int(gnutls_record_recv(b->server, heard, 100), 0, "as it has to be");
}

static void good(const char *cert, const char *domain, const char *priority,
                 const char *what)
{
    struct tls_config config = {.cafile = mint.ca_file};
    gnutls_datum_t alpn = {NULL, 0};
    char text[256], name[100] = "";
    size_t n = sizeof(name);
    unsigned type;
    struct both b;

    open_both(&b, cert, priority, &config, domain);
    is_int(shake(&b), 0, "%s: the handshake", what);
    ok(!fault_is_set(&b.fault), "%s: without a fault (%s)", what,
       b.fault.detail);
    tls_stage_describe(b.pipe.top, text, sizeof(text));
    ok(strncmp(text, "TLS1.", 5) == 0, "%s: %s", what, text);
    gnutls_server_name_get(b.server, name, &n, &type, 0);
    is_str(name, domain, "%s: the domain is said (SNI)", what);
    is_int(gnutls_alpn_get_selected_protocol(b.server, &alpn),
           GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE,
           "%s: a server may ignore our ALPN", what);
    talks(&b);
    close_both(&b, what);
}

/* ---- what fails -------------------------------------------------------------- */

static void bad(const char *cert, const char *priority,
                const struct tls_config *config, int code, const char *what)
{
    struct both b;
    char byte;

    if (open_both(&b, cert, priority, config, "example.org")) {
        is_int(shake(&b), PIPE_FAIL, "%s: the handshake fails", what);
        ok(pipe_read(&b.pipe, &byte, 1) < 0, "%s: nothing can be read", what);
    }
    is_str(xmpp_strerror_name(b.fault.code), xmpp_strerror_name(code), "%s",
           what);
    is_int(b.fault.layer, XMPP_LAYER_TLS, "%s: of TLS", what);
    close_both(&b, what);
}

static void bad_servers(void)
{
    struct tls_config config = {.cafile = mint.ca_file};

    bad("name", NULL, &config, XMPP_ECERTNAME, "another name");
    bad("old", NULL, &config, XMPP_ECERTTIME, "an expired certificate");
    bad("young", NULL, &config, XMPP_ECERTTIME, "one of the future");
    bad("self", NULL, &config, XMPP_ECERTISSUER, "a self-signed one");
    bad("client", NULL, &config, XMPP_ECERT, "one for clients");
    bad("good", "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", &config, XMPP_ETLS,
        "TLS 1.1");
}

static void bad_trust(void)
{
    struct tls_config none = {.cafile = "/nowhere/at-all.pem"};
    struct tls_config empty = {.cafile = "/dev/null"};
    struct tls_config folder = {.capath = "/nowhere"};
    struct tls_config key = {.cafile = mint.ca_file,
                             .cert = mint.ca_file,
                             .key = "/nowhere/key.pem"};

    bad("good", NULL, &none, XMPP_ETRUST, "a file of authorities that is none");
    bad("good", NULL, &empty, XMPP_ETRUST, "an empty one");
    bad("good", NULL, &folder, XMPP_ETRUST, "a folder that is none");
    bad("good", NULL, &key, XMPP_ECLIENTCERT, "a key that is none");
}

/* ---- the rest ------------------------------------------------------------------ */

static void blind(void)
{
    struct tls_config config = {.cafile = mint.ca_file, .trust_any = true};
    struct both b;

    open_both(&b, "self", NULL, &config, "example.org");
    is_int(shake(&b), 0, "whoever renounces verification gets none");
    close_both(&b, "blind");
}

static void with_certificate(void)
{
    char crt[160], key[160];
    struct tls_config config = {
        .cafile = mint.ca_file, .cert = crt, .key = key};
    struct both b;
    unsigned n = 0;

    path(crt, "client", "crt");
    path(key, "client", "key");
    open_both(&b, "good", NULL, &config, "example.org");
    is_int(shake(&b), 0, "with a client certificate");
    ok(gnutls_certificate_get_peers(b.server, &n) && n == 1,
       "which the server sees");
    close_both(&b, "client certificate");
}

/* Past what is no data. */
static ssize_t read_on(struct both *b, char *to)
{
    ssize_t n = PIPE_AGAIN;

    for (int i = 0; i < ROUNDS && n == PIPE_AGAIN; i++)
        n = pipe_read(&b->pipe, to, 1);
    return n;
}

static void cut_short(void)
{
    struct tls_config config = {.cafile = mint.ca_file};
    struct both b;
    char byte;

    open_both(&b, "good", NULL, &config, "example.org");
    is_int(shake(&b), 0, "a connection");
    shutdown(b.fd, SHUT_RDWR);
    is_int(read_on(&b, &byte), PIPE_FAIL, "is cut");
    is_int(b.fault.code, XMPP_ELOST, "and lost");
    close_both(&b, "cut");
    open_both(&b, "good", NULL, &config, "example.org");
    pipe_progress(&b.pipe);
    shutdown(b.fd, SHUT_RDWR);
    is_int(pipe_progress(&b.pipe), PIPE_FAIL, "one is cut in the handshake");
    ok(fault_is_set(&b.fault), "and told: %s", b.fault.detail);
    close_both(&b, "cut early");
}

/* A peer that says much but nothing of use cannot keep us for itself. */
static void endless(void)
{
    struct tls_config config = {.cafile = mint.ca_file};
    struct both b;
    char byte = 0;
    int again = 0;
    ssize_t n = PIPE_AGAIN;

    open_both(&b, "good", NULL, &config, "example.org");
    is_int(shake(&b), 0, "a connection");
    for (int i = 0; i < 100; i++)
        if (gnutls_session_ticket_send(b.server, 1, 0) < 0)
            bail("no ticket");
    gnutls_record_send(b.server, "x", 1);
    for (int i = 0; i < 1000 && n == PIPE_AGAIN; i++) {
        n = pipe_read(&b.pipe, &byte, 1);
        again += n == PIPE_AGAIN && pipe_pending(&b.pipe);
    }
    ok(n == 1 && byte == 'x', "100 tickets and a byte: the byte arrives");
    ok(again >= 2, "and others had their turn %d times", again);
    close_both(&b, "tickets");
}

static void shared(void)
{
    struct tls_config one = {.cafile = mint.ca_file}, two = {.cafile = "x"};
    struct tls_trusts trusts = {NULL};
    struct tls_trust *a, *b, *c;
    struct env env;

    env_init(&env, NULL, NULL);
    a = tls_trust_get(&env, &trusts, &one);
    b = tls_trust_get(&env, &trusts, &one);
    c = tls_trust_get(&env, &trusts, &two);
    ok(a == b && a != c, "equal configurations share their trust");
    tls_trust_release(&trusts, a);
    tls_trust_release(&trusts, c);
    tls_trust_release(&trusts, b);
    ok(!trusts.first, "and the last one frees it");
}

int main(void)
{
    time_t now = time(NULL);

    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    mint_files(&mint, &(struct coin){.dns = {"*.example.org"}}, "star");
    mint_files(&mint, &(struct coin){.dns = {"example.com"}}, "name");
    mint_files(&mint, &(struct coin){.dns = {"example.org"},
                                     .from = now - 7200,
                                     .until = now - 3600}, "old");
    mint_files(&mint, &(struct coin){.dns = {"example.org"},
                                     .from = now + 3600,
                                     .until = now + 7200}, "young");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .self = 1},
               "self");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .for_client = 1},
               "client");
    good("good", "example.org", NULL, "TLS 1.3");
    good("good", "example.org", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS 1.2");
    good("star", "im.example.org", NULL, "a wildcard");
    bad_servers();
    bad_trust();
    blind();
    with_certificate();
    cut_short();
    endless();
    shared();
    mint_close(&mint);
    return done_testing();
}
