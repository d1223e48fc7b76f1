/* skip.h - reads past a stanza that is not wanted, and checks its XML.
 *
 * libxml2 would keep a name for each open element, and every name that it has
 * ever seen. This keeps four bytes per open element, and nothing beyond a
 * million of them. It checks that the XML is well-formed, except that no
 * attribute comes twice and that prefixes are declared. */

#ifndef STANZA_SKIP_H
#define STANZA_SKIP_H

#include "base/buf.h"
#include "stanza/node.h"
#include "stanza/lexer.h"

struct skip {
    uint64_t depth, deepest; /* open elements, the stanza's own included */
    bool done;               /* the stanza is complete */
    int code;                /* XMPP_E... if it is not well-formed, else 0 */
    const char *what;        /* the words for `code` */
    struct buf tag; /* if it is kept: the stanza's start tag as an empty
                       element, with id, type, from, to and its namespaces
                       unless they are long */

    /* Private. `open` has a hash of the name of each open element, of the first
     * `inherited` ones without the prefix, which is not known. */
    struct buf open;
    uint64_t inherited;
    unsigned char state, back, quote, brackets;
    struct {
        uint32_t full, local; /* hashes: with its prefix, without */
        bool has_prefix, is_fresh;
    } name;
    struct character character;
    struct reference reference;
    size_t mark; /* where the present attribute begins in `tag` */
    bool keeps, drops;
};

void skip_init(struct skip *k, struct env *env);

/* Free the memory; skip_begin() may follow. */
void skip_clear(struct skip *k);

/* Begin behind the last byte of an open element of the stanza, `innermost`.
 * With NULL begin before the '<' of the stanza, and keep its start tag. */
void skip_begin(struct skip *k, const xmpp_stanza_t *innermost);

/* After skip_begin(): one more element is open, and the bytes begin with the
 * end of its tag, "/>" or ">". */
void skip_begin_in_tag(struct skip *k, struct str name);

/* Read bytes. Returns how many were taken: all, unless `done` or `code` is set.
 */
size_t skip_feed(struct skip *k, const char *bytes, size_t n);

#endif
