/* sm_saved.c - a session as bytes, in our form and in libstrophe's, and when
 * there is something to save. */

#include "stream/outbox_testbed.h"
#include "stream/sm_saved.h"

/* The bytes that libstrophe 0.14 gives to its callback. */
static const char strophe_waiting[] =
    "\x1a\0\0\0\0\x1a\0\0\0\0\x1a\0\0\0\0\x7a\0\0\0\x04SMID\x9a\0\0\0\x02"
    "\x7a\0\0\0\x03"
    "foo\x7a\0\0\0\x1a<r xmlns='urn:xmpp:sm:3'/>\xba\0\0\0\0";
static const char strophe_unacked[] =
    "\x1a\0\0\0\0\x1a\0\0\0\x01\x1a\0\0\0\0\x7a\0\0\0\x04SMID\x9a\0\0\0\0"
    "\xba\0\0\0\x01\x1a\0\0\0\0\x7a\0\0\0\x03"
    "foo";

static xmpp_sm_state_t *load(const char *bytes, size_t n, int want,
                             const char *what)
{
    xmpp_sm_state_t *sm = NULL;

    is_int(sm_load(&outbox_testbed_env, (const unsigned char *)bytes, n, &sm),
           want, "%s", what);
    return sm;
}

static void saves_as(const xmpp_sm_state_t *sm, const char *bytes, size_t n)
{
    struct buf out;

    buf_init(&out, &outbox_testbed_env, 10000);
    sm_save_strophe(sm, &out);
    ok(buf_size(&out) == n && memcmp(buf_view(&out).s, bytes, n) == 0,
       "saved, it is as it was");
    buf_free(&out);
}

static void strophes_form(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = load(strophe_waiting, sizeof(strophe_waiting) - 1, 0, "one waits");
    is_str(sm->id, "SMID", "its id");
    is_int(sm->out.unacked, 0, "none is unacknowledged");
    is_int(outbox_length(&sm->out), 1, "a request of libstrophe's is left out");
    outbox_testbed_unsent(&sm->out, "foo");
    sm_free(sm);
    sm = load(strophe_unacked, sizeof(strophe_unacked) - 1, 0, "one is sent");
    is_int(sm_sent(sm), 1, "one was sent");
    is_int(sm->out.unacked, 1, "and not acknowledged");
    saves_as(sm, strophe_unacked, sizeof(strophe_unacked) - 1);
    sm_free(sm);
    for (size_t n = 0; n < sizeof(strophe_unacked) - 1; n++)
        if (load(strophe_unacked, n, XMPP_EARG, "cut short"))
            bail("a state from half of one");
    outbox_testbed_end("libstrophe's form");
}

static xmpp_sm_state_t *full(void)
{
    xmpp_sm_state_t *sm = outbox_testbed_managed(4294967295U, 2);

    sm_own(sm, STR("romeo@example.org"));
    sm_promise(sm, STR("id"), STR("host:1"), 300);
    sm_bind(sm, STR("romeo@example.org/r"));
    sm->handled = 77;
    sm->in_hand = sm->available = true;
    outbox_testbed_add(&sm->out, "<w/>", NULL);
    outbox_testbed_add(&sm->out, "raw", NULL);
    outbox_testbed_add(&sm->out, "<->", NULL);
    return sm;
}

static void own_form(void)
{
    xmpp_sm_state_t *sm, *copy;
    struct buf a, b;

    outbox_testbed_begin();
    sm = full();
    buf_init(&a, &outbox_testbed_env, 10000);
    buf_init(&b, &outbox_testbed_env, 10000);
    sm_save(sm, &a);
    copy = load(buf_view(&a).s, buf_size(&a), 0, "loaded");
    is_str(copy->owner, "romeo@example.org", "owner");
    is_str(copy->jid, "romeo@example.org/r", "address");
    is_str(copy->id, "id", "id");
    is_str(copy->location, "host:1", "location");
    is_int(copy->max, 300, "patience");
    is_int(sm_sent(copy), 1, "sent, round the edge");
    is_int(copy->handled, 76, "handled, without what is in hand");
    ok(copy->available, "available");
    is_int(copy->out.unacked, 2, "unacknowledged");
    outbox_testbed_unsent(&copy->out, "<w/>raw<->");
    ok(outbox_says_goodbye(&copy->out), "the goodbye is known as such");
    sm_save(copy, &b);
    ok(str_eq(buf_view(&a), buf_view(&b)), "saved again, it is the same");
    buf_puts(&a, STR("?\0\0\0\x02??"));
    sm_free(copy);
    copy =
        load(buf_view(&a).s, buf_size(&a), 0, "what is not known is skipped");
    sm_free(copy);
    buf_puts(&a, STR("u\0\0\0\x04<u/>"));
    load(buf_view(&a).s, buf_size(&a), XMPP_EARG, "in the wrong order");
    load("XMPPSM\2", 7, XMPP_EARG, "another version");
    load("XMPPSM\1A\0\0\0\1x", 13, XMPP_EARG, "a number that is too short");
    load("XMPPSM\1I\0\0\0\2x\0", 14, XMPP_EARG, "a text with a NUL");
    sm_free(load("XMPPSM\1", 7, 0, "empty"));
    sm_free(sm);
    buf_free(&a);
    buf_free(&b);
    outbox_testbed_end("our form");
}

/* ---- what is kept of each item ----------------------------------- */

#define GOODBYE "<presence type=\"unavailable\"/>"

/* One of each kind. */
static xmpp_sm_state_t *of_all_kinds(void)
{
    xmpp_sm_state_t *sm = outbox_testbed_managed(0x87654321U, 1);
    struct outcome outcome;
    struct item item;

    sm_promise(sm, STR("ID"), STR_NONE, 0x01020304U);
    sm->handled = 0x12345678U;
    outbox_testbed_add(&sm->out, "<back/>", NULL);
    outbox_testbed_add(&sm->out, "sent", NULL);
    outbox_testbed_add(&sm->out, "<s/>", NULL);
    outbox_sent(&sm->out, outbox_unsent(&sm->out).n);
    is_int(outbox_take_back(&sm->out, 2, &outcome), 0, "one is taken back");
    outbox_testbed_add(&sm->out, " <x/>", NULL);
    outbox_testbed_add(&sm->out, "<iq/>", NULL);
    outbox_testbed_add(&sm->out, GOODBYE, NULL);
    item = outbox_item(&sm->out, 6);
    item.passing = true;
    outbox_store(&sm->out, 6, &item);
    item = outbox_item(&sm->out, 3);
    item.blame = 2;
    outbox_store(&sm->out, 3, &item);
    return sm;
}

/* Raw text that left is worth nothing. What is not to be said again is a tab
 * for libstrophe, and each suspicion is one. */
static void each_kind(void)
{
    static const char strophe[] =
        "\x1a\0\0\0\0\x1a\x87\x65\x43\x24\x1a\x12\x34\x56\x78"
        "\x7a\0\0\0\2ID"
        "\x9a\0\0\0\3"
        "\x7a\0\0\0\5 <x/>"
        "\x7a\0\0\0\5<iq/>"
        "\x7a\0\0\0\1\t"
        "\xba\0\0\0\3"
        "\x1a\x87\x65\x43\x21\x7a\0\0\0\4<m/>"
        "\x1a\x87\x65\x43\x22\x7a\0\0\0\1\t"
        "\x1a\x87\x65\x43\x23\x7a\0\0\0\6\t\t<s/>";
    static const char own[] = "XMPPSM\1I\0\0\0\2ID"
                              "M\0\0\0\4\1\2\3\4"
                              "A\0\0\0\4\x87\x65\x43\x21"
                              "H\0\0\0\4\x12\x34\x56\x78"
                              "u\0\0\0\4<m/>"
                              "g\0\0\0\7<back/>"
                              "B\0\0\0\1\2u\0\0\0\4<s/>"
                              "v\0\0\0\5 <x/>"
                              "w\0\0\0\5<iq/>"
                              "f\0\0\0\x1e" GOODBYE;
    xmpp_sm_state_t *sm, *copy;
    struct buf out;

    outbox_testbed_begin();
    sm = of_all_kinds();
    saves_as(sm, strophe, sizeof(strophe) - 1);
    buf_init(&out, &outbox_testbed_env, 10000);
    sm_save(sm, &out);
    ok(str_eq(buf_view(&out), str_n(own, sizeof(own) - 1)), "and in our form");
    copy = load(own, sizeof(own) - 1, 0, "our form");
    is_int(copy->max, 0x01020304, "its patience");
    is_int(copy->acked, 0x87654321, "its count");
    is_int(copy->handled, 0x12345678, "and the other's");
    ok(!copy->available && !copy->left, "nothing else is said");
    is_int(outbox_item(&copy->out, 2).blame, 2, "one is suspected");
    is_int(outbox_item(&copy->out, 3).blame, 0, "the next is not");
    is_int(outbox_length(&copy->out), 2, "the goodbye is not to be said again");
    buf_clear(&out);
    sm_save(copy, &out);
    ok(str_eq(buf_view(&out), str_n(own, sizeof(own) - 1)), "it is the same");
    sm_free(copy);
    copy = load(strophe, sizeof(strophe) - 1, 0, "libstrophe's form");
    saves_as(copy, strophe, sizeof(strophe) - 1);
    is_int(outbox_item(&copy->out, 2).blame, 2, "one is suspected");
    ok(!outbox_item(&copy->out, 3).counts && outbox_item(&copy->out, 4).counts,
       "what counts is known");
    sm_free(copy);
    sm_free(sm);
    buf_free(&out);
    outbox_testbed_end("each kind");
}

/* What waited may have been sent since: a count of the peer decides. */
static void all_in_doubt(void)
{
    static const char saved[] = "XMPPSM\1u\0\0\0\4<1/>w\0\0\0\4<2/>";
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = load(saved, sizeof(saved) - 1, 0, "one was sent and one was not");
    ok(sm_acknowledge(sm, 2), "both were");
    is_int((long)outbox_count(&sm->out), 0, "and are done");
    sm_free(sm);
    sm = load(saved, sizeof(saved) - 1, 0, "the same");
    ok(!sm_acknowledge(sm, 3), "three were not");
    is_int((long)outbox_count(&sm->out), 0, "but all that is known was");
    sm_free(sm);
    sm = load(saved, sizeof(saved) - 1, 0, "the same");
    env_free(&outbox_testbed_env, outbox_drop(&sm->out, true));
    is_int(outbox_length(&sm->out), 0, "the other is taken back");
    ok(sm_acknowledge(sm, 2), "and keeps its place");
    sm_free(sm);
    outbox_testbed_end("all in doubt");
}

/* ---- what cannot be a state -------------------------------------- */

/* In memory of just that size. */
static int tried(const char *bytes, size_t n)
{
    unsigned char *copy = malloc(n ? n : 1);
    xmpp_sm_state_t *sm = NULL;
    int rc;

    memcpy(copy, bytes, n);
    rc = sm_load(&outbox_testbed_env, copy, n, &sm);
    sm_free(sm);
    free(copy);
    return rc;
}

#define IS(bytes, want, what)                                                  \
    is_int(tried(bytes, sizeof(bytes) - 1), want, "%s", what)

#define HEAD_OF(id)                                                            \
    "\x1a\0\0\0\0\x1a\0\0\0\x02\x1a\0\0\0\0\x7a\0\0\0" id "\x9a\0\0\0\0"
#define UNACKED(number, text)                                                  \
    "\xba\0\0\0\2\x1a\0\0\0\0\x7a\0\0\0\3foo\x1a\0\0\0" number "\x7a\0\0"      \
    "\0" text

static void broken(void)
{
    static const char own[] =
        "XMPPSM\1I\0\0\0\2IDM\0\0\0\4\1\2\3\4u\0\0\0\4<1/>";
    static const size_t ends[] = {7, 14, 23, 32};
    size_t good = 0;

    outbox_testbed_begin();
    for (size_t n = 0; n < sizeof(own); n++) {
        bool whole = n == ends[good];

        is_int(tried(own, n), whole ? 0 : XMPP_EARG, "%zu bytes", n);
        good += whole;
    }
    is_int((long)good, 4, "but between two records");
    IS("XMPPSM\1v\0\0\0\1xu\0\0\0\4<1/>", XMPP_EARG, "in disorder");
    IS("XMPPSM\1u\0\0\0\0", XMPP_EARG, "an empty item");
    IS("XMPPSM\1I\0\0\0\1aI\0\0\0\1b", 0, "the same twice");
    IS(HEAD_OF("\1i") UNACKED("\1", "\3bar"), 0, "libstrophe's");
    IS(HEAD_OF("\0") UNACKED("\1", "\3bar"), XMPP_EARG, "without an id");
    IS(HEAD_OF("\1i") UNACKED("\2", "\3bar"), XMPP_EARG, "a gap");
    IS(HEAD_OF("\1i") UNACKED("\1", "\0"), XMPP_EARG, "an empty stanza");
    outbox_testbed_end("broken");
}

/* Each head has its place. */
static void other_heads(void)
{
    static const char good[] = HEAD_OF("\1i") UNACKED("\1", "\3bar");

    outbox_testbed_begin();
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        char bytes[sizeof(good)];

        memcpy(bytes, good, sizeof(good));
        bytes[i] = '?';
        if (strchr("\x1a\x7a\x9a\xba", good[i]) && good[i])
            is_int(tried(bytes, sizeof(bytes) - 1), XMPP_EARG,
                   "another head at %zu", i);
    }
    outbox_testbed_end("other heads");
}

static void suspected_as(const char *record, size_t n, unsigned want)
{
    char bytes[100] = "XMPPSM\1";
    xmpp_sm_state_t *sm;

    memcpy(bytes + 7, record, n);
    memcpy(bytes + 7 + n, "u\0\0\0\4<1/>", 9);
    sm = load(bytes, 16 + n, 0, "a suspect");
    is_int(outbox_item(&sm->out, 0).blame, want, "how much it is suspected");
    sm_free(sm);
}

/* What was saved shows no guilt. */
static void suspicions(void)
{
    outbox_testbed_begin();
    suspected_as("B\0\0\0\1\1", 6, 1);
    suspected_as("B\0\0\0\1\3", 6, 3);
    suspected_as("B\0\0\0\1\4", 6, 3);
    suspected_as("B\0\0\0\1\xff", 6, 3);
    suspected_as("B\0\0\0\2\1\1", 7, 0);
    suspected_as("?\0\0\0\1\1", 6, 0);
    outbox_testbed_end("suspicions");
}

/* What libstrophe says of management by itself is not said again. */
static void own_elements(void)
{
    static const char *const own[] = {
        "<r xmlns='urn:xmpp:sm:3'/>", "<r xmlns=\"urn:xmpp:sm:3\"/>",
        "<a xmlns=\"urn:xmpp:sm:3\" h=\"1\"/>", "<a h=\"1\"/>"};

    outbox_testbed_begin();
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        size_t n = strlen(own[i]), at = 0;
        char bytes[200];
        xmpp_sm_state_t *sm;

        memcpy(bytes, HEAD_OF("\1i"), at = sizeof(HEAD_OF("\1i")) - 1);
        bytes[at - 1] = 3;
        at += (size_t)snprintf(bytes + at, 4, "\x7a") + 3;
        memset(bytes + at - 3, 0, 3);
        bytes[at++] = 1;
        bytes[at++] = 'A';
        memcpy(bytes + at, "\x7a\0\0", 4);
        bytes[at + 4] = (char)n;
        memcpy(bytes + at + 5, own[i], n);
        at += 5 + n;
        memcpy(bytes + at, "\x7a\0\0\0\1B\xba\0\0\0", 11);
        sm = load(bytes, at + 11, 0, own[i]);
        outbox_testbed_unsent(&sm->out, "AB");
        sm_free(sm);
    }
    outbox_testbed_end("own elements");
}

/* Loading with each allocation failing. */
static void without_memory(void)
{
    unsigned long n = 0;
    xmpp_sm_state_t *sm, *copy = NULL;
    struct buf a;
    int rc = XMPP_EMEM;

    outbox_testbed_begin();
    sm = full();
    buf_init(&a, &outbox_testbed_env, 10000);
    sm_save(sm, &a);
    sm_free(sm);
    while (rc == XMPP_EMEM && n < 1000) {
        failmem_arm(&outbox_testbed_memory, ++n, 0);
        rc = sm_load(&outbox_testbed_env, (const unsigned char *)buf_view(&a).s,
                     buf_size(&a), &copy);
    }
    is_int(rc, 0, "after %lu failures it is loaded", n - 1);
    ok(n > 5, "each was told");
    sm_free(copy);
    buf_free(&a);
    outbox_testbed_end("without memory");
}

static void changed(xmpp_sm_state_t *sm, unsigned *before, const char *what)
{
    ok(sm->changes != *before, "%s is worth saving", what);
    *before = sm->changes;
}

static void changes(void)
{
    xmpp_sm_state_t *sm;
    unsigned before;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(0, 2);
    before = sm->changes;
    sm_promise(sm, STR("id"), STR("host"), 300);
    changed(sm, &before, "a promise");
    sm_promise(sm, STR("id2"), STR("host2"), 300);
    changed(sm, &before, "another one");
    ok(sm_acknowledge(sm, 1), "one is acknowledged");
    changed(sm, &before, "an acknowledgement");
    sm->in_hand = true;
    sm_take_back(sm);
    changed(sm, &before, "a stanza that was handled");
    sm_stop(sm, true);
    sm->out.keeps = false;
    before = sm->changes;
    sm_resume(sm);
    changed(sm, &before, "a resumption");
    ok(sm->out.keeps, "what is sent is kept");
    sm_forget(sm);
    changed(sm, &before, "an end");
    sm_begin(sm, true);
    changed(sm, &before, "a beginning");
    sm_stop(sm, false);
    changed(sm, &before, "what is given back");
    sm_free(sm);
    outbox_testbed_end("changes");
}

static void promises_without_memory(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = sm_new(&outbox_testbed_env);
    for (unsigned long n = 1; n <= 2; n++) {
        failmem_arm(&outbox_testbed_memory, n, 0);
        is_int(sm_promise(sm, STR("id"), STR("host"), 0), XMPP_EMEM,
               "the %lu. text finds no memory", n);
    }
    failmem_arm(&outbox_testbed_memory, 0, 0);
    is_int(sm_promise(sm, STR("id"), STR("host"), 0), 0, "now they do");
    sm_free(sm);
    outbox_testbed_end("promises without memory");
}

int main(void)
{
    strophes_form();
    own_form();
    each_kind();
    all_in_doubt();
    broken();
    other_heads();
    suspicions();
    own_elements();
    without_memory();
    changes();
    promises_without_memory();
    return done_testing();
}
