/* hurry.c - while a login lasts what comes is acknowledged at once: a server
 * without TCP_NODELAY waits for that. No time is measured: it is the order of
 * system calls that counts. */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "conn/bed.h"
#include "net/mint.h"

/* What the library's thread did; the peer has another one. */
struct calls {
    int reads;   /* that brought something */
    int unasked; /* waits with something read and not acknowledged */
    int at_once, as_usual;
    bool owes;
};

static _Thread_local struct calls *now;

ssize_t __real_recv(int fd, void *to, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t n, int flags)
{
    ssize_t got = __real_recv(fd, to, n, flags);

    if (now && got > 0) {
        now->reads++;
        now->owes = true;
    }
    return got;
}

int __real_epoll_wait(int fd, struct epoll_event *to, int n, int timeout);
int __wrap_epoll_wait(int fd, struct epoll_event *to, int n, int timeout);
int __wrap_epoll_wait(int fd, struct epoll_event *to, int n, int timeout)
{
    if (now && now->owes)
        now->unasked++;
    return __real_epoll_wait(fd, to, n, timeout);
}

int __real_setsockopt(int fd, int level, int name, const void *value,
                      socklen_t n);
int __wrap_setsockopt(int fd, int level, int name, const void *value,
                      socklen_t n);
int __wrap_setsockopt(int fd, int level, int name, const void *value,
                      socklen_t n)
{
    if (now && level == IPPROTO_TCP && name == TCP_QUICKACK) {
        if (*(const int *)value)
            now->at_once++;
        else
            now->as_usual++;
        now->owes = false;
    }
    return __real_setsockopt(fd, level, name, value, n);
}

/* ---- lives ------------------------------------------------------- */

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;

    (void)stanza;
    bed->count++;
    xmpp_send_raw(conn, "<presence/>", 11);
    return 1;
}

static void begin(struct bed *bed, struct calls *calls)
{
    *calls = (struct calls){0};
    now = calls;
    xmpp_handler_add(bed->conn, on_message, NULL, "message", NULL, bed);
}

static void end(struct bed *bed, const char *what)
{
    now = NULL;
    bed_peer_done(bed, what);
    bed_free(bed, what);
}

#define MESSAGE                                                                \
    "S <message from='juliet@example.org/r'><body>x</body></message>"
#define TALK                                                                   \
    "C <presence", MESSAGE, "C <presence", MESSAGE, "C <presence", MESSAGE,    \
        "C <presence", PEER_CLOSE

static void logs_in(struct bed *bed, const char *const *script,
                    const char *what)
{
    struct calls calls, login;

    begin(bed, &calls);
    bed_connect(bed, script);
    bed_until(bed, &bed->ups, 1, what);
    login = calls;
    ok(login.reads > 3 && login.unasked == 0,
       "%s: whatever came was acknowledged at once", what);
    xmpp_send_raw(bed->conn, "<presence/>", 11);
    bed_until(bed, &bed->count, 3, "messages come");
    is_int(calls.at_once, login.at_once, "but nothing is behind the login");
    is_int(calls.as_usual, 1, "which was said once");
    xmpp_disconnect(bed->conn);
    bed_until(bed, &bed->downs, 1, "and it ends");
    end(bed, what);
}

static void plain(void)
{
    static const char *const script[] = {PEER_LOGIN, TALK, NULL};
    struct bed bed;

    bed_make(&bed);
    logs_in(&bed, script, "a login");
}

static void secured(void)
{
    static struct mint mint;
    static char tls[160];
    static const char *const script[] = {PEER_TO_TLS, tls, PEER_LOGIN, TALK,
                                         NULL};
    struct bed bed;

    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    snprintf(tls, sizeof(tls), "tls %s/good", mint.folder);
    bed_make_secured(&bed, mint.ca_file);
    logs_in(&bed, script, "a login under TLS");
    mint_close(&mint);
}

static void open_by_hand(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(bed->conn);
}

/* The application logs in itself, and nobody knows when it is done. */
static void raw(void)
{
    static const char *const script[] = {"C <stream:stream",
                                         "C >",
                                         "S " PEER_HEADER PEER_BIND,
                                         MESSAGE,
                                         "C <presence",
                                         MESSAGE,
                                         "C <presence",
                                         PEER_CLOSE,
                                         NULL};
    struct bed bed;
    struct calls calls;

    bed_make(&bed);
    bed.on_event = open_by_hand;
    begin(&bed, &calls);
    bed.peer = peer_start(script);
    xmpp_connect_raw(bed.conn, "127.0.0.1", peer_port(bed.peer), bed_handler,
                     &bed);
    bed_until(&bed, &bed.count, 2, "a raw stream");
    ok(calls.reads > 0 && calls.unasked == 0 && calls.as_usual == 0,
       "is in a hurry to its end");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "which comes");
    end(&bed, "raw");
}

int main(void)
{
    plain();
    secured();
    raw();
    return done_testing();
}
