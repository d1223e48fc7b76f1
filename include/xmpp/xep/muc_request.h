/* muc_request.h - requests to the moderators and admins of a room: for voice
 * (XEP-0045 sections 7.13 and 8.6), and to become a member (section 9.9).
 *
 *     static void on_request(xmpp_conn_t *conn, const xmpp_event_t *event,
 *                            void *userdata)
 *     {
 *         const xmpp_muc_request_t *request = event->value;
 *
 *         xmpp_muc_answer_request(conn, request, 1);
 *     }
 *
 *     xmpp_conn_use(conn, &xmpp_mod_muc_request);
 *     xmpp_conn_watch(conn, &xmpp_mod_muc_request, on_request, NULL);
 */

#ifndef XMPP_XEP_MUC_REQUEST_H
#define XMPP_XEP_MUC_REQUEST_H

#include <xmpp/module.h>
#include <xmpp/xep/form.h>
#include <xmpp/xep/muc.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_muc_request;

/* What a room sends to those who may decide. Keep a copy to answer later. */
typedef struct _xmpp_muc_request_t {
    size_t size;
    xmpp_jid_t room;
    xmpp_jid_t jid;   /* who requests it, if the room says so */
    const char *nick; /* in the room; or the one that is to be reserved */
    int role;         /* xmpp_muc_role_t that is requested; 0: membership */
    const xmpp_form_t *form; /* to be answered; it may have more */
} xmpp_muc_request_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_muc_request;

/* Events of this module; the value is an xmpp_muc_request_t. They come from
 * rooms that we are in. */
enum { XMPP_MUC_VOICE_REQUESTED = 1, XMPP_MUC_MEMBERSHIP_REQUESTED };

/* Grant what is requested (`allow` not 0), or refuse it. There is no answer to
 * that; the room reports a new role by presence. 0; XMPP_EARG for a request
 * without a room or a form, or whose form has no field for it; else the codes
 * of xmpp_send_take(). */
XMPP_API int xmpp_muc_answer_request(xmpp_conn_t *conn,
                                     const xmpp_muc_request_t *request,
                                     int allow);

/* Request voice in a moderated room, in which we are a visitor. The room does
 * not answer; if it is granted our role changes. 0; XMPP_EARG without a room;
 * else the codes of xmpp_send_take(). */
XMPP_API int xmpp_muc_request_voice(xmpp_conn_t *conn, const xmpp_jid_t *room);

XMPP_END

#endif /* XMPP_XEP_MUC_REQUEST_H */
