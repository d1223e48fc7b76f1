/* reconnect.c - whether and when a connection comes back by itself. */

#include "conn/comeback.h"

/* ---- pauses ------------------------------------------------------ */

/* The longest of each: without random bytes it is that one. */
static void pauses_grow(void)
{
    static const unsigned long want[] = {4000,   8000,   16000,  32000, 64000,
                                         128000, 256000, 300000, 300000};
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    for (int i = 0; i < 9; i++) {
        uint64_t before = d.down_at;
        unsigned long wait = d.wait;

        comeback_until_down(&d, i + 1);
        is_int(d.wait, want[i], "pause %d is up to %lu ms", i + 1, want[i]);
        is_int(d.attempt, i + 1, "  before this attempt");
        if (i)
            is_int(d.down_at - before, wait, "  the one before took its time");
    }
    ok(xmpp_conn_is_disconnected(d.testbed.conn), "a pause is no connection");
    testbed_failed(&d.testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "in a pause");
    comeback_end(&d, "pauses grow");
}

/* Each pause lies between nothing and its longest, anywhere. */
static void pauses_are_lots(void)
{
    unsigned long least = 1000, most = 0, sum = 0;
    struct comeback d;

    lots = REAL;
    comeback_begin(&d, NULL);
    xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_MIN, 1000);
    xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_MAX, 1000);
    comeback_connect(&d);
    for (int i = 0; i < 1000; i++) {
        comeback_until_down(&d, i + 1);
        least = d.wait < least ? d.wait : least;
        most = d.wait > most ? d.wait : most;
        sum += d.wait;
    }
    ok(most <= 1000, "no pause is longer than its longest: %lu", most);
    ok(least < 50 && most > 950, "they lie everywhere: %lu to %lu", least,
       most);
    ok(sum > 450000 && sum < 550000, "without a place that they like: %lu",
       sum / 1000);
    comeback_end(&d, "lots");
}

/* ---- what ended it ----------------------------------------------- */

#define STREAM_ERROR(condition)                                                \
    "S <stream:error><" condition                                              \
    " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"            \
    "</stream:stream>"
#define TO_AUTH                                                                \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS"
#define SASL_FAILURE(condition)                                                \
    TO_AUTH, "C >",                                                            \
        "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" condition      \
        "/></failure>"
#define BIND_ERROR(condition)                                                  \
    TO_AUTH, "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",   \
        "C <stream:stream", "C >", "S " PEER_HEADER PEER_BIND, "C </iq>",      \
        "S <iq type='error' id='%id%'><error type='cancel'><" condition        \
        " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct {
    const char *name;
    xmpp_retry_t retry;
    const char *script[20];
} ends[] = {
    {"cut while logging in", XMPP_RETRY_SOON, {"C <stream:stream", "reset"}},
    {"lost", XMPP_RETRY_SOON, {PEER_LOGIN, "reset"}},
    {"closed", XMPP_RETRY_SOON, {PEER_LOGIN, "S </stream:stream>", "eof"}},
    {"shutdown",
     XMPP_RETRY_SOON,
     {PEER_LOGIN, STREAM_ERROR("system-shutdown"), "eof"}},
    {"temporary-auth-failure",
     XMPP_RETRY_SOON,
     {SASL_FAILURE("temporary-auth-failure"), "eof"}},
    {"bad-format after a login",
     XMPP_RETRY_SOON,
     {PEER_LOGIN, STREAM_ERROR("bad-format"), "eof"}},
    {"resource-constraint",
     XMPP_RETRY_LATER,
     {PEER_LOGIN, STREAM_ERROR("resource-constraint"), "eof"}},
    {"policy-violation after a login",
     XMPP_RETRY_LATER,
     {PEER_LOGIN, STREAM_ERROR("policy-violation"), "eof"}},
    {"bound by another client",
     XMPP_RETRY_LATER,
     {BIND_ERROR("conflict"), "eof"}},
    {"policy-violation",
     XMPP_RETRY_NEVER,
     {"C <stream:stream", "C >",
      "S " PEER_HEADER "<stream:error><policy-violation "
      "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      "eof"}},
    {"wrong password",
     XMPP_RETRY_NEVER,
     {SASL_FAILURE("not-authorized"), "eof"}},
    {"account-disabled",
     XMPP_RETRY_NEVER,
     {SASL_FAILURE("account-disabled"), "eof"}},
    {"resource taken away",
     XMPP_RETRY_NEVER,
     {PEER_LOGIN, STREAM_ERROR("conflict"), "eof"}},
    {"not-authorized",
     XMPP_RETRY_NEVER,
     {PEER_LOGIN, STREAM_ERROR("not-authorized"), "eof"}},
    {"not allowed to bind",
     XMPP_RETRY_NEVER,
     {BIND_ERROR("not-allowed"), "eof"}},
};

/* Exactly one attempt where time does not help, however long it is waited. */
static void ends_once(size_t i)
{
    struct comeback d;
    const xmpp_failure_t *f;

    lots = i % 2 ? LONGEST : SHORTEST;
    comeback_begin(&d, ends[i].script);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    f = xmpp_conn_get_failure(d.testbed.conn);
    is_int(f ? f->retry : -1, ends[i].retry, "%s: %s", ends[i].name,
           f ? f->message : "no failure");
    is_int(xmpp_conn_is_reconnecting(d.testbed.conn),
           ends[i].retry != XMPP_RETRY_NEVER, "  does an attempt follow?");
    if (ends[i].retry == XMPP_RETRY_SOON)
        is_int(d.wait, lots == LONGEST ? 4000 : 0, "  soon");
    if (ends[i].retry == XMPP_RETRY_LATER)
        is_int(d.wait, lots == LONGEST ? 300000 : 150000, "  not soon");
    if (ends[i].retry == XMPP_RETRY_NEVER) {
        for (int n = 0; n < 100; n++)
            xmpp_run_once(d.testbed.ctx, 100000);
        is_int(memory_server_count(d.testbed.server), 1, "  one attempt");
        is_int(d.lasts, 1, "  and one last event");
    }
    memory_server_end(d.testbed.server);
    comeback_end(&d, ends[i].name);
}

/* The server is known to be right: what is in between is wrong for a while. */
static void known_server(void)
{
    static const char *const script[] = {PEER_LOGIN, "reset",
                                         "accept",   "C <stream:stream",
                                         "C >",      "S " PEER_HEADER PEER_BIND,
                                         "eof",      NULL};
    struct comeback d;

    lots = SHORTEST;
    comeback_begin(&d, script);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    xmpp_conn_set_flags(d.testbed.conn, 0); /* TLS is required from now on */
    comeback_until_down(&d, 2);
    testbed_failed(&d.testbed, XMPP_LAYER_TLS, XMPP_ENOTLS, "a portal");
    is_int(d.lasts, 0, "TLS was there yesterday");
    xmpp_disconnect(d.testbed.conn);
    testbed_until(&d.testbed, &d.lasts, 1, "the end");
    memory_server_end(d.testbed.server);
    comeback_end(&d, "known");
}

/* ---- until when -------------------------------------------------- */

static int nothing(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
    return 1;
}

static void reset_after(uint64_t lasts, unsigned attempt, const char *what)
{
    static const char *const script[] = {PEER_LOGIN, "C cut", "reset", NULL};
    struct comeback d;
    int i = 0;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    xmpp_timed_handler_add(d.testbed.conn, nothing, 1000000, NULL);
    comeback_connect(&d);
    for (; i < 3; i++)
        comeback_until_down(&d, i + 1);
    is_int(d.attempt, 3, "three in vain");
    testbed_serve(&d.testbed, script);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "then a session");
    comeback_pass(&d, lasts);
    xmpp_send_raw_string(d.testbed.conn, "<message id='cut'/>");
    comeback_until_down(&d, i + 1);
    is_int(d.attempt, attempt, "%s", what);
    memory_server_end(d.testbed.server);
    comeback_end(&d, what);
}

static void gives_up_after_tries(void)
{
    struct comeback d;

    lots = REAL;
    comeback_begin(&d, NULL);
    xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_TRIES, 5);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.lasts, 1, "it gives up");
    is_int(d.testbed.downs, 6, "after five attempts besides the first");
    testbed_failed(&d.testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "given up");
    is_int(xmpp_conn_network_changed(d.testbed.conn), XMPP_EINVOP,
           "there is nothing to hurry");
    comeback_end(&d, "tries");
}

static void gives_up_after_time(void)
{
    uint64_t begin;
    struct comeback d;

    lots = REAL;
    comeback_begin(&d, NULL);
    xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_TIME, 3600000);
    begin = comeback_now(&d);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.lasts, 1, "it gives up");
    ok(d.down_at - begin >= 3600000 && d.down_at - begin <= 3900000,
       "an hour later, and a pause at most: %lu",
       (unsigned long)(d.down_at - begin));
    comeback_end(&d, "time");
}

/* ---- memory ------------------------------------------------------ */

/* Each allocation fails once in a life with a loss in it. */
static void squeezed(void)
{
    static const char *const script[] = {PEER_LOGIN, "reset",    "accept",
                                         PEER_LOGIN, PEER_CLOSE, NULL};
    unsigned long n = 1;
    long leaks = 0, hangs = 0;
    bool failed = true;

    lots = LONGEST;
    for (; failed; n++) {
        struct comeback d;

        comeback_begin(&d, script);
        xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_TRIES, 3);
        failmem_arm(&d.testbed.memory, n, 0);
        if (xmpp_connect_client(d.testbed.conn, "127.0.0.1", 5222,
                                comeback_on_event, &d) == 0) {
            for (int i = 0; i < 200 && !d.lasts && d.testbed.ups < 2; i++)
                xmpp_run_once(d.testbed.ctx, 100000);
            xmpp_disconnect(d.testbed.conn);
            for (int i = 0; i < 50 && !d.lasts; i++)
                xmpp_run_once(d.testbed.ctx, 100000);
            hangs += d.lasts != 1;
        }
        failed = d.testbed.memory.failed > 0;
        memory_server_end(d.testbed.server);
        d.testbed.ctx->memory = NULL;
        xmpp_conn_release(d.testbed.conn);
        xmpp_ctx_free(d.testbed.ctx);
        for (size_t i = 0; i < d.testbed.served; i++)
            memory_server_free(d.testbed.servers[i]);
        leaks += d.testbed.memory.held != 0;
    }
    ok(n > 50, "%lu allocations failed in turn", n - 1);
    is_int(leaks, 0, "nothing is left");
    is_int(hangs, 0, "each life has its one last event");
}

int main(void)
{
    pauses_grow();
    pauses_are_lots();
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        ends_once(i);
    known_server();
    reset_after(59999, 4, "a short session is no success");
    reset_after(60000, 1, "a session that lasted begins anew");
    gives_up_after_tries();
    gives_up_after_time();
    squeezed();
    return done_testing();
}
