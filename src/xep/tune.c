/* tune.c - what somebody listens to (XEP-0118). */

#include <xmpp/xep/tune.h>

#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_user.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t tune_fields[] = {
    XMPP_CHILD(xmpp_tune_t, artist, TEXT, "artist"),
    XMPP_CHILD(xmpp_tune_t, title, TEXT, "title"),
    XMPP_CHILD(xmpp_tune_t, source, TEXT, "source"),
    XMPP_CHILD(xmpp_tune_t, track, TEXT, "track"),
    XMPP_CHILD(xmpp_tune_t, length, NUMBER, "length"),
    XMPP_CHILD(xmpp_tune_t, rating, NUMBER, "rating"),
    XMPP_CHILD(xmpp_tune_t, uri, TEXT, "uri"),
    XMPP_CHILD(xmpp_tune_t, composer, TEXT, "composer"),
    XMPP_CHILD(xmpp_tune_t, lyricist, TEXT, "lyricist"),
    XMPP_CHILD(xmpp_tune_t, performer, TEXT, "performer"),
    XMPP_CHILD(xmpp_tune_t, date, TEXT, "date"),
    XMPP_CHILD(xmpp_tune_t, genre, TEXT, "genre"),
    XMPP_CHILD(xmpp_tune_t, language, TEXT, "language"),
};
XMPP_PAYLOAD(xmpp_tune, xmpp_tune_t, "tune", XMPP_NS_TUNE, tune_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_tune_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_tune_change_t, tune, &xmpp_tune),
};
XMPP_PAYLOAD(xmpp_tune_change, xmpp_tune_change_t, "change", XMPP_NS_TUNE,
             change_fields);

/* ---- events and publishing --------------------------------------- */

/* Without content there is nothing any more, and so with an item that is
 * retracted: there is one at a time. */
static int on_tune(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_tune_change_t change;
    xmpp_tune_t nothing;

    (void)state;
    XMPP_INIT(xmpp_tune_change, change);
    XMPP_INIT(xmpp_tune, nothing);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    if (in->value && !xmpp_payload_equal(&xmpp_tune, in->value, &nothing))
        change.tune = in->value;
    xmpp_conn_emit(conn, &xmpp_mod_tune, XMPP_TUNE_CHANGED, &change, NULL);
    return 0;
}

int xmpp_tune_publish(xmpp_conn_t *conn, const xmpp_tune_t *tune,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_tune_t nothing;

    XMPP_INIT(xmpp_tune, nothing);
    return xmpp_pubsub_publish(conn, NULL, XMPP_NS_TUNE, NULL, &xmpp_tune,
                               tune ? tune : &nothing, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_TUNE, &xmpp_tune,
              on_tune),
    XMPP_EVENT(XMPP_TUNE_CHANGED, "changed", &xmpp_tune_change),
    XMPP_SPEC("XEP-0118", "1.3.0", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_tune, "tune", 0, rows);
