/* outbox_left.c - what may have left, memory for telling what became of
 * stanzas, and what is forgotten when a session becomes another account's. */

#include "stream/outbox_testbed.h"

/* ---- telling ----------------------------------------------------- */

static struct outcome next(struct outbox *box, const char *tag)
{
    struct outcome outcome = {0};

    if (!outbox_take_done(box, &outcome))
        bail("nobody is told");
    is_str(outcome.userdata, tag, "who is told");
    return outcome;
}

static char *long_text(size_t n)
{
    char *text = malloc(n + 1);

    memset(text, 'x', n);
    text[0] = '<';
    text[n - 1] = '>';
    text[n] = '\0';
    return text;
}

/* Memory for it was set aside when they were accepted. */
static void told_without_memory(void)
{
    struct outbox box;
    struct outcome outcome;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_add(&box, "<2>", "two");
    outbox_sent(&box, 6);
    failmem_arm(&outbox_testbed_memory, 1, 1);
    outcome = next(&box, "one");
    outbox_reclaim(&box, &outcome);
    outcome = next(&box, "two");
    outbox_reclaim(&box, &outcome);
    failmem_arm(&outbox_testbed_memory, 0, 0);
    outbox_free(&box);
    outbox_testbed_end("told without memory");
}

/* The second waits while the first is told and memory is out. */
static void two_at_a_time(void)
{
    char *text = long_text(5000);
    struct outcome first, second;
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_add(&box, text, "long");
    outbox_sent(&box, 5003);
    first = next(&box, "one");
    outbox_testbed_add(&box, "<3>", "three");
    failmem_arm(&outbox_testbed_memory, 1, 1);
    ok(!outbox_take_done(&box, &second), "no memory for a second text");
    failmem_arm(&outbox_testbed_memory, 0, 0);
    outbox_reclaim(&box, &first);
    second = next(&box, "long");
    is_int((long)buf_size(&second.text), 5000, "its text");
    outbox_reclaim(&box, &second);
    outbox_sent(&box, 3);
    first = next(&box, "three");
    outbox_reclaim(&box, &first);
    outbox_free(&box);
    outbox_testbed_end("two at a time");
    free(text);
}

/* The memory of a long text is not kept. */
static void long_ones(void)
{
    char *text = long_text(100000);
    struct outbox box;
    struct outcome outcome;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_add(&box, text, "long");
    outbox_sent(&box, 100000);
    outcome = next(&box, "long");
    outbox_reclaim(&box, &outcome);
    is_int((long)outcome.text.cap, 0, "and it is not the caller's any more");
    ok(outbox_testbed_memory.bytes < 65536, "%ld bytes are kept",
       outbox_testbed_memory.bytes);
    outbox_free(&box);
    outbox_testbed_end("long ones");
    free(text);
}

/* ---- what may have left ------------------------------------------ */

static void doubted(struct outbox *box, size_t n, int want)
{
    outbox_init(box, &outbox_testbed_env);
    box->keeps = true;
    outbox_testbed_add(box, "<1>", NULL);
    outbox_testbed_put(box, "r");
    outbox_testbed_add(box, "x", NULL);
    outbox_testbed_add(box, "<2>", NULL);
    outbox_testbed_add(box, "<3>", NULL);
    outbox_doubt(box, n);
    is_int((long)outbox_doubted(box), want, "stanzas in %zu bytes", n);
}

static void doubts(void)
{
    struct outbox box;

    outbox_testbed_begin();
    doubted(&box, 2, 0);
    ok(!outbox_presume(&box, 1), "nothing of that can be counted");
    outbox_free(&box);
    doubted(&box, 3, 1);
    outbox_free(&box);
    doubted(&box, 10, 2);
    ok(!outbox_presume(&box, 3), "more than may have left");
    is_int((long)box.unacked, 0, "and nothing changes");
    outbox_testbed_unsent(&box, "<1>rx<2><3>");
    ok(outbox_presume(&box, 0), "nothing is counted");
    outbox_testbed_unsent(&box, "<1>rx<2><3>");
    ok(outbox_presume(&box, 1), "the first");
    is_int((long)box.unacked, 1, "counts as sent");
    outbox_testbed_unsent(&box, "rx<2><3>");
    ok(outbox_presume(&box, 1), "the second");
    is_int((long)box.unacked, 2, "counts, too");
    outbox_testbed_unsent(&box, "<3>");
    outbox_ack(&box, 2);
    is_int((long)outbox_doubted(&box), 0, "no doubt is left");
    is_int(outbox_length(&box), 1, "one waits");
    outbox_free(&box);
    outbox_testbed_end("doubts");
}

/* The doubt about what was in the hands of a transport outlives it, not the
 * session; and so does what is worth nothing to a later one. */
static void doubts_pass(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_add(&box, "<->", NULL);
    outbox_testbed_add(&box, "<2>", NULL);
    outbox_testbed_add(&box, "<->", NULL);
    outbox_sent(&box, 3);
    outbox_doubt(&box, 6);
    outbox_stop(&box);
    outbox_testbed_unsent(&box, "<-><2>");
    is_int((long)outbox_doubted(&box), 2, "two may have left");
    ok(!outbox_says_goodbye(&box), "the goodbye did not");
    is_int((long)outbox_owed(&box), 3, "three are not done");
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "<1><2>");
    is_int((long)outbox_doubted(&box), 0, "a new session has nothing");
    is_int((long)box.unacked, 0, "nor counted");
    outbox_testbed_add(&box, "<->", NULL);
    ok(outbox_says_goodbye(&box), "a goodbye");
    is_int((long)outbox_owed(&box), 2, "besides two");
    outbox_free(&box);
    outbox_testbed_end("doubts pass");
}

/* Nothing but what a server would have to be told by us. */
static void no_items(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_put(&box, "0123456789");
    is_int((long)outbox_whole(&box, 5).n, 5, "a part of what is no item");
    is_int((long)outbox_whole(&box, 10).n, 10, "all of it");
    outbox_sent(&box, 4);
    outbox_stop(&box);
    outbox_testbed_unsent(&box, "");
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "");
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_unsent(&box, "<1>");
    outbox_free(&box);
    outbox_testbed_end("no items");
}

/* ---- what the peer will not have --------------------------------- */

static void blame(struct outbox *box, unsigned by, int n, bool given_up)
{
    size_t on_their_way;

    ok(outbox_blame(box, by, XMPP_EREFUSED, &on_their_way) == given_up, "%s",
       given_up ? "it is given up" : "nothing is given up");
    is_int((long)on_their_way, n, "so many were on their way");
}

static void suspects(void)
{
    struct outbox box;
    struct outcome outcome;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_add(&box, "<2>", "two");
    outbox_testbed_add(&box, "<3>", "three");
    outbox_sent(&box, 7);
    blame(&box, 1, 3, false);
    outbox_stop(&box);
    outbox_rewind(&box);
    is_str(outbox_holds(&box) ? "alone" : "all", "alone", "the first goes");
    is_int((long)outbox_ready(&box).n, 3, "and nothing behind it");
    outbox_sent(&box, 2);
    is_int((long)outbox_ready(&box).n, 1, "the rest of it");
    outbox_sent(&box, 1);
    is_int((long)outbox_ready(&box).n, 0, "the second waits");
    outbox_ack(&box, 1);
    outcome = next(&box, "one");
    outbox_reclaim(&box, &outcome);
    is_int((long)outbox_ready(&box).n, 3, "until the first is acknowledged");
    outbox_sent(&box, 3);
    blame(&box, 1, 1, false);
    blame(&box, 2, 1, true);
    outcome = next(&box, "two");
    is_int(outcome.status, XMPP_EREFUSED, "what became of it");
    outbox_reclaim(&box, &outcome);
    blame(&box, 2, 0, false);
    outbox_ack(&box, 1);
    is_int((long)outbox_ready(&box).n, 3, "the third is suspected still");
    outbox_free(&box);
    outbox_testbed_end("suspects");
}

/* Of several none is given up, however often. */
static void crowd(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_add(&box, "<2>", NULL);
    outbox_sent(&box, 6);
    for (int i = 0; i < 200; i++) {
        size_t n;

        if (outbox_blame(&box, 2, XMPP_EREFUSED, &n) || n != 2)
            bail("one of two is given up");
    }
    is_int(outbox_item(&box, 1).blame, BLAME_GUILTY - 1, "but nearly");
    outbox_ack(&box, 1);
    blame(&box, 1, 1, true);
    blame(&box, 1, 0, false);
    outbox_free(&box);
    outbox_testbed_end("a crowd");
}

/* It is given up once that can be told: with memory for its text, and behind
 * the one before. */
static void given_up_later(void)
{
    struct outbox box;
    struct outcome outcome;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_add(&box, "<2>", NULL);
    outbox_sent(&box, 3);
    failmem_arm(&outbox_testbed_memory, 1, 0);
    blame(&box, BLAME_GUILTY, 1, false);
    failmem_arm(&outbox_testbed_memory, 0, 0);
    blame(&box, 1, 1, true);
    outbox_sent(&box, 3);
    blame(&box, BLAME_GUILTY, 1, false);
    if (!outbox_take_done(&box, &outcome))
        bail("the first is not told");
    ok(str_is(buf_view(&outcome.text), "<1>"), "the first is told");
    outbox_reclaim(&box, &outcome);
    blame(&box, 1, 1, true);
    outbox_free(&box);
    outbox_testbed_end("given up later");
}

/* ---- by name ----------------------------------------------------- */

static void take_back(struct outbox *box, unsigned long id, int want)
{
    struct outcome outcome = {0};

    is_int(outbox_take_back(box, id, &outcome), want, "number %lu", id);
    if (outcome.handler) {
        is_int(outcome.status, XMPP_EDROPPED, "is taken back");
        outbox_reclaim(box, &outcome);
    }
}

static void names(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_add(&box, "<22>", NULL);
    outbox_testbed_add(&box, "<333>", "three");
    outbox_testbed_add(&box, "<4444>", NULL);
    is_int((long)outbox_after(&box, 0), 0, "the first of all");
    is_int((long)outbox_after(&box, 1), 1, "behind the first");
    is_int((long)outbox_after(&box, 4), 4, "behind the last");
    is_int((long)outbox_after(&box, (unsigned long)-1 / 2), 4, "far ahead");
    is_int((long)outbox_after(&box, (unsigned long)-1 / 2 + 1), 0,
           "farther than numbers go: that is behind all");
    take_back(&box, 0, XMPP_EARG);
    take_back(&box, 5, XMPP_EARG);
    take_back(&box, 2, 0);
    take_back(&box, 2, XMPP_EARG);
    outbox_testbed_unsent(&box, "<1><333><4444>");
    is_int((long)outbox_after(&box, 1), 1, "the next is the third");
    outbox_sent(&box, 4);
    take_back(&box, 3, 0);
    outbox_testbed_unsent(&box, "333><4444>");
    is_int((long)outbox_after(&box, 1), 2, "what is taken back is passed over");
    take_back(&box, 4, 0);
    outbox_testbed_unsent(&box, "333>");
    is_int(outbox_length(&box), 0, "none waits");
    outbox_free(&box);
    outbox_testbed_end("names");
}

/* What may have left keeps its place, what did not goes. */
static void doubted_taken_back(void)
{
    struct outbox box;

    outbox_testbed_begin();
    doubted(&box, 3, 1);
    take_back(&box, 2, 0);
    outbox_testbed_unsent(&box, "<1>r<2><3>");
    take_back(&box, 1, 0);
    outbox_testbed_unsent(&box, "<1>r<2><3>");
    ok(outbox_presume(&box, 1), "it can be counted");
    outbox_testbed_unsent(&box, "r<2><3>");
    outbox_free(&box);
    outbox_testbed_end("what is in doubt is taken back");
}

/* While nothing leaves places stay, and are passed over. */
static void dropped_while_stopped(void)
{
    static const char *const oldest[] = {"<1>", "<2>", NULL};
    struct outbox box;
    char *text;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_stop(&box);
    for (int i = 1; i <= 5; i++) {
        char item[] = {'<', (char)('0' + i), '>', '\0'};

        outbox_testbed_add(&box, item, NULL);
    }
    for (int i = 0; oldest[i]; i++) {
        text = outbox_drop(&box, true);
        is_str(text, oldest[i], "the oldest");
        env_free(&outbox_testbed_env, text);
    }
    is_int((long)box.oldest, 1, "those are not looked at again");
    take_back(&box, 4, 0);
    is_int(outbox_length(&box), 2, "two are left");
    text = outbox_drop(&box, false);
    is_str(text, "<5>", "the youngest");
    is_int((long)outbox_count(&box), 4, "whose place is free");
    env_free(&outbox_testbed_env, text);
    text = outbox_drop(&box, false);
    is_str(text, "<3>", "then the one before those that are gone");
    env_free(&outbox_testbed_env, text);
    ok(!outbox_drop(&box, false) && !outbox_drop(&box, true), "no other");
    is_int(outbox_length(&box), 0, "none is left");
    outbox_testbed_add(&box, "<6>", NULL);
    is_int(outbox_length(&box), 1, "another one");
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "<6>");
    outbox_free(&box);
    outbox_testbed_end("dropped while stopped");
}

/* ---- sessions ---------------------------------------------------- */

/* What was taken back while nothing left is not counted for the next. */
static void another_account(void)
{
    xmpp_sm_state_t *sm;

    outbox_testbed_begin();
    sm = outbox_testbed_managed(0, 1);
    sm_own(sm, STR("romeo@example.org"));
    sm_promise(sm, STR("id"), STR("host"), 300);
    sm_stop(sm, true);
    outbox_testbed_add(&sm->out, "<w/>", NULL);
    outbox_testbed_add(&sm->out, "<w/>", NULL);
    env_free(&outbox_testbed_env, outbox_drop(&sm->out, true));
    is_int(outbox_length(&sm->out), 1, "one waits");
    is_int(sm_own(sm, STR("juliet@example.org")), 2, "two are lost");
    is_int(outbox_length(&sm->out), 0, "none waits");
    is_int((long)sm->max, 0, "nor is a session promised");
    outbox_testbed_add(&sm->out, "<w/>", NULL);
    is_int(outbox_length(&sm->out), 1, "the next is hers");
    sm_free(sm);
    outbox_testbed_end("another account");
}

int main(void)
{
    told_without_memory();
    two_at_a_time();
    long_ones();
    doubts();
    doubts_pass();
    no_items();
    suspects();
    crowd();
    given_up_later();
    names();
    doubted_taken_back();
    dropped_while_stopped();
    another_account();
    return done_testing();
}
