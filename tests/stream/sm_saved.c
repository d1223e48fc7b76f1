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
    without_memory();
    changes();
    promises_without_memory();
    return done_testing();
}
