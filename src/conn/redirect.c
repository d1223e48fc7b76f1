/* redirect.c - where a server sends its clients: see-other-host (RFC 6120
 * section 4.9.3.19). */

#include "conn/redirect.h"

#include "base/quote.h"
#include "conn/way.h"
#include "stanza/find.h"

#define CONDITION "see-other-host"

static bool is_same_place(const xmpp_conn_t *conn, const char *host,
                          unsigned port)
{
    return port == conn->named_port &&
           str_eq(str_of(host), str_of(conn->named_host)) &&
           !host == !conn->named_host;
}

int redirect_begin(xmpp_conn_t *conn, const char *host, unsigned port)
{
    conn->redirect.count = 0;
    /* A redirect that ended a session was an answer to this host and port. It
     * is kept for them, until it was tried once (dialing_redirect()). */
    if (is_same_place(conn, host, port))
        return 0;
    redirect_forget(conn);
    conn->named_port = port;
    return env_replace(&conn->ctx->env, &conn->named_host, host);
}

/* Tried once, or not to be tried. */
char *redirect_take_host(xmpp_conn_t *conn)
{
    char *host = conn->redirect.host;

    conn->redirect.host = NULL;
    return host;
}

static void drop_host(xmpp_conn_t *conn)
{
    env_free(&conn->ctx->env, redirect_take_host(conn));
}

void redirect_forget(xmpp_conn_t *conn)
{
    drop_host(conn);
    conn->redirect = (struct redirect){0};
}

/* The host that the server named; STR_NONE if the attempt fails otherwise. */
static struct str named(const struct attempt *attempt)
{
    xmpp_stanza_t *child = node_first_element(attempt->stream_error);

    if (strcmp(attempt->fault.condition, CONDITION) != 0)
        return STR_NONE;
    while (child && !(str_is(node_name(child), CONDITION) &&
                      node_is(child, NAME_NONE, NS_STREAM_ERRORS)))
        child = node_next_element(child);
    return node_text(child);
}

/* Why it may not be followed within this login, or NULL. Two servers may point
 * at each other, hence the limit (RFC 6120 section 4.9.3.19). DANE
 * authenticates the host, so that host must not come from a forger. */
static const char *objection(const struct attempt *attempt)
{
    const xmpp_conn_t *conn = attempt->conn;

    if (attempt->account.wanted.kind != STREAM_CLIENT)
        return "which only a client may follow";
    if (conn->redirect.count >= conn->options[XMPP_OPT_MAX_REDIRECTS])
        return "which is one redirection too many (XMPP_OPT_MAX_REDIRECTS)";
    if (conn->options[XMPP_OPT_DANE] && !conn->redirect.is_secured)
        return "which is not followed with DANE, because it was not protected "
               "by TLS";
    return NULL;
}

/* Where to? False if it is not a valid host. */
static bool read_target(struct attempt *attempt, struct str text,
                        char host[IDNA_NAME_MOST + 1])
{
    struct redirect *to = &attempt->conn->redirect;

    to->is_secured = stream_agreed(attempt->stream)->secured;
    return way_has_websocket(attempt)
               ? way_redirect(attempt, text, host, &to->port)
               : endpoint_read(text, host, &to->port) == 0;
}

static bool keep_redirect(struct attempt *attempt, const char *host)
{
    struct redirect *to = &attempt->conn->redirect;

    to->host = env_strdup(attempt->env, host);
    if (to->host)
        return true;
    attempt->fault = (struct fault){0}; /* not what the server reported */
    fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return false;
}

bool redirect_take(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    struct str text = attempt->stream ? named(attempt) : STR_NONE;
    bool is_over = attempt->stop_requested || conn->dying || attempt->is_up;
    char host[IDNA_NAME_MOST + 1];
    const char *why;
    struct quote said;

    if (!text.s)
        return false;
    drop_host(conn);
    fault_add(&attempt->fault, "it names %s", quote(&said, text));
    if (!read_target(attempt, text, host)) {
        fault_add(&attempt->fault,
                  way_has_websocket(attempt)
                      ? "which is not a URL that may be followed"
                      : "which is not a valid host");
        return false;
    }
    why = objection(attempt);
    if (why) {
        fault_add(&attempt->fault, "%s", why);
        return false;
    }
    /* Where the application wants the end, nothing is begun for it; the next
     * connect call goes there, unless it is a URL, which is not kept. */
    if ((is_over && way_has_websocket(attempt)) ||
        !keep_redirect(attempt, host) || is_over)
        return false;
    conn->redirect.count++;
    return true;
}
