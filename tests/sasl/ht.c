/* ht.c - HT-* against numbers that were made elsewhere, and the lines that
 * applications keep. */

#include "base/code.h"
#include "sasl/sasl_testbed.h"
#include "sasl/ht.h"
#include "tap.h"

#define TOKEN "secret-token:fast-Oeie4nmlUoLHXca_YgkMSQcWgA4TVpXx"

/* ---- the exchange ------------------------------------------------ */

/* HMAC(TOKEN, "Initiator" or "Responder" and the channel), by Python's hmac. */
static const struct vector {
    const char *name, *initiator, *responder;
} vectors[] = {
    {"HT-SHA-256-NONE",
     "cd7fe3ecde7263178ebe7345e76526f7821ebaa522e7b3db12f235cd067980fd",
     "180ff785d646970a3845e3a7e0eaafce520befff801c21538bf95801eed522b2"},
    {"HT-SHA-256-EXPR",
     "784f700de402b48591447e4ac5beb720b6ee954d0bcf09df3c52a5ac03ef9dea",
     "11780a931a08cc16ae7458b642643abcd544bd1e8e0cf2116248a141063871ec"},
    {"HT-SHA-256-ENDP",
     "207b9e2c4c44affc2253ea401bd831b221613f777481ab961650be4f415fd04f",
     "0e8893efcb9e3a07647afde7866167bc259c5fee911e5a189385c465f015454e"},
    {"HT-SHA-256-UNIQ",
     "784f700de402b48591447e4ac5beb720b6ee954d0bcf09df3c52a5ac03ef9dea",
     "11780a931a08cc16ae7458b642643abcd544bd1e8e0cf2116248a141063871ec"},
    {"HT-SHA-512-NONE",
     "bfcdc8b495c9f7c0b3bb4cf16b57708c9aad6a4f64f06b1b776e95e0a7980482"
     "da4fb080b0380b099314805a806ac54f5fb2878be51f9506e0f1e62e40684518",
     "2948ac9d6ebd50fd8dbc979349b96892a996299ccf3c5fd47c6ccea870dfb976"
     "26013c29d201089d2366356c278294ffc07855ee3ce73cc047d3cbe927aac4f5"},
    {"HT-SHA-512-EXPR",
     "748fd98f253e0c31d5b8fbb5b64f26dc10781f07f435cc9d3a030a59b6b104ee"
     "a3efdb586cec0f5099fb20137da1629a504505817741b3c4ae4cf23cb53678b6",
     "a9df4034a1563c386ccfda1a320886b970295737c75ab04a08710a8195c52ed5"
     "596fac9d60b2cbe9feece15aabdc6394fd4596d7f69613aa454020b71dc8d0e8"},
    {"HT-SHA-512-ENDP",
     "5b546e1302f269d2558a9071081596efa654067a80c682250bbcdadd4217a078"
     "cd8979024ed6f8a168c46c413b62ecb1f27061b3b097e64ce702ae10ee2d40ad",
     "47e8ebbe9fc84b9fa46637b395c8eb6e9af8ce39b6d99f30d4f1d18a4e2a1e53"
     "f16889cc0042e5e05e8dd65749ee20546f1a8e943617ee7f4be82c64e5e9e77e"},
    {"HT-SHA-512-UNIQ",
     "748fd98f253e0c31d5b8fbb5b64f26dc10781f07f435cc9d3a030a59b6b104ee"
     "a3efdb586cec0f5099fb20137da1629a504505817741b3c4ae4cf23cb53678b6",
     "a9df4034a1563c386ccfda1a320886b970295737c75ab04a08710a8195c52ed5"
     "596fac9d60b2cbe9feece15aabdc6394fd4596d7f69613aa454020b71dc8d0e8"},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static size_t from_hex(const char *hex, char *out)
{
    size_t n = strlen(hex) / 2;

    for (size_t i = 0; i < n; i++) {
        unsigned byte;

        sscanf(hex + 2 * i, "%2x", &byte);
        out[i] = (char)byte;
    }
    return n;
}

/* tls-unique is the exporter's data here, so that two rows prove one another.
 */
static void begin(struct sasl_testbed *testbed, struct fast_token *token,
                  const char *name)
{
    const struct mechanism *m = ht_find(str_of(name));

    sasl_testbed_make(testbed);
    fast_token_set(token, m, STR(TOKEN), 0);
    testbed->credentials.fast_token = token;
    if (token->binding == BINDING_UNIQUE) {
        testbed->channel.version = TLS_1_2;
        testbed->channel.bindings[BINDING_UNIQUE] =
            testbed->channel.bindings[BINDING_EXPORTER];
    }
    ok(ht_may(m, &testbed->credentials), "%s can be used", name);
    ok(m->is_possible(m, &testbed->credentials), "  and is possible");
    sasl_testbed_begin(testbed, m, 'n', token->binding);
}

static void exchange(const struct vector *v)
{
    struct fast_token token;
    bool has_initial = false;
    char hash[64], message[80] = "user";
    struct sasl_testbed testbed;
    size_t n;

    begin(&testbed, &token, v->name);
    is_int(testbed.sasl->mechanism->start(testbed.sasl, &testbed.out,
                                          &has_initial),
           0, "  begins");
    n = from_hex(v->initiator, message + 5);
    ok(has_initial, "  with a message");
    is_mem(buf_view(&testbed.out).s, buf_size(&testbed.out), message, 5 + n,
           "  that proves the token");
    n = from_hex(v->responder, hash);
    is_int(testbed.sasl->mechanism->success(testbed.sasl, str_n(hash, n)), 0,
           "  the server's is believed");
    message[0] = '\0';
    memcpy(message + 1, hash, n);
    is_int(
        testbed.sasl->mechanism->success(testbed.sasl, str_n(message, n + 1)),
        0, "  also as the later draft has it");
    sasl_testbed_drop(&testbed, v->name);
}

static void lies(void)
{
    static const char good[] =
        "cd7fe3ecde7263178ebe7345e76526f7821ebaa522e7b3db12f235cd067980fd";
    char hash[64], other[65];
    size_t n;

    for (int i = 0; i < 8; i++) {
        struct fast_token token;
        struct sasl_testbed testbed;
        struct str data;

        begin(&testbed, &token, "HT-SHA-256-NONE");
        n = from_hex(i == 0 ? good : vectors[0].responder, hash);
        hash[n - 1] ^= i == 1;
        hash[0] ^= i == 2;
        other[0] = i == 6;
        memcpy(other + 1, hash, n);
        other[n] ^= i == 7;
        data = i == 3   ? str_n(hash, n - 1)
               : i == 4 ? str_n(hash, 0)
               : i == 5 ? STR_NONE
               : i > 5  ? str_n(other, n + 1)
                        : str_n(hash, n);
        is_int(testbed.sasl->mechanism->success(testbed.sasl, data),
               XMPP_EPROOF, "a lie is not believed, %d", i);
        is_int(testbed.fault.layer, XMPP_LAYER_SASL, "  and told");
        is_int(
            testbed.sasl->mechanism->step(testbed.sasl, STR("x"), &testbed.out),
            XMPP_EPROOF, "  no challenge is answered, and the first counts");
        sasl_testbed_drop(&testbed, "a lie");
    }
}

/* ---- choosing ---------------------------------------------------- */

static unsigned bits_of(const char *names)
{
    struct str list = str_of(names), word;
    unsigned bits = 0;

    while ((word = str_word(&list)).s)
        bits |= ht_bit(word);
    return bits;
}

#define ALL                                                                    \
    "HT-SHA-256-NONE HT-SHA-256-UNIQ HT-SHA-256-ENDP HT-SHA-256-EXPR "         \
    "HT-SHA-512-NONE HT-SHA-512-UNIQ HT-SHA-512-ENDP HT-SHA-512-EXPR"

static void choosing(void)
{
    static const struct {
        const char *what, *offered, *allowed, *want;
        unsigned version; /* 0: no channel; 1: of an unknown kind */
        bool open, needs, anonymous;
        enum binding least;
    } rows[] = {
        {"everything", ALL, NULL, "HT-SHA-512-EXPR", TLS_1_3, 0, 0, 0, 0},
        {"no 512", "HT-SHA-256-EXPR HT-SHA-256-ENDP HT-SHA-512-ENDP", NULL,
         "HT-SHA-256-EXPR", TLS_1_3, 0, 0, 0, 0},
        {"tls-unique of TLS 1.3", "HT-SHA-512-UNIQ HT-SHA-256-NONE", NULL,
         "HT-SHA-256-NONE", TLS_1_3, 0, 0, 0, 0},
        {"tls-unique of TLS 1.2", "HT-SHA-256-UNIQ HT-SHA-512-NONE", NULL,
         "HT-SHA-256-UNIQ", TLS_1_2, 0, 0, 0, 0},
        {"no channel", ALL, NULL, "HT-SHA-512-NONE", 0, 0, 0, 0, 0},
        {"unverified", ALL, NULL, NULL, TLS_1_3, 1, 0, 0, 0},
        {"binding is demanded", "HT-SHA-512-NONE HT-SHA-256-ENDP", NULL,
         "HT-SHA-256-ENDP", TLS_1_3, 0, 1, 0, 0},
        {"and not to be had", "HT-SHA-512-NONE", NULL, NULL, TLS_1_3, 0, 1, 0,
         0},
        {"pinned to the exporter", "HT-SHA-512-NONE HT-SHA-512-ENDP", NULL,
         NULL, TLS_1_3, 0, 0, 0, BINDING_EXPORTER},
        {"pinned to the end point", "HT-SHA-512-NONE HT-SHA-512-ENDP", NULL,
         "HT-SHA-512-ENDP", TLS_1_3, 0, 0, 0, BINDING_END_POINT},
        {"allowed by name", ALL, "SCRAM-SHA-256 HT-SHA-256-ENDP",
         "HT-SHA-256-ENDP", TLS_1_3, 0, 0, 0, 0},
        {"not allowed", ALL, "SCRAM-SHA-256", NULL, TLS_1_3, 0, 0, 0, 0},
        {"anonymous", ALL, NULL, NULL, TLS_1_3, 0, 0, 1, 0},
        {"strangers", "HT-MD5-NONE HT-SHA-256-XXXX HT-SHA-256- SCRAM-SHA-1",
         NULL, NULL, TLS_1_3, 0, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct mechanism *m;
        struct sasl_testbed testbed;

        sasl_testbed_make(&testbed);
        testbed.channel.version = rows[i].version;
        testbed.channel.bindings[BINDING_UNIQUE] =
            testbed.channel.bindings[BINDING_EXPORTER];
        if (rows[i].version == 0)
            testbed.credentials.channel = NULL;
        testbed.credentials.encrypted = !rows[i].open;
        testbed.credentials.needs_channel_binding = rows[i].needs;
        testbed.credentials.anonymous = rows[i].anonymous;
        testbed.credentials.allowed = str_of(rows[i].allowed);
        testbed.credentials.min_strength =
            (struct strength){&mechanism_scram_sha1, rows[i].least, false};
        m = ht_best(bits_of(rows[i].offered), &testbed.credentials);
        is_str(m ? m->name : NULL, rows[i].want, "%s", rows[i].what);
        sasl_testbed_drop(&testbed, "choosing");
    }
}

static void only_its_own(void)
{
    const struct mechanism *m = ht_find(STR("HT-SHA-256-NONE"));
    struct fast_token token;
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    ok(!m->is_possible(m, &testbed.credentials), "not without a token");
    fast_token_set(&token, ht_find(STR("HT-SHA-256-ENDP")), STR(TOKEN), 0);
    testbed.credentials.fast_token = &token;
    ok(!m->is_possible(m, &testbed.credentials),
       "a token serves with its own mechanism only");
    token.mechanism = m;
    testbed.credentials.authcid = STR("u");
    ok(m->is_possible(m, &testbed.credentials), "for any name");
    testbed.credentials.authcid = STR("");
    ok(!m->is_possible(m, &testbed.credentials), "but not without one");
    ok(!ht_bit(STR("HT-MD5-NONE")), "an unknown one has no bit");
    ok(!mechanism_find(STR("HT-SHA-256-NONE")),
       "offered as other mechanisms are, it is unknown");
    sasl_testbed_drop(&testbed, "only its own");
}

/* ---- lines ------------------------------------------------------- */

#define TEXT                                                                   \
    "c2VjcmV0LXRva2VuOmZhc3QtT2VpZTRubWxVb0xIWGNhX1lna01TUWNXZ0E0VFZwWHg="

static void lines(void)
{
    static const char line[] =
        "1 romeo@example.org HT-SHA-256-EXPR 253402300799 7 " TEXT;
    char out[FAST_TOKEN_LINE_SIZE];
    struct fast_token token, copy;
    struct str account;

    ok(fast_token_read(&token, str_of(line), &account), "a line is read");
    is_str(token.mechanism->name, "HT-SHA-256-EXPR", "  its mechanism");
    is_int(token.binding, BINDING_EXPORTER, "  its binding");
    is_int(token.expiry, 253402300799LL, "  its end");
    is_int(token.count, 7, "  its count");
    is_mem(token.text, token.n, TOKEN, strlen(TOKEN), "  itself");
    ok(str_is(account, "romeo@example.org"), "  whose it is");
    fast_token_write(&token, account, out, sizeof(out));
    is_str(out, line, "and written again");
    ok(!fast_token_is_expired(&token, 253402300798ULL), "not too late");
    ok(fast_token_is_expired(&token, 253402300799ULL), "too late");
    token.expiry = 0;
    ok(!fast_token_is_expired(&token, UINT64_MAX), "never too late");
    fast_token_write(&token, account, out, sizeof(out));
    ok(fast_token_read(&copy, str_of(out), &account) && copy.expiry == 0,
       "  and it stays so");
}

static void longest(void)
{
    static char text[FAST_TOKEN_MOST + 1], name[FAST_TOKEN_ACCOUNT_MOST + 1],
        line[FAST_TOKEN_LINE_SIZE];
    const struct mechanism *m = ht_find(STR("HT-SHA-512-EXPR"));
    struct fast_token token, copy;
    struct str account;

    memset(text, 'x', sizeof(text));
    memset(name, 'n', sizeof(name));
    ok(!fast_token_set(&token, m, str_n(text, FAST_TOKEN_MOST + 1), 0),
       "too long");
    ok(!fast_token_set(&token, m, STR(""), 0), "empty");
    ok(!fast_token_set(&token, m, STR_NONE, 0), "absent");
    ok(!fast_token_set(&token, m, STR("\xff"), 0), "no UTF-8");
    ok(fast_token_set(&token, m, str_n(text, FAST_TOKEN_MOST),
                      999999999999999999ULL),
       "the longest");
    token.count = 2147483647;
    fast_token_write(&token, str_n(name, FAST_TOKEN_ACCOUNT_MOST), line,
                     sizeof(line));
    ok(fast_token_read(&copy, str_of(line), &account), "  is read");
    ok(copy.n == FAST_TOKEN_MOST && copy.count == token.count &&
           copy.expiry == token.expiry && account.n == FAST_TOKEN_ACCOUNT_MOST,
       "  as it was");
}

static void bad_lines(void)
{
    static const char *const rows[] = {
        "",
        "1",
        "2 a@b HT-SHA-256-EXPR 1 0 " TEXT,
        "1 a@b HT-SHA-256-XXXX 1 0 " TEXT,
        "1 a@b SCRAM-SHA-256 1 0 " TEXT,
        "1 a@b HT-SHA-256-EXPR x 0 " TEXT,
        "1 a@b HT-SHA-256-EXPR -1 0 " TEXT,
        "1 a@b HT-SHA-256-EXPR 1234567890123456789 0 " TEXT,
        "1 a@b HT-SHA-256-EXPR 0000000000000000001 0 " TEXT,
        "1 a@b HT-SHA-256-EXPR 1 x " TEXT,
        "1 a@b HT-SHA-256-EXPR 1 2147483648 " TEXT,
        "1 a@b HT-SHA-256-EXPR 1 0",
        "1 a@b HT-SHA-256-EXPR 1 0 ***",
        "1 a@b HT-SHA-256-EXPR 1 0 /w==",
        "1 a@b HT-SHA-256-EXPR 1 0 " TEXT " more",
        "1 HT-SHA-256-EXPR 1 0 " TEXT,
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fast_token token = {.count = 99};
        struct str account = STR("as it was");

        ok(!fast_token_read(&token, str_of(rows[i]), &account) &&
               token.count == 99 && str_is(account, "as it was"),
           "no line: %s", rows[i]);
    }
}

int main(void)
{
    for (size_t i = 0; i < VECTORS; i++)
        exchange(&vectors[i]);
    lies();
    choosing();
    only_its_own();
    lines();
    longest();
    bad_lines();
    return done_testing();
}
