/* command_serve.h - offering ad-hoc commands (XEP-0050).
 *
 *     static int on_switch(xmpp_conn_t *conn, xmpp_command_run_t *run,
 *                          void *me)
 *     {
 *         if (run->stage == 0)
 *             return xmpp_command_put_form(run, switch_form(conn), 0);
 *         switch_lamp(me, xmpp_form_get_bool(run->form, "on", 0));
 *         return XMPP_COMMAND_COMPLETED;
 *     }
 *
 * A session belongs to the full address that began it; its id is worth nothing
 * to others. Answers to forms are checked before the application gets them.
 * Actions that a stage does not allow, and sessions that are over, are refused
 * (section 4.4).
 */

#ifndef XMPP_XEP_COMMAND_SERVE_H
#define XMPP_XEP_COMMAND_SERVE_H

#include <xmpp/xep/command_offer.h>

XMPP_BEGIN

/* Comes into use with the first command. Its limits: "sessions" that others may
 * have with us; "sessions_each", of one bare address, where a new one ends the
 * oldest; and after how many "seconds" without a request a session ends. */
XMPP_API extern const xmpp_module_t xmpp_mod_command_serve;

/* Offer a command. `command` is borrowed until it is removed. On a component
 * every address offers it; run->to is the one that was meant. 0; 1 if there is
 * one with this node already; XMPP_EARG without a node or a handler; XMPP_EMEM;
 * XMPP_EINVOP while the connection is being released. */
XMPP_API int xmpp_command_add(xmpp_conn_t *conn, const xmpp_command_t *command,
                              xmpp_command_handler handler, void *userdata);

/* Offer it no longer. Its sessions end, one whose handler is running as soon as
 * that returns: `command` and the userdata are borrowed up to then. */
XMPP_API void xmpp_command_remove(xmpp_conn_t *conn,
                                  const xmpp_command_t *command);

XMPP_END

#endif /* XMPP_XEP_COMMAND_SERVE_H */
