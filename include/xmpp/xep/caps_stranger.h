/* caps_stranger.h - entity capabilities (XEP-0115 and XEP-0390): whom a query
 * would show that we are there. caps.h asks here before it queries somebody.
 *
 * Servers deliver presence of anybody. A query for what a hash in it stands for
 * comes from our whole address, so whoever made that presence learns that we
 * are online, and by which resource. Therefore strangers are queried seldom;
 * an application that wants to stay hidden from them sets the limit "queries"
 * to 0. That is not the default, because who sends us presence mostly wants to
 * begin a conversation, in which it is useful to know what the other one can
 * do, and because the answer often serves for contacts with the same program.
 *
 * Limits:
 *     "queries"    to strangers in a minute (10)
 *     "shown"      bare addresses that have directed presence of this session
 *                  (1000); further ones remain strangers
 */

#ifndef XMPP_XEP_CAPS_STRANGER_H
#define XMPP_XEP_CAPS_STRANGER_H

#include <xmpp/module.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_caps_stranger;

/* 1 if this address is a stranger's: not of our account or server, no contact,
 * no room, and nobody who has directed presence of ours in this session. 0
 * otherwise; always 0 on a component, and as long as no module knows contacts
 * (such as that of roster.h). */
XMPP_API int xmpp_caps_is_stranger(xmpp_conn_t *conn, const xmpp_jid_t *jid);

/* 1 if this address may be queried now; a stranger's is counted then. 0 if not,
 * if it is not a valid address, or if the module is not in use. */
XMPP_API int xmpp_caps_may_query(xmpp_conn_t *conn, const char *jid);

XMPP_END

#endif /* XMPP_XEP_CAPS_STRANGER_H */
