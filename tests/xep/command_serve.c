/* command_serve.c - ad-hoc commands (XEP-0050) that we offer: stages, actions,
 * and whatever a handler may do. */

#include "xep/command_testbed.h"

static void check_stages(void)
{
    wizard_begin();
    wizard_answers(JULIETS("xml:lang='en'", ""), FIRST,
                   "it begins with a form");
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "7"))), SECOND,
                   "execute is next");
    wizard_answers(
        JULIETS(SESSION "action='complete'", SUBMIT(FIELD("sure", "1"))), LAST,
        "the last stage has a result");
    diary_is("0:3en. 1:4F. 2:2F. n=7 sure=1", "stages and actions");
    is_int(done_count, 1, "the session is over");
    wizard_answers(JULIETS(SESSION, ""), EXPIRED, "and it stays over");
    testbed_free(&testbed, "stages");
}

static void check_back(void)
{
    wizard_begin();
    wizard_answers(JULIETS("action='execute'", ""), FIRST, "the first stage");
    wizard_answers(JULIETS(SESSION "action='prev'", ""),
                   BAD(OURS("bad-action")), "there is none before it");
    wizard_answers(
        JULIETS(SESSION "action='complete'", SUBMIT(FIELD("n", "7"))),
        BAD(OURS("bad-action")), "it is not the last one");
    wizard_answers(JULIETS(SESSION "action='next'", SUBMIT(FIELD("n", "7"))),
                   SECOND, "the second stage");
    wizard_answers(JULIETS(SESSION "action='next'", ""),
                   BAD(OURS("bad-action")), "there is no third one");
    wizard_answers(JULIETS(SESSION "action='prev'", ""), FIRST, "back");
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "8"))), SECOND,
                   "and on again");
    wizard_answers(JULIETS(SESSION, ""), LAST,
                   "a form without required fields need not be there");
    diary_is("0:3. 1:4F. 0:5. 1:4F. 2:2F. n=8 sure=0", "stages and actions");
    testbed_free(&testbed, "back");
}

static void check_forms(void)
{
    wizard_begin();
    wizard_answers(JULIETS("", ""), FIRST, "a form");
    wizard_answers(JULIETS(SESSION, ""),
                   BAD(TEXT("n: it has to be filled in") OURS("bad-payload")),
                   "not filled in");
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "99"))),
                   BAD(TEXT("n: it is above the range") OURS("bad-payload")),
                   "out of range");
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1") FIELD("n", "2"))),
                   BAD(TEXT("n: it is there twice") OURS("bad-payload")),
                   "twice");
    wizard_answers(
        JULIETS(SESSION, "<x xmlns='jabber:x:data' type='cancel'>" FIELD(
                             "n", "5") "</x>"),
        SECOND, "a form of type cancel counts as one of type submit");
    diary_is("0:3. 1:4F.", "the handler sees only what is correct");
    testbed_free(&testbed, "forms");
}

static void check_cancel(void)
{
    wizard_begin();
    wizard_answers(JULIETS("action='cancel'", ""), BAD(OURS("bad-action")),
                   "nothing to cancel");
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    wizard_answers(JULIETS(SESSION "action='cancel'", ""), CANCELED,
                   "cancelled");
    is_int(done_count, 1, "its memory is freed");
    wizard_answers(JULIETS(SESSION "action='cancel'", ""), EXPIRED, "twice");
    testbed_free(&testbed, "cancelled");
}

static void check_nonsense(void)
{
    wizard_begin();
    wizard_answers(JULIETS("action='dance'", ""), BAD(OURS("malformed-action")),
                   "an action that does not exist");
    wizard_answers(JULIETS("sessionid=''", ""), BAD(OURS("bad-sessionid")),
                   "no id");
    wizard_answers(JULIETS("sessionid='x'", ""), BAD(OURS("bad-sessionid")),
                   "another id");
    wizard_answers(IQ(JULIET, "nothing", "", ""),
                   ERROR(JULIET, "cancel", "item-not-found", ""),
                   "no such command");
    wizard_answers("<iq type='set' id='1' from='" JULIET
                   "'><command xmlns='" COMMANDS "'/></iq>",
                   BAD(""), "no node");
    diary_is("", "nothing was run");
    testbed_free(&testbed, "nonsense");
}

/* ---- handlers ---------------------------------------------------- */

static void check_moods(void)
{
    wizard_begin();
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    mood = FAILS;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))),
                   ERROR(JULIET, "wait", "resource-constraint", ""),
                   "a handler fails");
    mood = REFUSES;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))),
                   BAD(TEXT("Only in Latin") OURS("bad-locale")), "or refuses");
    mood = RETURNS_NONSENSE;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))),
                   ERROR(JULIET, "cancel", "internal-server-error", ""),
                   "or returns nonsense");
    mood = SENDS_A_BAD_FORM;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), BAD(""),
                   "or its form is not XML");
    mood = WORKS;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), SECOND,
                   "the session goes on where it was");
    mood = REFUSES;
    wizard_answers(JULIETS("", ""),
                   BAD(TEXT("Only in Latin") OURS("bad-locale")),
                   "a session that does not begin");
    is_int(done_count, 1, "is none");
    testbed_free(&testbed, "moods");
}

/* What was kept comes again. */
static void comes_again(const char *answer, const char *what)
{
    is_int(xmpp_inbound_again(testbed.conn, kept), 0, "it comes again");
    xmpp_stanza_release(kept);
    diary_hear(&testbed, " ");
    wizard_answered(answer, what);
}

static void check_later(void)
{
    wizard_begin();
    mood = WAITS;
    wizard_answers(JULIETS("", ""), "", "the first stage has to wait");
    mood = WORKS;
    comes_again(FIRST, "and is there then");
    mood = WAITS;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "7"))), "",
                   "so does the second");
    mood = WORKS;
    comes_again(SECOND, "with what was filled in");
    mood = WAITS;
    wizard_answers(
        JULIETS(SESSION "action='complete'", SUBMIT(FIELD("sure", "1"))), "",
        "and the result");
    mood = WORKS;
    comes_again(LAST, "which is that of the form");
    diary_is("0:3. 0:3. 1:4F. 1:4F. 2:2F. 2:2F. n=7 sure=1",
             "each is called twice");
    testbed_free(&testbed, "later");
}

/* The command, or the session, is gone meanwhile. */
static void check_too_late(void)
{
    wizard_begin();
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    mood = WAITS;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "7"))), "", "it waits");
    wizard_answers(JULIETS(SESSION "action='cancel'", ""), CANCELED,
                   "and is cancelled");
    comes_again(EXPIRED, "it is too late");
    mood = WAITS;
    wizard_answers(JULIETS("", ""), "", "another one waits");
    xmpp_command_remove(testbed.conn, &wizard_command);
    comes_again(ERROR(JULIET, "cancel", "item-not-found", ""),
                "the command is gone");
    is_int(xmpp_inbound_again(testbed.conn, NULL), XMPP_EARG, "nothing");
    kept = xmpp_message_new(testbed.ctx, "chat", JULIET, NULL);
    is_int(xmpp_inbound_again(testbed.conn, kept), XMPP_EARG,
           "a message cannot");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "only an iq request"),
       "because it is none");
    xmpp_stanza_release(kept);
    testbed_free(&testbed, "too late");
}

/* What modules make the answers of. */
static void check_makers(void)
{
    xmpp_stanza_t *iq, *made;

    wizard_begin();
    iq = xmpp_iq_new(testbed.ctx, "set", "1");
    made = xmpp_command_make_answer(testbed.conn, iq, "n", "s");
    is_str(
        xmpp_stanza_get_attribute(xmpp_stanza_get_children(made), "sessionid"),
        "s", "an answer");
    xmpp_stanza_release(made);
    made = xmpp_command_make_error(testbed.conn, iq, XMPP_EARG, "bad-locale",
                                   NULL);
    ok(xmpp_stanza_get_child_by_name(
           xmpp_stanza_get_child_by_name(made, "error"), "bad-locale"),
       "an error");
    xmpp_stanza_release(made);
    xmpp_stanza_release(iq);
    testbed_free(&testbed, "makers");
}

static void check_removed(void)
{
    wizard_begin();
    is_int(xmpp_command_add(testbed.conn, &wizard_command, on_wizard, dot), 1,
           "a command is offered once");
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    mood = IS_REMOVED;
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), EXPIRED,
                   "the command is removed meanwhile");
    is_int(done_count, 1, "its memory is freed, after the handler");
    wizard_answers(JULIETS("", ""),
                   ERROR(JULIET, "cancel", "item-not-found", ""), "it is gone");
    xmpp_command_remove(testbed.conn, &wizard_command);
    is_int(xmpp_command_add(testbed.conn, &wizard_command, on_wizard, dot), 0,
           "and may come back");
    testbed_free(&testbed, "removed");
}

static void check_released(void)
{
    wizard_begin();
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    mood = RELEASES;
    wizard_hears(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))));
    is_int(done_count, 1, "the connection is released in the handler");
    testbed_free(&testbed, "released");
}

static void check_arguments(void)
{
    xmpp_command_t nameless = {.size = sizeof(nameless)};

    wizard_begin();
    is_int(xmpp_command_add(testbed.conn, NULL, on_hello, dot), XMPP_EARG,
           "no command");
    is_int(xmpp_command_add(testbed.conn, &nameless, on_hello, dot), XMPP_EARG,
           "no node");
    is_int(xmpp_command_add(testbed.conn, &wizard_command, NULL, dot),
           XMPP_EARG, "no handler");
    ok(xmpp_command_add(NULL, &wizard_command, on_hello, dot) < 0,
       "no connection");
    xmpp_command_remove(testbed.conn, NULL);
    xmpp_command_remove(NULL, &wizard_command);
    testbed_free(&testbed, "arguments");
}

/* Each allocation fails in turn, in each of three requests: the session with
 * the server lives, and nothing is left. */
static void check_memory(void)
{
    static const char *const requests[] = {
        JULIETS("", ""), JULIETS(SESSION, SUBMIT(FIELD("n", "1"))),
        JULIETS(SESSION, SUBMIT(FIELD("sure", "1")))};
    unsigned long n = 1, failed = 1;

    for (; failed && n < 100000; n += tap_step()) {
        failed = 0;
        wizard_begin();
        for (size_t i = 0; i < 3; i++) {
            char text[3000];

            failmem_arm(&testbed.memory, n, 0);
            wizard_hears(requests[i]);
            failed += testbed.memory.failed;
            failmem_arm(&testbed.memory, 0, 0);
            wizard_said(text, sizeof(text));
        }
        if (testbed.downs)
            break;
        testbed_free(&testbed, "without memory");
    }
    ok(!failed, "every allocation failed in turn");
}

int main(void)
{
    check_stages();
    check_back();
    check_forms();
    check_cancel();
    check_nonsense();
    check_moods();
    check_later();
    check_too_late();
    check_makers();
    check_removed();
    check_released();
    check_arguments();
    check_memory();
    return done_testing();
}
