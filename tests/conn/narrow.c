/* narrow.c - a socket that takes little at a time: all of it gets out, also
 * what only waits inside of TLS. */

#include "conn/bed.h"
#include "net/mint.h"

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
    struct bed *bed = userdata;

    (void)conn;
    (void)stanza;
    bed->count++;
    return 1;
}

static void say(struct bed *bed, size_t n)
{
    char *text = malloc(n + 1);

    memset(text, 'x', n);
    text[n] = '\0';
    xmpp_send_raw_string(bed->conn, "<message><body>%s</body></message>", text);
    free(text);
}

static void sends(struct mint *mint, size_t n)
{
    char tls[200], what[64];
    const char *const script[] = {
        tls,        PEER_LOGIN, "C </body></message>", "S <message/>",
        PEER_CLOSE, NULL};
    struct bed bed;

    snprintf(tls, sizeof(tls), "tls %s/good", mint->folder);
    snprintf(what, sizeof(what), "%zu bytes", n);
    bed_make(&bed);
    xmpp_conn_set_flags(bed.conn, (long)XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_cafile(bed.conn, mint->ca_file);
    xmpp_conn_set_sockopt_callback(bed.conn, make_narrow);
    xmpp_handler_add(bed.conn, on_done, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    say(&bed, n);
    bed_until(&bed, &bed.count, 1, what);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

int main(void)
{
    static const struct coin coin = {.dns = {"example.org"}};
    struct mint mint;

    mint_open(&mint);
    mint_files(&mint, &coin, "good");
    for (size_t n = 1; n < 300000; n = n * 5 + 7)
        sends(&mint, n);
    mint_close(&mint);
    return done_testing();
}
