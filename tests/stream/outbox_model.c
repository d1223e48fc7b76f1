/* outbox_model.c - the outbox beside a plain model of it, in random order: what
 * waits, what is acknowledged, and who hears of it are the same in both. */

#include <xmpp/error.h>

#include "stream/outbox_testbed.h"
#include "stream/plain_outbox.h"

#define ROUNDS 1500
#define STEPS 80

static struct outbox box;
static unsigned seed;

static unsigned pick(unsigned below)
{
    seed = seed * 1103515245 + 12345;
    return below ? (seed >> 8) % below : 0;
}

static unsigned round_now;
static int step_now;

/* The first difference ends the test: what follows only repeats it. */
#define agree(good, ...)                                                       \
    do {                                                                       \
        if (!(good)) {                                                         \
            ok(false, __VA_ARGS__);                                            \
            printf("# round %u, step %d, line %d\n", round_now, step_now,      \
                   __LINE__);                                                  \
            bail("the outbox and its model differ");                           \
        }                                                                      \
    } while (0)

#define same(got, want, ...) agree((long)(got) == (long)(want), __VA_ARGS__)

/* ---- both -------------------------------------------------------- */

static void do_add(void)
{
    static char tags[ENTRIES];
    struct entry *e = &model.list[model.count];

    *e = (struct entry){.n = 2 + pick(5), .counts = pick(4) > 0};
    for (size_t i = 0; i < e->n; i++)
        e->text[i] = (char)('a' + pick(26));
    e->text[0] = e->counts ? '<' : 'x';
    e->id = ++model.ids;
    e->tag = e->counts && pick(2) ? &tags[pick(ENTRIES)] : NULL;
    e->deadline = pick(2) ? 1 + pick(60) : 0;
    model.count++;
    if (outbox_testbed_add_until(&box, e->text, e->tag, e->deadline))
        bail("out of memory");
}

static void do_put(void)
{
    struct entry *e = &model.list[model.count];

    if (model.stopped)
        return;
    *e = (struct entry){.n = 1 + pick(3), .own = true, .text = "rrr"};
    e->text[e->n] = '\0';
    model.count++;
    outbox_testbed_put(&box, e->text);
}

static void do_sent(void)
{
    size_t n = outbox_unsent(&box).n;

    if (model.stopped)
        return;
    n = pick(3) ? pick((unsigned)n + 1) : n;
    outbox_sent(&box, n);
    model_sent(n);
}

static void do_ack(void)
{
    size_t n = pick((unsigned)model_number(entry_is_unacked) + 1);

    if (!model.keeps)
        return;
    outbox_ack(&box, n);
    model_finish(n, 0);
}

/* The transport fails with some bytes. */
static void do_stop(void)
{
    size_t n = pick((unsigned)outbox_unsent(&box).n + 1), at = 0;

    if (model.stopped)
        return;
    outbox_doubt(&box, n);
    for (size_t i = 0; i < model.count; i++) {
        struct entry *e = &model.list[i];

        if (e->done || e->written)
            continue;
        at += e->n - e->sent;
        e->maybe = at <= n;
        e->sent = e->own ? e->sent : 0;
    }
    outbox_stop(&box);
    model_remove(entry_is_own);
    model.stopped = true;
}

static void do_rewind(void)
{
    if (!model.stopped)
        return;
    outbox_rewind(&box);
    model_remove(entry_ends_with_session);
    for (size_t i = 0; i < model.count; i++)
        if (!model.list[i].done)
            model.list[i].written = model.list[i].maybe = false,
            model.list[i].sent = 0;
    model.stopped = false;
}

/* The peer counts more than are known to have been sent. */
static void do_presume(void)
{
    size_t most = model_number(entry_is_doubted), n = pick((unsigned)most + 2),
           k = 0;

    if (!model.stopped)
        return;
    same(outbox_presume(&box, n), n <= most, "%zu of %zu presumed", n, most);
    for (size_t i = 0; n <= most && k < n; i++) {
        struct entry *e = &model.list[i];

        if (e->done || e->written)
            continue;
        e->written = true;
        k += e->counts;
    }
}

static void do_drop(void)
{
    bool oldest = pick(2);
    struct entry *chosen = NULL;
    char *text = outbox_drop(&box, oldest);

    for (size_t i = 0; i < model.count; i++) {
        struct entry *e = &model.list[i];

        if (!e->own && entry_is_waiting(e) && (!chosen || !oldest))
            chosen = e;
    }
    agree(text && chosen ? strcmp(text, chosen->text) == 0 : !text && !chosen,
          "taken back");
    env_free(&outbox_testbed_env, text);
    if (chosen && model.stopped) {
        chosen->dropped = true;
        chosen->tag = NULL;
    } else if (chosen) {
        model_erase(chosen);
    }
}

/* One that is not done is taken back: its place stays where its bytes may have
 * left, or nothing leaves. */
static void do_take_back(void)
{
    unsigned long id = pick((unsigned)model.ids + 2);
    struct outcome outcome = {0};
    struct entry *e = NULL;
    int rc;

    for (size_t i = 0; i < model.count && !e; i++)
        if (!model.list[i].own && model.list[i].id == id)
            e = &model.list[i];
    if (e && (e->done || e->dropped))
        e = NULL;
    rc = outbox_take_back(&box, id, &outcome);
    same(rc, e ? 0 : XMPP_EARG, "item %lu", id);
    if (!e)
        return;
    agree(outcome.userdata == e->tag, "who is to hear of it");
    same(outcome.status, XMPP_EDROPPED, "that it was dropped");
    if (outcome.handler)
        outbox_reclaim(&box, &outcome);
    e->dropped = true;
    e->tag = NULL;
    if (!model.stopped && entry_is_untouched(e))
        model_erase(e);
}

/* ---- what is too late, or too long ------------------------------- */

/* While it flows only what nothing left of can be held back. */
static bool is_held(const struct entry *e)
{
    return !e->own && !e->done && !e->dropped &&
           (model.stopped || entry_is_untouched(e));
}

static bool is_unfit(const struct entry *e, const struct outbox_terms *terms)
{
    return is_held(e) && ((e->deadline && e->deadline <= terms->now) ||
                          (terms->most && e->n > terms->most));
}

static void compare_unfit(struct outbox *unfit, size_t i, const struct entry *e)
{
    struct item item;
    struct str text;

    agree(i < outbox_count(unfit), "%s goes", e->text);
    item = outbox_item(unfit, i);
    text = outbox_text(unfit, &item);
    agree(text.n == e->n && !memcmp(text.s, e->text, e->n), "its text");
    agree(item.userdata == e->tag, "who is to hear of it");
    same(item.status, -9, "what became of it");
}

/* When there is something to be done again. */
static void compare_due(void)
{
    uint64_t due = 0;

    for (size_t i = 0; i < model.count; i++) {
        uint64_t deadline = model.list[i].deadline;

        if (is_held(&model.list[i]) && deadline && (!due || deadline < due))
            due = deadline;
    }
    if (due && due < box.rests)
        due = box.rests;
    same(box.due, due, "when to look again");
}

static void do_weed(void)
{
    const struct outbox_terms terms = {pick(2) ? pick(60) : 0,
                                       pick(3) ? 0 : 3 + pick(4)};
    struct outbox unfit;
    size_t n = 0;

    outbox_init(&unfit, &outbox_testbed_env);
    if (pick(3) == 0 || outbox_weed(&box, &terms, -9, &unfit))
        return;
    for (struct entry *e = model.list; e < model.list + model.count;) {
        bool goes = is_unfit(e, &terms);

        if (goes)
            compare_unfit(&unfit, n++, e);
        if (goes && model.stopped) {
            e->dropped = true;
            e->tag = NULL;
        }
        if (goes && !model.stopped)
            model_erase(e);
        else
            e++;
    }
    same(outbox_count(&unfit), n, "and no other");
    agree(unfit.done == n && unfit.written == n, "of which nothing is sent");
    compare_due();
    outbox_free(&unfit);
}

/* The list that an application walks: what is neither done nor dropped. */
static void compare_list(void)
{
    unsigned long after = 0;

    for (size_t i = 0; i < model.count; i++) {
        const struct entry *e = &model.list[i];
        size_t at;

        if (e->own || e->done || e->dropped)
            continue;
        at = outbox_after(&box, after);
        agree(at < outbox_count(&box), "the list goes on");
        same(outbox_item(&box, at).id, e->id, "with this one");
        after = e->id;
    }
    same(outbox_after(&box, after), outbox_count(&box), "there it ends");
}

static void do_take_done(void)
{
    struct outcome outcome;
    struct entry *first = model.count && model.list[0].done ? model.list : NULL;

    if (!outbox_take_done(&box, &outcome)) {
        agree(!first, "nobody is to hear anything");
        return;
    }
    agree(first != NULL, "somebody is to hear of it");
    agree(outcome.userdata == first->tag, "it is the first");
    same(outcome.status, first->status, "what became of it");
    same((long)buf_size(&outcome.text), (long)first->n, "its length");
    agree(memcmp(buf_view(&outcome.text).s, first->text, first->n) == 0,
          "its text");
    outbox_reclaim(&box, &outcome);
    memmove(first, first + 1, --model.count * sizeof(struct entry));
    model_tidy();
}

static void do_keep_nothing(void)
{
    if (!model.keeps || pick(10) || model.stopped)
        return;
    outbox_keep_nothing(&box);
    model.keeps = false;
    model_finish(SIZE_MAX, 1);
}

static size_t count_unheard(size_t i, bool all)
{
    const struct entry *e = &model.list[i];

    return !e->own && !e->done && (all || e->written) && e->counts && !e->tag &&
           !e->dropped;
}

static void do_give_back(void)
{
    bool all = pick(2);
    size_t n = 0;

    if (!model.stopped || pick(6))
        return;
    for (size_t i = 0; i < model.count; i++) {
        n += count_unheard(i, all);
        model.list[i].written |= all;
    }
    same((long)outbox_give_back(&box, all, -7), (long)n, "nobody hears of");
    model_finish(SIZE_MAX, -7);
}

/* ---- are they the same? ------------------------------------------ */

static bool next_is_item(void)
{
    for (size_t i = 0; i < model.count; i++)
        if (!model.list[i].done && !model.list[i].written)
            return !model.list[i].own && !model.list[i].sent;
    return false;
}

/* Like our goodbye, the last item is not owed once it is worth nothing. */
static bool ends_in_dropped(void)
{
    size_t i = model.count;

    while (i && model.list[i - 1].own)
        i--;
    return i && !model.list[i - 1].done && model.list[i - 1].dropped;
}

static void compare(void)
{
    char want[ENTRIES * 8];
    size_t n = model_unsent(want), most = pick(12) + 1;
    struct str got = outbox_unsent(&box);

    same(box.unacked, (long)model_number(entry_is_unacked), "not acknowledged");
    same(outbox_doubted(&box), (long)model_number(entry_is_doubted), "doubted");
    same(outbox_length(&box), (long)model_number(entry_is_waiting), "waiting");
    agree(box.first <= box.sent && box.sent <= box.first + outbox_size(&box) &&
              box.done <= box.written && box.written <= outbox_count(&box) &&
              box.maybe <= outbox_count(&box) &&
              box.listed <= outbox_count(&box),
          "the invariants hold");
    if (pick(4) == 0)
        compare_list();
    if (model.stopped)
        return;
    agree(got.n == n && memcmp(got.s, want, n) == 0,
          "to be sent: %.*s, want %.*s", STR_ARG(got), (int)n, want);
    same((long)outbox_whole(&box, most).n, (long)model_whole(most),
         "whole items of %zu octets", most);
    same(outbox_at_item(&box), next_is_item(), "at an item");
    same(outbox_owed(&box),
         (long)(model_number(entry_is_owed) - ends_in_dropped()), "owed");
}

static void play(unsigned round)
{
    static void (*const steps[])(void) = {
        do_add,       do_add,  do_add,       do_put,       do_sent,
        do_sent,      do_ack,  do_stop,      do_rewind,    do_rewind,
        do_presume,   do_drop, do_take_back, do_take_done, do_keep_nothing,
        do_give_back, do_weed};

    seed = round_now = round;
    memset(&model, 0, sizeof(model));
    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = model.keeps = round % 3 > 0;
    for (step_now = 0; step_now < STEPS; step_now++) {
        steps[pick(sizeof(steps) / sizeof(steps[0]))]();
        compare();
    }
    outbox_free(&box);
    same(outbox_testbed_memory.held, 0, "no memory is left");
}

/* Small items come and go without memory being asked for. */
static void steady(void)
{
    unsigned long calls;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    for (int i = 0; i < 4; i++) {
        calls = outbox_testbed_memory.calls;
        for (int k = 0; k < 100; k++) {
            struct outcome outcome;

            outbox_testbed_add(&box, "<message/>", "tag");
            outbox_sent(&box, 10);
            outbox_ack(&box, 1);
            outbox_take_done(&box, &outcome);
            outbox_reclaim(&box, &outcome);
        }
    }
    is_int((long)(outbox_testbed_memory.calls - calls), 0,
           "nothing is allocated");
    outbox_free(&box);
    outbox_testbed_end("steady");
}

int main(void)
{
    for (unsigned round = 1; round <= ROUNDS; round++)
        play(round);
    ok(true, "%d rounds of %d steps", ROUNDS, STEPS);
    steady();
    return done_testing();
}
