/* caps.c - XEP-0115 and XEP-0390: the capabilities of others. */

#include <xmpp/xep/caps.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/list.h>
#include <xmpp/ns.h>
#include <xmpp/xep/caps_c.h>

static const xmpp_field_t contact_fields[] = {
    XMPP_ATTR_MUST(xmpp_caps_contact_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_caps_contact_t, info, &xmpp_disco_info),
};
XMPP_PAYLOAD(xmpp_caps_contact, xmpp_caps_contact_t, "contact", XMPP_NS_CAPS,
             contact_fields);

/* ---- state ------------------------------------------------------- */

/* Something that was sent as a hash; its key is that of caps_cache.h, which has
 * the answers. It is there as long as it has contacts, is queried, or is held.
 */
struct entry {
    xmpp_list_t due;  /* contacts to be queried, or reported; strangers last */
    xmpp_list_t past; /* those that were */
    int is_queried;
    int is_known; /* the answer came; the cache may have forgotten it */
    int holds;    /* of functions that called somebody else */
};

/* An address that sent this hash. */
struct contact {
    struct entry *entry; /* NULL only while it is made or dropped */
    xmpp_list_t link;    /* of the entry's contacts */
    char *node;          /* where it is queried; owned */
    int is_reported;     /* with this hash */
    int was_reported;    /* with this or an earlier one */
    int is_stranger;     /* one of those that are counted */
};

struct caps {
    xmpp_dict_t *contacts; /* by address; the first was used longest ago */
    xmpp_dict_t *entries;
    xmpp_dict_t *waiting; /* the keys of entries that are to be queried */
    long queries;         /* in progress */
    long strangers;       /* of the contacts */
    long contacts_most, strangers_most, queries_most;
};

static struct caps *caps_of(xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_caps);
}

static struct contact *first_contact(const xmpp_list_t *list)
{
    xmpp_list_t *link = xmpp_list_next(list, NULL);

    return link ? XMPP_LIST_ENTRY(link, struct contact, link) : NULL;
}

/* To be queried, or reported. */
static void contact_due(struct contact *contact)
{
    if (contact->is_stranger)
        xmpp_list_append(&contact->entry->due, &contact->link);
    else
        xmpp_list_prepend(&contact->entry->due, &contact->link);
}

static void contact_past(struct contact *contact)
{
    xmpp_list_append(&contact->entry->past, &contact->link);
}

/* ---- entries ----------------------------------------------------- */

static const xmpp_disco_info_t *entry_info(xmpp_conn_t *conn,
                                           const struct entry *entry)
{
    return xmpp_caps_cache_get(conn, xmpp_dict_key(entry, NULL));
}

static void entry_tidy(struct caps *caps, struct entry *entry)
{
    const char *key = xmpp_dict_key(entry, NULL);

    if (!entry || entry->is_queried || entry->holds ||
        first_contact(&entry->due) || first_contact(&entry->past))
        return;
    xmpp_dict_drop(caps->waiting,
                   xmpp_dict_find(caps->waiting, key, (size_t)-1));
    xmpp_dict_drop(caps->entries, entry);
}

static void address_done(xmpp_ctx_t *ctx, void *record)
{
    struct contact *contact = record;

    xmpp_list_remove(&contact->link);
    xmpp_free(ctx, contact->node);
}

static void contact_drop(struct caps *caps, struct contact *contact)
{
    struct entry *entry = contact ? contact->entry : NULL;

    caps->strangers -= contact && contact->is_stranger;
    xmpp_dict_drop(caps->contacts, contact);
    entry_tidy(caps, entry);
}

/* ---- reports ----------------------------------------------------- */

static void report_known(xmpp_conn_t *conn, struct contact *contact)
{
    int what = contact->was_reported ? XMPP_CAPS_CHANGED : XMPP_CAPS_KNOWN;
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_caps_contact_t value;

    if (contact->is_reported)
        return;
    XMPP_INIT(xmpp_caps_contact, value);
    contact->is_reported = contact->was_reported = 1;
    value.info = entry_info(conn, contact->entry);
    if (value.info &&
        xmpp_jid_parse(xmpp_dict_key(contact, NULL), (size_t)-1,
                       XMPP_JID_LENIENT, buffer, &value.jid, NULL) == 0)
        xmpp_conn_emit(conn, &xmpp_mod_caps, what, &value, NULL);
}

/* Contacts may come and go meanwhile, but the entry is held. */
static void report_entry(xmpp_conn_t *conn, struct entry *entry)
{
    struct contact *contact;

    while (!entry->is_known && (contact = first_contact(&entry->past)))
        xmpp_list_append(&entry->due, &contact->link);
    entry->is_known = 1;
    while ((contact = first_contact(&entry->due))) {
        contact_past(contact);
        report_known(conn, contact);
    }
}

/* ---- queries ----------------------------------------------------- */

static void on_info(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata);

/* Query the next contact, unless all have been. If that is not possible now, it
 * will be when one of them sends presence again, or the session is resumed. The
 * request may release the connection: what it succeeds with is set before. */
static void entry_query(xmpp_conn_t *conn, struct caps *caps,
                        struct entry *entry)
{
    struct contact *contact = first_contact(&entry->due);

    if (entry->is_known || entry->is_queried || !contact)
        return;
    if (caps->queries >= caps->queries_most) {
        xmpp_dict_put(caps->waiting, xmpp_dict_key(entry, NULL), (size_t)-1);
        return;
    }
    if (!xmpp_caps_may_query(conn, xmpp_dict_key(contact, NULL)))
        return;
    contact_past(contact);
    entry->is_queried = 1;
    caps->queries++;
    if (xmpp_disco_get_info(conn, xmpp_dict_key(contact, NULL), contact->node,
                            on_info, entry) == 0)
        return;
    entry->is_queried = 0;
    caps->queries--;
    contact_due(contact);
}

static void query_waiting(xmpp_conn_t *conn, struct caps *caps)
{
    void *record;

    while (caps->queries < caps->queries_most &&
           (record = xmpp_dict_next(caps->waiting, NULL))) {
        struct entry *entry = xmpp_dict_find(
            caps->entries, xmpp_dict_key(record, NULL), (size_t)-1);

        xmpp_dict_drop(caps->waiting, record);
        if (entry)
            entry_query(conn, caps, entry);
    }
}

/* What a stranger answers pushes out no other answer. 0, or why it is not
 * kept. */
static int keep_answer(xmpp_conn_t *conn, const struct entry *entry,
                       const xmpp_result_t *result)
{
    const char *key = xmpp_dict_key(entry, NULL);
    const char *from = xmpp_stanza_get_from(result->stanza);
    xmpp_jid_t jid;
    int is_spare = xmpp_stanza_get_jid(result->stanza, "from", &jid) > 0 &&
                   xmpp_caps_is_stranger(conn, &jid);
    int rc = is_spare && !xmpp_caps_cache_has_room(conn)
                 ? XMPP_EFULL
                 : xmpp_caps_cache_put(conn, key, result->value);

    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_caps, XMPP_LEVEL_INFO,
                      "what \"%s\" stands for is not known: the answer of %s "
                      "%s",
                      key, from ? from : "our account",
                      rc == XMPP_EPROTO ? "does not fit" : "could not be kept");
    return rc;
}

/* A result is the end of a query; the entry is not dropped before. If the first
 * contact is silent or lies, the next one is queried. */
static void on_info(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct caps *caps = caps_of(conn);
    struct entry *entry = userdata;
    int rc = result->status;

    entry->is_queried = 0;
    entry->holds++;
    caps->queries--;
    if (rc == 0)
        rc = keep_answer(conn, entry, result);
    if (rc == 0)
        report_entry(conn, entry);
    else if (rc != XMPP_ENOTCONN)
        entry_query(conn, caps, entry);
    entry->holds--;
    entry_tidy(caps, entry);
    query_waiting(conn, caps);
}

/* ---- contacts ---------------------------------------------------- */

/* Strangers make no room for themselves: they could push out all others. */
static struct contact *contact_put(xmpp_conn_t *conn, struct caps *caps,
                                   const xmpp_jid_t *jid)
{
    int is_full = (long)xmpp_dict_count(caps->contacts) >= caps->contacts_most;
    struct contact *contact =
        xmpp_dict_find_jid(caps->contacts, jid, XMPP_JID_FULL);
    int is_stranger = !contact && xmpp_caps_is_stranger(conn, jid);

    if (is_stranger && (is_full || caps->strangers >= caps->strangers_most))
        return NULL;
    if (!contact && is_full)
        contact_drop(caps, xmpp_dict_next(caps->contacts, NULL));
    contact = xmpp_dict_put_jid(caps->contacts, jid, XMPP_JID_FULL);
    if (contact && is_stranger) {
        contact->is_stranger = 1;
        caps->strangers++;
    }
    xmpp_dict_touch(caps->contacts, contact);
    return contact;
}

/* It has this hash now, which is perhaps the one it had. The node is taken. */
static void contact_move(xmpp_conn_t *conn, struct caps *caps,
                         struct contact *contact, struct entry *entry,
                         char *node)
{
    struct entry *old = contact->entry;

    entry->holds++;
    xmpp_free(xmpp_conn_get_context(conn), contact->node);
    contact->node = node;
    contact->is_reported &= old == entry;
    contact->entry = entry;
    contact_due(contact);
    if (old != entry)
        entry_tidy(caps, old);
    if (entry_info(conn, entry)) {
        report_entry(conn, entry);
    } else {
        entry->is_known = 0; /* the cache has forgotten it */
        entry_query(conn, caps, entry);
    }
    entry->holds--;
    entry_tidy(caps, entry);
}

/* If nothing has changed there is little to do; but the cache may have
 * forgotten the answer. */
static void contact_set(xmpp_conn_t *conn, struct caps *caps,
                        const xmpp_jid_t *jid, const xmpp_caps_sent_t *sent)
{
    struct contact *contact = sent ? contact_put(conn, caps, jid) : NULL;
    struct entry *entry =
        contact ? xmpp_dict_put(caps->entries, sent->hash, (size_t)-1) : NULL;
    char *copy = NULL;

    if (entry && contact->entry == entry &&
        (!entry->is_known || entry_info(conn, entry))) {
        entry_query(conn, caps, entry);
        return;
    }
    if (entry)
        copy = xmpp_copy_text(xmpp_conn_get_context(conn), sent->node);
    if (copy) {
        contact_move(conn, caps, contact, entry, copy);
        return;
    }
    contact_drop(caps, contact); /* perhaps with the entry */
    entry_tidy(caps, sent
                         ? xmpp_dict_find(caps->entries, sent->hash, (size_t)-1)
                         : NULL);
}

/* ---- what comes in ----------------------------------------------- */

/* Presence without a hash may come from one that has sent it before (XEP-0115
 * section 8.4). */
static int on_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *type = xmpp_stanza_get_type(in->stanza);
    const char *bound = xmpp_conn_get_bound_jid(conn);
    struct caps *caps = state;

    if (!in->from ||
        (bound && !strcmp(xmpp_stanza_get_from(in->stanza), bound)))
        return 0;
    if (!type)
        contact_set(conn, caps, in->from, xmpp_caps_find(in->stanza, in->from));
    else if (strcmp(type, "unavailable") == 0 || strcmp(type, "error") == 0)
        contact_drop(
            caps, xmpp_dict_find_jid(caps->contacts, in->from, XMPP_JID_FULL));
    return 0;
}

/* The server's, in the stream features (XEP-0115 section 6.3). The two elements
 * are looked at together when the first of them comes. */
static int on_offer(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    struct caps *caps = state;
    xmpp_jid_t server;

    if (xmpp_jid_parse(xmpp_conn_get_bound_jid(conn), (size_t)-1,
                       XMPP_JID_LENIENT, buffer, &server, NULL))
        return 0;
    xmpp_jid_cut(&server, XMPP_JID_DOMAIN, &server);
    if (!xmpp_dict_find_jid(caps->contacts, &server, XMPP_JID_FULL))
        contact_set(
            conn, caps, &server,
            xmpp_caps_find(xmpp_stanza_get_parent(in->element), &server));
    return 0;
}

/* ---- what is known ----------------------------------------------- */

const xmpp_disco_info_t *xmpp_caps_get(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    struct caps *caps = caps_of(conn);
    const struct contact *contact =
        caps ? xmpp_dict_find_jid(caps->contacts, jid, XMPP_JID_FULL) : NULL;

    return contact && contact->entry ? entry_info(conn, contact->entry) : NULL;
}

int xmpp_caps_has(xmpp_conn_t *conn, const xmpp_jid_t *jid, const char *feature)
{
    return xmpp_disco_has_feature(xmpp_caps_get(conn, jid), feature);
}

/* ---- the module -------------------------------------------------- */

/* In another session presence is void, answers are not; queries that are open
 * end by themselves. A resumed one makes up for what was not possible. */
static void caps_turn(xmpp_conn_t *conn, struct caps *caps)
{
    struct entry *entry = xmpp_dict_next(caps->entries, NULL), *next;

    for (; entry; entry = next) {
        entry->holds++;
        entry_query(conn, caps, entry);
        next = xmpp_dict_next(caps->entries, entry);
        entry->holds--;
        entry_tidy(caps, entry);
    }
}

static void caps_detached(struct caps *caps)
{
    xmpp_dict_free(caps->contacts);
    xmpp_dict_free(caps->entries);
    xmpp_dict_free(caps->waiting);
}

static int caps_attached(xmpp_conn_t *conn, struct caps *caps)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);

    caps->contacts =
        xmpp_dict_new(ctx, sizeof(struct contact), 0, address_done);
    caps->entries = xmpp_dict_new(ctx, sizeof(struct entry), 0, NULL);
    caps->waiting = xmpp_dict_new(ctx, 0, 0, NULL);
    if (caps->contacts && caps->entries && caps->waiting)
        return 0;
    caps_detached(caps);
    return XMPP_EMEM;
}

static int on_contacts_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                 void *state)
{
    struct caps *caps = state;

    if (event == XMPP_ATTACHED)
        return caps_attached(conn, caps);
    if (event == XMPP_SESSION_ENDED) {
        xmpp_dict_clear(caps->contacts);
        caps->strangers = 0;
    }
    if (event == XMPP_SESSION_ENDED || event == XMPP_SESSION_RESUMED)
        caps_turn(conn, caps);
    if (event == XMPP_DETACHED)
        caps_detached(caps);
    return 0;
}

static const xmpp_row_t caps_rows[] = {
    XMPP_NEEDS(&xmpp_mod_caps_cache),
    XMPP_NEEDS(&xmpp_mod_caps_own),
    XMPP_NEEDS(&xmpp_mod_caps_stranger),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_presence),
    XMPP_OFFER(XMPP_NS_CAPS2, "c", on_offer),
    XMPP_OFFER(XMPP_NS_CAPS, "c", on_offer),
    XMPP_EVENT(XMPP_CAPS_KNOWN, "known", &xmpp_caps_contact),
    XMPP_EVENT(XMPP_CAPS_CHANGED, "changed", &xmpp_caps_contact),
    XMPP_LIMIT("contacts", 10000, 1, 10000000,
               offsetof(struct caps, contacts_most)),
    XMPP_LIMIT("strangers", 1000, 0, 10000000,
               offsetof(struct caps, strangers_most)),
    XMPP_LIMIT("queries", 20, 1, 10000, offsetof(struct caps, queries_most)),
    XMPP_LIFECYCLE(on_contacts_lifecycle),
    XMPP_SPEC("XEP-0115", "1.6.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_caps, "caps", sizeof(struct caps), caps_rows);
