/* dane.c - SRV and TLSA records of signed answers, and certificates held
 * against TLSA. */

#include "net/cert.h"
#include "net/dane_answer.h"
#include "net/dane_judge.h"
#include "net/certmaker.h"
#include "tap.h"

/* ---- SRV --------------------------------------------------------- */

#define SRV(name) "\0\1\0\2\x14\x66" name /* port 5222 */
#define RECORD(bytes)                                                          \
    {                                                                          \
        bytes, sizeof(bytes) - 1                                               \
    }

static void targets(void)
{
    static const struct {
        const char *what;
        struct str record;
        const char *host;
        unsigned port;
        bool good;
    } rows[] = {
        {"the same", RECORD(SRV("\1a\3org\0")), "a.org", 5222, true},
        {"in other case", RECORD(SRV("\1A\3orG\0")), "a.Org", 5222, true},
        {"another port", RECORD(SRV("\1a\3org\0")), "a.org", 5223, false},
        {"another name", RECORD(SRV("\1b\3org\0")), "a.org", 5222, false},
        {"a longer one", RECORD(SRV("\1a\3org\1x\0")), "a.org", 5222, false},
        {"a shorter one", RECORD(SRV("\1a\0")), "a.org", 5222, false},
        {"a longer label", RECORD(SRV("\2ab\3org\0")), "a.org", 5222, false},
        {"a shorter label", RECORD(SRV("\1a\3org\0")), "ab.org", 5222, false},
        {"a NUL in a label", RECORD(SRV("\5a\0zzz\0")), "a", 5222, false},
        {"a dot in a label", RECORD(SRV("\5a.org\0")), "a.org", 5222, false},
        {"the root", RECORD(SRV("\0")), "a.org", 5222, false},
        {"no end", RECORD(SRV("\1a\3org")), "a.org", 5222, false},
        {"an end too early", RECORD(SRV("\1a\7org\0")), "a.org", 5222, false},
        {"something behind", RECORD(SRV("\1a\3org\0x")), "a.org", 5222, false},
        {"no name", RECORD(SRV("")), "a.org", 5222, false},
        {"nothing", RECORD(""), "a.org", 5222, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *copy = malloc(rows[i].record.n + 1), *host = strdup(rows[i].host);

        memcpy(copy, rows[i].record.s, rows[i].record.n);
        is_int(
            dane_srv_leads(str_n(copy, rows[i].record.n), host, rows[i].port),
            rows[i].good, "SRV: %s", rows[i].what);
        free(copy);
        free(host);
    }
}

/* ---- TLSA -------------------------------------------------------- */

static void sizes(void)
{
    static const struct {
        const char *what;
        char head[3];
        size_t n; /* of the data */
        bool good;
    } rows[] = {
        {"SHA-256", {3, 1, 1}, 32, true},
        {"SHA-256, short", {3, 1, 1}, 31, false},
        {"SHA-256, long", {3, 1, 1}, 33, false},
        {"SHA-512", {0, 0, 2}, 64, true},
        {"SHA-512, short", {0, 0, 2}, 63, false},
        {"all of it", {2, 0, 0}, 1, true},
        {"all of it, of any length", {2, 0, 0}, 70, true},
        {"none of it", {2, 0, 0}, 0, false},
        {"unknown usage", {4, 0, 1}, 32, false},
        {"private usage", {(char)255, 0, 1}, 32, false},
        {"unknown selector", {3, 2, 1}, 32, false},
        {"unknown matching", {3, 1, 3}, 32, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char record[80] = {0};

        memcpy(record, rows[i].head, 3);
        is_int(dane_tlsa_fits(str_n(record, 3 + rows[i].n)), rows[i].good,
               "TLSA: %s", rows[i].what);
    }
    ok(!dane_tlsa_fits(STR_NONE), "TLSA: nothing");
}

/* ---- name servers ------------------------------------------------ */

static void servers(void)
{
    static const char *const rows[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"192.0.2.1:5353", "192.0.2.1@5353"},
        {"2001:db8::1", "2001:db8::1"},
        {"::1", "::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[::1]:5353", "::1@5353"},
        {"[::1]5353", "::1"},
        {"[::1", "::1"},
    };
    char out[80], text[80];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        /* what stands behind it is not part of it */
        snprintf(text, sizeof(text), "%s9]:9", rows[i][0]);
        dane_server(str_n(text, strlen(rows[i][0])), out, sizeof(out));
        is_str(out, rows[i][1], "server %s", rows[i][0]);
    }
}

/* ---- certificates ------------------------------------------------ */

/* The leaf is "rightly" signed by the issuer; the forged one says so, too. */
static struct certmaker certmaker;
static struct cert_pair issuer, impostor, leaf, forged, late, foreign, alone,
    mailer;
static struct cert_pair between[2], below;

static void hash(struct tlsa *to, unsigned char *room, unsigned char usage,
                 gnutls_x509_crt_t cert)
{
    size_t n = 32;

    if (gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA256, room, &n))
        bail("no hash");
    *to = (struct tlsa){usage, 1, 1, 32, room};
}

static unsigned judge_chain(const struct tlsa *records, size_t n,
                            const gnutls_x509_crt_t *certs, unsigned certs_n,
                            unsigned reasons, const char *domain,
                            const char *host)
{
    gnutls_datum_t der[4];
    struct dane_chain chain = {der, certs_n, domain, host, reasons};
    unsigned wrong;

    for (unsigned i = 0; i < certs_n; i++)
        if (gnutls_x509_crt_export2(certs[i], GNUTLS_X509_FMT_DER, &der[i]))
            bail("no DER");
    wrong = dane_judge(records, n, &chain);
    for (unsigned i = 0; i < certs_n; i++)
        gnutls_free(der[i].data);
    return wrong;
}

static unsigned judge(const struct tlsa *records, size_t n,
                      gnutls_x509_crt_t own, unsigned reasons,
                      const char *domain, const char *host)
{
    const gnutls_x509_crt_t certs[] = {own, issuer.cert};

    return judge_chain(records, n, certs, 2, reasons, domain, host);
}

#define UNKNOWN XMPP_BADCERT_ISSUER

static void verdicts(void)
{
    const struct {
        const char *what;
        unsigned char usage;
        gnutls_x509_crt_t named, own; /* by the record; the server's */
        unsigned before, after;
        const char *domain, *host;
    } rows[] = {
        {"3 fits", 3, leaf.cert, leaf.cert, UNKNOWN, 0, "a.org", "h.org"},
        {"3, no name", 3, foreign.cert, foreign.cert,
         UNKNOWN | XMPP_BADCERT_NAME, 0, "a.org", "h.org"},
        {"3, too late", 3, late.cert, late.cert, UNKNOWN | XMPP_BADCERT_EXPIRED,
         0, "a.org", "h.org"},
        {"3, revoked", 3, leaf.cert, leaf.cert, XMPP_BADCERT_REVOKED,
         XMPP_BADCERT_REVOKED, "a.org", "h.org"},
        {"3, another", 3, forged.cert, leaf.cert, 0, XMPP_BADCERT_DANE, "a.org",
         "h.org"},
        {"3 is not for its issuer", 3, issuer.cert, leaf.cert, 0,
         XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"2 fits", 2, issuer.cert, leaf.cert, UNKNOWN, 0, "a.org", "h.org"},
        {"2, the host's name", 2, issuer.cert, foreign.cert,
         UNKNOWN | XMPP_BADCERT_NAME, 0, "a.org", "foreign.org"},
        {"2, nobody's name", 2, issuer.cert, foreign.cert,
         UNKNOWN | XMPP_BADCERT_NAME,
         UNKNOWN | XMPP_BADCERT_NAME | XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"2, too late", 2, issuer.cert, late.cert,
         UNKNOWN | XMPP_BADCERT_EXPIRED,
         UNKNOWN | XMPP_BADCERT_EXPIRED | XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"2 is not for the server itself", 2, leaf.cert, leaf.cert, 0,
         XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"2 is not for the server itself, signed by itself", 2, alone.cert,
         alone.cert, UNKNOWN, UNKNOWN | XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"2, for another purpose", 2, issuer.cert, mailer.cert,
         UNKNOWN | XMPP_BADCERT_PURPOSE,
         UNKNOWN | XMPP_BADCERT_PURPOSE | XMPP_BADCERT_DANE, "a.org", "h.org"},
        {"1 fits, no authority", 1, leaf.cert, leaf.cert, UNKNOWN, UNKNOWN,
         "a.org", "h.org"},
        {"1 fits", 1, leaf.cert, leaf.cert, 0, 0, "a.org", "h.org"},
        {"1, another", 1, forged.cert, leaf.cert, 0, XMPP_BADCERT_DANE, "a.org",
         "h.org"},
        {"0 fits", 0, issuer.cert, leaf.cert, 0, 0, "a.org", "h.org"},
        {"0 fits, no authority", 0, issuer.cert, leaf.cert, UNKNOWN, UNKNOWN,
         "a.org", "h.org"},
        {"0, the host's name does not count", 0, issuer.cert, foreign.cert,
         XMPP_BADCERT_NAME, XMPP_BADCERT_NAME, "a.org", "foreign.org"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned char room[32];
        struct tlsa record;

        hash(&record, room, rows[i].usage, rows[i].named);
        is_int(judge(&record, 1, rows[i].own, rows[i].before, rows[i].domain,
                     rows[i].host),
               rows[i].after, "%s", rows[i].what);
    }
}

/* The real issuer is sent along, but did not sign: a name is no signature. */
static void unsigned_by_issuer(unsigned char usage)
{
    unsigned char room[32];
    struct tlsa record;

    hash(&record, room, usage, issuer.cert);
    ok(judge(&record, 1, forged.cert, 0, "a.org", "h.org") & XMPP_BADCERT_DANE,
       "usage %d: an issuer of that name that did not sign", usage);
}

static void several(void)
{
    unsigned char rooms[3][32];
    struct tlsa records[3];

    hash(&records[0], rooms[0], 3, forged.cert);
    hash(&records[1], rooms[1], 1, leaf.cert);
    hash(&records[2], rooms[2], 2, issuer.cert);
    is_int(judge(records, 3, leaf.cert, UNKNOWN, "a.org", "h.org"), 0,
           "of three, the one that says most for it");
    is_int(judge(records, 2, leaf.cert, UNKNOWN, "a.org", "h.org"), UNKNOWN,
           "of two, the one that fits");
    is_int(judge(records, 1, leaf.cert, 0, "a.org", "h.org"), XMPP_BADCERT_DANE,
           "of one, none");
    hash(&records[0], rooms[0], 3, leaf.cert);
    is_int(judge(records, 2, leaf.cert, UNKNOWN, "a.org", "h.org"), 0,
           "what a later one says does not make it worse");
    records[0].n = 0;
    is_int(judge(records, 1, leaf.cert, 0, "a.org", "h.org"), XMPP_BADCERT_DANE,
           "without data, none");
}

/* Beside an intermediate that expired there is one of the same key that did
 * not: the authority that a record names is found by that. */
static void another_way(void)
{
    const time_t now = time(NULL);
    const struct cert_spec middle = {.common = "between",
                                     .authority = 1,
                                     .by = &issuer},
                           old = {.common = "between",
                                  .authority = 1,
                                  .by = &issuer,
                                  .twin = &between[1],
                                  .from = now - 7200,
                                  .until = now - 3600},
                           own = {.dns = {"a.org"}, .by = &between[1]};
    unsigned char room[32];
    struct tlsa record;
    gnutls_x509_crt_t certs[4];

    certmaker_pair(&certmaker, &middle, &between[1]);
    certmaker_pair(&certmaker, &old, &between[0]);
    certmaker_pair(&certmaker, &own, &below);
    hash(&record, room, 2, issuer.cert);
    certs[0] = below.cert;
    certs[1] = between[0].cert;
    certs[2] = issuer.cert;
    ok(judge_chain(&record, 1, certs, 3, UNKNOWN, "a.org", "h.org") &
           XMPP_BADCERT_DANE,
       "2, an expired certificate between");
    certs[2] = between[1].cert;
    certs[3] = issuer.cert;
    is_int(judge_chain(&record, 1, certs, 4, UNKNOWN, "a.org", "h.org"), 0,
           "2, a valid one beside it");
    cert_pair_free(&between[0]);
    cert_pair_free(&between[1]);
    cert_pair_free(&below);
}

static void open_mint(void)
{
    const struct cert_spec of_issuer = {.common = "issuer", .authority = 1};
    const struct cert_spec good = {.dns = {"a.org"}, .by = &issuer},
                           bad = {.dns = {"a.org"}, .by = &impostor},
                           old = {.dns = {"a.org"},
                                  .by = &issuer,
                                  .from = time(NULL) - 7200,
                                  .until = time(NULL) - 3600},
                           other = {.dns = {"foreign.org"}, .by = &issuer},
                           own = {.dns = {"a.org"}, .self = 1, .authority = 1},
                           mail = {.dns = {"a.org"},
                                   .by = &issuer,
                                   .for_client = 1};

    certmaker_open(&certmaker);
    certmaker_pair(&certmaker, &of_issuer, &issuer);
    certmaker_pair(&certmaker, &of_issuer, &impostor);
    certmaker_pair(&certmaker, &good, &leaf);
    certmaker_pair(&certmaker, &bad, &forged);
    certmaker_pair(&certmaker, &old, &late);
    certmaker_pair(&certmaker, &other, &foreign);
    certmaker_pair(&certmaker, &own, &alone);
    certmaker_pair(&certmaker, &mail, &mailer);
}

int main(void)
{
    struct cert_pair *pairs[] = {&issuer, &impostor, &leaf,  &forged,
                                 &late,   &foreign,  &alone, &mailer};

    targets();
    sizes();
    servers();
    if (!dane_is_there()) {
        skip("certificates: built without DANE");
        return done_testing();
    }
    open_mint();
    verdicts();
    unsigned_by_issuer(0);
    unsigned_by_issuer(2);
    several();
    another_way();
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        cert_pair_free(pairs[i]);
    certmaker_close(&certmaker);
    return done_testing();
}
