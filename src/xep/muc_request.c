/* muc_request.c - requests to the moderators and admins of a room (XEP-0045
 * sections 7.13, 8.6 and 9.9). */

#include <xmpp/xep/muc_request.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

static const char *const roles[] = {"none", "visitor", "participant",
                                    "moderator", NULL};

static const xmpp_field_t request_fields[] = {
    XMPP_ATTR(xmpp_muc_request_t, room, JID, "room"),
    XMPP_ATTR(xmpp_muc_request_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_muc_request_t, nick, TEXT, "nick"),
    XMPP_ATTR_ENUM(xmpp_muc_request_t, role, "role", roles),
    XMPP_ELEMENT(xmpp_muc_request_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_muc_request, xmpp_muc_request_t, "request",
             XMPP_NS_MUC_REQUEST, request_fields);

/* The two kinds of request, by the type of their forms. */
static const struct kind {
    const char *form_type, *jid, *nick, *role, *allow; /* names of fields */
    int event;
} kinds[] = {
    {XMPP_NS_MUC_REQUEST, "muc#jid", "muc#roomnick", "muc#role",
     "muc#request_allow", XMPP_MUC_VOICE_REQUESTED},
    {XMPP_NS_MUC_REGISTER, "muc#jid", "muc#register_roomnick", NULL,
     "muc#register_allow", XMPP_MUC_MEMBERSHIP_REQUESTED},
};

static const struct kind *request_kind(const xmpp_form_t *form)
{
    const char *type = xmpp_form_get_form_type(form);

    for (size_t i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].form_type, type) == 0)
            return &kinds[i];
    return NULL;
}

static int find_role(const char *name)
{
    for (int i = 0; name && roles[i]; i++)
        if (strcmp(roles[i], name) == 0)
            return i + 1;
    return 0;
}

static void read_request(const xmpp_form_t *form, const struct kind *kind,
                         xmpp_muc_request_t *ret)
{
    ret->form = form;
    ret->nick = xmpp_form_get_text(form, kind->nick);
    if (kind->role)
        ret->role = find_role(xmpp_form_get_text(form, kind->role));
}

/* Only the room itself may ask; its occupants have resources. What else they
 * send is not even read. */
static int on_form(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const void *value = NULL;
    const xmpp_form_t *form;
    const struct kind *kind;
    char buffer[XMPP_JID_BUFFER_SIZE];
    const char *jid;
    xmpp_muc_request_t request;

    (void)state;
    if (in->from->resource_size ||
        xmpp_payload_read(in->element, &xmpp_form, &value))
        return 0;
    form = value;
    kind = request_kind(form);
    if (!kind || form->type != XMPP_FORM_FORM)
        return 0;
    jid = xmpp_form_get_text(form, kind->jid);
    XMPP_INIT(xmpp_muc_request, request);
    request.room = *in->from;
    read_request(form, kind, &request);
    if (jid)
        xmpp_jid_parse(jid, strlen(jid), XMPP_JID_LENIENT, buffer, &request.jid,
                       NULL);
    xmpp_conn_emit(conn, &xmpp_mod_muc_request, kind->event, &request, NULL);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ROOM, XMPP_LIVE, XMPP_NS_FORM, "x", NULL, on_form),
    XMPP_EVENT(XMPP_MUC_VOICE_REQUESTED, "voice_requested", &xmpp_muc_request),
    XMPP_EVENT(XMPP_MUC_MEMBERSHIP_REQUESTED, "membership_requested",
               &xmpp_muc_request),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"), XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_muc_request, "muc_request", 0, rows);

/* ---- what is sent ------------------------------------------------ */

static int send_form(xmpp_conn_t *conn, const xmpp_jid_t *room,
                     const xmpp_form_t *form)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *id = xmpp_random_id(ctx);
    xmpp_stanza_t *message =
        id && form ? xmpp_message_new(ctx, NULL, NULL, id) : NULL;
    xmpp_jid_t bare;

    xmpp_jid_cut(room, XMPP_JID_BARE, &bare);
    xmpp_stanza_set_jid(message, "to", &bare);
    xmpp_payload_add(message, &xmpp_form, form);
    xmpp_free(ctx, id);
    return xmpp_send_take(conn, message);
}

static int refuse_request(xmpp_conn_t *conn, const char *what)
{
    return xmpp_conn_fail(conn, &xmpp_mod_muc_request, XMPP_EARG, "%s", what);
}

int xmpp_muc_answer_request(xmpp_conn_t *conn,
                            const xmpp_muc_request_t *request, int allow)
{
    const xmpp_form_t *form = request ? request->form : NULL;
    const struct kind *kind = form ? request_kind(form) : NULL;
    xmpp_stanza_t *answer;
    int rc;

    if (!request || !request->room.domain_size)
        return refuse_request(conn, "a request is answered to its room, which "
                                    "is missing");
    if (!kind || !xmpp_form_get(form, kind->allow))
        return refuse_request(conn, "the request has no form in which it can "
                                    "be granted: keep the form of the event");
    answer = xmpp_form_answer(conn, form);
    xmpp_form_set_bool(answer, kind->allow, allow);
    rc = send_form(conn, &request->room, xmpp_form_read(answer));
    xmpp_stanza_release(answer);
    return rc;
}

int xmpp_muc_request_voice(xmpp_conn_t *conn, const xmpp_jid_t *room)
{
    xmpp_stanza_t *form;
    int rc;

    if (!room || !room->domain_size)
        return refuse_request(conn, "voice is requested from a room, which is "
                                    "missing");
    form = xmpp_form_new(conn, XMPP_FORM_SUBMIT, NULL);
    xmpp_form_set_form_type(form, XMPP_NS_MUC_REQUEST);
    xmpp_form_set(form, "muc#role", "participant");
    rc = send_form(conn, room, xmpp_form_read(form));
    xmpp_stanza_release(form);
    return rc;
}
