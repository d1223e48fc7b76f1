/* restored.c - a process is killed right after it saved its session: what was
 * saved as waiting may have been sent, and the server counts it. */

#include <stdlib.h>
#include <string.h>

#include "conn/fate.h"

static struct bed bed;
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
        xmpp_free(bed.ctx, bytes);
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
    xmpp_stanza_t *m = xmpp_message_new(bed.ctx, NULL, NULL, id);

    xmpp_send(bed.conn, m);
    xmpp_stanza_release(m);
}

/* Four stanzas are said and saved in one go, with raw text among them that
 * nobody counts, and then they leave. The last may be a goodbye. */
static void first_life(bool goodbye)
{
    bed_until(&bed, &bed.ups, 1, "up");
    say("m1");
    say("m2");
    xmpp_send_raw_string(bed.conn, "<x xmlns='u:x'/>");
    armed = !goodbye;
    say("m3");
    armed = true; /* the goodbye's is told when the loop runs */
    if (goodbye)
        xmpp_disconnect(bed.conn);
    else
        say("m4");
    bed_until(&bed, &bed.downs, 1, "down");
    armed = false;
    xmpp_conn_release(bed.conn);
    bed.conn = xmpp_conn_new(bed.ctx);
    xmpp_conn_set_jid(bed.conn, "example.org");
    xmpp_conn_set_flags(bed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
}

/* ---- the second -------------------------------------------------- */

static void again(void)
{
    is_int(xmpp_conn_restore_sm_state(bed.conn, bytes, n), 0, "restored");
    if (own)
        xmpp_free(bed.ctx, bytes);
    else
        free(bytes);
    bytes = NULL;
    bed_connect_again(&bed);
}

static void begin(const char *const *script, bool form)
{
    own = form;
    bed_make(&bed);
    xmpp_conn_set_sm_callback(bed.conn, on_state, NULL);
    bed_connect(&bed, script);
}

static void end(const char *what)
{
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 2, "down");
    ok(!xmpp_conn_get_failure(bed.conn), "%s: in peace", what);
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

static void settle(const char *what)
{
    while (bed.downs == 1 && (xmpp_conn_get_unacked(bed.conn) ||
                              xmpp_conn_send_queue_len(bed.conn)))
        xmpp_run_once(bed.ctx, 100);
    is_int(bed.downs, 1, "%s: all is acknowledged, and no more", what);
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
    bed_until(&bed, &bed.ups, 2, what);
    ok(xmpp_conn_is_resumed(bed.conn), "%s: resumed", what);
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
    bed_until(&bed, &bed.ups, 2, "up");
    ok(!xmpp_conn_is_resumed(bed.conn), "a new session");
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
    bed_until(&bed, &bed.downs, 2, "down");
    bed_failed(&bed, XMPP_LAYER_STREAM, XMPP_EACK, "beyond the queue's end");
    is_int(xmpp_conn_send_queue_len(bed.conn), 0, "nothing waits");
    bed_connect_again(&bed);
    bed_until(&bed, &bed.ups, 2, "up");
    is_int(xmpp_conn_get_unacked(bed.conn), 0, "nothing was sent");
    bed.downs--;
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
    bed_until(&bed, &bed.downs, 2, "down");
    bed_failed(&bed, XMPP_LAYER_STREAM, XMPP_EACK, "back");
    bed_connect_again(&bed);
    bed_until(&bed, &bed.ups, 2, "up");
    bed.downs--;
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
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_send_take(bed.conn, xmpp_presence_new(bed.ctx));
    first_life(true);
    again();
    bed_until(&bed, &bed.ups, 2, "up");
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
    is_int(xmpp_conn_restore_sm_state(bed.conn, bytes, n), 0, "restored");
    text = xmpp_conn_send_queue_drop_element(
        bed.conn, oldest ? XMPP_QUEUE_OLDEST : XMPP_QUEUE_YOUNGEST);
    ok(text && strstr(text, oldest ? "m1" : "m4"), "taken back");
    xmpp_free(bed.ctx, text);
    is_int(xmpp_conn_send_queue_len(bed.conn), 4, "four wait");
    if (own)
        xmpp_free(bed.ctx, bytes);
    else
        free(bytes);
    bytes = NULL;
    bed_connect_again(&bed);
    bed_until(&bed, &bed.ups, 2, "up");
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
