/* addresses.c - one stanza to many (XEP-0033). */

#include <xmpp/xep/addresses.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/service.h>

/* ---- payloads ---------------------------------------------------- */

/* The enum is the place in these, from 1. */
static const char *const types[] = {"bcc",       "cc",      "noreply", "ofrom",
                                    "replyroom", "replyto", "to",      NULL};

static const xmpp_field_t address_fields[] = {
    XMPP_ATTR_ENUM_MUST(xmpp_address_t, type, "type", types),
    XMPP_ATTR(xmpp_address_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_address_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_address_t, uri, TEXT, "uri"),
    XMPP_ATTR(xmpp_address_t, desc, TEXT, "desc"),
    XMPP_ATTR(xmpp_address_t, delivered, BOOL, "delivered"),
};
XMPP_PAYLOAD(xmpp_address, xmpp_address_t, "address", XMPP_NS_ADDRESS,
             address_fields);

static const xmpp_field_t addresses_fields[] = {
    XMPP_ELEMENTS(xmpp_addresses_t, list, count, &xmpp_address),
};
XMPP_PAYLOAD(xmpp_addresses, xmpp_addresses_t, "addresses", XMPP_NS_ADDRESS,
             addresses_fields);

int xmpp_addresses_find(xmpp_conn_t *conn, xmpp_result_handler handler,
                        void *userdata)
{
    return xmpp_service_find(conn, XMPP_NS_ADDRESS, handler, userdata);
}

/* ---- sending ----------------------------------------------------- */

static int is_recipient(const xmpp_address_t *address)
{
    return (address->type == XMPP_ADDRESS_TO ||
            address->type == XMPP_ADDRESS_CC ||
            address->type == XMPP_ADDRESS_BCC) &&
           !address->delivered;
}

/* What is wrong with the call, or NULL. */
static const char *wrong_sending(const xmpp_addresses_t *to,
                                 xmpp_stanza_t *stanza)
{
    const char *name = xmpp_stanza_get_name(stanza);
    int n = 0;

    if (name && strcmp(name, "message") != 0 && strcmp(name, "presence") != 0)
        return "only messages and presence are sent to many";
    for (size_t i = 0; to && i < to->count; i++)
        n += is_recipient(to->list[i]);
    return n ? NULL : "there is nobody to get it";
}

static void put_jid(xmpp_stanza_t *element, const char *name,
                    const xmpp_jid_t *jid)
{
    if (jid->domain_size)
        xmpp_stanza_set_jid(element, name, jid);
}

/* As one recipient sees the list: everybody has it, and of those that are
 * hidden it is the only one (section 5.6). */
static void add_list(xmpp_stanza_t *stanza, const xmpp_addresses_t *to,
                     const xmpp_address_t *recipient)
{
    xmpp_stanza_t *list =
        xmpp_stanza_add_tag(stanza, "addresses", XMPP_NS_ADDRESS);

    for (size_t i = 0; i < to->count; i++) {
        const xmpp_address_t *address = to->list[i];
        xmpp_stanza_t *element;

        if (address->type == XMPP_ADDRESS_BCC && address != recipient)
            continue;
        element = xmpp_payload_add(list, &xmpp_address, address);
        if (is_recipient(address))
            xmpp_stanza_put(element, "delivered", "true");
    }
}

static int send_copies(xmpp_conn_t *conn, const xmpp_addresses_t *to,
                       xmpp_stanza_t *stanza)
{
    int rc = 0;

    xmpp_conn_hold(conn); /* what is called for a stanza may release it */
    for (size_t i = 0; i < to->count && rc == 0; i++) {
        const xmpp_address_t *address = to->list[i];
        xmpp_stanza_t *copy;

        if (!is_recipient(address) || !address->jid.domain_size)
            continue;
        copy = xmpp_stanza_copy(stanza);
        put_jid(copy, "to", &address->jid);
        add_list(copy, to, address);
        rc = xmpp_send_take(conn, copy);
    }
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_addresses_send(xmpp_conn_t *conn, const xmpp_addresses_t *to,
                        xmpp_stanza_t *stanza)
{
    const xmpp_service_t *service = xmpp_service_get(conn, XMPP_NS_ADDRESS);
    const char *wrong = wrong_sending(to, stanza);
    int rc;

    if (wrong) {
        rc = xmpp_conn_fail(conn, &xmpp_mod_addresses, XMPP_EARG, "%s", wrong);
    } else if (service) {
        put_jid(stanza, "to", &service->jid);
        xmpp_payload_add(stanza, &xmpp_addresses, to);
        return xmpp_send_take(conn, stanza);
    } else {
        rc = xmpp_stanza_get_status(stanza);
        if (rc == 0)
            rc = send_copies(conn, to, stanza);
    }
    xmpp_stanza_release(stanza);
    return rc;
}

static const xmpp_row_t rows[] = {XMPP_NEEDS(&xmpp_mod_service),
                                  XMPP_SPEC("XEP-0033", "1.2.1", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_addresses, "addresses", 0, rows);
