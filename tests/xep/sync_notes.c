/* sync_notes.c - what is known of an archive: ids, keys and gaps at their
 * limits, and without memory. */

#include <xmpp/xep/sync_notes.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

#include "failmem.h"
#include "tap.h"

static void remembered(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL);
    char id[16];

    for (int i = 0; i <= XMPP_SYNC_REMEMBERED; i++) {
        snprintf(id, sizeof(id), "i%d", i);
        xmpp_sync_notes_add(notes, id, XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
        xmpp_sync_notes_add_key(notes, id);
    }
    ok(!xmpp_sync_notes_has(notes, "i0") && xmpp_sync_notes_has(notes, "i1"),
       "the last ids are remembered");
    is_str(xmpp_sync_notes_get(notes)->cursor, id, "and the cursor");
    is_int(xmpp_sync_notes_take_key(notes, "i0"), 0, "the first key is gone");
    is_int(xmpp_sync_notes_take_key(notes, "i9"), 1, "another is there");
    is_int(xmpp_sync_notes_take_key(notes, "i9"), 0, "once");
    xmpp_sync_notes_cut_keys(notes, 1);
    is_int(xmpp_sync_notes_get(notes)->key_count, 1, "one is left");
    xmpp_sync_notes_free(notes);
}

/* What is found late between those that came by the stream, as many as there
 * may be, does not drive out what follows it. */
static void behind(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL);
    char id[16], before[16] = "s9";
    int known = 0;

    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof(id), "s%d", i);
        xmpp_sync_notes_add(notes, id, XMPP_NO_TIME, XMPP_SYNC_BY_STREAM);
    }
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof(id), "late%d", i);
        xmpp_sync_notes_add_behind(notes, before, id, XMPP_NO_TIME,
                                   XMPP_SYNC_LATE);
        snprintf(before, sizeof(before), "%s", id);
    }
    for (int i = 10; i < 50; i++) {
        snprintf(id, sizeof(id), "s%d", i);
        known += xmpp_sync_notes_has(notes, id);
    }
    is_int(known, 40, "all that follows is remembered");
    is_str(xmpp_sync_notes_get(notes)->cursor, "s49", "the cursor stays");
    ok(xmpp_sync_notes_has_since(notes, before, "s10"), "in order");
    is_int(xmpp_sync_notes_add_behind(notes, "none", "late", XMPP_NO_TIME,
                                      XMPP_SYNC_LATE),
           0, "also behind one that is forgotten");
    is_int(xmpp_sync_notes_add_behind(NULL, "none", "late", XMPP_NO_TIME,
                                      XMPP_SYNC_LATE),
           XMPP_EINVOP, "and without notes");
    xmpp_sync_notes_free(notes);
}

/* A gap after each message, so that all are apart. */
static void add_gaps(xmpp_sync_notes_t *notes, int first, int end, size_t most)
{
    char id[16];

    for (int i = first; i < end; i++) {
        snprintf(id, sizeof(id), "b%d", i);
        xmpp_sync_notes_add_gap(notes, XMPP_SYNC_TOO_MANY, id, XMPP_NO_TIME,
                                most, NULL);
        xmpp_sync_notes_add(notes, id, XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
    }
}

static void gaps(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL), *other;
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(notes);

    add_gaps(notes, 0, 3, 3);
    is_int(known->gap_count, 3, "as many as there may be");
    add_gaps(notes, 3, 4, 3);
    is_int(known->gap_count, 3, "one more makes one of two");
    ok(!known->gaps[0]->after, "from the beginning of the first");
    is_str(known->gaps[0]->before, "b1", "to the end of the second");
    other = xmpp_sync_notes_new(ctx, NULL);
    is_int(xmpp_sync_notes_set(other, known), 0, "all of it");
    ok(xmpp_payload_equal(&xmpp_sync_known, known, xmpp_sync_notes_get(other)),
       "is the same in other notes");
    is_int(xmpp_sync_notes_narrow(notes, "b1", "a", 5), 0, "it is narrowed");
    is_str(known->gaps[0]->before, "a", "to this");
    is_int(xmpp_sync_notes_narrow(notes, "a", NULL, 0), 0, "and filled");
    is_int(known->gap_count, 2, "two are left");
    is_int(xmpp_sync_notes_narrow(notes, "a", NULL, 0), XMPP_EARG, "once");
    xmpp_sync_notes_free(notes);
    xmpp_sync_notes_free(other);
}

static void add_live(xmpp_sync_notes_t *notes, int first, int end)
{
    char id[16];

    for (int i = first; i < end; i++) {
        snprintf(id, sizeof(id), "i%d", i);
        xmpp_sync_notes_add(notes, id, XMPP_NO_TIME, XMPP_SYNC_BY_STREAM);
    }
}

/* From where on something may be missing. */
static void start(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL), *other;
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(notes);

    ok(!xmpp_sync_notes_get_start(notes), "from the beginning");
    add_live(notes, 0, 2);
    ok(!xmpp_sync_notes_get_start(notes), "still, if the archive was empty");
    is_int(xmpp_sync_notes_settle(notes, NULL), 0, "it was read to its end");
    is_str(xmpp_sync_notes_get_start(notes), "i1", "from the cursor on");
    add_live(notes, 2, 5);
    is_int(known->live, 3, "three came by the stream");
    is_str(xmpp_sync_notes_get_start(notes), "i1", "from before them on");
    xmpp_sync_notes_add(notes, "late", XMPP_NO_TIME, XMPP_SYNC_LATE);
    is_str(known->cursor, "i4", "a late one does not move the cursor");
    is_str(xmpp_sync_notes_get_start(notes), "i1", "nor the start");
    ok(xmpp_sync_notes_has_since(notes, "i1", "late") &&
           xmpp_sync_notes_has_since(notes, "i1", "i1") &&
           !xmpp_sync_notes_has_since(notes, "i1", "i0") &&
           !xmpp_sync_notes_has_since(notes, NULL, "i1"),
       "what was delivered since");
    other = xmpp_sync_notes_new(ctx, NULL);
    xmpp_sync_notes_set(other, known);
    is_str(xmpp_sync_notes_get_start(other), "i1", "as it was stored");
    xmpp_sync_notes_free(other);
    add_live(notes, 5, 40);
    is_str(xmpp_sync_notes_get_start(notes), "i7",
           "but not before the last 32");
    is_str(xmpp_sync_notes_get_later(notes, "i7"), "i23", "half the way");
    is_str(xmpp_sync_notes_get_later(notes, "i38"), "i39", "to the cursor");
    ok(!xmpp_sync_notes_get_later(notes, "i39"), "and no further");
    xmpp_sync_notes_add_gap(notes, XMPP_SYNC_FAILED, NULL, XMPP_NO_TIME, 9,
                            NULL);
    is_str(xmpp_sync_notes_get_start(notes), "i7", "as long as a gap is open");
    add_live(notes, 40, 42);
    is_str(xmpp_sync_notes_get_start(notes), "i40", "not from before a gap");
    xmpp_sync_notes_add(notes, "page", XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
    is_str(xmpp_sync_notes_get_start(notes), "page", "a page has it all");
    xmpp_sync_notes_free(notes);
}

/* What an archive has that is not stable yet may change: from the cursor on. */
static void unstable(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL);
    char id[16];

    add_live(notes, 0, 1);
    xmpp_sync_notes_settle(notes, NULL);
    for (int i = 1; i < 90; i++) {
        snprintf(id, sizeof(id), "u%d", i);
        xmpp_sync_notes_add(notes, id, XMPP_NO_TIME, XMPP_SYNC_LATE);
        if (i == 50)
            is_str(xmpp_sync_notes_get_start(notes), "i0",
                   "the start is never behind the cursor");
    }
    is_str(xmpp_sync_notes_get_start(notes), "i0", "even if it is forgotten");
    xmpp_sync_notes_free(notes);
}

/* What the notes cannot show of their gaps. */
static void gap_list(xmpp_ctx_t *ctx)
{
    xmpp_sync_gaps_t gaps;
    xmpp_sync_gap_t gap;

    xmpp_sync_gaps_init(&gaps, ctx);
    XMPP_INIT(xmpp_sync_gap, gap);
    is_int(xmpp_sync_gaps_add(&gaps, &gap, 0), 0, "one is always kept");
    ok(xmpp_sync_gaps_find(&gaps, NULL) == gaps.all[0], "it is open");
    gap.after = "a";
    gap.before = "b";
    is_int(xmpp_sync_gaps_add(&gaps, &gap, 0), 0, "an open one is replaced");
    is_int(gaps.count, 1, "by one");
    is_int(xmpp_sync_gaps_narrow(&gaps, NULL, "a", 0), XMPP_EARG,
           "none is open");
    is_int(xmpp_sync_gaps_narrow(&gaps, "b", NULL, 0), 0, "it is filled");
    gap.after = NULL;
    xmpp_sync_gaps_add(&gaps, &gap, 9);
    gap.before = "a";
    xmpp_sync_gaps_add(&gaps, &gap, 9);
    is_int(gaps.count, 1, "only one reaches back to the beginning");
    is_str(gaps.all[0]->before, "a", "the last one");
    xmpp_sync_gaps_clear(&gaps);
    is_int(gaps.count, 0, "all are gone");
}

/* What was delivered behind the start of a gap is not missing. */
static void gap_ids(xmpp_ctx_t *ctx)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL);
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(notes);
    const xmpp_sync_gap_t *gap;

    add_live(notes, 0, 2);
    xmpp_sync_notes_add_gap(notes, XMPP_SYNC_FAILED, "i2", 0, 9, &gap);
    ok(!gap->after, "a gap from the beginning");
    is_int(gap->id_count, 2, "in which two were delivered");
    xmpp_sync_notes_settle(notes, "i1");
    add_live(notes, 2, 5);
    xmpp_sync_notes_settle(notes, "i2");
    xmpp_sync_notes_add_gap(notes, XMPP_SYNC_FAILED, "i9", 0, 9, &gap);
    is_str(gap->after, "i2", "and one behind it");
    is_int(gap->id_count, 2, "which has two");
    is_str(gap->ids[1], "i4", "the last");
    xmpp_sync_notes_narrow(notes, "i9", "i8", 0);
    is_int(known->gaps[1]->id_count, 2, "also when it is smaller");
    xmpp_sync_notes_add(notes, "page", XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
    xmpp_sync_notes_add_gap(notes, XMPP_SYNC_TOO_MANY, "x", 0, 9, &gap);
    is_int(gap->id_count, 0, "behind what came in order there is none");
    ok(xmpp_sync_id_equal("a", "a") && xmpp_sync_id_equal(NULL, NULL) &&
           !xmpp_sync_id_equal("a", "b") && !xmpp_sync_id_equal("a", NULL) &&
           !xmpp_sync_id_equal(NULL, "a"),
       "ids, and their absence");
    xmpp_sync_notes_free(notes);
}

/* Each allocation fails in turn: then nothing has changed. */
static void starved(xmpp_ctx_t *ctx, struct failmem *mem)
{
    xmpp_sync_notes_t *notes = xmpp_sync_notes_new(ctx, NULL);
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(notes);
    int rc, wrong = 0;

    xmpp_sync_notes_add(notes, "i1", XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
    xmpp_sync_notes_add_gap(notes, XMPP_SYNC_FAILED, NULL, XMPP_NO_TIME, 9,
                            NULL);
    for (unsigned long i = 1;; i++) {
        failmem_arm(mem, i, 0);
        rc = xmpp_sync_notes_add(notes, "i2", XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
        failmem_arm(mem, 0, 0);
        if (rc == 0)
            break;
        wrong += rc != XMPP_EMEM || strcmp(known->cursor, "i1") != 0 ||
                 known->id_count != 1;
    }
    is_int(wrong, 0, "without memory the cursor stays");
    is_str(known->gaps[0]->before, "i2", "a gap ends with what follows it");
    xmpp_sync_notes_free(notes);
}

int main(void)
{
    struct failmem mem;
    xmpp_ctx_t *ctx;

    failmem_init(&mem);
    ctx = xmpp_ctx_new(&mem.mem, NULL);
    remembered(ctx);
    behind(ctx);
    gaps(ctx);
    start(ctx);
    unstable(ctx);
    gap_list(ctx);
    gap_ids(ctx);
    starved(ctx, &mem);
    xmpp_ctx_free(ctx);
    is_int(mem.held, 0, "no memory is left");
    return done_testing();
}
