/* choice.c - which mechanism is taken, how the channel is bound, and what is
 * refused: every case of GS2's flag, of XEP-0440, of pins and of policy. */

#include "sasl/choice.h"

#include "sasl/bed.h"
#include "tap.h"

/* What we have, as letters: p password, a password asked for, k keys for
 * SCRAM-SHA-256, t token, c certificate, g guest, r relics; B binding demanded;
 * for the channel: - no TLS, u TLS that is not verified, 2 TLS 1.2 with
 * tls-unique, 0 TLS without any data, else 1.3. */
static void have(struct bed *bed, const char *letters)
{
    static struct scram_keys keys = {.is_set = true, .digest = DIGEST_SHA256};
    struct credentials *c = &bed->credentials;

    c->password = strchr(letters, 'p') ? STR("pencil") : STR_NONE;
    c->can_ask = strchr(letters, 'a') != NULL;
    c->keys = strchr(letters, 'k') ? &keys : NULL;
    c->token = strchr(letters, 't') ? STR("token") : STR_NONE;
    c->external = strchr(letters, 'c') != NULL;
    c->anonymous = strchr(letters, 'g') != NULL;
    c->relics = strchr(letters, 'r') != NULL;
    c->needs_binding = strchr(letters, 'B') != NULL;
    if (strchr(letters, '-'))
        c->channel = NULL;
    if (strchr(letters, '-') || strchr(letters, 'u'))
        c->encrypted = false;
    if (strchr(letters, '0'))
        bed->channel = (struct channel){0};
    if (strchr(letters, '2')) {
        bed->channel.version = TLS_1_2;
        bed->channel.bindings[BINDING_UNIQUE].n = 12;
    }
}

static const struct row {
    const char *have, *mechanisms, *types, *allowed, *pin;
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
    /* relics */
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
    struct bed bed;

    bed_make(&bed);
    bed_offer(&bed, row->mechanisms, row->types);
    have(&bed, row->have);
    bed.credentials.allowed = str_of(row->allowed);
    if (row->pin && !pin_read(&bed.credentials.pin, str_of(row->pin)))
        bail("no pin");
    if (choice_make(&bed.offer, &bed.credentials, &bed.choice, &bed.fault))
        describe(&bed.choice, got, sizeof(got));
    else
        snprintf(got, sizeof(got), "%s", xmpp_strerror_name(bed.fault.code));
    is_str(got, row->want, "%s, offered %s%s%s%s%s", row->have, row->mechanisms,
           row->types ? " with " : "", row->types ? row->types : "",
           row->pin ? ", pinned " : "", row->pin ? row->pin : "");
    bed_drop(&bed, row->want);
}

/* ---- after refusals ---------------------------------------------- */

static void next(struct bed *bed, const char *want)
{
    char got[128];

    bed->fault = (struct fault){0};
    if (choice_make(&bed->offer, &bed->credentials, &bed->choice, &bed->fault))
        describe(&bed->choice, got, sizeof(got));
    else
        snprintf(got, sizeof(got), "%s", xmpp_strerror_name(bed->fault.code));
    is_str(got, want, "what is chosen next");
    if (bed->choice.mechanism)
        choice_refuse(&bed->offer, &bed->choice);
}

static void descends(void)
{
    struct bed bed;

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-512 PLAIN SCRAM-SHA-1", NULL);
    next(&bed, "SCRAM-SHA-512 y");
    next(&bed, "SCRAM-SHA-1 y");
    next(&bed, "XMPP_EMECH"); /* who refused a proof gets no password */
    bed_drop(&bed, "refusals");

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1 PLAIN", NULL);
    next(&bed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&bed, "SCRAM-SHA-1 n"); /* it was only a guess */
    next(&bed, "XMPP_EMECH");
    bed_drop(&bed, "a guess");

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-1-PLUS PLAIN", NULL);
    next(&bed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&bed, "XMPP_EMECH");
    bed_drop(&bed, "a guess without more");

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1", NULL);
    pin_read(&bed.credentials.pin, STR("1 SCRAM-SHA-1-PLUS tls-exporter"));
    next(&bed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&bed, "SCRAM-SHA-1 n proof"); /* but it was right once */
    bed_drop(&bed, "a pinned guess");

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1", NULL);
    bed.credentials.needs_binding = true;
    next(&bed, "SCRAM-SHA-1-PLUS p=tls-exporter guess");
    next(&bed, "XMPP_EPOLICY");
    bed_drop(&bed, "a guess that has to be right");

    bed_make(&bed);
    bed_offer(&bed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1", "tls-exporter");
    next(&bed, "SCRAM-SHA-1-PLUS p=tls-exporter");
    next(&bed, "SCRAM-SHA-1 n proof"); /* what was announced has to work */
    bed_drop(&bed, "no guess");
}

/* What is missing is said, where anything is. */
static void lacks(void)
{
    static struct scram_keys keys;
    static const struct {
        bool anonymous, can_ask, keys, external;
        const char *password, *token, *words;
    } cases[] = {
        {true, false, false, false, NULL, NULL, "the account has no user name"},
        {false, false, false, false, NULL, NULL,
         "no password was set; offered"},
        {false, false, false, true, NULL, NULL, "does not let the certificate"},
        {false, false, true, false, NULL, NULL, "needs other credentials"},
        {false, false, false, false, NULL, "t", "needs other credentials"},
        {false, true, false, false, NULL, NULL, "needs other credentials"},
        {false, false, false, false, "x", NULL, "needs other credentials"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bed bed;
        bool has = cases[i].can_ask || cases[i].password;

        bed_make(&bed);
        /* one that a password is no help with, or one that needs it */
        bed_offer(&bed, has ? "OAUTHBEARER" : "PLAIN", NULL);
        bed.credentials.anonymous = cases[i].anonymous;
        bed.credentials.can_ask = cases[i].can_ask;
        bed.credentials.external = cases[i].external;
        bed.credentials.keys = cases[i].keys ? &keys : NULL;
        bed.credentials.password = str_of(cases[i].password);
        bed.credentials.token = str_of(cases[i].token);
        ok(!choice_make(&bed.offer, &bed.credentials, &bed.choice,
                        &bed.fault) &&
               bed.fault.code == XMPP_ECRED &&
               strstr(bed.fault.detail, cases[i].words),
           "what is missing, row %zu: %s", i, bed.fault.detail);
        bed_drop(&bed, "what is missing");
    }
}

/* What policy refuses speaks of a pin only where there is one. */
static void policy_words(void)
{
    static const struct {
        bool needs_binding, is_set;
        const char *words;
    } laws[] = {
        {true, true, "channel binding is required"},
        {false, true, "less than the pin, SCRAM-SHA-1 -; offered: PLAIN"},
        {false, false, "logged in by a proof before"},
    };

    for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++) {
        struct bed bed;

        bed_make(&bed);
        bed_offer(&bed, "PLAIN", NULL);
        pin_read(&bed.credentials.pin, STR("1 SCRAM-SHA-1 -"));
        bed.credentials.pin.is_set = laws[i].is_set;
        bed.credentials.needs_binding = laws[i].needs_binding;
        ok(!choice_make(&bed.offer, &bed.credentials, &bed.choice,
                        &bed.fault) &&
               strstr(bed.fault.detail, laws[i].words),
           "policy, row %zu: %s", i, bed.fault.detail);
        is_int(strstr(bed.fault.detail, "the pin") != NULL, i == 1,
               "  of a pin where there is one");
        bed_drop(&bed, "policy");
    }
    ok(!strstr(xmpp_strerror_advice(XMPP_EPOLICY), "pin"),
       "the advice cannot know");
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
        struct bed bed;
        struct str got;

        bed_make(&bed);
        bed_offer(&bed, rows_[i].mechanisms, rows_[i].types);
        got = buf_view(&bed.offer.lists);
        is_mem(got.s, got.n, rows_[i].want, strlen(rows_[i].want),
               "the list of: %s", rows_[i].mechanisms);
        bed_drop(&bed, "a list");
    }
}

static void lists_fail(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct bed bed;
        int rc;

        bed_make(&bed);
        failmem_arm(&bed.memory, ++n, 0);
        offer_mechanism(&bed.offer, STR("A"));
        offer_binding(&bed.offer, STR("B"));
        rc = offer_seal(&bed.offer);
        failed = bed.memory.failed > 0;
        if (failed != (rc == XMPP_EMEM))
            ok(false, "allocation %lu failed unnoticed", n);
        bed_drop(&bed, "a list without memory");
    }
    ok(n > 4, "each of %lu allocations failed", n - 1);
}

/* What ends in -PLUS has a name before that. */
static void plus(void)
{
    struct bed bed;

    bed_make(&bed);
    offer_mechanism(&bed.offer, STR("-PLUS"));
    offer_mechanism(&bed.offer, STR("X-PLUSES"));
    ok(!bed.offer.has_plus, "none binds the channel");
    offer_mechanism(&bed.offer, STR("X-PLUS"));
    ok(bed.offer.has_plus, "one does");
    bed_drop(&bed, "an offer");
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
    c.can_ask = true;
    ok(sasl_has_password(&c), "which can be asked for");
    c.authcid = STR("");
    ok(!sasl_has_password(&c), "without a name");
}

int main(void)
{
    plus();
    passwords();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        chooses(&rows[i]);
    descends();
    lists();
    lists_fail();
    ok(mechanism_bits(STR("X PLAIN")) == mechanism_bit(STR("PLAIN")) &&
           mechanism_bits(STR("PLAIN")),
       "a known one in a list");
    ok(!mechanism_bits(STR("X Y")), "none in a list");
    policy_words();
    lacks();
    return done_testing();
}
