/* scram.c - SCRAM against the numbers of the RFCs and XEPs, and against
 * servers that lie. */

#include "sasl/scram.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

/* ---- published numbers ------------------------------------------- */

#define NONCE_XEP "12C4CD5C-E38E-4A98-8F6D-15C38F51CCC6"
#define NONCES_XEP NONCE_XEP "a09117a6-ac50-4f2f-93f1-93799c2bddf6"
#define BOUND "c=cD10bHMtZXhwb3J0ZXIsLFRISVMgSVMgRkFLRSBDQiBEQVRB,r="

static const struct vector {
    const char *name;
    const struct mechanism *m;
    char flag;
    enum binding binding;
    const char *nonce, *begin, *first, *final, *verifier;
} vectors[] = {
    {"RFC 5802", &mechanism_scram_sha1, 'n', BINDING_NONE,
     "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
     "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {"RFC 7677", &mechanism_scram_sha256, 'n', BINDING_NONE,
     "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
    {"XEP-0515", &mechanism_scram_sha1_plus, 'p', BINDING_EXPORTER, NONCE_XEP,
     "p=tls-exporter,,n=user,r=" NONCE_XEP,
     "r=" NONCES_XEP ",s=QSXCR+Q6sek8bf92,i=4096,"
     "h=G6k/rBLDqgOhRRaCuuatSDFkJ08=,t=0304",
     BOUND NONCES_XEP ",p=KHUfN8dSy1K95crT4D5y1ItLJfs=",
     "v=3w34ZIMVRkx2f2Ozb3/ecRPVdv4="},
    /* The example's own proof also covers an attribute x that nobody defines;
     * these two are for the same messages without it. */
    {"XEP-0474", &mechanism_scram_sha1_plus, 'p', BINDING_EXPORTER, NONCE_XEP,
     "p=tls-exporter,,n=user,r=" NONCE_XEP,
     "r=" NONCES_XEP ",s=QSXCR+Q6sek8bf92,i=4096,"
     "h=G6k/rBLDqgOhRRaCuuatSDFkJ08=",
     BOUND NONCES_XEP ",p=NWgTsQJvWgbXKxbqd3P4BNurjkU=",
     "v=EMsYR2n9LecK8qm5xR19xuvM1jw="},
    /* RFC 5802's with another hash; the proofs are Python's. */
    {"SHA-512", &mechanism_scram_sha512, 'n', BINDING_NONE,
     "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
     "p=VdS8LkrURiej1tG6iX+fqCXQfUnBb//d9llXYaH+ylUb"
     "DwBUz9geyR9fC4TewskRUM2tlYSalhAT4Aay1Q5dTA==",
     "v=14PAAuavk9hxBEkgB0brDxUhvWu+N16meYk+qxVNFqch"
     "R8QPohM09Y4Z6WaTCuX4C6nqMB9KIJTDm6RpSM990g=="},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static void begin(struct sasl_testbed *testbed, const struct vector *v)
{
    sasl_testbed_make(testbed);
    sasl_testbed_offer(testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1",
                       "tls-server-end-point tls-exporter");
    sasl_testbed_begin(testbed, v->m, v->flag, v->binding);
    is_int(scram_begin(testbed->sasl, v->nonce, &testbed->out), 0, "%s: begins",
           v->name);
    sasl_testbed_said(testbed, v->begin, "  client-first");
}

static void follows(const struct vector *v, bool in_challenge)
{
    struct sasl_testbed testbed;

    begin(&testbed, v);
    is_int(v->m->step(testbed.sasl, str_of(v->first), &testbed.out), 0,
           "  steps");
    sasl_testbed_said(&testbed, v->final, "  client-final");
    is_int(testbed.sasl->is_proven, strstr(v->first, ",h=") != NULL,
           "  whether the server proves its offer");
    if (in_challenge)
        is_int(v->m->step(testbed.sasl, str_of(v->verifier), &testbed.out), 0,
               "  the verifier in a challenge is taken");
    is_int(v->m->success(testbed.sasl,
                         in_challenge ? STR_NONE : str_of(v->verifier)),
           0, "  the server is believed");
    sasl_testbed_drop(&testbed, v->name);
}

/* ---- the server's proof ------------------------------------------ */

static void disbelieves(void)
{
    static const struct {
        const char *said;
        int code;
    } rows[] = {
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKA=", XMPP_EPROOF},
        {"v=rmF9", XMPP_EPROOF},
        {"v=", XMPP_EPROOF},
        {"x", XMPP_EPROOF},
        {"", XMPP_EPROOF},
        {NULL, XMPP_EPROOF},
        {"e=", XMPP_EAUTH},
        {"e=invalid-proof", XMPP_EAUTH},
        {"e=unknown-user", XMPP_EAUTH},
        {"e=invalid-username-encoding", XMPP_EAUTH},
        {"e=other-error", XMPP_ELOGIN},
        {"e=invalid-encoding", XMPP_ELOGIN},
        {"e=extensions-not-supported", XMPP_ELOGIN},
        {"e=no-resources", XMPP_EAUTHTEMP},
        {"e=channel-binding-not-supported", XMPP_EMECH},
        {"e=unsupported-channel-binding-type", XMPP_EMECH},
        {"e=channel-bindings-dont-match", XMPP_EDOWNGRADE},
        {"e=server-does-support-channel-binding", XMPP_EDOWNGRADE},
    };
    const struct vector *v = &vectors[0];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;

        begin(&testbed, v);
        v->m->step(testbed.sasl, str_of(v->first), &testbed.out);
        is_int(v->m->success(testbed.sasl, str_of(rows[i].said)), rows[i].code,
               "a success with %s is not believed",
               rows[i].said ? rows[i].said : "nothing");
        sasl_testbed_drop(&testbed, "disbelieved");
    }
}

/* It is not even decoded: there is room for that of the longest hash. */
static void long_signature(void)
{
    const struct vector *v = &vectors[0];
    struct sasl_testbed testbed;
    static char said[8003];

    memset(said, 'A', sizeof(said) - 1);
    memcpy(said, "v=", 2);
    begin(&testbed, v);
    v->m->step(testbed.sasl, str_of(v->first), &testbed.out);
    is_int(v->m->success(testbed.sasl, str_of(said)), XMPP_EPROOF,
           "a signature of 8000 characters is not believed");
    sasl_testbed_drop(&testbed, "a long signature");
}

static void at_once(void)
{
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    sasl_testbed_begin(&testbed, &mechanism_scram_sha256, 'n', BINDING_NONE);
    scram_begin(testbed.sasl, "fyko", &testbed.out);
    is_int(mechanism_scram_sha256.success(testbed.sasl, STR_NONE), XMPP_EPROOF,
           "a success without a challenge is not believed");
    sasl_testbed_drop(&testbed, "at once");
}

/* ---- names and headers ------------------------------------------- */

static void writes(void)
{
    static const struct {
        const char *user, *authzid;
        char flag;
        enum binding binding;
        const char *first;
    } rows[] = {
        {"a=b,c", NULL, 'y', BINDING_NONE, "y,,n=a=3Db=2Cc,r=N"},
        {"u", "w,=@x", 'n', BINDING_NONE, "n,a=w=2C=3D@x,n=u,r=N"},
        {"u", NULL, 'p', BINDING_UNIQUE, "p=tls-unique,,n=u,r=N"},
        {"u", NULL, 'p', BINDING_END_POINT, "p=tls-server-end-point,,n=u,r=N"},
        {"I\u00adX", NULL, 'n', BINDING_NONE, "n,,n=IX,r=N"},
        {"\u0627"
         "1",
         NULL, 'n', BINDING_NONE,
         "n,,n=\u0627"
         "1,r=N"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;

        sasl_testbed_make(&testbed);
        testbed.credentials.authcid = str_of(rows[i].user);
        testbed.credentials.authzid = str_of(rows[i].authzid);
        sasl_testbed_begin(&testbed, &mechanism_scram_sha1, rows[i].flag,
                           rows[i].binding);
        is_int(scram_begin(testbed.sasl, "N", &testbed.out), 0, "%s",
               rows[i].user);
        sasl_testbed_said(&testbed, rows[i].first, "  is written so");
        sasl_testbed_drop(&testbed, rows[i].user);
    }
}

/* ---- keys instead of a password ---------------------------------- */

static void keys_of(const struct vector *v, char *line)
{
    struct sasl_testbed testbed;

    begin(&testbed, v);
    v->m->step(testbed.sasl, str_of(v->first), &testbed.out);
    keys_write(&testbed.sasl->keys, line, KEYS_SIZE);
    sasl_testbed_drop(&testbed, "keys");
}

static void again(const struct vector *v, const char *line)
{
    struct scram_keys keys;
    struct sasl_testbed testbed;

    begin(&testbed, v);
    ok(keys_read(&keys, str_of(line)), "%s: %.30s...", v->name, line);
    testbed.credentials.keys = &keys;
    testbed.credentials.password = STR_NONE;
    is_int(v->m->step(testbed.sasl, str_of(v->first), &testbed.out), 0,
           "  log in without the password");
    sasl_testbed_said(&testbed, v->final, "  by the same proof");
    is_int(v->m->success(testbed.sasl, str_of(v->verifier)), 0,
           "  and know the server");
    sasl_testbed_drop(&testbed, "keys");
}

static void do_not_fit(const char *line, bool can_get_password,
                       const char *challenge)
{
    struct scram_keys keys;
    struct sasl_testbed testbed;
    int rc;

    begin(&testbed, &vectors[0]);
    keys_read(&keys, str_of(line));
    testbed.credentials.keys = &keys;
    testbed.credentials.password = STR_NONE;
    testbed.credentials.can_get_password = can_get_password;
    rc = testbed.sasl->mechanism->step(testbed.sasl, str_of(challenge),
                                       &testbed.out);
    is_int(rc, can_get_password ? SASL_NEEDS_PASSWORD : XMPP_ECRED,
           "keys do not fit %s", challenge);
    if (can_get_password) {
        testbed.credentials.password = STR("pencil");
        is_int(testbed.sasl->mechanism->step(testbed.sasl, str_of(challenge),
                                             &testbed.out),
               0, "  the password does");
    }
    sasl_testbed_drop(&testbed, "keys that do not fit");
}

static void keeps(void)
{
    static const char *const others[] = {
        "r=fyko+d2lbbFgONRv9qkxdawL1,s=QSXCR+Q6sek8bf93,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL1,s=QSXCR+Q6sek8bf92,i=4097",
        "r=fyko+d2lbbFgONRv9qkxdawL1,s=QSXCR+Q6sek8,i=4096"};
    char line[KEYS_SIZE];

    for (size_t i = 0; i < VECTORS; i++) {
        keys_of(&vectors[i], line);
        ok(!strstr(line, "pencil"), "keys do not tell the password");
        again(&vectors[i], line);
    }
    keys_of(&vectors[0], line);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        do_not_fit(line, false, others[i]);
        do_not_fit(line, true, others[i]);
    }
}

/* ---- memory ------------------------------------------------------ */

static bool is_told(const struct sasl_testbed *testbed, int rc)
{
    return rc || testbed->out.failed;
}

static void fails_everywhere(void)
{
    const struct vector *v = &vectors[2];
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct sasl_testbed testbed;
        int rc;

        sasl_testbed_make(&testbed);
        sasl_testbed_offer(&testbed, "SCRAM-SHA-1-PLUS SCRAM-SHA-1",
                           "tls-server-end-point tls-exporter");
        sasl_testbed_begin(&testbed, v->m, v->flag, v->binding);
        failmem_arm(&testbed.memory, ++n, 0);
        rc = scram_begin(testbed.sasl, v->nonce, &testbed.out);
        if (!is_told(&testbed, rc))
            rc = v->m->step(testbed.sasl, str_of(v->first), &testbed.out);
        failed = testbed.memory.failed > 0;
        if (failed && !is_told(&testbed, rc))
            ok(false, "allocation %lu failed unnoticed", n);
        sasl_testbed_drop(&testbed, "failing memory");
    }
    ok(n > 5, "each of %lu allocations failed", n - 1);
}

int main(void)
{
    for (size_t i = 0; i < VECTORS; i++) {
        follows(&vectors[i], false);
        follows(&vectors[i], true);
    }
    disbelieves();
    long_signature();
    at_once();
    writes();
    keeps();
    fails_everywhere();
    return done_testing();
}
