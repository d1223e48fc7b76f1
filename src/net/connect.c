/* connect.c - a stage that goes by an HTTP proxy: CONNECT (RFC 9110 section
 * 9.3.6), with Basic (RFC 7617). */

#include <stdio.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "net/http.h"
#include "net/poll.h"
#include "net/proxy.h"

/* a name twice, and a user name with a password in base64 */
#define REQUEST_SIZE 2048
#define PAIR_SIZE (2 * PROXY_NAME_MOST + 2)

/* What came behind the head of the answer stays in `http` until the stage above
 * reads it. */
struct connect {
    struct stage stage;
    const struct env *env;
    bool is_established;
    struct buf out;
    struct http http;
};

static struct connect *connect_of(struct stage *stage)
{
    return (struct connect *)stage;
}

/* ---- the dialogue ------------------------------------------------ */

static int fail_connect(struct connect *connect, int code, bool is_lasting,
                        const char *why)
{
    struct fault *fault = connect->stage.fault;

    if (!fault_is_set(fault)) {
        fault_set(fault, XMPP_LAYER_PROXY, code, "%s", why);
        fault->is_lasting = is_lasting;
    }
    return PIPE_FAIL;
}

/* A refusal of the client's making (4xx) is repeated, but for two that speak of
 * time (RFC 9110 section 15.5, RFC 6585). */
static bool is_lasting(unsigned status)
{
    return status < 500 && status != 408 && status != 429;
}

static int connect_refused(struct connect *connect)
{
    const struct http *http = &connect->http;
    struct quote reason;
    char why[160];

    snprintf(why, sizeof(why), "it answered %u %s", http->status,
             quote(&reason, http_reason(http)));
    /* Of a wrong password some proxies make a 401, which is a server's. */
    return http->status == 407 || http->status == 401
               ? fail_connect(connect, XMPP_EPROXYAUTH, false, why)
               : fail_connect(connect, XMPP_EPROXY, is_lasting(http->status),
                              why);
}

/* Any 2xx means that the tunnel is there; it has no content. */
static int judge(struct connect *connect)
{
    if (connect->http.status / 100 != 2)
        return connect_refused(connect);
    connect->is_established = true;
    buf_wipe(&connect->out);
    if (!http_left(&connect->http))
        http_free(&connect->http);
    return 0;
}

static int connect_progress(struct stage *stage)
{
    struct connect *connect = connect_of(stage);
    const char *why = NULL;
    int rc;

    if (connect->is_established)
        return 0;
    rc = pipe_send_below(stage, &connect->out);
    if (rc == 0)
        rc = http_read(&connect->http, stage->below, &why);
    if (rc == 0)
        return judge(connect);
    if (rc == PIPE_EOF)
        return fail_connect(connect, XMPP_EPROXY, false,
                            "it closed the connection without an answer");
    return why ? fail_connect(connect, XMPP_EPROXY, true, why) : rc;
}

/* ---- the stage --------------------------------------------------- */

static ssize_t connect_read(struct stage *stage, char *to, size_t n)
{
    size_t left = http_take(&connect_of(stage)->http, to, n);

    return left ? (ssize_t)left : stage->below->row->read(stage->below, to, n);
}

static ssize_t connect_write(struct stage *stage, const char *from, size_t n)
{
    return stage->below->row->write(stage->below, from, n);
}

static int connect_nothing(struct stage *stage)
{
    (void)stage;
    return 0;
}

static unsigned connect_wants(struct stage *stage, unsigned above)
{
    struct connect *connect = connect_of(stage);

    if (!connect->is_established)
        above = POLL_READ | (buf_size(&connect->out) ? POLL_WRITE : 0);
    return stage->below->row->wants(stage->below, above);
}

static bool connect_pending(struct stage *stage)
{
    return http_left(&connect_of(stage)->http) ||
           stage->below->row->pending(stage->below);
}

static void connect_free(struct stage *stage)
{
    struct connect *connect = connect_of(stage);

    buf_wipe(&connect->out);
    http_free(&connect->http);
    env_free(connect->env, connect);
}

static const struct stage_row row = {
    .name = "http proxy",
    .layer = XMPP_LAYER_PROXY,
    .progress = connect_progress,
    .read = connect_read,
    .write = connect_write,
    .flush = connect_nothing,
    .wants = connect_wants,
    .pending = connect_pending,
    .close = connect_nothing,
    .free = connect_free,
};

/* ---- the request ------------------------------------------------- */

static void put_credentials(struct buf *out, const struct proxy *proxy)
{
    char pair[PAIR_SIZE], text[BASE64_SIZE(PAIR_SIZE)];
    int pair_n =
        snprintf(pair, sizeof(pair), "%s:%s", proxy->user, proxy->password);
    size_t n = base64_encode(text, pair, pair_n > 0 ? (size_t)pair_n : 0);

    buf_puts(out, STR("Proxy-Authorization: Basic "));
    buf_put(out, text, n);
    buf_puts(out, STR("\r\n"));
    crypt_wipe(pair, sizeof(pair));
    crypt_wipe(text, sizeof(text));
}

/* The host of the target goes as a name, so that the proxy looks it up. */
static void put_connect(struct buf *out, const struct target *target)
{
    bool is_ipv6 = strchr(target->host, ':') != NULL;
    char authority[DNS_NAME_SIZE + 16];
    int n =
        snprintf(authority, sizeof(authority), "%s%s%s:%u", is_ipv6 ? "[" : "",
                 target->host, is_ipv6 ? "]" : "", target->port);
    struct str where = str_n(authority, n > 0 ? (size_t)n : 0);

    buf_puts(out, STR("CONNECT "));
    buf_puts(out, where);
    buf_puts(out, STR(" HTTP/1.1\r\nHost: "));
    buf_puts(out, where);
    buf_puts(out, STR("\r\n"));
    if (target->proxy->has_user)
        put_credentials(out, target->proxy);
    buf_puts(out, STR("\r\n"));
}

struct stage *connect_stage_new(const struct env *env, struct stage *below,
                                const struct target *target,
                                struct fault *fault)
{
    struct connect *connect = env_zalloc(env, sizeof(*connect));

    if (!connect)
        return NULL;
    connect->stage = (struct stage){&row, below, fault};
    connect->env = env;
    http_init(&connect->http, env);
    buf_init(&connect->out, env, REQUEST_SIZE);
    connect->out.is_secret = true;
    if (target->host[0])
        put_connect(&connect->out, target);
    else
        fail_connect(connect, XMPP_ENOHOST, true, "the host has no valid name");
    if (target->host[0] && !connect->out.failed)
        return &connect->stage;
    connect_free(&connect->stage);
    return NULL;
}
