/* bind2.c - what a session begins with when Bind 2 made it (XEP-0386). */

#include "conn/bind2.h"

#include <xmpp/fast.h>
#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"

/* stream/step_inline requests these itself, and a second request would
 * contradict it. */
static bool is_ours(struct str ns)
{
    return str_is(ns, XMPP_NS_SM) || str_is(ns, XMPP_NS_BIND2);
}

/* Copy all elements except the one that `element` replaces, then `element`. The
 * list is complete before it replaces the old one, so a call that fails changes
 * nothing. */
static int make_list(xmpp_conn_t *conn, const xmpp_stanza_t *element,
                     xmpp_stanza_t *list)
{
    xmpp_stanza_t *old = node_first_element(conn->settings.bind_with);
    unsigned n = 1;
    int rc = 0;

    for (; old && rc == 0; old = node_next_element(old))
        if (!str_eq(node_ns(old), node_ns(element))) {
            build_copy(list, old);
            rc = n++ < BIND_WITH_MOST ? 0 : XMPP_EFULL;
        }
    build_copy(list, element);
    return rc ? rc : xmpp_stanza_get_status(list);
}

int xmpp_conn_add_bind2_feature(xmpp_conn_t *conn, const xmpp_stanza_t *element)
{
    xmpp_stanza_t *list = NULL;
    int rc = 0;

    if (!conn)
        return XMPP_EINVOP;
    if (element) {
        if (!node_ns(element).n || is_ours(node_ns(element)))
            return env_refuse(
                &conn->ctx->env, XMPP_EARG,
                "an element for Bind 2 needs a namespace of its own, other "
                "than those of Bind 2 and of stream management");
        list = xmpp_stanza_new_tag(conn->ctx, "bind", XMPP_NS_BIND2);
        rc = make_list(conn, element, list);
    }
    if (rc) {
        xmpp_stanza_release(list);
        return rc;
    }
    xmpp_stanza_release(conn->settings.bind_with);
    conn->settings.bind_with = list;
    return 0;
}

/* ---- modules ----------------------------------------------------- */

/* How many there are, and whether one has this namespace. */
static unsigned count_elements(const xmpp_stanza_t *list, struct str ns,
                               bool *ret_found)
{
    unsigned n = 0;

    *ret_found = false;
    for (const xmpp_stanza_t *e = node_first_element(list); e;
         e = node_next_element(e)) {
        *ret_found |= str_eq(node_ns(e), ns);
        n++;
    }
    return n;
}

static void add_row(struct attempt *attempt, const xmpp_row_t *row)
{
    xmpp_stanza_t *list = attempt->account.settings.bind_with;
    bool is_there;
    unsigned n = count_elements(list, str_of(row->ns), &is_there);

    if (is_there || is_ours(str_of(row->ns)))
        return;
    if (n >= BIND_WITH_MOST)
        env_log(attempt->env, XMPP_LEVEL_WARN, "conn",
                "too many elements for Bind 2: \"%s\" is left out", row->ns);
    else
        xmpp_stanza_add_tag(list, row->name, row->ns);
}

int bind2_add_rows(struct attempt *attempt)
{
    const struct module_set *set = attempt->conn->dispatch.members.set;
    xmpp_stanza_t **list = &attempt->account.settings.bind_with;

    if (!set_has(set, XMPP_ROW_BIND))
        return 0;
    if (!*list)
        *list = xmpp_stanza_new_tag(attempt->conn->ctx, "bind", XMPP_NS_BIND2);
    if (!*list)
        return XMPP_EMEM;
    for (const struct set_row *r = set_begin(set, XMPP_ROW_BIND);
         r != set_end(set, XMPP_ROW_BIND); r++)
        add_row(attempt, r->row);
    return xmpp_stanza_get_status(*list);
}

/* ---- the session ------------------------------------------------- */

int xmpp_conn_has_bind2_feature(const xmpp_conn_t *conn, const char *ns)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;
    const struct agreed *agreed =
        attempt ? stream_agreed(attempt->stream) : NULL;
    xmpp_stanza_t *child;

    if (!agreed || !agreed->bound || !ns)
        return 0;
    child = node_first_element(attempt->account.settings.bind_with);
    /* The bits follow the order of the children. BIND_WITH_MOST keeps them
     * within 32 bits. The attempt's own copy counts, because the settings may
     * have changed since. */
    for (uint32_t bit = 1; child; bit <<= 1, child = node_next_element(child))
        if (str_is(node_ns(child), ns))
            return (agreed->bound_with & bit) != 0;
    return 0;
}

xmpp_stanza_t *xmpp_conn_get_bind2_result(const xmpp_conn_t *conn)
{
    struct stream *stream = conn ? conn_stream(conn) : NULL;

    return stream ? stream_agreed(stream)->bound : NULL;
}
