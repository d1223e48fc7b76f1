/* identity.c - setters: who logs in, and the flags of the login. */

#include "base/quote.h"
#include "conn/login.h"
#include "sasl/sasl.h"

void xmpp_conn_set_jid(xmpp_conn_t *conn, const char *jid)
{
    if (!conn)
        return;
    if (!str_eq(str_of(conn->settings.identity.jid), str_of(jid)))
        /* What earlier logins taught is about another account, perhaps at
         * another server. */
        login_forget(conn);
    conn_set_or_lose(conn, __func__, &conn->settings.identity.jid, jid);
}

const char *xmpp_conn_get_jid(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.identity.jid : NULL;
}

void xmpp_conn_set_pass(xmpp_conn_t *conn, const char *pass)
{
    if (!conn)
        return;
    login_forget_keys(conn);
    conn_set_or_lose(conn, __func__, &conn->settings.secrets.pass, pass);
}

const char *xmpp_conn_get_pass(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.secrets.pass : NULL;
}

int xmpp_conn_set_mechanisms(xmpp_conn_t *conn, const char *list)
{
    struct quote said;

    if (!conn)
        return XMPP_EINVOP;
    if (list && !mechanism_bits(str_of(list)))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "\"%s\" contains no known mechanism: expected names "
                          "separated by spaces, such as SCRAM-SHA-256",
                          quote(&said, str_of(list)));
    return conn_set(conn, __func__, &conn->settings.identity.mechanisms, list);
}

int xmpp_conn_set_lang(xmpp_conn_t *conn, const char *lang)
{
    return conn ? conn_set(conn, __func__, &conn->settings.identity.lang, lang)
                : XMPP_EINVOP;
}

const char *xmpp_conn_get_lang(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.identity.lang : NULL;
}

/* ---- flags ------------------------------------------------------- */

#define TLS_FLAGS                                                              \
    (XMPP_CONN_FLAG_MANDATORY_TLS | XMPP_CONN_FLAG_LEGACY_SSL |                \
     XMPP_CONN_FLAG_TRUST_TLS)

#define ALL_FLAGS                                                              \
    (TLS_FLAGS | XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_LEGACY_AUTH |     \
     XMPP_CONN_FLAG_DISABLE_SM | XMPP_CONN_FLAG_ENABLE_COMPRESSION |           \
     XMPP_CONN_FLAG_COMPRESSION_DONT_RESET)

long xmpp_conn_get_flags(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.flags : 0;
}

static int refuse_flags(xmpp_conn_t *conn, const char *why, long flags)
{
    return env_refuse(&conn->ctx->env, XMPP_EINVOP, "flags 0x%lx: %s",
                      (unsigned long)flags, why);
}

int xmpp_conn_set_flags(xmpp_conn_t *conn, long flags)
{
    if (!conn)
        return XMPP_EINVOP;
    if (conn->attempt)
        return refuse_flags(conn, "they can be changed only while disconnected",
                            flags);
    if (flags & (long)XMPP_CONN_FLAG_DISABLE_TLS && flags & (long)TLS_FLAGS)
        return refuse_flags(
            conn, "DISABLE_TLS cannot be combined with another TLS flag",
            flags);
    conn->settings.flags = flags & (long)ALL_FLAGS;
    return flags & ~(long)ALL_FLAGS
               ? refuse_flags(conn, "these flags are unknown",
                              flags & ~(long)ALL_FLAGS)
               : 0;
}
