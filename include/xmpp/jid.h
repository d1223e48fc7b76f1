/* jid.h - XMPP addresses (RFC 7622): localpart@domainpart/resourcepart.
 *
 *     xmpp_text_error_t error;
 *     xmpp_jid_t *jid = xmpp_jid_from_string(ctx, "Juliet@A.ORG", &error);
 *     char *text;
 *
 *     if (!jid)
 *         return complain(error.part, error.reason);
 *     text = xmpp_jid_text(ctx, jid, XMPP_JID_BARE);
 *     ...
 *     xmpp_free(ctx, text);
 *     xmpp_free(ctx, jid);
 *
 * There are two sets of functions. Values (xmpp_jid_t) are in normal form: two
 * of them name the same entity if and only if they are equal. The functions on
 * strings, at the end, are libstrophe's: they only split and join text.
 */

#ifndef XMPP_JID_H
#define XMPP_JID_H

#include <xmpp/error.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* ---- values ------------------------------------------------------ */

/* A NULL address means that there is no address. `ret` must not be NULL;
 * ret_size and ret_error may. xmpp_text_error_format() makes a sentence of
 * *ret_error.
 *
 * Note that a user who types "juliet" has typed a domain. White space is not
 * trimmed. A text that begins with "xmpp:" is for xmpp_uri_parse(). */

/* Parts of an address and combinations of them. DOMAIN, BARE and FULL are
 * addresses; LOCAL and RESOURCE are only parts. Other values count as FULL. */
typedef enum {
    XMPP_JID_LOCAL = 1,
    XMPP_JID_DOMAIN = 2,
    XMPP_JID_RESOURCE = 4,
    XMPP_JID_BARE = XMPP_JID_LOCAL | XMPP_JID_DOMAIN,
    XMPP_JID_FULL = XMPP_JID_BARE | XMPP_JID_RESOURCE
} xmpp_jid_part_t;

/* What to do with a part that does not follow the rules.
 *
 * STRICT is for what a user or a program enters: everything that is not a valid
 * address is refused.
 *
 * LENIENT is for what comes from the network. Servers still prepare addresses
 * by older rules, or by another version of Unicode, so a part may arrive that
 * RFC 7622 does not allow. If it is harmless (UTF-8 without control characters,
 * 1 to 1023 octets) it is kept octet for octet and marked in `unprepared`. It
 * then equals only the same octets. It may contain characters that change the
 * writing direction: take care when you display it. Domains may contain
 * underscores.
 *
 * Both modes refuse an empty or missing part. */
typedef enum { XMPP_JID_STRICT, XMPP_JID_LENIENT } xmpp_jid_mode_t;

/* An address in normal form. The layout of this struct will not change. You may
 * copy it by assignment; the copy is valid as long as `text` lives. The parts
 * are in `text` one after the other, with their separators; an absent part has
 * size 0. */
typedef struct _xmpp_jid_t {
    const char
        *text; /* NUL-terminated only if a function says so: to print
                * it use xmpp_jid_text(), or xmpp_jid_view() and "%.*s" */
    unsigned short local_size, domain_size, resource_size; /* in octets */
    unsigned short unprepared; /* XMPP_JID_... bits of the parts that were kept
                                * as they came (LENIENT) */
} xmpp_jid_t;

/* Enough for every normal form and its NUL. */
#define XMPP_JID_BUFFER_SIZE 3072

/* Parse an address and bring it into normal form. `size` is its length in
 * octets, or (size_t)-1 if it ends at a NUL. `buffer` has XMPP_JID_BUFFER_SIZE
 * octets and does not overlap `text`. Allocates nothing.
 *
 * An address that is ASCII and already in normal form is not copied: ret->text
 * is then `text`, and `buffer` is not written. Otherwise ret->text is `buffer`,
 * NUL-terminated. So keep both as long as you use the value.
 *
 * The localpart is prepared by UsernameCaseMapped (RFC 8265) and must not
 * contain any of  " & ' / : < > @ , the domain becomes U-labels of IDNA2008 or
 * an IP literal and loses a final dot, and the resourcepart is prepared by
 * OpaqueString (RFC 7622 section 3). 0; XMPP_EARG, and *ret_error has the
 * reason; XMPP_EMEM (the Unicode library ran out of memory). */
XMPP_API int xmpp_jid_parse(const char *text, size_t size, xmpp_jid_mode_t mode,
                            char *buffer, xmpp_jid_t *ret,
                            xmpp_text_error_t *ret_error);

/* The same from parts, where an absent one is NULL. Parts are not split: a
 * `local` with an '@' is refused. The result is always in `buffer`. */
XMPP_API int xmpp_jid_join(const char *local, const char *domain,
                           const char *resource, xmpp_jid_mode_t mode,
                           char *buffer, xmpp_jid_t *ret,
                           xmpp_text_error_t *ret_error);

/* Set *ret to the bare address of `jid` with another resourcepart, or with none
 * (NULL). This makes the address of a room's occupant from the room's address
 * and a nickname. The result is in `buffer`, which may contain `jid` already
 * but not `resource`. Unprepared parts of `jid` are kept in either mode.
 * The results of xmpp_jid_parse(); XMPP_EINVOP if `jid` is NULL. */
XMPP_API int xmpp_jid_set_resource(const xmpp_jid_t *jid, const char *resource,
                                   xmpp_jid_mode_t mode, char *buffer,
                                   xmpp_jid_t *ret,
                                   xmpp_text_error_t *ret_error);

/* Copy a value and its text to one block. Owned: xmpp_free(). The text is
 * NUL-terminated. NULL when out of memory. */
XMPP_API xmpp_jid_t *xmpp_jid_copy(xmpp_ctx_t *ctx, const xmpp_jid_t *jid);

/* xmpp_jid_parse(), strict, and xmpp_jid_copy() in one. Owned: xmpp_free().
 * NULL if the text is not a valid address, and *ret_error has the reason; NULL
 * also when out of memory, and ret_error->part is "". */
XMPP_API xmpp_jid_t *xmpp_jid_from_string(xmpp_ctx_t *ctx, const char *text,
                                          xmpp_text_error_t *ret_error);

/* Set *ret to the DOMAIN, BARE or FULL address of `jid` (to no address, if
 * `jid` is NULL). It shares the text of `jid`, is not NUL-terminated, and is
 * valid as long as that text. `ret` may be `jid`. LOCAL and RESOURCE are not
 * addresses and count as FULL. */
XMPP_API void xmpp_jid_cut(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                           xmpp_jid_t *ret);

/* A part, or DOMAIN, BARE or FULL: *ret_size octets, not NUL-terminated.
 * Borrowed from the value. NULL and 0 if there is no such part. */
XMPP_API const char *xmpp_jid_view(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                                   size_t *ret_size);

/* The same as a new string. Owned: xmpp_free(). NULL also when out of memory.
 */
XMPP_API char *xmpp_jid_text(xmpp_ctx_t *ctx, const xmpp_jid_t *jid,
                             xmpp_jid_part_t part);

/* Non-zero if these parts of both addresses are equal (RFC 7622 section 3.2.3
 * and others). NULL equals nothing. An unprepared part never equals a valid
 * one. */
XMPP_API int xmpp_jid_equal(const xmpp_jid_t *a, const xmpp_jid_t *b,
                            xmpp_jid_part_t part);

/* Compare two addresses for sorting and trees: by domain, then localpart, then
 * resourcepart, an absent part first. Negative, 0 (equal) or positive. */
XMPP_API int xmpp_jid_compare(const xmpp_jid_t *a, const xmpp_jid_t *b,
                              xmpp_jid_part_t part);

/* A hash of these parts (SipHash-2-4). Equal parts have equal hashes. If
 * strangers choose the addresses, pass a `key` of 16 random octets, so that
 * they cannot cause collisions. NULL means a key that is the same everywhere.
 */
XMPP_API unsigned long xmpp_jid_hash(const xmpp_jid_t *jid,
                                     xmpp_jid_part_t part,
                                     const unsigned char *key);

/* The domain as DNS and certificates need it: A-labels, and IP literals without
 * brackets. Owned: xmpp_free(). NULL if it has no such form (an unprepared
 * domain, an IP literal with a zone or of a future version), or when out of
 * memory. */
XMPP_API char *xmpp_jid_domain_ascii(xmpp_ctx_t *ctx, const xmpp_jid_t *jid);

/* ---- addresses in stanzas ---------------------------------------- */

/* The address in an attribute ("from", "to", "jid"), parsed leniently. Its text
 * lives as long as the tree. 1 if *ret is set; 0 if there is no such attribute;
 * XMPP_EARG if its value is not an address; XMPP_EMEM. */
XMPP_API int xmpp_stanza_get_jid(xmpp_stanza_t *stanza, const char *attribute,
                                 xmpp_jid_t *ret);

/* Set an attribute to an address. Unprepared parts are sent as they were
 * received. 0; XMPP_EINVOP (also for an address without a domain); XMPP_EARG if
 * `attribute` is not a valid name; XMPP_EMEM. */
XMPP_API int xmpp_stanza_set_jid(xmpp_stanza_t *stanza, const char *attribute,
                                 const xmpp_jid_t *jid);

/* ---- strings ----------------------------------------------------- */

/* libstrophe's. They do not prepare or compare anything: two texts that differ
 * may still be the same address. They split at the first '/', then at the first
 * '@' before it (RFC 7622 section 3.2). All return a new string, owned:
 * xmpp_free(). NULL if there is no such part, if the address is malformed, or
 * when out of memory. */

/* Join an address; new programs use xmpp_jid_join(). `domain` is required; a
 * NULL `node` or `resource` is left out. NULL also if a part is longer than
 * 1023 octets, the domain is empty, or the node contains a space or one of " &
 * ' / : < > @ */
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
