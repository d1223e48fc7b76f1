/* build.h - building stanzas.
 *
 * There are two styles, which work on the same trees: libstrophe's (new, set,
 * add_child, release), and a short one, in which a child is created in its
 * parent:
 *
 *     xmpp_stanza_t *p = xmpp_presence_new(ctx);
 *     xmpp_stanza_t *x = xmpp_stanza_add_tag(p, "x", MUC);
 *     xmpp_stanza_set_to(p, nick);
 *     xmpp_stanza_add_text_tag(x, "password", NULL, secret);
 *     return xmpp_send_take(conn, p);
 *
 * In the short style you need not check any result on the way. Every function
 * accepts NULL and does nothing. A failed allocation or an invalid string marks
 * the stanza as failed, and sending it returns that error.
 */

#ifndef XMPP_BUILD_H
#define XMPP_BUILD_H

#include <xmpp/stanza.h>

XMPP_BEGIN

/* Stream errors (RFC 6120 section 4.9.3). */
typedef enum {
    XMPP_SE_BAD_FORMAT,
    XMPP_SE_BAD_NS_PREFIX,
    XMPP_SE_CONFLICT,
    XMPP_SE_CONN_TIMEOUT,
    XMPP_SE_HOST_GONE,
    XMPP_SE_HOST_UNKNOWN,
    XMPP_SE_IMPROPER_ADDR,
    XMPP_SE_INTERNAL_SERVER_ERROR,
    XMPP_SE_INVALID_FROM,
    XMPP_SE_INVALID_ID,
    XMPP_SE_INVALID_NS,
    XMPP_SE_INVALID_XML,
    XMPP_SE_NOT_AUTHORIZED,
    XMPP_SE_POLICY_VIOLATION,
    XMPP_SE_REMOTE_CONN_FAILED,
    XMPP_SE_RESOURCE_CONSTRAINT,
    XMPP_SE_RESTRICTED_XML,
    XMPP_SE_SEE_OTHER_HOST,
    XMPP_SE_SYSTEM_SHUTDOWN,
    XMPP_SE_UNDEFINED_CONDITION,
    XMPP_SE_UNSUPPORTED_ENCODING,
    XMPP_SE_UNSUPPORTED_STANZA_TYPE,
    XMPP_SE_UNSUPPORTED_VERSION,
    XMPP_SE_XML_NOT_WELL_FORMED
} xmpp_error_type_t;

/* ---- the short style --------------------------------------------- */

/* A new element. `ns` NULL: it has the namespace of its parent. Owned:
 * xmpp_stanza_release(). NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_stanza_new_tag(xmpp_ctx_t *ctx, const char *name,
                                            const char *ns);

/* A new child of `parent`. Borrowed; it lives as long as the tree. */
XMPP_API xmpp_stanza_t *xmpp_stanza_add_tag(xmpp_stanza_t *parent,
                                            const char *name, const char *ns);

/* The same, with a text in it. If `text` is NULL no child is added, and NULL is
 * returned. */
XMPP_API xmpp_stanza_t *xmpp_stanza_add_text_tag(xmpp_stanza_t *parent,
                                                 const char *name,
                                                 const char *ns,
                                                 const char *text);

/* Set an attribute, or leave it out if `value` is NULL: a value that is there
 * already stays. 0; XMPP_EARG, XMPP_EINVOP, XMPP_EMEM. */
XMPP_API int xmpp_stanza_put(xmpp_stanza_t *stanza, const char *name,
                             const char *value);

/* Append text to an element. 0, XMPP_EARG, XMPP_EINVOP, XMPP_EMEM. */
XMPP_API int xmpp_stanza_add_text(xmpp_stanza_t *parent, const char *text);

/* The first failure while the tree was built: XMPP_EMEM, or XMPP_EARG for a
 * string that XML cannot carry; 0 if there was none. A NULL stanza counts as
 * XMPP_EMEM, because that is how a constructor fails. */
XMPP_API int xmpp_stanza_get_status(const xmpp_stanza_t *stanza);

/* The same as a text that names the place: "the text of <body>: the character
 * U+0001 at offset 17 is not allowed in XML". Offsets are in octets, from 0. ""
 * if nothing failed; never NULL. Borrowed; lives as long as the tree. */
XMPP_API const char *xmpp_stanza_get_status_text(const xmpp_stanza_t *stanza);

/* ---- the three kinds of stanza ----------------------------------- */

/* Each returns a new stanza; owned, NULL when out of memory. Arguments that are
 * NULL are left out. */
XMPP_API xmpp_stanza_t *xmpp_message_new(xmpp_ctx_t *ctx, const char *type,
                                         const char *to, const char *id);
XMPP_API xmpp_stanza_t *xmpp_iq_new(xmpp_ctx_t *ctx, const char *type,
                                    const char *id);
XMPP_API xmpp_stanza_t *xmpp_presence_new(xmpp_ctx_t *ctx);

/* The text of the body as a new string. Owned: xmpp_free(). NULL if there is no
 * <body/> in the message's own namespace, or this is not a message. */
XMPP_API char *xmpp_message_get_body(xmpp_stanza_t *msg);

/* Add a body. 0, XMPP_EMEM, XMPP_EARG, or XMPP_EINVOP if there is a body
 * already or this is not a message. */
XMPP_API int xmpp_message_set_body(xmpp_stanza_t *msg, const char *text);

/* ---- answers and errors ------------------------------------------ */

/* A reply: an element with the same name and attributes, addressed to the
 * sender of `stanza`. Owned. NULL if `stanza` has no `from`, or when out of
 * memory. */
XMPP_API xmpp_stanza_t *xmpp_stanza_reply(xmpp_stanza_t *stanza);

/* An error reply (RFC 6120 section 8.3). `error_type` is auth, cancel,
 * continue, modify or wait; `condition` is a defined condition; `text` may be
 * NULL. Owned.
 */
XMPP_API xmpp_stanza_t *xmpp_stanza_reply_error(xmpp_stanza_t *stanza,
                                                const char *error_type,
                                                const char *condition,
                                                const char *text);

/* A stream error to be sent by xmpp_send(). Owned. */
XMPP_API xmpp_stanza_t *xmpp_error_new(xmpp_ctx_t *ctx, xmpp_error_type_t type,
                                       const char *text);

XMPP_END

#endif /* XMPP_BUILD_H */
