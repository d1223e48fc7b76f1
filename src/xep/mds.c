/* mds.c - up to where each conversation was displayed (XEP-0490). */

#include <xmpp/xep/mds.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/xep/disco_query.h>
#include <xmpp/xep/pep.h>
#include <xmpp/xep/pubsub_owner.h>

/* `chats` are records of struct chat by full address, the one that changed
 * longest ago first. While `is_loading`, `load` is the number of the load:
 * records of an earlier one are not at the server, unless it `is_partial`. */
struct mds {
    xmpp_dict_t *chats;
    long most;
    char *account; /* whose they are */
    unsigned long load;
    int is_loading, is_assisted, is_prepared, pages, is_partial;
    int has_max; /* the server knows nodes that keep any number of items */
};

struct chat {
    xmpp_mds_displayed_t *displayed; /* a copy, owned */
    unsigned long load;
};

static struct mds *mds_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_mds);
}

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t mds_fields[] = {
    XMPP_ELEMENT_MUST(xmpp_mds_t, stanza_id, &xmpp_stanza_id),
};
XMPP_PAYLOAD(xmpp_mds, xmpp_mds_t, "displayed", XMPP_NS_MDS, mds_fields);

static const xmpp_field_t displayed_fields[] = {
    XMPP_ATTR_MUST(xmpp_mds_displayed_t, chat, JID, "chat"),
    XMPP_ATTR_MUST(xmpp_mds_displayed_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_mds_displayed_t, by, JID, "by"),
};
XMPP_PAYLOAD(xmpp_mds_displayed, xmpp_mds_displayed_t, "displayed-chat",
             XMPP_NS_MDS, displayed_fields);

/* ---- what is known ----------------------------------------------- */

static void chat_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct chat *)record)->displayed);
}

static struct chat *chat_find(const struct mds *mds, const xmpp_jid_t *jid)
{
    return xmpp_dict_find_jid(mds->chats, jid, XMPP_JID_FULL);
}

/* A record for this conversation, in place of the oldest one if need be. NULL
 * when out of memory. */
static struct chat *chat_make(struct mds *mds, const xmpp_jid_t *jid)
{
    struct chat *chat = chat_find(mds, jid);

    if (chat)
        return chat;
    while (xmpp_dict_count(mds->chats) >= (size_t)mds->most)
        xmpp_dict_drop(mds->chats, xmpp_dict_next(mds->chats, NULL));
    return xmpp_dict_put_jid(mds->chats, jid, XMPP_JID_FULL);
}

/* Keep a copy. *ret_before is what it replaces, owned, or NULL. 0; 1 if nothing
 * changes; XMPP_EMEM. */
static int put_displayed(xmpp_ctx_t *ctx, struct mds *mds,
                         const xmpp_mds_displayed_t *displayed,
                         xmpp_mds_displayed_t **ret_before)
{
    struct chat *chat = chat_make(mds, &displayed->chat);
    xmpp_mds_displayed_t *copy;

    if (!chat)
        return XMPP_EMEM;
    chat->load = mds->load;
    if (chat->displayed &&
        xmpp_payload_equal(&xmpp_mds_displayed, chat->displayed, displayed))
        return 1;
    copy = xmpp_payload_copy(ctx, &xmpp_mds_displayed, displayed);
    if (!copy) {
        if (!chat->displayed)
            xmpp_dict_drop(mds->chats, chat);
        return XMPP_EMEM;
    }
    *ret_before = chat->displayed;
    chat->displayed = copy;
    xmpp_dict_touch(mds->chats, chat);
    return 0;
}

/* What is not at the server any more, after a load. */
static void sweep_marks(struct mds *mds)
{
    struct chat *chat = xmpp_dict_next(mds->chats, NULL), *next;

    for (; chat; chat = next) {
        next = xmpp_dict_next(mds->chats, chat);
        if (chat->load != mds->load)
            xmpp_dict_drop(mds->chats, chat);
    }
}

/* ---- what the server reports ------------------------------------- */

/* The id of an item is the address of the conversation (section 4.1). */
static int read_chat(const char *id, char *buffer, xmpp_jid_t *ret)
{
    return id && xmpp_jid_parse(id, strlen(id), XMPP_JID_LENIENT, buffer, ret,
                                NULL) == 0;
}

/* The values that are reported are those of the stanza: a watcher may change
 * what is kept. */
static void take_displayed(xmpp_conn_t *conn, struct mds *mds, const char *id,
                           const xmpp_mds_t *value)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_mds_displayed_t now, *before = NULL;
    int rc;

    XMPP_INIT(xmpp_mds_displayed, now);
    if (!value || !read_chat(id, buffer, &now.chat))
        return;
    now.id = value->stanza_id->id;
    now.by = value->stanza_id->by;
    rc = put_displayed(xmpp_conn_get_context(conn), mds, &now, &before);
    if (rc < 0)
        xmpp_conn_log(conn, &xmpp_mod_mds, XMPP_LEVEL_WARN,
                      "a mark is left out: %s", xmpp_strerror(rc));
    if (rc == 0)
        xmpp_conn_emit(conn, &xmpp_mod_mds, XMPP_MDS_DISPLAYED, &now, before);
    xmpp_free(xmpp_conn_get_context(conn), before);
}

static int on_mds_item(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    struct mds *mds = state;
    xmpp_jid_t chat;

    if (in->item_event == XMPP_ITEM_PUBLISHED)
        take_displayed(conn, mds, in->item, in->value);
    else if (in->item_event != XMPP_ITEM_RETRACTED)
        xmpp_dict_clear(mds->chats);
    else if (read_chat(in->item, buffer, &chat))
        xmpp_dict_drop(mds->chats, chat_find(mds, &chat));
    return 0;
}

/* ---- loading ----------------------------------------------------- */

#define PAGES_MOST 20

struct loading {
    xmpp_rsm_t page;
};

static xmpp_stanza_t *send_account(xmpp_flow_t *flow, void *memory)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);

    (void)memory;
    xmpp_stanza_add_tag(iq, "query", XMPP_NS_DISCO_INFO);
    return iq;
}

static int receive_account(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    struct mds *mds = mds_of(xmpp_flow_get_conn(flow));
    const xmpp_disco_info_t *info = result->status == 0 ? result->value : NULL;

    (void)memory;
    mds->is_assisted = xmpp_disco_has_feature(info, XMPP_NS_MDS_ASSIST);
    mds->has_max = xmpp_disco_has_feature(info, XMPP_NS_PUBSUB_CONFIG_MAX);
    return XMPP_FLOW_NEXT;
}

static xmpp_stanza_t *send_marks(xmpp_flow_t *flow, void *memory)
{
    const struct loading *l = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);
    xmpp_stanza_t *pubsub = xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB);

    xmpp_stanza_put(xmpp_stanza_add_tag(pubsub, "items", NULL), "node",
                    XMPP_NS_MDS);
    if (l->page.after)
        xmpp_payload_add(pubsub, &xmpp_rsm, &l->page);
    return iq;
}

/* 0 if the session ended in a watcher. */
static int take_marks(xmpp_conn_t *conn, struct mds *mds,
                      const xmpp_pubsub_items_t *items)
{
    unsigned long load = mds->load;

    for (size_t i = 0; items && i < items->item_count && mds->load == load; i++)
        take_displayed(conn, mds, items->items[i]->id,
                       xmpp_payload_find(items->items[i]->element, &xmpp_mds));
    return mds->load == load;
}

static int receive_marks(xmpp_flow_t *flow, void *memory,
                         const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct mds *mds = mds_of(conn);
    struct loading *l = memory;
    const xmpp_pubsub_t *answer = result->value;
    const char *after;

    if (result->status != 0)
        return XMPP_FLOW_DONE;
    if (!take_marks(conn, mds, answer->items))
        return XMPP_FLOW_FAIL;
    after = xmpp_rsm_get_next(&l->page, answer->set);
    mds->is_partial = after && ++mds->pages >= PAGES_MOST;
    if (!after || mds->is_partial)
        return XMPP_FLOW_DONE;
    l->page.after = xmpp_flow_keep_text(flow, after);
    return 1; /* the next page */
}

static const xmpp_step_t loading[] = {
    {"account", send_account, receive_account, &xmpp_disco_info},
    {"marks", send_marks, receive_marks, &xmpp_pubsub},
};

static void on_marks_loaded(xmpp_conn_t *conn, const xmpp_result_t *result,
                            void *userdata)
{
    struct mds *mds = userdata;
    int is_none = !mds->pages && result->condition &&
                  strcmp(result->condition, "item-not-found") == 0;

    if (!mds->is_loading || result->status == XMPP_ENOTCONN)
        return;
    mds->is_loading = 0;
    if (is_none || (result->status == 0 && !mds->is_partial))
        sweep_marks(mds);
    else if (result->status != 0)
        xmpp_conn_log(conn, &xmpp_mod_mds, XMPP_LEVEL_INFO,
                      "the marks of the server cannot be read: %s",
                      result->condition ? result->condition
                                        : xmpp_strerror(result->status));
    xmpp_conn_emit(conn, &xmpp_mod_mds, XMPP_MDS_LOADED, NULL, NULL);
}

/* ---- sessions ---------------------------------------------------- */

/* The marks of another account are forgotten. */
static void set_mds_account(xmpp_conn_t *conn, struct mds *mds)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(conn));

    if (!account || !mds->account || strcmp(account, mds->account))
        xmpp_dict_clear(mds->chats);
    xmpp_free(ctx, mds->account);
    mds->account = account;
}

static void begin_marks(xmpp_conn_t *conn, struct mds *mds)
{
    void *memory = NULL;
    xmpp_flow_t *flow;

    if (xmpp_conn_is_component(conn))
        return;
    set_mds_account(conn, mds);
    mds->load++;
    flow = xmpp_flow_new(conn, loading, 2, sizeof(struct loading), &memory);
    if (flow)
        XMPP_INIT(xmpp_rsm, ((struct loading *)memory)->page);
    mds->is_loading = xmpp_flow_start(flow, on_marks_loaded, mds) == 0;
    if (!mds->is_loading)
        xmpp_conn_log(conn, &xmpp_mod_mds, XMPP_LEVEL_WARN, "not requested");
}

static int on_mds_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct mds *mds = state;
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);

    if (event == XMPP_ATTACHED)
        mds->chats = xmpp_dict_new(ctx, sizeof(struct chat), 0, chat_done);
    else if (event == XMPP_SESSION_STARTED)
        begin_marks(conn, mds);
    else if (event == XMPP_SESSION_ENDED) {
        mds->load++; /* whoever walks gives up */
        mds->is_loading = mds->is_assisted = mds->is_partial = 0;
        mds->has_max = mds->is_prepared = mds->pages = 0;
    } else if (event == XMPP_DETACHED) {
        xmpp_dict_free(mds->chats);
        xmpp_free(ctx, mds->account);
    }
    return mds->chats ? 0 : XMPP_EMEM;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pep),
    XMPP_NODE(XMPP_SENDER_ACCOUNT, XMPP_NOTIFY, XMPP_NS_MDS, &xmpp_mds,
              on_mds_item),
    XMPP_EVENT(XMPP_MDS_DISPLAYED, "displayed", &xmpp_mds_displayed),
    XMPP_EVENT(XMPP_MDS_LOADED, "loaded", NULL),
    XMPP_LIMIT("chats", 10000, 1, 10000000, offsetof(struct mds, most)),
    XMPP_LIFECYCLE(on_mds_life),
    XMPP_SPEC("XEP-0490", "1.0.1", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_mds, "mds", sizeof(struct mds), rows);

/* ---- what the application calls ---------------------------------- */

const xmpp_mds_displayed_t *xmpp_mds_get(xmpp_conn_t *conn,
                                         const xmpp_jid_t *chat)
{
    struct mds *mds = mds_of(conn);
    const struct chat *found = mds ? chat_find(mds, chat) : NULL;

    return found ? found->displayed : NULL;
}

const xmpp_mds_displayed_t *xmpp_mds_next(xmpp_conn_t *conn,
                                          const xmpp_mds_displayed_t *displayed)
{
    struct mds *mds = mds_of(conn);
    const struct chat *at = NULL;

    if (mds && displayed)
        at = chat_find(mds, &displayed->chat);
    at = mds && !at == !displayed ? xmpp_dict_next(mds->chats, at) : NULL;
    return at ? at->displayed : NULL;
}

int xmpp_mds_is_assisted(xmpp_conn_t *conn)
{
    return mds_of(conn) && mds_of(conn)->is_assisted;
}

/* Who gave the id of a message (section 4.2): the room if all could read it,
 * else our server. */
static void find_by(xmpp_conn_t *conn, const xmpp_jid_t *chat,
                    const char *account, char *buffer, xmpp_jid_t *ret)
{
    if (!chat->resource_size &&
        xmpp_conn_sender_is(conn, chat, XMPP_SENDER_ROOM))
        *ret = *chat;
    else if (account)
        xmpp_jid_parse(account, strlen(account), XMPP_JID_LENIENT, buffer, ret,
                       NULL);
}

static void init_config(const struct mds *mds, xmpp_pubsub_config_t *options)
{
    XMPP_INIT(xmpp_pubsub_config, *options);
    options->access_model = "whitelist";
    options->persist_items = "true";
    options->max_items = mds->has_max ? "max" : "1000";
    options->send_last_published_item = "never";
}

/* An older server does not know all of these options, and keeps one item unless
 * the node is made or configured otherwise. */
static void prepare_node(xmpp_conn_t *conn, struct mds *mds,
                         const xmpp_pubsub_config_t *options)
{
    if (mds->has_max || mds->is_prepared)
        return;
    mds->is_prepared = 1;
    xmpp_pubsub_create(conn, NULL, XMPP_NS_MDS, options, NULL, NULL);
    xmpp_pubsub_configure_node(conn, NULL, XMPP_NS_MDS, options, NULL, NULL);
}

static int publish_mark(xmpp_conn_t *conn, struct mds *mds,
                        const xmpp_mds_displayed_t *mark,
                        xmpp_result_handler handler, void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *item = xmpp_jid_text(ctx, &mark->chat, XMPP_JID_FULL);
    xmpp_stanza_t *element =
        item ? xmpp_stanza_new_tag(ctx, "displayed", XMPP_NS_MDS) : NULL;
    xmpp_pubsub_config_t options;
    xmpp_stanza_id_t id;
    int rc = XMPP_EMEM;

    XMPP_INIT(xmpp_stanza_id, id);
    id.id = mark->id;
    id.by = mark->by;
    xmpp_payload_add(element, &xmpp_stanza_id, &id);
    init_config(mds, &options);
    prepare_node(conn, mds, &options);
    if (element)
        rc = xmpp_pep_publish_private_element(conn, XMPP_NS_MDS, item, element,
                                              mds->has_max ? &options : NULL,
                                              handler, userdata);
    xmpp_free(ctx, item);
    return rc;
}

int xmpp_mds_set(xmpp_conn_t *conn, const xmpp_jid_t *chat, const char *id,
                 const xmpp_jid_t *by, xmpp_result_handler handler,
                 void *userdata)
{
    struct mds *mds = mds_of(conn);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_mds_displayed_t mark, *before = NULL;
    int rc;

    if (!mds)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_mds);
    if (!chat || !chat->domain_size || !id)
        return xmpp_conn_fail(conn, &xmpp_mod_mds, XMPP_EARG,
                              "a mark needs a conversation and the id of a "
                              "message");
    XMPP_INIT(xmpp_mds_displayed, mark);
    mark.chat = *chat;
    mark.id = id;
    if (by)
        mark.by = *by;
    else
        find_by(conn, chat, mds->account, buffer, &mark.by);
    if (!mark.by.domain_size)
        return XMPP_ENOTCONN;
    xmpp_conn_hold(conn);
    rc = publish_mark(conn, mds, &mark, handler, userdata);
    if (rc == 0 &&
        put_displayed(xmpp_conn_get_context(conn), mds, &mark, &before) < 0)
        xmpp_dict_drop(mds->chats, chat_find(mds, chat)); /* none is better */
    xmpp_free(xmpp_conn_get_context(conn), before);
    xmpp_conn_unhold(conn);
    return rc;
}
