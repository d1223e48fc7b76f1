/* reply.h - replies to an earlier message (XEP-0461), and texts that are only
 * for programs that do not know an extension (XEP-0428), such as the quotation
 * above a reply. The places of both in a body are counted in code points
 * (XEP-0426).
 *
 *     const char *body = xmpp_fallback_get_body(message, XMPP_NS_REPLY);
 */

#ifndef XMPP_XEP_REPLY_H
#define XMPP_XEP_REPLY_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* <reply/>: this message answers the one with this id, and no other one. */
typedef struct _xmpp_reply_t {
    size_t size;
    xmpp_jid_t to;  /* who wrote that message */
    const char *id; /* required; see xmpp_followup_get_id() (followup.h) */
} xmpp_reply_t;

/* A part of a text: from the code point `start`, counted from 0, up to but
 * without `end`. XMPP_NO_NUMBER: from its beginning, up to its end. */
typedef struct _xmpp_region_t {
    size_t size;
    long start, end;
} xmpp_region_t;

/* <fallback/>: these parts of the body and of the subject are in the place of
 * something that the extension `for_ns` describes. Without any part it is all
 * of both. */
typedef struct _xmpp_fallback_t {
    size_t size;
    const char *for_ns; /* its namespace */
    const xmpp_region_t *const *bodies;
    size_t body_count;
    const xmpp_region_t *const *subjects;
    size_t subject_count;
} xmpp_fallback_t;

XMPP_API extern const xmpp_payload_t xmpp_reply;
XMPP_API extern const xmpp_payload_t xmpp_fallback;

/* The body (or the subject) without the parts that are a fallback for an
 * extension that the program knows. `known` are the namespaces of these, with
 * spaces between them; NULL: of all. The first 64 parts count. Borrowed from
 * the message; "" if it is nothing but a fallback. NULL if there is no body, or
 * when out of memory. */
XMPP_API const char *xmpp_fallback_get_body(xmpp_stanza_t *message,
                                            const char *known);
XMPP_API const char *xmpp_fallback_get_subject(xmpp_stanza_t *message,
                                               const char *known);

/* Make a message a reply with this body. `quoted` is what it replies to: each
 * of its lines stands above `body` with a "> ", marked as a fallback. NULL: do
 * not quote. 0; XMPP_EINVOP without a message, a reply or a body, or if the
 * message has a body already; XMPP_EMEM: then do not send it; or the status of
 * the tree (build.h). */
XMPP_API int xmpp_reply_add(xmpp_stanza_t *message, const xmpp_reply_t *reply,
                            const char *quoted, const char *body);

/* ---- places in texts --------------------------------------------- */

/* The octet at which the code point with this number begins, and how many code
 * points begin before an octet. What is outside of the text is its beginning or
 * its end. `text` is UTF-8; NULL is "". */
XMPP_API long xmpp_text_octets(const char *text, long points);
XMPP_API long xmpp_text_points(const char *text, long octets);

XMPP_END

#endif /* XMPP_XEP_REPLY_H */
