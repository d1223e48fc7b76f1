/* narrow_socket.c - a socket that takes little at a time: all of it gets out,
 * also what only waits inside of TLS. */

#include "conn/testbed.h"
#include "net/certmaker.h"

#include <sys/socket.h>

static int make_narrow(xmpp_conn_t *conn, void *sock)
{
    int least = 1;

    (void)conn;
    return setsockopt(*(int *)sock, SOL_SOCKET, SO_SNDBUF, &least,
                      sizeof(least));
}

static int on_done(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    (void)stanza;
    testbed->count++;
    return 1;
}

static void say(struct testbed *testbed, size_t n)
{
    char *text = malloc(n + 1);

    memset(text, 'x', n);
    text[n] = '\0';
    xmpp_send_raw_string(testbed->conn, "<message><body>%s</body></message>",
                         text);
    free(text);
}

static void sends(struct certmaker *certmaker, size_t n)
{
    char tls[200], what[64];
    const char *const script[] = {
        tls,        PEER_LOGIN, "C </body></message>", "S <message/>",
        PEER_CLOSE, NULL};
    struct testbed testbed;

    snprintf(tls, sizeof(tls), "tls %s/good", certmaker->folder);
    snprintf(what, sizeof(what), "%zu bytes", n);
    testbed_make(&testbed);
    xmpp_conn_set_flags(testbed.conn, (long)XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_cafile(testbed.conn, certmaker->ca_file);
    xmpp_conn_set_sockopt_callback(testbed.conn, make_narrow);
    xmpp_handler_add(testbed.conn, on_done, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    say(&testbed, n);
    testbed_until(&testbed, &testbed.count, 1, what);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

int main(void)
{
    static const struct cert_spec spec = {.dns = {"example.org"}};
    struct certmaker certmaker;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &spec, "good");
    for (size_t n = 1; n < 300000; n = n * 5 + 7)
        sends(&certmaker, n);
    certmaker_close(&certmaker);
    return done_testing();
}
