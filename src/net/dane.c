/* dane.c - the one door to libunbound: TLSA records, and whether they are
 * signed all the way.
 *
 * If SRV records led to another host, its TLSA records count only if the SRV
 * records are signed as well (RFC 7673 section 4). Otherwise an attacker who
 * forges the way to a host brings TLSA records for it. */

#include "net/dane.h"

#include "net/dane_answer.h"

#ifdef HAVE_DANE

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unbound.h>
#include <unistd.h>

#define ROOT_KEYS "/usr/share/dns/root.key" /* of Debian's dns-root-data */
#define CLASS_IN 1
#define TYPE_SRV 33
#define TYPE_TLSA 52
#define NAME_SIZE 300
#define RCODE_NXDOMAIN 3

/* One query and the meaning of its answer. FOUND: nothing in it speaks against
 * DANE. */
struct question {
    struct dane *dane;
    void (*read)(struct question *question, const struct ub_result *result);
    enum dane_status status;
    const char *reason;
};

/* `memory` holds what the records point at. The status is PENDING until `done`
 * is called, and does not change afterwards. */
struct dane {
    struct env *env;
    struct poll *poll;
    void (*done)(void *userdata);
    void *userdata;
    struct ub_ctx *unbound;
    struct watch watch;
    struct alarm alarm;
    struct question srv, tlsa;
    enum dane_status status;
    const char *reason;
    unsigned port, usual_port;
    char *host, *domain;
    struct tlsa records[DANE_RECORDS_MOST];
    size_t records_n;
    unsigned char *memory[DANE_RECORDS_MOST];
};

bool dane_is_there(void)
{
    return true;
}

enum dane_status dane_status(const struct dane *dane)
{
    return dane->status;
}

const char *dane_reason(const struct dane *dane)
{
    return dane->reason;
}

const struct tlsa *dane_records(const struct dane *dane, size_t *ret_n)
{
    *ret_n = dane->records_n;
    return dane->records;
}

const char *dane_host(const struct dane *dane)
{
    return dane->host;
}

/* The first result of a question counts: nothing that follows makes a failure
 * good. */
static void settle_question(struct question *question, enum dane_status status,
                            const char *reason)
{
    if (question->status != DANE_PENDING)
        return;
    question->status = status;
    question->reason = reason;
}

/* ---- answers ----------------------------------------------------- */

static bool leads_here(const struct dane *dane, const struct ub_result *result)
{
    for (int i = 0; result->data[i]; i++)
        if (dane_srv_leads(str_n(result->data[i], (size_t)result->len[i]),
                           dane->host, dane->port))
            return true;
    return false;
}

/* Without SRV records the TLSA records are those of the domain itself and its
 * usual port. An answer that led elsewhere was forged. */
static void read_srv_result(struct question *question,
                            const struct ub_result *result)
{
    const struct dane *dane = question->dane;

    if (!result->secure)
        settle_question(question, DANE_NONE, "the SRV records are not signed");
    else if (!result->havedata && (strcasecmp(dane->host, dane->domain) != 0 ||
                                   dane->port != dane->usual_port))
        settle_question(question, DANE_FAILED,
                        "the signed DNS has no SRV records");
    else if (result->havedata && !leads_here(dane, result))
        settle_question(question, DANE_FAILED,
                        "the signed SRV records lead elsewhere");
    else
        settle_question(question, DANE_FOUND, "the SRV records lead here");
}

/* A record that is not understood is ignored (RFC 7671 section 4). */
static void take_record(struct question *question, const unsigned char *rr,
                        size_t n)
{
    struct dane *dane = question->dane;
    struct tlsa *to = &dane->records[dane->records_n];
    unsigned char *copy;

    if (!dane_tlsa_fits(str_n((const char *)rr, n)) || n - 3 > DANE_DATA_MOST)
        return;
    if (dane->records_n == DANE_RECORDS_MOST) {
        settle_question(question, DANE_FAILED,
                        "there are too many TLSA records");
        return;
    }
    copy = env_alloc(dane->env, n - 3);
    if (!copy) {
        settle_question(question, DANE_FAILED, "out of memory");
        return;
    }
    memcpy(copy, rr + 3, n - 3);
    dane->memory[dane->records_n++] = copy;
    *to = (struct tlsa){rr[0], rr[1], rr[2], (unsigned short)(n - 3), copy};
}

/* A forged denial does not come this far: in a signed zone it is bogus, and an
 * unsigned zone has no records that count. */
static void read_tlsa_result(struct question *question,
                             const struct ub_result *result)
{
    if (!result->havedata) {
        settle_question(question, DANE_NONE, "there are no TLSA records");
        return;
    }
    if (!result->secure) {
        settle_question(question, DANE_NONE, "the TLSA records are not signed");
        return;
    }
    for (int i = 0; result->data[i]; i++)
        take_record(question, (const unsigned char *)result->data[i],
                    (size_t)result->len[i]);
    if (question->dane->records_n)
        settle_question(question, DANE_FOUND, "there are TLSA records");
    else
        settle_question(question, DANE_NONE, "no TLSA record is usable");
}

/* Anything else, such as SERVFAIL, may be an attacker who withholds records. */
static bool is_answer(const struct ub_result *result)
{
    return result->rcode == 0 || result->rcode == RCODE_NXDOMAIN;
}

static void on_resolved(void *at, int error, struct ub_result *result)
{
    struct question *question = at;

    if (error || !result)
        settle_question(question, DANE_FAILED, "the resolver failed");
    else if (result->bogus)
        settle_question(question, DANE_FAILED,
                        "a signature in the DNS is wrong");
    else if (!is_answer(result))
        settle_question(question, DANE_FAILED, "no name server answered");
    else
        question->read(question, result);
    if (result)
        ub_resolve_free(result);
}

static void give_up_questions(struct dane *dane, const char *reason)
{
    settle_question(&dane->srv, DANE_FAILED, reason);
    settle_question(&dane->tlsa, DANE_FAILED, reason);
}

/* ---- turns ------------------------------------------------------- */

static void stop_resolver(struct dane *dane)
{
    poll_clear_alarm(dane->poll, &dane->alarm);
    if (dane->watch.events)
        poll_watch(dane->poll, &dane->watch, 0);
    if (dane->unbound)
        ub_ctx_delete(dane->unbound);
    dane->unbound = NULL;
}

/* The question that decides. Whether this is the domain's server comes first:
 * an attacker who forged the way to another host may also answer, sooner, that
 * this one has no TLSA records. */
static const struct question *decisive(const struct dane *dane)
{
    return dane->srv.status == DANE_FOUND ? &dane->tlsa : &dane->srv;
}

static void conclude(struct dane *dane)
{
    const struct question *last = decisive(dane);

    dane->status = last->status;
    dane->reason = last->reason;
    stop_resolver(dane);
    if (dane->status != DANE_FOUND) /* TLSA may have come before SRV refused */
        dane->records_n = 0;
    dane->done(dane->userdata);
}

static void on_resolver_ready(struct watch *watch, unsigned events)
{
    struct dane *dane = LIST_ENTRY(watch, struct dane, watch);

    (void)events;
    if (ub_process(dane->unbound))
        give_up_questions(dane, "the resolver failed");
    /* out here, because it deletes the context that ub_process() works on */
    if (decisive(dane)->status != DANE_PENDING)
        conclude(dane);
}

/* Too late, or it could not even begin. */
static void on_dane_alarm(struct alarm *alarm, uint64_t now)
{
    struct dane *dane = LIST_ENTRY(alarm, struct dane, alarm);

    (void)now;
    give_up_questions(dane, "no answer in time");
    conclude(dane);
}

/* ---- queries ----------------------------------------------------- */

static int set_servers(struct ub_ctx *unbound, const char *servers)
{
    struct str rest = str_of(servers), one;
    char text[80];
    int rc = 0;

    if (!servers)
        return ub_ctx_resolvconf(unbound, NULL);
    while (rest.n && rc == 0) {
        rest = str_cut(rest, ',', &one);
        dane_server(one, text, sizeof(text));
        rc = ub_ctx_set_fwd(unbound, text);
    }
    return rc;
}

/* libunbound takes the keys only before all other settings. A resolver on this
 * machine is as good as any other. The thread is libunbound's way not to block.
 */
static bool set_up_resolver(struct dane *dane, const struct dane_wanted *wanted,
                            const char *keys)
{
    char no[] = "no", localhost[] = "do-not-query-localhost:";

    dane->unbound = ub_ctx_create();
    if (!dane->unbound)
        return false;
    ub_ctx_debugout(dane->unbound, NULL); /* not to stderr */
    return ub_ctx_add_ta_file(dane->unbound, keys) == 0 &&
           ub_ctx_set_option(dane->unbound, localhost, no) == 0 &&
           set_servers(dane->unbound, wanted->servers) == 0 &&
           ub_ctx_async(dane->unbound, 1) == 0;
}

static bool put_dns_question(struct dane *dane, struct question *question,
                             const char *name, int type)
{
    return ub_resolve_async(dane->unbound, name, type, CLASS_IN, question,
                            on_resolved, NULL) == 0;
}

/* Both at once, which saves a round trip. A host that the application set is
 * certain without SRV records. */
static bool put_questions(struct dane *dane, const struct dane_wanted *wanted)
{
    char name[NAME_SIZE];

    snprintf(name, sizeof(name), "_%u._tcp.%s", wanted->port, wanted->host);
    if (!put_dns_question(dane, &dane->tlsa, name, TYPE_TLSA))
        return false;
    if (!wanted->service) {
        settle_question(&dane->srv, DANE_FOUND, "the application set the host");
        return true;
    }
    snprintf(name, sizeof(name), "%s.%s", wanted->service, wanted->domain);
    return put_dns_question(dane, &dane->srv, name, TYPE_SRV);
}

static void begin_lookup(struct dane *dane, const struct dane_wanted *wanted,
                         const char *keys)
{
    bool good =
        set_up_resolver(dane, wanted, keys) && put_questions(dane, wanted);

    dane->watch.fd = good ? ub_fd(dane->unbound) : -1;
    if (!good || poll_watch(dane->poll, &dane->watch, POLL_READ)) {
        give_up_questions(dane, "the resolver did not start");
        poll_again(dane->poll, &dane->alarm); /* `done` comes from a turn */
        return;
    }
    poll_set_alarm(dane->poll, &dane->alarm,
                   poll_now(dane->poll) + wanted->timeout);
}

struct dane *dane_start(struct env *env, struct poll *poll,
                        const struct dane_wanted *wanted,
                        void (*done)(void *userdata), void *userdata,
                        const char **ret_lack)
{
    const char *keys = wanted->anchor ? wanted->anchor : ROOT_KEYS;
    struct dane *dane;

    *ret_lack = access(keys, R_OK) ? "DANE needs the keys of the DNS: name a "
                                     "file by xmpp_conn_set_dane_anchor()"
                                   : NULL;
    dane = *ret_lack ? NULL : env_zalloc(env, sizeof(*dane));
    if (!dane)
        return NULL;
    dane->env = env;
    dane->poll = poll;
    dane->done = done;
    dane->userdata = userdata;
    dane->port = wanted->port;
    dane->host = env_strdup(env, wanted->host);
    dane->domain = env_strdup(env, wanted->domain);
    dane->usual_port = wanted->usual_port;
    dane->srv = (struct question){.dane = dane, .read = read_srv_result};
    dane->tlsa = (struct question){.dane = dane, .read = read_tlsa_result};
    dane->watch.ready = on_resolver_ready;
    alarm_init(&dane->alarm, on_dane_alarm);
    if (!dane->host || !dane->domain) {
        dane_free(dane);
        return NULL;
    }
    begin_lookup(dane, wanted, keys);
    return dane;
}

void dane_free(struct dane *dane)
{
    if (!dane)
        return;
    stop_resolver(dane);
    for (size_t i = 0; i < DANE_RECORDS_MOST; i++)
        env_free(dane->env, dane->memory[i]);
    env_free(dane->env, dane->host);
    env_free(dane->env, dane->domain);
    env_free(dane->env, dane);
}

#else

bool dane_is_there(void)
{
    return false;
}

struct dane *dane_start(struct env *env, struct poll *poll,
                        const struct dane_wanted *wanted,
                        void (*done)(void *userdata), void *userdata,
                        const char **ret_lack)
{
    (void)env;
    (void)poll;
    (void)wanted;
    (void)done;
    (void)userdata;
    *ret_lack = "this library was built without DANE: configure it with "
                "--with-dane";
    return NULL;
}

void dane_free(struct dane *dane)
{
    (void)dane;
}

enum dane_status dane_status(const struct dane *dane)
{
    (void)dane;
    return DANE_NONE;
}

const char *dane_reason(const struct dane *dane)
{
    (void)dane;
    return "";
}

const struct tlsa *dane_records(const struct dane *dane, size_t *ret_n)
{
    (void)dane;
    *ret_n = 0;
    return NULL;
}

const char *dane_host(const struct dane *dane)
{
    (void)dane;
    return "";
}

#endif
