/* geoloc.c - where somebody is (XEP-0080). */

#include <xmpp/xep/geoloc.h>

#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_user.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t geoloc_fields[] = {
    XMPP_CHILD(xmpp_geoloc_t, latitude, REAL, "lat"),
    XMPP_CHILD(xmpp_geoloc_t, longitude, REAL, "lon"),
    XMPP_CHILD(xmpp_geoloc_t, accuracy, REAL, "accuracy"),
    XMPP_CHILD(xmpp_geoloc_t, altitude, REAL, "alt"),
    XMPP_CHILD(xmpp_geoloc_t, altitude_accuracy, REAL, "altaccuracy"),
    XMPP_CHILD(xmpp_geoloc_t, bearing, REAL, "bearing"),
    XMPP_CHILD(xmpp_geoloc_t, speed, REAL, "speed"),
    XMPP_CHILD(xmpp_geoloc_t, time, TIME, "timestamp"),
    XMPP_CHILD(xmpp_geoloc_t, zone, TEXT, "tzo"),
    XMPP_CHILD(xmpp_geoloc_t, datum, TEXT, "datum"),
    XMPP_CHILD(xmpp_geoloc_t, country, TEXT, "country"),
    XMPP_CHILD(xmpp_geoloc_t, countrycode, TEXT, "countrycode"),
    XMPP_CHILD(xmpp_geoloc_t, region, TEXT, "region"),
    XMPP_CHILD(xmpp_geoloc_t, regioncode, TEXT, "regioncode"),
    XMPP_CHILD(xmpp_geoloc_t, locality, TEXT, "locality"),
    XMPP_CHILD(xmpp_geoloc_t, area, TEXT, "area"),
    XMPP_CHILD(xmpp_geoloc_t, street, TEXT, "street"),
    XMPP_CHILD(xmpp_geoloc_t, building, TEXT, "building"),
    XMPP_CHILD(xmpp_geoloc_t, floor, TEXT, "floor"),
    XMPP_CHILD(xmpp_geoloc_t, room, TEXT, "room"),
    XMPP_CHILD(xmpp_geoloc_t, postalcode, TEXT, "postalcode"),
    XMPP_CHILD(xmpp_geoloc_t, description, TEXT, "description"),
    XMPP_CHILD(xmpp_geoloc_t, text, TEXT, "text"),
    XMPP_CHILD(xmpp_geoloc_t, uri, TEXT, "uri"),
};
XMPP_PAYLOAD(xmpp_geoloc, xmpp_geoloc_t, "geoloc", XMPP_NS_GEOLOC,
             geoloc_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_geoloc_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_geoloc_change_t, geoloc, &xmpp_geoloc),
};
XMPP_PAYLOAD(xmpp_geoloc_change, xmpp_geoloc_change_t, "change", XMPP_NS_GEOLOC,
             change_fields);

/* ---- events and publishing --------------------------------------- */

/* Without content there is nothing any more, and so with an item that is
 * retracted: there is one at a time. */
static int on_geoloc(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_geoloc_change_t change;
    xmpp_geoloc_t nothing;

    (void)state;
    XMPP_INIT(xmpp_geoloc_change, change);
    XMPP_INIT(xmpp_geoloc, nothing);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    if (in->value && !xmpp_payload_equal(&xmpp_geoloc, in->value, &nothing))
        change.geoloc = in->value;
    xmpp_conn_emit(conn, &xmpp_mod_geoloc, XMPP_GEOLOC_CHANGED, &change, NULL);
    return 0;
}

int xmpp_geoloc_publish(xmpp_conn_t *conn, const xmpp_geoloc_t *geoloc,
                        xmpp_result_handler handler, void *userdata)
{
    xmpp_geoloc_t nothing;

    XMPP_INIT(xmpp_geoloc, nothing);
    return xmpp_pubsub_publish(conn, NULL, XMPP_NS_GEOLOC, NULL, &xmpp_geoloc,
                               geoloc ? geoloc : &nothing, NULL, handler,
                               userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_GEOLOC, &xmpp_geoloc,
              on_geoloc),
    XMPP_EVENT(XMPP_GEOLOC_CHANGED, "changed", &xmpp_geoloc_change),
    XMPP_SPEC("XEP-0080", "1.10.0", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_geoloc, "geoloc", 0, rows);
