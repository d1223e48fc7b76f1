/* roster.c - the contact list (RFC 6121 section 2). */

#include <xmpp/xep/roster.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/model.h>
#include <xmpp/ns.h>

struct roster {
    long contacts_most, octets_most; /* the limits */
    xmpp_model_t *contacts;          /* xmpp_roster_item_t */
    char *account;                   /* whose list it is, or NULL */
    /* The number of the load. It also changes as a session ends: whoever walks
     * the list while watchers are called gives up then. */
    unsigned long load;
    int is_loading, is_loaded;
    int is_due; /* the answer did not come in time: when the session goes on */
    int is_logged; /* since the load began: that something is left out */
};

static struct roster *roster_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_roster);
}

/* ---- payloads ---------------------------------------------------- */

typedef struct {
    size_t size;
    const xmpp_roster_item_t *const *items;
    size_t item_count;
    const char *ver;
} query_t;

static const char *const subscriptions[] = {"none", "to",     "from",
                                            "both", "remove", NULL};
static const char *const asks[] = {"subscribe", NULL};

static const xmpp_field_t item_fields[] = {
    XMPP_ATTR_MUST(xmpp_roster_item_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_roster_item_t, name, TEXT, "name"),
    XMPP_ATTR_ENUM(xmpp_roster_item_t, subscription, "subscription",
                   subscriptions),
    XMPP_ATTR_ENUM(xmpp_roster_item_t, ask, "ask", asks),
    XMPP_ATTR(xmpp_roster_item_t, approved, BOOL, "approved"),
    XMPP_CHILDREN(xmpp_roster_item_t, groups, group_count, "group"),
};
XMPP_PAYLOAD(xmpp_roster_item, xmpp_roster_item_t, "item", XMPP_NS_ROSTER,
             item_fields);

static const xmpp_field_t query_fields[] = {
    XMPP_ELEMENTS(query_t, items, item_count, &xmpp_roster_item),
    XMPP_ATTR(query_t, ver, TEXT, "ver"),
};
static XMPP_PAYLOAD(query_payload, query_t, "query", XMPP_NS_ROSTER,
                    query_fields);

/* ---- changes of the list ----------------------------------------- */

static size_t item_octets(const xmpp_roster_item_t *item)
{
    size_t i, octets = item->name ? strlen(item->name) : 0;

    for (i = 0; i < item->group_count; i++)
        octets += strlen(item->groups[i]) + 1;
    return octets;
}

/* Put it into the list. `is_answer`: what was pushed since is newer. 0; 1 if
 * nothing changes; or why it is left out. */
static int put_contact(xmpp_conn_t *conn, struct roster *roster,
                       const xmpp_roster_item_t *item, int is_answer,
                       const void **ret_now, void **ret_before)
{
    xmpp_model_t *contacts = roster->contacts;
    xmpp_roster_item_t fixed = *item;
    int rc;

    xmpp_jid_cut(&item->jid, XMPP_JID_BARE, &fixed.jid);
    if (!fixed.subscription)
        fixed.subscription = XMPP_ROSTER_NONE; /* section 2.1.2.5 */
    if (item_octets(item) > (size_t)roster->octets_most) {
        fixed.name = NULL;
        fixed.group_count = 0;
    }
    rc =
        is_answer
            ? xmpp_model_fill(contacts, &fixed.jid, &fixed, ret_now, ret_before)
            : xmpp_model_put(contacts, &fixed.jid, &fixed, ret_now, ret_before);
    if (rc < 0 && !roster->is_logged)
        xmpp_conn_log(conn, &xmpp_mod_roster, XMPP_LEVEL_WARN,
                      "a contact is left out: %s", xmpp_strerror(rc));
    roster->is_logged |= rc < 0;
    return rc;
}

/* What became of a contact; `before` is freed. */
static void report_contact(xmpp_conn_t *conn, const void *now, void *before)
{
    if (now)
        xmpp_conn_emit(conn, &xmpp_mod_roster,
                       before ? XMPP_ROSTER_CHANGED : XMPP_ROSTER_ADDED, now,
                       before);
    else if (before)
        xmpp_conn_emit(conn, &xmpp_mod_roster, XMPP_ROSTER_REMOVED, before,
                       NULL);
    if (before)
        xmpp_free(xmpp_conn_get_context(conn), before);
}

/* A change of one contact (section 2.1.6). It is answered before watchers may
 * do anything. */
static int on_push(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct roster *roster = state;
    const query_t *query = in->value;
    const xmpp_roster_item_t *item;
    const void *now = NULL;
    void *before = NULL;
    int rc;

    if (query->item_count != 1)
        return XMPP_EARG;
    item = query->items[0];
    xmpp_model_set_most(roster->contacts, (size_t)roster->contacts_most);
    if (item->subscription == XMPP_ROSTER_REMOVE)
        rc = xmpp_model_remove(roster->contacts, &item->jid, &before);
    else
        rc = put_contact(conn, roster, item, 0, &now, &before);
    if (rc < 0)
        return rc;
    xmpp_model_set_version(roster->contacts, query->ver);
    xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
    report_contact(conn, now, before);
    return 1;
}

/* ---- loading ----------------------------------------------------- */

/* The list of another account is forgotten; that of this one may be stored. */
static void set_account(xmpp_conn_t *conn, struct roster *roster)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(conn));

    if (!account || !roster->account || strcmp(account, roster->account))
        xmpp_model_restore(roster->contacts);
    xmpp_free(ctx, roster->account);
    roster->account = account;
}

/* A list that is being taken, as long as the load is the same. */
struct taking {
    xmpp_conn_t *conn;
    struct roster *roster;
    unsigned long load;
};

static int is_void(const struct taking *taking)
{
    return taking->roster->load != taking->load;
}

static int take_contact(const void *value, void *userdata)
{
    const struct taking *taking = userdata;
    const xmpp_roster_item_t *item = value;
    const void *now = NULL;
    void *before = NULL;

    if (item->subscription != XMPP_ROSTER_REMOVE &&
        put_contact(taking->conn, taking->roster, item, 1, &now, &before) == 0)
        report_contact(taking->conn, now, before);
    return is_void(taking);
}

/* 0; 1 if a watcher made the list void; XMPP_EMEM. */
static int take_list(xmpp_conn_t *conn, struct roster *roster,
                     xmpp_stanza_t *query)
{
    struct taking taking = {conn, roster, roster->load};
    void *before;
    int rc;

    xmpp_model_set_most(roster->contacts, (size_t)roster->contacts_most);
    rc =
        xmpp_payload_read_each(query, &xmpp_roster_item, take_contact, &taking);
    while (rc == 0 && xmpp_model_sweep(roster->contacts, &before) == 0) {
        report_contact(conn, NULL, before);
        rc = is_void(&taking);
    }
    return rc;
}

/* A result without a list means that ours is still right; what changed comes as
 * pushes (section 2.6.3). */
static void on_list(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct roster *roster = userdata;
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name_and_ns(
        result->stanza, "query", XMPP_NS_ROSTER);
    xmpp_result_t end = *result;

    if (!roster->is_loading || end.status == XMPP_ENOTCONN)
        return; /* the next session loads it */
    if (end.status == 0 && query)
        end.status = take_list(conn, roster, query);
    if (end.status > 0)
        return;
    roster->is_loading = 0;
    roster->is_loaded = end.status == 0;
    roster->is_due = end.status == XMPP_ETIMEOUT;
    xmpp_model_end(roster->contacts,
                   !roster->is_loaded ? XMPP_MODEL_NOT_LOADED
                   : query            ? XMPP_MODEL_REPLACED
                                      : XMPP_MODEL_CONFIRMED,
                   query ? xmpp_stanza_get_attribute(query, "ver") : NULL);
    if (roster->is_loaded)
        xmpp_conn_emit(conn, &xmpp_mod_roster, XMPP_ROSTER_LOADED, NULL, NULL);
    else
        xmpp_conn_emit(conn, &xmpp_mod_roster, XMPP_ROSTER_FAILED, &end, NULL);
}

static int roster_refusal(xmpp_conn_t *conn)
{
    if (!roster_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_roster);
    if (xmpp_conn_is_component(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_roster, XMPP_EINVOP,
                              "a component has no contact list");
    return 0;
}

int xmpp_roster_load(xmpp_conn_t *conn)
{
    struct roster *roster = roster_of(conn);
    const char *version;
    xmpp_stanza_t *iq, *query;
    int rc;

    rc = roster_refusal(conn);
    if (rc)
        return rc;
    if (roster->is_loading)
        return 1;
    iq = xmpp_iq_to(conn, "get", NULL);
    query = xmpp_stanza_add_tag(iq, "query", XMPP_NS_ROSTER);
    version = xmpp_model_get_version(roster->contacts);
    if (xmpp_stanza_get_child_by_ns(xmpp_conn_get_features(conn),
                                    XMPP_NS_ROSTERVER)) /* section 2.6.1 */
        xmpp_stanza_put(query, "ver", version ? version : "");
    xmpp_conn_hold(conn);
    rc = xmpp_request(conn, iq, NULL, on_list, roster);
    if (rc == 0) {
        xmpp_model_begin(roster->contacts);
        roster->load++;
        roster->is_loading = 1;
        roster->is_logged = 0;
    }
    xmpp_conn_unhold(conn);
    return rc;
}

/* As a session begins. */
static void begin_load(xmpp_conn_t *conn)
{
    xmpp_result_t end;

    memset(&end, 0, sizeof(end));
    if (!xmpp_conn_is_component(conn))
        end.status = xmpp_roster_load(conn);
    if (end.status < 0)
        xmpp_conn_emit(conn, &xmpp_mod_roster, XMPP_ROSTER_FAILED, &end, NULL);
}

/* ---- the module -------------------------------------------------- */

/* A room may be a contact. Whoever is in it is not. */
static const xmpp_roster_item_t *judge_item(xmpp_conn_t *conn,
                                            const struct roster *roster,
                                            const xmpp_jid_t *jid)
{
    if (!roster->is_loaded ||
        (jid->resource_size &&
         xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM)))
        return NULL;
    return xmpp_model_get(roster->contacts, jid);
}

/* May it see our presence? What a store says gives nobody a right, nor does a
 * list of an earlier session. */
static int is_contact(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    const xmpp_roster_item_t *item = judge_item(conn, state, jid);

    return item && (item->subscription == XMPP_ROSTER_FROM ||
                    item->subscription == XMPP_ROSTER_BOTH);
}

static int is_seen_contact(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                           void *state)
{
    const xmpp_roster_item_t *item = judge_item(conn, state, jid);

    return item && (item->subscription == XMPP_ROSTER_TO ||
                    item->subscription == XMPP_ROSTER_BOTH);
}

static int on_roster_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                               void *state)
{
    struct roster *roster = state;

    switch (event) {
    case XMPP_ATTACHED:
        roster->contacts = xmpp_model_new(conn, &xmpp_roster_item, "roster", 0);
        return roster->contacts ? 0 : XMPP_EMEM;
    case XMPP_SESSION_STARTED:
        set_account(conn, roster);
        begin_load(conn);
        return 0;
    case XMPP_SESSION_RESUMED:
        if (roster->is_due && !roster->is_loading)
            begin_load(conn);
        return 0;
    case XMPP_SESSION_ENDED:
        xmpp_model_end(roster->contacts, XMPP_MODEL_NOT_LOADED, NULL);
        roster->is_loading = roster->is_loaded = roster->is_due = 0;
        roster->load++;
        return 0;
    case XMPP_DETACHED:
        xmpp_model_free(roster->contacts);
        xmpp_free(xmpp_conn_get_context(conn), roster->account);
        return 0;
    default:
        return 0;
    }
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, XMPP_NS_ROSTER, "query", &query_payload,
                on_push),
    XMPP_OFFER(XMPP_NS_ROSTERVER, "ver", NULL),
    XMPP_KNOWS(XMPP_SENDER_CONTACT, is_contact),
    XMPP_KNOWS(XMPP_SENDER_SEEN, is_seen_contact),
    XMPP_EVENT(XMPP_ROSTER_LOADED, "loaded", NULL),
    XMPP_EVENT(XMPP_ROSTER_ADDED, "added", &xmpp_roster_item),
    XMPP_EVENT(XMPP_ROSTER_CHANGED, "changed", &xmpp_roster_item),
    XMPP_EVENT(XMPP_ROSTER_REMOVED, "removed", &xmpp_roster_item),
    XMPP_EVENT(XMPP_ROSTER_FAILED, "failed", NULL),
    XMPP_LIMIT("contacts", 100000, 1, 10000000,
               offsetof(struct roster, contacts_most)),
    XMPP_LIMIT("octets", 16384, 1024, 1073741824L,
               offsetof(struct roster, octets_most)),
    XMPP_LIFECYCLE(on_roster_lifecycle),
    XMPP_SPEC("RFC 6121", "2011", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_roster, "roster", sizeof(struct roster), rows);

/* ---- what the application calls ---------------------------------- */

int xmpp_roster_is_loaded(xmpp_conn_t *conn)
{
    struct roster *roster = roster_of(conn);

    return roster && roster->is_loaded;
}

size_t xmpp_roster_count(xmpp_conn_t *conn)
{
    struct roster *roster = roster_of(conn);

    return roster ? xmpp_model_count(roster->contacts) : 0;
}

const xmpp_roster_item_t *xmpp_roster_get(xmpp_conn_t *conn,
                                          const xmpp_jid_t *jid)
{
    struct roster *roster = roster_of(conn);

    return roster ? xmpp_model_get(roster->contacts, jid) : NULL;
}

const xmpp_roster_item_t *xmpp_roster_next(xmpp_conn_t *conn,
                                           const xmpp_roster_item_t *item)
{
    struct roster *roster = roster_of(conn);

    return roster ? xmpp_model_next(roster->contacts, item ? &item->jid : NULL)
                  : NULL;
}

static int send_roster_item(xmpp_conn_t *conn, const xmpp_roster_item_t *item,
                            xmpp_result_handler handler, void *userdata)
{
    int rc = roster_refusal(conn);
    xmpp_stanza_t *iq;

    if (rc)
        return rc;
    if (!item->jid.domain_size)
        return xmpp_conn_fail(conn, &xmpp_mod_roster, XMPP_EARG,
                              "the contact needs an address");
    iq = xmpp_iq_to(conn, "set", NULL);
    xmpp_payload_add(xmpp_stanza_add_tag(iq, "query", XMPP_NS_ROSTER),
                     &xmpp_roster_item, item);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

/* The other members are the server's (section 2.1.2). */
int xmpp_roster_set(xmpp_conn_t *conn, const xmpp_roster_item_t *item,
                    xmpp_result_handler handler, void *userdata)
{
    xmpp_roster_item_t sent;

    XMPP_INIT(xmpp_roster_item, sent);
    if (item) {
        xmpp_jid_cut(&item->jid, XMPP_JID_BARE, &sent.jid);
        sent.name = item->name;
        sent.groups = item->groups;
        sent.group_count = item->group_count;
    }
    return send_roster_item(conn, &sent, handler, userdata);
}

int xmpp_roster_remove(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                       xmpp_result_handler handler, void *userdata)
{
    xmpp_roster_item_t sent;

    XMPP_INIT(xmpp_roster_item, sent);
    xmpp_jid_cut(jid, XMPP_JID_BARE, &sent.jid);
    sent.subscription = XMPP_ROSTER_REMOVE;
    return send_roster_item(conn, &sent, handler, userdata);
}
