/* conn.c - the connection object: who holds it, and its strings. */

#include "conn/conn.h"

#include <xmpp/module.h>

void conn_hold(xmpp_conn_t *conn)
{
    conn->holds++;
}

void conn_unhold(xmpp_conn_t *conn)
{
    if (--conn->holds == 0 && conn->dying)
        conn->destroy(conn);
}

void xmpp_conn_hold(xmpp_conn_t *conn)
{
    if (conn)
        conn_hold(conn);
}

void xmpp_conn_unhold(xmpp_conn_t *conn)
{
    if (conn)
        conn_unhold(conn);
}

xmpp_ctx_t *xmpp_conn_get_context(xmpp_conn_t *conn)
{
    return conn ? conn->ctx : NULL;
}

const char *xmpp_conn_get_bound_jid(const xmpp_conn_t *conn)
{
    return conn ? conn->bound : NULL;
}

/* ---- settings ---------------------------------------------------- */

int conn_set(xmpp_conn_t *conn, const char *setter, char **member,
             const char *value)
{
    int rc = env_replace(&conn->ctx->env, member, value);

    if (rc)
        env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
                "%s: out of memory, the setting keeps its old value", setter);
    return rc;
}

/* The next connect call has to fail. A login with the old password, or without
 * the given authorities, is not what the application meant. */
void conn_set_or_lose(xmpp_conn_t *conn, const char *setter, char **member,
                      const char *value)
{
    if (conn_set(conn, setter, member, value))
        conn->lost = setter;
    else if (conn->lost && strcmp(conn->lost, setter) == 0)
        conn->lost = NULL;
}
