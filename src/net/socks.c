/* socks.c - a stage that goes by a SOCKS 5 proxy (RFC 1928), with a user name
 * and a password where it wants them (RFC 1929). */

#include <netinet/in.h>

#include "base/crypt.h"
#include "net/address.h"
#include "net/poll.h"
#include "net/proxy.h"

#define VERSION 5
#define AUTH_VERSION 1
#define COMMAND_CONNECT 1

#define METHOD_NONE 0
#define METHOD_PASSWORD 2
#define METHOD_REFUSED 0xff

#define TYPE_IPV4 1
#define TYPE_NAME 3
#define TYPE_IPV6 4

#define ANSWER_SIZE (4 + 1 + 255 + 2) /* with a name of 255 octets */
#define AUTH_SIZE (3 + 2 * PROXY_NAME_MOST)
#define REQUEST_SIZE (4 + 1 + 255 + 2)

/* An answer is read to its last octet and not beyond: what follows belongs to
 * the stage above, which reads from below itself. `auth` is wiped once it is
 * sent. */
struct socks {
    struct stage stage;
    const struct env *env;
    /* What to do with an answer once it is complete; NULL: established. It
     * returns whether the dialogue goes on. */
    bool (*on_answer)(struct socks *socks);
    struct buf out;
    unsigned char in[ANSWER_SIZE];
    size_t in_n, due;
    unsigned char auth[AUTH_SIZE], request[REQUEST_SIZE];
    size_t auth_n, request_n; /* auth_n 0: there is no user */
};

static struct socks *socks_of(struct stage *stage)
{
    return (struct socks *)stage;
}

/* ---- faults ------------------------------------------------------ */

static bool fail_socks(struct socks *socks, int code, const char *why,
                       bool is_lasting)
{
    struct fault *fault = socks->stage.fault;

    if (!fault_is_set(fault)) {
        fault_set(fault, XMPP_LAYER_PROXY, code, "%s", why);
        fault->is_lasting = is_lasting;
    }
    return false;
}

static bool socks_is_malformed(struct socks *socks)
{
    return fail_socks(socks, XMPP_EPROXY,
                      "its answer is not SOCKS 5: is this another kind of "
                      "proxy?",
                      true);
}

/* RFC 1928 section 6, and Tor's of its proposal 304. A lasting refusal would be
 * repeated. */
static const struct {
    unsigned char code;
    bool is_lasting;
    const char *why;
} refusals[] = {
    {0x01, false, "it reports a general failure"},
    {0x02, true, "the connection is not allowed by its ruleset"},
    {0x03, false, "the network is unreachable from it"},
    {0x04, false, "the host is unreachable from it, or has no address"},
    {0x05, false, "the host refused its connection"},
    {0x06, false, "its connection was not answered in time"},
    {0x07, true, "it does not support CONNECT"},
    {0x08, true, "it does not support this type of address"},
    {0xf0, false, "the onion service cannot be found"},
    {0xf1, true, "the onion service is invalid"},
    {0xf2, false, "the onion service could not be introduced to us"},
    {0xf3, false, "the onion service did not meet us"},
    {0xf4, true, "the onion service requires a key for clients"},
    {0xf5, true, "the onion service does not accept our key"},
    {0xf6, true, "the address of the onion service is not valid"},
    {0xf7, false, "the onion service did not answer in time"},
};

static bool socks_refused(struct socks *socks, unsigned char code)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (refusals[i].code == code)
            return fail_socks(socks, XMPP_EPROXY, refusals[i].why,
                              refusals[i].is_lasting);
    return fail_socks(socks, XMPP_EPROXY, "it refused for an unknown reason",
                      false);
}

/* ---- the dialogue ------------------------------------------------ */

static bool socks_send(struct socks *socks, const unsigned char *bytes,
                       size_t n, bool (*on_answer)(struct socks *), size_t due)
{
    buf_put(&socks->out, (const char *)bytes, n);
    socks->on_answer = on_answer;
    socks->due = due;
    socks->in_n = 0;
    if (socks->out.failed)
        fault_set(socks->stage.fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return !socks->out.failed;
}

static void socks_established(struct socks *socks)
{
    socks->on_answer = NULL;
    buf_wipe(&socks->out);
}

/* The address that the proxy connected from; nobody needs it. */
static bool on_bound(struct socks *socks)
{
    socks_established(socks);
    return true;
}

/* VER REP RSV ATYP, and the first octet of the address: with a name that is its
 * length (section 6). */
static bool on_address(struct socks *socks)
{
    size_t n = 0;

    if (socks->in[3] == TYPE_IPV4)
        n = 4;
    else if (socks->in[3] == TYPE_IPV6)
        n = 16;
    else if (socks->in[3] == TYPE_NAME)
        n = 1 + (size_t)socks->in[4];
    else
        return socks_is_malformed(socks);
    socks->due = 4 + n + 2;
    socks->on_answer = on_bound;
    return true;
}

/* A proxy that refuses may close behind these two octets. */
static bool on_verdict(struct socks *socks)
{
    if (socks->in[0] != VERSION)
        return socks_is_malformed(socks);
    if (socks->in[1])
        return socks_refused(socks, socks->in[1]);
    socks->due = 5;
    socks->on_answer = on_address;
    return true;
}

static bool send_connect(struct socks *socks)
{
    return socks_send(socks, socks->request, socks->request_n, on_verdict, 2);
}

static bool on_auth(struct socks *socks)
{
    if (socks->in[0] != AUTH_VERSION)
        return socks_is_malformed(socks);
    if (socks->in[1])
        return fail_socks(socks, XMPP_EPROXYAUTH, "SOCKS 5", false);
    return send_connect(socks);
}

static bool send_password(struct socks *socks)
{
    bool rc = socks_send(socks, socks->auth, socks->auth_n, on_auth, 2);

    crypt_wipe(socks->auth, sizeof(socks->auth));
    return rc;
}

static bool on_method(struct socks *socks)
{
    unsigned char method = socks->in[1];

    if (socks->in[0] != VERSION)
        return socks_is_malformed(socks);
    if (method == METHOD_NONE)
        return send_connect(socks);
    if (method == METHOD_PASSWORD && socks->auth_n)
        return send_password(socks);
    if (method == METHOD_REFUSED && socks->auth_n)
        return fail_socks(socks, XMPP_EPROXY,
                          "it accepts neither a password nor none", true);
    if (method == METHOD_REFUSED)
        return fail_socks(socks, XMPP_EPROXYAUTH,
                          "it wants a user name and a password", false);
    return socks_is_malformed(socks);
}

/* Both methods are offered where there is a user: the proxy chooses. */
static bool send_greeting(struct socks *socks)
{
    static const unsigned char plain[] = {VERSION, 1, METHOD_NONE},
                               both[] = {VERSION, 2, METHOD_NONE,
                                         METHOD_PASSWORD};

    return socks->auth_n
               ? socks_send(socks, both, sizeof(both), on_method, 2)
               : socks_send(socks, plain, sizeof(plain), on_method, 2);
}

/* ---- the stage --------------------------------------------------- */

/* Read what is due of an answer. */
static int receive(struct socks *socks)
{
    struct stage *below = socks->stage.below;

    while (socks->in_n < socks->due) {
        ssize_t n = below->row->read(below, (char *)socks->in + socks->in_n,
                                     socks->due - socks->in_n);

        if (n == PIPE_EOF) {
            fail_socks(socks, XMPP_EPROXY,
                       "it closed the connection without an answer", false);
            return PIPE_FAIL;
        }
        if (n < 0)
            return (int)n;
        socks->in_n += (size_t)n;
    }
    return 0;
}

static int socks_progress(struct stage *stage)
{
    struct socks *socks = socks_of(stage);

    while (socks->on_answer) {
        int rc = pipe_send_below(stage, &socks->out);

        if (rc == 0)
            rc = receive(socks);
        if (rc)
            return rc;
        if (!socks->on_answer(socks))
            return PIPE_FAIL;
    }
    return 0;
}

static ssize_t socks_read(struct stage *stage, char *to, size_t n)
{
    return stage->below->row->read(stage->below, to, n);
}

static ssize_t socks_write(struct stage *stage, const char *from, size_t n)
{
    return stage->below->row->write(stage->below, from, n);
}

static int socks_nothing(struct stage *stage)
{
    (void)stage;
    return 0;
}

static unsigned socks_wants(struct stage *stage, unsigned above)
{
    struct socks *socks = socks_of(stage);

    if (socks->on_answer)
        above = POLL_READ | (buf_size(&socks->out) ? POLL_WRITE : 0);
    return stage->below->row->wants(stage->below, above);
}

static bool socks_pending(struct stage *stage)
{
    return stage->below->row->pending(stage->below);
}

static void socks_free(struct stage *stage)
{
    struct socks *socks = socks_of(stage);

    buf_wipe(&socks->out);
    crypt_wipe(socks->auth, sizeof(socks->auth));
    env_free(socks->env, socks);
}

static const struct stage_row row = {
    .name = "socks5",
    .layer = XMPP_LAYER_PROXY,
    .progress = socks_progress,
    .read = socks_read,
    .write = socks_write,
    .flush = socks_nothing,
    .wants = socks_wants,
    .pending = socks_pending,
    .close = socks_nothing,
    .free = socks_free,
};

/* ---- the messages ------------------------------------------------ */

/* A counted text; where the next one begins. */
static size_t put_counted(unsigned char *to, size_t at, const char *s, size_t n)
{
    to[at] = (unsigned char)n;
    if (n)
        memcpy(to + at + 1, s, n);
    return at + 1 + n;
}

static void write_auth(struct socks *socks, const struct proxy *proxy)
{
    if (!proxy->has_user)
        return;
    socks->auth[0] = AUTH_VERSION;
    socks->auth_n =
        put_counted(socks->auth, 1, proxy->user, strlen(proxy->user));
    socks->auth_n = put_counted(socks->auth, socks->auth_n, proxy->password,
                                strlen(proxy->password));
}

/* A name goes as it is, so that the proxy looks it up. */
static bool write_connect(struct socks *socks, const struct target *target)
{
    unsigned char *to = socks->request;
    size_t at = 4, length = strlen(target->host);
    struct address literal;

    memcpy(to, (unsigned char[]){VERSION, COMMAND_CONNECT, 0, TYPE_NAME}, 4);
    if (!length || length > 255)
        return false;
    if (address_read(&literal, target->host)) {
        size_t n = literal.family == AF_INET ? 4 : 16;

        to[3] = n == 4 ? TYPE_IPV4 : TYPE_IPV6;
        memcpy(to + at, literal.bytes, n);
        at += n;
    } else {
        at = put_counted(to, at, target->host, length);
    }
    to[at++] = (unsigned char)(target->port >> 8);
    to[at++] = (unsigned char)target->port;
    socks->request_n = at;
    return true;
}

struct stage *socks_stage_new(const struct env *env, struct stage *below,
                              const struct target *target, struct fault *fault)
{
    struct socks *socks = env_zalloc(env, sizeof(*socks));

    if (!socks)
        return NULL;
    socks->stage = (struct stage){&row, below, fault};
    socks->env = env;
    buf_init(&socks->out, env, AUTH_SIZE);
    socks->out.is_secret = true;
    write_auth(socks, target->proxy);
    if (!write_connect(socks, target))
        fail_socks(socks, XMPP_ENOHOST, "the host has no valid name", true);
    else if (send_greeting(socks))
        return &socks->stage;
    socks_free(&socks->stage);
    return NULL;
}
