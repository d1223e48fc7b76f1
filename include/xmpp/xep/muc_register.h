/* muc_register.h - registering with a room (XEP-0045 sections 7.10 and 7.12):
 * to become a member, with a nickname that nobody else can have.
 *
 *     xmpp_muc_register_nick(conn, room, "thirdwitch", on_registered, NULL);
 *
 * `room` is explained in muc_admin.h. Rooms refuse with not-allowed if one
 * cannot register, and with conflict if the nickname belongs to somebody else.
 */

#ifndef XMPP_XEP_MUC_REGISTER_H
#define XMPP_XEP_MUC_REGISTER_H

#include <xmpp/xep/muc_info.h>

XMPP_BEGIN

/* What we are to a room, or what it wants to know. */
typedef struct _xmpp_muc_registration_t {
    size_t size;
    int is_registered;
    const char *nick;         /* that is reserved for us, or NULL */
    const char *instructions; /* for people, or NULL */
    const xmpp_form_t *form;  /* to be filled in, or NULL */
} xmpp_muc_registration_t;

XMPP_API extern const xmpp_payload_t xmpp_muc_registration;

/* Ask the room. The value is an xmpp_muc_registration_t. */
XMPP_API int xmpp_muc_get_registration(xmpp_conn_t *conn,
                                       const xmpp_jid_t *room,
                                       xmpp_result_handler handler,
                                       void *userdata);

/* Register by a form of the type XMPP_FORM_SUBMIT, as xmpp_form_answer() makes
 * one of the form above. An admin may have to agree first: then we are not a
 * member yet. No value. XMPP_EARG for another type, or without a form. */
XMPP_API int xmpp_muc_register(xmpp_conn_t *conn, const xmpp_jid_t *room,
                               const xmpp_form_t *form,
                               xmpp_result_handler handler, void *userdata);

/* Both in one action, where the nickname is all that the room wants to know. If
 * it demands something else, or if it offers no form because we are registered
 * under another nickname, the status is XMPP_EPROTO. No value. */
XMPP_API int xmpp_muc_register_nick(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                    const char *nick,
                                    xmpp_result_handler handler,
                                    void *userdata);

/* Give it up again (XEP-0077 section 3.2). No value. */
XMPP_API int xmpp_muc_unregister(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                 xmpp_result_handler handler, void *userdata);

/* Get the nickname that is reserved for us, however that came about. The value
 * is an xmpp_muc_registration_t; without a nickname there is none. Rooms that
 * do not know this refuse with feature-not-implemented. */
XMPP_API int xmpp_muc_get_reserved_nick(xmpp_conn_t *conn,
                                        const xmpp_jid_t *room,
                                        xmpp_result_handler handler,
                                        void *userdata);

XMPP_END

#endif /* XMPP_XEP_MUC_REGISTER_H */
