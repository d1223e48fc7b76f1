/* sync_line.c - the engine of the archive through random schedules with faults,
 * against a model of a server; and against another model of the client, whose
 * schedules tests/xep/sync_model.py writes. tests/xep/sync_oracle runs both.
 *
 * usage: sync_line [SCHEDULES [SEED [first]]], sync_line trace <TRACE
 * first: end after the first failure. */

#include "xep/sync_world.h"

#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"
#include "xep/sync_trace.h"

static struct world world;

static const char *const kind_names[] = {"expiry",
                                         "messages without ids",
                                         "kills inside of orders",
                                         "memory running short",
                                         "archives that fail",
                                         "messages that overtake and are lost"};

static void play_kind(int kind, unsigned long schedules, unsigned long seed)
{
    unsigned long i, told = 0, gaps = 0;
    const char *what = NULL;

    for (i = seed; i < seed + schedules && !what; i++) {
        what = world_play(&world, i, kind);
        told += (unsigned long)world.delivered;
        gaps += (unsigned long)world.gap_count;
    }
    ok(!what, "%lu schedules, kind %d: %lu delivered, %lu gaps%s%s", schedules,
       kind, told, gaps, what ? ": " : "", what ? what : "");
    if (what)
        printf("# seed %lu\n", i - 1);
}

/* ---- what no schedule has ---------------------------------------- */

static long last_number, gap_why, delivered, sent, fate_of_own;
static int was_last;

static int count_request(void *to, long number, int is_last, const char *after)
{
    (void)to;
    (void)after;
    was_last = is_last;
    last_number = number;
    return 0;
}

static void count_delivery(void *to, const xmpp_sync_item_t *item,
                           const xmpp_sync_gap_t *gap)
{
    (void)to;
    delivered += item != NULL;
    gap_why = gap ? gap->why : gap_why;
}

static int count_send(void *to, const char *id, const char *after)
{
    (void)to;
    (void)id;
    (void)after;
    sent++;
    return 0;
}

static void count_settle(void *to, const char *id, int fate)
{
    (void)to;
    (void)id;
    fate_of_own = fate;
}

static void count_report(void *to, int state)
{
    (void)to;
    (void)state;
}

static const xmpp_sync_limits_t few = {sizeof(few), 1, 2, 9};

static xmpp_sync_line_t *new_line(xmpp_ctx_t *ctx)
{
    xmpp_sync_orders_t orders = {sizeof(orders), NULL,          NULL,
                                 &few,           count_request, count_delivery,
                                 count_send,     count_settle,  count_report};

    last_number = gap_why = delivered = sent = fate_of_own = 0;
    return xmpp_sync_line_new(ctx, &orders);
}

/* A page with one message, `number` in its id, after one that was requested. */
static void give_page(xmpp_sync_line_t *line, int number)
{
    char id[16];
    xmpp_sync_item_t item = {0};
    const xmpp_sync_item_t *list[] = {&item};

    snprintf(id, sizeof(id), "m%d", number);
    item.id = id;
    item.time = XMPP_NO_TIME;
    xmpp_sync_line_take_page(line, last_number, list, 1, 0, 0);
}

/* While something is in doubt a catch-up is not cut, but it has an end. */
static void endless(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    int i;

    xmpp_sync_own_add(xmpp_sync_line_get_own(line), "o", XMPP_SYNC_DOUBTFUL,
                      NULL);
    xmpp_sync_line_begin(line, NULL);
    for (i = 0; i < 100; i++)
        give_page(line, i);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_CATCHING,
           "a hundred times the limit of a catch-up");
    give_page(line, i);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE, "and no more");
    is_int(gap_why, XMPP_SYNC_FAILED, "there is a gap");
    is_int(delivered, 101, "behind what was delivered");
    xmpp_sync_line_free(line);
}

/* A server that sends the same page again and again. */
static void circle(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);

    xmpp_sync_own_add(xmpp_sync_line_get_own(line), "o", XMPP_SYNC_DOUBTFUL,
                      NULL);
    xmpp_sync_line_begin(line, NULL);
    give_page(line, 1);
    give_page(line, 1);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE,
           "a page that repeats the one before is the last");
    is_int(delivered, 1, "and is delivered once");
    xmpp_sync_line_free(line);
}

/* What arrives late may be old: only the archive knows. */
static void old_copy(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    xmpp_sync_item_t item = {.id = "old", .is_delayed = 1};
    long number;

    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    number = last_number;
    xmpp_sync_line_receive(line, &item);
    is_int(delivered, 0, "what was delayed is not delivered");
    ok(last_number > number, "before it was looked up");
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    is_int(delivered, 0, "an old one is never");
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE, "and is forgotten");
    xmpp_sync_line_free(line);
}

/* An archive that could not answer, and then does: nothing was missing. */
static void recovers(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    const xmpp_sync_known_t *known =
        xmpp_sync_notes_get(xmpp_sync_line_get_notes(line));
    xmpp_sync_item_t a = {.id = "a", .time = XMPP_NO_TIME}, b = {.id = "b"},
                     c = {.id = "c"}, d = {.id = "d"};
    const xmpp_sync_item_t *first[] = {&a}, *all[] = {&b, &c};

    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_take_page(line, last_number, first, 1, 1, 0);
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    xmpp_sync_line_receive(line, &b);
    xmpp_sync_line_receive(line, &c);
    xmpp_sync_line_resume(line);
    xmpp_sync_line_fail_page(line, last_number, XMPP_SYNC_FAILED);
    is_str(known->gaps[0]->after, "a", "from the start all may be missing");
    xmpp_sync_line_resume(line);
    xmpp_sync_line_take_page(line, last_number, all, 2, 1, 0);
    xmpp_sync_line_receive(line, &d);
    is_str(known->gaps[0]->after, "c", "what was read is not missing any more");
    is_str(known->gaps[0]->before, "d", "the gap ends with what follows");
    xmpp_sync_line_free(line);
}

/* Without an archive ids are those of liars, and nothing is ever old. */
static void no_archive(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    xmpp_sync_item_t item = {.id = "forged", .key = "k", .is_delayed = 1};

    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_receive(line, &item);
    xmpp_sync_line_fail_page(line, last_number, XMPP_SYNC_NO_ARCHIVE);
    is_int(gap_why, XMPP_SYNC_NO_ARCHIVE, "no archive is a gap");
    is_int(delivered, 1, "what was held is delivered");
    xmpp_sync_line_receive(line, &item);
    is_int(delivered, 2, "and what follows, whatever its id");
    ok(!xmpp_sync_notes_get(xmpp_sync_line_get_notes(line))->cursor,
       "which moves nothing");
    xmpp_sync_line_free(line);
}

/* What may lie in a gap was not looked up, so it is not sent again. */
static void doubt_in_gap(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);

    xmpp_sync_notes_add(xmpp_sync_line_get_notes(line), "c", XMPP_NO_TIME,
                        XMPP_SYNC_BY_PAGE);
    xmpp_sync_own_add(xmpp_sync_line_get_own(line), "o", XMPP_SYNC_DOUBTFUL,
                      "c");
    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_fail_page(line, last_number, XMPP_SYNC_EXPIRED);
    give_page(line, 9);
    is_int(gap_why, XMPP_SYNC_EXPIRED, "the cursor has expired: a gap");
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE, "behind it is live");
    is_int(sent, 0, "what may be in the gap is not sent again");
    is_int(fate_of_own, XMPP_SYNC_UNKNOWN, "its fate is not known");
    xmpp_sync_line_free(line);
}

/* The server may still handle what it has of the lost session. */
static void looked_up_twice(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    xmpp_sync_own_t *own = xmpp_sync_line_get_own(line);

    xmpp_sync_notes_begin(xmpp_sync_line_get_notes(line));
    xmpp_sync_own_add(own, "o", XMPP_SYNC_DOUBTFUL, NULL);
    xmpp_sync_line_begin(line, NULL);
    ok(!xmpp_sync_own_is_waiting(own), "it is being looked up");
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    ok(xmpp_sync_own_is_waiting(own), "once is not enough");
    xmpp_sync_own_add(own, "new", XMPP_SYNC_QUEUED, NULL);
    xmpp_sync_line_go_on(line, 1);
    is_int(sent, 0, "nor is anything sent before it");
    xmpp_sync_line_go_on(line, 0);
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    is_int(sent, 2, "after the second time both are");
    xmpp_sync_own_doubt(own, "o", 1);
    xmpp_sync_own_count_look(own);
    ok(xmpp_sync_own_is_waiting(own), "another session begins anew");
    xmpp_sync_line_free(line);
}

/* An archive that is behind the stream as it is read. */
static void lags(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    xmpp_sync_item_t a = {.id = "a", .time = XMPP_NO_TIME}, b = {.id = "b"},
                     c = {.id = "c"}, d = {.id = "d"}, e = {.id = "e"};
    const xmpp_sync_item_t *first[] = {&a}, *all[] = {&b, &c, &d, &e};

    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_take_page(line, last_number, first, 1, 1, 0);
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    xmpp_sync_line_receive(line, &b);
    xmpp_sync_line_receive(line, &d); /* c is lost */
    xmpp_sync_line_resume(line);
    xmpp_sync_line_take_page(line, last_number, all, 1, 1, 0);
    xmpp_sync_line_receive(line, &e);
    is_int(delivered, 4, "an archive ends before what came by the stream");
    is_str(xmpp_sync_notes_get_start(xmpp_sync_line_get_notes(line)), "b",
           "from its end on something may be missing");
    xmpp_sync_line_resume(line);
    xmpp_sync_line_take_page(line, last_number, all + 1, 3, 1, 0);
    is_int(delivered, 5, "and is found later");
    xmpp_sync_line_free(line);
}

static void nothing(xmpp_ctx_t *ctx)
{
    xmpp_sync_orders_t orders = {sizeof(orders), NULL, NULL, NULL, NULL,
                                 NULL,           NULL, NULL, NULL};

    ok(!xmpp_sync_line_new(ctx, &orders) && !xmpp_sync_line_new(ctx, NULL),
       "no line without orders");
    ok(!xmpp_sync_own_new(ctx, NULL, NULL, NULL), "nor a list");
}

/* Memory runs out behind a gap that becomes needless: nobody heard of it. */
static int count_needless_gaps(xmpp_ctx_t *ctx, struct failmem *mem,
                               unsigned long fail_at)
{
    xmpp_sync_line_t *line = new_line(ctx);
    const xmpp_sync_known_t *known =
        xmpp_sync_notes_get(xmpp_sync_line_get_notes(line));
    int n = -1;

    xmpp_sync_notes_add(xmpp_sync_line_get_notes(line), "m0", XMPP_NO_TIME,
                        XMPP_SYNC_BY_PAGE);
    xmpp_sync_line_begin(line, NULL);
    give_page(line, 1); /* that is the limit: now the last page */
    failmem_arm(mem, fail_at, 0);
    give_page(line, 9);
    failmem_arm(mem, 0, 0);
    if (delivered == 1) { /* all else has expired meanwhile */
        xmpp_sync_line_go_on(line, 1);
        xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
        n = (int)known->gap_count;
    }
    xmpp_sync_line_free(line);
    return n;
}

static void starved_gap(xmpp_ctx_t *ctx, struct failmem *mem)
{
    unsigned long i = 0;
    int n, gaps = 0;

    while ((n = count_needless_gaps(ctx, mem, ++i)) >= 0)
        gaps += n;
    ok(i > 3, "memory runs out at the first message behind a gap");
    is_int(gaps, 0, "a gap that was not reported is none");
}

/* The message of the cursor was deleted: the limit of a catch-up counts all the
 * same, from a little later on, and what is delivered moves the cursor. */
static void deleted_cursor(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    xmpp_sync_notes_t *notes = xmpp_sync_line_get_notes(line);
    int i = 0;

    xmpp_sync_notes_add(notes, "start", XMPP_NO_TIME, XMPP_SYNC_BY_PAGE);
    xmpp_sync_notes_add(notes, "deleted", XMPP_NO_TIME, XMPP_SYNC_BY_STREAM);
    xmpp_sync_line_begin(line, NULL);
    while (!was_last && i < 90)
        give_page(line, i++);
    is_int(i, XMPP_SYNC_REMEMBERED + 1, "the last page is requested");
    is_str(xmpp_sync_notes_get(notes)->cursor, "m64", "the cursor has moved");
    xmpp_sync_line_free(line);
}

int main(int argc, char **argv)
{
    unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1600 / tap_step();
    struct failmem mem;
    xmpp_ctx_t *ctx;
    unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;

    if (argc > 1 && !strcmp(argv[1], "trace"))
        return trace_main();
    failmem_init(&mem);
    ctx = xmpp_ctx_new(&mem.mem, NULL);
    starved_gap(ctx, &mem);
    deleted_cursor(ctx);
    nothing(ctx);
    circle(ctx);
    no_archive(ctx);
    recovers(ctx);
    old_copy(ctx);
    endless(ctx);
    doubt_in_gap(ctx);
    looked_up_twice(ctx);
    lags(ctx);
    xmpp_ctx_free(ctx);
    for (size_t i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++)
        printf("# kind %d: %s\n", 1 << i, kind_names[i]);
    for (int kind = 0; kind < 64 && !(argc > 3 && tap_failed); kind++)
        play_kind(kind, n / 64 + 1, seed + (unsigned long)kind * 100000);
    return done_testing();
}
