/* uri.h - XMPP addresses as links: xmpp: URIs and IRIs (RFC 5122).
 *
 *     xmpp:romeo@montague.lit?message;subject=Test;body=Hello%20World
 *     xmpp://guest@example.com/support@example.com?message
 *
 * A URI is ASCII; an IRI is the same with Unicode characters as they are. A
 * link names an address and suggests what to do with it; it was written by a
 * stranger, so ask the user before anything is done (RFC 5122 section 5).
 *
 *     xmpp_uri_param_t body = {"body", "Hello World"};
 *     xmpp_uri_t uri = {0};
 *     uri.jid = jid;
 *     uri.type = "message";
 *     uri.params = &body;
 *     uri.param_count = 1;
 *     rc = xmpp_uri_format(ctx, &uri, XMPP_URI_ASCII, &link, NULL);
 */

#ifndef XMPP_URI_H
#define XMPP_URI_H

#include <xmpp/error.h>
#include <xmpp/jid.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* More of it is refused, coming in and going out. */
#define XMPP_URI_MAX 65536      /* octets of a URI or IRI */
#define XMPP_URI_PARAMS_MAX 256 /* parameters */

/* One pair of a query, decoded. */
typedef struct _xmpp_uri_param_t {
    const char *key;
    const char *value;
} xmpp_uri_param_t;

/* A URI taken apart. Its layout will not change. All texts are decoded,
 * UTF-8, and end at a NUL; an absent part is NULL, which differs from an empty
 * one. Texts may hold control characters other than NUL. */
typedef struct _xmpp_uri_t {
    const xmpp_jid_t *account; /* the account to use (authority): a bare
                                * address; rarely there, and to be ignored
                                * where an account is configured */
    const xmpp_jid_t *jid;     /* who it is about (path); may be absent only
                                * where there is an account */
    const char *type;          /* what to do ("message", "join"), "" where a
                                * query names none; NULL without a query */
    const xmpp_uri_param_t *params; /* in their order, duplicates and
                                     * unknown ones as they came */
    size_t param_count;
    const char *fragment;
} xmpp_uri_t;

/* Take a URI or an IRI apart. `size` is its length in octets, or (size_t)-1
 * if it ends at a NUL. It is cut first; then each part is decoded, once; then
 * the addresses are brought into normal form (jid.h, in the same mode), so
 * that nothing encoded can act as a delimiter: "xmpp:a%40b@c" has a localpart
 * with an '@', and is refused. '+' is a plus sign, and '&' separates nothing.
 *
 * XMPP_JID_STRICT is the grammar of RFC 5122 sections 2.2 and 3.3 to the
 * letter. XMPP_JID_LENIENT, for links that others made, also takes
 *   - in resources and queries what URIs in general may have there (RFC 3986
 *     sections 3.3, 3.4), as in "?invite;jid=hecate@shakespeare.lit" or a
 *     resource with '/' or '@'; private characters in queries (RFC 3987)
 *   - a pair without '=', which has an empty value; an empty pair, as in a
 *     final ';', which counts for nothing
 *   - a query that begins with a pair ("?omemo-sid-1=..."); its type is ""
 *   - a slash after the authority with nothing behind it
 *   - addresses as servers have them that prepare by older rules.
 * In either mode refused: anything but UTF-8, also inside of escapes; an
 * escape that is none; %00; spaces, control characters, and those that change
 * the direction of writing, unless they are encoded; a port; an authority that
 * is not localpart@domain; an IP literal with encoded brackets.
 *
 * *ret is owned, one block: xmpp_free(). 0; XMPP_EARG, and then *ret_error
 * (which may be NULL) has the part ("scheme", "authority", "path", "query",
 * "fragment", "URI" as a whole, or the part of an address); XMPP_EMEM. */
XMPP_API int xmpp_uri_parse(xmpp_ctx_t *ctx, const char *text, size_t size,
                            xmpp_jid_mode_t mode, xmpp_uri_t **ret,
                            xmpp_text_error_t *ret_error);

/* The value of the first parameter with this key, borrowed from `uri`; NULL
 * if there is none, or `uri` is NULL. */
XMPP_API const char *xmpp_uri_get_param(const xmpp_uri_t *uri, const char *key);

/* A URI, for links, QR codes and other programs; or an IRI, for people: there
 * characters outside ASCII stay as they are, but for what could be misread,
 * which is encoded (RFC 3987 sections 2.2, 4.1, 6.1): what is invisible,
 * spaces, what changes the direction of writing, a mark without a letter before
 * it, what looks like a delimiter or is a form of an ASCII character, what is
 * not assigned; and a part that mixes directions as a whole (section 4.2). */
typedef enum { XMPP_URI_ASCII, XMPP_URI_UNICODE } xmpp_uri_form_t;

/* Put a URI together. `uri` may be filled by hand or come from
 * xmpp_uri_parse(), which gives back the same parts for the result.
 * Percent-encodes whatever needs it, hence also the U-labels of domains.
 *
 * *ret is owned: xmpp_free(). 0; XMPP_EARG (neither account nor address; an
 * account with a resource or without a localpart; a pair without key or value;
 * not UTF-8; a limit above) and *ret_error, which may be NULL; XMPP_EMEM. */
XMPP_API int xmpp_uri_format(xmpp_ctx_t *ctx, const xmpp_uri_t *uri,
                             xmpp_uri_form_t form, char **ret,
                             xmpp_text_error_t *ret_error);

/* A URI as an IRI (RFC 3987 section 3.2) and back (section 3.1): as text, of
 * any scheme, without looking at what it means. To an IRI, escapes that are
 * unreserved ASCII, or letters as described at xmpp_uri_form_t, are decoded,
 * and those that are not UTF-8 stay. From an IRI, characters outside ASCII are
 * encoded. Either is done when the text is of the wanted form already.
 *
 * *ret is owned: xmpp_free(). 0; XMPP_EARG if it is no IRI (not UTF-8, a
 * character that has to be encoded, an escape that is none, longer than
 * XMPP_URI_MAX before or after) and *ret_error, which may be NULL;
 * XMPP_EMEM. */
XMPP_API int xmpp_uri_to_iri(xmpp_ctx_t *ctx, const char *uri, char **ret,
                             xmpp_text_error_t *ret_error);
XMPP_API int xmpp_uri_from_iri(xmpp_ctx_t *ctx, const char *iri, char **ret,
                               xmpp_text_error_t *ret_error);

/* Is this query type known to the registry of XEP-0147 or to the XEPs that
 * add to it, and, unless `key` is NULL, has it that key? Non-zero for yes.
 * Others may be used; who does not know them ignores them. */
XMPP_API int xmpp_uri_is_registered(const char *type, const char *key);

XMPP_END

#endif /* XMPP_URI_H */
