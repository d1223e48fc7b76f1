/* vcard.c - vCards in the format "vcard-temp" (XEP-0054). */

#include <xmpp/xep/vcard.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t name_fields[] = {
    XMPP_CHILD(xmpp_vcard_name_t, family, TEXT, "FAMILY"),
    XMPP_CHILD(xmpp_vcard_name_t, given, TEXT, "GIVEN"),
    XMPP_CHILD(xmpp_vcard_name_t, middle, TEXT, "MIDDLE"),
    XMPP_CHILD(xmpp_vcard_name_t, prefix, TEXT, "PREFIX"),
    XMPP_CHILD(xmpp_vcard_name_t, suffix, TEXT, "SUFFIX"),
};
XMPP_PAYLOAD(xmpp_vcard_name, xmpp_vcard_name_t, "N", XMPP_NS_VCARD,
             name_fields);

static const xmpp_field_t photo_fields[] = {
    XMPP_CHILD(xmpp_vcard_photo_t, type, TEXT, "TYPE"),
    XMPP_CHILD(xmpp_vcard_photo_t, data, BYTES, "BINVAL"),
    XMPP_CHILD(xmpp_vcard_photo_t, url, TEXT, "EXTVAL"),
};
XMPP_PAYLOAD(xmpp_vcard_photo, xmpp_vcard_photo_t, "PHOTO", XMPP_NS_VCARD,
             photo_fields);
static XMPP_PAYLOAD(vcard_logo, xmpp_vcard_photo_t, "LOGO", XMPP_NS_VCARD,
                    photo_fields);

/* What addresses, telephones and mail have in common. */
#define PLACE_FIELDS(T)                                                        \
    XMPP_FLAG(T, home, "HOME"), XMPP_FLAG(T, work, "WORK"),                    \
        XMPP_FLAG(T, preferred, "PREF")

static const xmpp_field_t address_fields[] = {
    PLACE_FIELDS(xmpp_vcard_address_t),
    XMPP_CHILD(xmpp_vcard_address_t, box, TEXT, "POBOX"),
    XMPP_CHILD(xmpp_vcard_address_t, extension, TEXT, "EXTADD"),
    XMPP_CHILD(xmpp_vcard_address_t, street, TEXT, "STREET"),
    XMPP_CHILD(xmpp_vcard_address_t, locality, TEXT, "LOCALITY"),
    XMPP_CHILD(xmpp_vcard_address_t, region, TEXT, "REGION"),
    XMPP_CHILD(xmpp_vcard_address_t, code, TEXT, "PCODE"),
    XMPP_CHILD(xmpp_vcard_address_t, country, TEXT, "CTRY"),
};
XMPP_PAYLOAD(xmpp_vcard_address, xmpp_vcard_address_t, "ADR", XMPP_NS_VCARD,
             address_fields);

static const xmpp_field_t telephone_fields[] = {
    PLACE_FIELDS(xmpp_vcard_telephone_t),
    XMPP_FLAG(xmpp_vcard_telephone_t, voice, "VOICE"),
    XMPP_FLAG(xmpp_vcard_telephone_t, fax, "FAX"),
    XMPP_FLAG(xmpp_vcard_telephone_t, pager, "PAGER"),
    XMPP_FLAG(xmpp_vcard_telephone_t, message, "MSG"),
    XMPP_FLAG(xmpp_vcard_telephone_t, cell, "CELL"),
    XMPP_FLAG(xmpp_vcard_telephone_t, video, "VIDEO"),
    XMPP_CHILD(xmpp_vcard_telephone_t, number, TEXT, "NUMBER"),
};
XMPP_PAYLOAD(xmpp_vcard_telephone, xmpp_vcard_telephone_t, "TEL", XMPP_NS_VCARD,
             telephone_fields);

static const xmpp_field_t email_fields[] = {
    PLACE_FIELDS(xmpp_vcard_email_t),
    XMPP_FLAG(xmpp_vcard_email_t, internet, "INTERNET"),
    XMPP_CHILD(xmpp_vcard_email_t, address, TEXT, "USERID"),
};
XMPP_PAYLOAD(xmpp_vcard_email, xmpp_vcard_email_t, "EMAIL", XMPP_NS_VCARD,
             email_fields);

static const xmpp_field_t organization_fields[] = {
    XMPP_CHILD(xmpp_vcard_organization_t, name, TEXT, "ORGNAME"),
    XMPP_CHILDREN(xmpp_vcard_organization_t, units, unit_count, "ORGUNIT"),
};
XMPP_PAYLOAD(xmpp_vcard_organization, xmpp_vcard_organization_t, "ORG",
             XMPP_NS_VCARD, organization_fields);

static const xmpp_field_t place_fields[] = {
    XMPP_CHILD(xmpp_vcard_place_t, latitude, REAL, "LAT"),
    XMPP_CHILD(xmpp_vcard_place_t, longitude, REAL, "LON"),
};
XMPP_PAYLOAD(xmpp_vcard_place, xmpp_vcard_place_t, "GEO", XMPP_NS_VCARD,
             place_fields);

static const xmpp_field_t vcard_fields[] = {
    XMPP_CHILD(xmpp_vcard_t, full_name, TEXT, "FN"),
    XMPP_ELEMENT(xmpp_vcard_t, name, &xmpp_vcard_name),
    XMPP_CHILD(xmpp_vcard_t, nickname, TEXT, "NICKNAME"),
    XMPP_CHILD(xmpp_vcard_t, birthday, TEXT, "BDAY"),
    XMPP_CHILD(xmpp_vcard_t, url, TEXT, "URL"),
    XMPP_CHILD(xmpp_vcard_t, title, TEXT, "TITLE"),
    XMPP_CHILD(xmpp_vcard_t, role, TEXT, "ROLE"),
    XMPP_CHILD(xmpp_vcard_t, jid, TEXT, "JABBERID"),
    XMPP_CHILD(xmpp_vcard_t, desc, TEXT, "DESC"),
    XMPP_CHILD(xmpp_vcard_t, timezone, TEXT, "TZ"),
    XMPP_CHILD(xmpp_vcard_t, uid, TEXT, "UID"),
    XMPP_CHILD(xmpp_vcard_t, revision, TEXT, "REV"),
    XMPP_ELEMENT(xmpp_vcard_t, photo, &xmpp_vcard_photo),
    XMPP_ELEMENT(xmpp_vcard_t, logo, &vcard_logo),
    XMPP_ELEMENT(xmpp_vcard_t, place, &xmpp_vcard_place),
    XMPP_ELEMENT(xmpp_vcard_t, organization, &xmpp_vcard_organization),
    XMPP_ELEMENTS(xmpp_vcard_t, addresses, address_count, &xmpp_vcard_address),
    XMPP_ELEMENTS(xmpp_vcard_t, telephones, telephone_count,
                  &xmpp_vcard_telephone),
    XMPP_ELEMENTS(xmpp_vcard_t, emails, email_count, &xmpp_vcard_email),
    XMPP_SELF(xmpp_vcard_t, element),
};
XMPP_PAYLOAD(xmpp_vcard, xmpp_vcard_t, "vCard", XMPP_NS_VCARD, vcard_fields);

/* ---- requests ---------------------------------------------------- */

int xmpp_vcard_get(xmpp_conn_t *conn, const char *of,
                   xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", of);

    xmpp_stanza_add_tag(iq, "vCard", XMPP_NS_VCARD);
    return xmpp_request(conn, iq, &xmpp_vcard, handler, userdata);
}

int xmpp_vcard_set(xmpp_conn_t *conn, const xmpp_vcard_t *vcard,
                   xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq;

    if (!vcard)
        return xmpp_conn_fail(conn, &xmpp_mod_vcard, XMPP_EARG,
                              "there is no vCard: pass one, perhaps an empty "
                              "one");
    iq = xmpp_iq_to(conn, "set", NULL);
    xmpp_payload_add(iq, &xmpp_vcard, vcard);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_SPEC("XEP-0054", "1.3.0", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_vcard, "vcard", 0, rows);
