/* sync_once.c - the engine of archives delivers each message once, also if many
 * come without their id in the archive, as carbons of Prosody do, or lie
 * between messages of ours. */

#include <stdbool.h>

#include <xmpp/ctx.h>
#include <xmpp/xep/sync_line.h>

#include "tap.h"

#define MOST 2000
#define PAGE 20

/* The archive has messages 0 to count - 1; the id of number 7 is "m7", its key
 * "k7". */
static struct {
    xmpp_sync_line_t *line;
    bool is_ours[MOST];
    int told[MOST]; /* how often each was delivered */
    int count;
    bool is_asked, is_last;
    long number;
    int after;   /* what was requested */
    int visible; /* so many there were then */
} world;

/* ---- what the engine orders -------------------------------------- */

static int on_request(void *to, long number, int is_last, const char *after)
{
    (void)to;
    world.is_asked = true;
    world.number = number;
    world.is_last = is_last;
    world.visible = world.count;
    world.after = after ? atoi(after + 1) : -1;
    return 0;
}

static void on_deliver(void *to, const xmpp_sync_item_t *item,
                       const xmpp_sync_gap_t *gap)
{
    (void)to;
    (void)gap;
    if (item)
        world.told[atoi(item->key + 1)]++;
}

static int on_send(void *to, const char *id, const char *after)
{
    (void)to;
    (void)id;
    (void)after;
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

static void begin_world(xmpp_ctx_t *ctx)
{
    static const xmpp_sync_limits_t limits = {sizeof(limits), 1000, 1000, 9};
    xmpp_sync_orders_t orders = {sizeof(orders), NULL,       NULL,
                                 &limits,        on_request, on_deliver,
                                 on_send,        on_settle,  on_report};

    memset(&world, 0, sizeof(world));
    world.line = xmpp_sync_line_new(ctx, &orders);
    xmpp_sync_line_begin(world.line, NULL);
}

/* ---- what the server does ---------------------------------------- */

struct texts {
    char id[16], key[16];
};

static xmpp_sync_item_t item_of(int n, struct texts *t)
{
    snprintf(t->id, sizeof(t->id), "m%d", n);
    snprintf(t->key, sizeof(t->key), "k%d", n);
    return (xmpp_sync_item_t){.id = t->id,
                              .key = t->key,
                              .own = world.is_ours[n] ? t->key : NULL,
                              .time = XMPP_NO_TIME};
}

static void put(bool is_ours)
{
    world.is_ours[world.count++] = is_ours;
}

/* By the stream. */
static void send(int n, bool has_id)
{
    struct texts texts;
    xmpp_sync_item_t item = item_of(n, &texts);

    item.id = has_id ? item.id : NULL;
    xmpp_sync_line_receive(world.line, &item);
}

static void give_page(void)
{
    struct texts texts[PAGE];
    xmpp_sync_item_t items[PAGE];
    const xmpp_sync_item_t *list[PAGE];
    int at = world.after + 1, n = 0;

    if (world.is_last)
        at = world.visible > PAGE ? world.visible - PAGE : 0;
    for (; n < PAGE && at < world.visible; n++, at++) {
        items[n] = item_of(at, &texts[n]);
        list[n] = &items[n];
    }
    world.is_asked = false;
    xmpp_sync_line_take_page(world.line, world.number, list, (size_t)n,
                             at == world.visible, 0);
}

static void give_all(void)
{
    while (world.is_asked)
        give_page();
}

static void each_once(const char *name)
{
    int never = 0, twice = 0;

    for (int i = 0; i < world.count; i++) {
        never += !world.told[i] && !world.is_ours[i];
        twice += world.told[i] > 1;
    }
    is_int(never, 0, "%s: none is missing", name);
    is_int(twice, 0, "%s: none comes twice", name);
    is_int(xmpp_sync_line_get_state(world.line), XMPP_SYNC_LIVE,
           "%s: that was all", name);
    xmpp_sync_line_free(world.line);
}

/* ---- the tests --------------------------------------------------- */

static void without_ids(xmpp_ctx_t *ctx)
{
    begin_world(ctx);
    give_all();
    for (int i = 0; i < 500; i++) {
        put(false);
        send(i, false);
        give_all();
    }
    xmpp_sync_line_resume(world.line);
    give_all();
    each_once("500 without ids in a session");
}

static void behind_page(xmpp_ctx_t *ctx)
{
    begin_world(ctx);
    give_all();
    xmpp_sync_line_resume(world.line);
    for (int i = 0; i < 200; i++) {
        put(false);
        send(i, false);
    }
    give_all();
    xmpp_sync_line_resume(world.line);
    give_all();
    each_once("200 without ids behind a page");
}

static void between_ours(xmpp_ctx_t *ctx)
{
    begin_world(ctx);
    give_all();
    put(false);
    send(0, true);
    for (int i = 1; i < 1000; i++) {
        put(i % 8);
        if (i % 8 == 0)
            send(i, true);
    }
    xmpp_sync_line_resume(world.line);
    give_all();
    each_once("one after seven of ours");
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

    without_ids(ctx);
    behind_page(ctx);
    between_ours(ctx);
    xmpp_ctx_free(ctx);
    return done_testing();
}
