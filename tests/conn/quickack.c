/* quickack.c - while a login lasts what comes is acknowledged at once: a server
 * without TCP_NODELAY waits for that. No time is measured: it is the order of
 * system calls that counts. */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "conn/testbed.h"
#include "net/certmaker.h"

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
    struct testbed *testbed = userdata;

    (void)stanza;
    testbed->count++;
    xmpp_send_raw(conn, "<presence/>", 11);
    return 1;
}

static void begin(struct testbed *testbed, struct calls *calls)
{
    *calls = (struct calls){0};
    now = calls;
    xmpp_handler_add(testbed->conn, on_message, NULL, "message", NULL, testbed);
}

static void end(struct testbed *testbed, const char *what)
{
    now = NULL;
    testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}

#define MESSAGE                                                                \
    "S <message from='juliet@example.org/r'><body>x</body></message>"
#define TALK                                                                   \
    "C <presence", MESSAGE, "C <presence", MESSAGE, "C <presence", MESSAGE,    \
        "C <presence", PEER_CLOSE

static void logs_in(struct testbed *testbed, const char *const *script,
                    const char *what)
{
    struct calls calls, login;

    begin(testbed, &calls);
    testbed_connect(testbed, script);
    testbed_until(testbed, &testbed->ups, 1, what);
    login = calls;
    ok(login.reads > 3 && login.unasked == 0,
       "%s: whatever came was acknowledged at once", what);
    xmpp_send_raw(testbed->conn, "<presence/>", 11);
    testbed_until(testbed, &testbed->count, 3, "messages come");
    is_int(calls.at_once, login.at_once, "but nothing is behind the login");
    is_int(calls.as_usual, 1, "which was said once");
    xmpp_disconnect(testbed->conn);
    testbed_until(testbed, &testbed->downs, 1, "and it ends");
    end(testbed, what);
}

static void plain(void)
{
    static const char *const script[] = {PEER_LOGIN, TALK, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    logs_in(&testbed, script, "a login");
}

static void secured(void)
{
    static struct certmaker certmaker;
    static char tls[160];
    static const char *const script[] = {PEER_TO_TLS, tls, PEER_LOGIN, TALK,
                                         NULL};
    struct testbed testbed;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    testbed_make_secured(&testbed, certmaker.ca_file);
    logs_in(&testbed, script, "a login under TLS");
    certmaker_close(&certmaker);
}

static void open_by_hand(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(testbed->conn);
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
    struct testbed testbed;
    struct calls calls;

    testbed_make(&testbed);
    testbed.on_event = open_by_hand;
    begin(&testbed, &calls);
    testbed.peer = fake_server_start(script);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", fake_server_port(testbed.peer),
                     testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.count, 2, "a raw stream");
    ok(calls.reads > 0 && calls.unasked == 0 && calls.as_usual == 0,
       "is in a hurry to its end");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "which comes");
    end(&testbed, "raw");
}

int main(void)
{
    plain();
    secured();
    raw();
    return done_testing();
}
