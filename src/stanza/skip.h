/* skip.h - the way past a stanza that is not wanted: its XML is checked, and
 * nothing of it is kept.
 *
 * libxml2 keeps a name for each open element and every name that it ever saw;
 * this keeps four bytes of an open element, and nothing at all beyond a million
 * of them. Checked is what makes a document well-formed, but not that no
 * attribute comes twice and that each prefix is declared. */

#ifndef STANZA_SKIP_H
#define STANZA_SKIP_H

#include "base/buf.h"
#include "stanza/node.h"
#include "stanza/step.h"

struct skip {
    uint64_t depth, deepest; /* open elements, the stanza's own included */
    bool done;
    int code; /* XMPP_E... where it is not well-formed; 0 */
    const char *what;
    struct buf tag; /* the stanza's own start tag, empty and without what is
                       long; where it is kept */

    /* Inside. `open` has a hash of each open element's name; of the first
     * `inherited` ones the prefix is not known. */
    struct buf open;
    uint64_t inherited;
    unsigned char state, back, quote, brackets;
    struct {
        uint32_t full, local; /* hashes: with its prefix, without */
        bool has_prefix, is_fresh;
    } name;
    struct character character;
    struct reference reference;
    size_t mark; /* where the attribute begins in `tag` */
    bool keeps, drops;
};

void skip_init(struct skip *k, struct env *env);

/* Give the memory back; it can begin again. */
void skip_clear(struct skip *k);

/* What follows stands in `innermost`, an element of the stanza that is open,
 * NULL before its '<'; then its own start tag is kept. */
void skip_begin(struct skip *k, const xmpp_stanza_t *innermost);

/* Besides, this element is open, and what follows is the end of its tag: "/>"
 * or ">". */
void skip_begin_in_tag(struct skip *k, struct str name);

/* Read on; returns how many bytes were taken: all, unless it is `done`, or
 * `code` says why not. */
size_t skip_feed(struct skip *k, const char *bytes, size_t n);

#endif
