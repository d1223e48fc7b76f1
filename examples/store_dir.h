/* store_dir.h - a store for modules: a directory of files. */

#ifndef STORE_DIR_H
#define STORE_DIR_H

#include <xmpp/store.h>

/* Fill in `store` for xmpp_conn_set_store(). The directory is made if it is
 * missing; all in it is for its owner alone. 0; -1 and errno. */
int store_dir_open(xmpp_store_t *store, const char *path);

/* After the connections are released. A store of zeros is ignored. */
void store_dir_close(xmpp_store_t *store);

#endif
