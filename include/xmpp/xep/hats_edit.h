/* hats_edit.h - the hats that a room has, and who wears which (hats.h), as its
 * owners and administrators change them: the commands of XEP-0317. Whether a
 * room offers them, and to whom, is its own affair: xmpp_command_get_list().
 *
 *     xmpp_hats_assign(conn, room, "terry@example.edu", uri, on_done, NULL);
 *
 * Each function runs a command to its end. The value of the result is its last
 * stage, an xmpp_command_stage_t (command.h). Errors in its notes are for
 * people. XMPP_EPROTO in the result: the room wants more than XEP-0317 says, or
 * refused what it got, or was done before it got it; run the command yourself
 * then. Each returns XMPP_EARG
 * without a room or what it needs, or the codes of xmpp_request().
 */

#ifndef XMPP_XEP_HATS_EDIT_H
#define XMPP_XEP_HATS_EDIT_H

#include <xmpp/xep/command.h>
#include <xmpp/xep/hats.h>

XMPP_BEGIN

/* All hats of the room, and who wears them. Each item of stage->form is a hat
 * with the fields XMPP_HATS_URI, XMPP_HATS_TITLE and XMPP_HATS_HUE, and in the
 * second list XMPP_HATS_JID. */
XMPP_API int xmpp_hats_list(xmpp_conn_t *conn, const char *room,
                            xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_hats_list_assigned(xmpp_conn_t *conn, const char *room,
                                     xmpp_result_handler handler,
                                     void *userdata);

#define XMPP_HATS_JID "hats#jid"
#define XMPP_HATS_URI "hats#uri"
#define XMPP_HATS_TITLE "hats#title"
#define XMPP_HATS_HUE "hats#hue"

/* Make a hat, or change the one with this URI. It has a title; a hue that is
 * absent is the room's affair. */
XMPP_API int xmpp_hats_create(xmpp_conn_t *conn, const char *room,
                              const xmpp_hat_t *hat,
                              xmpp_result_handler handler, void *userdata);

/* There is no such hat any more, and nobody wears it. */
XMPP_API int xmpp_hats_destroy(xmpp_conn_t *conn, const char *room,
                               const char *uri, xmpp_result_handler handler,
                               void *userdata);

/* Let somebody wear a hat, by the bare address; or take it away. */
XMPP_API int xmpp_hats_assign(xmpp_conn_t *conn, const char *room,
                              const char *jid, const char *uri,
                              xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_hats_unassign(xmpp_conn_t *conn, const char *room,
                                const char *jid, const char *uri,
                                xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_HATS_EDIT_H */
