/* pipeline.c - what the server offered the last time, kept to log in by
 * (XEP-0509).
 *
 * As a line: "1 DOMAIN OFFER", the latter as XML in base64. */

#include "conn/pipeline.h"

#include <xmpp/fast.h>

#include "base/code.h"
#include "stanza/parse.h"
#include "stream/step_pipeline.h"

#define VERSION "1"

/* The XML of a line for this domain (STR_NONE: any), owned. 0, XMPP_EARG,
 * XMPP_EMEM. The line may come from a file that anybody wrote, so its size is
 * checked before memory is taken. */
static int read_line(const struct env *env, struct str line, struct str domain,
                     char **ret)
{
    struct str version = str_word(&line), owner = str_word(&line),
               text = str_word(&line);
    char *xml;
    size_t n = 0;

    if (!str_is(version, VERSION) || !text.n || str_word(&line).s ||
        text.n > BASE64_SIZE(OFFER_MOST) ||
        (domain.s && !str_eq(owner, domain)))
        return XMPP_EARG;
    xml = env_alloc(env, BASE64_MOST(text.n) + 1);
    if (!xml)
        return XMPP_EMEM;
    if (!base64_decode(xml, &n, text) || memchr(xml, '\0', n)) {
        env_free(env, xml);
        return XMPP_EARG;
    }
    xml[n] = '\0';
    *ret = xml;
    return 0;
}

static int check_line(xmpp_conn_t *conn, const char *line)
{
    const struct env *env = &conn->ctx->env;
    xmpp_stanza_t *offer = NULL;
    char *xml = NULL;
    int rc = read_line(env, str_of(line), STR_NONE, &xml);

    if (rc == 0)
        rc = parse_string(&conn->ctx->env, xml, &offer);
    xmpp_stanza_release(offer);
    env_free(env, xml);
    return rc && rc != XMPP_EMEM
               ? env_refuse(&conn->ctx->env, XMPP_EARG,
                            "this is not a line that "
                            "xmpp_conn_get_cached_features() returned")
               : rc;
}

int xmpp_conn_set_cached_features(xmpp_conn_t *conn, const char *line)
{
    int rc = conn && line ? check_line(conn, line) : 0;

    if (!conn)
        return XMPP_EINVOP;
    return rc ? rc : env_replace(&conn->ctx->env, &conn->offer, line);
}

const char *xmpp_conn_get_cached_features(const xmpp_conn_t *conn)
{
    return conn ? conn->offer : NULL;
}

/* ---- an attempt -------------------------------------------------- */

/* The features themselves are remembered, so that a choice made from them
 * follows the same rules. Without memory for them the login takes one round
 * trip more. */
void pipeline_init(struct attempt *attempt)
{
    const xmpp_conn_t *conn = attempt->conn;
    struct account *account = &attempt->account;

    if (conn->offer && conn->options[XMPP_OPT_PIPELINE])
        read_line(&conn->ctx->env, str_of(conn->offer), str_of(account->domain),
                  &account->offer);
}

static char *write_line(const struct attempt *attempt, struct str xml)
{
    struct str domain = str_of(attempt->account.domain);
    size_t head = sizeof(VERSION) + domain.n + 1;
    char *line = env_alloc(attempt->env, head + BASE64_SIZE(xml.n));

    if (!line)
        return NULL;
    memcpy(line, VERSION " ", sizeof(VERSION));
    memcpy(line + sizeof(VERSION), domain.s, domain.n);
    line[head - 1] = ' ';
    base64_encode(line + head, xml.s, xml.n);
    return line;
}

/* Without memory for them no features are cached, and the next login takes one
 * more round trip. A pipelined login that ended before new features arrived
 * forgets the old ones: a server that cannot handle it meets it only once. */
void pipeline_keep(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct agreed *agreed =
        attempt->stream ? stream_agreed(attempt->stream) : NULL;

    if (!agreed || (!agreed->offer_seen && !agreed->pipelined))
        return;
    env_free(&conn->ctx->env, conn->offer);
    conn->offer = agreed->offer.s ? write_line(attempt, agreed->offer) : NULL;
}
