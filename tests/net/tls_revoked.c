/* tls_revoked.c - what is revoked is refused: by lists, and by what is stapled.
 */

#include "net/tls_pair.h"

static struct certmaker certmaker;

/* One handshake, and the reasons against the certificate. */
struct row {
    const char *what, *cert, *staple, *list;
    bool demand; /* XMPP_OPT_TLS_REQUIRE_STATUS */
    unsigned reasons;
};

static void run(const struct row *row, const char *priority)
{
    char list[160];
    struct tls_pair b;
    int rc;

    tls_pair_init(&b, &certmaker);
    b.cert = row->cert;
    b.staple = row->staple;
    b.priority = priority;
    b.wanted.require_status = row->demand;
    if (row->list) {
        snprintf(list, sizeof(list), "%s/%s.crl", certmaker.folder, row->list);
        b.config.crlfile = list;
    }
    tls_pair_open(&b, &certmaker);
    rc = tls_pair_shake(&b);
    is_int(rc, row->reasons ? PIPE_DECIDE : 0, "%s, %s", row->what, priority);
    if (b.tls)
        is_int(tls_stage_reasons(b.tls), row->reasons, "%s: the reasons",
               row->what);
    if (rc == 0)
        is_str(tls_stage_info(b.tls, XMPP_TLS_STATUS),
               row->staple ? "yes" : "no", "%s: stapled or not", row->what);
    if (rc == PIPE_DECIDE) {
        bool revoked = row->reasons & XMPP_BADCERT_REVOKED;

        tls_stage_answer(b.tls, false);
        tls_pair_shake(&b);
        is_int(gnutls_alert_get(b.server),
               revoked ? GNUTLS_A_CERTIFICATE_REVOKED
                       : GNUTLS_A_BAD_CERTIFICATE,
               "%s: the server hears why", row->what);
    }
    if (fault_is_set(&b.fault))
        printf("# %s\n", b.fault.detail);
    tls_pair_close(&b, row->what);
}

static const struct row rows[] = {
    {"nothing is known", "good", NULL, NULL, false, 0},
    {"nothing is known, but demanded", "good", NULL, NULL, true,
     XMPP_BADCERT_STATUS},
    {"a list without it", "good", NULL, "none", false, 0},
    {"a list with another", "good", NULL, "other", false, 0},
    {"a list with it", "good", NULL, "it", false, XMPP_BADCERT_REVOKED},
    {"a list that is too old", "good", NULL, "late", false,
     XMPP_BADCERT_STATUS},
    {"a list of the future", "good", NULL, "early", false, XMPP_BADCERT_STATUS},
    {"a stapled yes", "good", "yes", NULL, false, 0},
    {"a stapled yes, demanded", "good", "yes", NULL, true, 0},
    {"a stapled no", "good", "no", NULL, false, XMPP_BADCERT_REVOKED},
    {"a stapled yes that is too old", "good", "old", NULL, false,
     XMPP_BADCERT_STATUS},
    {"a forged yes", "good", "forged", NULL, false, XMPP_BADCERT_STATUS},
    {"a yes about another", "good", "foreign", NULL, false,
     XMPP_BADCERT_STATUS},
    {"must staple and does", "must", "must", NULL, false, 0},
    {"must staple and does not", "must", NULL, NULL, false,
     XMPP_BADCERT_STATUS},
    {"a yes, but the list says no", "good", "yes", "it", false,
     XMPP_BADCERT_REVOKED},
};

static void make(void)
{
    time_t now = time(NULL), hour = 3600;
    const struct ocsp_answer yes = {now - hour, now + hour, 0, 0};
    const struct cert_spec good = {.dns = {"example.org"}, .serial = 7};
    const struct cert_spec must = {
        .dns = {"example.org"}, .serial = 8, .must_staple = 1};
    struct cert_pair pair;

    certmaker_crl(&certmaker, "none", 0, now - hour, now + hour);
    certmaker_crl(&certmaker, "other", 9, now - hour, now + hour);
    certmaker_crl(&certmaker, "it", 7, now - hour, now + hour);
    certmaker_crl(&certmaker, "late", 0, now - 2 * hour, now - hour);
    certmaker_crl(&certmaker, "early", 0, now + hour, now + 2 * hour);
    certmaker_pair(&certmaker, &good, &pair);
    certmaker_pair_files(&certmaker, &pair, "good");
    certmaker_ocsp(&certmaker, pair.cert, "yes", &yes);
    certmaker_ocsp(&certmaker, pair.cert, "no",
                   &(struct ocsp_answer){now - hour, now + hour, 1, 0});
    certmaker_ocsp(&certmaker, pair.cert, "old",
                   &(struct ocsp_answer){now - 9 * hour, now - 8 * hour, 0, 0});
    certmaker_ocsp(&certmaker, pair.cert, "forged",
                   &(struct ocsp_answer){now - hour, now + hour, 0, 1});
    cert_pair_free(&pair);
    certmaker_pair(&certmaker, &must, &pair);
    certmaker_pair_files(&certmaker, &pair, "must");
    certmaker_ocsp(&certmaker, pair.cert, "must", &yes);
    certmaker_ocsp(&certmaker, pair.cert, "foreign", &yes);
    cert_pair_free(&pair);
}

int main(void)
{
    certmaker_open(&certmaker);
    make();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        run(&rows[i], "NORMAL");
        run(&rows[i], "NORMAL:-VERS-ALL:+VERS-TLS1.2");
    }
    certmaker_close(&certmaker);
    return done_testing();
}
