/* tls_pins.c - a pin besides everything else, and instead of it; and that a
 * server gets nothing of ours before it is accepted. */

#include "net/tls_pair.h"

static struct certmaker certmaker;
static char client_crt[160], client_key[160], list[160];

/* Pins of the certificates "good" and "odd" by kind; the last is of nobody. */
enum { GOOD_KEY, GOOD_CERT, ODD_KEY, ODD_CERT, NOBODY, PINS };
static struct tls_pin pins[PINS];

struct row {
    const char *what, *cert;
    int pin; /* -1: none */
    bool suffices, blind, listed;
    unsigned reasons;
    const char *verified;
};

static const struct row rows[] = {
    {"a pinned key", "good", GOOD_KEY, false, false, false, 0, "yes"},
    {"a pinned certificate", "good", GOOD_CERT, false, false, false, 0, "yes"},
    {"another key", "good", ODD_KEY, false, false, false, XMPP_BADCERT_PIN,
     NULL},
    {"another certificate", "good", ODD_CERT, false, false, false,
     XMPP_BADCERT_PIN, NULL},
    {"a pin does not suffice", "odd", ODD_KEY, false, false, false,
     XMPP_BADCERT_ISSUER | XMPP_BADCERT_NAME, NULL},
    {"a pin that suffices", "odd", ODD_KEY, true, false, false, 0, "by-pin"},
    {"of a certificate too", "odd", ODD_CERT, true, false, false, 0, "by-pin"},
    {"another than suffices", "odd", GOOD_KEY, true, false, false,
     XMPP_BADCERT_ISSUER | XMPP_BADCERT_NAME | XMPP_BADCERT_PIN, NULL},
    {"a good one with a pin that suffices", "good", GOOD_KEY, true, false,
     false, 0, "by-pin"},
    {"revoked stays revoked", "good", GOOD_KEY, true, false, true,
     XMPP_BADCERT_REVOKED, NULL},
    {"any certificate, but pinned", "odd", ODD_KEY, false, true, false, 0,
     "no"},
    {"any certificate, pinned otherwise", "odd", NOBODY, false, true, false,
     XMPP_BADCERT_PIN, NULL},
    {"without pins none suffices", "odd", -1, true, false, false,
     XMPP_BADCERT_ISSUER | XMPP_BADCERT_NAME, NULL},
};

static void run(const struct row *row)
{
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.cert = row->cert;
    b.config.trust_any = row->blind;
    b.config.crlfile = row->listed ? list : NULL;
    b.wanted.pins = row->pin < 0 ? NULL : &pins[row->pin];
    b.wanted.pins_n = row->pin >= 0;
    b.wanted.pins_suffice = row->suffices;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), row->reasons ? PIPE_DECIDE : 0, "%s", row->what);
    is_int(tls_stage_reasons(b.tls), row->reasons, "%s: the reasons",
           row->what);
    if (row->verified)
        is_str(tls_stage_info(b.tls, XMPP_TLS_VERIFIED), row->verified,
               "%s: is told", row->what);
    tls_pair_close(&b, row->what);
}

/* Of several, one is enough. */
static void several(void)
{
    const struct tls_pin some[] = {pins[NOBODY], pins[ODD_CERT],
                                   pins[GOOD_KEY]};
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.wanted.pins = some;
    b.wanted.pins_n = 3;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "one of three pins");
    tls_pair_close(&b, "several");
}

/* ---- nothing is given away --------------------------------------- */

static void nothing_given(const char *priority, bool accept)
{
    struct tls_pair b;
    unsigned n = 0;
    char byte;

    tls_pair_init(&b, &certmaker);
    b.cert = "odd";
    b.priority = priority;
    b.config.cert = client_crt;
    b.config.key = client_key;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), PIPE_DECIDE, "%s: asked", priority);
    ok(!gnutls_certificate_get_peers(b.server, &n),
       "%s: the server has not seen our certificate", priority);
    is_int(b.server_said, GNUTLS_E_AGAIN, "%s: nor anything else", priority);
    is_int(pipe_read(&b.pipe, &byte, 1) < 0, true, "%s: nothing is read",
           priority);
    ok(!pipe_pending(&b.pipe) && !pipe_wants(&b.pipe, 0), "%s: nor waited for",
       priority);
    tls_stage_answer(b.tls, accept);
    is_int(tls_pair_shake(&b), accept ? 0 : PIPE_FAIL, "%s: answered",
           priority);
    n = 0;
    ok((gnutls_certificate_get_peers(b.server, &n) != NULL) == accept,
       "%s: it sees ours only when accepted", priority);
    tls_pair_close(&b, priority);
}

static void make(const char *name, const struct cert_spec *spec, int key)
{
    struct cert_pair pair;
    size_t n = TLS_HASH;

    certmaker_pair(&certmaker, spec, &pair);
    certmaker_pair_files(&certmaker, &pair, name);
    pins[key].kind = XMPP_TLS_PIN_KEY;
    pins[key + 1].kind = XMPP_TLS_PIN_CERT;
    if (gnutls_x509_crt_get_key_id(pair.cert, GNUTLS_KEYID_USE_SHA256,
                                   pins[key].hash, &n) ||
        gnutls_x509_crt_get_fingerprint(pair.cert, GNUTLS_DIG_SHA256,
                                        pins[key + 1].hash, &n))
        bail("no pin");
    cert_pair_free(&pair);
}

int main(void)
{
    time_t now = time(NULL);

    certmaker_open(&certmaker);
    make("good", &(struct cert_spec){.dns = {"example.org"}, .serial = 7},
         GOOD_KEY);
    make("odd", &(struct cert_spec){.dns = {"example.com"}, .self = 1},
         ODD_KEY);
    certmaker_crl(&certmaker, "it", 7, now - 3600, now + 3600);
    certmaker_files(&certmaker, &(struct cert_spec){.for_client = 1}, "client");
    snprintf(list, sizeof(list), "%s/it.crl", certmaker.folder);
    snprintf(client_crt, sizeof(client_crt), "%s/client.crt", certmaker.folder);
    snprintf(client_key, sizeof(client_key), "%s/client.key", certmaker.folder);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        run(&rows[i]);
    several();
    nothing_given("NORMAL:-VERS-ALL:+VERS-TLS1.3", false);
    nothing_given("NORMAL:-VERS-ALL:+VERS-TLS1.3", true);
    nothing_given("NORMAL:-VERS-ALL:+VERS-TLS1.2", false);
    nothing_given("NORMAL:-VERS-ALL:+VERS-TLS1.2", true);
    certmaker_close(&certmaker);
    return done_testing();
}
