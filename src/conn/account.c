/* account.c - who logs in where, fixed for one attempt. */

#include "conn/account.h"

#include "address/idna.h"
#include "base/crypt.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/early.h"
#include "conn/squeeze.h"

static enum tls_policy policy(const xmpp_conn_t *conn, enum stream_kind kind)
{
    if (kind == STREAM_COMPONENT || conn->flags & XMPP_CONN_FLAG_DISABLE_TLS)
        return TLS_NEVER;
    if (conn->options[XMPP_OPT_TLS_OPTIONAL] && !conn->options[XMPP_OPT_DANE] &&
        !(conn->flags & XMPP_CONN_FLAG_MANDATORY_TLS))
        return TLS_OPTIONAL;
    return TLS_REQUIRED;
}

static int copy_keys(xmpp_conn_t *conn, struct account *account)
{
    if (!conn->keys)
        return 0;
    account->keys = env_zalloc(&conn->ctx->env, sizeof(*account->keys));
    if (!account->keys)
        return XMPP_EMEM;
    keys_read(account->keys, str_of(conn->keys));
    return 0;
}

static int copy_settings(xmpp_conn_t *conn, struct account *account)
{
    const struct env *env = &conn->ctx->env;

    if (env_replace(env, &account->pass, conn->pass) ||
        env_replace(env, &account->token, conn->token) ||
        env_replace(env, &account->mechanisms, conn->mechanisms) ||
        env_replace(env, &account->lang, conn->lang))
        return XMPP_EMEM;
    return copy_keys(conn, account);
}

static int refuse(xmpp_conn_t *conn, const xmpp_text_error_t *wrong)
{
    char text[160];

    xmpp_text_error_print(wrong, text, sizeof(text));
    return fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EARG,
                     "%s: the address is not valid: %s", conn->jid, text);
}

/* An own address has to be valid; but names with underscores, which
 * RFC 7622 has not, are found in many networks. */
static int parse(const char *text, char *room, xmpp_jid_t *jid,
                 xmpp_text_error_t *wrong)
{
    int rc = jid_parse(str_of(text), XMPP_JID_LENIENT, room, jid, wrong);

    if (rc == 0 && jid->odd) /* for what it tells */
        rc = jid_parse(str_of(text), XMPP_JID_STRICT, room, jid, wrong);
    return rc;
}

static int prepare_jid(xmpp_conn_t *conn, struct account *account)
{
    char room[XMPP_JID_ROOM], ascii[IDNA_NAME_MOST + 1];
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;
    int rc = parse(conn->jid, room, &jid, &wrong);

    if (rc == 0) {
        wrong.part = "domainpart";
        rc = idna_to_ascii(jid_view(&jid, XMPP_JID_DOMAIN), ascii, &wrong);
    }
    if (rc == XMPP_EARG)
        return refuse(conn, &wrong);
    if (rc)
        return rc;
    account->jid = xmpp_jid_copy(conn->ctx, &jid);
    account->domain = env_strdup(&conn->ctx->env, ascii);
    return account->jid && account->domain ? 0 : XMPP_EMEM;
}

int account_init(xmpp_conn_t *conn, enum stream_kind kind)
{
    struct account *account = &conn->account;
    struct wanted *wanted = &account->wanted;
    int rc = copy_settings(conn, account);

    if (rc == 0)
        rc = prepare_jid(conn, account);
    if (rc == 0)
        rc = fast_init(conn, account);
    if (rc) {
        account_free(conn);
        return rc;
    }
    early_init(conn, account);
    *wanted = (struct wanted){
        .kind = kind,
        .tls = policy(conn, kind),
        .tls_verified = true,
        .external = conn->tls.cert != NULL,
        .domain = jid_view(account->jid, XMPP_JID_DOMAIN),
        .local = jid_view(account->jid, XMPP_JID_LOCAL),
        .resource = jid_view(account->jid, XMPP_JID_RESOURCE),
        .password = str_of(account->pass),
        .can_ask = conn->ask != NULL,
        .token = str_of(account->token),
        .keys = account->keys,
        .pin = login_pin(conn),
        .zlib = squeeze_is_wanted(conn),
        .legacy = (conn->flags & XMPP_CONN_FLAG_LEGACY_AUTH) != 0,
        .lang = str_of(account->lang),
        .mechanisms = str_of(account->mechanisms),
        .offer = account->offer,
        .options = conn->options,
    };
    fast_want(conn, wanted);
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
    env_free_secret(env, account->token);
    if (account->keys)
        crypt_wipe(account->keys, sizeof(*account->keys));
    env_free(env, account->keys);
    fast_clear(conn, account);
    env_free(env, account->mechanisms);
    env_free(env, account->lang);
    env_free(env, account->offer);
    env_free(env, account->domain);
    *account = (struct account){0};
}
