/* jid.h - XMPP addresses (RFC 7622): localpart@domainpart/resourcepart.
 *
 * There are two ways. Values (xmpp_jid_t) are in normal form, so that two of
 * them name the same entity if and only if they are equal. The functions on
 * strings at the end are libstrophe's: they only cut and paste.
 */

#ifndef XMPP_JID_H
#define XMPP_JID_H

#include <xmpp/error.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* ---- values ------------------------------------------------------ */

/* NULL for an address means: there is none. `ret` must not be NULL, ret_size
 * and ret_error may; the error is printed by xmpp_text_error_format(). A user
 * who types "juliet" has typed a domain; nothing is trimmed; and what begins
 * with "xmpp:" is for xmpp_uri_parse(). */

/* Parts, and what is made of them: DOMAIN, BARE and FULL are addresses, LOCAL
 * and RESOURCE are parts only. Other values count as FULL. */
typedef enum {
    XMPP_JID_LOCAL = 1,
    XMPP_JID_DOMAIN = 2,
    XMPP_JID_RESOURCE = 4,
    XMPP_JID_BARE = XMPP_JID_LOCAL | XMPP_JID_DOMAIN,
    XMPP_JID_FULL = XMPP_JID_BARE | XMPP_JID_RESOURCE
} xmpp_jid_part_t;

/* How to take what does not follow the rules.
 *
 * STRICT, for what a user or a program enters: anything but a valid address
 * is refused.
 *
 * LENIENT, for what comes from the network: servers still prepare addresses
 * by older rules, or by another version of Unicode, so that a part may arrive
 * which RFC 7622 does not allow. As long as it is harmless (UTF-8 without
 * control characters, 1 to 1023 octets) it is kept octet for octet and marked
 * in `unprepared`; it then equals only the same octets. It may contain
 * characters that change the direction of writing: take care when you show it.
 * Domains may have underscores. An empty or missing part is refused in either
 * mode. */
typedef enum { XMPP_JID_STRICT, XMPP_JID_LENIENT } xmpp_jid_mode_t;

/* An address in normal form. Its layout will not change; copy it by
 * assignment, as long as `text` lives. Invariant: the parts stand in `text`
 * one behind the other with their separators, an absent part has length 0. */
typedef struct _xmpp_jid_t {
    const char *text; /* not NUL-terminated, unless it is said so: to print it
                       * take xmpp_jid_text(), or "%.*s" of xmpp_jid_view() */
    unsigned short local_size, domain_size, resource_size; /* in octets */
    unsigned short unprepared; /* the parts that could not be brought into
                                normal form: kept as they came (LENIENT) */
} xmpp_jid_t;

/* Room for every normal form and its NUL. */
#define XMPP_JID_BUFFER_SIZE 3072

/* Bring an address into normal form. `size` is its length in octets, or
 * (size_t)-1 if it ends at a NUL. `room` has XMPP_JID_BUFFER_SIZE octets, none
 * of them in `text`. What is ASCII and in normal form already is not copied:
 * ret->text is then `text` itself, and `room` is not written; else ret->text is
 * `room`, NUL-terminated. So the value lives as long as both. Allocates
 * nothing.
 *
 * Localpart by UsernameCaseMapped (RFC 8265) less  " & ' / : < > @ , domain
 * as U-labels of IDNA2008 or an IP literal, a final dot dropped, resourcepart
 * by OpaqueString; RFC 7622 section 3. 0; XMPP_EARG and *ret_error (which may
 * be NULL); XMPP_EMEM (out of memory inside the Unicode library). */
XMPP_API int xmpp_jid_parse(const char *text, size_t size, xmpp_jid_mode_t mode,
                            char *room, xmpp_jid_t *ret,
                            xmpp_text_error_t *ret_error);

/* The same from parts, NULL for an absent one: nothing is cut, so that a
 * `local` with an '@' is refused. The result always stands in `room`. */
XMPP_API int xmpp_jid_join(const char *local, const char *domain,
                           const char *resource, xmpp_jid_mode_t mode,
                           char *room, xmpp_jid_t *ret,
                           xmpp_text_error_t *ret_error);

/* *ret becomes the bare address of `jid` with another resourcepart, or with
 * none (NULL): the address of an occupant, from that of the room and a
 * nickname. The result stands in `room`, where `jid` may stand already but
 * `resource` may not. Odd parts of `jid` stay so, in either mode. Results as
 * above; XMPP_EINVOP without `jid`. */
XMPP_API int xmpp_jid_set_resource(const xmpp_jid_t *jid, const char *resource,
                                   xmpp_jid_mode_t mode, char *room,
                                   xmpp_jid_t *ret,
                                   xmpp_text_error_t *ret_error);

/* A value to keep, with its text in the same block (owned: xmpp_free; the
 * text is NUL-terminated). NULL when memory is out. */
XMPP_API xmpp_jid_t *xmpp_jid_copy(xmpp_ctx_t *ctx, const xmpp_jid_t *jid);

/* xmpp_jid_parse() and xmpp_jid_copy() in one, strictly. NULL when it is no
 * valid address, and then *ret_error (which may be NULL) says why, or when
 * memory is out, and then ret_error->part is "". */
XMPP_API xmpp_jid_t *xmpp_jid_from_string(xmpp_ctx_t *ctx, const char *text,
                                          xmpp_text_error_t *ret_error);

/* *ret becomes the DOMAIN, BARE or FULL address of `jid` (nothing, of NULL),
 * on the same text:
 * not NUL-terminated, valid as long as that. `ret` may be `jid`. LOCAL and
 * RESOURCE, which are no addresses, count as FULL. */
XMPP_API void xmpp_jid_cut(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                           xmpp_jid_t *ret);

/* A part, or DOMAIN, BARE or FULL, borrowed from the value: *ret_size octets,
 * not NUL-terminated. NULL and 0 if there is no such part. */
XMPP_API const char *xmpp_jid_view(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                                   size_t *ret_size);

/* The same as a string (owned: xmpp_free); NULL also when memory is out. */
XMPP_API char *xmpp_jid_text(xmpp_ctx_t *ctx, const xmpp_jid_t *jid,
                             xmpp_jid_part_t part);

/* Are these parts of both the same? Non-zero for yes; NULL equals nothing.
 * An unprepared part never equals a valid one. RFC 7622 section 3.2.3 and
 * others. */
XMPP_API int xmpp_jid_equal(const xmpp_jid_t *a, const xmpp_jid_t *b,
                            xmpp_jid_part_t part);

/* An order of addresses, for sorting and trees: by domain, then localpart,
 * then resourcepart, an absent one first. Negative, 0 (equal) or positive. */
XMPP_API int xmpp_jid_compare(const xmpp_jid_t *a, const xmpp_jid_t *b,
                              xmpp_jid_part_t part);

/* A hash of those parts (SipHash-2-4). Equal parts have equal hashes. Give a
 * `key` of 16 random octets where strangers choose the addresses, so that
 * they cannot make them collide; NULL for one that is the same everywhere. */
XMPP_API unsigned long xmpp_jid_hash(const xmpp_jid_t *jid,
                                     xmpp_jid_part_t part,
                                     const unsigned char *key);

/* The domain for DNS and certificates: A-labels, brackets of an IP literal
 * dropped (owned: xmpp_free). NULL if it has no such form (an unprepared
 * domain, an IP literal with a zone or of a future version), or if there is no
 * memory. */
XMPP_API char *xmpp_jid_domain_ascii(xmpp_ctx_t *ctx, const xmpp_jid_t *jid);

/* ---- addresses in stanzas ---------------------------------------- */

/* The address in an attribute ("from", "to", "jid"), leniently. Its text
 * lives as long as the tree. 1 if there is one, and then *ret is it; 0 if
 * there is no such attribute; XMPP_EARG if it is no address; XMPP_EMEM. */
XMPP_API int xmpp_stanza_get_jid(xmpp_stanza_t *stanza, const char *attribute,
                                 xmpp_jid_t *ret);

/* Put an address into an attribute. Unprepared parts are sent as they were
 * received. 0; XMPP_EINVOP (also without a domain); XMPP_EARG if `attribute` is
 * not a name; XMPP_EMEM. */
XMPP_API int xmpp_stanza_set_jid(xmpp_stanza_t *stanza, const char *attribute,
                                 const xmpp_jid_t *jid);

/* ---- strings ----------------------------------------------------- */

/* libstrophe's. They prepare nothing and compare nothing: two texts that
 * differ may still be one address. All return a new string (owned:
 * xmpp_free), or NULL when there is no such part, the address is malformed,
 * or memory is out. They cut at the first '/', then at the first '@' before
 * it (RFC 7622 section 3.2). */

/* Put an address together; new programs take xmpp_jid_join(). `domain` is
 * required; NULL `node` or `resource`
 * is left out. NULL if a part is longer than 1023 octets, the domain is
 * empty, or the node holds one of  " & ' / : < > @ or a space. */
XMPP_API char *xmpp_jid_new(xmpp_ctx_t *ctx, const char *node,
                            const char *domain, const char *resource);

/* localpart@domainpart, or domainpart alone. */
XMPP_API char *xmpp_jid_bare(xmpp_ctx_t *ctx, const char *jid);

/* The part before '@'. */
XMPP_API char *xmpp_jid_node(xmpp_ctx_t *ctx, const char *jid);

/* The domainpart. */
XMPP_API char *xmpp_jid_domain(xmpp_ctx_t *ctx, const char *jid);

/* The part after the first '/'. */
XMPP_API char *xmpp_jid_resource(xmpp_ctx_t *ctx, const char *jid);

XMPP_END

#endif /* XMPP_JID_H */
