/* dane_lookup.c - what follows from answers of the DNS: signed, not signed,
 * forged, withheld, in either order. libunbound is the test's own, so that it
 * needs no server. */

#include "net/dane.h"

#include <unistd.h>

#include "failmem.h"
#include "net/fake_unbound.h"
#include "tap.h"

#ifdef HAVE_DANE

/* ---- answers ------------------------------------------------------ */

#define SRV 33
#define TLSA 52
#define HERE "\0\0\0\0\x14\x66\4host\7example\0"
#define THERE "\0\0\0\0\x14\x66\4evil\7example\0"
#define HASH                                                                   \
    "\3\1\1"                                                                   \
    "abcdefghijklmnopqrstuvwxyz012345"

#define DATA(type_, secure_, bogus_, record_, n_, copies_)                     \
    {                                                                          \
        .type = type_, .havedata = 1, .secure = secure_, .bogus = bogus_,      \
        .record = record_, .n = n_, .copies = copies_                          \
    }

static const struct unbound_answer srv_here = DATA(SRV, 1, 0, HERE, 20, 0);
static const struct unbound_answer srv_there = DATA(SRV, 1, 0, THERE, 20, 0);
static const struct unbound_answer srv_open = DATA(SRV, 0, 0, HERE, 20, 0);
static const struct unbound_answer srv_forged = DATA(SRV, 0, 1, HERE, 20, 0);
static const struct unbound_answer srv_none = {.type = SRV, .secure = 1};
static const struct unbound_answer srv_absent = {.type = SRV, .error = 1};
static const struct unbound_answer tlsa_good = DATA(TLSA, 1, 0, HASH, 35, 0);
static const struct unbound_answer tlsa_most = DATA(TLSA, 1, 0, HASH, 35, 15);
static const struct unbound_answer tlsa_many = DATA(TLSA, 1, 0, HASH, 35, 16);
static const struct unbound_answer tlsa_open = DATA(TLSA, 0, 0, HASH, 35, 0);
static const struct unbound_answer tlsa_odd = DATA(TLSA, 1, 0, HASH, 34, 0);
static const struct unbound_answer tlsa_forged = DATA(TLSA, 0, 1, HASH, 35, 0);
static const struct unbound_answer tlsa_none = {
    .type = TLSA, .rcode = 3, .secure = 1};
static const struct unbound_answer tlsa_servfail = {.type = TLSA, .rcode = 2};
static const struct unbound_answer tlsa_refused = {.type = TLSA, .rcode = 5};
static const struct unbound_answer tlsa_absent = {.type = TLSA, .error = 1};

static struct failmem memory;
static struct env env;
static struct poll *poll_set;
static int times; /* that `done` was called */

static void done(void *userdata)
{
    times += userdata == &times;
}

static struct dane *start(const struct dane_wanted *wanted)
{
    const char *lack;
    struct dane *dane;

    unbound_queries_n = times = unbound_process_rc = 0;
    unbound_servers[0] = '\0';
    dane = dane_start(&env, poll_set, wanted, done, &times, &lack);
    if (!dane)
        bail(lack ? lack : "no memory");
    return dane;
}

static void answer(const struct unbound_answer *first,
                   const struct unbound_answer *second)
{
    unbound_due[0] = first;
    unbound_due[1] = second;
    if (write(unbound_ends[1], "x", 1) != 1)
        bail("no pipe");
    poll_turn(poll_set, 0);
}

/* The unbound_keys may be any file that can be read: nobody here looks into it.
 */
static const struct dane_wanted usual = {.domain = "example",
                                         .host = "host.example",
                                         .port = 5222,
                                         .service = "_xmpp-client._tcp",
                                         .usual_port = 5222,
                                         .anchor = "/dev/null",
                                         .timeout = 5000};

static const struct row {
    const char *what;
    const struct unbound_answer *first, *second;
    enum dane_status status;
    size_t records;
    const char *reason;
} rows[] = {
    {"all is signed", &srv_here, &tlsa_good, DANE_FOUND, 1, "there are"},
    {"TLSA first", &tlsa_good, &srv_here, DANE_FOUND, 1, "there are"},
    {"the most records", &srv_here, &tlsa_most, DANE_FOUND, 16, "there are"},
    {"too many", &srv_here, &tlsa_many, DANE_FAILED, 0, "too many"},
    {"SRV not signed", &tlsa_good, &srv_open, DANE_NONE, 0, "SRV records are"},
    {"SRV elsewhere", &tlsa_good, &srv_there, DANE_FAILED, 0, "elsewhere"},
    {"SRV elsewhere, no TLSA", &tlsa_none, &srv_there, DANE_FAILED, 0,
     "elsewhere"},
    {"SRV denied", &tlsa_good, &srv_none, DANE_FAILED, 0, "no SRV"},
    {"SRV forged", &tlsa_good, &srv_forged, DANE_FAILED, 0, "signature"},
    {"SRV not answered", &tlsa_good, &srv_absent, DANE_FAILED, 0, "resolver"},
    {"TLSA not signed", &srv_here, &tlsa_open, DANE_NONE, 0, "not signed"},
    {"TLSA denied", &srv_here, &tlsa_none, DANE_NONE, 0, "no TLSA"},
    {"TLSA not usable", &srv_here, &tlsa_odd, DANE_NONE, 0, "usable"},
    {"TLSA forged", &srv_here, &tlsa_forged, DANE_FAILED, 0, "signature"},
    {"SERVFAIL", &srv_here, &tlsa_servfail, DANE_FAILED, 0, "no name server"},
    {"REFUSED", &srv_here, &tlsa_refused, DANE_FAILED, 0, "no name server"},
    {"TLSA not answered", &srv_here, &tlsa_absent, DANE_FAILED, 0, "resolver"},
};

#define FINDS(what)                                                            \
    {                                                                          \
        what, NULL, NULL, DANE_FOUND, 1, "there are"                           \
    }
#define FAILS(what, reason)                                                    \
    {                                                                          \
        what, NULL, NULL, DANE_FAILED, 0, reason                               \
    }

static void is_concluded(struct dane *dane, const struct row *row)
{
    const struct tlsa *records;
    size_t n;

    is_int(times, 1, "%s: it is known", row->what);
    is_int(dane_status(dane), row->status, "  what");
    ok(strstr(dane_reason(dane), row->reason), "  why: %s", dane_reason(dane));
    records = dane_records(dane, &n);
    is_int((long)n, (long)row->records, "  by so many records");
    for (size_t i = 0; i < n; i++)
        if (records[i].usage != 3 || records[i].selector != 1 ||
            records[i].matching != 1 || records[i].n != 32 ||
            memcmp(records[i].data, &HASH[3], 32) != 0)
            ok(false, "  record %zu", i);
    is_int(unbound_contexts, 0, "  and the resolver is gone");
    dane_free(dane);
    is_int(unbound_results, 0, "  with its answers");
}

static void together(const struct row *row)
{
    struct dane *dane = start(&usual);

    is_str(unbound_queries[0].name, "_5222._tcp.host.example",
           "whose certificate");
    is_str(unbound_queries[1].name, "_xmpp-client._tcp.example",
           "who leads there");
    answer(row->first, row->second);
    is_concluded(dane, row);
}

static void one_by_one(const struct row *row)
{
    struct dane *dane = start(&usual);

    answer(row->first, NULL);
    if (times == 0) {
        is_int(dane_status(dane), DANE_PENDING, "%s: not known yet", row->what);
        answer(row->second, NULL);
    }
    is_concluded(dane, row);
}

/* ---- what is asked ------------------------------------------------ */

/* A host that the application set, and a domain without SRV records. */
static void without_srv(void)
{
    static const struct row set = FINDS("a host that was set");
    static const struct row own = FINDS("the domain itself");
    static const struct row other = FAILS("another port of it", "no SRV");
    struct dane_wanted wanted = usual;
    struct dane *dane;

    wanted.service = NULL;
    dane = start(&wanted);
    is_int(unbound_queries_n, 1,
           "nobody is asked who leads to a host that was set");
    is_str(dane_host(dane), "host.example", "which it is");
    answer(&tlsa_good, NULL);
    is_concluded(dane, &set);
    wanted = usual;
    wanted.host = "EXAMPLE";
    dane = start(&wanted);
    answer(&srv_none, &tlsa_good);
    is_concluded(dane, &own);
    wanted.port = 5223;
    dane = start(&wanted);
    answer(&srv_none, &tlsa_good);
    is_concluded(dane, &other);
}

static void settings(void)
{
    struct dane_wanted wanted = usual;
    const char *lack = NULL;

    dane_free(start(&wanted));
    is_str(unbound_servers, "system", "the unbound_servers of the system");
    is_str(unbound_keys, "/dev/null", "the unbound_keys");
    wanted.servers = "192.0.2.1,[::1]:53";
    dane_free(start(&wanted));
    is_str(unbound_servers, "192.0.2.1;::1@53;", "those of the application");
    is_int(unbound_contexts, 0, "given up, nothing is left");
    wanted.anchor = "/nowhere/at/all";
    ok(!dane_start(&env, poll_set, &wanted, done, NULL, &lack) && lack,
       "no keys: %s", lack);
}

/* ---- what goes wrong ---------------------------------------------- */

static void failing(void)
{
    static const struct row slow = {
        .what = "no answer", .status = DANE_FAILED, .reason = "in time"};
    static const struct row broken = {.what = "a resolver that breaks",
                                      .status = DANE_FAILED,
                                      .reason = "the resolver failed"};
    static const struct row idle = {.what = "one that does not start",
                                    .status = DANE_FAILED,
                                    .reason = "did not start"};
    struct dane_wanted wanted = usual;
    struct dane *dane = start(&usual);

    poll_move_clock(poll_set, 4999);
    poll_turn(poll_set, 0);
    is_int(times, 0, "there is time");
    poll_move_clock(poll_set, 1);
    poll_turn(poll_set, 0);
    is_concluded(dane, &slow);
    dane = start(&usual);
    answer(&srv_here, NULL);
    poll_move_clock(poll_set, 5000);
    poll_turn(poll_set, 0);
    is_concluded(dane, &slow);
    dane = start(&usual);
    unbound_process_rc = 1;
    answer(NULL, NULL);
    is_concluded(dane, &broken);
    wanted.servers = "bad,192.0.2.1";
    dane = start(&wanted);
    is_str(unbound_servers, "bad;", "a server that is not one");
    is_int(times, 0, "is reported later");
    poll_turn(poll_set, 0);
    is_concluded(dane, &idle);
    unbound_no_context = true;
    dane = start(&usual);
    poll_turn(poll_set, 0);
    is_concluded(dane, &idle);
    unbound_no_context = false;
    for (unbound_refused_query = 1; unbound_refused_query <= 2;
         unbound_refused_query++) {
        dane = start(&usual);
        poll_turn(poll_set, 0);
        is_concluded(dane, &idle);
    }
    unbound_refused_query = 0;
}

/* A whole certificate as data, up to the longest. */
static void longest(void)
{
    static char record[3 + DANE_DATA_MOST + 1] = {2, 0, 0};

    for (int n = 0; n < 2; n++) {
        const struct unbound_answer long_one = {.type = TLSA,
                                                .havedata = 1,
                                                .secure = 1,
                                                .record = record,
                                                .n = 3 + DANE_DATA_MOST + n};
        struct dane *dane = start(&usual);

        answer(&srv_here, &long_one);
        is_int(dane_status(dane), n ? DANE_NONE : DANE_FOUND,
               n ? "one octet too long" : "the longest record");
        dane_free(dane);
    }
}

static void without_memory(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        const char *lack;
        struct dane *dane;

        unbound_queries_n = times = 0;
        failmem_arm(&memory, ++n, 0);
        dane = dane_start(&env, poll_set, &usual, done, &times, &lack);
        if (dane)
            answer(&srv_here, &tlsa_good);
        failed = memory.failed > 0;
        if (failed && dane && dane_status(dane) != DANE_FAILED)
            ok(false, "allocation %lu failed unnoticed", n);
        dane_free(dane);
    }
    failmem_arm(&memory, 0, 0);
    ok(n > 4, "each of %lu allocations failed", n - 1);
}

int main(void)
{
    if (pipe(unbound_ends))
        bail("no pipe");
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    poll_set = poll_new(&env);
    poll_stop_clock(poll_set, 1000);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        together(&rows[i]);
        one_by_one(&rows[i]);
    }
    without_srv();
    settings();
    failing();
    longest();
    without_memory();
    ok(dane_is_there(), "it was built with DANE");
    poll_free(poll_set);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}

#else

int main(void)
{
    skip("built without DANE");
    return done_testing();
}

#endif
