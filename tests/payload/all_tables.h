/* all_tables.h - payload tables, for tests that take every one of them. */

#ifndef TESTS_PAYLOAD_ALL_TABLES_H
#define TESTS_PAYLOAD_ALL_TABLES_H

#include <xmpp/payload.h>

struct named_table {
    const char *name; /* NULL at the end */
    const xmpp_payload_t *table;
};

/* Those that the headers of extensions export; the build makes the list of
 * them. */
extern const struct named_table library_tables[];

/* Tables of the tests alone: each kind of value at each place. */
extern const struct named_table own_tables[];

/* The i-th of both, or NULL. */
const struct named_table *table_at(size_t i);

/* By its name, or NULL. */
const struct named_table *table_named(const char *name);

#endif
