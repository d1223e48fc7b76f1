/* vcard4.c - vCards in the format of RFC 6351 (XEP-0292). */

#include <xmpp/xep/vcard4.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pep.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t types_fields[] = {
    XMPP_CHILDREN(xmpp_vcard4_types_t, types, type_count, "text"),
};
static XMPP_PAYLOAD(vcard4_types, xmpp_vcard4_types_t, "type", XMPP_NS_VCARD4,
                    types_fields);

static const xmpp_field_t preference_fields[] = {
    XMPP_CHILD(xmpp_vcard4_preference_t, rank, NUMBER, "integer"),
};
static XMPP_PAYLOAD(vcard4_preference, xmpp_vcard4_preference_t, "pref",
                    XMPP_NS_VCARD4, preference_fields);

static const xmpp_field_t parameters_fields[] = {
    XMPP_ELEMENT(xmpp_vcard4_parameters_t, type, &vcard4_types),
    XMPP_ELEMENT(xmpp_vcard4_parameters_t, preference, &vcard4_preference),
};
static XMPP_PAYLOAD(vcard4_parameters, xmpp_vcard4_parameters_t, "parameters",
                    XMPP_NS_VCARD4, parameters_fields);

static const xmpp_field_t property_fields[] = {
    XMPP_ELEMENT(xmpp_vcard4_property_t, parameters, &vcard4_parameters),
    XMPP_CHILD(xmpp_vcard4_property_t, text, TEXT, "text"),
    XMPP_CHILD(xmpp_vcard4_property_t, uri, TEXT, "uri"),
    XMPP_CHILD(xmpp_vcard4_property_t, date, TEXT, "date"),
};

/* All properties have the same form, and each has its own name. */
#define PROPERTY(variable, name)                                               \
    static XMPP_PAYLOAD(variable, xmpp_vcard4_property_t, name,                \
                        XMPP_NS_VCARD4, property_fields)
PROPERTY(vcard4_fn, "fn");
PROPERTY(vcard4_bday, "bday");
PROPERTY(vcard4_photo, "photo");
PROPERTY(vcard4_title, "title");
PROPERTY(vcard4_role, "role");
PROPERTY(vcard4_org, "org");
PROPERTY(vcard4_geo, "geo");
PROPERTY(vcard4_note, "note");
PROPERTY(vcard4_nickname, "nickname");
PROPERTY(vcard4_url, "url");
PROPERTY(vcard4_tel, "tel");
PROPERTY(vcard4_email, "email");
PROPERTY(vcard4_impp, "impp");

static const xmpp_field_t name_fields[] = {
    XMPP_CHILD(xmpp_vcard4_name_t, surname, TEXT, "surname"),
    XMPP_CHILD(xmpp_vcard4_name_t, given, TEXT, "given"),
    XMPP_CHILD(xmpp_vcard4_name_t, additional, TEXT, "additional"),
    XMPP_CHILD(xmpp_vcard4_name_t, prefix, TEXT, "prefix"),
    XMPP_CHILD(xmpp_vcard4_name_t, suffix, TEXT, "suffix"),
};
XMPP_PAYLOAD(xmpp_vcard4_name, xmpp_vcard4_name_t, "n", XMPP_NS_VCARD4,
             name_fields);

static const xmpp_field_t address_fields[] = {
    XMPP_ELEMENT(xmpp_vcard4_address_t, parameters, &vcard4_parameters),
    XMPP_CHILD(xmpp_vcard4_address_t, box, TEXT, "pobox"),
    XMPP_CHILD(xmpp_vcard4_address_t, extension, TEXT, "ext"),
    XMPP_CHILD(xmpp_vcard4_address_t, street, TEXT, "street"),
    XMPP_CHILD(xmpp_vcard4_address_t, locality, TEXT, "locality"),
    XMPP_CHILD(xmpp_vcard4_address_t, region, TEXT, "region"),
    XMPP_CHILD(xmpp_vcard4_address_t, code, TEXT, "code"),
    XMPP_CHILD(xmpp_vcard4_address_t, country, TEXT, "country"),
};
XMPP_PAYLOAD(xmpp_vcard4_address, xmpp_vcard4_address_t, "adr", XMPP_NS_VCARD4,
             address_fields);

static const xmpp_field_t vcard_fields[] = {
    XMPP_ELEMENT(xmpp_vcard4_t, full_name, &vcard4_fn),
    XMPP_ELEMENT(xmpp_vcard4_t, name, &xmpp_vcard4_name),
    XMPP_ELEMENT(xmpp_vcard4_t, birthday, &vcard4_bday),
    XMPP_ELEMENT(xmpp_vcard4_t, photo, &vcard4_photo),
    XMPP_ELEMENT(xmpp_vcard4_t, title, &vcard4_title),
    XMPP_ELEMENT(xmpp_vcard4_t, role, &vcard4_role),
    XMPP_ELEMENT(xmpp_vcard4_t, organization, &vcard4_org),
    XMPP_ELEMENT(xmpp_vcard4_t, place, &vcard4_geo),
    XMPP_ELEMENT(xmpp_vcard4_t, note, &vcard4_note),
    XMPP_ELEMENTS(xmpp_vcard4_t, nicknames, nickname_count, &vcard4_nickname),
    XMPP_ELEMENTS(xmpp_vcard4_t, urls, url_count, &vcard4_url),
    XMPP_ELEMENTS(xmpp_vcard4_t, telephones, telephone_count, &vcard4_tel),
    XMPP_ELEMENTS(xmpp_vcard4_t, emails, email_count, &vcard4_email),
    XMPP_ELEMENTS(xmpp_vcard4_t, messengers, messenger_count, &vcard4_impp),
    XMPP_ELEMENTS(xmpp_vcard4_t, addresses, address_count,
                  &xmpp_vcard4_address),
    XMPP_SELF(xmpp_vcard4_t, element),
};
XMPP_PAYLOAD(xmpp_vcard4, xmpp_vcard4_t, "vcard", XMPP_NS_VCARD4, vcard_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_vcard4_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_vcard4_change_t, vcard, &xmpp_vcard4),
};
XMPP_PAYLOAD(xmpp_vcard4_change, xmpp_vcard4_change_t, "change", XMPP_NS_VCARD4,
             change_fields);

/* ---- events ------------------------------------------------------ */

/* Mostly without the vCard itself (section 4.2.2), so the row has no payload.
 */
static int on_vcard4_item(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    xmpp_vcard4_change_t change;
    const void *vcard = NULL;

    (void)state;
    XMPP_INIT(xmpp_vcard4_change, change);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    if (in->element &&
        xmpp_payload_read(in->element, &xmpp_vcard4, &vcard) == 0)
        change.vcard = vcard;
    xmpp_conn_emit(conn, &xmpp_mod_vcard4, XMPP_VCARD4_CHANGED, &change, NULL);
    return 0;
}

/* ---- requests ---------------------------------------------------- */

/* Kept by the flow. */
struct reading {
    const char *of;
    const char *contact; /* what we know of it; NULL: our vCard, or another's */
};

static xmpp_stanza_t *send_vcard4_query(xmpp_flow_t *flow, void *memory)
{
    const struct reading *r = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", r->of);
    xmpp_stanza_t *items = xmpp_stanza_add_tag(
        xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB), "items", NULL);

    xmpp_stanza_put(items, "node",
                    r->contact ? XMPP_NS_VCARD4_CONTACTS : XMPP_NS_VCARD4_NODE);
    if (r->contact)
        xmpp_stanza_put(xmpp_stanza_add_tag(items, "item", NULL), "id",
                        r->contact);
    else
        xmpp_stanza_put(items, "max_items", "1");
    return iq;
}

static int receive_vcard4(xmpp_flow_t *flow, void *memory,
                          const xmpp_result_t *result)
{
    const xmpp_pubsub_t *pubsub =
        xmpp_payload_find(result->stanza, &xmpp_pubsub);
    const xmpp_vcard4_t *vcard = NULL;

    (void)memory;
    if (result->status == 0 && pubsub && pubsub->items &&
        pubsub->items->item_count)
        vcard =
            xmpp_payload_find(pubsub->items->items[0]->element, &xmpp_vcard4);
    if (!vcard)
        return XMPP_FLOW_FAIL;
    xmpp_flow_set_value(flow, &xmpp_vcard4, vcard);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t reading_steps[] = {
    {"items", send_vcard4_query, receive_vcard4, NULL}};

static int read_vcard4(xmpp_conn_t *conn, const char *of, const char *contact,
                       xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow =
        xmpp_flow_new(conn, reading_steps, 1, sizeof(struct reading), &memory);
    struct reading *r = memory;

    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    r->of = xmpp_flow_keep_text(flow, of);
    r->contact = xmpp_flow_keep_text(flow, contact);
    return xmpp_flow_start(flow, handler, userdata);
}

int xmpp_vcard4_get(xmpp_conn_t *conn, const char *of,
                    xmpp_result_handler handler, void *userdata)
{
    return read_vcard4(conn, of, NULL, handler, userdata);
}

int xmpp_vcard4_query(xmpp_conn_t *conn, const char *of,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", of);

    xmpp_stanza_add_tag(iq, "vcard", XMPP_NS_VCARD4);
    return xmpp_request(conn, iq, &xmpp_vcard4, handler, userdata);
}

/* XEP-0222: readable for everybody, and kept. */
int xmpp_vcard4_publish(xmpp_conn_t *conn, const xmpp_vcard4_t *vcard,
                        xmpp_result_handler handler, void *userdata)
{
    xmpp_pubsub_config_t config;

    if (!vcard)
        return xmpp_conn_fail(conn, &xmpp_mod_vcard4, XMPP_EARG,
                              "there is no vCard: pass one, perhaps an empty "
                              "one");
    XMPP_INIT(xmpp_pubsub_config, config);
    config.persist_items = "true";
    config.access_model = "open";
    return xmpp_pep_publish(conn, XMPP_NS_VCARD4_NODE, "current", &xmpp_vcard4,
                            vcard, &config, handler, userdata);
}

/* ---- what we know of contacts ------------------------------------ */

/* The id of its item, into a buffer of XMPP_JID_BUFFER_SIZE. 0; XMPP_EARG. */
static int write_contact_id(xmpp_conn_t *conn, const xmpp_jid_t *contact,
                            char *id)
{
    size_t n;
    const char *bare = xmpp_jid_view(contact, XMPP_JID_BARE, &n);

    if (!bare)
        return xmpp_conn_fail(conn, &xmpp_mod_vcard4, XMPP_EARG,
                              "the address of the contact is missing");
    memcpy(id, bare, n);
    id[n] = '\0';
    return 0;
}

/* XEP-0223: readable for nobody else, and kept. */
int xmpp_vcard4_put_contact(xmpp_conn_t *conn, const xmpp_jid_t *contact,
                            const xmpp_vcard4_t *vcard,
                            xmpp_result_handler handler, void *userdata)
{
    char id[XMPP_JID_BUFFER_SIZE];
    xmpp_pubsub_config_t config;
    int rc = write_contact_id(conn, contact, id);

    if (rc)
        return rc;
    if (!vcard)
        return xmpp_conn_fail(conn, &xmpp_mod_vcard4, XMPP_EARG,
                              "there is no vCard: remove it, or pass one");
    XMPP_INIT(xmpp_pubsub_config, config);
    config.persist_items = "true";
    config.access_model = "whitelist";
    return xmpp_pep_publish(conn, XMPP_NS_VCARD4_CONTACTS, id, &xmpp_vcard4,
                            vcard, &config, handler, userdata);
}

int xmpp_vcard4_remove_contact(xmpp_conn_t *conn, const xmpp_jid_t *contact,
                               xmpp_result_handler handler, void *userdata)
{
    char id[XMPP_JID_BUFFER_SIZE];
    int rc = write_contact_id(conn, contact, id);

    return rc ? rc
              : xmpp_pubsub_retract(conn, NULL, XMPP_NS_VCARD4_CONTACTS, id, 1,
                                    handler, userdata);
}

int xmpp_vcard4_get_contact(xmpp_conn_t *conn, const xmpp_jid_t *contact,
                            xmpp_result_handler handler, void *userdata)
{
    char id[XMPP_JID_BUFFER_SIZE];
    int rc = write_contact_id(conn, contact, id);

    return rc ? rc : read_vcard4(conn, NULL, id, handler, userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_VCARD4_NODE, NULL,
              on_vcard4_item),
    XMPP_EVENT(XMPP_VCARD4_CHANGED, "changed", &xmpp_vcard4_change),
    XMPP_SPEC("XEP-0292", "0.12.0", "partial"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_vcard4, "vcard4", 0, rows);
