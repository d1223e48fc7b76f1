/* moderation.c - messages that a moderator of a room retracts (XEP-0425). */

#include <xmpp/xep/moderation.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/xep/muc_info.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t moderation_fields[] = {
    XMPP_ATTR(xmpp_moderation_t, room, JID, "room"),
    XMPP_ATTR(xmpp_moderation_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_moderation_t, by, JID, "by"),
    XMPP_ATTR(xmpp_moderation_t, occupant_id, TEXT, "occupant-id"),
    XMPP_ATTR(xmpp_moderation_t, reason, TEXT, "reason"),
    XMPP_ATTR(xmpp_moderation_t, time, TIME, "stamp"),
};
XMPP_PAYLOAD(xmpp_moderation, xmpp_moderation_t, "moderation",
             XMPP_NS_MODERATION, moderation_fields);

/* Who did it. In the present protocol the reason is beside it, in the older one
 * in it. */
typedef struct {
    size_t size;
    xmpp_jid_t by;
    const char *occupant_id, *reason;
    int retracts;     /* the older protocol had other actions in mind */
    xmpp_time_t time; /* of an older tombstone */
    int is_tombstone;
} moderated_t;

static const xmpp_field_t moderated_fields[] = {
    XMPP_ATTR(moderated_t, by, JID, "by"),
    XMPP_CHILD_ATTR_NS(moderated_t, occupant_id, TEXT, "occupant-id", "id",
                       XMPP_NS_OCCUPANT_ID),
};
static XMPP_PAYLOAD(moderated, moderated_t, "moderated", XMPP_NS_MODERATION,
                    moderated_fields);

static const xmpp_field_t moderated_0_fields[] = {
    XMPP_ATTR(moderated_t, by, JID, "by"),
    XMPP_CHILD_ATTR_NS(moderated_t, occupant_id, TEXT, "occupant-id", "id",
                       XMPP_NS_OCCUPANT_ID),
    XMPP_CHILD(moderated_t, reason, TEXT, "reason"),
    XMPP_FLAG_NS(moderated_t, retracts, "retract", XMPP_NS_RETRACT_0),
    XMPP_FLAG_NS(moderated_t, is_tombstone, "retracted", XMPP_NS_RETRACT_0),
    XMPP_CHILD_ATTR_NS(moderated_t, time, TIME, "retracted", "stamp",
                       XMPP_NS_RETRACT_0),
};
static XMPP_PAYLOAD(moderated_0, moderated_t, "moderated", XMPP_NS_MODERATION_0,
                    moderated_0_fields);

/* What is around it: a retraction, its tombstone, or the older attachment to
 * another message. */
typedef struct {
    size_t size;
    const char *id, *reason;
    xmpp_time_t time;
    const moderated_t *who;
} around_t;

static const xmpp_field_t retract_fields[] = {
    XMPP_ATTR_MUST(around_t, id, TEXT, "id"),
    XMPP_ELEMENT_MUST(around_t, who, &moderated),
    XMPP_CHILD(around_t, reason, TEXT, "reason"),
};
static XMPP_PAYLOAD(retract, around_t, "retract", XMPP_NS_RETRACT,
                    retract_fields);

static const xmpp_field_t retracted_fields[] = {
    XMPP_ATTR(around_t, time, TIME, "stamp"),
    XMPP_ELEMENT_MUST(around_t, who, &moderated),
    XMPP_CHILD(around_t, reason, TEXT, "reason"),
};
static XMPP_PAYLOAD(retracted, around_t, "retracted", XMPP_NS_RETRACT,
                    retracted_fields);

static const xmpp_field_t attached_fields[] = {
    XMPP_ATTR_MUST(around_t, id, TEXT, "id"),
    XMPP_ELEMENT_MUST(around_t, who, &moderated_0),
};
static XMPP_PAYLOAD(attached, around_t, "apply-to", XMPP_NS_FASTEN,
                    attached_fields);

/* ---- what moderators did ----------------------------------------- */

/* Section 6: only the room itself may say so. Its occupants have resources, and
 * somebody else who claims to be a room is none that we are in. What comes out
 * of an archive was checked by the archive: ours, or that of the room. */
static int is_of_room(xmpp_conn_t *conn, const xmpp_inbound_t *in)
{
    const char *type = xmpp_stanza_get_type(in->message);

    return in->from && !in->from->resource_size && !in->is_unverified && type &&
           strcmp(type, "groupchat") == 0 &&
           (in->via == XMPP_VIA_ARCHIVE ||
            xmpp_conn_sender_is(conn, in->from, XMPP_SENDER_ROOM));
}

static int report_moderation(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                             const around_t *around, const char *reason)
{
    xmpp_moderation_t moderation;

    if (!is_of_room(conn, in)) {
        xmpp_conn_log(conn, &xmpp_mod_moderation, XMPP_LEVEL_WARN,
                      "ignored: a moderation that does not come from a room "
                      "that we are in");
        return 0;
    }
    XMPP_INIT(xmpp_moderation, moderation);
    moderation.room = *in->from;
    moderation.id = around->id;
    moderation.by = around->who->by;
    moderation.occupant_id = around->who->occupant_id;
    moderation.reason = reason;
    xmpp_conn_emit(conn, &xmpp_mod_moderation, XMPP_MODERATED, &moderation,
                   NULL);
    return 0;
}

static int on_moderated(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                        void *state)
{
    const around_t *around = in->value;

    (void)state;
    return report_moderation(conn, in, around, around->reason);
}

static int on_moderated_0(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    const around_t *around = in->value;

    (void)state;
    return around->who->retracts
               ? report_moderation(conn, in, around, around->who->reason)
               : 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, XMPP_NS_RETRACT, "retract",
                 &retract, on_moderated),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, XMPP_NS_FASTEN, "apply-to",
                 &attached, on_moderated_0),
    XMPP_EVENT(XMPP_MODERATED, "moderated", &xmpp_moderation),
    XMPP_SPEC("XEP-0425", "0.3.0", "complete"), XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_moderation, "moderation", 0, rows);

/* ---- tombstones (section 5) -------------------------------------- */

const xmpp_moderation_t *xmpp_moderation_get_tombstone(xmpp_stanza_t *message)
{
    const around_t *now = xmpp_payload_find(message, &retracted);
    const moderated_t *older =
        now ? NULL : xmpp_payload_find(message, &moderated_0);
    const moderated_t *who = now ? now->who : older;
    xmpp_moderation_t *ret = NULL;

    if (now || (older && older->is_tombstone))
        ret = xmpp_stanza_alloc(message, sizeof(*ret));
    if (!ret)
        return NULL;
    XMPP_INIT(xmpp_moderation, *ret);
    ret->by = who->by;
    ret->occupant_id = who->occupant_id;
    ret->reason = now ? now->reason : older->reason;
    ret->time = now ? now->time : older->time;
    return ret;
}

/* ---- retracting -------------------------------------------------- */

/* The requests of both protocols, kept by the flow. */
struct retraction {
    xmpp_stanza_t *now, *older;
};

static xmpp_stanza_t *send_now(xmpp_flow_t *flow, void *memory)
{
    const struct retraction *r = memory;

    (void)flow;
    return r->now ? xmpp_stanza_clone(r->now) : NULL;
}

static xmpp_stanza_t *send_older(xmpp_flow_t *flow, void *memory)
{
    const struct retraction *r = memory;

    (void)flow;
    return r->older ? xmpp_stanza_clone(r->older) : NULL;
}

/* What a room answers that does not know the request. */
static int receive_now(xmpp_flow_t *flow, void *memory,
                       const xmpp_result_t *result)
{
    const char *condition = result->condition ? result->condition : "";

    (void)flow;
    (void)memory;
    return strcmp(condition, "feature-not-implemented") == 0 ||
                   strcmp(condition, "service-unavailable") == 0
               ? XMPP_FLOW_NEXT
               : XMPP_FLOW_DONE;
}

static int receive_older(xmpp_flow_t *flow, void *memory,
                         const xmpp_result_t *result)
{
    (void)flow;
    (void)memory;
    (void)result;
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t retracting[] = {
    {"moderate", send_now, receive_now, NULL},
    {"moderate as before", send_older, receive_older, NULL},
};

static xmpp_stanza_t *make_now(xmpp_conn_t *conn, const xmpp_jid_t *room,
                               const char *id, const char *reason)
{
    xmpp_stanza_t *iq = xmpp_muc_make_iq(conn, room, "set");
    xmpp_stanza_t *moderate =
        xmpp_stanza_add_tag(iq, "moderate", XMPP_NS_MODERATION);

    xmpp_stanza_put(moderate, "id", id);
    xmpp_stanza_add_tag(moderate, "retract", XMPP_NS_RETRACT);
    xmpp_stanza_add_text_tag(moderate, "reason", NULL, reason);
    return iq;
}

static xmpp_stanza_t *make_older(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                 const char *id, const char *reason)
{
    xmpp_stanza_t *iq = xmpp_muc_make_iq(conn, room, "set");
    xmpp_stanza_t *to = xmpp_stanza_add_tag(iq, "apply-to", XMPP_NS_FASTEN);
    xmpp_stanza_t *moderate;

    xmpp_stanza_put(to, "id", id);
    moderate = xmpp_stanza_add_tag(to, "moderate", XMPP_NS_MODERATION_0);
    xmpp_stanza_add_tag(moderate, "retract", XMPP_NS_RETRACT_0);
    xmpp_stanza_add_text_tag(moderate, "reason", NULL, reason);
    return iq;
}

int xmpp_moderation_retract(xmpp_conn_t *conn, const xmpp_jid_t *room,
                            const char *id, const char *reason,
                            xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    struct retraction *r;
    xmpp_stanza_t *now, *older;
    xmpp_flow_t *flow;

    if (!id)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a message is retracted by the id that the room "
                              "gave it, which is missing");
    flow = xmpp_flow_new(conn, retracting, 2, sizeof(*r), &memory);
    if (!flow)
        return XMPP_EMEM;
    r = memory;
    now = make_now(conn, room, id, reason);
    older = make_older(conn, room, id, reason);
    r->now = xmpp_flow_keep(flow, now);
    r->older = xmpp_flow_keep(flow, older);
    xmpp_stanza_release(now);
    xmpp_stanza_release(older);
    return xmpp_flow_start(flow, handler, userdata);
}
