/* account.c - who logs in where, fixed for one attempt. */

#include "conn/account.h"

#include "address/idna.h"
#include "address/jid.h"

static enum tls_policy policy(const xmpp_conn_t *conn, enum stream_kind kind)
{
    if (kind == STREAM_COMPONENT || conn->flags & XMPP_CONN_FLAG_DISABLE_TLS)
        return TLS_NEVER;
    if (conn->options[XMPP_OPT_TLS_OPTIONAL] &&
        !(conn->flags & XMPP_CONN_FLAG_MANDATORY_TLS))
        return TLS_OPTIONAL;
    return TLS_REQUIRED;
}

static int copy_settings(xmpp_conn_t *conn, struct account *account)
{
    const struct env *env = &conn->ctx->env;

    if (env_replace(env, &account->pass, conn->pass) ||
        env_replace(env, &account->mechanisms, conn->mechanisms) ||
        env_replace(env, &account->lang, conn->lang))
        return XMPP_EMEM;
    return 0;
}

static int prepare_jid(xmpp_conn_t *conn, struct account *account)
{
    const struct env *env = &conn->ctx->env;
    const char *part, *why;
    int rc = jid_prepare(env, str_of(conn->jid), &account->jid, &part, &why);

    if (rc == XMPP_EARG)
        env_log(env, XMPP_LEVEL_ERROR, "conn", "%s: the %s is not valid: %s",
                conn->jid, part, why);
    return rc;
}

int account_init(xmpp_conn_t *conn, enum stream_kind kind)
{
    struct account *account = &conn->account;
    struct wanted *wanted = &account->wanted;
    struct jid jid;
    int rc = copy_settings(conn, account);

    if (rc == 0)
        rc = prepare_jid(conn, account);
    if (rc == 0 && !jid_split(&jid, str_of(account->jid)))
        rc = XMPP_EARG;
    if (rc == 0)
        rc = idna_to_ascii(&conn->ctx->env, jid.domain, &account->domain);
    if (rc) {
        account_free(conn);
        return rc;
    }
    *wanted = (struct wanted){
        .kind = kind,
        .tls = policy(conn, kind),
        .tls_verified = true,
        .external = conn->cert != NULL,
        .domain = jid.domain,
        .local = jid.local,
        .resource = jid.resource,
        .password = str_of(account->pass),
        .lang = str_of(account->lang),
        .mechanisms = str_of(account->mechanisms),
        .options = conn->options,
    };
    account->direct_tls = kind != STREAM_COMPONENT &&
                          (conn->flags & XMPP_CONN_FLAG_LEGACY_SSL) != 0;
    return 0;
}

void account_free(xmpp_conn_t *conn)
{
    const struct env *env = &conn->ctx->env;
    struct account *account = &conn->account;

    env_free(env, account->jid);
    env_free_secret(env, account->pass);
    env_free(env, account->mechanisms);
    env_free(env, account->lang);
    env_free(env, account->domain);
    *account = (struct account){0};
}
