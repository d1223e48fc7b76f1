/* interned.h - what is known of the names in a parser's dictionary.
 *
 * libxml2 gives a name, and a namespace, by a pointer into its dictionary: the
 * same pointer for the same text, as long as the parser lives. So each text is
 * measured, and looked up among the known names, once and not in each tag. */

#ifndef STANZA_INTERNED_H
#define STANZA_INTERNED_H

#include <stdint.h>

#include "stanza/names.h"

#define INTERNED_ROWS 64 /* a power of two */

struct interned {
    const char *key; /* NULL: nothing is known here */
    uint32_t n;
    uint16_t id; /* enum name_id */
};

/* A row for each hash of a pointer: the last text with that hash has it. Zeroed
 * for a new parser. */
struct interned_table {
    struct interned rows[INTERNED_ROWS];
};

/* Find out what there is to know of a text. */
void interned_learn(struct interned *row, const char *key);

/* The text of a row. Only that of a known name outlives the parser. */
static inline struct str interned_text(const struct interned *row)
{
    return row->id ? name_text((enum name_id)row->id) : str_n(row->key, row->n);
}

/* The row of a text, valid until the next call. */
static inline const struct interned *interned_find(struct interned_table *table,
                                                   const char *key)
{
    uint32_t hash = (uint32_t)(uintptr_t)key * 2654435761U;
    struct interned *row =
        &table->rows[hash / (UINT32_MAX / INTERNED_ROWS + 1)];

    if (row->key != key)
        interned_learn(row, key);
    return row;
}

#endif
