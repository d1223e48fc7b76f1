/* tls_ticket.c - sessions that are resumed: by whom, how often, and that the
 * server is verified all the same. */

#include "net/tls_pair.h"
#include "net/tls_inside.h"
#include "net/tls_trust.h"

static struct certmaker certmaker, other;
static gnutls_datum_t key;
static struct tls_ticket ticket;
static struct failmem memory;
static struct env env;

/* A connection with the ticket at hand, which brings another. */
struct wish {
    const char *what, *domain, *priority, *cert, *staple;
    const char *cafile, *crlfile;
    const struct tls_pin *pin;
    bool require_status, no_ticket;
    int says; /* what the handshake says */
    unsigned reasons;
    const char *resumed; /* NULL: was not told */
};

static void run(const struct wish *w)
{
    struct tls_pair b;
    char byte = 0;

    tls_pair_init(&b, &certmaker);
    b.ticket_key = &key;
    b.mem = &memory.mem; /* for the ticket outlives a connection */
    b.priority = w->priority;
    b.staple = w->staple;
    if (w->cert)
        b.cert = w->cert;
    if (w->domain)
        b.wanted.domain = w->domain;
    if (w->cafile)
        b.config.cafile = w->cafile;
    b.config.crlfile = w->crlfile;
    b.wanted.require_status = w->require_status;
    b.wanted.pins = w->pin;
    b.wanted.pins_n = w->pin != NULL;
    b.wanted.ticket = w->no_ticket ? NULL : &ticket;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), w->says, "%s: %s", w->what, b.fault.detail);
    is_int(tls_stage_reasons(b.tls), w->reasons, "%s: the reasons", w->what);
    if (w->says == 0) {
        gnutls_record_send(b.server, "x", 1);
        is_int(tls_pair_read(&b, &byte), 1, "%s: a byte comes", w->what);
        is_str(tls_stage_info(b.tls, XMPP_TLS_RESUMED), w->resumed,
               "%s: resumed?", w->what);
    }
    if (w->says == PIPE_DECIDE) { /* behind the handshake, if it was resumed */
        tls_stage_answer(b.tls, true);
        is_int(tls_pair_shake(&b), 0, "%s: accepted all the same", w->what);
        is_str(tls_stage_info(b.tls, XMPP_TLS_RESUMED), w->resumed,
               "%s: resumed?", w->what);
        is_str(tls_stage_info(b.tls, XMPP_TLS_VERIFIED), "accepted",
               "%s: by the application", w->what);
    }
    tls_pair_close(&b, w->what);
}

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

static void lawful(void)
{
    run(&(struct wish){.what = "the first", .resumed = "no"});
    ok(ticket.data != NULL, "brings a ticket");
    run(&(struct wish){.what = "the second", .resumed = "yes"});
    run(&(struct wish){.what = "the third", .resumed = "yes"});
    run(&(struct wish){.what = "without", .no_ticket = true, .resumed = "no"});
    run(&(struct wish){.what = "another domain",
                       .domain = "im.example.org",
                       .cert = "both",
                       .resumed = "no"});
    run(&(struct wish){.what = "again", .cert = "both", .resumed = "no"});
    run(&(struct wish){.what = "TLS 1.2", .priority = TLS12, .resumed = "no"});
    ok(!ticket.data, "brings no ticket, and used the old one up");
    run(&(struct wish){.what = "TLS 1.2", .priority = TLS12, .resumed = "no"});
    run(&(struct wish){.what = "stapled", .staple = "yes", .resumed = "no"});
    ok(!ticket.data, "what was stapled cannot be resumed");
}

/* The ticket is of a server that was good; then it is not, and is found out. */
static void judged_anew(void)
{
    struct tls_pin pin = {.kind = XMPP_TLS_PIN_KEY};
    char list[160];

    run(&(struct wish){.what = "good", .resumed = "no"});
    run(&(struct wish){.what = "pinned otherwise",
                       .says = PIPE_DECIDE,
                       .pin = &pin,
                       .reasons = XMPP_BADCERT_PIN,
                       .resumed = "yes"});
    run(&(struct wish){.what = "good", .resumed = "no"});
    run(&(struct wish){.what = "status demanded",
                       .says = PIPE_DECIDE,
                       .require_status = true,
                       .reasons = XMPP_BADCERT_STATUS,
                       .resumed = "no"});
    /* as if the files had not changed */
    run(&(struct wish){.what = "good", .resumed = "no"});
    snprintf(list, sizeof(list), "%s/it.crl", certmaker.folder);
    run(&(struct wish){.what = "other files",
                       .says = PIPE_DECIDE,
                       .crlfile = list,
                       .reasons = XMPP_BADCERT_REVOKED,
                       .resumed = "no"});
}

/* Trust that is exchanged under an old ticket, for an authority of the same
 * name: the stamp would notice, so it is made the same. */
static void trusted_anew(void)
{
    struct tls_config config = {.cafile = other.ca_file};
    struct tls_trusts trusts = {NULL};
    struct tls_trust *trust;

    run(&(struct wish){.what = "good", .resumed = "no"});
    trust = tls_trust_get(&env, &trusts, &config);
    ticket.stamp = tls_trust_stamp(trust);
    tls_trust_release(&trusts, trust);
    run(&(struct wish){.what = "another authority",
                       .says = PIPE_DECIDE,
                       .cafile = other.ca_file,
                       .reasons = XMPP_BADCERT_SIGNATURE,
                       .resumed = "yes"});
}

/* What a byte brings with it; is it a ticket? */
static bool comes(struct tls_pair *b)
{
    char byte;

    tls_ticket_free(&env, &ticket);
    gnutls_record_send(b->server, "x", 1);
    is_int(tls_pair_read(b, &byte), 1, "a byte comes");
    return ticket.data != NULL;
}

static void many(void)
{
    unsigned n;
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.ticket_key = &key;
    b.mem = &memory.mem;
    b.wanted.ticket = &ticket;
    tls_pair_open(&b, &certmaker);
    is_int(tls_pair_shake(&b), 0, "many tickets: %s", b.fault.detail);
    comes(&b); /* those that a server gives by itself */
    for (n = ((struct tls *)b.tls)->tickets; n < TLS_TICKETS_MOST; n++) {
        gnutls_session_ticket_send(b.server, 1, 0);
        ok(comes(&b), "ticket %u is kept", n + 1);
    }
    gnutls_session_ticket_send(b.server, 1, 0);
    ok(!comes(&b), "one more is not looked at");
    tls_pair_close(&b, "many tickets");
}

int main(void)
{
    time_t now = time(NULL);
    const struct ocsp_answer yes = {now - 3600, now + 3600, 0, 0};
    struct cert_pair pair;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    gnutls_session_ticket_key_generate(&key);
    certmaker_open(&certmaker);
    certmaker_open(&other);
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.dns = {"example.org"}, .serial = 7},
                   &pair);
    certmaker_pair_files(&certmaker, &pair, "good");
    certmaker_ocsp(&certmaker, pair.cert, "yes", &yes);
    cert_pair_free(&pair);
    certmaker_crl(&certmaker, "it", 7, now - 3600, now + 3600);
    certmaker_files(
        &certmaker,
        &(struct cert_spec){.dns = {"example.org", "im.example.org"}}, "both");
    lawful();
    judged_anew();
    trusted_anew();
    many();
    tls_ticket_free(&env, &ticket);
    is_int(memory.held, 0, "no memory is left");
    gnutls_free(key.data);
    certmaker_close(&certmaker);
    certmaker_close(&other);
    return done_testing();
}
