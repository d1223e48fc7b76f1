/* bookmarks_edit.c - changing the bookmarks of our account (XEP-0402,
 * XEP-0048).
 */

#include <xmpp/xep/bookmarks_edit.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_owner.h>

/* XEP-0402 section 3.3 */
static void init_options(xmpp_pubsub_config_t *options)
{
    XMPP_INIT(xmpp_pubsub_config, *options);
    options->persist_items = "true";
    options->max_items = "max";
    options->send_last_published_item = "never";
    options->access_model = "whitelist";
}

/* ---- one change -------------------------------------------------- */

/* Kept by the flow. */
struct change {
    xmpp_stanza_t *iq;         /* the request */
    xmpp_stanza_t *conference; /* what the server has then; NULL: nothing */
    xmpp_bookmark_t *bookmark; /* of its address */
    int is_in_storage, is_configured;
};

static xmpp_stanza_t *send_change(xmpp_flow_t *flow, void *memory)
{
    const struct change *c = memory;

    (void)flow;
    return c->iq ? xmpp_stanza_copy(c->iq) : NULL;
}

/* XEP-0060 section 7.1.5: the node exists, and is configured otherwise. */
static int is_node_otherwise(const xmpp_result_t *result)
{
    return result->specific &&
           strcmp(result->specific, "precondition-not-met") == 0;
}

/* If a change of the whole fails, nobody knows what the server has. */
static int receive_change(xmpp_flow_t *flow, void *memory,
                          const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct change *c = memory;

    if (is_node_otherwise(result) && !c->is_in_storage && !c->is_configured)
        return XMPP_FLOW_NEXT;
    if (result->status == 0)
        xmpp_bookmarks_apply(conn, &c->bookmark->room, c->conference);
    else if (c->is_in_storage)
        xmpp_bookmarks_load(conn);
    return XMPP_FLOW_DONE;
}

static xmpp_stanza_t *send_node_config(xmpp_flow_t *flow, void *memory)
{
    xmpp_pubsub_config_t options;

    (void)memory;
    init_options(&options);
    return xmpp_pubsub_make_configure(xmpp_flow_get_conn(flow), NULL,
                                      XMPP_NS_BOOKMARKS, &options);
}

static int receive_node_config(xmpp_flow_t *flow, void *memory,
                               const xmpp_result_t *result)
{
    struct change *c = memory;

    (void)flow;
    c->is_configured = 1;
    return result->status ? XMPP_FLOW_FAIL : 0; /* again */
}

static const xmpp_step_t changing[] = {
    {"change", send_change, receive_change, NULL},
    {"configure", send_node_config, receive_node_config, NULL},
};

/* Begin it; `iq` and `conference` are taken. */
static int change_start(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark,
                        xmpp_stanza_t *iq, xmpp_stanza_t *conference,
                        int is_in_storage, xmpp_result_handler handler,
                        void *userdata)
{
    void *memory = NULL;
    struct change *c;
    xmpp_flow_t *flow =
        iq ? xmpp_flow_new(conn, changing, 2, sizeof(*c), &memory) : NULL;

    if (flow) {
        c = memory;
        c->iq = xmpp_flow_keep(flow, iq);
        c->conference = xmpp_flow_keep(flow, conference);
        c->bookmark = xmpp_flow_keep_value(flow, &xmpp_bookmark, bookmark);
        c->is_in_storage = is_in_storage;
    }
    if (iq)
        xmpp_stanza_release(iq);
    if (conference)
        xmpp_stanza_release(conference);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- in a node --------------------------------------------------- */

/* The item with this content: pubsub, publish, item. */
static xmpp_stanza_t *make_publish(xmpp_conn_t *conn, const char *room,
                                   xmpp_stanza_t *conference)
{
    xmpp_stanza_t *copy = conference ? xmpp_stanza_copy(conference) : NULL;
    xmpp_stanza_t *iq, *item;
    xmpp_pubsub_config_t options;

    if (!copy)
        return NULL;
    init_options(&options);
    iq = xmpp_pubsub_make_publish(conn, NULL, XMPP_NS_BOOKMARKS, room, NULL,
                                  NULL, &options);
    item = xmpp_stanza_get_children(xmpp_stanza_get_children(iq));
    xmpp_stanza_add_child(xmpp_stanza_get_children(item), copy);
    xmpp_stanza_release(copy);
    return iq;
}

static xmpp_stanza_t *make_retract(xmpp_conn_t *conn, const char *room)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", NULL);
    xmpp_stanza_t *pubsub = xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB);
    xmpp_stanza_t *retract = xmpp_stanza_add_tag(pubsub, "retract", NULL);

    xmpp_stanza_put(retract, "node", XMPP_NS_BOOKMARKS);
    xmpp_stanza_put(retract, "notify", "true");
    xmpp_stanza_put(xmpp_stanza_add_tag(retract, "item", NULL), "id", room);
    return iq;
}

static int change_node(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark,
                       int is_removed, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    const xmpp_bookmark_t *before = xmpp_bookmarks_get(conn, &bookmark->room);
    char *room = xmpp_jid_text(ctx, &bookmark->room, XMPP_JID_BARE);
    xmpp_stanza_t *conference = NULL, *iq = NULL;

    if (room && is_removed)
        iq = make_retract(conn, room);
    else if (room) {
        conference = xmpp_bookmark_make(conn, XMPP_NS_BOOKMARKS, bookmark,
                                        before ? before->element : NULL);
        iq = make_publish(conn, room, conference);
    }
    xmpp_free(ctx, room);
    return change_start(conn, bookmark, iq, conference, 0, handler, userdata);
}

/* ---- in the older way -------------------------------------------- */

/* The next change goes out from this one, before there is an answer. */
static int change_storage(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark,
                          int is_removed, xmpp_result_handler handler,
                          void *userdata)
{
    const xmpp_bookmark_t *before = xmpp_bookmarks_get(conn, &bookmark->room);
    xmpp_stanza_t *storage = xmpp_bookmark_edit_storage(
        conn, xmpp_bookmarks_get_storage(conn), bookmark, is_removed);
    xmpp_stanza_t *conference = NULL, *iq = NULL;
    int rc;

    if (!is_removed)
        conference =
            xmpp_bookmark_make(conn, XMPP_NS_BOOKMARKS_STORAGE, bookmark,
                               before ? before->element : NULL);
    if (storage && (conference || is_removed))
        iq = xmpp_bookmark_make_query(conn, storage);

    xmpp_conn_hold(conn);
    rc = change_start(conn, bookmark, iq, conference, 1, handler, userdata);
    if (rc == 0)
        xmpp_bookmarks_set_storage(conn, storage);
    if (storage)
        xmpp_stanza_release(storage);
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- what the application calls ---------------------------------- */

static int change_bookmark(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark,
                           int is_removed, xmpp_result_handler handler,
                           void *userdata)
{
    if (!xmpp_conn_get_state(conn, &xmpp_mod_bookmarks))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_bookmarks);
    if (!bookmark->room.local_size)
        return xmpp_conn_fail(conn, &xmpp_mod_bookmarks, XMPP_EARG,
                              "a bookmark needs the address of a room, which "
                              "has a localpart");
    if (!xmpp_bookmarks_is_loaded(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_bookmarks, XMPP_EINVOP,
                              "the bookmarks are not loaded: wait for the "
                              "event");
    return xmpp_bookmarks_get_place(conn) == XMPP_BOOKMARKS_IN_STORAGE
               ? change_storage(conn, bookmark, is_removed, handler, userdata)
               : change_node(conn, bookmark, is_removed, handler, userdata);
}

int xmpp_bookmarks_set(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark,
                       xmpp_result_handler handler, void *userdata)
{
    xmpp_bookmark_t sent;

    XMPP_INIT(xmpp_bookmark, sent);
    if (bookmark) {
        xmpp_jid_cut(&bookmark->room, XMPP_JID_BARE, &sent.room);
        sent.name = bookmark->name;
        sent.autojoin = bookmark->autojoin;
        sent.nick = bookmark->nick;
        sent.password = bookmark->password;
    }
    return change_bookmark(conn, &sent, 0, handler, userdata);
}

int xmpp_bookmarks_remove(xmpp_conn_t *conn, const xmpp_jid_t *room,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_bookmark_t sent;

    XMPP_INIT(xmpp_bookmark, sent);
    xmpp_jid_cut(room, XMPP_JID_BARE, &sent.room);
    return change_bookmark(conn, &sent, 1, handler, userdata);
}

/* ---- from one way to the other ----------------------------------- */

/* `storage` is the flow's, `at` the bookmark in it that is published. */
struct conversion {
    xmpp_stanza_t *storage, *at, *conference;
    int is_configured;
};

enum { STEP_READ, STEP_PUBLISH, STEP_CONFIGURE };

static xmpp_stanza_t *send_read(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return xmpp_bookmark_make_query(xmpp_flow_get_conn(flow), NULL);
}

/* The next one that is not in the list: the step that publishes it, or the
 * end. */
static int next_to_convert(xmpp_conn_t *conn, struct conversion *c)
{
    const xmpp_bookmark_t *bookmark;

    while (c->storage &&
           (c->at = xmpp_stanza_next_tag(c->storage, c->at, "conference",
                                         XMPP_NS_BOOKMARKS_STORAGE))) {
        bookmark = xmpp_bookmark_read(c->at);
        if (bookmark && bookmark->room.local_size &&
            !xmpp_bookmarks_get(conn, &bookmark->room))
            return STEP_PUBLISH;
    }
    return XMPP_FLOW_DONE;
}

static int receive_read(xmpp_flow_t *flow, void *memory,
                        const xmpp_result_t *result)
{
    struct conversion *c = memory;

    if (result->status != 0)
        return XMPP_FLOW_FAIL;
    c->storage =
        xmpp_flow_keep(flow, xmpp_bookmark_find_storage(result->stanza));
    return next_to_convert(xmpp_flow_get_conn(flow), c);
}

static xmpp_stanza_t *send_converted(xmpp_flow_t *flow, void *memory)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct conversion *c = memory;
    const xmpp_bookmark_t *bookmark = xmpp_bookmark_read(c->at);
    char *room =
        bookmark ? xmpp_jid_text(ctx, &bookmark->room, XMPP_JID_BARE) : NULL;
    xmpp_stanza_t *made =
        xmpp_bookmark_make(conn, XMPP_NS_BOOKMARKS, bookmark, NULL);
    xmpp_stanza_t *iq = room ? make_publish(conn, room, made) : NULL;

    c->conference = xmpp_flow_keep(flow, made);
    if (made)
        xmpp_stanza_release(made);
    xmpp_free(ctx, room);
    return iq;
}

static int receive_converted(xmpp_flow_t *flow, void *memory,
                             const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct conversion *c = memory;
    const xmpp_bookmark_t *bookmark = xmpp_bookmark_read(c->at);

    if (is_node_otherwise(result) && !c->is_configured)
        return STEP_CONFIGURE;
    if (result->status != 0 || !bookmark)
        return XMPP_FLOW_FAIL;
    xmpp_bookmarks_apply(conn, &bookmark->room, c->conference);
    return next_to_convert(conn, c);
}

static int receive_converted_config(xmpp_flow_t *flow, void *memory,
                                    const xmpp_result_t *result)
{
    struct conversion *c = memory;

    (void)flow;
    c->is_configured = 1;
    return result->status ? XMPP_FLOW_FAIL : STEP_PUBLISH;
}

static const xmpp_step_t converting[] = {
    {"read", send_read, receive_read, NULL},
    {"publish", send_converted, receive_converted, NULL},
    {"configure", send_node_config, receive_converted_config, NULL},
};

int xmpp_bookmarks_convert(xmpp_conn_t *conn, xmpp_result_handler handler,
                           void *userdata)
{
    if (!xmpp_conn_get_state(conn, &xmpp_mod_bookmarks))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_bookmarks);
    if (xmpp_bookmarks_get_place(conn) != XMPP_BOOKMARKS_IN_NODE)
        return xmpp_conn_fail(conn, &xmpp_mod_bookmarks, XMPP_EINVOP,
                              "there is nothing to convert: the bookmarks are "
                              "not loaded, or the server does it, or it has "
                              "only the older way");
    return xmpp_flow_start(
        xmpp_flow_new(conn, converting, 3, sizeof(struct conversion), NULL),
        handler, userdata);
}
