/* interned.c - what is known of the names in a parser's dictionary. */

#include "stanza/interned.h"

/* libxml2 takes no name of more than ten million octets. */
void interned_learn(struct interned *row, const char *key)
{
    struct str text = str_of(key);

    row->key = key;
    row->n = (uint32_t)text.n;
    row->id = (uint16_t)name_find(text);
}
