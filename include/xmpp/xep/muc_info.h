/* muc_info.h - where rooms are, and what they are (XEP-0045 section 6): to be
 * known before one enters.
 *
 *     static void on_info(xmpp_conn_t *conn, const xmpp_result_t *result,
 *                         void *userdata)
 *     {
 *         const xmpp_muc_info_t *info = result->value;
 *
 *         if (info && !info->is_nonanonymous) ...
 *     }
 *
 *     xmpp_muc_get_info(conn, room, on_info, NULL);
 */

#ifndef XMPP_XEP_MUC_INFO_H
#define XMPP_XEP_MUC_INFO_H

#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

/* What a room says of itself. A room that says nothing about something is as if
 * it did not have it: compare `is_open` with `is_members_only`, for example, if
 * you have to know whether it says anything. */
typedef struct _xmpp_muc_info_t {
    size_t size;
    const char *name;            /* for people, or NULL */
    const char *description;     /* likewise */
    const char *subject;         /* as it is now, if the room shows it */
    const char *lang;            /* in which its occupants speak */
    const char *logs;            /* a URL of what was said */
    const char *const *contacts; /* addresses of its owners */
    size_t contact_count;
    long occupants;   /* how many there are; XMPP_NO_NUMBER: unknown */
    long max_history; /* how many messages it sends to who enters */
    int is_persistent, is_temporary;
    int is_members_only, is_open;
    int is_moderated, is_unmoderated; /* visitors have no voice, or have */
    int is_nonanonymous,
        is_semianonymous; /* all see addresses, or moderators */
    int is_password_protected, is_unsecured;
    int is_hidden, is_public; /* whether it can be discovered */
    int can_change_subject;   /* occupants can, too */
    /* What it can do: */
    int has_stable_ids;     /* messages keep their ids */
    int has_archive;        /* XEP-0313 */
    int has_occupant_ids;   /* XEP-0421 */
    int has_moderation;     /* XEP-0425 */
    int has_self_ping;      /* XEP-0410 */
    int has_registration;   /* one can register with it */
    int has_hats;           /* XEP-0317 */
    int has_voice_requests; /* visitors can request voice */
} xmpp_muc_info_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_muc_info;

/* Query a room. The value is an xmpp_muc_info_t; what else the room says is in
 * the stanza of the result. If this is not a room the status is XMPP_EPROTO; if
 * there is nothing at that address it is mostly XMPP_ESTANZA with
 * item-not-found. XMPP_EARG without an address; else the codes of
 * xmpp_request(). So for the next functions, too. */
XMPP_API int xmpp_muc_get_info(xmpp_conn_t *conn, const xmpp_jid_t *room,
                               xmpp_result_handler handler, void *userdata);

/* The services for rooms that a server has; NULL: our server. The value is an
 * xmpp_disco_items_t. It queries one after the other what the server lists, but
 * not more than 20. */
XMPP_API int xmpp_muc_get_services(xmpp_conn_t *conn, const xmpp_jid_t *server,
                                   xmpp_result_handler handler, void *userdata);

/* The rooms that a service shows, and the occupants of a room, if it shows them
 * to who is not in it. The value is an xmpp_disco_items_t; the names of rooms
 * are for people, nicknames are resources. `page` is which part to query, NULL:
 * all. */
XMPP_API int xmpp_muc_get_rooms(xmpp_conn_t *conn, const xmpp_jid_t *service,
                                const xmpp_rsm_t *page,
                                xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_muc_get_occupants(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                    const xmpp_rsm_t *page,
                                    xmpp_result_handler handler,
                                    void *userdata);

/* An address for a new room at a service, which nobody can guess. Owned:
 * xmpp_free(). NULL without a service, when out of memory, or if there are no
 * random octets. */
XMPP_API char *xmpp_muc_new_address(xmpp_conn_t *conn,
                                    const xmpp_jid_t *service);

/* ---- for other modules ------------------------------------------- */

/* An iq to the bare address of a room, without content; and one with an empty
 * <query/> of this namespace as its only child. Owned. NULL when out of memory.
 * Without a room it is made all the same, and refused with XMPP_EARG when it is
 * sent. */
XMPP_API xmpp_stanza_t *
xmpp_muc_make_iq(xmpp_conn_t *conn, const xmpp_jid_t *room, const char *type);
XMPP_API xmpp_stanza_t *xmpp_muc_make_query(xmpp_conn_t *conn,
                                            const xmpp_jid_t *room,
                                            const char *type, const char *ns);

XMPP_END

#endif /* XMPP_XEP_MUC_INFO_H */
