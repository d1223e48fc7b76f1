/* sync_list.c - the texts that came last. */

#include <xmpp/xep/sync_list.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

size_t xmpp_sync_list_find(const xmpp_sync_list_t *list, const char *text)
{
    size_t i = list && text ? list->count : 0;

    while (i-- > 0)
        if (!strcmp(list->texts[i], text))
            return i;
    return list ? list->count : 0;
}

void xmpp_sync_list_drop(xmpp_ctx_t *ctx, xmpp_sync_list_t *list, size_t at)
{
    if (!list || at >= list->count)
        return;
    xmpp_free(ctx, list->texts[at]);
    list->count--;
    memmove(list->texts + at, list->texts + at + 1,
            (list->count - at) * sizeof(list->texts[0]));
}

void xmpp_sync_list_cut(xmpp_ctx_t *ctx, xmpp_sync_list_t *list, size_t count)
{
    while (list && list->count > count)
        xmpp_sync_list_drop(ctx, list, 0);
}

void xmpp_sync_list_add(xmpp_ctx_t *ctx, xmpp_sync_list_t *list, char *text)
{
    if (!list || !text)
        return;
    xmpp_sync_list_cut(ctx, list, XMPP_SYNC_REMEMBERED - 1);
    list->texts[list->count++] = text;
}

void xmpp_sync_list_move_behind(xmpp_sync_list_t *list, const char *text,
                                const char *before)
{
    size_t from = xmpp_sync_list_find(list, text), at = 0;
    char *moved;

    if (before)
        at = xmpp_sync_list_find(list, before) + 1;
    if (!list || from == list->count || at > list->count || at == from + 1)
        return;
    moved = list->texts[from];
    if (at > from)
        memmove(list->texts + from, list->texts + from + 1,
                (--at - from) * sizeof(list->texts[0]));
    else
        memmove(list->texts + at + 1, list->texts + at,
                (from - at) * sizeof(list->texts[0]));
    list->texts[at] = moved;
}

int xmpp_sync_list_set(xmpp_ctx_t *ctx, xmpp_sync_list_t *list,
                       const char *const *texts, size_t count)
{
    size_t i = count > XMPP_SYNC_REMEMBERED ? count - XMPP_SYNC_REMEMBERED : 0;

    if (!ctx || !list || (count && !texts))
        return XMPP_EINVOP;
    xmpp_sync_list_cut(ctx, list, 0);
    for (; i < count; i++) {
        char *text = xmpp_copy_text(ctx, texts[i]);

        if (!text)
            return XMPP_EMEM;
        xmpp_sync_list_add(ctx, list, text);
    }
    return 0;
}
