/* last.c - XEP-0012: how long ago was something done? */

#include <xmpp/xep/last.h>

#include <xmpp/ctx.h>
#include <xmpp/ns.h>

struct last {
    int is_public;       /* there is something that others may know */
    int is_set;          /* by the application, which has the last word */
    unsigned long since; /* xmpp_ctx_now() of what was done */
};

static const xmpp_field_t fields[] = {
    XMPP_ATTR_MUST(xmpp_last_t, seconds, NUMBER, "seconds"),
    XMPP_TEXT(xmpp_last_t, status, TEXT),
};

XMPP_PAYLOAD(xmpp_last, xmpp_last_t, "query", XMPP_NS_LAST, fields);

/* Who may see our presence (section 8). A component has none. */
static int last_may_know(xmpp_conn_t *conn, const xmpp_jid_t *from)
{
    return xmpp_conn_is_component(conn) ||
           xmpp_conn_sender_is(conn, from,
                               XMPP_SENDER_OWN | XMPP_SENDER_CONTACT);
}

/* 0 leaves the request to the library, which answers as if there were no such
 * module: who may not know it does not learn that there is something to know.
 */
static int on_last(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct last *last = state;
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_stanza_t *answer;
    xmpp_last_t value;
    int code;

    if (!last->is_public || !last_may_know(conn, in->from))
        return 0;
    answer = xmpp_iq_result(conn, in->stanza);
    XMPP_INIT(xmpp_last, value);
    value.seconds = (long)((xmpp_ctx_now(ctx) - last->since) / 1000);
    xmpp_payload_add(answer, &xmpp_last, &value);
    code = xmpp_send_take(conn, answer);
    return code ? code : 1;
}

/* It is a feature of ours as long as somebody gets an answer. */
static void add_last(xmpp_conn_t *conn, xmpp_stanza_t *query, void *state)
{
    const struct last *last = state;

    (void)conn;
    if (last->is_public)
        xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                        XMPP_NS_LAST);
}

static void set_public(xmpp_conn_t *conn, struct last *last, int is_public)
{
    if (last->is_public == is_public)
        return;
    last->is_public = is_public;
    xmpp_conn_modules_changed(conn);
}

/* A component is up since it began its first session; of a client's user
 * nothing is known before the application reports it. */
static int last_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct last *last = state;
    int is_component = xmpp_conn_is_component(conn);

    if (event != XMPP_SESSION_STARTED || last->is_set)
        return 0;
    if (is_component && !last->is_public)
        last->since = xmpp_ctx_now(xmpp_conn_get_context(conn));
    set_public(conn, last, is_component);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_LAST, "query", NULL, on_last),
    XMPP_FORM(add_last),
    XMPP_LIFECYCLE(last_on_turn),
    XMPP_SPEC("XEP-0012", "2.0", "complete"),
    XMPP_ROWS_END,
};

XMPP_MODULE(xmpp_mod_last, "last", sizeof(struct last), rows);

int xmpp_last_set_idle(xmpp_conn_t *conn, long seconds)
{
    struct last *last = xmpp_conn_get_state(conn, &xmpp_mod_last);

    if (!last)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_last);
    last->is_set = 1;
    last->since = xmpp_ctx_now(xmpp_conn_get_context(conn)) -
                  (unsigned long)seconds * 1000;
    set_public(conn, last, seconds >= 0);
    return 0;
}

int xmpp_last_get(xmpp_conn_t *conn, const char *to,
                  xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "query", XMPP_NS_LAST);
    return xmpp_request(conn, iq, &xmpp_last, handler, userdata);
}
