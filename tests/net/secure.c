/* secure.c - the TLS stage against a GnuTLS server in the same process, over
 * a socket pair: handshakes that succeed, and each way to fail. */

#include <sys/socket.h>

#include "net/both.h"

static struct mint mint;

/* ---- what goes well ---------------------------------------------- */

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
    is_int(pipe_read(&b->pipe, heard, 100), PIPE_AGAIN,
           "then there is nothing");
    gnutls_bye(b->server, GNUTLS_SHUT_WR);
    is_int(pipe_read(&b->pipe, heard, 100), PIPE_EOF, "until the end");
    ok(pipe_close(&b->pipe) == 0, "which we answer");
    is_int(gnutls_record_recv(b->server, heard, 100), 0, "as it has to be");
}

static void says(const struct both *b, const char *what)
{
    static const xmpp_tls_info_t always[] = {
        XMPP_TLS_PROTOCOL, XMPP_TLS_CIPHER,   XMPP_TLS_GROUP,
        XMPP_TLS_RESUMED,  XMPP_TLS_VERIFIED, XMPP_TLS_SIGNATURE};

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        const char *text = tls_stage_info(b->tls, always[i]);

        ok(text && text[0], "%s: says %s", what, text ? text : "nothing");
    }
    is_str(tls_stage_info(b->tls, XMPP_TLS_ALPN), NULL,
           "%s: no protocol was chosen", what);
    is_str(tls_stage_info(b->tls, XMPP_TLS_RESUMED), "no", "%s: new", what);
    is_str(tls_stage_info(b->tls, XMPP_TLS_VERIFIED), "yes", "%s: good", what);
    is_str(tls_stage_info(b->tls, XMPP_TLS_STATUS), "no", "%s: bare", what);
    is_str(tls_stage_info(b->tls, XMPP_TLS_CLIENT_CERT), "yes",
           "%s: ours was asked for", what);
    is_str(tls_stage_info(b->tls, (xmpp_tls_info_t)99), NULL, "no more");
}

static void good(const char *cert, const char *domain, const char *priority,
                 const char *protocol)
{
    gnutls_datum_t alpn = {NULL, 0};
    char name[100] = "";
    size_t n = sizeof(name);
    unsigned type;
    struct both b;

    both_init(&b, &mint);
    b.cert = cert;
    b.priority = priority;
    b.wanted.domain = domain;
    both_open(&b, &mint);
    is_str(tls_stage_info(b.tls, XMPP_TLS_PROTOCOL), NULL, "nothing yet");
    ok(!tls_stage_peer(b.tls).s, "nor a certificate");
    is_int(both_shake(&b), 0, "%s: the handshake", protocol);
    ok(!fault_is_set(&b.fault), "%s: without a fault (%s)", protocol,
       b.fault.detail);
    is_str(tls_stage_info(b.tls, XMPP_TLS_PROTOCOL), protocol, "by %s",
           protocol);
    says(&b, protocol);
    ok(tls_stage_peer(b.tls).n > 100, "%s: there is a certificate", protocol);
    gnutls_server_name_get(b.server, name, &n, &type, 0);
    is_str(name, domain, "%s: the domain is said (SNI)", protocol);
    is_int(gnutls_alpn_get_selected_protocol(b.server, &alpn),
           GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE,
           "%s: a server may ignore our ALPN", protocol);
    talks(&b);
    both_close(&b, protocol);
}

/* ---- what fails -------------------------------------------------- */

/* RFC 8446 section 6.2. */
static gnutls_alert_description_t alert_of(int code)
{
    switch (code) {
    case XMPP_ECERTTIME:
        return GNUTLS_A_CERTIFICATE_EXPIRED;
    case XMPP_ECERTISSUER:
        return GNUTLS_A_UNKNOWN_CA;
    default:
        return GNUTLS_A_BAD_CERTIFICATE;
    }
}

static void bad(const char *cert, const char *priority,
                const struct tls_config *config, int code, const char *what)
{
    struct both b;
    char byte;

    both_init(&b, &mint);
    b.cert = cert;
    b.priority = priority;
    if (config)
        b.config = *config;
    both_open(&b, &mint);
    if (b.tls) {
        int rc = both_shake(&b);

        if (rc == PIPE_ASK) { /* whoever does not answer rejects */
            tls_stage_answer(b.tls, false);
            rc = both_shake(&b);
            is_int(b.server_said, GNUTLS_E_FATAL_ALERT_RECEIVED,
                   "%s: the server is told", what);
            is_int(gnutls_alert_get(b.server), alert_of(code),
                   "%s: by its alert", what);
        }
        is_int(rc, PIPE_FAIL, "%s: the handshake fails", what);
        ok(pipe_read(&b.pipe, &byte, 1) < 0, "%s: nothing can be read", what);
    }
    is_str(xmpp_strerror_name(b.fault.code), xmpp_strerror_name(code), "%s",
           what);
    is_int(b.fault.layer, XMPP_LAYER_TLS, "%s: of TLS", what);
    both_close(&b, what);
}

static void bad_servers(void)
{
    bad("name", NULL, NULL, XMPP_ECERTNAME, "another name");
    bad("old", NULL, NULL, XMPP_ECERTTIME, "an expired certificate");
    bad("young", NULL, NULL, XMPP_ECERTTIME, "one of the future");
    bad("self", NULL, NULL, XMPP_ECERTISSUER, "a self-signed one");
    bad("client", NULL, NULL, XMPP_ECERT, "one for clients");
    bad("weak", "NORMAL:%PROFILE_VERY_WEAK", NULL, XMPP_ECERT, "a short key");
    bad("sha1", NULL, NULL, XMPP_ECERT, "one signed with SHA-1");
    bad("below", NULL, NULL, XMPP_ECERTISSUER, "an issuer without authority");
    bad("stranger", NULL, NULL, XMPP_ECERTISSUER, "another authority's");
    bad("common", NULL, NULL, XMPP_ECERTNAME, "a common name alone");
    bad("good", "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", NULL, XMPP_ETLS,
        "TLS 1.1");
}

static void bad_trust(void)
{
    struct tls_config none = {.cafile = "/nowhere/at-all.pem"};
    struct tls_config empty = {.cafile = "/dev/null"};
    struct tls_config folder = {.capath = "/nowhere"};
    struct tls_config list = {.cafile = mint.ca_file,
                              .crlfile = "/nowhere/crl.pem"};
    struct tls_config key = {.cafile = mint.ca_file,
                             .cert = mint.ca_file,
                             .key = "/nowhere/key.pem"};

    bad("good", NULL, &none, XMPP_ETRUST, "a file of authorities that is none");
    bad("good", NULL, &empty, XMPP_ETRUST, "an empty one");
    bad("good", NULL, &folder, XMPP_ETRUST, "a folder that is none");
    bad("good", NULL, &list, XMPP_ETRUST, "a list of revoked that is none");
    list.crlfile = mint.ca_file;
    bad("good", NULL, &list, XMPP_ETRUST, "a file without such a list");
    bad("good", NULL, &key, XMPP_ECLIENTCERT, "a key that is none");
}

/* ---- the rest ---------------------------------------------------- */

static void blind(void)
{
    struct both b;

    both_init(&b, &mint);
    b.cert = "self";
    b.config.trust_any = true;
    both_open(&b, &mint);
    is_int(both_shake(&b), 0, "whoever renounces verification gets none");
    is_str(tls_stage_info(b.tls, XMPP_TLS_VERIFIED), "no", "and is told");
    both_close(&b, "blind");
}

static void cut_short(void)
{
    struct both b;
    char byte;

    both_init(&b, &mint);
    both_open(&b, &mint);
    is_int(both_shake(&b), 0, "a connection");
    shutdown(b.fd, SHUT_RDWR);
    is_int(both_read(&b, &byte), PIPE_FAIL, "is cut");
    is_int(b.fault.code, XMPP_ELOST, "and lost");
    both_close(&b, "cut");
    both_init(&b, &mint);
    both_open(&b, &mint);
    pipe_progress(&b.pipe);
    shutdown(b.fd, SHUT_RDWR);
    is_int(pipe_progress(&b.pipe), PIPE_FAIL, "one is cut in the handshake");
    ok(fault_is_set(&b.fault), "and told: %s", b.fault.detail);
    both_close(&b, "cut early");
}

/* A peer that says much but nothing of use cannot keep us for itself. */
static void endless(void)
{
    struct both b;
    char byte = 0;
    int again = 0;
    ssize_t n = PIPE_AGAIN;

    both_init(&b, &mint);
    both_open(&b, &mint);
    is_int(both_shake(&b), 0, "a connection");
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
    both_close(&b, "tickets");
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

static void make_servers(void)
{
    time_t now = time(NULL);
    struct mint_pair other, leaf;

    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    mint_files(&mint, &(struct coin){.dns = {"*.example.org"}}, "star");
    mint_files(&mint, &(struct coin){.dns = {"example.com"}}, "name");
    mint_files(&mint, &(struct coin){.common = "example.org"}, "common");
    mint_files(&mint,
               &(struct coin){.dns = {"example.org"},
                              .from = now - 7200,
                              .until = now - 3600},
               "old");
    mint_files(&mint,
               &(struct coin){.dns = {"example.org"},
                              .from = now + 3600,
                              .until = now + 7200},
               "young");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .self = 1},
               "self");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .for_client = 1},
               "client");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .rsa = 1024},
               "weak");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .sha1 = 1},
               "sha1");
    mint_pair(&mint, &(struct coin){.dns = {"leaf.example.org"}}, &leaf);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .by = &leaf},
               "below");
    mint_pair(&mint, &(struct coin){.self = 1, .authority = 1}, &other);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .by = &other},
               "stranger");
    mint_unpair(&leaf);
    mint_unpair(&other);
}

/* Only the method "null" is in our greeting (RFC 5246 section 7.4.1.2), so that
 * whatever a server likes, nothing is compressed. */
static void uncompressed(void)
{
    unsigned char hello[4096];
    struct both b;
    ssize_t n;
    size_t at = 5 + 4 + 2 + 32; /* the record, the message, version, random */

    both_init(&b, &mint);
    both_open(&b, &mint);
    is_int(pipe_progress(&b.pipe), PIPE_AGAIN, "we greet");
    n = recv(b.fd, hello, sizeof(hello), MSG_PEEK);
    if (n < (ssize_t)at)
        bail("no greeting");
    at += 1U + hello[at];                               /* the session */
    at += 2U + (size_t)hello[at] * 256 + hello[at + 1]; /* ciphers */
    ok(at + 1 < (size_t)n && hello[at] == 1 && hello[at + 1] == 0,
       "and offer no compression");
    is_int(both_shake(&b), 0, "which does for a handshake");
    both_close(&b, "uncompressed");
}

int main(void)
{
    mint_open(&mint);
    make_servers();
    good("good", "example.org", NULL, "TLS1.3");
    good("good", "example.org", "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2");
    good("star", "im.example.org", NULL, "TLS1.3");
    bad_servers();
    bad_trust();
    blind();
    cut_short();
    endless();
    shared();
    uncompressed();
    mint_close(&mint);
    return done_testing();
}
