/* system_calls.c - a conversation under TLS in which every system call and
 * every TLS record call fails in turn: what can be gone over is, anything else
 * ends it once, with a reason. */

#include <dirent.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <time.h>

#include "conn/testbed.h"
#include "conn/failing_calls.h"
#include "net/certmaker.h"

#define PATIENCE 60 /* seconds; only to end a test that hangs */
#define MISSES 3    /* a count that is not reached so often is past the end */

static struct certmaker certmaker;
static char tls[160];

static const char *const script[] = {
    PEER_TO_TLS,
    tls,
    PEER_LOGIN,
    "S <message from='juliet@example.org/r'><body>hello</body></message>",
    "C hello too",
    "C </message>",
    PEER_CLOSE,
    NULL};

static const char *const names[] = {
#define NAME(name, result) #name,
    FAILING_MAP(NAME)
#undef NAME
};

/* What came of a life. */
struct life {
    int ups, messages, downs, held, files;
    bool made, started, said, spoilt;
    int code;
    xmpp_layer_t layer;
};

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;
    xmpp_stanza_t *reply = xmpp_stanza_reply(stanza);

    life->messages++;
    xmpp_message_set_body(reply, "hello too");
    xmpp_send_take(conn, reply);
    xmpp_disconnect(conn);
    return 1;
}

/* One more or less of them is a leak. */
static int open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

/* No patience of the library's may end it: that would hide a hang. */
static void connect_it(struct testbed *testbed, struct life *life)
{
    time_t end = time(NULL) + PATIENCE;

    xmpp_ctx_get_fd(testbed->ctx); /* from now on alarms are system calls too */
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_STEP_TIMEOUT, 3600000);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_LOGIN_TIMEOUT, 3600000);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    xmpp_conn_set_jid(testbed->conn, "example.org");
    xmpp_conn_set_cafile(testbed->conn, certmaker.ca_file);
    xmpp_handler_add(testbed->conn, on_message, NULL, "message", NULL, life);
    life->started = xmpp_connect_client(testbed->conn, "127.0.0.1",
                                        fake_server_port(testbed->peer),
                                        testbed_handler, testbed) == 0;
    while (life->started && !testbed->downs && time(NULL) < end)
        xmpp_run_once(testbed->ctx, 1000);
}

/* The calls of this thread are those of the library; the peer has another. */
static void live(struct failing_call *call, struct life *life)
{
    const xmpp_failure_t *failure;
    struct testbed testbed = {0};
    int files = open_files();

    *life = (struct life){0};
    failmem_init(&testbed.memory);
    testbed.peer = fake_server_start(script);
    failing_call_arm(call);
    testbed.ctx = xmpp_ctx_new(&testbed.memory.mem, NULL);
    testbed.conn = testbed.ctx ? xmpp_conn_new(testbed.ctx) : NULL;
    life->made = testbed.conn != NULL;
    if (life->made)
        connect_it(&testbed, life);
    failure = life->made ? xmpp_conn_get_failure(testbed.conn) : NULL;
    life->code = failure ? failure->code : 0;
    life->layer = failure ? failure->layer : XMPP_LAYER_NONE;
    life->said = failure && failure->message[0];
    life->ups = testbed.ups;
    life->downs = testbed.downs;
    if (testbed.conn)
        xmpp_conn_release(testbed.conn);
    if (testbed.ctx)
        xmpp_ctx_free(testbed.ctx);
    failing_call_arm(NULL);
    fake_server_visit(testbed.peer);
    life->spoilt = fake_server_join(testbed.peer) != NULL;
    life->held = (int)testbed.memory.held;
    life->files = open_files() - files;
}

static bool is_clean(const struct life *life)
{
    return life->made && life->started && life->ups == 1 &&
           life->messages == 1 && life->downs == 1 && !life->code &&
           !life->spoilt;
}

/* It ended once, and said why; or it was over already. */
static bool ended(const struct life *life, xmpp_layer_t layer)
{
    if (!life->made)
        return true; /* there was nobody to tell, but for the result */
    if (!life->started)
        return life->downs == 0;
    return life->downs == 1 && life->ups <= 1 && life->messages <= 1 &&
           (!life->code ||
            (life->said && (life->layer == layer || layer == XMPP_LAYER_NONE)));
}

/* What a failure may lead to. `layer`: the conversation ends; NONE: whatever
 * names a reason will do. */
struct row {
    enum failing_kind call;
    int error;
    bool goes_on;
    xmpp_layer_t layer;
};

static bool is_right(const struct row *row, const struct life *life)
{
    return !life->held && !life->files &&
           (row->goes_on ? is_clean(life) : ended(life, row->layer));
}

static void tell(const struct row *row, unsigned long n,
                 const struct life *life)
{
    printf("# %s, error %d, the %lu-th: up %d, messages %d, down %d, layer %d, "
           "code %d, %d blocks, %d files\n",
           names[row->call], row->error, n, life->ups, life->messages,
           life->downs, (int)life->layer, life->code, life->held, life->files);
}

/* Each in turn, until there are no more. */
static void in_turn(const struct row *row, unsigned long step)
{
    unsigned long wrong = 0, failed = 0;
    int misses = 0;

    for (unsigned long n = 1; misses < MISSES; n += step) {
        struct failing_call w = {
            .call = row->call, .error = row->error, .at = n};
        struct life life;

        live(&w, &life);
        misses += w.failed == 0;
        failed += w.failed;
        if (w.failed ? is_right(row, &life) : is_clean(&life))
            continue;
        wrong++;
        tell(row, n, &life);
    }
    ok(!wrong && failed, "%s fails with %d, each of %lu in turn",
       names[row->call], row->error, failed);
}

/* Every second one, from the first on. */
static void every_second(const struct row *row)
{
    struct failing_call w = {
        .call = row->call, .error = row->error, .at = 1, .every = 2};
    struct life life;

    live(&w, &life);
    if (!ok(is_right(row, &life) && w.failed, "%s fails with %d, %lu of %lu",
            names[row->call], row->error, w.failed, w.calls))
        tell(row, 0, &life);
}

#define ON true, XMPP_LAYER_NONE
#define ENDS(layer) false, XMPP_LAYER_##layer

static const struct row rows[] = {
    {FAILING_CONNECT, EINTR, ON},
    {FAILING_CONNECT, EAGAIN, ENDS(TCP)},
    {FAILING_CONNECT, ECONNRESET, ENDS(TCP)},
    {FAILING_RECV, EINTR, ON},
    {FAILING_RECV, EAGAIN, ON},
    {FAILING_RECV, FAILING_SHORT, ON},
    {FAILING_RECV, ECONNRESET, ENDS(TCP)},
    {FAILING_RECV, EPIPE, ENDS(TCP)},
    {FAILING_SEND, EINTR, ON},
    {FAILING_SEND, EAGAIN, ON},
    {FAILING_SEND, FAILING_SHORT, ON},
    {FAILING_SEND, ECONNRESET, ENDS(TCP)},
    {FAILING_SEND, EPIPE, ENDS(TCP)},
    {FAILING_EPOLL_WAIT, EINTR, ON},
    {FAILING_EPOLL_WAIT, EAGAIN, ON},
    {FAILING_EPOLL_WAIT, ENOMEM, ON},
    {FAILING_EPOLL_WAIT, FAILING_SHORT, ON},
    {FAILING_EPOLL_CTL, ENOMEM, ENDS(NONE)},
    {FAILING_EPOLL_CREATE, EMFILE, ENDS(NONE)},
    {FAILING_EVENTFD, EMFILE, ENDS(NONE)},
    {FAILING_TIMERFD_CREATE, EMFILE, ENDS(NONE)},
    {FAILING_TIMERFD_SETTIME, EINVAL, ON},
    {FAILING_SOCKET, EMFILE, ENDS(TCP)},
    {FAILING_SETSOCKOPT, ENOPROTOOPT, ON},
    {FAILING_GETSOCKOPT, ECONNRESET, ENDS(TCP)},
    {FAILING_SHUTDOWN, ENOTCONN, ON},
    {FAILING_HANDSHAKE, GNUTLS_E_INTERRUPTED, ON},
    {FAILING_HANDSHAKE, GNUTLS_E_PULL_ERROR, ENDS(TLS)},
    {FAILING_RECORD_RECV, GNUTLS_E_INTERRUPTED, ON},
    {FAILING_RECORD_RECV, GNUTLS_E_AGAIN, ON},
    {FAILING_RECORD_RECV, FAILING_SHORT, ON},
    {FAILING_RECORD_RECV, GNUTLS_E_PREMATURE_TERMINATION, ENDS(TCP)},
    {FAILING_RECORD_RECV, GNUTLS_E_DECRYPTION_FAILED, ENDS(TLS)},
    {FAILING_RECORD_SEND, GNUTLS_E_INTERRUPTED, ON},
    {FAILING_RECORD_SEND, GNUTLS_E_AGAIN, ON},
    {FAILING_RECORD_SEND, FAILING_SHORT, ON},
    {FAILING_RECORD_SEND, GNUTLS_E_PUSH_ERROR, ENDS(TLS)},
};

int main(void)
{
    struct life life;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    live(NULL, &life);
    live(NULL, &life); /* whatever libraries keep open, they have now */
    ok(is_clean(&life) && !life.held && !life.files, "nothing fails");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        in_turn(&rows[i], tap_step());
        if (rows[i].goes_on)
            every_second(&rows[i]);
    }
    certmaker_close(&certmaker);
    return done_testing();
}
