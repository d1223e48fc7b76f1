/* secrets.c - what the log does not show: of a login, and of what is as good.
 */

#include "stream/secrets.h"

/* In SASL2 (XEP-0388) what a mechanism sends is not alone in its element, so
 * that only a part of <authenticate/>, <success/> and <continue/> is hidden.
 * The names without a namespace are of logins without SASL: XEP-0114, XEP-0078
 * and XEP-0077. */
static const struct hidden_part rows[] = {
    {XMPP_NS_SASL, "auth", NULL},
    {XMPP_NS_SASL, "challenge", NULL},
    {XMPP_NS_SASL, "response", NULL},
    {XMPP_NS_SASL, "success", NULL},
    {XMPP_NS_SASL2, "challenge", NULL},
    {XMPP_NS_SASL2, "response", NULL},
    {XMPP_NS_SASL2, "initial-response", NULL},
    {XMPP_NS_SASL2, "additional-data", NULL},
    {XMPP_NS_SCRAM_UPGRADE, "hash", NULL}, /* a salted password (XEP-0480) */
    {XMPP_NS_FAST, "token", "token"},      /* logs in (XEP-0484) */
    {XMPP_NS_PARS, "preauth", "token"},    /* creates an account (XEP-0445) */
    {XMPP_NS_UPLOAD, "header", NULL},      /* of an upload (XEP-0363) */
    {NULL, "handshake", NULL},
    {NULL, "password", NULL},
    {NULL, "digest", NULL},
};

const struct hidden_parts stream_secrets = {rows,
                                            sizeof(rows) / sizeof(rows[0])};
