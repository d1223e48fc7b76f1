/* cert_path.c - several issuers of one name in what a server sends: the one
 * that leads to an authority of ours is used, wherever it stands; and where
 * none does, nothing is accepted that was refused before. */

#include <gnutls/abstract.h>

#include "net/tls_pair.h"
#include "net/cert_path.h"

static struct certmaker certmaker;

/* What the server sends, in this order: whatever else GnuTLS is given a chain
 * by would sort it. */
static gnutls_pcert_st sent[20];
static unsigned sent_n;
static gnutls_privkey_t key;

static int give(gnutls_session_t session, const gnutls_datum_t *authorities,
                int n, const gnutls_pk_algorithm_t *kinds, int kinds_n,
                gnutls_pcert_st **ret, unsigned *ret_n,
                gnutls_privkey_t *ret_key)
{
    (void)session;
    (void)authorities;
    (void)n;
    (void)kinds;
    (void)kinds_n;
    *ret = sent;
    *ret_n = sent_n;
    *ret_key = key;
    return 0;
}

static void send_chain(struct tls_pair *b, const struct cert_pair *own,
                       const struct cert_pair *const *above)
{
    sent_n = 0;
    gnutls_pcert_import_x509(&sent[sent_n++], own->cert, 0);
    while (*above)
        gnutls_pcert_import_x509(&sent[sent_n++], (*above++)->cert, 0);
    gnutls_privkey_init(&key);
    gnutls_privkey_import_x509(key, own->key, 0);
    gnutls_certificate_set_retrieve_function2(b->credentials, give);
}

static void forget_chain(void)
{
    while (sent_n)
        gnutls_pcert_deinit(&sent[--sent_n]);
    gnutls_privkey_deinit(key);
}

/* Intermediates of one name and one key, but for `other`, and what they are. */
static struct cert_pair valid, old, young, lost, weak, other, leaf, late;
static struct cert_pair stranger;
/* Below `valid`: another name, which is as long, and what it has signed. */
static struct cert_pair lower, lower_old, deep, for_client;

static const struct row {
    const char *what;
    const struct cert_pair *leaf;
    const struct cert_pair *above[5];
    unsigned reasons;
} rows[] = {
    {"alone", &leaf, {&valid}, 0},
    {"an expired one first", &leaf, {&old, &valid}, 0},
    {"an expired one last", &leaf, {&valid, &old}, 0},
    {"one of the future first", &leaf, {&young, &valid}, 0},
    {"both, then the valid one", &leaf, {&old, &young, &valid}, 0},
    {"one of a stranger first", &leaf, {&lost, &valid}, 0},
    {"one of a stranger last", &leaf, {&valid, &lost}, 0},
    {"a weak one first", &leaf, {&weak, &valid}, 0},
    {"all of them", &leaf, {&old, &lost, &weak, &valid}, 0},
    {"one with another key first", &leaf, {&other, &valid}, 0},
    {"an expired one of either name",
     &deep,
     {&lower_old, &lower, &old, &valid},
     0},
    {"a stranger's above another name", &deep, {&lower, &lost, &valid}, 0},
    {"several, and none of them good",
     &leaf,
     {&lost, &other},
     XMPP_BADCERT_ISSUER},
    {"for another purpose",
     &for_client,
     {&old, &valid},
     XMPP_BADCERT_PURPOSE | XMPP_BADCERT_EXPIRED},
    {"only an expired one", &leaf, {&old}, XMPP_BADCERT_EXPIRED},
    {"only one of the future", &leaf, {&young}, XMPP_BADCERT_NOT_YET},
    {"only a stranger's", &leaf, {&lost}, XMPP_BADCERT_ISSUER},
    {"only a weak one", &leaf, {&weak}, XMPP_BADCERT_WEAK},
    {"an expired leaf", &late, {&old, &valid}, XMPP_BADCERT_EXPIRED},
    {"an expired leaf, first the valid",
     &late,
     {&valid, &old},
     XMPP_BADCERT_EXPIRED},
};

static void run(const struct row *row)
{
    struct tls_pair b;
    int rc;

    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    send_chain(&b, row->leaf, row->above);
    rc = tls_pair_shake(&b);
    is_int(rc, row->reasons ? PIPE_DECIDE : 0, "%s", row->what);
    is_int(tls_stage_reasons(b.tls), row->reasons, "%s: the reasons",
           row->what);
    tls_pair_close(&b, row->what);
    forget_chain();
}

/* An authority's copy that is out of date beside a good way: what was stapled
 * is still looked at. */
static void stapled(bool revoked)
{
    time_t now = time(NULL);
    struct cert_pair own, copy, ca = {certmaker.ca, certmaker.ca_key};
    const struct cert_pair *above[] = {&copy, NULL};
    struct tls_pair b;

    certmaker_pair(&certmaker,
                   &(struct cert_spec){.dns = {"example.org"}, .serial = 7},
                   &own);
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.common = "a throw-away authority",
                                       .authority = 1,
                                       .twin = &ca,
                                       .by = &ca,
                                       .from = now - 7200,
                                       .until = now - 3600},
                   &copy);
    certmaker_ocsp(&certmaker, own.cert, "staple",
                   &(struct ocsp_answer){.from = now - 60,
                                         .until = now + 600,
                                         .revoked = revoked});
    tls_pair_init(&b, &certmaker);
    b.staple = "staple";
    tls_pair_open(&b, &certmaker);
    send_chain(&b, &own, above);
    is_int(tls_pair_shake(&b), revoked ? PIPE_DECIDE : 0,
           "a copy of the authority");
    is_int(tls_stage_reasons(b.tls), revoked ? XMPP_BADCERT_REVOKED : 0,
           "and what is revoked stays so");
    tls_pair_close(&b, "stapled");
    forget_chain();
    cert_pair_free(&own);
    cert_pair_free(&copy);
}

/* The good one is the last of so many. */
static void many(unsigned n, unsigned reasons)
{
    const struct cert_pair *above[20] = {NULL};
    struct tls_pair b;

    for (unsigned i = 0; i + 2 < n; i++)
        above[i] = &old;
    above[n - 2] = &valid;
    tls_pair_init(&b, &certmaker);
    tls_pair_open(&b, &certmaker);
    send_chain(&b, &leaf, above);
    tls_pair_shake(&b);
    is_int(tls_stage_reasons(b.tls), reasons, "the last of %u", n);
    tls_pair_close(&b, "many");
    forget_chain();
}

static void between(struct cert_pair *ret, struct cert_spec spec)
{
    if (!spec.common)
        spec.common = "an intermediate";
    spec.authority = 1;
    certmaker_pair(&certmaker, &spec, ret);
}

static void make(void)
{
    time_t now = time(NULL);

    between(&valid, (struct cert_spec){0});
    between(&old, (struct cert_spec){
                      .twin = &valid, .from = now - 7200, .until = now - 3600});
    between(&young, (struct cert_spec){.twin = &valid,
                                       .from = now + 3600,
                                       .until = now + 7200});
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.self = 1,
                                       .authority = 1,
                                       .common = "another authority"},
                   &stranger);
    between(&lost, (struct cert_spec){.twin = &valid, .by = &stranger});
    between(&weak, (struct cert_spec){.twin = &valid, .sha1 = 1});
    between(&other, (struct cert_spec){0});
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.dns = {"example.org"}, .by = &valid},
                   &leaf);
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.dns = {"example.org"},
                                       .by = &valid,
                                       .from = now - 7200,
                                       .until = now - 3600},
                   &late);
    between(&lower,
            (struct cert_spec){.by = &valid, .common = "intermediate no"});
    between(&lower_old, (struct cert_spec){.by = &valid,
                                           .common = "intermediate no",
                                           .twin = &lower,
                                           .from = now - 7200,
                                           .until = now - 3600});
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.dns = {"example.org"}, .by = &lower},
                   &deep);
    certmaker_pair(&certmaker,
                   &(struct cert_spec){
                       .dns = {"example.org"}, .by = &valid, .for_client = 1},
                   &for_client);
}

int main(void)
{
    struct cert_pair *const all[] = {
        &valid, &old,      &young, &lost,      &weak, &other,     &leaf,
        &late,  &stranger, &lower, &lower_old, &deep, &for_client};

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    make();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        run(&rows[i]);
    many(CERT_PATH_MOST, 0);
    many(CERT_PATH_MOST + 1, XMPP_BADCERT_OTHER);
    stapled(false);
    stapled(true);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        cert_pair_free(all[i]);
    certmaker_close(&certmaker);
    return done_testing();
}
