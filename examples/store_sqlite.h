/* store_sqlite.h - a store for modules: one table of SQLite. */

#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <xmpp/store.h>

/* Fill in `store` for xmpp_conn_set_store(). The database is made if it is
 * missing, for its owner alone; it may have other tables beside "store". 0, or
 * -1, and there is nothing to close. */
int store_sqlite_open(xmpp_store_t *store, const char *path);

/* The database, for tables of your own: what is written there in an event of
 * xmpp_mod_sync is kept together with what the library stores of it. Borrowed
 * until the store is closed. */
struct sqlite3 *store_sqlite_base(const xmpp_store_t *store);

/* After the connections are released. A store of zeros is ignored. */
void store_sqlite_close(xmpp_store_t *store);

#endif
