/* forward.c - what is added to a message on its way: delays (XEP-0203), ids
 * (XEP-0359), the element that it is forwarded in (XEP-0297), and hints
 * (XEP-0334). */

#include <xmpp/xep/forward.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/fast.h>
#include <xmpp/ns.h>
#include <xmpp/use.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t delay_fields[] = {
    XMPP_ATTR(xmpp_delay_t, from, JID, "from"),
    XMPP_ATTR_MUST(xmpp_delay_t, stamp, TIME, "stamp"),
    XMPP_TEXT(xmpp_delay_t, reason, TEXT),
};
XMPP_PAYLOAD(xmpp_delay, xmpp_delay_t, "delay", XMPP_NS_DELAY, delay_fields);

static const xmpp_field_t stanza_id_fields[] = {
    XMPP_ATTR_MUST(xmpp_stanza_id_t, id, TEXT, "id"),
    XMPP_ATTR_MUST(xmpp_stanza_id_t, by, JID, "by"),
};
XMPP_PAYLOAD(xmpp_stanza_id, xmpp_stanza_id_t, "stanza-id", XMPP_NS_SID,
             stanza_id_fields);

static const xmpp_field_t origin_id_fields[] = {
    XMPP_ATTR_MUST(xmpp_origin_id_t, id, TEXT, "id"),
};
XMPP_PAYLOAD(xmpp_origin_id, xmpp_origin_id_t, "origin-id", XMPP_NS_SID,
             origin_id_fields);

static const xmpp_field_t referenced_fields[] = {
    XMPP_ATTR_MUST(xmpp_referenced_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_referenced_t, by, JID, "by"),
};
XMPP_PAYLOAD(xmpp_referenced, xmpp_referenced_t, "referenced-stanza",
             XMPP_NS_SID, referenced_fields);

static const xmpp_field_t forwarded_fields[] = {
    XMPP_ELEMENT(xmpp_forwarded_t, delay, &xmpp_delay),
    XMPP_SELF(xmpp_forwarded_t, element),
};
XMPP_PAYLOAD(xmpp_forwarded, xmpp_forwarded_t, "forwarded", XMPP_NS_FORWARD,
             forwarded_fields);

/* ---- delays and ids ---------------------------------------------- */

/* Everything here compares whole addresses: an id or a delay of an occupant is
 * not one of the room. */
static int is_by(xmpp_conn_t *conn, const xmpp_jid_t *actual,
                 const xmpp_jid_t *wanted, unsigned ours)
{
    return wanted ? xmpp_jid_equal(actual, wanted, XMPP_JID_FULL)
                  : xmpp_conn_sender_is(conn, actual, ours);
}

/* A delay that names nobody may be from anybody. */
xmpp_time_t xmpp_delay_get(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                           const xmpp_jid_t *from)
{
    xmpp_stanza_t *tag = NULL;
    xmpp_time_t oldest = XMPP_NO_TIME;

    while ((tag = xmpp_stanza_next_tag(stanza, tag, "delay", XMPP_NS_DELAY))) {
        const void *value;
        const xmpp_delay_t *delay;

        if (xmpp_payload_read(tag, &xmpp_delay, &value) != 0)
            continue;
        delay = value;
        if (delay->from.domain_size &&
            is_by(conn, &delay->from, from, XMPP_SENDER_SERVER) &&
            (oldest == XMPP_NO_TIME || delay->stamp < oldest))
            oldest = delay->stamp;
    }
    return oldest;
}

/* Our server removes what others claim in the name of our account, and a room
 * what they claim in its own. Nobody removes what they claim for a room in a
 * message that never was there. */
static int may_vouch(xmpp_stanza_t *message, const xmpp_jid_t *by)
{
    xmpp_jid_t from;

    return !by || (xmpp_stanza_get_jid(message, "from", &from) == 1 &&
                   xmpp_jid_equal(&from, by, XMPP_JID_BARE));
}

/* Section 3 allows one of each entity: of two, one is forged. */
const char *xmpp_stanza_id_get(xmpp_conn_t *conn, xmpp_stanza_t *message,
                               const xmpp_jid_t *by)
{
    xmpp_stanza_t *tag = NULL;
    const char *found = NULL;

    if (!may_vouch(message, by))
        return NULL;
    while (
        (tag = xmpp_stanza_next_tag(message, tag, "stanza-id", XMPP_NS_SID))) {
        const void *value;
        const xmpp_stanza_id_t *id;

        if (xmpp_payload_read(tag, &xmpp_stanza_id, &value) != 0)
            continue;
        id = value;
        if (!is_by(conn, &id->by, by, XMPP_SENDER_ACCOUNT))
            continue;
        if (found)
            return NULL;
        found = id->id;
    }
    return found;
}

static void put_new_id(xmpp_stanza_t *message)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(message);
    char *id = xmpp_uuid_gen(ctx);

    xmpp_stanza_put(message, "id", id);
    xmpp_free(ctx, id);
}

const char *xmpp_origin_id_put(xmpp_stanza_t *message)
{
    const xmpp_origin_id_t *there = xmpp_payload_find(message, &xmpp_origin_id);
    xmpp_stanza_t *tag;

    if (there)
        return there->id;
    if (!xmpp_stanza_get_id(message))
        put_new_id(message);
    if (!xmpp_stanza_get_id(message))
        return NULL;
    tag = xmpp_stanza_add_tag(message, "origin-id", XMPP_NS_SID);
    xmpp_stanza_put(tag, "id", xmpp_stanza_get_id(message));
    return xmpp_stanza_get_attribute(tag, "id");
}

/* ---- forwarding -------------------------------------------------- */

static int is_stanza(xmpp_stanza_t *tag)
{
    const char *name = xmpp_stanza_get_name(tag);

    return !strcmp(name, "message") || !strcmp(name, "presence") ||
           !strcmp(name, "iq");
}

xmpp_stanza_t *xmpp_forwarded_get_stanza(const xmpp_forwarded_t *forwarded)
{
    xmpp_stanza_t *parent = forwarded ? forwarded->element : NULL;
    xmpp_stanza_t *tag = NULL, *found = NULL;

    while ((tag = xmpp_stanza_next_tag(parent, tag, NULL, XMPP_NS_CLIENT))) {
        if (!is_stanza(tag))
            continue;
        if (found)
            return NULL;
        found = tag;
    }
    return found;
}

/* Without a namespace of its own it would get that of <forwarded/>, which is
 * wrong (section 3.2). */
static xmpp_stanza_t *copy_stanza(xmpp_stanza_t *inner)
{
    xmpp_stanza_t *copy = xmpp_stanza_copy(inner);

    if (copy && !xmpp_stanza_get_ns(copy))
        xmpp_stanza_set_ns(copy, XMPP_NS_CLIENT);
    return copy;
}

static void add_received(xmpp_stanza_t *tag, xmpp_time_t received)
{
    xmpp_delay_t delay;

    XMPP_INIT(xmpp_delay, delay);
    delay.stamp = received;
    if (received != XMPP_NO_TIME)
        xmpp_payload_add(tag, &xmpp_delay, &delay);
}

int xmpp_forwarded_add(xmpp_stanza_t *parent, xmpp_stanza_t *inner,
                       xmpp_time_t received)
{
    xmpp_stanza_t *copy, *tag;

    if (!parent || !inner)
        return XMPP_EINVOP;
    copy = copy_stanza(inner);
    if (!copy)
        return XMPP_EMEM;
    tag = xmpp_stanza_add_tag(parent, "forwarded", XMPP_NS_FORWARD);
    add_received(tag, received);
    xmpp_stanza_add_child(tag, copy);
    xmpp_stanza_release(copy);
    return xmpp_stanza_get_status(parent);
}

/* ---- hints ------------------------------------------------------- */

static const struct {
    int bit;
    const char *name;
} hint_names[] = {
    {XMPP_HINT_NO_PERMANENT_STORE, "no-permanent-store"},
    {XMPP_HINT_NO_STORE, "no-store"},
    {XMPP_HINT_NO_COPY, "no-copy"},
    {XMPP_HINT_STORE, "store"},
};
#define HINT_COUNT (sizeof(hint_names) / sizeof(hint_names[0]))

static int hint_of(xmpp_stanza_t *tag)
{
    const char *name = xmpp_stanza_get_name(tag);

    for (size_t i = 0; i < HINT_COUNT; i++)
        if (!strcmp(name, hint_names[i].name))
            return hint_names[i].bit;
    return 0;
}

static int find_hints(xmpp_stanza_t *message)
{
    xmpp_stanza_t *tag = NULL;
    int hints = 0;

    while ((tag = xmpp_stanza_next_tag(message, tag, NULL, XMPP_NS_HINTS)))
        hints |= hint_of(tag);
    return hints;
}

int xmpp_hints_get(xmpp_stanza_t *message)
{
    const char *type = xmpp_stanza_get_type(message);

    return type && !strcmp(type, "error") ? 0 : find_hints(message);
}

int xmpp_hints_add(xmpp_stanza_t *message, int hints)
{
    int missing = hints & ~find_hints(message);

    for (size_t i = 0; i < HINT_COUNT; i++)
        if (missing & hint_names[i].bit)
            xmpp_stanza_add_tag(message, hint_names[i].name, XMPP_NS_HINTS);
    return xmpp_stanza_get_status(message);
}
