/* skipped.c - a stanza above a limit reaches no handler, but whoever waits for
 * it hears of it: who asked is answered, and what we asked ends. */

#include "conn/testbed.h"

#define DEEP "<b><c><d><e/></d></c></b>"

static char warning[400]; /* the last one */

static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *message)
{
    (void)userdata;
    (void)area;
    if (level == XMPP_LEVEL_WARN)
        snprintf(warning, sizeof(warning), "%s", message);
}

static const xmpp_log_t the_log = {on_log, NULL};

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    const char *id = xmpp_stanza_get_id(stanza);

    (void)conn;
    if (id && strcmp(id, "end") == 0)
        testbed->raw_ups = 1;
    else
        testbed->count++;
    return 1;
}

static void begin(struct testbed *testbed, const char *const *script)
{
    warning[0] = '\0';
    testbed_make_log(testbed, &the_log);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_MAX_DEPTH, 4);
    xmpp_handler_add(testbed->conn, on_stanza, NULL, NULL, NULL, testbed);
    testbed_connect(testbed, script);
    testbed_until(testbed, &testbed->ups, 1, "up");
}

static void end(struct testbed *testbed, const char *name)
{
    testbed_until(testbed, &testbed->raw_ups, 1, name);
    is_int(testbed->count, 0, "%s: no handler heard of it", name);
    xmpp_disconnect(testbed->conn);
    testbed_until(testbed, &testbed->downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed->conn), "%s: the stream lived", name);
    testbed_peer_done(testbed, name);
    testbed_free(testbed, name);
}

/* ---- questions --------------------------------------------------- */

static void asked(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "S <iq type='get' id='q' from='a@b.example/r' "
        "to='guest@example.org/r'>" DEEP "</iq>",
        "C <iq",
        "C type=\"error\"",
        "C to=\"a@b.example/r\"",
        "C <policy-violation",
        "C </iq>",
        "S <iq type='set' id='q2' from='a@b.example'>" DEEP "</iq>",
        "C id=\"q2\"",
        "C <policy-violation",
        "C </iq>",
        "S <message id='end'/>",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;

    begin(&testbed, script);
    end(&testbed, "a question");
    is_str(warning,
           "skipped: <iq/> from a@b.example, 72 bytes: nested too deeply "
           "(5, XMPP_OPT_MAX_DEPTH is 4)",
           "what was skipped is in the log");
}

/* To none of these there is an answer. */
static void told(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "S <message from='a@b.example' type='error'>" DEEP "</message>"
        "<presence from='a@b.example'>" DEEP "</presence>"
        "<iq type='result' id='q' from='a@b.example'>" DEEP "</iq>"
        "<iq type='get' id='q' from='a@b@c'>" DEEP "</iq>"
        "<message id='end'/>",
        PEER_CLOSE, NULL};
    struct testbed testbed;

    begin(&testbed, script);
    end(&testbed, "nothing to be answered");
}

/* ---- answers ----------------------------------------------------- */

static int times, status;

static void ended(xmpp_conn_t *conn, int how, xmpp_stanza_t *reply,
                  void *userdata)
{
    (void)conn;
    (void)userdata;
    times++;
    status = reply ? XMPP_EINT : how;
}

static void asks(const char *type)
{
    char answer[500];
    const char *const script[] = {
        PEER_LOGIN, "C <iq", "C />", answer, "S <message id='end'/>",
        PEER_CLOSE, NULL};
    xmpp_stanza_t *iq;
    struct testbed testbed;

    snprintf(answer, sizeof(answer),
             "S <iq type='error' id='%%id%%' from='m@evil'>" DEEP "</iq>"
             "<iq type='%s' id='%%id%%' from='a@b.example'>" DEEP "</iq>"
             "<iq type='result' id='%%id%%' from='a@b.example'>" DEEP "</iq>",
             type);
    times = 0;
    begin(&testbed, script);
    iq = xmpp_iq_new(testbed.ctx, "get", NULL);
    xmpp_stanza_set_to(iq, "a@b.example");
    is_int(xmpp_request_send(testbed.conn, iq, 0, ended, NULL), 0,
           "a question");
    end(&testbed, type);
    is_int(times, 1, "%s: it ended once", type);
    is_int(status, XMPP_ELIMIT, "%s: because the answer was too large", type);
}

int main(void)
{
    asked();
    told();
    asks("result");
    asks("error");
    return done_testing();
}
