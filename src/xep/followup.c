/* followup.c - messages about an earlier message: corrections (XEP-0308),
 * retractions (XEP-0424), reactions (XEP-0444), and who may send them. */

#include <xmpp/xep/followup.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ns.h>
#include <xmpp/use.h>
#include <xmpp/xep/forward.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t replace_fields[] = {
    XMPP_ATTR_MUST(xmpp_replace_t, id, TEXT, "id"),
};
XMPP_PAYLOAD(xmpp_replace, xmpp_replace_t, "replace", XMPP_NS_CORRECT,
             replace_fields);

static const xmpp_field_t retract_fields[] = {
    XMPP_ATTR_MUST(xmpp_retract_t, id, TEXT, "id"),
    XMPP_CHILD(xmpp_retract_t, reason, TEXT, "reason"),
    XMPP_SELF(xmpp_retract_t, element),
};
XMPP_PAYLOAD(xmpp_retract, xmpp_retract_t, "retract", XMPP_NS_RETRACT,
             retract_fields);

static const xmpp_field_t retracted_fields[] = {
    XMPP_ATTR_MUST(xmpp_retracted_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_retracted_t, stamp, TIME, "stamp"),
    XMPP_CHILD(xmpp_retracted_t, reason, TEXT, "reason"),
    XMPP_SELF(xmpp_retracted_t, element),
};
XMPP_PAYLOAD(xmpp_retracted, xmpp_retracted_t, "retracted", XMPP_NS_RETRACT,
             retracted_fields);

static const xmpp_field_t reactions_fields[] = {
    XMPP_ATTR_MUST(xmpp_reactions_t, id, TEXT, "id"),
    XMPP_CHILDREN(xmpp_reactions_t, reactions, reaction_count, "reaction"),
};
XMPP_PAYLOAD(xmpp_reactions, xmpp_reactions_t, "reactions", XMPP_NS_REACTIONS,
             reactions_fields);

/* From 1: xmpp_message_type_t. "normal" is also what no type means. */
static const char *const author_types[] = {"chat", "error", "groupchat",
                                           "headline", NULL};

static const xmpp_field_t author_fields[] = {
    XMPP_ATTR(xmpp_author_t, from, JID, "from"),
    XMPP_ATTR_ENUM(xmpp_author_t, type, "type", author_types),
    XMPP_ATTR(xmpp_author_t, id, TEXT, "id"),
    XMPP_CHILD_ATTR_NS(xmpp_author_t, occupant_id, TEXT, "occupant-id", "id",
                       XMPP_NS_OCCUPANT_ID),
};
XMPP_PAYLOAD(xmpp_author, xmpp_author_t, "message", NULL, author_fields);

/* ---- which message, and whose ------------------------------------ */

static const char *origin_of(xmpp_stanza_t *message)
{
    const xmpp_origin_id_t *origin =
        xmpp_payload_find(message, &xmpp_origin_id);

    return origin ? origin->id : NULL;
}

/* XEP-0444 section 5.2, XEP-0461 section 5.1, XEP-0424 section 6: in a room its
 * own id. Only a retraction may do with that of the sender. */
static const char *id_in_room(xmpp_conn_t *conn, xmpp_stanza_t *message,
                              const char *ns)
{
    const char *id = NULL;
    xmpp_jid_t room;

    if (xmpp_stanza_get_jid(message, "from", &room) == 1) {
        xmpp_jid_cut(&room, XMPP_JID_BARE, &room);
        id = xmpp_stanza_id_get(conn, message, &room);
    }
    if (!id && !strcmp(ns, XMPP_NS_RETRACT))
        id = origin_of(message);
    return id;
}

const char *xmpp_followup_get_id(xmpp_conn_t *conn, xmpp_stanza_t *message,
                                 const char *ns)
{
    const char *type = xmpp_stanza_get_type(message);
    const char *id = xmpp_stanza_get_id(message), *origin;

    if (!ns || !strcmp(ns, XMPP_NS_CORRECT))
        return id;
    if (type && !strcmp(type, "groupchat"))
        return id_in_room(conn, message, ns);
    origin = strcmp(ns, XMPP_NS_RETRACT) ? origin_of(message) : NULL;
    return origin ? origin : id;
}

static int is_in_room(const xmpp_author_t *author)
{
    return author->type == XMPP_MESSAGE_GROUPCHAT;
}

static int is_same_occupant(const xmpp_author_t *one,
                            const xmpp_author_t *other)
{
    return one->occupant_id && other->occupant_id &&
           !strcmp(one->occupant_id, other->occupant_id);
}

/* What is in an error is not its sender's. */
int xmpp_author_is_same(const xmpp_author_t *one, const xmpp_author_t *other,
                        int in_room)
{
    if (!one || !other || is_in_room(one) != is_in_room(other) ||
        one->type == XMPP_MESSAGE_ERROR || other->type == XMPP_MESSAGE_ERROR ||
        !one->from.domain_size ||
        !xmpp_jid_equal(&one->from, &other->from, XMPP_JID_BARE))
        return 0;
    return in_room || is_in_room(one) ? is_same_occupant(one, other) : 1;
}

/* XEP-0444 section 5.1. */
int xmpp_author_may_react(xmpp_conn_t *conn, const xmpp_author_t *author,
                          const xmpp_jid_t *chat, int in_room)
{
    if (!author || !chat || !author->from.domain_size ||
        author->type == XMPP_MESSAGE_ERROR)
        return 0;
    if (xmpp_jid_equal(&author->from, chat, XMPP_JID_BARE))
        return author->from.resource_size > 0 ||
               !(in_room || is_in_room(author));
    return !is_in_room(author) &&
           xmpp_conn_sender_is(conn, &author->from, XMPP_SENDER_OWN);
}

/* ---- retractions ------------------------------------------------- */

/* The fallback is the whole body (XEP-0428). */
int xmpp_retract_add(xmpp_stanza_t *message, const char *id, const char *body)
{
    xmpp_retract_t retract;

    XMPP_INIT(xmpp_retract, retract);
    retract.id = id;
    xmpp_payload_add(message, &xmpp_retract, &retract);
    if (xmpp_stanza_add_text_tag(message, "body", NULL, body))
        xmpp_stanza_put(
            xmpp_stanza_add_tag(message, "fallback", XMPP_NS_FALLBACK), "for",
            XMPP_NS_RETRACT);
    return xmpp_hints_add(message, XMPP_HINT_STORE);
}

/* ---- reactions --------------------------------------------------- */

#define REACTIONS_MOST 32
#define REACTION_OCTETS_MOST 64

static int has_reaction(const char *const *list, size_t count, const char *one)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i], one))
            return 1;
    return 0;
}

static int is_reaction(const char *text)
{
    size_t n = strlen(text);

    return n > 0 && n <= REACTION_OCTETS_MOST;
}

/* Those that count are moved to the front of `list`. */
static size_t keep_reactions(const xmpp_reactions_t *raw, const char **list)
{
    size_t count = 0;

    for (size_t i = 0; i < raw->reaction_count && count < REACTIONS_MOST; i++)
        if (is_reaction(raw->reactions[i]) &&
            !has_reaction(list, count, raw->reactions[i]))
            list[count++] = raw->reactions[i];
    return count;
}

static xmpp_stanza_t *only_reactions(xmpp_stanza_t *message)
{
    xmpp_stanza_t *tag =
        xmpp_stanza_next_tag(message, NULL, "reactions", XMPP_NS_REACTIONS);

    return tag && !xmpp_stanza_next_tag(message, tag, "reactions",
                                        XMPP_NS_REACTIONS)
               ? tag
               : NULL;
}

const xmpp_reactions_t *xmpp_reactions_get(xmpp_stanza_t *message)
{
    xmpp_stanza_t *tag = only_reactions(message);
    const char *list[REACTIONS_MOST];
    const void *raw;
    xmpp_reactions_t *set;
    const char **kept;

    if (!tag || xmpp_payload_read(tag, &xmpp_reactions, &raw) != 0)
        return NULL;
    set = xmpp_stanza_alloc(tag, sizeof(*set));
    kept = xmpp_stanza_alloc(tag, sizeof(list));
    if (!set || !kept)
        return NULL;
    *set = *(const xmpp_reactions_t *)raw;
    set->reaction_count = keep_reactions(raw, list);
    memcpy(kept, list, set->reaction_count * sizeof(list[0]));
    set->reactions = set->reaction_count ? kept : NULL;
    return set;
}

int xmpp_reactions_is_same(const xmpp_reactions_t *one,
                           const xmpp_reactions_t *other)
{
    size_t count = one ? one->reaction_count : 0;

    if (count != (other ? other->reaction_count : 0))
        return 0;
    for (size_t i = 0; i < count; i++)
        if (!has_reaction(other->reactions, count, one->reactions[i]))
            return 0;
    return 1;
}

/* Section 2.2: both fields are optional. */
int xmpp_reactions_is_allowed(const xmpp_reactions_t *reactions,
                              const xmpp_form_t *restrictions)
{
    const xmpp_form_field_t *only = xmpp_form_get(restrictions, "allowlist");
    long most = xmpp_form_get_number(restrictions, "max_reactions_per_user");
    size_t count = reactions ? reactions->reaction_count : 0;

    if (most >= 0 && count > (unsigned long)most)
        return 0;
    for (size_t i = 0; only && i < count; i++)
        if (!has_reaction(only->values, only->value_count,
                          reactions->reactions[i]))
            return 0;
    return 1;
}

/* Section 4: reactions are worth storing, although there is no body. */
int xmpp_reactions_add(xmpp_stanza_t *message,
                       const xmpp_reactions_t *reactions)
{
    xmpp_payload_add(message, &xmpp_reactions, reactions);
    return xmpp_hints_add(message, XMPP_HINT_STORE);
}
