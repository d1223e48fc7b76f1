/* disco_query.c - XEP-0030: what others are, can do, and have. */

#include <xmpp/xep/disco_query.h>

#include <string.h>

#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t identity_fields[] = {
    XMPP_ATTR_MUST(xmpp_disco_identity_t, category, TEXT, "category"),
    XMPP_ATTR_MUST(xmpp_disco_identity_t, type, TEXT, "type"),
    XMPP_ATTR(xmpp_disco_identity_t, name, TEXT, "name"),
    XMPP_ATTR(xmpp_disco_identity_t, lang, TEXT, "xml:lang"),
};
XMPP_PAYLOAD(xmpp_disco_identity, xmpp_disco_identity_t, "identity",
             XMPP_NS_DISCO_INFO, identity_fields);

static const xmpp_field_t info_fields[] = {
    XMPP_ATTR(xmpp_disco_info_t, node, TEXT, "node"),
    XMPP_ELEMENTS(xmpp_disco_info_t, identities, identity_count,
                  &xmpp_disco_identity),
    XMPP_CHILDREN_ATTR(xmpp_disco_info_t, features, feature_count, TEXT,
                       "feature", "var"),
    XMPP_ELEMENTS(xmpp_disco_info_t, forms, form_count, &xmpp_form),
    XMPP_SELF(xmpp_disco_info_t, element),
};
XMPP_PAYLOAD(xmpp_disco_info, xmpp_disco_info_t, "query", XMPP_NS_DISCO_INFO,
             info_fields);

static const xmpp_field_t item_fields[] = {
    XMPP_ATTR_MUST(xmpp_disco_item_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_disco_item_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_disco_item_t, name, TEXT, "name"),
};
XMPP_PAYLOAD(xmpp_disco_item, xmpp_disco_item_t, "item", XMPP_NS_DISCO_ITEMS,
             item_fields);

static const xmpp_field_t items_fields[] = {
    XMPP_ATTR(xmpp_disco_items_t, node, TEXT, "node"),
    XMPP_ELEMENTS(xmpp_disco_items_t, items, item_count, &xmpp_disco_item),
    XMPP_ELEMENT(xmpp_disco_items_t, set, &xmpp_rsm),
};
XMPP_PAYLOAD(xmpp_disco_items, xmpp_disco_items_t, "query", XMPP_NS_DISCO_ITEMS,
             items_fields);

/* ---- querying ---------------------------------------------------- */

static int disco_get(xmpp_conn_t *conn, const char *to, const char *node,
                     const xmpp_rsm_t *page, const xmpp_payload_t *payload,
                     xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);
    xmpp_stanza_t *query = xmpp_stanza_add_tag(iq, payload->name, payload->ns);

    xmpp_stanza_put(query, "node", node);
    xmpp_payload_add(query, &xmpp_rsm, page);
    return xmpp_request(conn, iq, payload, handler, userdata);
}

int xmpp_disco_get_info(xmpp_conn_t *conn, const char *to, const char *node,
                        xmpp_result_handler handler, void *userdata)
{
    return disco_get(conn, to, node, NULL, &xmpp_disco_info, handler, userdata);
}

int xmpp_disco_get_items(xmpp_conn_t *conn, const char *to, const char *node,
                         const xmpp_rsm_t *page, xmpp_result_handler handler,
                         void *userdata)
{
    return disco_get(conn, to, node, page, &xmpp_disco_items, handler,
                     userdata);
}

/* ---- looking into an answer -------------------------------------- */

int xmpp_disco_has_feature(const xmpp_disco_info_t *info, const char *feature)
{
    for (size_t i = 0; info && feature && i < info->feature_count; i++)
        if (strcmp(info->features[i], feature) == 0)
            return 1;
    return 0;
}

int xmpp_disco_has_identity(const xmpp_disco_info_t *info, const char *category,
                            const char *type)
{
    for (size_t i = 0; info && category && i < info->identity_count; i++) {
        const xmpp_disco_identity_t *identity = info->identities[i];

        if (strcmp(identity->category, category) == 0 &&
            (!type || strcmp(identity->type, type) == 0))
            return 1;
    }
    return 0;
}

const xmpp_form_t *xmpp_disco_get_form(const xmpp_disco_info_t *info,
                                       const char *form_type)
{
    for (size_t i = 0; info && form_type && i < info->form_count; i++) {
        const char *its = xmpp_form_get_form_type(info->forms[i]);

        if (its && strcmp(its, form_type) == 0)
            return info->forms[i];
    }
    return NULL;
}
