/* command_offer.c - which ad-hoc commands there are, and for whom (XEP-0050
 * section 2.2). */

#include <string.h>

#include <xmpp/dict.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/command_offer.h>
#include <xmpp/xep/disco.h>

/* What is withdrawn while a list is made loses its command, and goes after it:
 * the application is asked for each command, and may do anything. */
struct offers {
    xmpp_dict_t *dict;         /* xmpp_command_offer_t, by node; always there */
    unsigned lists;            /* that are being made */
    unsigned long withdrawals; /* so far */
};

/* Nothing is known of a command if one was withdrawn meanwhile. */
int xmpp_command_may_run(xmpp_conn_t *conn, const xmpp_command_offer_t *offer,
                         const xmpp_jid_t *from)
{
    const struct offers *state =
        xmpp_conn_get_state(conn, &xmpp_mod_command_offer);
    unsigned long withdrawals = state ? state->withdrawals : 0;
    const xmpp_command_t *command = offer ? offer->command : NULL;
    unsigned access = command ? command->access : 0;

    if (!command)
        return 0;
    return xmpp_conn_sender_is(conn, from, access ? access : XMPP_SENDER_OWN) &&
           (!command->may || command->may(conn, from, offer->userdata)) &&
           (!state || state->withdrawals == withdrawals);
}

/* ---- lists -------------------------------------------------------- */

static void offer_identity(xmpp_stanza_t *query, const char *type,
                           const char *name)
{
    xmpp_stanza_t *identity = xmpp_stanza_add_tag(query, "identity", NULL);

    xmpp_stanza_put(identity, "category", "automation");
    xmpp_stanza_put(identity, "type", type);
    xmpp_stanza_put(identity, "name", name);
}

static void offer_feature(xmpp_stanza_t *query, const char *feature)
{
    xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                    feature);
}

static int is_items(xmpp_stanza_t *query)
{
    return !strcmp(xmpp_stanza_get_ns(query), XMPP_NS_DISCO_ITEMS);
}

/* The last list is made. */
static void drop_withdrawn(const struct offers *state)
{
    xmpp_command_offer_t *offer = xmpp_dict_next(state->dict, NULL), *next;

    for (; offer; offer = next) {
        next = xmpp_dict_next(state->dict, offer);
        if (!offer->command)
            xmpp_dict_drop(state->dict, offer);
    }
}

/* Only what the requester may run. */
static void add_items(xmpp_conn_t *conn, struct offers *state,
                      const xmpp_inbound_t *in, xmpp_stanza_t *query)
{
    const char *to = xmpp_stanza_get_to(in->stanza);
    const xmpp_command_offer_t *offer = NULL;

    state->lists++;
    while ((offer = xmpp_dict_next(state->dict, offer))) {
        xmpp_stanza_t *item;

        if (!xmpp_command_may_run(conn, offer, in->from))
            continue;
        item = xmpp_stanza_add_tag(query, "item", NULL);
        xmpp_stanza_put(item, "jid", to ? to : xmpp_conn_get_bound_jid(conn));
        xmpp_stanza_put(item, "node", offer->command->node);
        xmpp_stanza_put(item, "name", offer->command->name);
    }
    if (--state->lists == 0)
        drop_withdrawn(state);
}

static int on_offers(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                     xmpp_stanza_t *query, void *userdata)
{
    if (is_items(query))
        add_items(conn, userdata, in, query);
    else
        offer_identity(query, "command-list", NULL);
    return 1;
}

static int on_node(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                   xmpp_stanza_t *query, void *userdata)
{
    const xmpp_command_offer_t *offer = userdata;

    if (!xmpp_command_may_run(conn, offer, in->from))
        return 0;
    if (is_items(query))
        return 1;
    offer_identity(query, "command-node", offer->command->name);
    offer_feature(query, XMPP_NS_COMMANDS);
    offer_feature(query, XMPP_NS_FORM);
    return 1;
}

/* ---- the module -------------------------------------------------- */

static int offers_attach(xmpp_conn_t *conn, struct offers *state)
{
    int status = XMPP_EMEM;

    state->dict = xmpp_dict_new(xmpp_conn_get_context(conn),
                                sizeof(xmpp_command_offer_t), 0, NULL);
    if (state->dict)
        status = xmpp_disco_add_node(conn, XMPP_NS_COMMANDS, on_offers, state);
    if (status < 0)
        xmpp_dict_free(state->dict);
    return status < 0 ? status : 0;
}

static int on_offer_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct offers *offers = state;

    if (event == XMPP_ATTACHED)
        return offers_attach(conn, offers);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(offers->dict);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_disco),
    XMPP_FEATURE(XMPP_NS_COMMANDS),
    XMPP_LIFECYCLE(on_offer_life),
    XMPP_SPEC("XEP-0050", "1.3.0", "complete"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_command_offer, "command_offer", sizeof(struct offers),
            rows);

/* ---- what is offered --------------------------------------------- */

static xmpp_command_offer_t *find_offer(const struct offers *state,
                                        const char *node)
{
    xmpp_command_offer_t *offer =
        state && node ? xmpp_dict_find(state->dict, node, (size_t)-1) : NULL;

    return offer && offer->command ? offer : NULL;
}

static void drop_offer(struct offers *state, xmpp_command_offer_t *offer)
{
    state->withdrawals++;
    offer->command = NULL;
    if (!state->lists)
        xmpp_dict_drop(state->dict, offer);
}

const xmpp_command_offer_t *xmpp_command_get_offer(xmpp_conn_t *conn,
                                                   const char *node)
{
    return find_offer(xmpp_conn_get_state(conn, &xmpp_mod_command_offer), node);
}

int xmpp_command_offer(xmpp_conn_t *conn, const xmpp_command_offer_t *offer)
{
    struct offers *state = xmpp_conn_get_state(conn, &xmpp_mod_command_offer);
    const char *node = offer && offer->command ? offer->command->node : NULL;
    xmpp_command_offer_t *record;
    int status;

    if (!state)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_command_offer);
    if (!node || !offer->handler)
        return xmpp_conn_fail(
            conn, &xmpp_mod_command_offer, XMPP_EARG,
            "a command needs a node, and a function that runs it");
    if (offer->command->size < sizeof(offer->command->size))
        return xmpp_conn_fail(
            conn, &xmpp_mod_command_offer, XMPP_EARG,
            "a command begins with its size: .size = sizeof(command)");
    if (find_offer(state, node))
        return 1;
    record = xmpp_dict_put(state->dict, node, (size_t)-1);
    if (!record)
        return XMPP_EMEM;
    *record = *offer;
    status = xmpp_disco_add_node(conn, node, on_node, record);
    if (status < 0)
        drop_offer(state, record);
    return status < 0 ? status : 0;
}

void xmpp_command_withdraw(xmpp_conn_t *conn, const xmpp_command_t *command)
{
    struct offers *state = xmpp_conn_get_state(conn, &xmpp_mod_command_offer);
    xmpp_command_offer_t *offer =
        find_offer(state, command ? command->node : 0);

    if (!offer || offer->command != command)
        return;
    xmpp_disco_remove_node(conn, command->node);
    drop_offer(state, offer);
}
