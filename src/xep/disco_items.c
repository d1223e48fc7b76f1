/* disco_items.c - XEP-0030: our own items, in pages (XEP-0059). */

#include <xmpp/xep/disco_items.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>

struct item {
    xmpp_disco_item_t *value; /* owned */
};

struct items {
    xmpp_dict_t *all;    /* struct item by address and node, as they came */
    xmpp_stanza_t *page; /* made last; owned, or NULL */
};

static struct items *items_of(xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_disco_items);
}

/* ---- adding and removing ----------------------------------------- */

static int item_refusal(xmpp_conn_t *conn, const xmpp_disco_item_t *item)
{
    if (!items_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_disco_items);
    if (!item || !item->jid.domain_size)
        return xmpp_conn_fail(conn, &xmpp_mod_disco_items, XMPP_EARG,
                              "an item needs an address");
    return 0;
}

/* Its address, and its node in another line; owned. */
static char *item_key(xmpp_ctx_t *ctx, const xmpp_disco_item_t *item)
{
    const char *node = item->node ? item->node : "";
    size_t n;
    const char *jid = xmpp_jid_view(&item->jid, XMPP_JID_FULL, &n);
    char *key = xmpp_zalloc(ctx, n + strlen(node) + 2);

    if (!key)
        return NULL;
    memcpy(key, jid, n);
    if (*node)
        strcat(strcat(key, "\n"), node);
    return key;
}

static int item_put(xmpp_ctx_t *ctx, struct items *own, const char *key,
                    const xmpp_disco_item_t *item)
{
    struct item *there = xmpp_dict_find(own->all, key, (size_t)-1);
    xmpp_disco_item_t *copy;

    if (there && xmpp_payload_equal(&xmpp_disco_item, there->value, item))
        return 1;
    copy = xmpp_payload_copy(ctx, &xmpp_disco_item, item);
    there = copy ? xmpp_dict_put(own->all, key, (size_t)-1) : NULL;
    if (!there) {
        xmpp_free(ctx, copy);
        return XMPP_EMEM;
    }
    xmpp_free(ctx, there->value);
    there->value = copy;
    return 0;
}

int xmpp_disco_add_item(xmpp_conn_t *conn, const xmpp_disco_item_t *item)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int rc = item_refusal(conn, item);
    char *key;

    if (rc == 0)
        rc = xmpp_payload_check(ctx, &xmpp_disco_item, item);
    key = rc ? NULL : item_key(ctx, item);
    if (rc == 0)
        rc = key ? item_put(ctx, items_of(conn), key, item) : XMPP_EMEM;
    xmpp_free(ctx, key);
    return rc;
}

int xmpp_disco_remove_item(xmpp_conn_t *conn, const xmpp_disco_item_t *item)
{
    struct items *own = items_of(conn);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int rc = item_refusal(conn, item);
    char *key = rc ? NULL : item_key(ctx, item);
    void *there = key ? xmpp_dict_find(own->all, key, (size_t)-1) : NULL;

    if (rc == 0)
        rc = !key ? XMPP_EMEM : !!there;
    if (there)
        xmpp_dict_drop(own->all, there);
    xmpp_free(ctx, key);
    return rc;
}

/* ---- items in pages (XEP-0059) ----------------------------------- */

/* Of an item that was the first or last of a page; -1 if it is gone. */
static long place_of_item(const xmpp_dict_t *items, const char *name)
{
    const void *added = xmpp_dict_find(items, name, (size_t)-1);
    const void *one = NULL;
    long place = 0;

    if (!added)
        return -1;
    while ((one = xmpp_dict_next(items, one)) != added)
        place++;
    return place;
}

/* The page that was requested is [*from, *end). -1 if it begins at an item that
 * is not there (section 2.2: item-not-found). */
static int page_bounds(const xmpp_dict_t *items, const xmpp_rsm_t *page,
                       long *from, long *end)
{
    long count = (long)xmpp_dict_count(items);
    long max = page->max >= 0 && page->max < count ? page->max : count;

    if (page->before && !page->after) {
        *end = *page->before ? place_of_item(items, page->before) : count;
        *from = *end > max ? *end - max : 0;
        return *end < 0 ? -1 : 0;
    }
    *from = page->after       ? place_of_item(items, page->after) + 1
            : page->index > 0 ? page->index
                              : 0;
    if (*from > count) /* it is empty (section 2.6) */
        *from = count;
    *end = count - *from < max ? count : *from + max;
    return page->after && *from == 0 ? -1 : 0;
}

static void write_items(xmpp_stanza_t *query, const xmpp_dict_t *items,
                        long from, long end, xmpp_rsm_t *set)
{
    const struct item *item = NULL;

    for (long i = 0; i < end && (item = xmpp_dict_next(items, item)); i++) {
        if (i < from)
            continue;
        xmpp_payload_add(query, &xmpp_disco_item, item->value);
        set->last = xmpp_dict_key(item, NULL);
        if (i == from) {
            set->first = set->last;
            set->first_index = i;
        }
    }
}

const xmpp_disco_items_t *xmpp_disco_get_own_items(xmpp_conn_t *conn,
                                                   const xmpp_rsm_t *page)
{
    struct items *own = items_of(conn);
    const xmpp_dict_t *items = own ? own->all : NULL;
    long from = 0, end = (long)xmpp_dict_count(items);
    const void *value = NULL;
    xmpp_rsm_t set;

    XMPP_INIT(xmpp_rsm, set);
    set.count = end;
    if (!own || (page && page_bounds(items, page, &from, &end)))
        return NULL;
    xmpp_stanza_release(own->page);
    own->page = xmpp_stanza_new_tag(xmpp_conn_get_context(conn), "query",
                                    XMPP_NS_DISCO_ITEMS);
    write_items(own->page, items, from, end, &set);
    xmpp_payload_add(own->page, &xmpp_rsm, page ? &set : NULL);
    if (xmpp_stanza_get_status(own->page) == 0)
        xmpp_payload_read(own->page, &xmpp_disco_items, &value);
    return value;
}

/* ---- the module -------------------------------------------------- */

static void item_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct item *)record)->value);
}

static int items_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct items *own = state;

    if (event == XMPP_ATTACHED) {
        own->all = xmpp_dict_new(xmpp_conn_get_context(conn),
                                 sizeof(struct item), 0, item_done);
        return own->all ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_DETACHED) {
        xmpp_dict_free(own->all);
        xmpp_stanza_release(own->page);
    }
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_LIFECYCLE(items_on_turn),
    XMPP_SPEC("XEP-0030", "2.5.0", "complete"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_disco_items, "disco_items", sizeof(struct items), rows);
