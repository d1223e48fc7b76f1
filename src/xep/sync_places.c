/* sync_places.c - the archives of a connection that are followed. */

#include <xmpp/xep/sync_places.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/xep/sync_letter.h>

static void place_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_sync_place_t *place = record;

    (void)ctx;
    xmpp_sync_fill_free(place->fill);
    xmpp_sync_archive_free(place->archive);
}

int xmpp_sync_places_init(xmpp_sync_places_t *places, xmpp_conn_t *conn)
{
    if (!places || !conn)
        return XMPP_EINVOP;
    memset(places, 0, sizeof(*places));
    places->conn = conn;
    places->all = xmpp_dict_new(xmpp_conn_get_context(conn),
                                sizeof(xmpp_sync_place_t), 0, place_done);
    return places->all ? 0 : XMPP_EMEM;
}

void xmpp_sync_places_clear(xmpp_sync_places_t *places)
{
    if (!places)
        return;
    places->next = NULL;
    xmpp_dict_clear(places->all);
}

void xmpp_sync_places_free(xmpp_sync_places_t *places)
{
    if (!places)
        return;
    places->next = NULL;
    xmpp_dict_free(places->all);
    places->all = NULL;
}

xmpp_sync_place_t *xmpp_sync_places_find(const xmpp_sync_places_t *places,
                                         const xmpp_jid_t *jid)
{
    if (!places || !places->all)
        return NULL;
    if (!jid || xmpp_conn_sender_is(places->conn, jid, XMPP_SENDER_ACCOUNT))
        return xmpp_dict_find(places->all, XMPP_SYNC_ACCOUNT_KEY, (size_t)-1);
    return xmpp_dict_find_jid(places->all, jid, XMPP_JID_BARE);
}

xmpp_sync_place_t *xmpp_sync_places_add(xmpp_sync_places_t *places,
                                        const xmpp_jid_t *jid,
                                        const xmpp_sync_owner_t *owner,
                                        int *ret_rc)
{
    xmpp_sync_place_t *place = NULL;
    int rc = XMPP_EINVOP;

    if (places && owner) {
        place =
            jid ? xmpp_dict_put_jid(places->all, jid, XMPP_JID_BARE)
                : xmpp_dict_put(places->all, XMPP_SYNC_ACCOUNT_KEY, (size_t)-1);
        rc = XMPP_EMEM;
    }
    if (place) {
        place->archive = xmpp_sync_archive_new(places->conn, jid, owner);
        place->fill = xmpp_sync_fill_new(place->archive);
    }
    if (place && place->fill)
        rc = xmpp_sync_archive_restore(place->archive);
    if (rc && place)
        xmpp_dict_drop(places->all, place);
    if (ret_rc)
        *ret_rc = rc;
    return rc ? NULL : place;
}

void xmpp_sync_places_remove(xmpp_sync_places_t *places,
                             xmpp_sync_place_t *place)
{
    if (!places || !place)
        return;
    if (place == places->next)
        places->next = xmpp_dict_next(places->all, place);
    xmpp_dict_drop(places->all, place);
}

void xmpp_sync_places_each(xmpp_sync_places_t *places,
                           void (*act)(xmpp_sync_archive_t *archive))
{
    const xmpp_sync_place_t *place;

    if (!places || !act)
        return;
    places->next = xmpp_dict_next(places->all, NULL);
    while ((place = places->next)) {
        places->next = xmpp_dict_next(places->all, place);
        act(place->archive);
    }
}

const xmpp_sync_gap_t *
xmpp_sync_places_next_gap(const xmpp_sync_places_t *places,
                          const xmpp_sync_gap_t *gap)
{
    const xmpp_sync_place_t *place = NULL;
    int is_past = !gap;
    size_t i;

    while (places && (place = xmpp_dict_next(places->all, place))) {
        const xmpp_sync_known_t *known =
            xmpp_sync_notes_get(xmpp_sync_archive_get_notes(place->archive));

        for (i = 0; i < known->gap_count; i++) {
            if (is_past)
                return known->gaps[i];
            is_past = known->gaps[i] == gap;
        }
    }
    return NULL;
}
