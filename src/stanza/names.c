/* names.c - well-known names and namespaces as small integers. */

#include "stanza/names.h"

#include "stanza/names_table.h"

const struct str name_texts[NAME_COUNT] = {{NULL, 0},
#define ROW(id, text) {text, sizeof(text) - 1},
                                           NAME_MAP(ROW)
#undef ROW
};

/* No two known names share a slot (names_table.h), so that one comparison of
 * strings decides. */
static unsigned slot_of(struct str t)
{
    const unsigned char *s = (const unsigned char *)t.s;

    return ((unsigned)t.n * NAME_BY_LENGTH + s[0] * NAME_BY_FIRST +
            s[t.n - 1] * NAME_BY_LAST + s[t.n / 2] * NAME_BY_MIDDLE +
            s[t.n > 3 ? t.n - 3 : 0] * NAME_BY_LATE) %
           NAME_SLOTS;
}

enum name_id name_find(struct str text)
{
    enum name_id id;

    if (text.n == 0)
        return NAME_NONE;
    id = (enum name_id)name_slots[slot_of(text)];
    return id && str_eq(name_texts[id], text) ? id : NAME_NONE;
}
