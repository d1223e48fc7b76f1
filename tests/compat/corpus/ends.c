/* ends.c - the ways in which a connection ends, and what is told of them. */

#include "life.h"

static void one(const char *what, const char *const *script)
{
    struct life life;

    printf("== %s\n", what);
    life_make(&life);
    life_connect(&life, script);
    life_until(&life, &life.downs, 1);
    show_int("ups", life.ups);
    show_int("downs", life.downs);
    show_int("disconnected", xmpp_conn_is_disconnected(life.conn));
    life_peer(&life);
    life_free(&life);
    show_held();
}

static void by_release(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct life life;

    printf("== by release\n");
    life_make(&life);
    life_connect(&life, script);
    life_until(&life, &life.ups, 1);
    show_int("clone is the same", xmpp_conn_clone(life.conn) == life.conn);
    show_int("release one", xmpp_conn_release(life.conn));
    show_int("downs", life.downs);
    show_int("release the last", xmpp_conn_release(life.conn));
    show_int("downs", life.downs);
    life_peer(&life);
    xmpp_ctx_free(life.ctx);
    show_held();
}

static void nobody_there(void)
{
    struct life life;

    printf("== nobody there\n");
    life_make(&life);
    show_int("connect",
             xmpp_connect_client(life.conn, "127.0.0.1", fake_server_no_port(),
                                 life_handler, &life));
    life_until(&life, &life.downs, 1);
    show_int("downs", life.downs);
    life_free(&life);
    show_held();
}

static void not_started(void)
{
    struct life life;

    printf("== not started\n");
    life_make(&life);
    xmpp_conn_release(life.conn);
    life.conn = xmpp_conn_new(life.ctx);
    show_int("no jid", xmpp_connect_client(life.conn, "127.0.0.1", 1,
                                           life_handler, &life));
    show_int(
        "component without a jid",
        xmpp_connect_component(life.conn, "127.0.0.1", 1, life_handler, &life));
    xmpp_conn_set_jid(life.conn, "comp.example.org");
    show_int(
        "component without a secret",
        xmpp_connect_component(life.conn, "127.0.0.1", 1, life_handler, &life));
    show_int("downs", life.downs);
    life_free(&life);
    show_held();
}

int main(void)
{
    static const char *const error[] = {
        PEER_LOGIN,
        "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
        "/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>two of you"
        "</text></stream:error></stream:stream>",
        "eof", NULL};
    static const char *const stranger[] = {
        PEER_LOGIN,
        "S <stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "</stream:error></stream:stream>",
        "eof", NULL};
    static const char *const closed[] = {PEER_LOGIN, "S </stream:stream>",
                                         "C </stream:stream>", "hangup", NULL};
    static const char *const hangup[] = {PEER_LOGIN, "hangup", NULL};
    static const char *const early[] = {"C <stream:stream", "C >", "hangup",
                                        NULL};
    static const char *const refused[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        "C ANONYMOUS",
        "C >",
        "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
        "<not-authorized/></failure>",
        "eof",
        NULL};
    static const char *const unbound[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        "C ANONYMOUS",
        "C >",
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_BIND,
        "C </iq>",
        "S <iq type='error' id='%id%'><error type='cancel'><conflict "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        "eof",
        NULL};

    one("a stream error", error);
    one("a stream error nobody knows", stranger);
    one("closed by the server", closed);
    one("the server hangs up", hangup);
    one("the server hangs up early", early);
    one("the login is refused", refused);
    one("no resource", unbound);
    by_release();
    nobody_there();
    not_started();
    return 0;
}
