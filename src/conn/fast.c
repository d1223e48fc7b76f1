/* fast.c - user agent, tag of Bind 2, and tokens of a connection. */

#include "conn/fast.h"

#include <xmpp/fast.h>

#include "base/code.h"
#include "base/crypt.h"
#include "net/poll.h"

#define TEXT_MOST 255

/* ---- who is logging in ------------------------------------------- */

/* XEP-0388 demands version 4 (RFC 9562 section 5.4): the digit and the
 * variant. */
static bool is_uuid(const char *id)
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";

    if (strlen(id) != sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        bool fits = form[i] == 'x'   ? hex_value(id[i]) >= 0
                    : form[i] == 'v' ? strchr("89abAB", id[i]) != NULL
                                     : id[i] == form[i];

        if (!fits)
            return false;
    }
    return true;
}

/* Can it stand in XML, and in a name? U+FFFE and U+FFFF are not characters of
 * XML (XML 1.0 section 2.2), and control characters have no place in a name. */
static bool is_label(const char *text)
{
    struct str s = str_of(text);

    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] < 0x20 || s.s[i] == 0x7f)
            return false;
    return s.n <= TEXT_MOST && str_is_utf8(s) &&
           !strstr(text, "\xef\xbf\xbe") && !strstr(text, "\xef\xbf\xbf");
}

static bool is_label_or_none(const char *text)
{
    return !text || (text[0] && is_label(text));
}

static int refuse_label(xmpp_conn_t *conn, const char *what, int least)
{
    return env_refuse(&conn->ctx->env, XMPP_EARG,
                      "the %s must be UTF-8 of %d to %d octets without control "
                      "characters",
                      what, least, TEXT_MOST);
}

int xmpp_conn_set_user_agent(xmpp_conn_t *conn, const char *id,
                             const char *software, const char *device)
{
    struct settings *set = conn ? &conn->settings : NULL;

    if (!conn)
        return XMPP_EINVOP;
    if (id && !is_uuid(id))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "the id of a user agent must be a UUID of version 4");
    if (!is_label_or_none(software) || !is_label_or_none(device))
        return refuse_label(
            conn, is_label_or_none(software) ? "device" : "software", 1);
    if (conn_set(conn, __func__, &set->identity.agent_id, id) ||
        conn_set(conn, __func__, &set->identity.software, software) ||
        conn_set(conn, __func__, &set->identity.device, device))
        return XMPP_EMEM;
    return 0;
}

int xmpp_conn_set_bind2_tag(xmpp_conn_t *conn, const char *tag)
{
    if (!conn)
        return XMPP_EINVOP;
    if (tag && !is_label(tag))
        return refuse_label(conn, "tag", 0);
    return conn_set(conn, __func__, &conn->settings.identity.tag, tag);
}

/* ---- tokens ------------------------------------------------------ */

void xmpp_conn_set_fast_token_handler(xmpp_conn_t *conn,
                                      xmpp_fast_token_handler handler,
                                      void *userdata)
{
    if (!conn)
        return;
    conn->fast_handler = handler;
    conn->fast_userdata = userdata;
}

static int set_line(xmpp_conn_t *conn, const char *line)
{
    return conn_set(conn, "FAST token", &conn->settings.secrets.fast_token,
                    line);
}

int xmpp_conn_set_fast_token(xmpp_conn_t *conn, const char *line)
{
    struct fast_token token;
    struct str account;
    bool good = !line || fast_token_read(&token, str_of(line), &account);
    int rc = XMPP_EINVOP;

    crypt_wipe(&token, sizeof(token));
    if (!conn)
        return rc;
    rc = good ? set_line(conn, line)
              : env_refuse(&conn->ctx->env, XMPP_EARG,
                           "this is not a line of a token that "
                           "xmpp_conn_get_fast_token() returned");
    if (rc == 0)
        conn->drops_token = false;
    return rc;
}

const char *xmpp_conn_get_fast_token(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.secrets.fast_token : NULL;
}

int xmpp_conn_invalidate_fast_token(xmpp_conn_t *conn)
{
    if (!conn)
        return XMPP_EINVOP;
    if (!conn->settings.secrets.fast_token || conn_live(conn))
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          conn->settings.secrets.fast_token
                              ? "only while disconnected"
                              : "there is no token to invalidate");
    /* The server forgets the token at the next login by it (XEP-0484), so it is
     * still needed for that. */
    conn->drops_token = true;
    return 0;
}

/* ---- an attempt -------------------------------------------------- */

/* The bare address of the account; `out` has FAST_TOKEN_ACCOUNT_MOST + 1 bytes.
 */
static struct str write_account(const struct account *account, char *out)
{
    struct str local = jid_view(account->jid, XMPP_JID_LOCAL),
               domain = jid_view(account->jid, XMPP_JID_DOMAIN);
    size_t n = 0;

    memcpy(out, local.s, local.n);
    n = local.n;
    out[n++] = '@';
    memcpy(out + n, domain.s, domain.n);
    return str_n(out, n + domain.n);
}

static int copy_token(struct attempt *attempt)
{
    const xmpp_conn_t *conn = attempt->conn;
    struct account *account = &attempt->account;
    char name[FAST_TOKEN_ACCOUNT_MOST + 1];
    struct fast_token *token;
    struct str owner;

    /* An anonymous account has no name that a token could belong to. */
    if (!conn->settings.secrets.fast_token ||
        !jid_view(account->jid, XMPP_JID_LOCAL).n)
        return 0;
    token = env_alloc(&conn->ctx->env, sizeof(*token));
    if (!token)
        return XMPP_EMEM;
    account->fast_token = token;
    /* A token is not shown to the server of another account, and an outdated
     * one would cost a round trip. */
    if (fast_token_read(token, str_of(conn->settings.secrets.fast_token),
                        &owner) &&
        str_eq(owner, write_account(account, name)) &&
        !fast_token_is_expired(token, poll_seconds()))
        return 0;
    crypt_wipe(token, sizeof(*token));
    env_free(&conn->ctx->env, token);
    account->fast_token = NULL;
    return 0;
}

int fast_init(struct attempt *attempt)
{
    return copy_token(attempt);
}

static void clear_token(struct attempt *attempt)
{
    struct account *account = &attempt->account;

    if (account->fast_token)
        crypt_wipe(account->fast_token, sizeof(*account->fast_token));
    env_free(attempt->env, account->fast_token);
    account->fast_token = NULL;
}

int fast_again(struct attempt *attempt)
{
    int rc;

    clear_token(attempt);
    rc = copy_token(attempt);
    fast_want(attempt);
    return rc;
}

void fast_want(struct attempt *attempt)
{
    const xmpp_conn_t *conn = attempt->conn;
    const struct account *account = &attempt->account;
    struct wanted *wanted = &attempt->account.wanted;

    wanted->fast_token = account->fast_token;
    /* A server is asked for a token only if somebody would keep it. */
    wanted->keeps_tokens = conn->fast_handler != NULL;
    wanted->drops_token = account->fast_token && conn->drops_token;
}

void fast_keep(struct attempt *attempt)
{
    const struct fast_token *token = stream_token(attempt->stream);
    xmpp_conn_t *conn = attempt->conn;
    char line[FAST_TOKEN_LINE_SIZE], name[FAST_TOKEN_ACCOUNT_MOST + 1];
    int rc;

    if (token)
        fast_token_write(token, write_account(&attempt->account, name), line,
                         sizeof(line));
    else
        conn->drops_token = false;
    rc = set_line(conn, token ? line : NULL);
    /* The count of a token goes up with each use, and is kept before the bytes
     * of that use leave: to the server the same number twice is a replay.
     * Without memory the attempt ends. */
    if (rc) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, rc, NULL);
        stream_abort(attempt->stream);
    } else if (conn->fast_handler) {
        /* Our own copy: the handler may replace the connection's. */
        conn->fast_handler(conn, token ? line : NULL, conn->fast_userdata);
    }
    crypt_wipe(line, sizeof(line));
}

void fast_clear(struct attempt *attempt)
{
    clear_token(attempt);
}

unsigned xmpp_conn_get_round_trips(const xmpp_conn_t *conn)
{
    const struct stream *stream = conn ? conn_stream(conn) : NULL;

    return stream ? stream_agreed(stream)->round_trips : 0;
}
