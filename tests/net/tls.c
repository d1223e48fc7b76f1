/* tls.c - the TLS stage against a GnuTLS server in the same process, over
 * a socket pair: handshakes that succeed, and each way to fail. */

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/tls_pair.h"

static struct certmaker certmaker;

/* ---- what goes well ---------------------------------------------- */

/* The socket answers AGAIN once behind a read that it did not fill. */
static ssize_t read_soon(struct tls_pair *b, char *to, size_t n)
{
    ssize_t got = pipe_read(&b->pipe, to, n);

    return got == PIPE_AGAIN ? pipe_read(&b->pipe, to, n) : got;
}

static void talks(struct tls_pair *b)
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
        n = read_soon(b, heard, 100);
        if (n <= 0 || memcmp(heard, said + got, (size_t)n) != 0)
            break;
        got += (size_t)n;
    }
    ok(got >= sent && sent > 0, "and come back, in small records");
    is_int(read_soon(b, heard, 100), PIPE_AGAIN, "then there is nothing");
    gnutls_bye(b->server, GNUTLS_SHUT_WR);
    is_int(read_soon(b, heard, 100), PIPE_EOF, "until the end");
    ok(pipe_close(&b->pipe) == 0, "which we answer");
    is_int(gnutls_record_recv(b->server, heard, 100), 0, "as it has to be");
}

static void says(const struct tls_pair *b, const char *what)
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
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.cert = cert;
    b.priority = priority;
    b.wanted.domain = domain;
    tls_pair_open(&b, &certmaker);
    is_str(tls_stage_info(b.tls, XMPP_TLS_PROTOCOL), NULL, "nothing yet");
    ok(!tls_stage_peer(b.tls).s, "nor a certificate");
    is_int(tls_pair_shake(&b), 0, "%s: the handshake", protocol);
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
    tls_pair_close(&b, protocol);
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
    struct tls_pair b;
    char byte;

    tls_pair_init(&b, &certmaker);
    b.cert = cert;
    b.priority = priority;
    if (config)
        b.config = *config;
    tls_pair_open(&b, &certmaker);
    if (b.tls) {
        int rc = tls_pair_shake(&b);

        if (rc == PIPE_DECIDE) { /* whoever does not answer rejects */
            tls_stage_answer(b.tls, false);
            rc = tls_pair_shake(&b);
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
    tls_pair_close(&b, what);
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
    struct tls_config list = {.cafile = certmaker.ca_file,
                              .crlfile = "/nowhere/crl.pem"};
    struct tls_config key = {.cafile = certmaker.ca_file,
                             .cert = certmaker.ca_file,
                             .key = "/nowhere/key.pem"};

    bad("good", NULL, &none, XMPP_ETRUST, "a file of authorities that is none");
    bad("good", NULL, &empty, XMPP_ETRUST, "an empty one");
    bad("good", NULL, &folder, XMPP_ETRUST, "a folder that is none");
    bad("good", NULL, &list, XMPP_ETRUST, "a list of revoked that is none");
    list.crlfile = certmaker.ca_file;
    bad("good", NULL, &list, XMPP_ETRUST, "a file without such a list");
    bad("good", NULL, &key, XMPP_ECLIENTCERT, "a key that is none");
}

/* ---- the rest ---------------------------------------------------- */

static void blind(void)
{
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.cert = "self";
    b.config.trust_any = true;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "whoever renounces verification gets none");
    is_str(tls_stage_info(b.tls, XMPP_TLS_VERIFIED), "no", "and is told");
    tls_pair_close(&b, "blind");
}

static void cut_short(void)
{
    struct tls_pair b;
    char byte;

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "a connection");
    shutdown(b.fd, SHUT_RDWR);
    is_int(tls_pair_read(&b, &byte), PIPE_FAIL, "is cut");
    is_int(b.fault.code, XMPP_ELOST, "and lost");
    tls_pair_close(&b, "cut");
    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    pipe_progress(&b.pipe);
    shutdown(b.fd, SHUT_RDWR);
    is_int(pipe_progress(&b.pipe), PIPE_FAIL, "one is cut in the handshake");
    ok(fault_is_set(&b.fault), "and told: %s", b.fault.detail);
    tls_pair_close(&b, "cut early");
}

/* A peer that says much but nothing of use cannot keep us for itself. */
static void endless(void)
{
    struct tls_pair b;
    char byte = 0;
    int again = 0;
    ssize_t n = PIPE_AGAIN;

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "a connection");
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
    tls_pair_close(&b, "tickets");
}

static void shared(void)
{
    struct tls_config one = {.cafile = certmaker.ca_file},
                      two = {.cafile = "x"};
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

/* What was loaded waits for the next connection; of one configuration. */
static void kept(void)
{
    struct tls_config one = {.cafile = certmaker.ca_file},
                      two = {.trust_any = true};
    struct tls_trusts trusts = {NULL};
    struct failmem memory;
    struct tls_trust *a, *b;
    struct fault fault = {0};
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    a = tls_trust_get(&env, &trusts, &one);
    is_int(tls_trust_prepare(a, NULL, &fault), 0, "a trust is loaded");
    tls_trust_release(&trusts, a);
    b = tls_trust_get(&env, &trusts, &two);
    ok(tls_trust_get(&env, &trusts, &one) == a,
       "and kept without a connection");
    tls_trust_release(&trusts, a);
    is_int(tls_trust_prepare(b, NULL, &fault), 0, "another is loaded");
    ok(tls_trust_get(&env, &trusts, &one) == a, "the first is used again");
    tls_trust_release(&trusts, a);
    tls_trust_release(&trusts, b);
    ok(trusts.first == b, "the last one is kept");
    tls_trusts_free(&trusts);
    ok(!trusts.first && memory.held == 0, "until the context ends");
}

/* An authority that was taken out of a folder is not trusted any longer. */
static void folder(void)
{
    static const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    char path[] = "/tmp/tls-folder-XXXXXX", file[64];
    struct tls_config config = {.capath = path};
    struct tls_trusts trusts = {NULL};
    struct fault fault = {0};
    struct tls_trust *trust;
    struct env env;

    if (!mkdtemp(path))
        bail("no folder");
    snprintf(file, sizeof(file), "%s/ca.pem", path);
    if (symlink(certmaker.ca_file, file))
        bail("no link");
    env_init(&env, NULL, NULL);
    trust = tls_trust_get(&env, &trusts, &config);
    is_int(tls_trust_prepare(trust, NULL, &fault), 0, "a folder is loaded");
    tls_trust_release(&trusts, trust);
    ok(trusts.first == trust, "and kept");
    unlink(file);
    utimensat(AT_FDCWD, path, times, 0); /* as a later change would */
    trust = tls_trust_get(&env, &trusts, &config);
    is_int(tls_trust_prepare(trust, NULL, &fault), XMPP_ETRUST,
           "once it is empty, nobody is trusted");
    tls_trust_release(&trusts, trust);
    tls_trusts_free(&trusts);
    rmdir(path);
}

static void make_servers(void)
{
    time_t now = time(NULL);
    struct cert_pair other, leaf;

    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"*.example.org"}},
                    "star");
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.com"}},
                    "name");
    certmaker_files(&certmaker, &(struct cert_spec){.common = "example.org"},
                    "common");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"},
                                        .from = now - 7200,
                                        .until = now - 3600},
                    "old");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"},
                                        .from = now + 3600,
                                        .until = now + 7200},
                    "young");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    certmaker_files(
        &certmaker,
        &(struct cert_spec){.dns = {"example.org"}, .for_client = 1}, "client");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .rsa = 1024},
                    "weak");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .sha1 = 1},
                    "sha1");
    certmaker_pair(&certmaker, &(struct cert_spec){.dns = {"leaf.example.org"}},
                   &leaf);
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .by = &leaf},
                    "below");
    certmaker_pair(&certmaker, &(struct cert_spec){.self = 1, .authority = 1},
                   &other);
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .by = &other},
                    "stranger");
    cert_pair_free(&leaf);
    cert_pair_free(&other);
}

/* Only the method "null" is in our greeting (RFC 5246 section 7.4.1.2), so that
 * whatever a server likes, nothing is compressed. */
static void uncompressed(void)
{
    unsigned char hello[4096];
    struct tls_pair b;
    ssize_t n;
    size_t at = 5 + 4 + 2 + 32; /* the record, the message, version, random */

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    is_int(pipe_progress(&b.pipe), PIPE_AGAIN, "we greet");
    n = recv(b.fd, hello, sizeof(hello), MSG_PEEK);
    if (n < (ssize_t)at)
        bail("no greeting");
    at += 1U + hello[at];                               /* the session */
    at += 2U + (size_t)hello[at] * 256 + hello[at + 1]; /* ciphers */
    ok(at + 1 < (size_t)n && hello[at] == 1 && hello[at + 1] == 0,
       "and offer no compression");
    is_int(tls_pair_shake(&b), 0, "which does for a handshake");
    tls_pair_close(&b, "uncompressed");
}

int main(void)
{
    certmaker_open(&certmaker);
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
    kept();
    folder();
    uncompressed();
    certmaker_close(&certmaker);
    return done_testing();
}
