/* choice.c - which mechanism is taken, how the channel is bound, and what is
 * refused: every case of GS2's flag, of XEP-0440, of pins and of policy. */

#include "sasl/choice.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

/* What we have, as letters: p password, a password asked for, k keys for
 * SCRAM-SHA-256, t token, c certificate, g guest, r legacy mechanisms; B
 * binding demanded; for the channel: - no TLS, u TLS that is not verified, 2
 * TLS 1.2 with tls-unique, 0 TLS without any data, else 1.3. */
static void have(struct sasl_testbed *testbed, const char *letters)
{
    static struct scram_keys keys = {.is_set = true, .digest = DIGEST_SHA256};
    struct credentials *c = &testbed->credentials;

    c->password = strchr(letters, 'p') ? STR("pencil") : STR_NONE;
    c->can_get_password = strchr(letters, 'a') != NULL;
    c->keys = strchr(letters, 'k') ? &keys : NULL;
    c->oauth_token = strchr(letters, 't') ? STR("token") : STR_NONE;
    c->external = strchr(letters, 'c') != NULL;
    c->anonymous = strchr(letters, 'g') != NULL;
    c->allow_legacy = strchr(letters, 'r') != NULL;
    c->needs_channel_binding = strchr(letters, 'B') != NULL;
    if (strchr(letters, '-'))
        c->channel = NULL;
    if (strchr(letters, '-') || strchr(letters, 'u'))
        c->encrypted = false;
    if (strchr(letters, '0'))
        testbed->channel = (struct channel){0};
    if (strchr(letters, '2')) {
        testbed->channel.version = TLS_1_2;
        testbed->channel.bindings[BINDING_UNIQUE].n = 12;
    }
}

static const struct row {
    const char *have, *mechanisms, *types, *allowed, *min_strength;
    const char *want; /* mechanism, flag, binding, guess, proof; or a code */
} rows[] = {
    /* strength */
    {"p", "PLAIN SCRAM-SHA-1 X SCRAM-SHA-512 SCRAM-SHA-256 ANONYMOUS", NULL,
     NULL, NULL, "SCRAM-SHA-512 y"},
    {"p", "SCRAM-SHA-512 SCRAM-SHA-1-PLUS", "tls-exporter", NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-exporter"},
    {"p", "PLAIN", NULL, NULL, NULL, "PLAIN n"},
    {"p-", "PLAIN", NULL, NULL, NULL, "XMPP_EMECH"},
    {"pu", "PLAIN", NULL, NULL, NULL, "XMPP_EMECH"},
    {"pc", "PLAIN SCRAM-SHA-512-PLUS EXTERNAL", NULL, NULL, NULL, "EXTERNAL n"},
    {"pc", "PLAIN", NULL, NULL, NULL, "PLAIN n"},
    {"gc", "EXTERNAL", NULL, NULL, NULL, "XMPP_ECRED"},
    {"p", "EXTERNAL PLAIN", NULL, NULL, NULL, "PLAIN n"},
    {"g", "PLAIN ANONYMOUS", NULL, NULL, NULL, "ANONYMOUS n"},
    {"p", "ANONYMOUS", NULL, NULL, NULL, "XMPP_ECRED"},
    {"g", "SCRAM-SHA-1", NULL, NULL, NULL, "XMPP_ECRED"},
    {"p", "", NULL, NULL, NULL, "XMPP_EMECH"},
    {"p", "X-OAUTH2 GSSAPI", NULL, NULL, NULL, "XMPP_EMECH"},
    {"p", "SCRAM-SHA-1", NULL, "PLAIN", NULL, "XMPP_EMECH"},
    {"pt", "OAUTHBEARER SCRAM-SHA-1 PLAIN", NULL, NULL, NULL, "SCRAM-SHA-1 y"},
    {"pt", "OAUTHBEARER PLAIN", NULL, NULL, NULL, "OAUTHBEARER n"},
    {"t", "OAUTHBEARER PLAIN SCRAM-SHA-1", NULL, NULL, NULL, "OAUTHBEARER n"},
    {"tu", "OAUTHBEARER", NULL, NULL, NULL, "XMPP_EMECH"},
    {"p", "OAUTHBEARER", NULL, NULL, NULL, "XMPP_ECRED"},
    {"a", "SCRAM-SHA-1 PLAIN", NULL, NULL, NULL, "SCRAM-SHA-1 y"},
    {"k", "SCRAM-SHA-512 SCRAM-SHA-256 PLAIN", NULL, NULL, NULL,
     "SCRAM-SHA-256 y"},
    {"kp", "SCRAM-SHA-512 SCRAM-SHA-256 PLAIN", NULL, NULL, NULL,
     "SCRAM-SHA-512 y"},
    {"k", "SCRAM-SHA-1 PLAIN", NULL, NULL, NULL, "XMPP_ECRED"},
    /* legacy mechanisms */
    {"p", "DIGEST-MD5", NULL, NULL, NULL, "XMPP_EMECH"},
    {"p", "DIGEST-MD5 PLAIN", NULL, NULL, NULL, "PLAIN n"},
    {"pr", "DIGEST-MD5 PLAIN", NULL, NULL, NULL, "DIGEST-MD5 n"},
    {"p", "DIGEST-MD5 PLAIN", NULL, "DIGEST-MD5", NULL, "DIGEST-MD5 n"},
    {"pr", "DIGEST-MD5 SCRAM-SHA-1", NULL, NULL, NULL, "SCRAM-SHA-1 y"},
    /* the flag */
    {"p-", "SCRAM-SHA-1", NULL, NULL, NULL, "SCRAM-SHA-1 n"},
    {"p-", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", NULL, NULL, NULL, "SCRAM-SHA-1 n"},
    {"p0", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", NULL, NULL, NULL, "SCRAM-SHA-1 n"},
    {"p0", "SCRAM-SHA-1", NULL, NULL, NULL, "SCRAM-SHA-1 n"},
    {"p", "SCRAM-SHA-1", NULL, NULL, NULL, "SCRAM-SHA-1 y"},
    {"p", "SCRAM-SHA-1", NULL, "SCRAM-SHA-1", NULL, "SCRAM-SHA-1 n"},
    {"p", "SCRAM-SHA-1", NULL, "EXTERNAL SCRAM-SHA-1", NULL, "SCRAM-SHA-1 n"},
    {"p", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter", "SCRAM-SHA-1", NULL,
     "SCRAM-SHA-1 n"},
    {"pu", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter", NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-exporter"},
    {"p", "SCRAM-SHA-1 SCRAM-SHA3-512-PLUS", NULL, NULL, NULL,
     "SCRAM-SHA-1 n proof"},
    {"k", "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "tls-exporter", NULL, NULL,
     "SCRAM-SHA-256 n proof"},
    /* types, listed by XEP-0440 */
    {"p", "SCRAM-SHA-1-PLUS", "tls-server-end-point tls-exporter tls-unique",
     NULL, NULL, "SCRAM-SHA-1-PLUS p=tls-exporter"},
    {"p", "SCRAM-SHA-1-PLUS", "tls-server-end-point tls-unique", NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-server-end-point"},
    {"p2", "SCRAM-SHA-1-PLUS", "tls-server-end-point tls-unique", NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-unique"},
    {"p2", "SCRAM-SHA-1-PLUS", "tls-server-end-point tls-exporter tls-unique",
     NULL, NULL, "SCRAM-SHA-1-PLUS p=tls-exporter"},
    {"p", "SCRAM-SHA-1-PLUS", "tls-unique", NULL, NULL, "XMPP_EMECH"},
    {"p", "SCRAM-SHA-1-PLUS SCRAM-SHA-1", "tls-unique", NULL, NULL,
     "SCRAM-SHA-1 n proof"},
    {"p", "SCRAM-SHA-1-PLUS SCRAM-SHA-1", "x-fictional", NULL, NULL,
     "SCRAM-SHA-1 n proof"},
    {"p", "SCRAM-SHA-1", "tls-exporter", NULL, NULL, "SCRAM-SHA-1 y proof"},
    {"p", "PLAIN", "tls-exporter", NULL, NULL, "PLAIN n"},
    /* and not listed */
    {"p", "SCRAM-SHA-1-PLUS SCRAM-SHA-512", NULL, NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-exporter guess"},
    {"p2", "SCRAM-SHA-1-PLUS SCRAM-SHA-512", NULL, NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-unique"},
    /* demanded */
    {"pB", "SCRAM-SHA-1-PLUS SCRAM-SHA-512", "tls-exporter", NULL, NULL,
     "SCRAM-SHA-1-PLUS p=tls-exporter"},
    {"pB", "SCRAM-SHA-512 PLAIN", NULL, NULL, NULL, "XMPP_EPOLICY"},
    {"pB", "SCRAM-SHA-1-PLUS SCRAM-SHA-1", "tls-unique", NULL, NULL,
     "XMPP_EPOLICY"},
    {"pB", "SCRAM-SHA-1-PLUS", "tls-unique", NULL, NULL, "XMPP_EPOLICY"},
    {"pB-", "SCRAM-SHA-1-PLUS SCRAM-SHA-1", NULL, NULL, NULL, "XMPP_EPOLICY"},
    {"pcB", "EXTERNAL SCRAM-SHA-1", NULL, NULL, NULL, "EXTERNAL n"},
    {"gB", "ANONYMOUS", NULL, NULL, NULL, "XMPP_EPOLICY"},
    /* pins */
    {"p", "SCRAM-SHA-256-PLUS", "tls-exporter", NULL,
     "1 SCRAM-SHA-256-PLUS tls-exporter", "SCRAM-SHA-256-PLUS p=tls-exporter"},
    {"p", "SCRAM-SHA-512-PLUS", "tls-exporter", NULL,
     "1 SCRAM-SHA-256-PLUS tls-server-end-point",
     "SCRAM-SHA-512-PLUS p=tls-exporter"},
    {"p", "SCRAM-SHA-256-PLUS", "tls-server-end-point", NULL,
     "1 SCRAM-SHA-256-PLUS tls-exporter",
     "SCRAM-SHA-256-PLUS p=tls-server-end-point proof"},
    {"p", "SCRAM-SHA-1-PLUS", "tls-exporter", NULL,
     "1 SCRAM-SHA-256-PLUS tls-exporter",
     "SCRAM-SHA-1-PLUS p=tls-exporter proof"},
    {"p", "SCRAM-SHA-256", NULL, NULL, "1 SCRAM-SHA-256-PLUS tls-exporter",
     "SCRAM-SHA-256 y proof"},
    {"p", "SCRAM-SHA-1", NULL, NULL, "1 SCRAM-SHA-256 -",
     "SCRAM-SHA-1 y proof"},
    {"p", "PLAIN", NULL, NULL, "1 SCRAM-SHA-1 -", "XMPP_EPOLICY"},
    {"pr", "PLAIN DIGEST-MD5", NULL, NULL, "1 SCRAM-SHA-1 -", "XMPP_EPOLICY"},
    {"t", "OAUTHBEARER", NULL, NULL, "1 SCRAM-SHA-1 -", "XMPP_EPOLICY"},
    {"p", "PLAIN", NULL, NULL, "1 PLAIN -", "PLAIN n"},
    {"p", "PLAIN", NULL, NULL, "1 EXTERNAL -", "XMPP_EPOLICY"},
    {"pr", "DIGEST-MD5", NULL, NULL, "1 EXTERNAL -", "XMPP_EPOLICY"},
    {"p", "SCRAM-SHA-1", NULL, NULL, "1 EXTERNAL -", "SCRAM-SHA-1 y"},
    {"c", "EXTERNAL", NULL, NULL, "1 SCRAM-SHA-512-PLUS tls-exporter",
     "EXTERNAL n"},
};

static void describe(const struct sasl_choice *c, char *out, size_t n)
{
    snprintf(out, n, "%s %c%s%s%s%s", c->mechanism->name, c->flag,
             c->binding ? "=" : "", c->binding ? binding_name(c->binding) : "",
             c->is_guess ? " guess" : "", c->needs_proof ? " proof" : "");
}

static void chooses(const struct row *row)
{
    char got[128];
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, row->mechanisms, row->types);
    have(&testbed, row->have);
    testbed.credentials.allowed = str_of(row->allowed);
    if (row->min_strength && !strength_read(&testbed.credentials.min_strength,
                                            str_of(row->min_strength)))
        bail("not a strength");
    if (choice_make(&testbed.offer, &testbed.credentials, &testbed.choice,
                    &testbed.fault))
        describe(&testbed.choice, got, sizeof(got));
    else
        snprintf(got, sizeof(got), "%s",
                 xmpp_strerror_name(testbed.fault.code));
    is_str(got, row->want, "%s, offered %s%s%s%s%s", row->have, row->mechanisms,
           row->types ? " with " : "", row->types ? row->types : "",
           row->min_strength ? ", at least " : "",
           row->min_strength ? row->min_strength : "");
    sasl_testbed_drop(&testbed, row->want);
}

/* ---- after refusals ---------------------------------------------- */

static void next(struct sasl_testbed *testbed, const char *want)
{
    char got[128];

    testbed->fault = (struct fault){0};
    if (choice_make(&testbed->offer, &testbed->credentials, &testbed->choice,
                    &testbed->fault))
        describe(&testbed->choice, got, sizeof(got));
    else
        snprintf(got, sizeof(got), "%s",
                 xmpp_strerror_name(testbed->fault.code));
    is_str(got, want, "what is chosen next");
    if (testbed->choice.mechanism)
        choice_refuse(&testbed->offer, &testbed->choice);
}

static void descends(void)
{
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-512 PLAIN SCRAM-SHA-1", NULL);
    next(&testbed, "SCRAM-SHA-512 y");
    next(&testbed, "SCRAM-SHA-1 y");
    next(&testbed, "XMPP_EMECH"); /* who refused a proof gets no password */
    sasl_testbed_drop(&testbed, "refusals");

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1 PLAIN", NULL);
    next(&testbed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&testbed, "SCRAM-SHA-1 n"); /* it was only a guess */
    next(&testbed, "XMPP_EMECH");
    sasl_testbed_drop(&testbed, "a guess");

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS PLAIN", NULL);
    next(&testbed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&testbed, "XMPP_EMECH");
    sasl_testbed_drop(&testbed, "a guess without more");

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1", NULL);
    strength_read(&testbed.credentials.min_strength,
                  STR("1 SCRAM-SHA-1-PLUS tls-exporter"));
    next(&testbed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&testbed, "SCRAM-SHA-1 n proof"); /* but it was right once */
    sasl_testbed_drop(&testbed, "a pinned guess");

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1", NULL);
    testbed.credentials.needs_channel_binding = true;
    next(&testbed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&testbed, "XMPP_EPOLICY");
    sasl_testbed_drop(&testbed, "a guess that has to be right");

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1",
                       "tls-exporter");
    next(&testbed, "SCRAM-SHA-1-PLUS p=tls-exporter");
    next(&testbed, "SCRAM-SHA-1 n proof"); /* what was announced has to work */
    sasl_testbed_drop(&testbed, "no guess");
}

/* ---- what XEP-0474 signs ----------------------------------------- */

static void lists(void)
{
    static const struct {
        const char *mechanisms, *types, *want;
    } rows_[] = {
        {"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point tls-exporter",
         "SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1f"
         "tls-exporter\x1etls-server-end-point"},
        {"b a B A aa", NULL,
         "A\x1e"
         "B\x1e"
         "a\x1e"
         "aa\x1e"
         "b"},
        {"b a b", "x",
         "a\x1e"
         "b\x1e"
         "b\x1fx"},
        {"", NULL, ""},
        {"\xc3\xa9 z", NULL, "z\x1e\xc3\xa9"},
    };

    for (size_t i = 0; i < sizeof(rows_) / sizeof(rows_[0]); i++) {
        struct sasl_testbed testbed;
        struct str got;

        sasl_testbed_make(&testbed);
        sasl_testbed_offer(&testbed, rows_[i].mechanisms, rows_[i].types);
        got = buf_view(&testbed.offer.lists);
        is_mem(got.s, got.n, rows_[i].want, strlen(rows_[i].want),
               "the list of: %s", rows_[i].mechanisms);
        sasl_testbed_drop(&testbed, "a list");
    }
}

/* A name may be empty, wherever it comes. */
static void list_of_empty_names(void)
{
    for (int first = 0; first < 2; first++) {
        struct sasl_testbed testbed;
        struct str got;

        sasl_testbed_make(&testbed);
        offer_mechanism(&testbed.offer, first ? STR("") : STR("a"));
        offer_mechanism(&testbed.offer, first ? STR("a") : STR(""));
        is_int(offer_seal(&testbed.offer), 0, "an empty name");
        got = buf_view(&testbed.offer.lists);
        is_mem(got.s, got.n,
               "\x1e"
               "a",
               2, "  comes before all others");
        sasl_testbed_drop(&testbed, "an empty name");
    }
}

static void lists_fail(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct sasl_testbed testbed;
        int rc;

        sasl_testbed_make(&testbed);
        failmem_arm(&testbed.memory, ++n, 0);
        offer_mechanism(&testbed.offer, STR("A"));
        offer_binding(&testbed.offer, STR("B"));
        rc = offer_seal(&testbed.offer);
        failed = testbed.memory.failed > 0;
        if (failed != (rc == XMPP_EMEM))
            ok(false, "allocation %lu failed unnoticed", n);
        sasl_testbed_drop(&testbed, "a list without memory");
    }
    ok(n > 4, "each of %lu allocations failed", n - 1);
}

/* What ends in -PLUS has a name before that. */
static void plus(void)
{
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    offer_mechanism(&testbed.offer, STR("-PLUS"));
    offer_mechanism(&testbed.offer, STR("X-PLUSES"));
    ok(!testbed.offer.has_plus, "none binds the channel");
    offer_mechanism(&testbed.offer, STR("X-PLUS"));
    ok(testbed.offer.has_plus, "one does");
    sasl_testbed_drop(&testbed, "an offer");
    sasl_testbed_make(&testbed);
    offer_elsewhere(&testbed.offer, STR("PLAIN"));
    ok(!testbed.offer.has_plus, "of those for another profile none");
    offer_elsewhere(&testbed.offer, STR("SCRAM-SHA-1-PLUS"));
    ok(testbed.offer.has_plus && !testbed.offer.known,
       "one of another profile does, but cannot be chosen");
    sasl_testbed_drop(&testbed, "another profile");
}

static void passwords(void)
{
    struct credentials c = {.authcid = STR("r"), .password = STR("x")};

    ok(sasl_has_password(&c), "of an account with a short name");
    c.anonymous = true;
    ok(!sasl_has_password(&c), "of nobody");
    c.anonymous = false;
    c.password = STR_NONE;
    ok(!sasl_has_password(&c), "none");
    c.can_get_password = true;
    ok(sasl_has_password(&c), "which can be asked for");
    c.authcid = STR("");
    ok(!sasl_has_password(&c), "without a name");
}

/* Stored keys or a token serve as a password does, for an account with a name.
 */
static void without_password(const struct mechanism *m)
{
    static const struct scram_keys keys = {.is_set = true,
                                           .digest = DIGEST_SHA256};
    struct credentials c = {.authcid = STR("r")};

    ok(!m->is_possible(m, &c), "%s: neither is there", m->name);
    c.keys = &keys;
    c.oauth_token = STR("token");
    ok(m->is_possible(m, &c), "  for an account with a short name");
    c.anonymous = true;
    ok(!m->is_possible(m, &c), "  not for nobody");
    c.anonymous = false;
    c.authcid = STR("");
    ok(!m->is_possible(m, &c), "  nor without a name");
}

int main(void)
{
    plus();
    passwords();
    without_password(&mechanism_scram_sha256);
    without_password(&mechanism_bearer);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        chooses(&rows[i]);
    descends();
    lists();
    list_of_empty_names();
    lists_fail();
    ok(mechanism_bits(STR("X PLAIN")) == mechanism_bit(STR("PLAIN")) &&
           mechanism_bits(STR("PLAIN")),
       "a known one in a list");
    ok(!mechanism_bits(STR("X Y")), "none in a list");
    return done_testing();
}
