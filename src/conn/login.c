/* login.c - secrets of a connection, and what its logins leave behind. */

#include "conn/login.h"

#include <xmpp/login.h>

#include "base/crypt.h"
#include "base/quote.h"
#include "conn/pipeline.h"
#include "conn/paths.h"
#include "conn/redirect.h"
#include "net/tls_binding.h"
#include "sasl/mechanisms.h"

#define PASS_SIZE 8192 /* of a password */

/* ---- channel binding --------------------------------------------- */

void login_set_channel(struct attempt *attempt)
{
    /* Every type that this TLS has: which one is used is decided later, by the
     * server's list and the mechanism (XEP-0440). */
    const struct stage *tls = attempt->tls_stage;
    struct channel channel = {.version = tls_binding_version(tls)};

    for (int i = BINDING_NONE + 1; i < BINDINGS; i++)
        channel.bindings[i].n =
            tls_binding_data(tls, binding_name((enum binding)i),
                             channel.bindings[i].data, BINDING_MOST);
    if (attempt->account.wanted.kind != STREAM_RAW) /* it does not log in */
        stream_set_channel(attempt->stream, &channel);
}

/* ---- passwords --------------------------------------------------- */

void xmpp_conn_set_login_password_handler(xmpp_conn_t *conn,
                                          xmpp_login_password_handler handler,
                                          void *userdata)
{
    if (!conn)
        return;
    conn->ask = handler;
    conn->ask_userdata = userdata;
}

static void give_password(struct attempt *attempt, struct str pass)
{
    attempt->password_wanted = false;
    stream_password(attempt->stream, pass, attempt_now(attempt));
}

/* Requested as late as possible, and once. The application may answer at once
 * (n > 0), later (0), or refuse; it may also answer by
 * xmpp_conn_answer_login_password() inside the call, which clears
 * password_wanted. */
static void ask_for_password(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    char pass[PASS_SIZE] = "";
    int n;

    attempt->password_wanted = true;
    n = conn->ask ? conn->ask(pass, sizeof(pass), conn, conn->ask_userdata)
                  : -1;
    if (!attempt->over && attempt->password_wanted && n != 0)
        give_password(attempt, n > 0 && (size_t)n <= sizeof(pass)
                                   ? str_n(pass, (size_t)n)
                                   : STR_NONE);
    crypt_wipe(pass, sizeof(pass));
}

static void request_password(struct attempt *attempt)
{
    if (!(stream_wants(attempt->stream) & WANT_PASSWORD))
        attempt->password_wanted = false; /* the server went on without it */
    else if (!attempt->password_wanted)
        ask_for_password(attempt);
}

bool login_go_on(struct attempt *attempt)
{
    if (stream_wants(attempt->stream) & WANT_TURN)
        stream_turn(attempt->stream, attempt_now(attempt));
    request_password(attempt);
    /* still, or by the answer */
    return !attempt->over && stream_wants(attempt->stream) & WANT_TURN;
}

int xmpp_conn_answer_login_password(xmpp_conn_t *conn, const char *pass)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    if (!conn)
        return XMPP_EINVOP;
    if (!attempt || !attempt->password_wanted)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "no password is being waited for");
    give_password(attempt, str_of(pass));
    attempt_kick(attempt);
    return 0;
}

/* ---- keys and tokens --------------------------------------------- */

int xmpp_conn_set_scram_keys(xmpp_conn_t *conn, const char *keys)
{
    struct scram_keys read;
    bool good = !keys || keys_read(&read, str_of(keys));

    crypt_wipe(&read, sizeof(read));
    if (!conn)
        return XMPP_EINVOP;
    return good ? conn_set(conn, __func__, &conn->settings.secrets.keys, keys)
                : env_refuse(&conn->ctx->env, XMPP_EARG,
                             "this is not a line of keys that "
                             "xmpp_conn_get_scram_keys() returned");
}

const char *xmpp_conn_get_scram_keys(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.secrets.keys : NULL;
}

/* A new token replaces the way of logging in, so the last login sets no
 * minimum. */
int xmpp_conn_set_oauth_token(xmpp_conn_t *conn, const char *token)
{
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    rc = conn_set(conn, __func__, &conn->settings.secrets.oauth_token, token);
    if (rc == 0 && token)
        conn->last_strength = (struct strength){0};
    return rc;
}

/* ---- the least strength ------------------------------------------ */

int xmpp_conn_set_min_login_strength(xmpp_conn_t *conn, const char *strength)
{
    struct strength read = {0};
    struct quote said;

    if (!conn)
        return XMPP_EINVOP;
    if (strength && !strength_read(&read, str_of(strength)))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "\"%s\" is not a login strength that "
                          "xmpp_conn_get_min_login_strength() returned",
                          quote(&said, str_of(strength)));
    conn->min_strength = read;
    conn->last_strength = (struct strength){0};
    conn->strength_line[0] = '\0';
    if (strength)
        strength_write(&read, conn->strength_line, sizeof(conn->strength_line));
    return 0;
}

const char *xmpp_conn_get_min_login_strength(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->strength_line[0] ? conn->strength_line : NULL;
}

/* A minimum of the application's goes up with each stronger login. Without one,
 * one rule remains: after a proof by SCRAM the password itself is not sent
 * (XEP-0474). */
struct strength login_min_strength(const xmpp_conn_t *conn)
{
    const struct mechanism *m = conn->last_strength.mechanism;

    if (conn->min_strength.mechanism)
        return (struct strength){conn->min_strength.mechanism,
                                 conn->min_strength.binding, true};
    if (m && (m->is_scram || m->is_bound_by_tls))
        return (struct strength){&mechanism_scram_sha1, BINDING_NONE, false};
    return (struct strength){0};
}

/* ---- before and after -------------------------------------------- */

const struct scram_keys *login_keys(const xmpp_conn_t *conn)
{
    return conn->options[XMPP_OPT_RECONNECT] ? conn->again : NULL;
}

void login_forget_keys(xmpp_conn_t *conn)
{
    if (conn->again)
        crypt_wipe(conn->again, sizeof(*conn->again));
    env_free(&conn->ctx->env, conn->again);
    conn->again = NULL;
}

/* The password may be another one since the login began. Without memory the
 * next login takes longer, that is all. */
static void keep_keys(struct attempt *attempt, const struct scram_keys *keys)
{
    xmpp_conn_t *conn = attempt->conn;
    const char *pass = attempt->account.settings.secrets.pass;

    if (!pass || !str_eq(str_of(pass), str_of(conn->settings.secrets.pass)))
        return;
    if (!conn->again)
        conn->again = env_alloc(attempt->env, sizeof(*conn->again));
    if (conn->again)
        *conn->again = *keys;
}

static int keep_line(xmpp_conn_t *conn, const struct scram_keys *keys)
{
    char line[KEYS_SIZE];
    int rc;

    keys_write(keys, line, sizeof(line));
    rc = conn_set(conn, "SCRAM keys", &conn->settings.secrets.keys, line);
    crypt_wipe(line, sizeof(line));
    return rc;
}

/* Keep its strength and its keys for the next login. */
static int keep_for_next(struct attempt *attempt)
{
    const struct agreed *agreed = stream_agreed(attempt->stream);
    xmpp_conn_t *conn = attempt->conn;
    struct scram_keys keys;
    int rc = 0;

    /* A login by token has no strength: it leaves the remembered one as it
     * is. */
    if (agreed->strength.mechanism) {
        conn->last_strength = agreed->strength;
        if (conn->min_strength.mechanism)
            conn->min_strength = conn->last_strength;
        strength_write(&conn->last_strength, conn->strength_line,
                       sizeof(conn->strength_line));
    }
    if (!stream_take_keys(attempt->stream, &keys))
        return 0;
    if (conn->options[XMPP_OPT_KEEP_SCRAM_KEYS])
        rc = keep_line(conn, &keys);
    else
        keep_keys(attempt, &keys);
    crypt_wipe(&keys, sizeof(keys));
    return rc;
}

static void log_login(const struct attempt *attempt)
{
    const struct agreed *agreed = stream_agreed(attempt->stream);
    const xmpp_conn_t *conn = attempt->conn;

    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
            "%s as %s by %s, in %u round trips",
            conn->resumed ? "resumed" : "logged in", conn->bound,
            agreed->mechanism ? agreed->mechanism : "a secret",
            agreed->round_trips);
}

int login_keep(struct attempt *attempt)
{
    const struct agreed *agreed = stream_agreed(attempt->stream);
    xmpp_conn_t *conn = attempt->conn;

    /* After our goodbye the server may have forgotten presence and rooms. Then
     * the application has to begin anew, so it is not told that the session was
     * resumed. */
    conn->resumed = agreed->resumed && !agreed->left;
    if (!conn->resumed) /* questions of another session are over */
        guard_clear(&conn->dispatch.guard);
    conn->bound = env_strndup(&conn->ctx->env, agreed->jid.s, agreed->jid.n);
    pipeline_keep(attempt);
    paths_arrived(conn);
    if (!conn->bound || keep_for_next(attempt))
        return XMPP_EMEM;
    log_login(attempt);
    return 0;
}

void login_forget(xmpp_conn_t *conn)
{
    paths_forget(conn);
    redirect_forget(conn);
    login_forget_keys(conn);
    conn->last_strength = (struct strength){0};
    if (!conn->min_strength.mechanism)
        conn->strength_line[0] = '\0';
}

const char *xmpp_conn_get_mechanism(const xmpp_conn_t *conn)
{
    const struct stream *stream = conn ? conn_stream(conn) : NULL;

    return stream ? stream_agreed(stream)->mechanism : NULL;
}

const char *xmpp_conn_get_channel_binding(const xmpp_conn_t *conn)
{
    const struct stream *stream = conn ? conn_stream(conn) : NULL;

    return stream ? binding_name(stream_agreed(stream)->strength.binding)
                  : NULL;
}
