/* sm.c - stream management: what is asked, resumed and moved. */

#include "life.h"

#define LOGIN_SM                                                               \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",      \
        "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",        \
        "C <stream:stream", "C >",                                             \
        "S " PEER_HEADER                                                       \
        "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"    \
        "<sm xmlns='urn:xmpp:sm:3'/></stream:features>"
#define BIND                                                                   \
    "C </iq>", "S <iq type='result' id='%id%'><bind "                          \
               "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                     \
               "<jid>guest@example.org/r</jid></bind></iq>"
#define ENABLE                                                                 \
    "C <enable", "C >",                                                        \
        "S <enabled xmlns='urn:xmpp:sm:3' resume='true' id='s-1'/>"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    show_str("message", xmpp_stanza_get_id(stanza));
    life->count++;
    return 1;
}

static void on_event(struct life *life, xmpp_conn_event_t event)
{
    show_str("bound", xmpp_conn_get_bound_jid(life->conn));
    show_int("a state while connected",
             event == XMPP_CONN_CONNECT &&
                 xmpp_conn_get_sm_state(life->conn) != NULL);
}

static void say(struct life *life, const char *id)
{
    xmpp_stanza_t *s = xmpp_message_new(life->ctx, NULL, NULL, id);

    xmpp_send(life->conn, s);
    xmpp_stanza_release(s);
}

/* Up to the loss of a connection on which one message went each way. */
static void lose(struct life *life)
{
    life->on_event = on_event;
    xmpp_handler_add(life->conn, on_message, NULL, "message", NULL, life);
    life_until(life, &life->ups, 1);
    life_pass(life, 50); /* <enabled/> may come after CONNECT there */
    say(life, "c1");
    life_until(life, &life->count, 1);
    say(life, "c2");
    life_until(life, &life->downs, 1);
}

static void same_object(void)
{
    static const char *const script[] = {
        LOGIN_SM,
        BIND,
        ENABLE,
        "C c1",
        "S <message id='s1'/>",
        "C c2",
        "hangup",
        "accept",
        LOGIN_SM,
        "C <resume",
        "C previd=\"s-1\"",
        "C >",
        "S <resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='1'/>",
        "C c2",
        "S <message id='s2'/><a xmlns='urn:xmpp:sm:3' h='2'/>"
        "<r xmlns='urn:xmpp:sm:3'/>",
        "C h=\"2\"",
        PEER_CLOSE,
        NULL};
    struct life life;

    printf("== on the same object\n");
    life_make(&life);
    life_connect(&life, script);
    lose(&life);
    show_int("again", life_connect_again(&life));
    life_until(&life, &life.count, 2);
    show_int("ups", life.ups);
    life_pass(&life, 50);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 2);
    life_peer(&life);
    life_free(&life);
    show_held();
}

static void other_object(void)
{
    static const char *const script[] = {
        LOGIN_SM,
        BIND,
        ENABLE,
        "C c1",
        "S <message id='s1'/>",
        "C c2",
        "hangup",
        "accept",
        LOGIN_SM,
        "C <resume",
        "C previd=\"s-1\"",
        "C >",
        "S <resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='2'/>",
        "S <message id='s2'/>",
        PEER_CLOSE,
        NULL};
    struct life life;
    xmpp_sm_state_t *state;

    printf("== on another object\n");
    life_make(&life);
    show_int("no state yet", xmpp_conn_get_sm_state(life.conn) == NULL);
    life_connect(&life, script);
    lose(&life);
    state = xmpp_conn_get_sm_state(life.conn);
    show_int("a state", state != NULL);
    show_int("only once", xmpp_conn_get_sm_state(life.conn) == NULL);
    xmpp_conn_release(life.conn);
    life.conn = xmpp_conn_new(life.ctx);
    xmpp_conn_set_jid(life.conn, "example.org");
    xmpp_conn_set_flags(life.conn, (long)XMPP_CONN_FLAG_DISABLE_TLS);
    show_int("put in", xmpp_conn_set_sm_state(life.conn, state));
    show_int("again", xmpp_conn_set_sm_state(life.conn, state));
    xmpp_handler_add(life.conn, on_message, NULL, "message", NULL, &life);
    show_int("connect", life_connect_again(&life));
    life_until(&life, &life.count, 2);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 2);
    life_peer(&life);
    life_free(&life);
    show_held();
}

static void not_wanted(void)
{
    static const char *const script[] = {LOGIN_SM, BIND, "C c1", PEER_CLOSE,
                                         NULL};
    struct life life;
    xmpp_sm_state_t *state;

    printf("== not wanted\n");
    life_make(&life);
    xmpp_conn_set_flags(life.conn, (long)(XMPP_CONN_FLAG_DISABLE_TLS |
                                          XMPP_CONN_FLAG_DISABLE_SM));
    life.logs = 1;
    life_connect(&life, script);
    life_until(&life, &life.ups, 1);
    say(&life, "c1");
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life.logs = 0;
    state = xmpp_conn_get_sm_state(life.conn);
    show_int("a state all the same", state != NULL);
    xmpp_free_sm_state(state);
    xmpp_free_sm_state(NULL);
    life_peer(&life);
    life_free(&life);
    show_held();
}

int main(void)
{
    same_object();
    other_object();
    not_wanted();
    return 0;
}
