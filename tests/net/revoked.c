/* revoked.c - what is revoked is refused: by lists, and by what is stapled. */

#include "net/both.h"

static struct mint mint;

/* One handshake, and the reasons against the certificate. */
struct row {
    const char *what, *cert, *staple, *list;
    bool demand; /* XMPP_OPT_TLS_REQUIRE_STATUS */
    unsigned reasons;
};

static void run(const struct row *row, const char *priority)
{
    char list[160];
    struct both b;
    int rc;

    both_init(&b, &mint);
    b.cert = row->cert;
    b.staple = row->staple;
    b.priority = priority;
    b.wanted.require_status = row->demand;
    if (row->list) {
        snprintf(list, sizeof(list), "%s/%s.crl", mint.folder, row->list);
        b.config.crlfile = list;
    }
    both_open(&b, &mint);
    rc = both_shake(&b);
    is_int(rc, row->reasons ? PIPE_ASK : 0, "%s, %s", row->what, priority);
    if (b.tls)
        is_int(tls_stage_reasons(b.tls), row->reasons, "%s: the reasons",
               row->what);
    if (rc == 0)
        is_str(tls_stage_info(b.tls, XMPP_TLS_STATUS),
               row->staple ? "yes" : "no", "%s: stapled or not", row->what);
    if (fault_is_set(&b.fault))
        printf("# %s\n", b.fault.detail);
    both_close(&b, row->what);
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
    const struct answer yes = {now - hour, now + hour, 0, 0};
    const struct coin good = {.dns = {"example.org"}, .serial = 7};
    const struct coin must = {
        .dns = {"example.org"}, .serial = 8, .must_staple = 1};
    struct mint_pair pair;

    mint_list(&mint, "none", 0, now - hour, now + hour);
    mint_list(&mint, "other", 9, now - hour, now + hour);
    mint_list(&mint, "it", 7, now - hour, now + hour);
    mint_list(&mint, "late", 0, now - 2 * hour, now - hour);
    mint_list(&mint, "early", 0, now + hour, now + 2 * hour);
    mint_pair(&mint, &good, &pair);
    mint_pair_files(&mint, &pair, "good");
    mint_answer(&mint, pair.cert, "yes", &yes);
    mint_answer(&mint, pair.cert, "no",
                &(struct answer){now - hour, now + hour, 1, 0});
    mint_answer(&mint, pair.cert, "old",
                &(struct answer){now - 9 * hour, now - 8 * hour, 0, 0});
    mint_answer(&mint, pair.cert, "forged",
                &(struct answer){now - hour, now + hour, 0, 1});
    mint_unpair(&pair);
    mint_pair(&mint, &must, &pair);
    mint_pair_files(&mint, &pair, "must");
    mint_answer(&mint, pair.cert, "must", &yes);
    mint_answer(&mint, pair.cert, "foreign", &yes);
    mint_unpair(&pair);
}

int main(void)
{
    mint_open(&mint);
    make();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        run(&rows[i], "NORMAL");
        run(&rows[i], "NORMAL:-VERS-ALL:+VERS-TLS1.2");
    }
    mint_close(&mint);
    return done_testing();
}
