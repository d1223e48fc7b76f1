/* trust.c - the settings of TLS. */

#include "conn/trust.h"

#include "base/code.h"
#include "base/quote.h"

void trust_free(xmpp_conn_t *conn)
{
    const struct env *env = &conn->ctx->env;

    tls_ticket_free(env, &conn->tls.ticket);
    trust_forget(conn);
}

void xmpp_conn_set_cafile(xmpp_conn_t *const conn, const char *path)
{
    if (conn)
        conn_set_or_lose(conn, __func__, &conn->settings.tls.cafile, path);
}

void xmpp_conn_set_capath(xmpp_conn_t *const conn, const char *path)
{
    if (conn)
        conn_set_or_lose(conn, __func__, &conn->settings.tls.capath, path);
}

int xmpp_conn_set_crlfile(xmpp_conn_t *conn, const char *path)
{
    return conn ? conn_set(conn, __func__, &conn->settings.tls.crlfile, path)
                : XMPP_EINVOP;
}

/* ---- our own certificate ----------------------------------------- */

/* A PKCS#12 file in the place of the key is libstrophe's older way. */
void xmpp_conn_set_client_cert(xmpp_conn_t *conn, const char *cert,
                               const char *key)
{
    if (!conn)
        return;
    trust_forget(conn);
    /* A resumed TLS session would still be that of the old certificate. */
    tls_ticket_free(&conn->ctx->env, &conn->tls.ticket);
    if (conn_set(conn, __func__, &conn->settings.tls.cert, cert ? cert : key)) {
        conn->lost = __func__;
        return;
    }
    conn_set_or_lose(conn, __func__, &conn->settings.tls.key,
                     cert ? key : NULL);
}

const char *xmpp_conn_get_keyfile(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.tls.key : NULL;
}

void xmpp_conn_set_password_callback(xmpp_conn_t *conn,
                                     xmpp_password_callback cb, void *userdata)
{
    if (!conn)
        return;
    trust_forget(conn);
    conn->tls.password = cb;
    conn->tls.password_userdata = userdata;
}

void xmpp_conn_set_password_retries(xmpp_conn_t *conn, unsigned int retries)
{
    if (conn)
        conn->tls.password_retries = retries;
}

/* The password is kept until the login is over, because the key may be needed
 * more than once. A wrong one is not kept: a second try asks again. */
static int ask_password(void *userdata, unsigned attempt, char *to, size_t most)
{
    xmpp_conn_t *conn = userdata;
    struct conn_tls *set = &conn->tls;
    int n;

    if (attempt == 0 && set->entered && strlen(set->entered) < most) {
        strcpy(to, set->entered);
        return (int)strlen(to);
    }
    trust_forget(conn);
    if (!set->password)
        return -1;
    n = set->password(to, most, conn, set->password_userdata);
    trust_forget(conn); /* another question may have been asked inside */
    if (n >= 0 && (size_t)n < most)
        set->entered = env_strndup(&conn->ctx->env, to, (size_t)n);
    return n;
}

struct tls_password trust_password(xmpp_conn_t *conn)
{
    unsigned retries = conn->tls.password_retries;

    return (struct tls_password){ask_password, conn, retries ? retries : 1};
}

void trust_forget(xmpp_conn_t *conn)
{
    env_free_secret(&conn->ctx->env, conn->tls.entered);
    conn->tls.entered = NULL;
}

/* ---- whose it is ------------------------------------------------- */

/* The callback for the password may set another certificate, or release the
 * connection, while these files are being read. */
static unsigned addresses(xmpp_conn_t *conn, unsigned n, char **ret)
{
    const struct env *env = &conn->ctx->env;
    struct tls_password password = trust_password(conn);
    char *cert = env_strdup(env, conn->settings.tls.cert);
    char *key = env_strdup(env, conn->settings.tls.key);
    unsigned count = 0;

    conn_hold(conn);
    if (cert && (key || !conn->settings.tls.key))
        count = tls_own_addresses(env, cert, key, &password, n, ret);
    env_free(env, cert);
    env_free(env, key);
    conn_unhold(conn);
    return count;
}

unsigned int xmpp_conn_cert_xmppaddr_num(xmpp_conn_t *conn)
{
    return conn ? addresses(conn, 0, NULL) : 0;
}

char *xmpp_conn_cert_xmppaddr(xmpp_conn_t *conn, unsigned int n)
{
    char *address = NULL;

    if (!conn)
        return NULL;
    addresses(conn, n, &address);
    return address;
}

int trust_take_jid(xmpp_conn_t *conn, struct fault *fault)
{
    char *address = NULL;

    if (conn->settings.identity.jid)
        return 0;
    /* Of several addresses the application has to choose one. */
    if (addresses(conn, 0, &address) != 1) {
        env_free(&conn->ctx->env, address);
        return fault_set(
            fault, XMPP_LAYER_APP, XMPP_EINVOP,
            conn->settings.tls.cert
                ? "no JID was set, and the client certificate does not name "
                  "exactly one: call xmpp_conn_set_jid()"
                : "no JID was set: call xmpp_conn_set_jid()");
    }
    if (!address)
        return XMPP_EMEM;
    if (conn->settings.identity.jid) /* set while the password was entered */
        env_free(&conn->ctx->env, address);
    else
        conn->settings.identity.jid = address;
    return 0;
}

/* ---- handlers ---------------------------------------------------- */

void xmpp_conn_set_cert_handler(xmpp_conn_t *conn, xmpp_cert_handler handler,
                                void *userdata)
{
    if (!conn)
        return;
    conn->tls.ask = handler;
    conn->tls.ask_userdata = userdata;
}

void xmpp_conn_set_certfail_handler(xmpp_conn_t *const conn,
                                    xmpp_certfail_handler handler)
{
    if (conn)
        conn->tls.certfail = handler;
}

/* ---- pins -------------------------------------------------------- */

#define PIN_BASE64 44 /* characters */

/* 32 bytes in hexadecimal; colons may stand between two of them. */
static bool read_hex(unsigned char *hash, const char *text)
{
    for (size_t i = 0; i < TLS_HASH; i++) {
        int high = hex_value(text[0]);
        int low = high < 0 ? -1 : hex_value(text[1]);

        if (low < 0)
            return false;
        hash[i] = (unsigned char)(high << 4 | low);
        text += 2;
        if (*text == ':' && i + 1 < TLS_HASH)
            text++;
    }
    return *text == '\0';
}

static bool read_hash(unsigned char *hash, const char *text)
{
    unsigned char bytes[BASE64_MOST(PIN_BASE64)];
    struct str s = str_of(text);
    size_t n;

    if (read_hex(hash, text))
        return true;
    if (s.n != PIN_BASE64 || !base64_decode(bytes, &n, s) || n != TLS_HASH)
        return false;
    memcpy(hash, bytes, TLS_HASH);
    return true;
}

/* Pins are of the server's own certificate. The certificates above it arrive
 * unordered and unproven, so a pin on one of them would prove nothing. */
int xmpp_conn_add_tls_pin(xmpp_conn_t *conn, xmpp_tls_pin_t kind,
                          const char *sha256)
{
    struct tls_pin pin = {.kind = kind}, *more;
    struct quote said;
    size_t n;

    if (!conn)
        return XMPP_EARG;
    if ((unsigned)kind > XMPP_TLS_PIN_CERT)
        return env_refuse(
            &conn->ctx->env, XMPP_EARG,
            "the kind of a pin must be XMPP_TLS_PIN_KEY or XMPP_TLS_PIN_CERT");
    if (!sha256 || !read_hash(pin.hash, sha256))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "\"%s\" is not a SHA-256 hash in hexadecimal or "
                          "base64",
                          quote(&said, str_of(sha256)));
    n = conn->settings.tls.pins_n;
    if (n == XMPP_TLS_PINS_MAX)
        return XMPP_EFULL;
    more = env_realloc(&conn->ctx->env, conn->settings.tls.pins,
                       (n + 1) * sizeof(*more));
    if (!more)
        return XMPP_EMEM;
    more[n] = pin;
    conn->settings.tls.pins = more;
    conn->settings.tls.pins_n = n + 1;
    return 0;
}

void xmpp_conn_clear_tls_pins(xmpp_conn_t *conn)
{
    if (!conn)
        return;
    env_free(&conn->ctx->env, conn->settings.tls.pins);
    conn->settings.tls.pins = NULL;
    conn->settings.tls.pins_n = 0;
}
