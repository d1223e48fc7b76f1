/* login.c - secrets of a connection, and what its logins leave behind. */

#include "conn/login.h"

#include <xmpp/login.h>

#include "base/crypt.h"
#include "base/quote.h"
#include "conn/early.h"
#include "conn/paths.h"
#include "conn/pump.h"
#include "conn/redirect.h"
#include "net/tls_binding.h"
#include "sasl/mechanisms.h"

#define PASS_SIZE 8192 /* of what the application is asked for */

/* ---- channel binding --------------------------------------------- */

void login_tell_channel(xmpp_conn_t *conn)
{
    struct stage *tls = conn->pipe.top;
    struct channel channel = {.version = tls_binding_version(tls)};

    for (int i = BINDING_NONE + 1; i < BINDINGS; i++)
        channel.bindings[i].n =
            tls_binding_data(tls, binding_name((enum binding)i),
                             channel.bindings[i].data, BINDING_MOST);
    stream_set_channel(conn->stream, &channel);
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

static void answer(xmpp_conn_t *conn, struct str pass)
{
    conn->asked = false;
    stream_password(conn->stream, pass, conn_now(conn));
}

static bool ask(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;
    char pass[PASS_SIZE] = "";
    int n;

    if (conn->asked || !(stream_wants(conn->stream) & WANT_PASSWORD))
        return true;
    conn->asked = true;
    n = conn->ask ? conn->ask(pass, sizeof(pass), conn, conn->ask_userdata)
                  : -1;
    if (conn->attempt == attempt && conn->asked && n != 0)
        answer(conn, n > 0 && (size_t)n <= sizeof(pass) ? str_n(pass, (size_t)n)
                                                        : STR_NONE);
    crypt_wipe(pass, sizeof(pass));
    return conn->attempt == attempt;
}

bool login_go_on(xmpp_conn_t *conn, bool *more)
{
    if (stream_wants(conn->stream) & WANT_TURN)
        stream_turn(conn->stream, conn_now(conn));
    if (!ask(conn))
        return false;
    if (stream_wants(conn->stream) & WANT_TURN) /* still, or by the answer */
        *more = true;
    return true;
}

int xmpp_conn_answer_login_password(xmpp_conn_t *conn, const char *pass)
{
    if (!conn)
        return XMPP_EINVOP;
    if (!conn_is_live(conn) || !conn->asked)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "no password is asked for, or not any more");
    answer(conn, str_of(pass));
    pump_kick(conn);
    return 0;
}

/* ---- keys and tokens --------------------------------------------- */

int xmpp_conn_set_scram_keys(xmpp_conn_t *conn, const char *keys)
{
    struct scram_keys read;
    bool good = !keys || keys_read(&read, str_of(keys));

    if (!conn)
        return XMPP_EINVOP;
    crypt_wipe(&read, sizeof(read));
    return good ? conn_set(conn, __func__, &conn->settings.secrets.keys, keys)
                : env_refuse(&conn->ctx->env, XMPP_EARG,
                             "this is not a line of keys, as "
                             "xmpp_conn_get_scram_keys() returns it");
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
    if (rc == 0)
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
                          "\"%s\" is not a login strength, as "
                          "xmpp_conn_get_min_login_strength() returns "
                          "it",
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

/* If the application has set no minimum, one rule remains: after a proof by
 * SCRAM the password itself is not sent (XEP-0474). */
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

/* What another login may be worth, and begin with. */
static int keep_for_next(xmpp_conn_t *conn)
{
    const struct agreed *agreed = stream_agreed(conn->stream);
    struct scram_keys keys;
    char line[KEYS_SIZE];
    int rc;

    if (agreed->strength.mechanism) {
        conn->last_strength = agreed->strength;
        if (conn->min_strength.mechanism)
            conn->min_strength = conn->last_strength;
        strength_write(&conn->last_strength, conn->strength_line,
                       sizeof(conn->strength_line));
    }
    if (!stream_take_keys(conn->stream, &keys))
        return 0;
    keys_write(&keys, line, sizeof(line));
    rc = conn_set(conn, "SCRAM keys", &conn->settings.secrets.keys, line);
    crypt_wipe(&keys, sizeof(keys));
    crypt_wipe(line, sizeof(line));
    return rc;
}

static void say_so(const xmpp_conn_t *conn)
{
    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
            "%s as %s by %s, in %u round trips",
            conn->resumed ? "resumed" : "logged in", conn->bound,
            stream_agreed(conn->stream)->mechanism
                ? stream_agreed(conn->stream)->mechanism
                : "a secret",
            stream_agreed(conn->stream)->round_trips);
}

int login_keep(xmpp_conn_t *conn)
{
    const struct agreed *agreed = stream_agreed(conn->stream);

    conn->resumed = agreed->resumed && !agreed->left;
    if (!conn->resumed) /* what was asked in another session is over */
        guard_clear(&conn->dispatch.guard);
    conn->bound = env_strndup(&conn->ctx->env, agreed->jid.s, agreed->jid.n);
    early_keep(conn);
    paths_arrived(conn);
    if (!conn->bound || keep_for_next(conn))
        return XMPP_EMEM;
    say_so(conn);
    return 0;
}

void login_forget(xmpp_conn_t *conn)
{
    paths_forget(conn);
    redirect_forget(conn);
    conn->last_strength = (struct strength){0};
    if (!conn->min_strength.mechanism)
        conn->strength_line[0] = '\0';
}

const char *xmpp_conn_get_mechanism(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->stream ? stream_agreed(conn->stream)->mechanism : NULL;
}

const char *xmpp_conn_get_channel_binding(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->stream
               ? binding_name(stream_agreed(conn->stream)->strength.binding)
               : NULL;
}
