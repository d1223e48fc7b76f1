/* account_services.c - directories, push services and multicast, as far as the
 * server has them. */

#include "live/account.h"

#ifdef XMPP_HAVE_SEARCH
#include <xmpp/xep/search.h>
#include <xmpp/xep/service.h>

/* The directory of ejabberd is made of vCards. */
static void searches(struct us *us)
{
    struct outcome o = {0};
    const xmpp_service_t *directory;
    xmpp_stanza_t *form;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_service), 1, "services in use");
    xmpp_service_find(us->conn, XMPP_NS_SEARCH, on_outcome, &o);
    us_await(us, &o.ended, 1, "a directory is searched for");
    memset(&o, 0, sizeof(o));
    directory = xmpp_service_get(us->conn, XMPP_NS_SEARCH);
    if (!directory) {
        printf("# the server has no directory\n");
        return;
    }
    us_ends(us, &o,
            xmpp_search_get(us->conn, directory->jid.text, on_outcome, &o), 0,
            "var: \"fn\"", "it has a form");
    form = xmpp_form_new(us->conn, XMPP_FORM_SUBMIT, NULL);
    xmpp_form_set_form_type(form, XMPP_NS_SEARCH);
    xmpp_form_set(form, "fn", "Juliet");
    us_ends(us, &o,
            xmpp_search_submit_form(us->conn, directory->jid.text, form,
                                    on_outcome, &o),
            0, "\"juliet@", "and finds somebody");
}
#endif

#ifdef XMPP_HAVE_PUSH
#include <xmpp/xep/push.h>

static void pushes(struct us *us)
{
    struct outcome o = {0};

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_push), 0, "push in use");
    us_ends(us, &o,
            xmpp_push_enable(us->conn, "push.example.org", "node", NULL,
                             on_outcome, &o),
            0, NULL, "a push service is enabled");
    us_ends(
        us, &o,
        xmpp_push_disable(us->conn, "push.example.org", "node", on_outcome, &o),
        0, NULL, "and disabled");
}
#endif

#ifdef XMPP_HAVE_ADDRESSES
#include <xmpp/xep/addresses.h>

/* To the counterpart and to us: by a service where there is one. */
static void sends_to_many(struct us *us)
{
    struct outcome o = {0};
    xmpp_address_t one, two;
    const xmpp_address_t *list[] = {&one, &two};
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_addresses_t to;
    xmpp_stanza_t *message = xmpp_message_new(us->ctx, "chat", NULL, NULL);
    int before = us->messages;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_addresses), 0, "addresses in use");
    xmpp_addresses_find(us->conn, on_outcome, &o);
    us_await(us, &o.ended, 1, "a service is searched for");
    printf("# multicast by %s\n", o.status ? "ourselves" : o.value);
    XMPP_INIT(xmpp_addresses, to);
    XMPP_INIT(xmpp_address, one);
    XMPP_INIT(xmpp_address, two);
    one.type = XMPP_ADDRESS_TO;
    two.type = XMPP_ADDRESS_BCC;
    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, rooms[0], &one.jid,
                   NULL);
    xmpp_jid_parse(xmpp_conn_get_bound_jid(us->conn), (size_t)-1,
                   XMPP_JID_STRICT, rooms[1], &two.jid, NULL);
    to.list = list;
    to.count = 2;
    xmpp_message_set_body(message, "to many");
    is_int(xmpp_addresses_send(us->conn, &to, message), 0, "a message to two");
    us_await(us, &us->messages, before + 1, "of whom we are one");
    is_str(us->text, "to many", "with what it said");
    us_order_until(us, "to many", "heard");
}
#endif

void test_services(struct us *us)
{
#ifdef XMPP_HAVE_SEARCH
    searches(us);
#endif
#ifdef XMPP_HAVE_PUSH
    pushes(us);
#endif
#ifdef XMPP_HAVE_ADDRESSES
    sends_to_many(us);
#endif
    (void)us;
}
