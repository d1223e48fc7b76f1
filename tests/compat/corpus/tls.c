/* tls.c - certificates: who is asked, and what is told of them. */

#include "life.h"

#include <signal.h>

#include "net/certmaker.h"

#define STARTTLS                                                               \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"     \
    "</stream:features>"

static struct {
    int asked, verdict, shown;
    xmpp_ctx_t *ctx;
} question;

static void show_shape(const char *what, const char *text)
{
    printf("%s: %lu of hex, %lu long\n", what,
           (unsigned long)strspn(text, "0123456789abcdef"),
           (unsigned long)strlen(text));
}

/* A date is now, so only its form is shown. */
static void show_date(const char *what, const char *text)
{
    printf("%s: %lu long, ends with %s, spaces at%s%s\n", what,
           (unsigned long)strlen(text), text + strlen(text) - 4,
           text[3] == ' ' ? " 3" : "", text[6] == ' ' ? " 6" : "");
}

static void show_cert(const xmpp_tlscert_t *cert)
{
    static const xmpp_cert_element_t plain[] = {
        XMPP_CERT_VERSION, XMPP_CERT_SERIALNUMBER, XMPP_CERT_SUBJECT,
        XMPP_CERT_ISSUER,  XMPP_CERT_KEYALG,       XMPP_CERT_SIGALG};

    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        show_str(xmpp_tlscert_get_description(plain[i]),
                 xmpp_tlscert_get_string(cert, plain[i]));
    show_date("not before", xmpp_tlscert_get_string(cert, XMPP_CERT_NOTBEFORE));
    show_date("not after", xmpp_tlscert_get_string(cert, XMPP_CERT_NOTAFTER));
    show_shape("SHA-1",
               xmpp_tlscert_get_string(cert, XMPP_CERT_FINGERPRINT_SHA1));
    show_shape("SHA-256",
               xmpp_tlscert_get_string(cert, XMPP_CERT_FINGERPRINT_SHA256));
    show_str("after the last",
             xmpp_tlscert_get_string(cert, XMPP_CERT_ELEMENT_MAX));
    show_str("first name", xmpp_tlscert_get_dnsname(cert, 0));
    show_str("second name", xmpp_tlscert_get_dnsname(cert, 1));
    show_str("third name", xmpp_tlscert_get_dnsname(cert, 2));
    printf("PEM: %.27s\n", xmpp_tlscert_get_pem(cert));
    show_int("its context", xmpp_tlscert_get_ctx(cert) == question.ctx);
}

static int on_bad(const xmpp_tlscert_t *cert, const char *const why)
{
    if (!question.shown++)
        show_cert(cert);
    question.asked += why && *why;
    return question.verdict;
}

static void peer_cert(xmpp_conn_t *conn)
{
    xmpp_tlscert_t *cert = xmpp_conn_get_peer_cert(conn);

    show_str("peer's certificate", cert ? "there" : "none");
    if (cert) {
        show_str("its subject",
                 xmpp_tlscert_get_string(cert, XMPP_CERT_SUBJECT));
        xmpp_tlscert_free(cert);
    }
}

static void one(const char *what, const char *prefix, const char *ca,
                long flags, int verdict, int succeeds)
{
    char tls[200];
    const char *const good[] = {
        "C <starttls",
        "C />",
        "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        tls,
        PEER_LOGIN,
        PEER_CLOSE,
        NULL};
    const char *const bad[] = {
        "C <starttls",
        "C />",
        "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        tls,
        "hangup",
        NULL};
    const char *script[40] = {"C <stream:stream", "C >",
                              "S " PEER_HEADER STARTTLS};
    struct life life;
    int n = 3;

    printf("== %s\n", what);
    snprintf(tls, sizeof(tls), "%s %s", succeeds ? "tls" : "notls", prefix);
    for (const char *const *s = succeeds ? good : bad; *s; s++)
        script[n++] = *s;
    life_make(&life);
    question.asked = 0;
    question.verdict = verdict;
    question.ctx = life.ctx;
    show_int("flags", xmpp_conn_set_flags(life.conn, flags));
    if (ca)
        xmpp_conn_set_cafile(life.conn, ca);
    if (verdict >= 0)
        xmpp_conn_set_certfail_handler(life.conn, on_bad);
    peer_cert(life.conn);
    life_connect(&life, script);
    if (succeeds) {
        life_until(&life, &life.ups, 1);
        show_int("secured", xmpp_conn_is_secured(life.conn));
        peer_cert(life.conn);
        xmpp_disconnect(life.conn);
    }
    life_until(&life, &life.downs, 1);
    show_int("ups", life.ups);
    show_int("asked", question.asked > 0);
    show_int("secured", xmpp_conn_is_secured(life.conn));
    life_peer(&life);
    life_free(&life);
    show_held();
}

int main(void)
{
    static const struct cert_spec spec = {
        .dns = {"example.org", "www.example.org"},
        .name = "CN=example.org,O=Example,C=DE",
        .rsa = 2048,
        .serial = 0x1234ab};
    static const struct cert_spec other = {.dns = {"other.org"}, .serial = 7};
    struct certmaker certmaker;
    char ours[128], others[128];

    signal(SIGPIPE, SIG_IGN); /* libstrophe would end with it */
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &spec, "good");
    certmaker_files(&certmaker, &other, "other");
    snprintf(ours, sizeof(ours), "%s/good", certmaker.folder);
    snprintf(others, sizeof(others), "%s/other", certmaker.folder);
    for (int i = 0; i < XMPP_CERT_ELEMENT_MAX; i++)
        show_str("element",
                 xmpp_tlscert_get_description((xmpp_cert_element_t)i));
    one("a known authority", ours, certmaker.ca_file, 0, -1, 1);
    one("mandatory", ours, certmaker.ca_file,
        (long)XMPP_CONN_FLAG_MANDATORY_TLS, 0, 1);
    one("an unknown one, accepted", ours, NULL, 0, 1, 1);
    one("an unknown one, refused", ours, NULL, 0, 0, 0);
    one("an unknown one, nobody asked", ours, NULL, 0, -1, 0);
    one("trusted blindly", ours, NULL, (long)XMPP_CONN_FLAG_TRUST_TLS, -1, 1);
    one("another name, refused", others, certmaker.ca_file, 0, 0, 0);
    one("another name, accepted", others, certmaker.ca_file, 0, 1, 1);
    certmaker_close(&certmaker);
    return 0;
}
