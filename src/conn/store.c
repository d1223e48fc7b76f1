/* store.c - what modules keep, by the functions of the application. */

#include <xmpp/store.h>

#include <stddef.h>

#include "conn/attempt.h"

/* A store of an older program is shorter, one of a newer program longer. */
#define STORE_LEAST offsetof(xmpp_store_t, begin)

static bool store_is_whole(const xmpp_store_t *store)
{
    return store->size >= STORE_LEAST && store->put && store->each;
}

static void store_copy(xmpp_store_t *to, const xmpp_store_t *from)
{
    memset(to, 0, sizeof(*to));
    memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
    if (!to->begin || !to->commit)
        to->begin = to->commit = NULL;
}

int xmpp_conn_set_store(xmpp_conn_t *conn, const xmpp_store_t *store)
{
    if (!conn || conn->dying)
        return XMPP_EINVOP;
    if (store && !store_is_whole(store))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "the store is not complete: expected the size of "
                          "xmpp_store_t, and the functions put and each");
    if (store)
        store_copy(&conn->store, store);
    else
        memset(&conn->store, 0, sizeof(conn->store));
    return 0;
}

/* In normal form, and whose text is in `room` or in `text`. */
static bool store_bare(const char *text, char *room, xmpp_jid_t *ret)
{
    if (!text || jid_parse(str_of(text), XMPP_JID_LENIENT, room, ret, NULL))
        return false;
    xmpp_jid_cut(ret, XMPP_JID_BARE, ret);
    return true;
}

/* The address that the present connection was begun with; one that is set
 * meanwhile is for the next, and must not get what is this one's. */
static const char *store_address(const xmpp_conn_t *conn)
{
    const struct settings *settings =
        conn->attempt ? &conn->attempt->account.settings : &conn->settings;

    return settings->identity.jid;
}

/* An address without a localpart is that of a component or of a domain that
 * lets strangers in: then the account is what was bound. */
static char *store_account(const xmpp_conn_t *conn, int is_shared, int *ret_rc)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid = {"", 0, 0, 0, 0};
    char *account;

    if (!is_shared &&
        !(store_bare(store_address(conn), room, &jid) && jid.local_size) &&
        !store_bare(conn->bound, room, &jid)) {
        *ret_rc = XMPP_ENOTCONN;
        return NULL;
    }
    account =
        env_strndup(&conn->ctx->env, jid.text, jid_view(&jid, XMPP_JID_BARE).n);
    *ret_rc = account ? 0 : XMPP_EMEM;
    return account;
}

static int store_log(const xmpp_conn_t *conn, const char *what,
                     const char *kind, int rc)
{
    if (rc < 0)
        env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "store",
                "%s \"%s\" failed: %s; it goes on without", what, kind,
                xmpp_strerror(rc));
    return rc < 0 ? rc : 0;
}

int xmpp_conn_store_put(xmpp_conn_t *conn, int is_shared, const char *kind,
                        const char *key, const char *text, size_t n)
{
    char *account;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!kind || !key)
        return XMPP_EARG;
    if (!conn->store.size)
        return 0;
    account = store_account(conn, is_shared, &rc);
    if (!text)
        n = 0;
    else if (n == (size_t)-1)
        n = strlen(text);
    if (account)
        rc = conn->store.put(conn->store.userdata, account, kind, key, text, n);
    env_free(&conn->ctx->env, account);
    return store_log(conn, "writing", kind, rc);
}

int xmpp_conn_store_each(xmpp_conn_t *conn, int is_shared, const char *kind,
                         xmpp_store_deliver deliver, void *to)
{
    char *account;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!kind || !deliver)
        return XMPP_EARG;
    if (!conn->store.size)
        return 0;
    account = store_account(conn, is_shared, &rc);
    if (account)
        rc = conn->store.each(conn->store.userdata, account, kind, deliver, to);
    env_free(&conn->ctx->env, account);
    return store_log(conn, "reading", kind, rc);
}

/* What was begun is committed there, whatever the store is by then. */
int xmpp_conn_store_begin(xmpp_conn_t *conn)
{
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!conn->store_depth++ && conn->store.begin) {
        rc = conn->store.begin(conn->store.userdata);
        if (rc < 0)
            return store_log(conn, "beginning to write", "all", rc);
        conn->store_begun.commit = conn->store.commit;
        conn->store_begun.userdata = conn->store.userdata;
    }
    return conn->store_begun.commit != NULL;
}

static int store_end(xmpp_conn_t *conn)
{
    int (*commit)(void *userdata) = conn->store_begun.commit;
    void *userdata = conn->store_begun.userdata;

    memset(&conn->store_begun, 0, sizeof(conn->store_begun));
    return commit ? store_log(conn, "writing", "all", commit(userdata)) : 0;
}

int xmpp_conn_store_commit(xmpp_conn_t *conn)
{
    if (!conn || !conn->store_depth)
        return XMPP_EINVOP;
    return --conn->store_depth ? 0 : store_end(conn);
}

void conn_leave_store(xmpp_conn_t *conn)
{
    store_end(conn);
    memset(&conn->store, 0, sizeof(conn->store));
}
