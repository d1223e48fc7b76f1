/* sync_hold.c - messages that wait until an archive was read. */

#include <xmpp/xep/sync_hold.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

/* The texts of the item are behind it. */
struct held {
    xmpp_sync_item_t item; /* comes first: an item is its `held` */
    struct held *next;
};

struct _xmpp_sync_hold_t {
    xmpp_ctx_t *ctx;
    struct held *first, **end;
    long count;
    size_t nameless; /* new ones with a key, but without an id */
    int is_stale;    /* more came than could be kept */
};

xmpp_sync_hold_t *xmpp_sync_hold_new(xmpp_ctx_t *ctx)
{
    xmpp_sync_hold_t *hold = ctx ? xmpp_zalloc(ctx, sizeof(*hold)) : NULL;

    if (!hold)
        return NULL;
    hold->ctx = ctx;
    hold->end = &hold->first;
    return hold;
}

long xmpp_sync_hold_count(const xmpp_sync_hold_t *hold)
{
    return hold ? hold->count : 0;
}

size_t xmpp_sync_hold_count_nameless(const xmpp_sync_hold_t *hold)
{
    return hold ? hold->nameless : 0;
}

/* ---- items ------------------------------------------------------- */

static size_t text_room(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *put_text(char **at, const char *text)
{
    char *put = *at;

    if (!text)
        return NULL;
    strcpy(put, text);
    *at += strlen(text) + 1;
    return put;
}

static int hold_copy(xmpp_sync_hold_t *hold, const xmpp_sync_item_t *item)
{
    struct held *held;
    char *at;

    held =
        xmpp_zalloc(hold->ctx, sizeof(*held) + text_room(item->id) +
                                   text_room(item->key) + text_room(item->own));
    if (!held)
        return XMPP_EMEM;
    at = (char *)(held + 1);
    held->item = *item;
    held->item.id = put_text(&at, item->id);
    held->item.key = put_text(&at, item->key);
    held->item.own = put_text(&at, item->own);
    held->item.message = xmpp_stanza_clone(item->message);
    *hold->end = held;
    hold->end = &held->next;
    hold->count++;
    hold->nameless += !item->id && item->key;
    return 0;
}

int xmpp_sync_hold_put(xmpp_sync_hold_t *hold, const xmpp_sync_item_t *item,
                       long most)
{
    if (!hold || !item)
        return XMPP_EINVOP;
    if (hold->count < most && hold_copy(hold, item) == 0)
        return 0;
    hold->is_stale = 1;
    return item->id ? 0 : XMPP_EMEM;
}

static struct held *take_held(xmpp_sync_hold_t *hold, struct held **at)
{
    struct held *held = *at;

    *at = held->next;
    if (!*at)
        hold->end = at;
    hold->count--;
    if (!hold->first)
        hold->nameless = 0;
    return held;
}

const xmpp_sync_item_t *xmpp_sync_hold_next(const xmpp_sync_hold_t *hold,
                                            const xmpp_sync_item_t *item)
{
    const struct held *next;

    if (!hold)
        return NULL;
    next = item ? ((const struct held *)(const void *)item)->next : hold->first;
    return next ? &next->item : NULL;
}

int xmpp_sync_hold_has_doubt(const xmpp_sync_hold_t *hold,
                             const xmpp_sync_notes_t *notes)
{
    const xmpp_sync_item_t *item = NULL;

    if (hold && hold->is_stale)
        return 1;
    while ((item = xmpp_sync_hold_next(hold, item)))
        if (item->id && item->is_delayed &&
            !xmpp_sync_notes_has(notes, item->id))
            return 1;
    return 0;
}

xmpp_sync_item_t *xmpp_sync_hold_take(xmpp_sync_hold_t *hold)
{
    return hold && hold->first ? &take_held(hold, &hold->first)->item : NULL;
}

void xmpp_sync_hold_release(xmpp_sync_hold_t *hold, xmpp_sync_item_t *item)
{
    if (!hold || !item)
        return;
    if (item->message)
        xmpp_stanza_release(item->message);
    xmpp_free(hold->ctx, item);
}

/* ---- dropping ---------------------------------------------------- */

static void drop_held(xmpp_sync_hold_t *hold, struct held **at)
{
    xmpp_sync_hold_release(hold, &take_held(hold, at)->item);
}

void xmpp_sync_hold_free(xmpp_sync_hold_t *hold)
{
    if (!hold)
        return;
    while (hold->first)
        drop_held(hold, &hold->first);
    xmpp_free(hold->ctx, hold);
}

void xmpp_sync_hold_drop_archived(xmpp_sync_hold_t *hold)
{
    struct held **at;

    if (!hold)
        return;
    hold->nameless = 0;
    hold->is_stale = 0;
    for (at = &hold->first; *at;)
        if ((*at)->item.id)
            drop_held(hold, at);
        else
            at = &(*at)->next;
}

void xmpp_sync_hold_drop_key(xmpp_sync_hold_t *hold, const char *key)
{
    struct held **at;

    if (!hold || !key)
        return;
    for (at = &hold->first; *at; at = &(*at)->next)
        if (!(*at)->item.id && (*at)->item.key &&
            !strcmp((*at)->item.key, key)) {
            drop_held(hold, at);
            return;
        }
}
