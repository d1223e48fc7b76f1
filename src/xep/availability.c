/* availability.c - who is available, and how (RFC 6121 section 4). */

#include <xmpp/xep/availability.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>
#include <xmpp/sm.h>

struct resource {
    struct resource *next; /* which is no better */
    xmpp_presence_t *value;
    long octets;
};

/* By bare address. Between two calls of the module none is without a
 * resource. */
struct contact {
    struct resource *best;
    long count;
};

struct availability {
    long contacts_most, resources_most, octets_most; /* the limits */
    xmpp_dict_t *contacts;                           /* struct contact */
    long octets;                                     /* of all resources */
    int is_doubtful;
};

static struct availability *availability_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_availability);
}

/* ---- contacts and their resources -------------------------------- */

static void contact_done(xmpp_ctx_t *ctx, void *record)
{
    struct contact *contact = record;
    struct resource *next;

    for (; contact->best; contact->best = next) {
        next = contact->best->next;
        xmpp_free(ctx, contact->best->value);
        xmpp_free(ctx, contact->best);
    }
}

static struct contact *contact_find(const struct availability *all,
                                    const xmpp_jid_t *jid)
{
    return xmpp_dict_find_jid(all->contacts, jid, XMPP_JID_BARE);
}

/* Of its texts. */
static long presence_octets(const xmpp_presence_t *presence)
{
    const xmpp_jid_t *from = &presence->from;
    size_t n =
        (size_t)from->local_size + from->domain_size + from->resource_size;

    n += presence->status ? strlen(presence->status) : 0;
    n += presence->nick ? strlen(presence->nick) : 0;
    return (long)n;
}

/* Is it better than one that came later (RFC 6121 section 8.5.2.1.1 leaves it
 * to us)? */
static int is_preferred(const xmpp_presence_t *a, const xmpp_presence_t *later)
{
    static const int willing[] = {[XMPP_SHOW_ONLINE] = 3,
                                  [XMPP_SHOW_CHAT] = 4,
                                  [XMPP_SHOW_AWAY] = 2,
                                  [XMPP_SHOW_XA] = 1,
                                  [XMPP_SHOW_DND] = 0};
    long p = a->priority == XMPP_NO_NUMBER ? 0 : a->priority;
    long q = later->priority == XMPP_NO_NUMBER ? 0 : later->priority;

    return p != q ? p > q : willing[a->show] > willing[later->show];
}

/* Where the pointer to this resource is, or to the end of the list. */
static struct resource **resource_find(struct contact *contact,
                                       const xmpp_jid_t *jid)
{
    struct resource **r = &contact->best;

    while (*r && !xmpp_jid_equal(&(*r)->value->from, jid, XMPP_JID_FULL))
        r = &(*r)->next;
    return r;
}

/* Take it out: its value is the caller's. NULL if there is none. */
static xmpp_presence_t *resource_take(xmpp_ctx_t *ctx, struct availability *all,
                                      struct contact *contact,
                                      struct resource **r)
{
    struct resource *resource = *r;
    xmpp_presence_t *value = resource ? resource->value : NULL;

    if (!resource)
        return NULL;
    *r = resource->next;
    contact->count--;
    all->octets -= resource->octets;
    xmpp_free(ctx, resource);
    return value;
}

static int resource_put(xmpp_ctx_t *ctx, struct availability *all,
                        struct contact *contact,
                        const xmpp_presence_t *presence)
{
    struct resource **r = &contact->best, *resource;
    long octets = presence_octets(presence);

    if (contact->count >= all->resources_most ||
        octets > all->octets_most - all->octets)
        return XMPP_EFULL;
    resource = xmpp_zalloc(ctx, sizeof(*resource));
    if (!resource)
        return XMPP_EMEM;
    resource->value = xmpp_payload_copy(ctx, &xmpp_presence, presence);
    if (!resource->value) {
        xmpp_free(ctx, resource);
        return XMPP_EMEM;
    }
    while (*r && is_preferred((*r)->value, presence))
        r = &(*r)->next;
    resource->next = *r;
    *r = resource;
    resource->octets = octets;
    contact->count++;
    all->octets += octets;
    return 0;
}

/* ---- what comes in ----------------------------------------------- */

static void on_available(xmpp_conn_t *conn, struct availability *all,
                         const xmpp_presence_t *presence)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_presence_t *before = NULL;
    struct contact *contact;
    int rc = XMPP_EFULL;

    xmpp_dict_set_most(all->contacts, (size_t)all->contacts_most);
    contact = xmpp_dict_put_jid(all->contacts, &presence->from, XMPP_JID_BARE);
    if (contact) {
        before = resource_take(ctx, all, contact,
                               resource_find(contact, &presence->from));
        rc = resource_put(ctx, all, contact, presence);
        if (!contact->best)
            xmpp_dict_drop(all->contacts, contact);
    }
    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_availability, XMPP_LEVEL_INFO,
                      "a presence is not kept: %s", xmpp_strerror(rc));
    xmpp_conn_emit(conn, &xmpp_mod_availability, XMPP_AVAILABILITY_CHANGED,
                   presence, before);
    xmpp_free(ctx, before);
}

/* Without a resource it is about all of them (section 4.5.4). */
static void forget_resource(xmpp_conn_t *conn, struct availability *all,
                            int what, const xmpp_presence_t *presence)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct contact *contact = contact_find(all, &presence->from);
    xmpp_presence_t *before = NULL;

    if (contact)
        before = resource_take(ctx, all, contact,
                               resource_find(contact, &presence->from));
    while (contact && contact->best && !presence->from.resource_size)
        xmpp_free(ctx, resource_take(ctx, all, contact, &contact->best));
    if (contact && !contact->best)
        xmpp_dict_drop(all->contacts, contact);
    xmpp_conn_emit(conn, &xmpp_mod_availability, what, presence, before);
    xmpp_free(ctx, before);
}

static int on_their_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                             void *state)
{
    xmpp_presence_t read = *(const xmpp_presence_t *)in->value;
    const xmpp_presence_t *presence = &read;

    /* RFC 6121 section 4.7.2.3: its server should not have let it pass. */
    if (read.priority < -128 || read.priority > 127)
        read.priority = XMPP_NO_NUMBER;
    /* An unknown type is read as none. Occupants belong to their room. */
    if (!presence->from.domain_size ||
        (!presence->type && xmpp_stanza_get_type(in->stanza)) ||
        xmpp_stanza_get_child_by_ns(in->stanza, XMPP_NS_MUC_USER))
        return 0;
    if (presence->type == XMPP_PRESENCE_AVAILABLE)
        on_available(conn, state, presence);
    if (presence->type == XMPP_PRESENCE_UNAVAILABLE)
        forget_resource(conn, state, XMPP_AVAILABILITY_GONE, presence);
    if (presence->type == XMPP_PRESENCE_ERROR)
        forget_resource(conn, state, XMPP_AVAILABILITY_REFUSED, presence);
    return 0;
}

/* ---- the module -------------------------------------------------- */

static void clear_all(xmpp_conn_t *conn, struct availability *all)
{
    int had = xmpp_dict_count(all->contacts) != 0;

    xmpp_dict_clear(all->contacts);
    all->octets = 0;
    all->is_doubtful = 0;
    if (had)
        xmpp_conn_emit(conn, &xmpp_mod_availability, XMPP_AVAILABILITY_CLEARED,
                       NULL, NULL);
}

/* Whoever is unavailable hears of nobody any more (section 4.5.2): what was
 * kept would never be taken back. */
static void on_own_goodbye(xmpp_conn_t *conn, xmpp_stanza_t *presence,
                           void *state)
{
    const char *type = xmpp_stanza_get_type(presence);

    if (type && strcmp(type, "unavailable") == 0 &&
        !xmpp_stanza_get_to(presence))
        clear_all(conn, state);
}

static int on_availability_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                     void *state)
{
    struct availability *all = state;

    switch (event) {
    case XMPP_ATTACHED:
        all->contacts = xmpp_dict_new(xmpp_conn_get_context(conn),
                                      sizeof(struct contact), 0, contact_done);
        return all->contacts ? 0 : XMPP_EMEM;
    case XMPP_SESSION_RESUMED:
        all->is_doubtful = 0;
        return 0;
    case XMPP_CONNECTION_LOST:
        all->is_doubtful = xmpp_conn_is_resumable(conn);
        if (!all->is_doubtful)
            clear_all(conn, all);
        return 0;
    case XMPP_SESSION_ENDED:
        clear_all(conn, all);
        return 0;
    case XMPP_DETACHED:
        xmpp_dict_free(all->contacts);
        return 0;
    default:
        return 0;
    }
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_presence),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, &xmpp_presence,
                  on_their_presence),
    XMPP_OUT_PRESENCE(on_own_goodbye),
    XMPP_EVENT(XMPP_AVAILABILITY_CHANGED, "changed", &xmpp_presence),
    XMPP_EVENT(XMPP_AVAILABILITY_GONE, "gone", &xmpp_presence),
    XMPP_EVENT(XMPP_AVAILABILITY_REFUSED, "refused", &xmpp_presence),
    XMPP_EVENT(XMPP_AVAILABILITY_CLEARED, "cleared", NULL),
    XMPP_LIMIT("contacts", 20000, 1, 10000000,
               offsetof(struct availability, contacts_most)),
    XMPP_LIMIT("resources", 50, 1, 100000,
               offsetof(struct availability, resources_most)),
    XMPP_LIMIT("octets", 33554432, 4096, 2147483647L,
               offsetof(struct availability, octets_most)),
    XMPP_LIFECYCLE(on_availability_lifecycle),
    XMPP_SPEC("RFC 6121", "2011", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_availability, "availability", sizeof(struct availability),
            rows);

/* ---- what the application calls ---------------------------------- */

const xmpp_presence_t *xmpp_availability_get(xmpp_conn_t *conn,
                                             const xmpp_jid_t *jid)
{
    struct availability *all = availability_of(conn);
    struct contact *contact = all ? contact_find(all, jid) : NULL;
    struct resource *resource;

    if (!contact)
        return NULL;
    resource =
        jid->resource_size ? *resource_find(contact, jid) : contact->best;
    return resource ? resource->value : NULL;
}

const xmpp_presence_t *xmpp_availability_next(xmpp_conn_t *conn,
                                              const xmpp_presence_t *presence)
{
    struct availability *all = availability_of(conn);
    struct contact *contact =
        all && presence ? contact_find(all, &presence->from) : NULL;
    struct resource *resource =
        contact ? *resource_find(contact, &presence->from) : NULL;

    return resource && resource->next ? resource->next->value : NULL;
}

const xmpp_presence_t *
xmpp_availability_next_contact(xmpp_conn_t *conn,
                               const xmpp_presence_t *presence)
{
    struct availability *all = availability_of(conn);
    struct contact *contact = NULL;

    if (all && presence)
        contact = contact_find(all, &presence->from);
    if (!all || (presence && !contact))
        return NULL;
    contact = xmpp_dict_next(all->contacts, contact);
    return contact ? contact->best->value : NULL;
}

int xmpp_availability_is_doubtful(xmpp_conn_t *conn)
{
    struct availability *all = availability_of(conn);

    return all && all->is_doubtful;
}
