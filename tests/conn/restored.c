/* restored.c - a process is killed right after it saved its session: what was
 * saved as waiting may have been sent, and the server counts it. */

#include <stdlib.h>
#include <string.h>

#include "conn/fate.h"

static struct testbed testbed;
static bool own, armed;
static unsigned char *bytes;
static size_t n;

/* ---- the first life ---------------------------------------------- */

/* The state as it is saved inside of the call that sends, before a byte left.
 */
static void on_state(xmpp_conn_t *conn, void *ctx, const unsigned char *state,
                     size_t size)
{
    (void)ctx;
    if (!armed || !state) /* killed before the session was over */
        return;
    if (own) {
        xmpp_free(testbed.ctx, bytes);
        is_int(xmpp_conn_save_sm_state(conn, &bytes, &n), 0, "saved");
        armed = false;
        return;
    }
    bytes = realloc(bytes, size);
    memcpy(bytes, state, size);
    n = size;
    armed = false;
}

static void say(const char *id)
{
    xmpp_stanza_t *m = xmpp_message_new(testbed.ctx, NULL, NULL, id);

    xmpp_send(testbed.conn, m);
    xmpp_stanza_release(m);
}

/* Four stanzas are said and saved in one go, with raw text among them that
 * nobody counts, and then they leave. The last may be a goodbye. */
static void first_life(bool goodbye)
{
    testbed_until(&testbed, &testbed.ups, 1, "up");
    say("m1");
    say("m2");
    xmpp_send_raw_string(testbed.conn, "<x xmlns='u:x'/>");
    armed = !goodbye;
    say("m3");
    armed = true; /* the goodbye's is told when the loop runs */
    if (goodbye)
        xmpp_disconnect(testbed.conn);
    else
        say("m4");
    testbed_until(&testbed, &testbed.downs, 1, "down");
    armed = false;
    xmpp_conn_release(testbed.conn);
    testbed.conn = xmpp_conn_new(testbed.ctx);
    xmpp_conn_set_jid(testbed.conn, "example.org");
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
}

/* ---- the second -------------------------------------------------- */

static void again(void)
{
    is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n), 0, "restored");
    if (own)
        xmpp_free(testbed.ctx, bytes);
    else
        free(bytes);
    bytes = NULL;
    testbed_connect_again(&testbed);
}

static void begin(const char *const *script, bool form)
{
    own = form;
    testbed_make(&testbed);
    xmpp_conn_set_sm_callback(testbed.conn, on_state, NULL);
    testbed_connect(&testbed, script);
}

static void end(const char *what)
{
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "%s: in peace", what);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static void settle(const char *what)
{
    while (testbed.downs == 1 && (xmpp_conn_get_unacked(testbed.conn) ||
                                  xmpp_conn_send_queue_len(testbed.conn)))
        xmpp_run_once(testbed.ctx, 100);
    is_int(testbed.downs, 1, "%s: all is acknowledged, and no more", what);
}

#define FIRST                                                                  \
    TO_ENABLE, ENABLED, "C id=\"m4\"/>", "reset", "accept", TO_FEATURES

/* It goes on with the very stanza that the server did not count. The last count
 * only fits if nothing was left out or said twice. */
static void resumed(bool form, const char *h, const char *next)
{
    char answer[100], expect[40], what[60];
    const char *script[] = {FIRST,    RESUME("0"), answer, expect,
                            ACK("4"), PEER_CLOSE,  NULL};

    snprintf(what, sizeof(what), "%s, h=%s", form ? "ours" : "libstrophe's", h);
    snprintf(answer, sizeof(answer),
             "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='%s'/>", h);
    snprintf(expect, sizeof(expect), "C %s", next);
    begin(script, form);
    first_life(false);
    again();
    testbed_until(&testbed, &testbed.ups, 2, what);
    ok(xmpp_conn_is_resumed(testbed.conn), "%s: resumed", what);
    settle(what);
    end(what);
}

/* Resuming is refused, but the count is told. */
static void refused(bool form)
{
    static const char *const script[] = {
        FIRST,
        RESUME("0"),
        "S <failed xmlns='urn:xmpp:sm:3' h='3'/>",
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<jid>guest@example.org/r</jid></bind></iq>",
        "C <enable",
        ENABLED,
        "C id=\"m4\"/>",
        ACK("1"),
        PEER_CLOSE,
        NULL};

    begin(script, form);
    first_life(false);
    again();
    testbed_until(&testbed, &testbed.ups, 2, "up");
    ok(!xmpp_conn_is_resumed(testbed.conn), "a new session");
    settle("refused");
    end("refused");
}

/* The saved state is older still: the server has it all, and nothing of it is
 * said to it again. */
static void too_high(bool form)
{
    static const char *const script[] = {
        FIRST,
        RESUME("0"),
        RESUMED("5"),
        "C handled-count-too-high xmlns=\"urn:xmpp:sm:3\" h=\"5\"",
        "accept",
        TO_FEATURES,
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<jid>guest@example.org/r</jid></bind></iq>",
        "C <enable",
        ENABLED,
        PEER_CLOSE,
        NULL};

    begin(script, form);
    first_life(false);
    again();
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_EACK,
                   "beyond the queue's end");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 0, "nothing waits");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 2, "up");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "nothing was sent");
    testbed.downs--;
    end("too high");
}

/* A count that went back is none, and everything is said again. */
static void goes_back(bool form)
{
    static const char *const script[] = {
        FIRST,
        RESUME("0"),
        RESUMED("4294967295"),
        "C handled-count-too-high",
        "accept",
        TO_FEATURES,
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<jid>guest@example.org/r</jid></bind></iq>",
        "C <enable",
        ENABLED,
        "C id=\"m4\"/>",
        ACK("4"),
        PEER_CLOSE,
        NULL};

    begin(script, form);
    first_life(false);
    again();
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_EACK, "back");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 2, "up");
    testbed.downs--;
    settle("back");
    end("back");
}

/* Our goodbye is counted, too, and never said again. */
static void goodbye(bool form, const char *h, const char *last)
{
    char answer[100];
    const char *script[] = {TO_ENABLE,
                            ENABLED,
                            "C id=\"m3\"/>",
                            "reset",
                            "accept",
                            TO_FEATURES,
                            RESUME("0"),
                            answer,
                            *last ? last : "S ",
                            *last ? ACK("4") : "S ",
                            PEER_CLOSE,
                            NULL};

    snprintf(answer, sizeof(answer),
             "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='%s'/>", h);
    begin(script, form);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx));
    first_life(true);
    again();
    testbed_until(&testbed, &testbed.ups, 2, "up");
    settle("goodbye");
    end("goodbye");
}

/* What is taken back from such a queue keeps its number. */
static void taken_back(bool form, const char *h, bool oldest)
{
    char answer[100];
    const char *script[] = {FIRST,    RESUME("0"), answer, "C id=\"m3\"/>",
                            ACK("3"), PEER_CLOSE,  NULL};
    char *text;

    snprintf(answer, sizeof(answer),
             "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='%s'/>", h);
    begin(script, form);
    first_life(false);
    is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n), 0, "restored");
    text = xmpp_conn_send_queue_drop_element(
        testbed.conn, oldest ? XMPP_QUEUE_OLDEST : XMPP_QUEUE_YOUNGEST);
    ok(text && strstr(text, oldest ? "m1" : "m4"), "taken back");
    xmpp_free(testbed.ctx, text);
    is_int(xmpp_conn_send_queue_len(testbed.conn), 4, "four wait");
    if (own)
        xmpp_free(testbed.ctx, bytes);
    else
        free(bytes);
    bytes = NULL;
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 2, "up");
    settle("taken back");
    end("taken back");
}

int main(void)
{
    for (int form = 0; form <= 1; form++) {
        resumed(form, "0", "id=\"m1\"/>");
        resumed(form, "1", "id=\"m2\"/>");
        resumed(form, "2", "<x xmlns='u:x'/><message id=\"m3\"/>");
        resumed(form, "3", "id=\"m4\"/>");
        resumed(form, "4", "");
        refused(form);
        too_high(form);
        goes_back(form);
        goodbye(form, "5", "");
        goodbye(form, "4", "");
        goodbye(form, "2", "C id=\"m3\"/>");
        taken_back(form, "0", true);
        taken_back(form, "2", false);
    }
    return done_testing();
}
