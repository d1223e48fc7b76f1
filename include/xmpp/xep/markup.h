/* markup.h - what belongs to the body of a message: URIs beside it (XEP-0066),
 * references to others in it (XEP-0372), actions of the sender (XEP-0245), and
 * how it is encrypted (XEP-0380). xep/styling.h has bold and quoted text.
 */

#ifndef XMPP_XEP_MARKUP_H
#define XMPP_XEP_MARKUP_H

#include <xmpp/payload.h>
#include <xmpp/result.h>

XMPP_BEGIN

/* ---- URIs -------------------------------------------------------- */

/* <x/> in a message or a presence: something at this URI, of any scheme. Many
 * programs display a file if the body is nothing but the same URI. */
typedef struct _xmpp_oob_t {
    size_t size;
    const char *url; /* required */
    const char *desc;
} xmpp_oob_t;

/* <query/> in an iq of type "set": fetch this file (section 2 of XEP-0066). */
typedef struct _xmpp_oob_offer_t {
    size_t size;
    const char *url; /* required */
    const char *desc;
    const char *sid; /* of a session that was negotiated (XEP-0095), or NULL */
} xmpp_oob_offer_t;

XMPP_API extern const xmpp_payload_t xmpp_oob;
XMPP_API extern const xmpp_payload_t xmpp_oob_offer;

/* Request of a client, by its full address, that it fetches a file. The result
 * has no value, and comes when it has the whole file; that may take longer than
 * XMPP_OPT_REQUEST_TIMEOUT. XMPP_ESTANZA with "item-not-found" means that it
 * could not fetch the file, with "not-acceptable" that it did not want to. The
 * codes of xmpp_request().
 *
 * To accept offers use a module of your own with the row XMPP_IQ_SET(sender,
 * XMPP_NS_OOB_OFFER, "query", &xmpp_oob_offer, fn), and answer when you have
 * the file. */
XMPP_API int xmpp_oob_send(xmpp_conn_t *conn, const char *to,
                           const xmpp_oob_offer_t *offer,
                           xmpp_result_handler handler, void *userdata);

/* ---- in the body ------------------------------------------------- */

/* <reference/>: a part of the body is about somebody or something else; it is
 * counted in code points (xmpp_text_octets() in reply.h) and `end` is the first
 * one behind it. XMPP_NO_NUMBER: it is not about a part. */
typedef struct _xmpp_reference_t {
    size_t size;
    const char *type;   /* "mention", "data", ...; required */
    const char *uri;    /* such as xmpp:juliet@capulet.lit */
    const char *anchor; /* the message that is meant, if not this one */
    long begin, end;
} xmpp_reference_t;

XMPP_API extern const xmpp_payload_t xmpp_reference;

/* What somebody does, if the body begins with "/me ": the text behind it, to be
 * displayed behind the name of the sender. Borrowed from `body`. NULL for any
 * other body. */
XMPP_API const char *xmpp_me_get(const char *body);

/* ---- encryption -------------------------------------------------- */

/* <encryption/>: the message is encrypted. A program that cannot decrypt it has
 * to say so in the place of the body. */
typedef struct _xmpp_encryption_t {
    size_t size;
    const char *ns;   /* of the mechanism; required */
    const char *name; /* of one that XEP-0380 does not list */
} xmpp_encryption_t;

XMPP_API extern const xmpp_payload_t xmpp_encryption;

/* The name of the mechanism, for people: the one that XEP-0380 lists; else the
 * one that the sender gave, which may be any text; else its namespace. NULL for
 * NULL. */
XMPP_API const char *
xmpp_encryption_get_name(const xmpp_encryption_t *encryption);

XMPP_END

#endif /* XMPP_XEP_MARKUP_H */
