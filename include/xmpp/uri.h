/* uri.h - XMPP addresses as links: xmpp: URIs and IRIs (RFC 5122).
 *
 *     xmpp:romeo@montague.lit?message;subject=Test;body=Hello%20World
 *     xmpp://guest@example.com/support@example.com?message
 *
 * A URI is ASCII; an IRI is the same with Unicode characters unencoded. A link
 * names an address and suggests what to do with it. A stranger wrote it, so ask
 * the user before you do anything (RFC 5122 section 5).
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

/* Limits, for parsing and for formatting. */
#define XMPP_URI_MAX 65536      /* octets of a URI or IRI */
#define XMPP_URI_PARAMS_MAX 256 /* parameters */

/* One pair of a query, decoded. */
typedef struct _xmpp_uri_param_t {
    const char *key;
    const char *value;
} xmpp_uri_param_t;

/* The parts of a URI. The layout of this struct will not change. All texts are
 * decoded UTF-8 and end at a NUL. An absent part is NULL, which differs from an
 * empty one. Texts may contain control characters other than NUL. */
typedef struct _xmpp_uri_t {
    const xmpp_jid_t *account; /* the account to use (authority): a bare
                                * address; rarely present; ignore it if an
                                * account is configured */
    const xmpp_jid_t *jid;     /* who it is about (path); NULL only if there is
                                * an account */
    const char *type;          /* what to do ("message", "join"); "" if the
                                * query names nothing; NULL without a query */
    const xmpp_uri_param_t *params; /* in their order, including duplicates
                                     * and unknown ones */
    size_t param_count;
    const char *fragment;
} xmpp_uri_t;

/* Parse a URI or an IRI. `size` is its length in octets, or (size_t)-1 if it
 * ends at a NUL. The text is first split, then each part is decoded once, then
 * the addresses are brought into normal form (jid.h, in the same mode). So
 * nothing that is encoded can act as a delimiter: "xmpp:a%40b@c" has a
 * localpart with an
 * '@' and is refused. '+' is a plus sign, and '&' does not separate parameters.
 *
 * XMPP_JID_STRICT accepts exactly the grammar of RFC 5122 sections 2.2 and 3.3.
 * XMPP_JID_LENIENT is for links that others made. It also accepts
 *   - in resources and queries, what URIs in general may have there (RFC 3986
 *     sections 3.3 and 3.4), as in "?invite;jid=hecate@shakespeare.lit" or in a
 *     resource with '/' or '@'; private characters in queries (RFC 3987)
 *   - a pair without '=', whose value is then empty; an empty pair, as after a
 *     final ';', which is ignored
 *   - a query that begins with a pair ("?omemo-sid-1=..."); its type is ""
 *   - a slash after the authority with nothing after it
 *   - addresses of servers that prepare them by older rules.
 * Both modes refuse: anything but UTF-8, also inside escapes; an invalid
 * escape; %00; unencoded spaces, control characters and characters that change
 * the writing direction; a port; an authority that is not localpart@domain; an
 * IP literal with encoded brackets.
 *
 * *ret is one block. Owned: xmpp_free(). 0; XMPP_EARG, and *ret_error (which
 * may be NULL) has the part: "scheme", "authority", "path", "query",
 * "fragment", "URI" for the whole, or a part of an address; XMPP_EMEM. */
XMPP_API int xmpp_uri_parse(xmpp_ctx_t *ctx, const char *text, size_t size,
                            xmpp_jid_mode_t mode, xmpp_uri_t **ret,
                            xmpp_text_error_t *ret_error);

/* The value of the first parameter with this key; NULL if there is none, or
 * `uri` is NULL. Borrowed from `uri`. */
XMPP_API const char *xmpp_uri_get_param(const xmpp_uri_t *uri, const char *key);

/* A URI for links, QR codes and other programs, or an IRI for people. An IRI
 * has characters outside ASCII unencoded, except those that could be misread
 * (RFC 3987 sections 2.2, 4.1 and 6.1): invisible ones, spaces, those that
 * change the writing direction, a mark without a letter before it, look-alikes
 * of delimiters and of ASCII characters, and unassigned ones. A part that mixes
 * writing directions is encoded as a whole (section 4.2). */
typedef enum { XMPP_URI_ASCII, XMPP_URI_UNICODE } xmpp_uri_form_t;

/* Format a URI. You may fill in `uri` by hand, or use one from
 * xmpp_uri_parse(); parsing the result yields the same parts. Everything that
 * needs it is percent-encoded, including the U-labels of domains.
 *
 * *ret is owned: xmpp_free(). 0; XMPP_EARG and *ret_error (which may be NULL)
 * if there is neither an account nor an address, the account has a resource or
 * no localpart, a parameter lacks its key or value, a text is not UTF-8, or a
 * limit is exceeded; XMPP_EMEM. */
XMPP_API int xmpp_uri_format(xmpp_ctx_t *ctx, const xmpp_uri_t *uri,
                             xmpp_uri_form_t form, char **ret,
                             xmpp_text_error_t *ret_error);

/* Convert a URI to an IRI (RFC 3987 section 3.2) and back (section 3.1). This
 * works on the text, for any scheme, whatever it means. To an IRI, escapes are
 * decoded if they are unreserved ASCII, or letters as described at
 * xmpp_uri_form_t; escapes that are not UTF-8 stay. From an IRI, characters
 * outside ASCII are encoded. Both also accept a text that is in the
 * requested form already.
 *
 * *ret is owned: xmpp_free(). 0; XMPP_EARG and *ret_error (which may be NULL)
 * if the text is not a valid IRI (not UTF-8, a character that must be encoded,
 * an invalid escape) or is longer than XMPP_URI_MAX before or after; XMPP_EMEM.
 */
XMPP_API int xmpp_uri_to_iri(xmpp_ctx_t *ctx, const char *uri, char **ret,
                             xmpp_text_error_t *ret_error);
XMPP_API int xmpp_uri_from_iri(xmpp_ctx_t *ctx, const char *iri, char **ret,
                               xmpp_text_error_t *ret_error);

/* Non-zero if this query type is in the registry of XEP-0147 or in a XEP that
 * adds to it, and, unless `key` is NULL, has that key. Other types may be used;
 * programs that do not know them ignore them. */
XMPP_API int xmpp_uri_is_registered(const char *type, const char *key);

XMPP_END

#endif /* XMPP_URI_H */
