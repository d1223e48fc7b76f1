/* extensions_nodes.c - publish-subscribe and personal eventing, where the
 * server has them. */

#include "live/extensions.h"

/* Notes come from contacts, and only to those whose capabilities say so. */
#if defined(XMPP_HAVE_PEP) && defined(XMPP_HAVE_CAPS) &&                       \
    defined(XMPP_HAVE_SUBSCRIPTION)
#define HAVE_NODES
#include <time.h>

#include <xmpp/module.h>
#include <xmpp/xep/pep.h>
#include <xmpp/xep/pubsub_approval.h>
#include <xmpp/xep/pubsub_owner.h>

#define NOTE "urn:example:note"

/* ---- a module of our own for notes ------------------------------- */

typedef struct {
    size_t size;
    const char *text;
} note_t;

static const xmpp_field_t note_fields[] = {XMPP_TEXT_MUST(note_t, text, TEXT)};
static XMPP_PAYLOAD(note, note_t, "note", NOTE, note_fields);

struct notes {
    int published, retracted;
    char last[64];
};

static int on_note(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct notes *notes = state;

    (void)conn;
    notes->published += in->item_event == XMPP_ITEM_PUBLISHED;
    notes->retracted += in->item_event == XMPP_ITEM_RETRACTED;
    if (in->value)
        snprintf(notes->last, sizeof(notes->last), "%s",
                 ((const note_t *)in->value)->text);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, NOTE, &note, on_note),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_notes, "notes", sizeof(struct notes), rows);

/* ---- personal eventing ------------------------------------------- */

static void notified(struct us *us, struct notes *notes)
{
    time_t end = time(NULL) + 30;

    /* our presence is renewed a second later, and then the server has to query
     * what its new hash stands for */
    while (!notes->published && time(NULL) < end) {
        us_order(us, "publish " NOTE " a first");
        for (int i = 0; i < 5; i++)
            xmpp_run_once(us->ctx, 200);
    }
    us_await(us, &notes->published, 1, "a note of the counterpart arrives");
    is_str(notes->last, "first", "as it was");
    is_str(us_order(us, "retract " NOTE " a"), "ok", "and retracts it");
    /* those of ejabberd report it only if they are configured so */
    if (strcmp(us->domain, "ejd.test") != 0)
        us_await(us, &notes->retracted, 1, "which we see, too");
}

static void publishes(struct us *us)
{
    struct outcome o = {0};
    xmpp_pubsub_config_t config;
    note_t own;

    XMPP_INIT(note, own);
    own.text = "mine";
    us_ends(us, &o,
            xmpp_pep_publish(us->conn, "urn:example:mine", "1", &note, &own,
                             NULL, on_outcome, &o),
            0, NULL, "we publish a note");
    us_order_until(us, "published urn:example:mine 1", "events");
    XMPP_INIT(xmpp_pubsub_config, config);
    config.access_model = "open";
    own.text = "for all";
    us_ends(us, &o,
            xmpp_pep_publish(us->conn, "urn:example:mine", "1", &note, &own,
                             &config, on_outcome, &o),
            0, NULL, "the node is configured anew for a second one");
    us_order_until(us, "for all", "item urn:example:mine 1");
    us_ends(us, &o,
            xmpp_pep_publish_private(us->conn, "urn:example:private", "x",
                                     &note, &own, on_outcome, &o),
            0, NULL, "a third is private");
    ok(strncmp(us_order(us, "item urn:example:private x"), "error ", 6) == 0,
       "which the counterpart cannot see: %s", us->answer);
    us_ends(us, &o,
            xmpp_pubsub_get_items(us->conn, NULL, "urn:example:private", NULL,
                                  on_outcome, &o),
            0, "id: \"x\"", "but we can");
}

/* ---- a service --------------------------------------------------- */

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    (void)conn;
    ((struct us *)userdata)->node_events +=
        event->what == XMPP_PUBSUB_PUBLISHED;
}

static void uses_service(struct us *us)
{
    struct outcome o = {0};
    xmpp_rsm_t page;
    char id[16];
    note_t own;

    XMPP_INIT(note, own);
    own.text = "an alarm";
    us_ends(
        us, &o,
        xmpp_pubsub_create(us->conn, us->nodes, "alarms", NULL, on_outcome, &o),
        0, NULL, "a node is created");
    us_ends(
        us, &o,
        xmpp_pubsub_get_config(us->conn, us->nodes, "alarms", on_outcome, &o),
        0, "configure: ", "it can be configured");
    us_ends(us, &o,
            xmpp_pubsub_subscribe(us->conn, us->nodes, "alarms", NULL, NULL,
                                  on_outcome, &o),
            0, "state: subscribed", "we subscribe to it");
    xmpp_conn_watch(us->conn, &xmpp_mod_pubsub, on_event, us);
    for (int i = 0; i < 3; i++) {
        snprintf(id, sizeof(id), "i%d", i);
        us_ends(us, &o,
                xmpp_pubsub_publish(us->conn, us->nodes, "alarms", id, &note,
                                    &own, NULL, on_outcome, &o),
                0, NULL, "something is published there");
    }
    us_await(us, &us->node_events, 3, "of which we are notified");
    xmpp_conn_unwatch(us->conn, &xmpp_mod_pubsub, on_event, us);
    XMPP_INIT(xmpp_rsm, page);
    page.max = 2;
    us_ends(us, &o,
            xmpp_pubsub_get_items(us->conn, us->nodes, "alarms", &page,
                                  on_outcome, &o),
            0, "id: \"i", "items are read, in pages if the service has them");
    us_ends(us, &o,
            xmpp_pubsub_retract(us->conn, us->nodes, "alarms", "i0", 1,
                                on_outcome, &o),
            0, NULL, "an item is retracted");
    us_ends(us, &o,
            xmpp_pubsub_get_affiliated(us->conn, us->nodes, "alarms",
                                       on_outcome, &o),
            0, "affiliation: owner", "the node is ours");
    us_ends(
        us, &o,
        xmpp_pubsub_delete(us->conn, us->nodes, "alarms", NULL, on_outcome, &o),
        0, NULL, "and is deleted");
}

/* ---- who may subscribe ------------------------------------------- */

static void on_request(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    const xmpp_pubsub_approval_t *request = event->value;

    ++*(int *)userdata;
    is_str(request->node, "club", "the request is for our node");
    is_int(xmpp_pubsub_decide(conn, request, 1), 0, "we allow it");
}

/* The decision has no answer: look until it is done. */
static bool is_subscriber(struct us *us)
{
    time_t end = time(NULL) + 30;
    struct outcome o;

    do {
        memset(&o, 0, sizeof(o));
        if (xmpp_pubsub_get_subscribers(us->conn, us->nodes, "club", on_outcome,
                                        &o))
            return false;
        while (!o.ended && time(NULL) < end)
            xmpp_run_once(us->ctx, 100);
        if (strstr(o.value, "state: subscribed"))
            return true;
    } while (time(NULL) < end);
    return false;
}

/* Of these servers only ejabberd asks the owner. */
static void decides(struct us *us)
{
    struct outcome o = {0};
    xmpp_pubsub_config_t config;
    int requests = 0;

    if (strcmp(us->domain, "ejd.test") != 0)
        return;
    XMPP_INIT(xmpp_pubsub_config, config);
    config.access_model = "authorize";
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_pubsub_approval), 0,
           "approval in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_pubsub_approval, on_request, &requests);
    us_ends(us, &o,
            xmpp_pubsub_create(us->conn, us->nodes, "club", &config, on_outcome,
                               &o),
            0, NULL, "a node that not everybody may subscribe to");
    us_order(us, "subscribe_node %s club", us->nodes);
    is_str(us->answer, "pending", "the counterpart has to wait");
    us_await(us, &requests, 1, "we get its request");
    ok(is_subscriber(us), "the counterpart is subscribed then");
    us_ends(
        us, &o,
        xmpp_pubsub_delete(us->conn, us->nodes, "club", NULL, on_outcome, &o),
        0, NULL, "the node is deleted");
    xmpp_conn_unwatch(us->conn, &xmpp_mod_pubsub_approval, on_request,
                      &requests);
}

static void nodes(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &mod_notes), 0, "a module with a node row");
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_pep), 0, "pep in use");
    if (strcmp(us->nodes, "none") == 0) {
        printf("# the server has no nodes\n");
        return;
    }
    /* the server learns of our interest by the hash in our presence */
    us_order_until(us, NOTE "+notify", "features");
    notified(us, xmpp_conn_get_state(us->conn, &mod_notes));
    publishes(us);
    uses_service(us);
    decides(us);
}
#endif

void test_nodes(struct us *us)
{
#ifdef HAVE_NODES
    nodes(us);
#endif
    (void)us;
}
