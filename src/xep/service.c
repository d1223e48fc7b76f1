/* service.c - the services of our server, by their features (XEP-0030). */

#include <xmpp/xep/service.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

#define CANDIDATES_MOST 50

/* What was found; its key is the feature. */
struct found {
    xmpp_service_t *service;
};

struct services {
    xmpp_dict_t *found;
};

static const xmpp_field_t fields[] = {
    XMPP_ATTR_MUST(xmpp_service_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_service_t, info, &xmpp_disco_info),
};
XMPP_PAYLOAD(xmpp_service, xmpp_service_t, "service", XMPP_NS_DISCO_ITEMS,
             fields);

/* ---- what was found ---------------------------------------------- */

static struct services *services_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_service);
}

static struct found *found_of(const xmpp_conn_t *conn, const char *feature)
{
    struct services *services = services_of(conn);

    return services && feature
               ? xmpp_dict_find(services->found, feature, (size_t)-1)
               : NULL;
}

const xmpp_service_t *xmpp_service_get(xmpp_conn_t *conn, const char *feature)
{
    struct found *found = found_of(conn, feature);

    return found ? found->service : NULL;
}

void xmpp_service_forget(xmpp_conn_t *conn, const char *feature)
{
    struct services *services = services_of(conn);

    if (services)
        xmpp_dict_drop(services->found, found_of(conn, feature));
}

static void found_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct found *)record)->service);
}

int xmpp_service_keep(xmpp_conn_t *conn, const char *feature,
                      const xmpp_service_t *service)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct services *services = services_of(conn);
    struct found *found;

    if (!feature || !service || !service->jid.domain_size)
        return xmpp_conn_fail(
            conn, &xmpp_mod_service, XMPP_EARG,
            "a feature and a service with an address are needed");
    if (!xmpp_disco_has_feature(service->info, feature))
        return 1;
    if (!services)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_service);
    found = xmpp_dict_put(services->found, feature, (size_t)-1);
    if (!found)
        return XMPP_EMEM;
    xmpp_free(ctx, found->service);
    found->service = xmpp_payload_copy(ctx, &xmpp_service, service);
    if (found->service)
        return 0;
    xmpp_dict_drop(services->found, found);
    return XMPP_EMEM;
}

/* ---- searching --------------------------------------------------- */

/* The domain of our account; it keeps the text of `room`, which has the room of
 * an address. */
static int server_of(const xmpp_conn_t *conn, char *room, xmpp_jid_t *ret)
{
    const char *bound = xmpp_conn_get_bound_jid(conn);

    if (!bound ||
        xmpp_jid_parse(bound, (size_t)-1, XMPP_JID_LENIENT, room, ret, NULL))
        return XMPP_EINVOP;
    xmpp_jid_cut(ret, XMPP_JID_DOMAIN, ret);
    return 0;
}

static long last_place(const xmpp_disco_items_t *listed)
{
    return listed->item_count < CANDIDATES_MOST ? (long)listed->item_count
                                                : CANDIDATES_MOST;
}

xmpp_stanza_t *xmpp_service_make_query(xmpp_conn_t *conn,
                                       const xmpp_disco_items_t *listed,
                                       long place)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", NULL);
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t server;

    if (listed && place >= 0 && place < last_place(listed))
        xmpp_stanza_set_jid(iq, "to", &listed->items[place]->jid);
    else if (server_of(conn, room, &server) == 0)
        xmpp_stanza_set_jid(iq, "to", &server);
    xmpp_stanza_add_tag(iq, "query",
                        listed ? XMPP_NS_DISCO_INFO : XMPP_NS_DISCO_ITEMS);
    return iq;
}

/* The server itself is behind the list. */
long xmpp_service_next(const xmpp_disco_items_t *listed, long place)
{
    return listed && place >= 0 && place < last_place(listed) ? place + 1 : -1;
}

/* Kept by the flow. */
struct search {
    const char *feature;
    const xmpp_disco_items_t *listed;
    long place;
};

static xmpp_stanza_t *send_service_query(xmpp_flow_t *flow, void *memory)
{
    const struct search *search = memory;

    return xmpp_service_make_query(xmpp_flow_get_conn(flow), search->listed,
                                   search->place);
}

static int receive_candidates(xmpp_flow_t *flow, void *memory,
                              const xmpp_result_t *result)
{
    struct search *search = memory;

    search->listed =
        xmpp_flow_keep_value(flow, &xmpp_disco_items, result->value);
    return result->status ? XMPP_FLOW_DONE : XMPP_FLOW_NEXT;
}

/* What cannot be kept is searched for again next time. */
static int receive_candidate(xmpp_flow_t *flow, void *memory,
                             const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct search *search = memory;
    xmpp_service_t service;

    XMPP_INIT(xmpp_service, service);
    service.info = xmpp_payload_find(result->stanza, &xmpp_disco_info);
    xmpp_stanza_get_jid(result->stanza, "from", &service.jid);
    if (service.info &&
        xmpp_service_keep(conn, search->feature, &service) != 1) {
        xmpp_flow_set_value(flow, &xmpp_service, &service);
        return XMPP_FLOW_DONE;
    }
    search->place = xmpp_service_next(search->listed, search->place);
    if (search->place >= 0)
        return 1;
    xmpp_conn_log(conn, &xmpp_mod_service, XMPP_LEVEL_INFO,
                  "our server lists no service with %s", search->feature);
    return XMPP_FLOW_NONE;
}

static const xmpp_step_t steps[] = {
    {"list", send_service_query, receive_candidates, &xmpp_disco_items},
    {"service", send_service_query, receive_candidate, NULL},
};

int xmpp_service_find(xmpp_conn_t *conn, const char *feature,
                      xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow;

    if (!conn || !xmpp_conn_get_bound_jid(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_service, XMPP_EINVOP,
                              "our server is not known before the login");
    if (!feature)
        return xmpp_conn_fail(conn, &xmpp_mod_service, XMPP_EARG,
                              "a search needs a feature, such as \"%s\"",
                              XMPP_NS_UPLOAD);
    flow = xmpp_flow_new(conn, steps, 2, sizeof(struct search), &memory);
    if (!flow)
        return XMPP_EMEM;
    ((struct search *)memory)->feature = xmpp_flow_keep_text(flow, feature);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- the module -------------------------------------------------- */

static int on_service_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                           void *state)
{
    struct services *services = state;

    if (event == XMPP_ATTACHED) {
        services->found = xmpp_dict_new(xmpp_conn_get_context(conn),
                                        sizeof(struct found), 0, found_done);
        return services->found ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_SESSION_ENDED)
        xmpp_dict_clear(services->found);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(services->found);
    return 0;
}

static const xmpp_row_t rows[] = {XMPP_LIFECYCLE(on_service_life),
                                  XMPP_SPEC("XEP-0030", "2.5.0", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_service, "service", sizeof(struct services), rows);
