/* hats.c - what the occupants of a room are beside their role (XEP-0317). */

#include <xmpp/xep/hats.h>

#include <stddef.h>

#include <xmpp/ns.h>

static const xmpp_field_t hat_fields[] = {
    XMPP_ATTR_MUST(xmpp_hat_t, uri, TEXT, "uri"),
    XMPP_ATTR(xmpp_hat_t, title, TEXT, "title"),
    XMPP_ATTR(xmpp_hat_t, hue, REAL, "hue"),
    XMPP_ATTR(xmpp_hat_t, lang, TEXT, "xml:lang"),
    XMPP_SELF(xmpp_hat_t, element),
};
XMPP_PAYLOAD(xmpp_hat, xmpp_hat_t, "hat", XMPP_NS_HATS, hat_fields);

static const xmpp_field_t hats_fields[] = {
    XMPP_ELEMENTS(xmpp_hats_t, hats, hat_count, &xmpp_hat),
};
XMPP_PAYLOAD(xmpp_hats, xmpp_hats_t, "hats", XMPP_NS_HATS, hats_fields);
