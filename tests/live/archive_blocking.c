/* archive_blocking.c - blocked addresses on a real server. */

#include "live/archive.h"

#if defined(XMPP_HAVE_BLOCKING) && defined(XMPP_HAVE_PING)
#include <xmpp/xep/blocking.h>
#include <xmpp/xep/ping.h>

/* What the events of one connection told. */
struct seen {
    int loaded, added, removed, refused, failed;
};

static void on_blocking(xmpp_conn_t *conn, const xmpp_event_t *event,
                        void *userdata)
{
    struct seen *seen = userdata;

    (void)conn;
    seen->loaded += event->what == XMPP_BLOCKING_LOADED;
    seen->added += event->what == XMPP_BLOCKING_ADDED;
    seen->removed += event->what == XMPP_BLOCKING_REMOVED;
    seen->refused += event->what == XMPP_BLOCKING_REFUSED;
    seen->failed += event->what == XMPP_BLOCKING_FAILED;
}

static void use_blocking(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_blocking), 0, "blocking in use");
}

/* To somebody who is blocked. */
static void says(struct us *us)
{
    xmpp_stanza_t *m = xmpp_message_new(us->ctx, "chat", us->peer, "hello");

    xmpp_message_set_body(m, "Can you hear me now?");
    is_int(xmpp_send_take(us->conn, m), 0, "a message to it is sent");
}

/* No server of Debian 12 takes reports, but each has to let them pass. */
static void blocks(struct us *us, struct seen *ours, struct seen *others)
{
    xmpp_jid_t *peer = xmpp_jid_from_string(us->ctx, us->peer, NULL);
    struct outcome o = {0};
    xmpp_report_t report;
    xmpp_jid_t bare;

    XMPP_INIT(xmpp_report, report);
    report.reason = XMPP_NS_REPORTING_SPAM;
    xmpp_jid_cut(peer, XMPP_JID_BARE, &bare);
    us_ends(us, &o,
            xmpp_blocking_block(us->conn, &bare, &report, on_outcome, &o), 0,
            NULL, "the counterpart is blocked, and reported");
    us_await(us, &ours->added, 1, "we are told");
    us_await(us, &others->added, 1, "our other client, too");
    ok(xmpp_blocking_find(us->conn, peer) != NULL, "all of it is blocked");
    says(us);
    us_await(us, &ours->refused, 1, "and refused");
    us_ends(us, &o, xmpp_ping(us->conn, us->peer, on_outcome, &o), XMPP_ESTANZA,
            NULL, "a ping, too");
    us_ends(us, &o, xmpp_blocking_unblock(us->conn, &bare, on_outcome, &o), 0,
            NULL, "it is unblocked");
    us_await(us, &others->removed, 1, "which our other client is told");
    us_await(us, &ours->removed, 1, "and we");
    is_str(us_order(us, "block mallory@example.net"), "ok",
           "it can talk to us again, and blocks somebody itself");
    is_str(us_order(us, "blocked"), "mallory@example.net", "as it sees");
    xmpp_free(us->ctx, peer);
}

static void blocks_many(struct us *us, struct seen *ours, struct seen *others)
{
    static const char *const texts[] = {"a@example.net", "b@example.net/c",
                                        "spam.example"};
    struct outcome o = {0};

    for (int i = 0; i < 3; i++) {
        xmpp_jid_t *jid = xmpp_jid_from_string(us->ctx, texts[i], NULL);

        us_ends(us, &o,
                xmpp_blocking_block(us->conn, jid, NULL, on_outcome, &o), 0,
                NULL, texts[i]);
        xmpp_free(us->ctx, jid);
    }
    us_await(us, &others->added, 4, "all are pushed");
    is_int(xmpp_blocking_load(us->conn), 0, "the list is loaded again");
    us_await(us, &ours->loaded, 2, "it is there");
    is_int((int)xmpp_blocking_count(us->conn), 3, "with all of them");
    us_ends(us, &o, xmpp_blocking_unblock_all(us->conn, on_outcome, &o), 0,
            NULL, "all are unblocked");
    us_await(us, &others->removed, 4, "which our other client is told");
    us_await(us, &ours->removed, 4, "and we");
    is_int((int)xmpp_blocking_count(us->conn), 0, "none is left");
}

void test_blocking(struct us *us, char **argv)
{
    struct us other = {.ctx = us->ctx, .bare = us->bare, .peer = us->peer};
    struct seen ours = {0}, others = {0};

    us_begin(&other, argv, "other", use_blocking);
    xmpp_conn_watch(other.conn, &xmpp_mod_blocking, on_blocking, &others);
    use_blocking(us);
    xmpp_conn_watch(us->conn, &xmpp_mod_blocking, on_blocking, &ours);
    us_await(us, &ours.loaded, 1, "the list of blocked addresses is there");
    for (int i = 0; i < 50 && !xmpp_blocking_is_loaded(other.conn); i++)
        xmpp_run_once(us->ctx, 200);
    ok(xmpp_blocking_is_loaded(other.conn), "that of our other client, too");
    blocks(us, &ours, &others);
    blocks_many(us, &ours, &others);
    is_int(ours.failed + others.failed, 0, "nothing failed");
    us_end(&other);
}

#else

void test_blocking(struct us *us, char **argv)
{
    (void)us;
    (void)argv;
    skip("blocking is not built");
}

#endif
