/* disco.c - XEP-0030: answers to queries about us. */

#include <xmpp/xep/disco.h>

#include <string.h>

#include <xmpp/dict.h>
#include <xmpp/ns.h>

/* A function that answers for a node. */
struct answerer {
    xmpp_disco_answer_handler handler;
    void *userdata;
};

struct disco {
    xmpp_dict_t *nodes; /* struct answerer; "" is for no node */
};

/* ---- nodes ------------------------------------------------------- */

static struct answerer *answerer_find(const struct disco *disco,
                                      const char *node)
{
    return xmpp_dict_find(disco->nodes, node ? node : "", (size_t)-1);
}

int xmpp_disco_add_node(xmpp_conn_t *conn, const char *node,
                        xmpp_disco_answer_handler handler, void *userdata)
{
    struct disco *disco = xmpp_conn_get_state(conn, &xmpp_mod_disco);
    struct answerer *answerer;

    if (!disco)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_disco);
    if (!handler)
        return xmpp_conn_fail(
            conn, &xmpp_mod_disco, XMPP_EARG,
            "the node \"%s\" needs a function that answers for it",
            node ? node : "");
    answerer = xmpp_dict_put(disco->nodes, node ? node : "", (size_t)-1);
    if (!answerer)
        return XMPP_EMEM;
    *answerer = (struct answerer){handler, userdata};
    return 0;
}

int xmpp_disco_remove_node(xmpp_conn_t *conn, const char *node)
{
    struct disco *disco = xmpp_conn_get_state(conn, &xmpp_mod_disco);
    struct answerer *answerer = disco ? answerer_find(disco, node) : NULL;

    if (!disco)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_disco);
    xmpp_dict_drop(disco->nodes, answerer);
    return answerer != NULL;
}

/* ---- answering --------------------------------------------------- */

/* What is declared; 0 or a code. */
static int write_declared(xmpp_conn_t *conn, xmpp_stanza_t *answer,
                          xmpp_stanza_t *asked)
{
    int is_items = strcmp(xmpp_stanza_get_ns(asked), XMPP_NS_DISCO_ITEMS) == 0;
    const xmpp_rsm_t *page =
        is_items ? xmpp_payload_find(asked, &xmpp_rsm) : NULL;

    if (is_items ? !!xmpp_payload_add(answer, &xmpp_disco_items,
                                      xmpp_disco_get_own_items(conn, page))
                 : !!xmpp_payload_add(answer, &xmpp_disco_info,
                                      xmpp_disco_get_own(conn)))
        return 0;
    return page ? XMPP_ENOHOST : XMPP_EMEM;
}

/* Returns as a handler of iq rows. The function of the application may do
 * anything: its record may be gone afterwards. */
static int write_answer(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                        const struct disco *disco, xmpp_stanza_t *answer)
{
    const char *node = xmpp_stanza_get_attribute(in->element, "node");
    struct answerer *answerer = answerer_find(disco, node);
    xmpp_stanza_t *query;

    if (!node || !*node) {
        int rc = write_declared(conn, answer, in->element);

        if (rc || !answerer)
            return rc ? rc : 1;
    } else {
        query = xmpp_stanza_add_tag(answer, "query",
                                    xmpp_stanza_get_ns(in->element));
        xmpp_stanza_put(query, "node", node);
    }
    query = xmpp_stanza_next_tag(answer, NULL, "query", NULL);
    return answerer && answerer->handler(conn, in, query, answerer->userdata)
               ? 1
               : XMPP_ENOHOST;
}

static int on_query(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_stanza_t *answer = xmpp_iq_result(conn, in->stanza);
    int rc = write_answer(conn, in, state, answer);

    if (rc < 0)
        xmpp_stanza_release(answer);
    else if (xmpp_send_take(conn, answer))
        rc = XMPP_EMEM;
    return rc;
}

/* ---- the module -------------------------------------------------- */

static int on_disco_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                              void *state)
{
    struct disco *disco = state;

    if (event == XMPP_ATTACHED)
        disco->nodes = xmpp_dict_new(xmpp_conn_get_context(conn),
                                     sizeof(struct answerer), 0, NULL);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(disco->nodes);
    return disco->nodes ? 0 : XMPP_EMEM;
}

static const xmpp_row_t disco_rows[] = {
    XMPP_NEEDS(&xmpp_mod_disco_own),
    XMPP_NEEDS(&xmpp_mod_disco_items),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_DISCO_INFO, "query", NULL,
                on_query),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_DISCO_ITEMS, "query", NULL,
                on_query),
    XMPP_FEATURE(XMPP_NS_DISCO_INFO),
    XMPP_FEATURE(XMPP_NS_DISCO_ITEMS),
    XMPP_FEATURE(XMPP_NS_RSM),
    XMPP_LIFECYCLE(on_disco_lifecycle),
    XMPP_SPEC("XEP-0030", "2.5.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_disco, "disco", sizeof(struct disco), disco_rows);
