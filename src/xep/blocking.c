/* blocking.c - addresses whose stanzas the server keeps off (XEP-0191). */

#include <xmpp/xep/blocking.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/model.h>
#include <xmpp/module.h>

struct blocking {
    xmpp_model_t *items; /* xmpp_blocked_t by full address */
    char *account;       /* whose list it is, or NULL */
    long most;           /* the limit */
    /* The number of the load. It also changes as a session ends: whoever walks
     * the list while watchers are called gives up then. */
    unsigned long load;
    int is_loading, is_loaded;
    int is_doubtful; /* cleared during the load: the answer may be older */
    int is_due;      /* the answer did not come in time */
    int is_logged;   /* since the load began: that something is left out */
};

static struct blocking *blocking_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_blocking);
}

/* ---- payloads ---------------------------------------------------- */

typedef struct {
    size_t size;
    const xmpp_blocked_t *const *items;
    size_t item_count;
} list_t;

static const xmpp_field_t blocked_fields[] = {
    XMPP_ATTR_MUST(xmpp_blocked_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_blocked_t, report, &xmpp_report),
};
XMPP_PAYLOAD(xmpp_blocked, xmpp_blocked_t, "item", XMPP_NS_BLOCKING,
             blocked_fields);

static const xmpp_field_t list_fields[] = {
    XMPP_ELEMENTS(list_t, items, item_count, &xmpp_blocked),
};
static XMPP_PAYLOAD(list_payload, list_t, "blocklist", XMPP_NS_BLOCKING,
                    list_fields);
static XMPP_PAYLOAD(block_payload, list_t, "block", XMPP_NS_BLOCKING,
                    list_fields);
static XMPP_PAYLOAD(unblock_payload, list_t, "unblock", XMPP_NS_BLOCKING,
                    list_fields);

static const xmpp_field_t refusal_fields[] = {
    XMPP_ATTR_MUST(xmpp_blocking_refusal_t, to, JID, "to"),
    XMPP_ATTR(xmpp_blocking_refusal_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_blocking_refusal_t, is_presence, BOOL, "presence"),
};
XMPP_PAYLOAD(xmpp_blocking_refusal, xmpp_blocking_refusal_t, "refusal",
             XMPP_NS_BLOCKING, refusal_fields);

/* ---- changes of the list ----------------------------------------- */

/* `is_answer`: what was pushed since is newer. */
static int put_item(xmpp_conn_t *conn, struct blocking *b,
                    const xmpp_blocked_t *item, int is_answer)
{
    xmpp_blocked_t kept;
    const void *now = NULL;
    void *before = NULL;
    int rc;

    XMPP_INIT(xmpp_blocked, kept);
    kept.jid = item->jid;
    xmpp_model_set_most(b->items, (size_t)b->most);
    rc = is_answer ? xmpp_model_fill(b->items, &kept.jid, &kept, &now, &before)
                   : xmpp_model_put(b->items, &kept.jid, &kept, &now, &before);
    if (rc < 0 && !b->is_logged)
        xmpp_conn_log(conn, &xmpp_mod_blocking, XMPP_LEVEL_WARN,
                      "an address is left out: %s", xmpp_strerror(rc));
    b->is_logged |= rc < 0;
    if (rc == 0)
        xmpp_conn_emit(conn, &xmpp_mod_blocking, XMPP_BLOCKING_ADDED, now,
                       NULL);
    xmpp_free(xmpp_conn_get_context(conn), before);
    return rc;
}

static void report_removed(xmpp_conn_t *conn, void *before)
{
    xmpp_conn_emit(conn, &xmpp_mod_blocking, XMPP_BLOCKING_REMOVED, before,
                   NULL);
    xmpp_free(xmpp_conn_get_context(conn), before);
}

static void remove_item(xmpp_conn_t *conn, struct blocking *b,
                        const xmpp_jid_t *jid)
{
    void *before = NULL;

    if (xmpp_model_remove(b->items, jid, &before) == 0)
        report_removed(conn, before);
}

static void remove_all(xmpp_conn_t *conn, struct blocking *b)
{
    unsigned long load = b->load;
    void *before = NULL;

    b->is_doubtful = b->is_loading;
    xmpp_model_begin(b->items); /* so all are out of date */
    while (b->load == load && xmpp_model_sweep(b->items, &before) == 0)
        report_removed(conn, before);
    if (b->load == load && !b->is_loading)
        xmpp_model_end(b->items, XMPP_MODEL_REPLACED, NULL);
}

/* ---- pushes ------------------------------------------------------ */

/* Each is answered before watchers may do anything. */
static int on_block(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct blocking *b = state;
    const list_t *list = in->value;
    unsigned long load = b->load;

    if (list->item_count == 0)
        return XMPP_EARG;
    xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
    for (size_t i = 0; i < list->item_count && b->load == load; i++)
        put_item(conn, b, list->items[i], 0);
    return 1;
}

/* Without an item: all are unblocked. An item that cannot be read is one. */
static int on_unblock(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct blocking *b = state;
    const list_t *list = in->value;
    unsigned long load = b->load;

    if (list->item_count == 0 &&
        xmpp_stanza_next_tag(in->element, NULL, "item", XMPP_NS_BLOCKING))
        return XMPP_EARG;
    xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
    if (list->item_count == 0)
        remove_all(conn, b);
    for (size_t i = 0; i < list->item_count && b->load == load; i++)
        remove_item(conn, b, &list->items[i]->jid);
    return 1;
}

/* ---- loading ----------------------------------------------------- */

/* The list of another account is forgotten; that of this one may be stored. */
static void set_blocking_account(xmpp_conn_t *conn, struct blocking *b)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(conn));

    if (!account || !b->account || strcmp(account, b->account))
        xmpp_model_restore(b->items);
    xmpp_free(ctx, b->account);
    b->account = account;
}

/* 0 if a watcher made the list void. */
static int take_blocklist(xmpp_conn_t *conn, struct blocking *b,
                          const list_t *list)
{
    unsigned long load = b->load;
    void *before = NULL;

    for (size_t i = 0; i < list->item_count && b->load == load; i++)
        put_item(conn, b, list->items[i], 1);
    while (b->load == load && xmpp_model_sweep(b->items, &before) == 0)
        report_removed(conn, before);
    return b->load == load;
}

/* As a session begins, or goes on. */
static void begin_blocking(xmpp_conn_t *conn)
{
    xmpp_result_t end;

    memset(&end, 0, sizeof(end));
    if (!xmpp_conn_is_component(conn))
        end.status = xmpp_blocking_load(conn);
    if (end.status < 0)
        xmpp_conn_emit(conn, &xmpp_mod_blocking, XMPP_BLOCKING_FAILED, &end,
                       NULL);
}

static void on_blocklist(xmpp_conn_t *conn, const xmpp_result_t *result,
                         void *userdata)
{
    struct blocking *b = userdata;
    int is_done = result->status == 0;

    if (!b->is_loading || result->status == XMPP_ENOTCONN)
        return; /* the next session loads it */
    if (is_done && b->is_doubtful) {
        b->is_loading = 0;
        xmpp_model_end(b->items, XMPP_MODEL_NOT_LOADED, NULL);
        begin_blocking(conn);
        return;
    }
    if (is_done && !take_blocklist(conn, b, result->value))
        return;
    b->is_loading = 0;
    b->is_loaded = is_done;
    b->is_due = result->status == XMPP_ETIMEOUT;
    xmpp_model_end(b->items,
                   is_done ? XMPP_MODEL_REPLACED : XMPP_MODEL_NOT_LOADED, NULL);
    xmpp_conn_emit(conn, &xmpp_mod_blocking,
                   is_done ? XMPP_BLOCKING_LOADED : XMPP_BLOCKING_FAILED,
                   is_done ? NULL : result, NULL);
}

/* 0, or why there is no list. */
static int lacks_blocklist(xmpp_conn_t *conn)
{
    if (!blocking_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_blocking);
    if (xmpp_conn_is_component(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_blocking, XMPP_EINVOP,
                              "a component has no list of blocked addresses: "
                              "use it as a client");
    return 0;
}

int xmpp_blocking_load(xmpp_conn_t *conn)
{
    struct blocking *b = blocking_of(conn);
    int rc = lacks_blocklist(conn);
    xmpp_stanza_t *iq;

    if (rc)
        return rc;
    if (b->is_loading)
        return 1;
    iq = xmpp_iq_to(conn, "get", NULL);
    xmpp_stanza_add_tag(iq, "blocklist", XMPP_NS_BLOCKING);
    xmpp_conn_hold(conn);
    rc = xmpp_request(conn, iq, &list_payload, on_blocklist, b);
    if (rc == 0) {
        xmpp_model_begin(b->items);
        b->load++;
        b->is_loading = 1;
        b->is_doubtful = b->is_logged = 0;
    }
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- what is refused --------------------------------------------- */

/* Section 3.3: our server answers in the name of the addressee, which is in the
 * list, or it would not be refused. ejabberd leaves out <blocked/>. */
static int on_refusal(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *type = xmpp_stanza_get_type(in->message);
    const char *condition;
    xmpp_blocking_refusal_t refusal;

    (void)state;
    if (!type || strcmp(type, "error") || in->via != XMPP_VIA_STREAM)
        return 0;
    condition = xmpp_stanza_get_error(in->message, NULL, NULL);
    if (!condition || strcmp(condition, "not-acceptable") ||
        !xmpp_blocking_find(conn, in->from))
        return 0;
    XMPP_INIT(xmpp_blocking_refusal, refusal);
    refusal.to = *in->from;
    refusal.id = xmpp_stanza_get_id(in->message);
    refusal.is_presence =
        !strcmp(xmpp_stanza_get_name(in->message), "presence");
    xmpp_conn_emit(conn, &xmpp_mod_blocking, XMPP_BLOCKING_REFUSED, &refusal,
                   NULL);
    return 0;
}

/* ---- the module -------------------------------------------------- */

static int on_blocking_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                            void *state)
{
    struct blocking *b = state;

    switch (event) {
    case XMPP_ATTACHED:
        b->items = xmpp_model_new(conn, &xmpp_blocked, "blocking", 0);
        xmpp_model_set_part(b->items, XMPP_JID_FULL);
        return b->items ? 0 : XMPP_EMEM;
    case XMPP_SESSION_STARTED:
        set_blocking_account(conn, b);
        begin_blocking(conn);
        return 0;
    case XMPP_SESSION_RESUMED:
        if (b->is_due && !b->is_loading)
            begin_blocking(conn);
        return 0;
    case XMPP_SESSION_ENDED:
        xmpp_model_end(b->items, XMPP_MODEL_NOT_LOADED, NULL);
        b->is_loading = b->is_loaded = b->is_due = 0;
        b->load++;
        return 0;
    case XMPP_DETACHED:
        xmpp_model_free(b->items);
        xmpp_free(xmpp_conn_get_context(conn), b->account);
        return 0;
    default:
        return 0;
    }
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, XMPP_NS_BLOCKING, "block", &block_payload,
                on_block),
    XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, XMPP_NS_BLOCKING, "unblock",
                &unblock_payload, on_unblock),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, on_refusal),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_refusal),
    XMPP_EVENT(XMPP_BLOCKING_LOADED, "loaded", NULL),
    XMPP_EVENT(XMPP_BLOCKING_ADDED, "added", &xmpp_blocked),
    XMPP_EVENT(XMPP_BLOCKING_REMOVED, "removed", &xmpp_blocked),
    XMPP_EVENT(XMPP_BLOCKING_REFUSED, "refused", &xmpp_blocking_refusal),
    XMPP_EVENT(XMPP_BLOCKING_FAILED, "failed", NULL),
    XMPP_LIMIT("items", 10000, 1, 10000000, offsetof(struct blocking, most)),
    XMPP_LIFECYCLE(on_blocking_turn),
    XMPP_SPEC("XEP-0191", "1.3", "complete"),
    XMPP_SPEC("XEP-0377", "0.4.1", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_blocking, "blocking", sizeof(struct blocking), rows);

/* ---- who is blocked ---------------------------------------------- */

int xmpp_blocking_is_loaded(xmpp_conn_t *conn)
{
    struct blocking *b = blocking_of(conn);

    return b && b->is_loaded;
}

size_t xmpp_blocking_count(xmpp_conn_t *conn)
{
    struct blocking *b = blocking_of(conn);

    return b ? xmpp_model_count(b->items) : 0;
}

const xmpp_blocked_t *xmpp_blocking_next(xmpp_conn_t *conn,
                                         const xmpp_blocked_t *item)
{
    struct blocking *b = blocking_of(conn);

    return b ? xmpp_model_next(b->items, item ? &item->jid : NULL) : NULL;
}

/* In the order of section 8. */
const xmpp_blocked_t *xmpp_blocking_find(xmpp_conn_t *conn,
                                         const xmpp_jid_t *jid)
{
    static const xmpp_jid_part_t parts[] = {XMPP_JID_FULL, XMPP_JID_BARE,
                                            XMPP_JID_DOMAIN};
    struct blocking *b = blocking_of(conn);
    const xmpp_blocked_t *found = NULL;
    xmpp_jid_t part;

    if (!b || !jid || xmpp_conn_sender_is(conn, jid, XMPP_SENDER_OWN))
        return NULL;
    for (size_t i = 0; i < 3 && !found; i++) {
        xmpp_jid_cut(jid, parts[i], &part);
        found = xmpp_model_get(b->items, &part);
    }
    return found;
}

int xmpp_blocking_covers(const xmpp_jid_t *item, const xmpp_jid_t *jid)
{
    xmpp_jid_part_t part = XMPP_JID_DOMAIN;

    if (item && item->local_size)
        part = XMPP_JID_BARE;
    if (item && item->resource_size)
        part = XMPP_JID_FULL;
    return xmpp_jid_equal(item, jid, part);
}

/* ---- changing ---------------------------------------------------- */

static int send_blocking(xmpp_conn_t *conn, const char *name,
                         const xmpp_blocked_t *item,
                         xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", NULL);

    xmpp_payload_add(xmpp_stanza_add_tag(iq, name, XMPP_NS_BLOCKING),
                     &xmpp_blocked, item);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

/* An absent address would unblock all. */
static int send_blocked(xmpp_conn_t *conn, const char *name,
                        const xmpp_jid_t *jid, const xmpp_report_t *report,
                        xmpp_result_handler handler, void *userdata)
{
    xmpp_blocked_t item;
    int rc = lacks_blocklist(conn);

    if (rc)
        return rc;
    if (!jid || !jid->domain_size)
        return xmpp_conn_fail(conn, &xmpp_mod_blocking, XMPP_EARG,
                              "there is no address to %s: name one", name);
    if (report && !report->reason)
        return xmpp_conn_fail(conn, &xmpp_mod_blocking, XMPP_EARG,
                              "the report has no reason: it is required");
    XMPP_INIT(xmpp_blocked, item);
    item.jid = *jid;
    item.report = report;
    return send_blocking(conn, name, &item, handler, userdata);
}

int xmpp_blocking_block(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                        const xmpp_report_t *report,
                        xmpp_result_handler handler, void *userdata)
{
    return send_blocked(conn, "block", jid, report, handler, userdata);
}

int xmpp_blocking_unblock(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                          xmpp_result_handler handler, void *userdata)
{
    return send_blocked(conn, "unblock", jid, NULL, handler, userdata);
}

int xmpp_blocking_unblock_all(xmpp_conn_t *conn, xmpp_result_handler handler,
                              void *userdata)
{
    int rc = lacks_blocklist(conn);

    return rc ? rc : send_blocking(conn, "unblock", NULL, handler, userdata);
}
