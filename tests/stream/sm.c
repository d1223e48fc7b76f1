/* sm.c - the counters of stream management, and what becomes of its stanzas
 * from one transport and one session to the next. */

#include "stream/outbox_testbed.h"

/* ---- counters ---------------------------------------------------- */

static void wraps(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(4294967294U, 5);
    is_int(sm_sent(sm), 3, "the count of sent ones went round");
    ok(!sm_acknowledge(sm, 4294967293U), "less than before is refused");
    ok(!sm_acknowledge(sm, 4), "more than sent is refused");
    is_int((long)sm->out.unacked, 5, "and nothing changed");
    ok(sm_acknowledge(sm, 4294967294U), "as before");
    ok(sm_acknowledge(sm, 4294967295U), "one more");
    ok(sm_acknowledge(sm, 0), "over the edge");
    is_int((long)sm->out.unacked, 3, "three are left");
    ok(sm_acknowledge(sm, 3), "all");
    is_int((long)sm->out.unacked, 0, "none is left");
    ok(!sm_acknowledge(sm, 2), "nor comes back");
    sm->handled = 0;
    sm->in_hand = true;
    is_int(sm_handled(sm), 4294967295U, "what is in hand is not handled");
    sm_take_back(sm);
    is_int(sm_handled(sm), 0, "until it is");
    sm_free(sm);
    outbox_testbed_end("wrapping");
}

/* Three stanzas: two are known to have left, one may have. */
static xmpp_sm_state_t *restored_session(void)
{
    xmpp_sm_state_t *sm = outbox_testbed_managed(10, 2);

    outbox_testbed_add(&sm->out, "<m/>", "third");
    outbox_doubt(&sm->out, outbox_unsent(&sm->out).n);
    outbox_stop(&sm->out);
    sm->restored = true;
    return sm;
}

/* The process went on after it had saved its state: the server counts more than
 * the state knows of, so it has all that the state holds. */
static void older_than_the_session(void)
{
    xmpp_sm_state_t *sm;
    unsigned before;

    outbox_testbed_begin();
    sm = restored_session();
    before = sm->changes;
    ok(!sm_acknowledge(sm, 14), "four more are not known");
    is_int((long)sm->acked, 13, "the three that are held are done");
    is_int((long)sm->out.unacked, 0, "none is left");
    is_int((long)outbox_doubted(&sm->out), 0, "not even one in doubt");
    ok(sm->changes != before, "which is worth saving");
    outbox_testbed_done_is(&sm->out, "third", 0);
    sm_free(sm);

    sm = restored_session();
    ok(!sm_acknowledge(sm, 10U + 0x80000000U), "a count that went back");
    is_int((long)sm->acked, 10, "says nothing");
    is_int((long)sm->out.unacked, 2, "and nothing changed");
    ok(!sm_acknowledge(sm, 9), "one less");
    is_int((long)sm->out.unacked, 2, "neither");
    ok(sm_acknowledge(sm, 13), "one that may have left did");
    is_int((long)sm->acked, 13, "all are acknowledged");
    sm_free(sm);

    sm = restored_session();
    sm->restored = false;
    ok(!sm_acknowledge(sm, 14), "a state of this process knows all");
    is_int((long)sm->out.unacked, 2, "so nothing changed");
    sm_free(sm);
    outbox_testbed_end("older than the session");
}

/* What one session was must not colour the next. */
static void anew(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(5, 1);
    sm->in_hand = sm->available = sm->left = sm->restored = true;
    sm_promise(sm, STR("id"), STR("there"), 9);
    sm_bind(sm, STR("romeo@example.org/r"));
    sm_begin(sm, true);
    ok(!sm->id && !sm->location && !sm->jid && !sm->max,
       "what was promised is forgotten");
    ok(!sm->in_hand && !sm->available && !sm->left && !sm->restored,
       "a new session knows nothing of the old one");
    is_int((long)sm->acked, 0, "and counts from 0");
    sm_free(sm);

    sm = restored_session();
    sm->in_hand = true;
    sm_resume(sm);
    ok(!sm->in_hand && !sm->restored, "a resumed one is in this process");
    ok(!sm->out.stopped && sm->out.keeps, "and goes on");
    sm_bind(sm, STR("romeo@example.org/r"));
    sm_bind(sm, STR("romeo@example.org/s"));
    is_str(sm->jid, "romeo@example.org/s", "the address of the last binding");
    sm_free(sm);
    outbox_testbed_end("anew");
}

/* What is told of the stanzas when a transport is gone. */
static void stops(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(0, 3);
    outbox_testbed_add(&sm->out, "<w/>", NULL);
    is_int((long)sm_stop(sm, false), 3, "nobody hears of three that were sent");
    is_int((long)outbox_count(&sm->out), 1, "one that waits stays");
    sm_free(sm);

    sm = outbox_testbed_managed(0, 3);
    is_int((long)sm_stop(sm, true), 0, "they are sent again");
    is_int((long)outbox_count(&sm->out), 3, "so they stay");
    sm_free(sm);

    sm = outbox_testbed_managed(0, 3);
    is_int(sm_promise(sm, STR("id"), STR_NONE, 0), 0, "resumable");
    is_int((long)sm_stop(sm, false), 0, "they wait for a resumption");
    is_int((long)outbox_count(&sm->out), 3, "so they stay");
    is_int((long)sm_give_back(sm), 3, "until they are given back");
    sm_free(sm);
    outbox_testbed_end("stops");
}

/* Our goodbye counts only if it got out. */
static void goodbyes(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(0, 1);
    sm->left = true;
    outbox_testbed_add(&sm->out, "<-", NULL);
    sm_stop(sm, true);
    ok(sm->available && !sm->left,
       "one that did not get out took nothing back");
    sm_free(sm);

    sm = outbox_testbed_managed(0, 1);
    sm->left = true;
    outbox_testbed_add(&sm->out, "<-", NULL);
    outbox_sent(&sm->out, 2);
    sm_stop(sm, true);
    ok(sm->left && !sm->available, "one that got out did");
    sm_free(sm);
    outbox_testbed_end("goodbyes");
}

static void accounts(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(0, 2);
    is_int(sm_own(sm, STR("romeo@example.org")), 0, "the first account");
    is_int(sm_promise(sm, STR("id"), STR_NONE, 9), 0, "promised");
    is_int(sm_own(sm, STR("romeo@example.org")), 0, "the same");
    ok(sm->id && sm->out.unacked == 2, "nothing changes");
    is_int(sm_own(sm, STR("juliet@example.org")), 2, "another: two are lost");
    ok(!sm->id && outbox_count(&sm->out) == 0, "and nothing is left");
    sm_free(sm);
    outbox_testbed_end("accounts");
}

static void where(const char *location, const char *host, int port)
{
    xmpp_sm_state_t *sm = sm_new(&outbox_testbed_env);
    char got[IDNA_NAME_MOST + 1] = "";
    unsigned number = 99;

    sm_promise(sm, STR("id"), str_of(location), 0);
    if (host) {
        ok(sm_location(sm, got, &number), "%s", location);
        is_str(got, host, "its host");
        is_int(number, port, "its port");
    } else {
        ok(!sm_location(sm, got, &number), "not: %s", location);
    }
    sm_free(sm);
}

static void locations(void)
{
    outbox_testbed_begin();
    where("example.org", "example.org", 0);
    where("example.org:5222", "example.org", 5222);
    where("[2001:db8::1]", "2001:db8::1", 0);
    where("[2001:db8::1]:99", "2001:db8::1", 99);
    where("", NULL, 0);
    where(":5222", NULL, 0);
    where("a:", NULL, 0);
    where("a:0", NULL, 0);
    where("a:65536", NULL, 0);
    where("a:b:c", NULL, 0);
    where("[::1", NULL, 0);
    where("[]", NULL, 0);
    where("[::1]x", NULL, 0);
    where("2001:db8::1", "2001:db8::1", 0);
    where(" [::1]:99\n", "::1", 99);
    where("[fe80::1%lo]:99", NULL, 0);
    where("b\u00fccher.example:99", "xn--bcher-kva.example", 99);
    where("a b", NULL, 0);
    where("a@b", NULL, 0);
    where("a/b", NULL, 0);
    where("a\nb:99", NULL, 0);
    where("1.2.3.4:99x", NULL, 0);
    outbox_testbed_end("locations");
}

int main(void)
{
    wraps();
    older_than_the_session();
    anew();
    stops();
    goodbyes();
    accounts();
    locations();
    return done_testing();
}
