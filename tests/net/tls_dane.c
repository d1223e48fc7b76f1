/* tls_dane.c - what a TLS stage makes of the word of the DNS. The DNS, and who
 * compares records, are the test's own, so that it needs neither. */

#include "net/tls_pair.h"
#include "net/dane.h"
#include "net/dane_judge.h"

static struct certmaker certmaker;

static enum dane_status status;
static unsigned judged;         /* the verdict of the records */
static struct dane_chain shown; /* what they were held against ... */
static char domain[32];         /* ... and for whom */
static bool all_shown;          /* the records, all of them */

static const struct tlsa record = {.usage = 3};

enum dane_status dane_status(const struct dane *dane)
{
    (void)dane;
    return status;
}

const struct tlsa *dane_records(const struct dane *dane, size_t *ret_n)
{
    (void)dane;
    *ret_n = 1;
    return &record;
}

const char *dane_host(const struct dane *dane)
{
    (void)dane;
    return "host.example";
}

unsigned dane_judge(const struct tlsa *records, size_t n,
                    const struct dane_chain *chain)
{
    all_shown = records == &record && n == 1;
    shown = *chain;
    snprintf(domain, sizeof(domain), "%s", chain->domain);
    return judged;
}

static const struct row {
    const char *cert;
    enum dane_status status;
    bool needs;
    unsigned judged;
    int code;             /* 0: accepted ... */
    const char *verified; /* ... as this */
    const char *what;
} rows[] = {
    {"good", DANE_NONE, false, 0, 0, "yes", "no records, none needed"},
    {"good", DANE_NONE, true, 0, XMPP_EDANE, NULL, "no records where needed"},
    {"self", DANE_NONE, false, 0, XMPP_ECERTISSUER, NULL,
     "no records, nor an authority"},
    {"good", DANE_FAILED, false, 0, XMPP_EDANE, NULL, "no answer"},
    {"good", DANE_FAILED, true, 0, XMPP_EDANE, NULL, "no answer where needed"},
    {"good", DANE_FOUND, false, 0, 0, "yes", "records and an authority"},
    {"good", DANE_FOUND, true, 0, 0, "yes", "where they are needed"},
    {"self", DANE_FOUND, false, 0, 0, "by-dane", "records alone"},
    {"good", DANE_FOUND, false, XMPP_BADCERT_DANE, XMPP_EDANE, NULL,
     "records of another certificate"},
    {"self", DANE_FOUND, false, XMPP_BADCERT_ISSUER, XMPP_ECERTISSUER, NULL,
     "records that need an authority"},
};

/* Waits for the answer, if there is `wait`. */
static void judge(const struct row *row, bool wait)
{
    struct tls_pair b;
    int rc;

    tls_pair_init(&b, &certmaker);
    b.cert = row->cert;
    b.wanted.dane = (struct dane *)(void *)&certmaker;
    b.wanted.needs_dane = row->needs;
    status = wait ? DANE_PENDING : row->status;
    judged = row->judged;
    tls_pair_open(&b, &certmaker);
    rc = tls_pair_shake(&b);
    if (wait) {
        is_int(rc, PIPE_AGAIN, "%s: it waits for the DNS", row->what);
        is_str(tls_stage_info(b.tls, XMPP_TLS_PROTOCOL), NULL, "  meanwhile");
        status = row->status;
        rc = tls_pair_shake(&b);
    }
    if (row->code) {
        is_int(rc, PIPE_DECIDE, "%s: refused", row->what);
        tls_stage_answer(b.tls, false);
        is_int(tls_pair_shake(&b), PIPE_FAIL, "  for good");
    } else {
        is_int(rc, 0, "%s: accepted", row->what);
        is_str(tls_stage_info(b.tls, XMPP_TLS_VERIFIED), row->verified,
               "  as %s", row->verified);
    }
    is_int(b.fault.code, row->code, "  %s", b.fault.detail);
    tls_pair_close(&b, row->what);
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        judge(&rows[i], false);
    judge(&rows[1], true);
    judge(&rows[5], true);
    ok(all_shown, "who compares sees the records");
    ok(shown.reasons == 0 && shown.n > 0, "  and the chain");
    judge(&rows[7], true);
    ok(shown.reasons != 0, "  and what is wrong with it");
    is_str(shown.host, "host.example", "  and whose records they are");
    is_str(domain, "example.org", "  and for whom");
    certmaker_close(&certmaker);
    return done_testing();
}
