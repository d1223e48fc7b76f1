/* ids_kept.c - what is kept of questions for handlers by id: how many, from one
 * transport to the next, and without memory. */

#include "conn/ids_testbed.h"

#include "conn/conn.h"

/* The first of so many is answered at last; does its handler hear it? */
static void many(int n, bool waits, bool is_heard)
{
    char name[32];

    snprintf(name, sizeof(name), "%d questions", n);
    ids_begin(ANSWER("result", "a@x"), name);
    if (waits)
        xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    ids_send("a@x");
    for (int i = 1; i < n; i++) {
        xmpp_stanza_t *iq = ids_question("c@x");
        char id[32];

        snprintf(id, sizeof(id), "other%d", i);
        xmpp_stanza_set_id(iq, id);
        xmpp_send(ids_testbed.conn, iq);
        xmpp_stanza_release(iq);
    }
    if (!waits)
        xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    ids_end(name);
    is_str(ids_heard, is_heard ? "iqa@x " : "", "%s: the first is %s", name,
           is_heard ? "known" : "forgotten");
}

/* One handler for questions to ever more people does not hold ever more. */
static void bounded(void)
{
    ids_begin("", "bounded");
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    for (int i = 0; i < 3 * QUESTIONS_MOST; i++) {
        char to[32];

        snprintf(to, sizeof(to), "a%d@x", i);
        ids_send(to);
    }
    is_int(ids_testbed.conn->dispatch.questions.by_id.count,
           QUESTIONS_MOST + QUESTIONS_EACH, "one handler holds so many");
    ids_end("bounded");
}

#define RESUMABLE                                                              \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",      \
        "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",        \
        "C <stream:stream", "C >",                                             \
        "S " PEER_HEADER "<stream:features><bind "                             \
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm "                       \
        "xmlns='urn:xmpp:sm:3'/></stream:features>"

static void resumed(bool by_state)
{
    static const char *const script[] = {
        RESUMABLE,
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/r"
        "</jid></bind></iq>",
        "C <enable",
        "C >",
        "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>",
        "C q1",
        "C </iq>",
        "reset",
        "accept",
        RESUMABLE,
        "C <resume",
        "C >",
        "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='0'/>",
        "C q1",
        "C </iq>",
        "S " ANSWER("result", "mallory@x") ANSWER(
            "result",
            "a@x") "<a xmlns='urn:xmpp:sm:3' h='1'/><presence type='probe'/>",
        PEER_CLOSE,
        NULL};
    unsigned char *bytes = NULL;
    size_t n = 0;

    ids_heard[0] = '\0';
    testbed_make(&ids_testbed);
    testbed_connect(&ids_testbed, script);
    testbed_until(&ids_testbed, &ids_testbed.ups, 1, "up");
    ids_send("a@x");
    testbed_until(&ids_testbed, &ids_testbed.downs, 1,
                  "the connection is lost");
    if (by_state) {
        is_int(xmpp_conn_save_sm_state(ids_testbed.conn, &bytes, &n), 0,
               "saved");
        xmpp_conn_release(ids_testbed.conn);
        ids_testbed.conn = xmpp_conn_new(ids_testbed.ctx);
        xmpp_conn_set_jid(ids_testbed.conn, "example.org");
        xmpp_conn_set_flags(ids_testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
        is_int(xmpp_conn_restore_sm_state(ids_testbed.conn, bytes, n), 0,
               "restored");
        xmpp_free(ids_testbed.ctx, bytes);
    }
    xmpp_handler_add(ids_testbed.conn, ids_on_end, NULL, "presence", "probe",
                     NULL);
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    testbed_connect_again(&ids_testbed);
    testbed_until(&ids_testbed, &ids_testbed.count, 1, "the session goes on");
    is_str(ids_heard, "iqa@x ", "and so does the question");
    xmpp_disconnect(ids_testbed.conn);
    testbed_until(&ids_testbed, &ids_testbed.downs, 2, "down");
    testbed_peer_done(&ids_testbed, "resumed");
    testbed_free(&ids_testbed, "resumed");
}

static void send_string(const char *to)
{
    xmpp_send_raw_string(ids_testbed.conn,
                         "<iq id='q1' type='get' to='%s'>"
                         "<query xmlns='urn:x'/></iq>",
                         to);
}

/* Without memory to remember a question it is not sent. */
static void starved(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    unsigned long n = 0;
    int rc;

    testbed_make(&ids_testbed);
    testbed_connect(&ids_testbed, script);
    testbed_until(&ids_testbed, &ids_testbed.ups, 1, "up");
    do {
        xmpp_stanza_t *iq = ids_question("a@x");

        failmem_arm(&ids_testbed.memory, ++n, 0);
        rc = xmpp_send_take(ids_testbed.conn, iq);
        failmem_arm(&ids_testbed.memory, 0, 0);
        if (rc != 0 && rc != XMPP_EMEM)
            ok(false, "the %lu-th allocation: %s", n, xmpp_strerror_name(rc));
        is_int(ids_testbed.conn->dispatch.questions.by_id.count, rc == 0,
               "what is sent is remembered");
    } while (rc);
    ok(n > 1, "%lu allocations fail in turn", n - 1);
    for (unsigned long i = 1; i < 40; i++) {
        failmem_arm(&ids_testbed.memory, i, 0);
        send_string("a@x");
        failmem_arm(&ids_testbed.memory, 0, 0);
    }
    ids_testbed.count = 1;
    ids_end("starved");
}

int main(void)
{
    many(QUESTIONS_MOST, false, true);
    many(QUESTIONS_MOST + 1, false, false);
    many(3 * QUESTIONS_MOST, true, true);
    bounded();
    resumed(false);
    resumed(true);
    starved();
    return done_testing();
}
