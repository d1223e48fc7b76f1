/* rawtls.c - TLS on a raw connection, begun by the program itself. */

#include "life.h"

#include <signal.h>

#include "net/certmaker.h"

#define STARTTLS                                                               \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"     \
    "</stream:features>"

static int on_proceed(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)userdata;
    show_str("answer", xmpp_stanza_get_name(stanza));
    show_int("TLS", xmpp_conn_tls_start(conn));
    show_int("open again", xmpp_conn_open_stream_default(conn));
    return 0;
}

static int on_features(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    life->count++;
    if (xmpp_stanza_get_child_by_name(stanza, "starttls")) {
        printf("features with starttls\n");
        xmpp_handler_add(conn, on_proceed, XMPP_NS_TLS, NULL, NULL, NULL);
        xmpp_send_raw_string(conn, "<starttls xmlns='%s'/>", XMPP_NS_TLS);
    } else {
        printf("features, secured %d\n", xmpp_conn_is_secured(conn));
    }
    return 1;
}

int main(void)
{
    static const struct cert_spec spec = {.dns = {"example.org"}, .rsa = 2048};
    char tls[200];
    const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER STARTTLS,
        "C <starttls",
        "C />",
        "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        tls,
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        PEER_CLOSE,
        NULL};
    struct life life;
    struct certmaker certmaker;

    signal(SIGPIPE, SIG_IGN);
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &spec, "good");
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    life_make(&life);
    xmpp_conn_set_flags(life.conn, 0);
    xmpp_conn_set_cafile(life.conn, certmaker.ca_file);
    xmpp_handler_add(life.conn, on_features, XMPP_NS_STREAMS, "features", NULL,
                     &life);
    life_connect_raw(&life, script);
    life_until(&life, &life.raw_ups, 1);
    show_int("open", xmpp_conn_open_stream_default(life.conn));
    life_until(&life, &life.count, 2);
    show_int("ups", life.ups);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life_peer(&life);
    life_free(&life);
    show_held();
    certmaker_close(&certmaker);
    return 0;
}
