/* markup.c - what belongs to the body of a message: URIs (XEP-0066), references
 * (XEP-0372), actions (XEP-0245), and encryption (XEP-0380). */

#include <xmpp/xep/markup.h>

#include <string.h>

#include <xmpp/ns.h>

static const xmpp_field_t oob_fields[] = {
    XMPP_CHILD_MUST(xmpp_oob_t, url, TEXT, "url"),
    XMPP_CHILD(xmpp_oob_t, desc, TEXT, "desc"),
};
XMPP_PAYLOAD(xmpp_oob, xmpp_oob_t, "x", XMPP_NS_OOB, oob_fields);

static const xmpp_field_t offer_fields[] = {
    XMPP_CHILD_MUST(xmpp_oob_offer_t, url, TEXT, "url"),
    XMPP_CHILD(xmpp_oob_offer_t, desc, TEXT, "desc"),
    XMPP_ATTR(xmpp_oob_offer_t, sid, TEXT, "sid"),
};
XMPP_PAYLOAD(xmpp_oob_offer, xmpp_oob_offer_t, "query", XMPP_NS_OOB_OFFER,
             offer_fields);

/* Section 3 demands a `uri`, but media in messages (XEP-0385) have none. */
static const xmpp_field_t reference_fields[] = {
    XMPP_ATTR_MUST(xmpp_reference_t, type, TEXT, "type"),
    XMPP_ATTR(xmpp_reference_t, uri, TEXT, "uri"),
    XMPP_ATTR(xmpp_reference_t, anchor, TEXT, "anchor"),
    XMPP_ATTR(xmpp_reference_t, begin, NUMBER, "begin"),
    XMPP_ATTR(xmpp_reference_t, end, NUMBER, "end"),
};
XMPP_PAYLOAD(xmpp_reference, xmpp_reference_t, "reference", XMPP_NS_REFERENCE,
             reference_fields);

static const xmpp_field_t encryption_fields[] = {
    XMPP_ATTR_MUST(xmpp_encryption_t, ns, TEXT, "namespace"),
    XMPP_ATTR(xmpp_encryption_t, name, TEXT, "name"),
};
XMPP_PAYLOAD(xmpp_encryption, xmpp_encryption_t, "encryption",
             XMPP_NS_ENCRYPTION, encryption_fields);

int xmpp_oob_send(xmpp_conn_t *conn, const char *to,
                  const xmpp_oob_offer_t *offer, xmpp_result_handler handler,
                  void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", to);

    xmpp_payload_add(iq, &xmpp_oob_offer, offer);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

const char *xmpp_me_get(const char *body)
{
    return body && !strncmp(body, "/me ", 4) ? body + 4 : NULL;
}

/* Section 4 of XEP-0380. */
static const struct {
    const char *ns, *name;
} mechanisms[] = {
    {XMPP_NS_OTR, "OTR"},
    {XMPP_NS_OPENPGP_OLD, "Legacy OpenPGP"},
    {XMPP_NS_OPENPGP, "OpenPGP for XMPP"},
    {XMPP_NS_OMEMO, "OMEMO"},
    {XMPP_NS_OMEMO1, "OMEMO 1"},
    {XMPP_NS_OMEMO2, "OMEMO 2"},
};

/* Section 6: a name that the sender gives to one of these does not count. */
const char *xmpp_encryption_get_name(const xmpp_encryption_t *encryption)
{
    if (!encryption || !encryption->ns)
        return NULL;
    for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
        if (!strcmp(encryption->ns, mechanisms[i].ns))
            return mechanisms[i].name;
    return encryption->name ? encryption->name : encryption->ns;
}
