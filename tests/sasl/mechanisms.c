/* mechanisms.c - choosing a mechanism, and SCRAM against the RFCs' numbers
 * and against servers that lie. */

#include "base/arena.h"
#include "failmem.h"
#include "sasl/mechanisms.h"
#include "sasl/scram.h"
#include "tap.h"

struct bed {
    struct failmem memory;
    struct env env;
    struct credentials credentials;
    struct fault fault;
    struct sasl *sasl;
    struct buf out;
};

static void make(struct bed *bed, const struct mechanism *m)
{
    *bed = (struct bed){0};
    failmem_init(&bed->memory);
    env_init(&bed->env, &bed->memory.mem, NULL);
    bed->credentials = (struct credentials){.authcid = STR("user"),
                                            .password = STR("pencil"),
                                            .encrypted = true,
                                            .min_iterations = 4096,
                                            .max_iterations = 100000};
    bed->sasl = sasl_new(&bed->env, m, &bed->credentials, &bed->fault);
    buf_init(&bed->out, &bed->env, 100000);
}

static void drop(struct bed *bed, const char *name)
{
    sasl_free(bed->sasl);
    buf_free(&bed->out);
    arena_drain(&bed->env);
    is_int(bed->memory.held, 0, "%s: no memory is left", name);
}

static void said(struct bed *bed, const char *want, const char *name)
{
    struct str got = buf_view(&bed->out);

    is_mem(got.s, got.n, want, strlen(want), "%s", name);
    buf_clear(&bed->out);
}

/* ---- the RFCs ---------------------------------------------------------- */

static const struct vector {
    const char *name;
    const struct mechanism *m;
    const char *nonce, *first, *final, *verifier;
} vectors[] = {
    {"RFC 5802", &mechanism_scram_sha1, "fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
     "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {"RFC 7677", &mechanism_scram_sha256, "rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};

static void begins(struct bed *bed, const struct vector *v)
{
    char first[128];

    snprintf(first, sizeof(first), "n,,n=user,r=%s", v->nonce);
    is_int(scram_begin(bed->sasl, v->nonce, &bed->out), 0, "%s: begins",
           v->name);
    said(bed, first, "  client-first");
}

static void follows(const struct vector *v, bool in_challenge)
{
    struct bed bed;

    make(&bed, v->m);
    begins(&bed, v);
    is_int(v->m->step(bed.sasl, str_of(v->first), &bed.out), 0, "  steps");
    said(&bed, v->final, "  client-final");
    if (in_challenge)
        is_int(v->m->step(bed.sasl, str_of(v->verifier), &bed.out), 0,
               "  the verifier in a challenge is taken");
    is_int(v->m->success(bed.sasl,
                         in_challenge ? STR_NONE : str_of(v->verifier)),
           0, "  the server is believed");
    drop(&bed, v->name);
}

/* ---- lies --------------------------------------------------------------- */

static const struct {
    const char *name, *challenge;
} lies[] = {
    {"nonce of its own", "r=other,s=QSXCR+Q6sek8bf92,i=4096"},
    {"our nonce only", "r=fyko,s=QSXCR+Q6sek8bf92,i=4096"},
    {"no iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=0"},
    {"few iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=4095"},
    {"many iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=100001"},
    {"overflow", "r=fyko1,s=QSXCR+Q6sek8bf92,i=18446744073709555712"},
    {"negative", "r=fyko1,s=QSXCR+Q6sek8bf92,i=-4096"},
    {"no salt", "r=fyko1,s=,i=4096"},
    {"broken salt", "r=fyko1,s=QSXC!,i=4096"},
    {"extension", "m=x,r=fyko1,s=QSXCR+Q6sek8bf92,i=4096"},
    {"extension behind", "r=fyko1,s=QSXCR+Q6sek8bf92,i=4096,m=x"},
    {"order", "s=QSXCR+Q6sek8bf92,r=fyko1,i=4096"},
    {"empty", ""},
};

static void lied_to(size_t i)
{
    struct bed bed;
    const struct mechanism *m = &mechanism_scram_sha1;

    make(&bed, m);
    scram_begin(bed.sasl, "fyko", &bed.out);
    buf_clear(&bed.out);
    is_int(m->step(bed.sasl, str_of(lies[i].challenge), &bed.out),
           XMPP_ECHALLENGE, "%s is refused", lies[i].name);
    is_int(buf_size(&bed.out), 0, "  and no proof is given");
    drop(&bed, lies[i].name);
}

static void disbelieves(void)
{
    static const char *const verifiers[] = {
        "v=rmF9pqV8S7suAoZWja4dJRkFsKA=", "v=rmF9", "v=", "x", "", NULL};
    const struct vector *v = &vectors[0];

    for (size_t i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++) {
        struct bed bed;

        make(&bed, v->m);
        begins(&bed, v);
        v->m->step(bed.sasl, str_of(v->first), &bed.out);
        is_int(v->m->success(bed.sasl, str_of(verifiers[i])), XMPP_EPROOF,
               "a success with %s is not believed",
               verifiers[i] ? verifiers[i] : "nothing");
        drop(&bed, "disbelieved");
    }
}

static void at_once(void)
{
    struct bed bed;

    make(&bed, &mechanism_scram_sha256);
    scram_begin(bed.sasl, "fyko", &bed.out);
    is_int(mechanism_scram_sha256.success(bed.sasl, STR_NONE), XMPP_EPROOF,
           "a success without a challenge is not believed");
    drop(&bed, "at once");
}

/* ---- choosing ------------------------------------------------------------ */

static const char *choice(const char *offered, struct credentials c,
                          const char *refused, int *code)
{
    struct sasl_offer offer = {0};
    struct fault fault = {0};
    struct str list = str_of(offered), word;
    const struct mechanism *m;

    while ((word = str_word(&list)).s)
        sasl_offer_add(&offer, word);
    if (refused) {
        c.allowed = str_of(refused);
        sasl_offer_refuse(&offer, sasl_choose(&offer, &c, &fault));
        c.allowed = STR_NONE;
    }
    m = sasl_choose(&offer, &c, &fault);
    *code = fault.code;
    return m ? m->name : "";
}

static void chooses(void)
{
    static const char all[] =
        "PLAIN SCRAM-SHA-1 X-HUMBUG SCRAM-SHA-512 SCRAM-SHA-256 ANONYMOUS";
    struct credentials c = {.authcid = STR("u"), .password = STR("p"),
                            .encrypted = true};
    struct credentials clear = {.authcid = STR("u"), .password = STR("p")};
    struct credentials guest = {.anonymous = true, .encrypted = true};
    struct credentials cert = c;
    int code;

    cert.external = true;
    is_str(choice(all, c, NULL, &code), "SCRAM-SHA-512", "strongest first");
    is_str(choice("PLAIN", c, NULL, &code), "PLAIN", "PLAIN under TLS");
    is_str(choice("PLAIN", clear, NULL, &code), "", "never in the clear");
    is_int(code, XMPP_EMECH, "  which is said");
    is_str(choice(all, c, "SCRAM-SHA-512", &code), "SCRAM-SHA-256",
           "the next after a refusal");
    is_str(choice("SCRAM-SHA-1 PLAIN", c, "SCRAM-SHA-1", &code), "",
           "no password for who refused a proof of it");
    is_str(choice(all, guest, NULL, &code), "ANONYMOUS", "a guest");
    is_str(choice("SCRAM-SHA-1", guest, NULL, &code), "", "no guests");
    is_int(code, XMPP_ECRED, "  credentials are missing");
    is_str(choice("EXTERNAL PLAIN", cert, NULL, &code), "EXTERNAL",
           "a certificate");
    is_str(choice("", c, NULL, &code), "", "nothing offered");
    ok(sasl_knows_any(STR("X PLAIN")), "a known one in a list");
    ok(!sasl_knows_any(STR("X Y")), "none in a list");
}

/* ---- memory ---------------------------------------------------------------- */

static void fails_everywhere(void)
{
    unsigned long n = 0, failed = 1;

    while (failed) {
        struct bed bed;
        bool initial;
        int rc = 0;

        make(&bed, &mechanism_scram_sha256);
        failmem_arm(&bed.memory, ++n, 0);
        rc = bed.sasl->mechanism->start(bed.sasl, &bed.out, &initial);
        failed = bed.memory.failed;
        if (failed && rc == 0 && !bed.out.failed)
            ok(false, "allocation %lu failed unnoticed", n);
        drop(&bed, "failing memory");
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        follows(&vectors[i], false);
        follows(&vectors[i], true);
    }
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
        lied_to(i);
    disbelieves();
    at_once();
    chooses();
    fails_everywhere();
    return done_testing();
}
