/* store.h - what modules keep from one run of the program to the next. The
 * application stores it, where it likes.
 *
 * A store is a table with four columns: account, kind, key and text. All are
 * UTF-8 without NUL. examples/ has two: store_dir.c, a directory of files, and
 * store_sqlite.c, one table of SQLite.
 */

#ifndef XMPP_STORE_H
#define XMPP_STORE_H

#include <xmpp/types.h>

XMPP_BEGIN

/* Called for each text of a store; `text` has `n` octets and need not end with
 * a NUL. All is borrowed for the call. Non-zero ends the walk. */
typedef int (*xmpp_store_deliver)(void *to, const char *key, const char *text,
                                  size_t n);

/* The functions of the application. They are called from inside the loop, so
 * they should not wait long, and they may not use the connection. `account` is
 * a bare address, or "" for what all accounts share; `kind` is a word such as
 * "roster". */
typedef struct _xmpp_store_t {
    size_t size; /* sizeof(xmpp_store_t) */
    void *userdata;

    /* Keep a text of `n` octets in the place of what was there; a NULL text
     * removes it, which is no failure if there is none. 0, or a negative
     * code. */
    int (*put)(void *userdata, const char *account, const char *kind,
               const char *key, const char *text, size_t n);

    /* Call `deliver` with `to` for every text of this account and kind, in any
     * order, until it returns non-zero. It may put texts of the same kind. 0,
     * or a negative code. */
    int (*each)(void *userdata, const char *account, const char *kind,
                xmpp_store_deliver deliver, void *to);

    /* Both, or neither (NULL): between a `begin` and its `commit` all that is
     * put, and all that the application writes to the same database in the
     * events that it gets meanwhile, is kept together or not at all, even if
     * the process is killed. Calls are not nested. 0, or a negative code; then
     * it goes on without, and after a `begin` that failed there is no
     * `commit`. These two were added later: `size` says whether they are
     * there. */
    int (*begin)(void *userdata);
    int (*commit)(void *userdata);
} xmpp_store_t;

/* Let the modules of this connection use a store; NULL: none, the default. The
 * struct is copied; after the release of the connection its functions are not
 * called any more. Set it before you use modules, which read it then. Several
 * connections may share one. 0; XMPP_EINVOP without a connection, or if it is
 * being released; XMPP_EARG if the size is too small or a function is missing.
 */
XMPP_API int xmpp_conn_set_store(xmpp_conn_t *conn, const xmpp_store_t *store);

/* ---- for modules ------------------------------------------------- */

/* A failure is a line in the log, and the module goes on without; what a store
 * delivers has to be checked as if a stranger had sent it. Without a store
 * these two return 0 and do nothing.
 *
 * The account is the bare address that was set for the connection as it began
 * (before, the one that is set now), or, if that has no localpart, the one that
 * was bound. If `is_shared` it is "". */

/* Keep a text, or remove it (NULL); `n` may be (size_t)-1 if it ends at a NUL.
 * 0; XMPP_EINVOP without a connection; XMPP_EARG without a kind or a key;
 * XMPP_ENOTCONN if the account is not known yet; XMPP_EMEM; or the code of the
 * store. */
XMPP_API int xmpp_conn_store_put(xmpp_conn_t *conn, int is_shared,
                                 const char *kind, const char *key,
                                 const char *text, size_t n);

/* Call `deliver` for each text of a kind. 0; XMPP_EINVOP without a connection;
 * XMPP_EARG without a kind or `deliver`; XMPP_ENOTCONN if the account is not
 * known yet, as in ATTACHED: read its texts in SESSION_STARTED; XMPP_EMEM; or
 * the code of the store. */
XMPP_API int xmpp_conn_store_each(xmpp_conn_t *conn, int is_shared,
                                  const char *kind, xmpp_store_deliver deliver,
                                  void *to);

/* What is put from here to the commit is kept together, if the store can do
 * that: 1. 0 if it cannot; XMPP_EINVOP without a connection; or the code of the
 * store. They may be nested: the outermost pair counts. As many commits as
 * begins, whatever these return. The release of the connection commits, too. */
XMPP_API int xmpp_conn_store_begin(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_store_commit(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_STORE_H */
