/* muc_owner.h - what the owners of a room do (XEP-0045 section 10): configure
 * it, open it, destroy it.
 *
 * A new room is locked: nobody else can enter it until its owner, who has just
 * joined, accepts it as it is, or configures it.
 *
 *     xmpp_muc_config_t config;
 *
 *     XMPP_INIT(xmpp_muc_config, config);
 *     config.name = "A Dark Cave";
 *     config.members_only = "true";
 *     xmpp_muc_configure(conn, room, &config, on_configured, me);
 *
 * `room` is explained in muc_admin.h. Who is not an owner is refused with
 * forbidden.
 */

#ifndef XMPP_XEP_MUC_OWNER_H
#define XMPP_XEP_MUC_OWNER_H

#include <xmpp/xep/muc.h>
#include <xmpp/xep/muc_info.h>

XMPP_BEGIN

/* What owners and rooms send each other: one of both. */
typedef struct _xmpp_muc_owner_t {
    size_t size;
    const xmpp_form_t *form; /* NULL: there is nothing to configure */
    const xmpp_muc_destroy_t *destroy;
} xmpp_muc_owner_t;

XMPP_API extern const xmpp_payload_t xmpp_muc_owner;

/* ---- configuration ----------------------------------------------- */

/* Get the configuration as a form to be filled in. The value is an
 * xmpp_muc_owner_t. */
XMPP_API int xmpp_muc_get_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                 xmpp_result_handler handler, void *userdata);

/* Configure the room by a form of the type XMPP_FORM_SUBMIT, as
 * xmpp_form_answer() makes one of the form above. A new room is open then. No
 * value. XMPP_EARG for another type, or without a form. */
XMPP_API int xmpp_muc_set_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                 const xmpp_form_t *form,
                                 xmpp_result_handler handler, void *userdata);

/* Do not configure it after all. A new room is destroyed by that, any other
 * stays as it is. No value. */
XMPP_API int xmpp_muc_cancel_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                    xmpp_result_handler handler,
                                    void *userdata);

/* Accept a new room as it is ("instant room"): it is open then. No value. */
XMPP_API int xmpp_muc_unlock(xmpp_conn_t *conn, const xmpp_jid_t *room,
                             xmpp_result_handler handler, void *userdata);

/* What rooms have in common of their configuration (section 15.5.3). NULL
 * leaves it as it is; "true" and "false" are for yes and no. Forms may have
 * more: use the functions above for these. */
typedef struct _xmpp_muc_config_t {
    size_t size;
    const char *name;
    const char *description;
    const char *lang;           /* such as "en" */
    const char *persistent;     /* it stays when the last occupant leaves */
    const char *is_public;      /* it can be discovered */
    const char *members_only;   /* only members may enter */
    const char *moderated;      /* visitors have no voice */
    const char *needs_password; /* to enter; then `password` is which */
    const char *password;
    const char *whois;          /* who sees addresses of occupants:
                                 * "moderators", "anyone" */
    const char *change_subject; /* occupants may, too */
    const char *allow_invites;  /* members may invite others */
    const char *allow_pm;       /* who may send private messages: "anyone",
                                 * "participants", "moderators", "none" */
    const char *most_occupants; /* a number, or "none" */
    const char *public_logging;
} xmpp_muc_config_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_muc_config;

/* Get the form, fill in what `config` has, and submit it: one action. If the
 * form lacks something that `config` has, nothing is configured and the status
 * is XMPP_EPROTO; a room that cannot keep strangers out is not left open. No
 * value. */
XMPP_API int xmpp_muc_configure(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                const xmpp_muc_config_t *config,
                                xmpp_result_handler handler, void *userdata);

/* ---- its end ----------------------------------------------------- */

/* Destroy the room; all occupants are removed from it. `why` has a reason, and
 * another room for them to go to, or is NULL. No value. */
XMPP_API int xmpp_muc_destroy_room(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                   const xmpp_muc_destroy_t *why,
                                   xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_MUC_OWNER_H */
