/* extensions_people.c - contact list, subscriptions and presence, both ways. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_SUBSCRIPTION
#include <xmpp/xep/availability.h>
#include <xmpp/xep/subscription.h>

/* What was reported, each kind by its number. */
struct seen {
    int roster[8], subscription[8], availability[8];
};

static void on_roster(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    (void)conn;
    ((struct seen *)userdata)->roster[event->what]++;
}

static void on_subscription(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    (void)conn;
    ((struct seen *)userdata)->subscription[event->what]++;
}

static void on_availability(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    (void)conn;
    ((struct seen *)userdata)->availability[event->what]++;
}

/* ---- the contact list -------------------------------------------- */

static void adds(struct us *us, struct seen *seen, const xmpp_jid_t *peer)
{
    const char *const groups[] = {"Capulets", "Friends"};
    struct outcome o = {0};
    const xmpp_roster_item_t *found;
    xmpp_roster_item_t item;

    XMPP_INIT(xmpp_roster_item, item);
    item.jid = *peer;
    item.name = "Juliet";
    item.groups = groups;
    item.group_count = 2;
    us_await(us, &seen->roster[XMPP_ROSTER_LOADED], 1, "the list is loaded");
    us_ends(us, &o, xmpp_roster_set(us->conn, &item, on_outcome, &o), 0, NULL,
            "a contact is added");
    us_await(us, &seen->roster[XMPP_ROSTER_ADDED], 1, "and is in the list");
    found = xmpp_roster_get(us->conn, peer);
    ok(found && found->name && strcmp(found->name, "Juliet") == 0 &&
           found->group_count == 2,
       "with its name and groups");
    item.name = "Juliet Capulet";
    us_ends(us, &o, xmpp_roster_set(us->conn, &item, on_outcome, &o), 0, NULL,
            "it gets another name");
    us_await(us, &seen->roster[XMPP_ROSTER_CHANGED], 1, "which is reported");
}

/* ---- subscriptions ----------------------------------------------- */

static bool has_subscription(struct us *us, const xmpp_jid_t *peer, int want)
{
    const xmpp_roster_item_t *item = xmpp_roster_get(us->conn, peer);

    for (int i = 0; i < 100 && (!item || item->subscription != want); i++) {
        xmpp_run_once(us->ctx, 100);
        item = xmpp_roster_get(us->conn, peer);
    }
    return item && item->subscription == want;
}

static void subscribes(struct us *us, struct seen *seen, const xmpp_jid_t *peer)
{
    is_int(xmpp_subscription_request(us->conn, peer, "Hello?"), 0,
           "we request to see its presence");
    us_await(us, &seen->subscription[XMPP_SUBSCRIPTION_APPROVED], 1,
             "which it approves");
    ok(has_subscription(us, peer, XMPP_ROSTER_TO), "as the list says");
    us_await(us, &seen->availability[XMPP_AVAILABILITY_CHANGED], 1,
             "we see its presence");
    is_str(us_order(us, "subscribe"), "ok", "it requests to see ours");
    us_await(us, &seen->subscription[XMPP_SUBSCRIPTION_REQUESTED], 1,
             "which is reported");
    is_int(xmpp_subscription_approve(us->conn, peer), 0, "we approve");
    ok(has_subscription(us, peer, XMPP_ROSTER_BOTH), "as the list says");
    us_order_until(us, "both", "subscription");
}

/* ---- presence ---------------------------------------------------- */

static const xmpp_presence_t *peer_presence(struct us *us, int show)
{
    char room[XMPP_JID_BUFFER_SIZE];
    const xmpp_presence_t *found = NULL;
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    for (int i = 0; i < 100 && (!found || found->show != show); i++) {
        xmpp_run_once(us->ctx, 100);
        found = xmpp_availability_get(us->conn, &peer);
    }
    return found;
}

static void sees_presence(struct us *us, struct seen *seen)
{
    const xmpp_presence_t *found;
    int gone = seen->availability[XMPP_AVAILABILITY_GONE];

    is_str(us_order(us, "available away 3 at lunch"), "ok", "it is away");
    found = peer_presence(us, XMPP_SHOW_AWAY);
    ok(found && found->show == XMPP_SHOW_AWAY && found->priority == 3 &&
           found->status && strcmp(found->status, "at lunch") == 0,
       "which we see, with priority and status");
    is_str(us_order(us, "unavailable"), "ok", "it is not available");
    us_await(us, &seen->availability[XMPP_AVAILABILITY_GONE], gone + 1,
             "which we see");
    is_str(us_order(us, "available online 5 here"), "ok", "it is back");
    ok(peer_presence(us, XMPP_SHOW_ONLINE) != NULL, "which we see");
}

static void shows_presence(struct us *us)
{
    xmpp_presence_t own;

    XMPP_INIT(xmpp_presence, own);
    own.show = XMPP_SHOW_DND;
    own.priority = 9;
    own.status = "rehearsing";
    own.idle = xmpp_time_now();
    is_int(xmpp_presence_set(us->conn, &own), 0, "we are busy");
    us_order_until(us, "us dnd 9 rehearsing", "presence");
    XMPP_INIT(xmpp_presence, own);
    is_int(xmpp_presence_set(us->conn, &own), 0, "and not any more");
    us_order_until(us, "us online 0", "presence");
}

static void people(struct us *us)
{
    static struct seen seen;
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    xmpp_jid_cut(&peer, XMPP_JID_BARE, &peer);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_roster), 0, "roster in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_roster, on_roster, &seen);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_subscription), 0,
           "subscriptions in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_subscription, on_subscription, &seen);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_availability), 0,
           "presence of others in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_availability, on_availability, &seen);
    adds(us, &seen, &peer);
    subscribes(us, &seen, &peer);
    sees_presence(us, &seen);
    shows_presence(us);
}
#endif

void test_people(struct us *us)
{
#ifdef XMPP_HAVE_SUBSCRIPTION
    people(us);
#endif
    (void)us;
}

void test_parting(struct us *us)
{
#ifdef XMPP_HAVE_SUBSCRIPTION
    char room[XMPP_JID_BUFFER_SIZE];
    struct outcome o = {0};
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    us_ends(us, &o, xmpp_roster_remove(us->conn, &peer, on_outcome, &o), 0,
            NULL, "the contact is removed");
    for (int i = 0; i < 100 && xmpp_roster_get(us->conn, &peer); i++)
        xmpp_run_once(us->ctx, 100);
    ok(!xmpp_roster_get(us->conn, &peer), "and is not in the list any more");
#endif
    (void)us;
}
