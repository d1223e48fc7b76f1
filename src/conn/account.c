/* account.c - who logs in and how, fixed for one attempt. */

#include "conn/account.h"

#include "address/idna.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "conn/bind2.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/pipeline.h"
#include "conn/paths.h"
#include "conn/way.h"
#include "net/zlib.h"

static enum tls_policy tls_policy_of(const struct attempt *attempt,
                                     enum stream_kind kind)
{
    const xmpp_conn_t *conn = attempt->conn;

    /* A WebSocket is under TLS from the beginning, or its URL renounced it: RFC
     * 7395 section 3.9 forbids STARTTLS. */
    if (way_is_clear(attempt))
        return TLS_NEVER;
    if (way_has_websocket(attempt))
        return TLS_REQUIRED; /* whatever the flags are: and so is DANE */
    /* The component protocol has no features, and so no STARTTLS (XEP-0114
     * section 3). */
    if (kind == STREAM_COMPONENT ||
        conn->settings.flags & XMPP_CONN_FLAG_DISABLE_TLS)
        return TLS_NEVER;
    /* An attacker who removes STARTTLS would remove DANE too, so DANE requires
     * TLS. */
    if (conn->options[XMPP_OPT_TLS_OPTIONAL] && !conn->options[XMPP_OPT_DANE] &&
        !(conn->settings.flags & XMPP_CONN_FLAG_MANDATORY_TLS))
        return TLS_OPTIONAL;
    return TLS_REQUIRED;
}

static bool may_compress(const xmpp_conn_t *conn)
{
    return conn->settings.flags & (long)XMPP_CONN_FLAG_ENABLE_COMPRESSION &&
           zlib_is_there();
}

/* Those that the application set, or else those of the last login. */
static int take_keys(struct attempt *attempt)
{
    struct account *account = &attempt->account;
    const struct scram_keys *last = login_keys(attempt->conn);
    const char *line = account->settings.secrets.keys;

    if (!line && !last)
        return 0;
    account->keys = env_zalloc(attempt->env, sizeof(*account->keys));
    if (!account->keys)
        return XMPP_EMEM;
    if (line)
        keys_read(account->keys, str_of(line));
    else
        *account->keys = *last;
    return 0;
}

static int refuse_jid(struct attempt *attempt, const xmpp_text_error_t *wrong)
{
    const char *jid = attempt->account.settings.identity.jid;
    struct quote said;
    char text[160];

    xmpp_text_error_format(wrong, text, sizeof(text));
    return fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EARG,
                     "\"%s\" is not a valid address: %s%s",
                     quote(&said, str_of(jid)), text,
                     strchr(jid, '@') ? "" : "; is @domain missing?");
}

/* Our own address has to be valid. Lenient parsing is for names with
 * underscores: RFC 7622 excludes them, but many networks have them. */
static int parse_own_jid(const char *text, char *room, xmpp_jid_t *jid,
                         xmpp_text_error_t *wrong)
{
    int rc = jid_parse(str_of(text), XMPP_JID_LENIENT, room, jid, wrong);

    if (rc == 0 && jid->unprepared) /* strict, for the reason of the refusal */
        rc = jid_parse(str_of(text), XMPP_JID_STRICT, room, jid, wrong);
    return rc;
}

static int prepare_jid(struct attempt *attempt)
{
    struct account *account = &attempt->account;
    char room[XMPP_JID_BUFFER_SIZE], ascii[IDNA_NAME_MOST + 1];
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;
    int rc = parse_own_jid(account->settings.identity.jid, room, &jid, &wrong);

    if (rc == 0) {
        /* The DNS and certificates know the domain in ASCII only. Its limits
         * are those of the DNS: 63 octets for a label, 253 for a name. */
        wrong.part = "domainpart";
        rc = idna_to_ascii(jid_view(&jid, XMPP_JID_DOMAIN), ascii, &wrong);
    }
    if (rc == XMPP_EARG)
        return refuse_jid(attempt, &wrong);
    if (rc)
        return rc;
    account->jid = xmpp_jid_copy(attempt->conn->ctx, &jid);
    account->domain = env_strdup(attempt->env, ascii);
    return account->jid && account->domain ? 0 : XMPP_EMEM;
}

int account_init(struct attempt *attempt, enum stream_kind kind)
{
    xmpp_conn_t *conn = attempt->conn;
    struct account *account = &attempt->account;
    struct wanted *wanted = &account->wanted;
    unsigned avoid = paths_avoided(conn);
    int rc = settings_copy(attempt->env, &account->settings, &conn->settings);

    if (rc == 0)
        rc = way_init(attempt, kind);
    if (rc == 0)
        rc = bind2_add_rows(attempt);
    if (rc == 0)
        rc = prepare_jid(attempt);
    if (rc == 0)
        rc = take_keys(attempt);
    if (rc == 0)
        rc = fast_init(attempt);
    if (rc)
        return rc;
    /* Needs account->domain. It cannot fail: without memory the login takes one
     * round trip more. */
    pipeline_init(attempt);
    *wanted = (struct wanted){
        .kind = kind,
        .tls = tls_policy_of(attempt, kind),
        .tls_verified = true,
        /* That a ws:// URL has no TLS does not allow a password without it. */
        .hides_password =
            !(account->settings.flags & XMPP_CONN_FLAG_DISABLE_TLS),
        .external = account->settings.tls.cert != NULL,
        .domain = jid_view(account->jid, XMPP_JID_DOMAIN),
        .local = jid_view(account->jid, XMPP_JID_LOCAL),
        .resource = jid_view(account->jid, XMPP_JID_RESOURCE),
        .identity = account->settings.identity,
        .secrets = account->settings.secrets,
        .bind_with = account->settings.bind_with,
        .can_get_password = conn->ask != NULL,
        .keys = account->keys,
        .min_strength = login_min_strength(conn),
        .avoid = avoid,
        .zlib = may_compress(conn) && !way_has_websocket(attempt) &&
                !(avoid & PATH_ZLIB),
        .no_sm = (avoid & PATH_SM) != 0,
        .legacy = (conn->settings.flags & XMPP_CONN_FLAG_LEGACY_AUTH) != 0,
        .offer = account->offer,
        .keeps_features = set_has(conn->dispatch.members.set, XMPP_ROW_OFFER),
        .options = conn->options,
        .rhythm = &conn->rhythm,
    };
    fast_want(attempt);
    return 0;
}

/* The views of `from` dangle as soon as `to` ends. Nothing reads them any more,
 * because its stream was left before (stream_leave()). Only the plain values of
 * `wanted` stay for frames that still work on `from`. */
void account_move(struct attempt *to, struct attempt *from)
{
    to->account = from->account;
    from->account = (struct account){.wanted = from->account.wanted};
}

void account_free(struct attempt *attempt)
{
    const struct env *env = attempt->env;
    struct account *account = &attempt->account;

    env_free(env, account->jid);
    if (account->keys)
        crypt_wipe(account->keys, sizeof(*account->keys));
    env_free(env, account->keys);
    fast_clear(attempt);
    way_free(attempt);
    env_free(env, account->offer);
    env_free(env, account->domain);
    settings_free(env, &account->settings);
    *account = (struct account){0};
}
