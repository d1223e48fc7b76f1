/* bookmarks.c - the rooms that our account remembers (XEP-0402), and the older
 * way to keep them (XEP-0048). */

#include <xmpp/xep/bookmarks.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/xep/bookmark_list.h>
#include <xmpp/xep/disco_query.h>
#include <xmpp/xep/pubsub.h>

/* `load` is the number of the load. It also changes as a session ends: whoever
 * walks while watchers are called gives up then. `pages` were read by the load;
 * if it `is_partial` there are more. `storage` is the whole of the older way,
 * as the server has it. */
struct bookmarks {
    xmpp_bookmark_list_t *list;
    long most, octets;
    char *account;
    unsigned long load;
    int is_loading, is_loaded, place, pages, is_partial;
    xmpp_stanza_t *storage;
};

static struct bookmarks *bookmarks_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_bookmarks);
}

/* ---- the list ---------------------------------------------------- */

/* What the server has of a room. */
static void take_bookmark(xmpp_conn_t *conn, struct bookmarks *b,
                          const xmpp_jid_t *room, xmpp_stanza_t *element)
{
    const xmpp_bookmark_t *now = NULL;
    xmpp_stanza_t *before = NULL;
    int rc;

    xmpp_bookmark_list_set_most(b->list, (size_t)b->most, (size_t)b->octets);
    rc = xmpp_bookmark_list_put(b->list, room, element, &now, &before);
    if (rc < 0)
        xmpp_conn_log(conn, &xmpp_mod_bookmarks, XMPP_LEVEL_WARN,
                      "a bookmark is left out: %s", xmpp_strerror(rc));
    if (rc == 0)
        xmpp_conn_emit(conn, &xmpp_mod_bookmarks,
                       before ? XMPP_BOOKMARKS_CHANGED : XMPP_BOOKMARKS_ADDED,
                       now, before ? xmpp_bookmark_read(before) : NULL);
    if (before)
        xmpp_stanza_release(before);
}

/* It is in the list no more; the element is released. */
static void report_forgotten(xmpp_conn_t *conn, xmpp_stanza_t *element)
{
    if (!element)
        return;
    xmpp_conn_emit(conn, &xmpp_mod_bookmarks, XMPP_BOOKMARKS_REMOVED,
                   xmpp_bookmark_read(element), NULL);
    xmpp_stanza_release(element);
}

/* Remove what is old. Watchers may do anything meanwhile. */
static void sweep_rooms(xmpp_conn_t *conn, struct bookmarks *b)
{
    unsigned long load = b->load;
    xmpp_stanza_t *old;

    while (b->load == load && (old = xmpp_bookmark_list_sweep(b->list)))
        report_forgotten(conn, old);
}

void xmpp_bookmarks_apply(xmpp_conn_t *conn, const xmpp_jid_t *room,
                          xmpp_stanza_t *conference)
{
    struct bookmarks *b = bookmarks_of(conn);

    if (b && conference)
        take_bookmark(conn, b, room, conference);
    else if (b)
        report_forgotten(conn, xmpp_bookmark_list_take(b->list, room));
}

/* ---- what the server reports ------------------------------------- */

static int read_room(const char *id, char *buffer, xmpp_jid_t *ret)
{
    return id &&
           xmpp_jid_parse(id, strlen(id), XMPP_JID_LENIENT, buffer, ret,
                          NULL) == 0 &&
           ret->local_size && !ret->resource_size;
}

static void take_native(xmpp_conn_t *conn, struct bookmarks *b, const char *id,
                        xmpp_stanza_t *element)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    const void *value;
    xmpp_jid_t room;

    if (element && read_room(id, buffer, &room) &&
        xmpp_payload_read(element, &xmpp_bookmark, &value) == 0)
        take_bookmark(conn, b, &room, element);
}

static int on_bookmark_item(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                            void *state)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    struct bookmarks *b = state;
    xmpp_jid_t room;

    if (b->place == XMPP_BOOKMARKS_IN_STORAGE)
        return 0;
    if (in->item_event == XMPP_ITEM_PUBLISHED)
        take_native(conn, b, in->item, in->element);
    else if (in->item_event == XMPP_ITEM_RETRACTED) {
        if (read_room(in->item, buffer, &room))
            report_forgotten(conn, xmpp_bookmark_list_take(b->list, &room));
    } else {
        xmpp_bookmark_list_age(b->list);
        sweep_rooms(conn, b);
    }
    return 0;
}

/* All that are in the older element. 0 if the session ended in a watcher. */
static int take_storage(xmpp_conn_t *conn, struct bookmarks *b,
                        xmpp_stanza_t *storage)
{
    unsigned long load = b->load;
    xmpp_stanza_t *child = NULL;

    while (storage && b->load == load &&
           (child = xmpp_stanza_next_tag(storage, child, "conference",
                                         XMPP_NS_BOOKMARKS_STORAGE))) {
        const xmpp_bookmark_t *bookmark = xmpp_bookmark_read(child);

        if (bookmark && bookmark->room.local_size)
            take_bookmark(conn, b, &bookmark->room, child);
    }
    return b->load == load;
}

xmpp_stanza_t *xmpp_bookmarks_get_storage(const xmpp_conn_t *conn)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b ? b->storage : NULL;
}

void xmpp_bookmarks_set_storage(xmpp_conn_t *conn, xmpp_stanza_t *storage)
{
    struct bookmarks *b = bookmarks_of(conn);

    if (!b)
        return;
    if (b->storage)
        xmpp_stanza_release(b->storage);
    b->storage = storage ? xmpp_stanza_copy(storage) : NULL;
}

/* ---- loading ----------------------------------------------------- */

#define PAGES_MOST 20

struct reading {
    xmpp_rsm_t page; /* the one that was requested last */
};

enum { STEP_PLACE, STEP_NODE, STEP_STORAGE };

static xmpp_stanza_t *send_place(xmpp_flow_t *flow, void *memory)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);

    (void)memory;
    xmpp_stanza_add_tag(iq, "query", XMPP_NS_DISCO_INFO);
    return iq;
}

/* A private node needs a server that keeps to options (XEP-0402 section 7), and
 * knows this many of them: others keep one item. */
static int receive_place(xmpp_flow_t *flow, void *memory,
                         const xmpp_result_t *result)
{
    struct bookmarks *b = bookmarks_of(xmpp_flow_get_conn(flow));
    const xmpp_disco_info_t *info = result->status == 0 ? result->value : NULL;

    (void)memory;
    if (!xmpp_disco_has_feature(info, XMPP_NS_PUBSUB_PUBLISH_OPTIONS) ||
        !xmpp_disco_has_feature(info, XMPP_NS_PUBSUB_CONFIG_MAX))
        return STEP_STORAGE;
    b->place = xmpp_disco_has_feature(info, XMPP_NS_BOOKMARKS_COMPAT)
                   ? XMPP_BOOKMARKS_IN_BOTH
                   : XMPP_BOOKMARKS_IN_NODE;
    return STEP_NODE;
}

static xmpp_stanza_t *send_node(xmpp_flow_t *flow, void *memory)
{
    const struct reading *r = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);
    xmpp_stanza_t *pubsub = xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB);

    xmpp_stanza_put(xmpp_stanza_add_tag(pubsub, "items", NULL), "node",
                    XMPP_NS_BOOKMARKS);
    if (r->page.after)
        xmpp_payload_add(pubsub, &xmpp_rsm, &r->page);
    return iq;
}

static int take_items(xmpp_conn_t *conn, struct bookmarks *b,
                      const xmpp_pubsub_items_t *items)
{
    unsigned long load = b->load;

    for (size_t i = 0; items && i < items->item_count && b->load == load; i++)
        take_native(conn, b, items->items[i]->id,
                    xmpp_stanza_next_tag(items->items[i]->element, NULL,
                                         "conference", XMPP_NS_BOOKMARKS));
    return b->load == load;
}

static int receive_node(xmpp_flow_t *flow, void *memory,
                        const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct bookmarks *b = bookmarks_of(conn);
    struct reading *r = memory;
    const xmpp_pubsub_t *answer = result->value;
    const char *after;

    if (result->status != 0)
        return XMPP_FLOW_DONE;
    if (!take_items(conn, b, answer->items))
        return XMPP_FLOW_FAIL;
    after = xmpp_rsm_get_next(&r->page, answer->set);
    b->is_partial = after && ++b->pages >= PAGES_MOST;
    if (!after || b->is_partial)
        return XMPP_FLOW_DONE;
    r->page.after = xmpp_flow_keep_text(flow, after);
    return STEP_NODE;
}

static xmpp_stanza_t *send_storage(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return xmpp_bookmark_make_query(xmpp_flow_get_conn(flow), NULL);
}

static int receive_storage(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct bookmarks *b = bookmarks_of(conn);
    xmpp_stanza_t *storage = xmpp_bookmark_find_storage(result->stanza);

    (void)memory;
    if (result->status != 0)
        return XMPP_FLOW_FAIL;
    b->place = XMPP_BOOKMARKS_IN_STORAGE;
    xmpp_bookmarks_set_storage(conn, storage);
    return take_storage(conn, b, storage) ? XMPP_FLOW_DONE : XMPP_FLOW_FAIL;
}

static const xmpp_step_t reading[] = {
    {"place", send_place, receive_place, &xmpp_disco_info},
    {"node", send_node, receive_node, &xmpp_pubsub},
    {"storage", send_storage, receive_storage, NULL},
};

/* A node that is not there is an empty one. Of a later page the same error
 * means that the item before it has gone (XEP-0059 section 2.2), and proves
 * nothing about those behind it. */
static void on_read(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct bookmarks *b = userdata;
    unsigned long load = b->load;
    int is_read =
        result->status == 0 ||
        (b->place != XMPP_BOOKMARKS_NOWHERE && !b->pages && result->condition &&
         strcmp(result->condition, "item-not-found") == 0);

    if (!b->is_loading || result->status == XMPP_ENOTCONN)
        return; /* the next session reads them */
    if (is_read && !b->is_partial)
        sweep_rooms(conn, b);
    if (b->load != load)
        return;
    b->is_loading = 0;
    b->is_loaded = is_read;
    if (!is_read) {
        b->place = XMPP_BOOKMARKS_NOWHERE;
        xmpp_conn_log(conn, &xmpp_mod_bookmarks, XMPP_LEVEL_INFO,
                      "bookmarks cannot be read: %s",
                      result->condition ? result->condition
                                        : xmpp_strerror(result->status));
    }
    xmpp_conn_emit(conn, &xmpp_mod_bookmarks,
                   is_read ? XMPP_BOOKMARKS_LOADED : XMPP_BOOKMARKS_FAILED,
                   NULL, NULL);
}

int xmpp_bookmarks_load(xmpp_conn_t *conn)
{
    struct bookmarks *b = bookmarks_of(conn);
    void *memory = NULL;
    xmpp_flow_t *flow;
    int rc;

    if (!b)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_bookmarks);
    if (xmpp_conn_is_component(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_bookmarks, XMPP_EINVOP,
                              "a component has no account that could have "
                              "bookmarks");
    if (b->is_loading)
        return 1;
    flow = xmpp_flow_new(conn, reading, 3, sizeof(struct reading), &memory);
    if (!flow)
        return XMPP_EMEM;
    XMPP_INIT(xmpp_rsm, ((struct reading *)memory)->page);
    xmpp_conn_hold(conn);
    rc = xmpp_flow_start(flow, on_read, b);
    if (rc == 0) {
        xmpp_bookmark_list_age(b->list);
        b->load++;
        b->is_loading = 1;
        b->pages = b->is_partial = 0;
    }
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- sessions ---------------------------------------------------- */

/* Those of another account are forgotten. */
static void begin_bookmarks(xmpp_conn_t *conn, struct bookmarks *b)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(conn));

    if (!account || !b->account || strcmp(account, b->account))
        xmpp_bookmark_list_clear(b->list);
    xmpp_free(ctx, b->account);
    b->account = account;
    if (!xmpp_conn_is_component(conn) && xmpp_bookmarks_load(conn) < 0)
        xmpp_conn_emit(conn, &xmpp_mod_bookmarks, XMPP_BOOKMARKS_FAILED, NULL,
                       NULL);
}

static int on_bookmarks_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                             void *state)
{
    struct bookmarks *b = state;

    switch (event) {
    case XMPP_ATTACHED:
        b->list = xmpp_bookmark_list_new(xmpp_conn_get_context(conn));
        return b->list ? 0 : XMPP_EMEM;
    case XMPP_SESSION_STARTED:
        begin_bookmarks(conn, b);
        return 0;
    case XMPP_SESSION_ENDED:
        b->load++;
        b->is_loading = b->is_loaded = 0;
        b->place = XMPP_BOOKMARKS_NOWHERE;
        return 0;
    case XMPP_DETACHED:
        xmpp_bookmark_list_free(b->list);
        xmpp_bookmarks_set_storage(conn, NULL);
        xmpp_free(xmpp_conn_get_context(conn), b->account);
        return 0;
    default:
        return 0;
    }
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ACCOUNT, XMPP_NOTIFY, XMPP_NS_BOOKMARKS, NULL,
              on_bookmark_item),
    XMPP_EVENT(XMPP_BOOKMARKS_LOADED, "loaded", NULL),
    XMPP_EVENT(XMPP_BOOKMARKS_ADDED, "added", &xmpp_bookmark),
    XMPP_EVENT(XMPP_BOOKMARKS_CHANGED, "changed", &xmpp_bookmark),
    XMPP_EVENT(XMPP_BOOKMARKS_REMOVED, "removed", &xmpp_bookmark),
    XMPP_EVENT(XMPP_BOOKMARKS_FAILED, "failed", NULL),
    XMPP_LIMIT("rooms", 5000, 1, 1000000, offsetof(struct bookmarks, most)),
    XMPP_LIMIT("octets", 16384, 256, 1073741824L,
               offsetof(struct bookmarks, octets)),
    XMPP_LIFECYCLE(on_bookmarks_life),
    XMPP_SPEC("XEP-0402", "1.2.0", "complete"),
    XMPP_SPEC("XEP-0048", "1.2", "partial"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_bookmarks, "bookmarks", sizeof(struct bookmarks), rows);

/* ---- what is known ----------------------------------------------- */

int xmpp_bookmarks_is_loaded(xmpp_conn_t *conn)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b && b->is_loaded;
}

int xmpp_bookmarks_get_place(xmpp_conn_t *conn)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b && b->is_loaded ? b->place : XMPP_BOOKMARKS_NOWHERE;
}

const xmpp_bookmark_t *xmpp_bookmarks_get(xmpp_conn_t *conn,
                                          const xmpp_jid_t *room)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b ? xmpp_bookmark_list_get(b->list, room) : NULL;
}

const xmpp_bookmark_t *xmpp_bookmarks_next(xmpp_conn_t *conn,
                                           const xmpp_bookmark_t *bookmark)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b ? xmpp_bookmark_list_next(b->list, bookmark) : NULL;
}

size_t xmpp_bookmarks_count(xmpp_conn_t *conn)
{
    const struct bookmarks *b = bookmarks_of(conn);

    return b ? xmpp_bookmark_list_count(b->list) : 0;
}
