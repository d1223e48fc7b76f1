/* sync_rounds.c - nobody keeps an archive from being live: neither by messages
 * that come faster than it is read, nor by delayed ones, nor if it fails. */

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/xep/sync_line.h>

#include "tap.h"

static long last_number;
static int delivered, sent;

/* ---- what the engine orders -------------------------------------- */

static int on_request(void *to, long number, int is_last, const char *after)
{
    (void)to;
    (void)is_last;
    (void)after;
    last_number = number;
    return 0;
}

static void on_deliver(void *to, const xmpp_sync_item_t *item,
                       const xmpp_sync_gap_t *gap)
{
    (void)to;
    (void)gap;
    delivered += item != NULL;
}

static int on_send(void *to, const char *id, const char *after)
{
    (void)to;
    (void)id;
    (void)after;
    sent++;
    return 0;
}

static void on_settle(void *to, const char *id, int fate)
{
    (void)to;
    (void)id;
    (void)fate;
}

static void on_report(void *to, int state)
{
    (void)to;
    (void)state;
}

static xmpp_sync_line_t *new_line(xmpp_ctx_t *ctx)
{
    static const xmpp_sync_limits_t limits = {sizeof(limits), 9, 999, 9};
    const xmpp_sync_orders_t orders = {sizeof(orders), NULL,       NULL,
                                       &limits,        on_request, on_deliver,
                                       on_send,        on_settle,  on_report};

    delivered = sent = 0;
    return xmpp_sync_line_new(ctx, &orders);
}

/* ---- the tests --------------------------------------------------- */

static void give_nameless(xmpp_sync_line_t *line, int count)
{
    static int number;
    xmpp_sync_item_t item = {.time = XMPP_NO_TIME};
    char key[16];

    for (item.key = key; count > 0; count--) {
        snprintf(key, sizeof(key), "k%d", number++);
        xmpp_sync_line_receive(line, &item);
    }
}

static void begin_live(xmpp_sync_line_t *line)
{
    xmpp_sync_line_begin(line, NULL);
    xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
}

/* Messages without ids that come faster than the archive can be read, as many
 * as are remembered with each page: it is read again, but not for ever. */
static void flood(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    long number;
    int i = 0;

    begin_live(line);
    xmpp_sync_own_add(xmpp_sync_line_get_own(line), "o", XMPP_SYNC_QUEUED,
                      NULL);
    number = last_number;
    do {
        give_nameless(line, 2 * XMPP_SYNC_REMEMBERED);
        xmpp_sync_line_take_page(line, last_number, NULL, 0, 1, 0);
    } while (xmpp_sync_line_get_state(line) != XMPP_SYNC_LIVE && ++i < 9);
    ok(i && i < 9, "after some look-ups it is live all the same");
    is_int(delivered, 2L * XMPP_SYNC_REMEMBERED * (i + 1), "all is delivered");
    is_int(sent, 1, "and what is ours is sent");
    ok(last_number > number, "the archive was read");
    xmpp_sync_line_free(line);
}

/* Delayed messages, one while each page is under way. */
static void delayed_flood(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    char ids[2][16] = {"d0", ""};
    xmpp_sync_item_t first = {.id = ids[0], .time = XMPP_NO_TIME},
                     next = {.id = ids[1], .is_delayed = 1};
    const xmpp_sync_item_t *list[] = {&first};
    int i = 0;

    begin_live(line);
    xmpp_sync_line_receive(line,
                           &(xmpp_sync_item_t){.id = "d0", .is_delayed = 1});
    give_nameless(line, 1);
    xmpp_sync_own_add(xmpp_sync_line_get_own(line), "o", XMPP_SYNC_QUEUED,
                      NULL);
    for (; i < 9 && !sent; i++) {
        snprintf(ids[1], sizeof(ids[1]), "d%d", i + 1);
        xmpp_sync_line_receive(line, &next);
        xmpp_sync_line_take_page(line, last_number, list, 1, 1, 0);
        memcpy(ids[0], ids[1], sizeof(ids[0]));
    }
    ok(i > 1 && i < 9, "what waits has its turn between look-ups");
    is_int(delivered, i + 1, "with what has no id");
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_CATCHING,
           "what was delayed is looked up all the same");
    xmpp_sync_line_take_page(line, last_number, list, 1, 1, 0);
    is_int(delivered, i + 2, "and is delivered");
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE, "at last");
    xmpp_sync_line_free(line);
}

/* An archive that failed is not asked again and again in a live session: with
 * each attempt what has an id would be held, and be a gap at last. */
static void fails_once(xmpp_ctx_t *ctx)
{
    xmpp_sync_line_t *line = new_line(ctx);
    long number;

    begin_live(line);
    give_nameless(line, XMPP_SYNC_REMEMBERED / 2 + 1);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_CATCHING,
           "half as many without an id as are remembered: a look-up");
    xmpp_sync_line_fail_page(line, last_number, XMPP_SYNC_FAILED);
    number = last_number;
    give_nameless(line, 4 * XMPP_SYNC_REMEMBERED);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_LIVE,
           "behind one that failed it stays live");
    is_int(last_number, number, "nothing more is requested");
    begin_live(line);
    give_nameless(line, XMPP_SYNC_REMEMBERED / 2 + 1);
    is_int(xmpp_sync_line_get_state(line), XMPP_SYNC_CATCHING,
           "in the next session it is");
    xmpp_sync_line_free(line);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

    flood(ctx);
    delayed_flood(ctx);
    fails_once(ctx);
    xmpp_ctx_free(ctx);
    return done_testing();
}
