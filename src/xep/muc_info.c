/* muc_info.c - where rooms are, and what they are (XEP-0045 section 6). */

#include <xmpp/xep/muc_info.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* No `to` at all would mean our own account; an empty one is refused. */
xmpp_stanza_t *xmpp_muc_make_iq(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                const char *type)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, type, NULL);
    xmpp_jid_t bare;

    xmpp_jid_cut(room, XMPP_JID_BARE, &bare);
    if (bare.domain_size)
        xmpp_stanza_set_jid(iq, "to", &bare);
    else
        xmpp_stanza_put(iq, "to", "");
    return iq;
}

xmpp_stanza_t *xmpp_muc_make_query(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                   const char *type, const char *ns)
{
    xmpp_stanza_t *iq = xmpp_muc_make_iq(conn, room, type);

    xmpp_stanza_add_tag(iq, "query", ns);
    return iq;
}

/* ---- one room ---------------------------------------------------- */

static const xmpp_field_t info_fields[] = {
    XMPP_ATTR(xmpp_muc_info_t, name, TEXT, "name"),
    XMPP_ATTR(xmpp_muc_info_t, description, TEXT, "description"),
    XMPP_ATTR(xmpp_muc_info_t, subject, TEXT, "subject"),
    XMPP_ATTR(xmpp_muc_info_t, lang, TEXT, "lang"),
    XMPP_ATTR(xmpp_muc_info_t, logs, TEXT, "logs"),
    XMPP_CHILDREN(xmpp_muc_info_t, contacts, contact_count, "contact"),
    XMPP_ATTR(xmpp_muc_info_t, occupants, NUMBER, "occupants"),
    XMPP_ATTR(xmpp_muc_info_t, max_history, NUMBER, "max_history"),
    XMPP_ATTR(xmpp_muc_info_t, is_persistent, BOOL, "persistent"),
    XMPP_ATTR(xmpp_muc_info_t, is_temporary, BOOL, "temporary"),
    XMPP_ATTR(xmpp_muc_info_t, is_members_only, BOOL, "members_only"),
    XMPP_ATTR(xmpp_muc_info_t, is_open, BOOL, "open"),
    XMPP_ATTR(xmpp_muc_info_t, is_moderated, BOOL, "moderated"),
    XMPP_ATTR(xmpp_muc_info_t, is_unmoderated, BOOL, "unmoderated"),
    XMPP_ATTR(xmpp_muc_info_t, is_nonanonymous, BOOL, "nonanonymous"),
    XMPP_ATTR(xmpp_muc_info_t, is_semianonymous, BOOL, "semianonymous"),
    XMPP_ATTR(xmpp_muc_info_t, is_password_protected, BOOL,
              "password_protected"),
    XMPP_ATTR(xmpp_muc_info_t, is_unsecured, BOOL, "unsecured"),
    XMPP_ATTR(xmpp_muc_info_t, is_hidden, BOOL, "hidden"),
    XMPP_ATTR(xmpp_muc_info_t, is_public, BOOL, "public"),
    XMPP_ATTR(xmpp_muc_info_t, can_change_subject, BOOL, "change_subject"),
    XMPP_ATTR(xmpp_muc_info_t, has_stable_ids, BOOL, "stable_ids"),
    XMPP_ATTR(xmpp_muc_info_t, has_archive, BOOL, "archive"),
    XMPP_ATTR(xmpp_muc_info_t, has_occupant_ids, BOOL, "occupant_ids"),
    XMPP_ATTR(xmpp_muc_info_t, has_moderation, BOOL, "moderation"),
    XMPP_ATTR(xmpp_muc_info_t, has_self_ping, BOOL, "self_ping"),
    XMPP_ATTR(xmpp_muc_info_t, has_registration, BOOL, "registration"),
    XMPP_ATTR(xmpp_muc_info_t, has_hats, BOOL, "hats"),
    XMPP_ATTR(xmpp_muc_info_t, has_voice_requests, BOOL, "voice_requests"),
};
XMPP_PAYLOAD(xmpp_muc_info, xmpp_muc_info_t, "info", XMPP_NS_MUC_ROOMINFO,
             info_fields);

/* Section 15.3, and what later specifications added. */
#define AT(member) offsetof(xmpp_muc_info_t, member)
static const struct {
    const char *feature;
    size_t offset; /* of an int */
} known[] = {
    {"muc_persistent", AT(is_persistent)},
    {"muc_temporary", AT(is_temporary)},
    {"muc_membersonly", AT(is_members_only)},
    {"muc_open", AT(is_open)},
    {"muc_moderated", AT(is_moderated)},
    {"muc_unmoderated", AT(is_unmoderated)},
    {"muc_nonanonymous", AT(is_nonanonymous)},
    {"muc_semianonymous", AT(is_semianonymous)},
    {"muc_passwordprotected", AT(is_password_protected)},
    {"muc_unsecured", AT(is_unsecured)},
    {"muc_hidden", AT(is_hidden)},
    {"muc_public", AT(is_public)},
    {XMPP_NS_MUC_STABLE_ID, AT(has_stable_ids)},
    {XMPP_NS_MAM, AT(has_archive)},
    {XMPP_NS_OCCUPANT_ID, AT(has_occupant_ids)},
    {XMPP_NS_MODERATION, AT(has_moderation)},
    {XMPP_NS_MODERATION_0, AT(has_moderation)},
    {XMPP_NS_MUC_SELF_PING, AT(has_self_ping)},
    {XMPP_NS_MUC_REGISTER, AT(has_registration)},
    {XMPP_NS_HATS, AT(has_hats)},
    {XMPP_NS_MUC_REQUEST, AT(has_voice_requests)},
};

static void read_features(const xmpp_disco_info_t *info, xmpp_muc_info_t *ret)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (xmpp_disco_has_feature(info, known[i].feature))
            *(int *)((char *)ret + known[i].offset) = 1;
}

static const char *room_name(const xmpp_disco_info_t *info)
{
    for (size_t i = 0; i < info->identity_count; i++)
        if (strcmp(info->identities[i]->category, "conference") == 0)
            return info->identities[i]->name;
    return NULL;
}

static void read_roominfo(const xmpp_form_t *form, xmpp_muc_info_t *ret)
{
    const xmpp_form_field_t *contacts =
        xmpp_form_get(form, "muc#roominfo_contactjid");

    ret->description = xmpp_form_get_text(form, "muc#roominfo_description");
    ret->subject = xmpp_form_get_text(form, "muc#roominfo_subject");
    ret->lang = xmpp_form_get_text(form, "muc#roominfo_lang");
    ret->logs = xmpp_form_get_text(form, "muc#roominfo_logs");
    ret->occupants = xmpp_form_get_number(form, "muc#roominfo_occupants");
    ret->max_history = xmpp_form_get_number(form, "muc#maxhistoryfetch");
    ret->can_change_subject =
        xmpp_form_get_bool(form, "muc#roominfo_subjectmod", 0) ||
        xmpp_form_get_bool(form, "muc#roomconfig_changesubject", 0);
    if (contacts) {
        ret->contacts = contacts->values;
        ret->contact_count = contacts->value_count;
    }
}

/* A one-step flow, so that its value is another than that of the answer. */
struct one_room {
    xmpp_stanza_t *iq; /* kept by the flow */
};

static xmpp_stanza_t *send_room(xmpp_flow_t *flow, void *memory)
{
    const struct one_room *one = memory;

    (void)flow;
    return one->iq ? xmpp_stanza_clone(one->iq) : NULL;
}

static int is_rooms(const xmpp_disco_info_t *info)
{
    return xmpp_disco_has_identity(info, "conference", NULL) &&
           xmpp_disco_has_feature(info, XMPP_NS_MUC);
}

static int receive_room(xmpp_flow_t *flow, void *memory,
                        const xmpp_result_t *result)
{
    const xmpp_disco_info_t *info = result->value;
    xmpp_muc_info_t room;

    (void)memory;
    if (result->status != 0 || !is_rooms(info))
        return XMPP_FLOW_FAIL;
    XMPP_INIT(xmpp_muc_info, room);
    room.name = room_name(info);
    read_features(info, &room);
    read_roominfo(xmpp_disco_get_form(info, XMPP_NS_MUC_ROOMINFO), &room);
    xmpp_flow_set_value(flow, &xmpp_muc_info, &room);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t reading_room[] = {
    {"info", send_room, receive_room, &xmpp_disco_info},
};

int xmpp_muc_get_info(xmpp_conn_t *conn, const xmpp_jid_t *room,
                      xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    struct one_room *one;
    xmpp_stanza_t *iq;
    xmpp_flow_t *flow =
        xmpp_flow_new(conn, reading_room, 1, sizeof(*one), &memory);

    if (!flow)
        return XMPP_EMEM;
    one = memory;
    iq = xmpp_muc_make_query(conn, room, "get", XMPP_NS_DISCO_INFO);
    one->iq = xmpp_flow_keep(flow, iq);
    xmpp_stanza_release(iq);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- the services of a server ------------------------------------ */

#define SERVICES_MOST 20

struct services {
    xmpp_stanza_t *iq;               /* the first request; the flow's */
    const xmpp_disco_items_t *items; /* the answer to it; the flow's */
    size_t at;                       /* which of them is queried */
    const xmpp_disco_item_t *found[SERVICES_MOST];
    size_t count;
};

enum { STEP_ITEMS, STEP_EACH };

/* The next one to be queried, or the end. */
static int go_on(xmpp_flow_t *flow, struct services *s)
{
    xmpp_disco_items_t found;

    if (s->items && s->at < s->items->item_count && s->at < SERVICES_MOST)
        return STEP_EACH;
    XMPP_INIT(xmpp_disco_items, found);
    found.items = s->found;
    found.item_count = s->count;
    xmpp_flow_set_value(flow, &xmpp_disco_items, &found);
    return XMPP_FLOW_OK;
}

static xmpp_stanza_t *send_services(xmpp_flow_t *flow, void *memory)
{
    const struct services *s = memory;

    (void)flow;
    return s->iq ? xmpp_stanza_clone(s->iq) : NULL;
}

static int receive_services(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    struct services *s = memory;

    if (result->status != 0)
        return XMPP_FLOW_FAIL;
    s->items = xmpp_flow_keep_value(flow, &xmpp_disco_items, result->value);
    return go_on(flow, s);
}

static xmpp_stanza_t *send_service(xmpp_flow_t *flow, void *memory)
{
    const struct services *s = memory;

    return xmpp_muc_make_query(xmpp_flow_get_conn(flow),
                               &s->items->items[s->at]->jid, "get",
                               XMPP_NS_DISCO_INFO);
}

/* An error means that this one is of no use. */
static int receive_service(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    struct services *s = memory;

    if (result->status == XMPP_EMEM)
        return XMPP_FLOW_FAIL;
    if (result->status == 0 && is_rooms(result->value))
        s->found[s->count++] = s->items->items[s->at];
    s->at++;
    return go_on(flow, s);
}

static const xmpp_step_t reading_services[] = {
    {"items", send_services, receive_services, &xmpp_disco_items},
    {"info", send_service, receive_service, &xmpp_disco_info},
};

/* The domain of our own account. */
static int find_server(xmpp_conn_t *conn, char *buffer, xmpp_jid_t *ret)
{
    const char *own = xmpp_conn_get_bound_jid(conn);
    int rc = own ? xmpp_jid_parse(own, strlen(own), XMPP_JID_LENIENT, buffer,
                                  ret, NULL)
                 : XMPP_ENOTCONN;

    if (rc == 0)
        xmpp_jid_cut(ret, XMPP_JID_DOMAIN, ret);
    return rc;
}

int xmpp_muc_get_services(xmpp_conn_t *conn, const xmpp_jid_t *server,
                          xmpp_result_handler handler, void *userdata)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t own;
    void *memory = NULL;
    struct services *s;
    xmpp_stanza_t *iq;
    xmpp_flow_t *flow;
    int rc = server ? 0 : find_server(conn, buffer, &own);

    if (rc)
        return rc;
    flow = xmpp_flow_new(conn, reading_services, 2, sizeof(*s), &memory);
    if (!flow)
        return XMPP_EMEM;
    s = memory;
    iq = xmpp_muc_make_query(conn, server ? server : &own, "get",
                             XMPP_NS_DISCO_ITEMS);
    s->iq = xmpp_flow_keep(flow, iq);
    xmpp_stanza_release(iq);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- lists ------------------------------------------------------- */

static int get_page(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                    const xmpp_rsm_t *page, xmpp_result_handler handler,
                    void *userdata)
{
    xmpp_stanza_t *iq =
        xmpp_muc_make_query(conn, jid, "get", XMPP_NS_DISCO_ITEMS);

    xmpp_payload_add(xmpp_stanza_get_children(iq), &xmpp_rsm, page);
    return xmpp_request(conn, iq, &xmpp_disco_items, handler, userdata);
}

int xmpp_muc_get_rooms(xmpp_conn_t *conn, const xmpp_jid_t *service,
                       const xmpp_rsm_t *page, xmpp_result_handler handler,
                       void *userdata)
{
    return get_page(conn, service, page, handler, userdata);
}

int xmpp_muc_get_occupants(xmpp_conn_t *conn, const xmpp_jid_t *room,
                           const xmpp_rsm_t *page, xmpp_result_handler handler,
                           void *userdata)
{
    return get_page(conn, room, page, handler, userdata);
}

char *xmpp_muc_new_address(xmpp_conn_t *conn, const xmpp_jid_t *service)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *domain = xmpp_jid_text(ctx, service, XMPP_JID_DOMAIN);
    char *local = domain ? xmpp_random_id(ctx) : NULL;
    char *address = local ? xmpp_jid_new(ctx, local, domain, NULL) : NULL;

    xmpp_free(ctx, local);
    xmpp_free(ctx, domain);
    return address;
}
