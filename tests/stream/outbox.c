/* outbox.c - what waits and what is not acknowledged. */

#include "stanza/scan.h"
#include "stream/outbox_testbed.h"

/* ---- the outbox -------------------------------------------------- */

static void without_acknowledgement(void)
{
    struct outbox box;
    char *text;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_put(&box, "HEAD");
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_add(&box, "<2>", "two");
    outbox_testbed_put(&box, "r");
    outbox_testbed_add(&box, "<3>", NULL);
    is_int(outbox_length(&box), 3, "three wait");
    outbox_sent(&box, 5);
    is_int(outbox_length(&box), 2, "one that is begun does not");
    outbox_testbed_unsent(&box, "1><2>r<3>");
    text = outbox_drop(&box, true);
    is_str(text, "<2>", "it cannot be taken back, the next can");
    env_free(&outbox_testbed_env, text);
    text = outbox_drop(&box, false);
    is_str(text, "<3>", "and the last");
    env_free(&outbox_testbed_env, text);
    ok(!outbox_drop(&box, true), "no other");
    outbox_testbed_unsent(&box, "1>r");
    outbox_sent(&box, 3);
    is_int(outbox_size(&box), 0, "nothing is kept");
    outbox_testbed_add(&box, "<4>", "four");
    outbox_testbed_add(&box, "<5>", "five");
    outbox_sent(&box, 6);
    outbox_testbed_done_is(&box, "four", 1);
    outbox_testbed_done_is(&box, "five", 1);
    outbox_testbed_done_is(&box, NULL, 0);
    is_int(outbox_size(&box), 0, "nothing is kept");
    outbox_free(&box);
    outbox_testbed_end("without acknowledgement");
}

static void with_acknowledgement(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_put(&box, "r");
    outbox_testbed_add(&box, "x", NULL);
    outbox_testbed_add(&box, "<2>", NULL);
    outbox_testbed_add(&box, "<3>", "three");
    outbox_sent(&box, 9);
    is_int(box.unacked, 2, "two are sent in full");
    outbox_testbed_unsent(&box, "3>");
    outbox_ack(&box, 1);
    is_int(box.unacked, 1, "one is acknowledged");
    outbox_testbed_done_is(&box, "one", 0);
    outbox_testbed_done_is(&box, NULL, 0);
    is_int(outbox_size(&box), 6, "the rest is kept");
    outbox_sent(&box, 2);
    outbox_ack(&box, 2);
    outbox_testbed_done_is(&box, "three", 0);
    is_int(outbox_size(&box), 0, "nothing is kept");
    is_int(outbox_count(&box), 0, "no item");
    outbox_testbed_add(&box, "x", NULL);
    outbox_sent(&box, 1);
    is_int(outbox_count(&box), 0,
           "what does not count is done once it is sent");
    outbox_free(&box);
    outbox_testbed_end("with acknowledgement");
}

static void after_a_loss(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_put(&box, "r");
    outbox_testbed_add(&box, "x", NULL);
    outbox_testbed_add(&box, "<->", NULL);
    outbox_testbed_add(&box, "<2>", "two");
    outbox_testbed_put(&box, "aaa");
    outbox_testbed_add(&box, "<3>", NULL);
    outbox_testbed_add(&box, "y", NULL);
    outbox_testbed_add(&box, "<->", NULL);
    outbox_testbed_put(&box, "END");
    outbox_sent(&box, 3 + 1 + 1 + 3 + 3 + 3 + 2);
    is_int(box.unacked, 3, "three are sent");
    outbox_stop(&box);
    outbox_testbed_unsent(&box, "<3>y");
    is_int(box.unacked, 3, "they still count");
    outbox_ack(&box, 1);
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "<2><3>y");
    is_int(outbox_length(&box), 3, "all of it waits");
    is_int((long)outbox_give_back(&box, false, -7), 0, "nothing was sent");
    outbox_sent(&box, 4);
    is_int((long)outbox_give_back(&box, true, -7), 1, "one nobody asks about");
    outbox_testbed_done_is(&box, "two", -7);
    outbox_testbed_done_is(&box, NULL, 0);
    is_int(outbox_size(&box), 0, "nothing is kept");
    outbox_stop(&box);
    outbox_rewind(&box);
    outbox_testbed_add(&box, "z", NULL);
    outbox_stop(&box);
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "z");
    outbox_free(&box);
    outbox_testbed_end("after a loss");
}

static void in_pieces(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_add(&box, "<1>", NULL);
    outbox_testbed_put(&box, "rr");
    outbox_testbed_add(&box, "<22>", NULL);
    outbox_testbed_add(&box, "<333333>", NULL);
    is_int((long)outbox_whole(&box, 100).n, 17, "all, if there is room");
    is_int((long)outbox_whole(&box, 17).n, 17, "and just room");
    is_int((long)outbox_whole(&box, 16).n, 9, "two of three");
    is_int((long)outbox_whole(&box, 9).n, 9, "just two");
    is_int((long)outbox_whole(&box, 8).n, 5, "one, and what follows it");
    is_int((long)outbox_whole(&box, 4).n, 4, "a part, where it is too long");
    outbox_sent(&box, 4);
    is_int((long)outbox_whole(&box, 4).n, 1, "the rest of it");
    outbox_sent(&box, 1);
    is_int((long)outbox_whole(&box, 5).n, 4, "the next");
    outbox_sent(&box, 4);
    is_int((long)outbox_whole(&box, 5).n, 5, "a part of the last");
    outbox_free(&box);
    outbox_testbed_end("in pieces");
}

static void switched_off(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", "one");
    outbox_testbed_add(&box, "<2>", "two");
    outbox_sent(&box, 4);
    is_int(box.unacked, 1, "one is on its way");
    outbox_keep_nothing(&box);
    is_int(box.unacked, 0, "for no acknowledgement of it is waited");
    outbox_testbed_done_is(&box, "one", 1);
    outbox_testbed_done_is(&box, NULL, 0);
    outbox_sent(&box, 2);
    outbox_testbed_done_is(&box, "two", 1);
    outbox_free(&box);
    outbox_testbed_end("switched off");
}

/* ---- raw text ---------------------------------------------------- */

static void scans(const char *text, size_t want, bool counts)
{
    bool got;

    is_int(scan_element(str_of(text), &got), want, "%s", text);
    ok(got == counts, "%s", counts ? "is a stanza" : "is none");
}

static void scanning(void)
{
    scans("<message/><iq/>", 10, true);
    scans(" <message a='>' b=\"/>\"><body>a</body></message> <iq/>", 48, true);
    scans("<presence><x/></presence>", 25, true);
    scans("<iq><!-- </iq> --><![CDATA[</iq>]]></iq>x", 41, true);
    scans("<r xmlns='u'/><message/>", 14, false);
    scans("<messages/>", 11, false);
    scans("<message", 8, true);
    scans("<message><body>", 15, true);
    scans("text</body></message><iq/>", 26, true);
    scans("</stream:stream>", 16, false);
    scans("<?xml version='1.0'?><x/>", 25, false);
    scans("<", 1, false);
    scans("<!-", 3, false);
    scans("   ", 3, false);
}

/* Elements of our own that left are not kept for ever among stanzas that stay,
 * and nothing that is begun or waits is touched. */
static void floods_of_answers(void)
{
    struct item oldest;
    struct outbox box;
    size_t most = 0;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", NULL);
    for (int i = 0; i < 30000; i++) {
        outbox_testbed_put(&box, "(an answer)");
        if (i == 9000)
            outbox_testbed_add(&box, "<2>", "two");
        if (i == 20000)
            outbox_testbed_add(&box, "<3>", NULL);
        outbox_sent(&box, outbox_unsent(&box).n - (i == 9000));
        if (outbox_size(&box) > most)
            most = outbox_size(&box);
    }
    oldest = outbox_item(&box, 0);
    ok(str_is(outbox_text(&box, &oldest), "<1>"), "the oldest is as it was");
    ok(most > 1000 && most < 200000, "at most %zu bytes are kept", most);
    outbox_testbed_put(&box, "A");
    outbox_testbed_add(&box, "<4>", NULL);
    outbox_sent(&box, 2);
    for (int i = 0; i < 3; i++) {
        outbox_testbed_put(&box, "B");
        outbox_sent(&box, 0);
    }
    outbox_testbed_unsent(&box, "4>BBB");
    outbox_ack(&box, 1);
    outbox_stop(&box);
    outbox_rewind(&box);
    outbox_testbed_unsent(&box, "<2><3><4>");
    outbox_free(&box);
    outbox_testbed_end("floods of answers");
}

/* The oldest is dropped as long as there is one: what was dropped is passed
 * over once, not each time. */
static void emptied_from_the_front(void)
{
    struct outcome outcome;
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    for (int i = 0; i < 6; i++)
        outbox_testbed_add(&box, "<x>", NULL);
    outbox_sent(&box, 3 * 3);
    outbox_ack(&box, 1);
    outbox_stop(&box);
    for (unsigned long id = 2; id <= 4; id++) {
        is_int((long)outbox_after(&box, 0), (long)id - 2, "the oldest");
        is_int((long)box.listed, (long)id - 2, "  is where to begin");
        is_int(outbox_take_back(&box, id, &outcome), 0, "  and is dropped");
    }
    is_int((long)outbox_after(&box, 5), 4, "one that is not the oldest");
    is_int((long)box.listed, 2, "changes nothing");
    is_int((long)outbox_after(&box, 3), 3, "behind one that is gone");
    is_int((long)box.listed, 3, "begins where all are gone");
    outbox_ack(&box, 2);
    is_int((long)outbox_after(&box, 0), 1, "the others move up");
    is_int((long)box.listed, 1, "and what was found with them");
    outbox_rewind(&box);
    is_int((long)outbox_after(&box, 0), 0, "from the beginning");
    outbox_testbed_unsent(&box, "<x><x>");
    outbox_free(&box);
    outbox_testbed_end("emptied from the front");
}

/* While it flows, and with much that is sent and not acknowledged: neither what
 * is in front of the oldest nor what is behind it moves each time. */
static void dropped_while_it_flows(void)
{
    enum { QUEUED = 60000, UNACKED = 20 };
    struct outbox box;
    int wrong = 0;
    char *text;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    for (int i = 0; i < QUEUED; i++)
        outbox_testbed_add(&box, i % 2 ? "<odd one>" : "<even>", NULL);
    outbox_sent(&box, UNACKED / 2 * strlen("<odd one><even>") + 3);
    for (int i = UNACKED + 1; i < QUEUED; i++) {
        text = outbox_drop(&box, true);
        wrong += !text || strcmp(text, i % 2 ? "<odd one>" : "<even>") != 0;
        env_free(&outbox_testbed_env, text);
    }
    is_int(wrong, 0, "the oldest of a long queue, one after the other");
    is_int(outbox_length(&box), 0, "none is left but the one that is begun");
    outbox_testbed_unsent(&box, "en>");
    is_int((long)box.unacked, UNACKED, "what was sent stays");
    outbox_sent(&box, 3);
    outbox_ack(&box, UNACKED + 1);
    is_int(outbox_size(&box), 0, "nothing is kept");
    outbox_free(&box);
    outbox_testbed_end("dropped while it flows");
}

/* The earliest deadline is known from the beginning. */
static void due(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    outbox_testbed_put(&box, "<one/>");
    outbox_mark(&box, 0, &(struct item){.counts = true, .deadline = 70});
    is_int((long)box.due, 70, "that of the first");
    outbox_testbed_put(&box, "<two/>");
    outbox_mark(&box, 6, &(struct item){.counts = true, .deadline = 90});
    is_int((long)box.due, 70, "not a later one");
    outbox_testbed_put(&box, "<three/>");
    outbox_mark(&box, 12, &(struct item){.counts = true});
    is_int((long)box.due, 70, "nor none");
    outbox_free(&box);
    outbox_testbed_end("due");
}

int main(void)
{
    without_acknowledgement();
    with_acknowledgement();
    after_a_loss();
    in_pieces();
    switched_off();
    floods_of_answers();
    emptied_from_the_front();
    dropped_while_it_flows();
    scanning();
    due();
    return done_testing();
}
