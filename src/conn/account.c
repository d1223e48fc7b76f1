/* account.c - who logs in where, fixed for one attempt. */

#include "conn/account.h"

#include <stdio.h>

#include "address/idna.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/early.h"
#include "conn/paths.h"
#include "conn/squeeze.h"

static enum tls_policy policy(const xmpp_conn_t *conn, enum stream_kind kind)
{
    if (kind == STREAM_COMPONENT ||
        conn->settings.flags & XMPP_CONN_FLAG_DISABLE_TLS)
        return TLS_NEVER;
    if (conn->settings.options[XMPP_OPT_TLS_OPTIONAL] &&
        !conn->settings.options[XMPP_OPT_DANE] &&
        !(conn->settings.flags & XMPP_CONN_FLAG_MANDATORY_TLS))
        return TLS_OPTIONAL;
    return TLS_REQUIRED;
}

static int parse_keys(xmpp_conn_t *conn, struct account *account)
{
    if (!account->settings.secrets.keys)
        return 0;
    account->keys = env_zalloc(&conn->ctx->env, sizeof(*account->keys));
    if (!account->keys)
        return XMPP_EMEM;
    keys_read(account->keys, str_of(account->settings.secrets.keys));
    return 0;
}

static int refuse(xmpp_conn_t *conn, const xmpp_text_error_t *wrong)
{
    struct quote said;
    char text[160];

    xmpp_text_error_format(wrong, text, sizeof(text));
    return fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EARG,
                     "\"%s\" is not a valid address: %s%s",
                     quote(&said, str_of(conn->settings.identity.jid)), text,
                     strchr(conn->settings.identity.jid, '@')
                         ? ""
                         : "; is @domain missing?");
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
    char room[XMPP_JID_BUFFER_SIZE], ascii[IDNA_NAME_MOST + 1];
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;
    int rc = parse(conn->settings.identity.jid, room, &jid, &wrong);

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
    unsigned avoid = paths_avoided(conn);
    int rc =
        settings_copy(&conn->ctx->env, &account->settings, &conn->settings);

    if (rc == 0)
        rc = prepare_jid(conn, account);
    if (rc == 0)
        rc = parse_keys(conn, account);
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
        .external = account->settings.tls.cert != NULL,
        .domain = jid_view(account->jid, XMPP_JID_DOMAIN),
        .local = jid_view(account->jid, XMPP_JID_LOCAL),
        .resource = jid_view(account->jid, XMPP_JID_RESOURCE),
        .identity = account->settings.identity,
        .secrets = account->settings.secrets,
        .bind_with = account->settings.bind_with,
        .can_ask = conn->ask != NULL,
        .keys = account->keys,
        .min_strength = login_min_strength(conn),
        .avoid = avoid,
        .zlib = squeeze_is_wanted(conn) && !(avoid & PATH_ZLIB),
        .no_sm = (avoid & PATH_SM) != 0,
        .legacy = (conn->settings.flags & XMPP_CONN_FLAG_LEGACY_AUTH) != 0,
        .offer = account->offer,
        .options = conn->settings.options,
    };
    fast_want(conn, wanted);
    account->direct_tls =
        kind != STREAM_COMPONENT &&
        (conn->settings.flags & XMPP_CONN_FLAG_LEGACY_SSL) != 0;
    return 0;
}

/* Failures of who is taken for a domain, and is none. */
static bool is_of_domain(const struct fault *fault)
{
    static const int codes[] = {XMPP_EDNS,      XMPP_ENOHOST, XMPP_ENOSERVICE,
                                XMPP_ECERTNAME, XMPP_EMECH,   XMPP_ECRED};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (fault->code == codes[i])
            return true;
    return strcmp(fault->condition, "host-unknown") == 0;
}

/* A domain alone logs in anonymously. Who has a password hardly meant that, and
 * one label hardly is a domain. */
void account_hint(const xmpp_conn_t *conn, const struct fault *fault,
                  char *message, size_t size)
{
    const struct wanted *wanted = &conn->account.wanted;
    size_t used = strlen(message);
    struct quote said;

    if (!conn->account.jid || wanted->kind != STREAM_CLIENT ||
        wanted->local.n || !is_of_domain(fault))
        return;
    if (!wanted->secrets.pass &&
        memchr(wanted->domain.s, '.', wanted->domain.n))
        return;
    snprintf(message + used, size - used,
             "; the account \"%s\" is only a domain: is @domain missing?",
             quote(&said, wanted->domain));
}

void account_free(xmpp_conn_t *conn)
{
    const struct env *env = &conn->ctx->env;
    struct account *account = &conn->account;

    env_free(env, account->jid);
    if (account->keys)
        crypt_wipe(account->keys, sizeof(*account->keys));
    env_free(env, account->keys);
    fast_clear(conn, account);
    env_free(env, account->offer);
    env_free(env, account->domain);
    settings_free(env, &account->settings);
    *account = (struct account){0};
}
