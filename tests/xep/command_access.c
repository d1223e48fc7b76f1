/* command_access.c - who may run the commands that we offer (XEP-0050), who
 * sees them, and how many sessions there may be. */

#include "xep/command_testbed.h"

static void check_access(void)
{
    wizard_begin();
    wizard_answers(IQ(ROMEO, "wizard", "", ""),
                   ERROR(ROMEO, "auth", "forbidden", ""), "not Juliet");
    wizard_answers(IQ(ROMEO, "hello", "", ""),
                   ERROR(ROMEO, "auth", "forbidden", ""), "not our account");
    wizard_answers(JULIETS("", ""), FIRST, "Juliet");
    wizard_answers(IQ("juliet@example.org/phone", "wizard", SESSION, ""),
                   ERROR("juliet@example.org/phone", "modify", "bad-request",
                         OURS("bad-sessionid")),
                   "a session belongs to one client");
    wizard_answers(IQ(JULIET, "hello", SESSION, ""),
                   ERROR(JULIET, "auth", "forbidden", ""),
                   "and to one command");
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), SECOND,
                   "it is alive");
    wizard_answers("<iq type='set' id='1'><command xmlns='" COMMANDS
                   "' node='hello'/></iq>",
                   "<iq type=\"result\" id=\"1\"><command xmlns=\"" COMMANDS
                   "\" node=\"hello\" sessionid=\"ID\" status=\"completed\">"
                   "<x xmlns=\"urn:example:x\"/></command></iq>",
                   "our own account");
    diary_is("0:3. 1:4F. hello.", "what was run");
    testbed_free(&testbed, "access");
}

static int is_nobody(xmpp_conn_t *conn, const xmpp_jid_t *from,
                     xmpp_stanza_t *element, void *userdata)
{
    (void)conn;
    (void)from;
    (void)element;
    (void)userdata;
    return 0;
}

static void check_all_denied(void)
{
    wizard_begin();
    xmpp_conn_set_access(testbed.conn, &xmpp_mod_command_serve, is_nobody,
                         NULL);
    wizard_answers(JULIETS("", ""), ERROR(JULIET, "auth", "forbidden", ""),
                   "an access rule of the whole module");
    testbed_free(&testbed, "all denied");
}

#define DISCO(from, what, node)                                                \
    "<iq type='get' id='1' from='" from "' to='guest@example.org/r'>"          \
    "<query xmlns='http://jabber.org/protocol/disco#" what "' node='" node     \
    "'/></iq>"
#define QUERY(to, what, node)                                                  \
    "<iq type=\"result\" id=\"1\" to=\"" to "\"><query "                       \
    "xmlns=\"http://jabber.org/protocol/disco#" what "\" node=\"" node "\""
#define IDENTITY(type, name)                                                   \
    "><identity category=\"automation\" type=\"" type "\"" name "/>"

static void check_lists(void)
{
    char text[3000];

    wizard_begin();
    wizard_answers(
        DISCO(JULIET, "items", COMMANDS),
        QUERY(JULIET, "items",
              COMMANDS) "><item "
                        "jid=\"guest@example.org/r\" node=\"wizard\" "
                        "name=\"The wizard\"/></query></iq>",
        "the commands that Juliet may run");
    wizard_answers(DISCO(ROMEO, "items", COMMANDS),
                   QUERY(ROMEO, "items", COMMANDS) "/></iq>", "Romeo none");
    wizard_answers(DISCO(ROMEO, "info", COMMANDS),
                   QUERY(ROMEO, "info", COMMANDS)
                       IDENTITY("command-list", "") "</query></iq>",
                   "what the list is");
    wizard_answers(
        DISCO(JULIET, "info", "wizard"),
        QUERY(JULIET, "info", "wizard") IDENTITY(
            "command-node",
            " name=\"The wizard\"") "<feature var=\"" COMMANDS "\"/><feature "
                                    "var=\"jabber:x:data\"/></query></iq>",
        "what a command is");
    wizard_answers(DISCO(JULIET, "items", "wizard"),
                   QUERY(JULIET, "items", "wizard") "/></iq>", "what it has");
    wizard_answers(DISCO(ROMEO, "info", "wizard"),
                   ERROR(ROMEO, "cancel", "item-not-found", ""),
                   "Romeo sees none");
    wizard_hears("<iq type='get' id='1' from='" ROMEO "'><query "
                 "xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    wizard_said(text, sizeof(text));
    ok(strstr(text, "var=\"" COMMANDS "\"") != NULL, "commands are a feature");
    ok(!strstr(text, "jabber:x:data"), "forms by themselves are none");
    testbed_free(&testbed, "lists");
}

/* The application withdraws a command while it is asked who may run it. */
static int is_too_late(xmpp_conn_t *conn, const xmpp_jid_t *from,
                       void *userdata);

static const xmpp_command_t late_command = {.size = sizeof(late_command),
                                            .node = "late",
                                            .name = "Too late",
                                            .access = XMPP_SENDER_ANYONE,
                                            .may = is_too_late};

static int is_too_late(xmpp_conn_t *conn, const xmpp_jid_t *from,
                       void *userdata)
{
    (void)from;
    (void)userdata;
    xmpp_command_remove(conn, &late_command);
    return 1;
}

static void check_withdrawn(void)
{
    wizard_begin();
    xmpp_command_remove(testbed.conn, &wizard_command);
    for (int i = 0; i < 3; i++) {
        is_int(xmpp_command_add(testbed.conn, &late_command, on_hello, dot), 0,
               "a command is offered");
        if (i == 0)
            wizard_answers(DISCO(JULIET, "items", COMMANDS),
                           QUERY(JULIET, "items", COMMANDS) "/></iq>",
                           "it is withdrawn while the list is made");
        else if (i == 1)
            wizard_answers(DISCO(JULIET, "info", "late"),
                           ERROR(JULIET, "cancel", "item-not-found", ""),
                           "or while it is described");
        else
            wizard_answers(IQ(JULIET, "late", "", ""),
                           ERROR(JULIET, "auth", "forbidden", ""),
                           "or as it is about to be run");
        ok(!xmpp_command_get_offer(testbed.conn, "late"), "it is gone");
    }
    diary_is("", "nothing was run");
    testbed_free(&testbed, "withdrawn");
}

/* A component has many addresses: each offers the command, and a session stays
 * with the one that it began with. */
static void check_component(void)
{
    static const char *const component[] = {
        "C <stream:stream",
        "C >",
        "S <stream:stream xmlns='jabber:component:accept' id='i' "
        "xmlns:stream='http://etherx.jabber.org/streams' "
        "from='comp.example.org'>",
        "C </handshake>",
        "S <handshake/>",
        NULL};

    mood = WORKS;
    done_count = 0;
    diary_begin(&testbed);
    xmpp_command_add(testbed.conn, &wizard_command, on_wizard, dot);
    xmpp_conn_set_jid(testbed.conn, "comp.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    xmpp_connect_component(testbed.conn, "127.0.0.1", 5347, testbed_handler,
                           &testbed);
    diary_obey(&testbed, component);
    diary_hear(&testbed, "<iq type='set' id='1' from='" JULIET
                         "' to='a@comp.example.org'><command xmlns='" COMMANDS
                         "' node='wizard'/></iq>");
    diary_said_part(&testbed, "from=\"a@comp.example.org\"",
                    "the answer is from the address that was meant");
    testbed_free(&testbed, "component");
}

/* ---- limits ------------------------------------------------------ */

static void check_each(void)
{
    char first[40], second[40];

    wizard_begin();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_command_serve, "sessions_each",
                        2);
    wizard_session(JULIET, first);
    wizard_session(JULIET, second);
    wizard_session(JULIET, NULL);
    ok(*wizard_id != 0, "a third session of two");
    strcpy(wizard_id, first);
    wizard_answers(JULIETS(SESSION, ""), EXPIRED, "ends the oldest one");
    strcpy(wizard_id, second);
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), SECOND,
                   "and no other");
    testbed_free(&testbed, "sessions of one address");
}

static void check_all(void)
{
    char first[40];

    wizard_begin();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_command_serve, "sessions", 2);
    wizard_session(JULIET, first);
    wizard_session(SECRET "/2", NULL);
    wizard_answers(JULIETS("", ""),
                   ERROR(JULIET, "wait", "resource-constraint", ""),
                   "a third session of two in all");
    strcpy(wizard_id, first);
    wizard_answers(JULIETS(SESSION "action='cancel'", ""), CANCELED,
                   "one is over");
    wizard_answers(JULIETS("", ""), FIRST, "and makes room");
    strcpy(wizard_id, first);
    wizard_answers(JULIETS(SESSION, ""), BAD(OURS("bad-sessionid")),
                   "at the cost of its memory");
    testbed_free(&testbed, "sessions in all");
}

static void wait_seconds(unsigned long seconds)
{
    unsigned long until = xmpp_ctx_now(testbed.ctx) + seconds * 1000;

    while (xmpp_ctx_now(testbed.ctx) < until)
        xmpp_run_once(testbed.ctx, until - xmpp_ctx_now(testbed.ctx));
}

static void check_expiry(void)
{
    wizard_begin();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_command_serve, "seconds", 10);
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    wait_seconds(9);
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), SECOND,
                   "is used before it expires");
    wait_seconds(9);
    wizard_answers(JULIETS(SESSION "action='prev'", ""), FIRST, "and again");
    wait_seconds(10);
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), EXPIRED,
                   "is not used for too long");
    is_int(done_count, 1, "and its memory is freed");
    wait_seconds(21);
    wizard_answers(JULIETS(SESSION, ""), BAD(OURS("bad-sessionid")),
                   "and then nobody remembers it");
    testbed_free(&testbed, "expiry");
}

/* A new session with the server ends all, for our address may be another. */
static void check_reconnect(void)
{
    wizard_begin();
    wizard_answers(JULIETS("", ""), FIRST, "a session");
    xmpp_conn_use(testbed.conn, &xmpp_mod_command);
    wizard_answers(JULIETS(SESSION, SUBMIT(FIELD("n", "1"))), SECOND,
                   "goes on when another module comes into use");
    diary_cut(&testbed);
    diary_login(&testbed);
    is_int(done_count, 1, "is over");
    wizard_answers(JULIETS(SESSION, ""), BAD(OURS("bad-sessionid")),
                   "and forgotten");
    testbed_free(&testbed, "reconnected");
}

/* ---- the table --------------------------------------------------- */

static void check_table(void)
{
    xmpp_command_offer_t offer = {&wizard_command, on_wizard, dot};
    xmpp_jid_t juliet = {JULIET, 6, 11, 7, 0}, romeo = {ROMEO, 5, 11, 6, 0};

    diary_begin(&testbed);
    is_int(xmpp_command_offer(testbed.conn, &offer), XMPP_EINVOP,
           "the module is not in use");
    ok(!xmpp_command_get_offer(testbed.conn, "wizard"), "there is no command");
    xmpp_command_withdraw(testbed.conn, &wizard_command);
    xmpp_conn_use(testbed.conn, &xmpp_mod_command_offer);
    is_int(xmpp_command_offer(testbed.conn, &offer), 0, "one is offered");
    is_int(xmpp_command_offer(testbed.conn, &offer), 1, "once");
    ok(xmpp_command_get_offer(testbed.conn, "wizard")->userdata == dot,
       "and found");
    is_int(xmpp_command_may_run(testbed.conn, &offer, &juliet), 1,
           "Juliet may");
    is_int(xmpp_command_may_run(testbed.conn, &offer, &romeo), 0,
           "Romeo may not");
    is_int(xmpp_command_may_run(testbed.conn, NULL, &juliet), 0,
           "there is nothing to run");
    xmpp_command_withdraw(testbed.conn, &hello_command);
    ok(xmpp_command_get_offer(testbed.conn, "wizard") != NULL,
       "another one is withdrawn");
    xmpp_command_withdraw(testbed.conn, &wizard_command);
    ok(!xmpp_command_get_offer(testbed.conn, "wizard"), "this one");
    testbed_free(&testbed, "the table");
}

/* What a stage allows: as a mask of the actions, and what execute means. */
static void check_actions(void)
{
    static const struct {
        int actions, usual, allowed;
    } rows[] = {
        {0, XMPP_COMMAND_COMPLETE, 1 << XMPP_COMMAND_COMPLETE},
        {XMPP_COMMAND_MAY_PREV, 0, 1 << XMPP_COMMAND_PREV},
        {XMPP_COMMAND_MAY_NEXT, XMPP_COMMAND_NEXT, 1 << XMPP_COMMAND_NEXT},
        {XMPP_COMMAND_MAY_PREV | XMPP_COMMAND_MAY_COMPLETE,
         XMPP_COMMAND_COMPLETE,
         1 << XMPP_COMMAND_PREV | 1 << XMPP_COMMAND_COMPLETE},
        {XMPP_COMMAND_MAY_NEXT | XMPP_COMMAND_MAY_COMPLETE, XMPP_COMMAND_NEXT,
         1 << XMPP_COMMAND_NEXT | 1 << XMPP_COMMAND_COMPLETE},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int allowed = 0;

        for (int action = 0; action <= XMPP_COMMAND_PREV + 1; action++)
            if (xmpp_command_allows(rows[i].actions, action))
                allowed |= 1 << action;
        is_int(allowed, rows[i].allowed | 1 << XMPP_COMMAND_CANCEL,
               "what is allowed, %zu", i);
        is_int(xmpp_command_get_usual(rows[i].actions), rows[i].usual,
               "and usual");
    }
}

static void check_notes(void)
{
    static const char *const types[] = {"info", "error", "info", "warn"};

    diary_begin(&testbed);
    for (int type = -1; type <= XMPP_NOTE_WARN + 1; type++) {
        int is_type = type >= 0 && type <= XMPP_NOTE_WARN;
        xmpp_command_run_t run = {
            .answer = xmpp_stanza_new_tag(testbed.ctx, "command", COMMANDS)};

        is_int(xmpp_command_add_note(&run, type, "text"),
               is_type ? 0 : XMPP_EARG, "a note of type %d", type);
        is_str(xmpp_stanza_get_type(xmpp_stanza_get_children(run.answer)),
               is_type ? types[type] : NULL, "its name");
        xmpp_stanza_release(run.answer);
    }
    testbed_free(&testbed, "notes");
}

int main(void)
{
    check_access();
    check_all_denied();
    check_lists();
    check_withdrawn();
    check_component();
    check_each();
    check_all();
    check_expiry();
    check_reconnect();
    check_table();
    check_actions();
    check_notes();
    return done_testing();
}
