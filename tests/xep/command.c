/* command.c - running the ad-hoc commands of others (XEP-0050). */

#include <xmpp/xep/command.h>
#include <xmpp/xep/disco_query.h>

#include "conn/diary.h"

#define COMMANDS "http://jabber.org/protocol/commands"
#define SERVICE "service@example.org/1"

static struct testbed testbed;
static xmpp_command_session_t *session;
static char id[80], to[80]; /* of the iq that was sent last */
static int is_released_in_handler;

static void begin(void)
{
    is_released_in_handler = 0;
    diary_begin(&testbed);
    diary_login(&testbed);
    session = xmpp_command_session_new(testbed.conn, SERVICE, "config");
    ok(session != NULL, "a session");
}

static void end(const char *what)
{
    xmpp_command_session_release(session);
    session = NULL;
    testbed_free(&testbed, what);
}

static void on_stage(xmpp_conn_t *conn, const xmpp_result_t *result,
                     void *userdata)
{
    static char text[2000];

    (void)conn;
    (void)userdata;
    text[0] = '\0';
    if (result->value)
        xmpp_payload_print(result->payload, result->value, text, sizeof(text));
    diary_add("%s%s%s%s%s%s", result->status ? "" : text,
              result->status ? xmpp_strerror_name(result->status) : "",
              result->condition ? " " : "",
              result->condition ? result->condition : "",
              result->specific ? " " : "",
              result->specific ? result->specific : "");
    if (is_released_in_handler) {
        xmpp_command_session_release(session);
        session = NULL;
    }
}

/* Assert that the iq was sent, whatever its id is. */
static void said(const char *inside, const char *what)
{
    char text[2000], *at;
    struct str sent;

    for (int i = 0; i < 5; i++)
        xmpp_ctx_process(testbed.ctx);
    sent = memory_server_sent(testbed.server);
    snprintf(text, sizeof(text), "%.*s", STR_ARG(sent));
    memory_server_take(testbed.server, sent.n);
    at = strstr(text, " id=\"");
    id[0] = to[0] = '\0';
    if (at)
        sscanf(at, " id=\"%79[^\"]", id);
    at = strstr(text, " to=\"");
    if (at)
        sscanf(at, " to=\"%79[^\"]", to);
    at = strchr(text, '>');
    is_str(at ? at + 1 : text, inside, "%s", what);
}

static void hear(const char *type, const char *inside)
{
    char text[2000];

    snprintf(text, sizeof(text),
             "<iq type='%s' id='%s' from='" SERVICE "'>%s</iq>", type, id,
             inside);
    diary_hear(&testbed, text);
}

static int run(int action, xmpp_stanza_t *content)
{
    return xmpp_command_send(session, action, content, on_stage, NULL);
}

#define SENT(attributes, inside)                                               \
    "<command xmlns=\"" COMMANDS "\" node=\"config\"" attributes inside        \
    "</command></iq>"
#define SENT_EMPTY(attributes)                                                 \
    "<command xmlns=\"" COMMANDS "\" node=\"config\"" attributes "/></iq>"
#define STAGE(status, inside)                                                  \
    "<command xmlns='" COMMANDS "' node='config' sessionid='s1' "              \
    "status='" status "'>" inside "</command>"
#define FIRST                                                                  \
    STAGE("executing", "<actions execute='next'><next/></actions>"             \
                       "<x xmlns='jabber:x:data' type='form'>"                 \
                       "<field var='service'/></x>")

/* Begin, up to the first form. */
static void open_session(void)
{
    begin();
    is_int(run(XMPP_COMMAND_EXECUTE, NULL), 0, "execute");
    said(SENT_EMPTY(" action=\"execute\""), "a session begins");
    hear("result", FIRST);
    diary_is(
        "{node: \"config\", sessionid: \"s1\", status: executing, actions: "
        "{execute: next, next: true}, form: {type: form, fields: [{var: "
        "\"service\"}]}}",
        "a stage with a form");
}

static void check_stages(void)
{
    const xmpp_command_stage_t *stage;
    xmpp_stanza_t *answer;

    open_session();
    stage = xmpp_command_session_get_stage(session);
    ok(stage && stage->form, "the stage is kept");
    answer = xmpp_form_answer(testbed.conn, stage->form);
    xmpp_form_set(answer, "service", "httpd");
    is_int(run(XMPP_COMMAND_NEXT, answer), 0, "next");
    said(SENT(" sessionid=\"s1\" action=\"next\">",
              "<x xmlns=\"jabber:x:data\" type=\"submit\"><field "
              "var=\"service\"><value>httpd</value></field></x>"),
         "the form is sent");
    hear("result", STAGE("completed", "<note type='warn'>Slow</note>"));
    diary_is("{node: \"config\", sessionid: \"s1\", status: completed, notes: "
             "[{type: warn, text: \"Slow\"}]}",
             "the result");
    is_int(run(XMPP_COMMAND_EXECUTE, NULL), XMPP_EINVOP, "it is over");
    end("stages");
}

/* What a stage allows, as a mask of the actions. */
static const struct {
    const char *stage;
    int allowed;
} stages[] = {
    {STAGE("executing", ""), 1 << XMPP_COMMAND_CANCEL |
                                 1 << XMPP_COMMAND_EXECUTE |
                                 1 << XMPP_COMMAND_COMPLETE},
    {STAGE("executing", "<actions><prev/><next/></actions>"),
     1 << XMPP_COMMAND_CANCEL | 1 << XMPP_COMMAND_EXECUTE |
         1 << XMPP_COMMAND_NEXT | 1 << XMPP_COMMAND_PREV},
    {STAGE("executing", "<actions><complete/></actions>"),
     1 << XMPP_COMMAND_CANCEL | 1 << XMPP_COMMAND_EXECUTE |
         1 << XMPP_COMMAND_COMPLETE},
    {STAGE("completed", "<actions><next/></actions>"), 0},
    {STAGE("canceled", ""), 0},
    {STAGE("dancing", ""), 0},
    {"<command xmlns='" COMMANDS "' node='config' status='executing'/>", 0},
};

static void check_allowed(void)
{
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        int allowed = 0;

        begin();
        is_int(xmpp_command_session_allows(session, XMPP_COMMAND_NEXT), 0,
               "at first only execute");
        is_int(run(XMPP_COMMAND_CANCEL, NULL), XMPP_EARG, "not cancel");
        run(XMPP_COMMAND_EXECUTE, NULL);
        said(SENT_EMPTY(" action=\"execute\""), "begin");
        hear("result", stages[i].stage);
        for (int action = 0; action <= XMPP_COMMAND_PREV + 1; action++)
            if (xmpp_command_session_allows(session, action))
                allowed |= 1 << action;
        is_int(allowed, stages[i].allowed, "%s", stages[i].stage);
        end("allowed");
    }
}

static void check_errors(void)
{
    open_session();
    is_int(run(XMPP_COMMAND_PREV, NULL), XMPP_EARG, "not allowed");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "the action \"prev\" is"),
       "  which is said");
    is_int(run(XMPP_COMMAND_NEXT, NULL), 0, "next");
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"next\""), "without a form");
    hear("error", "<error type='modify'><bad-request "
                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><bad-payload "
                  "xmlns='" COMMANDS "'/></error>");
    diary_is("XMPP_ESTANZA bad-request bad-payload", "refused");
    is_int(run(XMPP_COMMAND_NEXT, NULL), 0, "it may be tried again");
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"next\""), "it is sent");
    hear("result", "<query xmlns='urn:example:other'/>");
    diary_is("XMPP_EPROTO", "answered with something else");
    is_int(run(XMPP_COMMAND_NEXT, NULL), 0, "once more");
    diary_cut(&testbed);
    diary_is("XMPP_ENOTCONN", "the connection is lost");
    end("errors");
}

/* What cannot be put into the request is not left out of it. */
static void check_content(void)
{
    const xmpp_command_stage_t *stage;

    open_session();
    stage = xmpp_command_session_get_stage(session);
    is_int(run(XMPP_COMMAND_NEXT, xmpp_stanza_clone(stage->form->element)),
           XMPP_EINVOP, "a form that is a part of something else");
    said("", "nothing is sent");
    diary_is("", "and nothing ends");
    end("content");
}

static void check_cancelled(void)
{
    open_session();
    is_int(run(XMPP_COMMAND_NEXT, NULL), 0, "next");
    is_int(xmpp_result_cancel(testbed.conn, on_stage, NULL), 1,
           "an action like any other");
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"next\""), "it was sent");
    hear("result", STAGE("completed", ""));
    diary_is("", "its handler is not called");
    is_int(xmpp_command_session_allows(session, XMPP_COMMAND_NEXT), 1,
           "the session is where it was");
    end("cancelled");
}

static void check_release(void)
{
    open_session();
    xmpp_command_session_release(session);
    session = NULL;
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"cancel\""),
         "what is not over is cancelled");
    hear("result", STAGE("canceled", ""));
    diary_is("", "nobody gets that answer");
    end("released");

    open_session();
    run(XMPP_COMMAND_NEXT, NULL);
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"next\""), "next");
    is_released_in_handler = 1;
    hear("result", FIRST);
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"cancel\""),
         "released in the handler");
    end("released in the handler");

    begin();
    run(XMPP_COMMAND_EXECUTE, NULL);
    said(SENT_EMPTY(" action=\"execute\""), "begin");
    xmpp_command_session_release(session);
    session = NULL;
    hear("result", STAGE("executing", ""));
    diary_is("{node: \"config\", sessionid: \"s1\", status: executing}",
             "its answer still comes");
    said(SENT_EMPTY(" sessionid=\"s1\" action=\"cancel\""),
         "and what it began is cancelled");
    end("released on the way");
}

static void check_conn_released(void)
{
    open_session();
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    ok(xmpp_command_session_get_stage(session) != NULL,
       "a session outlives its connection");
    is_int(run(XMPP_COMMAND_NEXT, NULL), XMPP_EINVOP, "but cannot go on");
    end("the connection is released first");
}

static void check_list(void)
{
    begin();
    is_int(xmpp_command_get_list(testbed.conn, SERVICE, on_stage, NULL), 0,
           "a list");
    said("<query xmlns=\"http://jabber.org/protocol/disco#items\" "
         "node=\"" COMMANDS "\"/></iq>",
         "is requested");
    hear("result", "<query xmlns='http://jabber.org/protocol/disco#items' "
                   "node='" COMMANDS "'><item jid='" SERVICE
                   "' node='config' name='Configure'/></query>");
    diary_is("{node: \"" COMMANDS "\", items: [{jid: \"" SERVICE
             "\", node: \"config\", name: \"Configure\"}]}",
             "and comes");
    end("list");
}

static void check_nothing(void)
{
    diary_begin(&testbed);
    ok(!xmpp_command_session_new(testbed.conn, SERVICE, NULL), "no node");
    ok(!xmpp_command_session_new(NULL, SERVICE, "config"), "no connection");
    is_int(xmpp_command_send(NULL, XMPP_COMMAND_EXECUTE, NULL, NULL, NULL),
           XMPP_EINVOP, "no session");
    is_int(xmpp_command_session_allows(NULL, XMPP_COMMAND_EXECUTE), 0,
           "allows nothing");
    ok(!xmpp_command_session_get_stage(NULL), "and has no stage");
    xmpp_command_session_release(NULL);
    session = xmpp_command_session_new(testbed.conn, NULL, "config");
    ok(run(XMPP_COMMAND_EXECUTE, NULL) < 0, "not connected");
    end("nothing");
}

/* The service begins the command twice. */
static void check_twice(void)
{
    char first[80], second[80];

    begin();
    is_int(run(XMPP_COMMAND_EXECUTE, NULL), 0, "execute");
    said(SENT_EMPTY(" action=\"execute\""), "the first one");
    snprintf(first, sizeof(first), "%s", id);
    is_int(run(XMPP_COMMAND_EXECUTE, NULL), 0, "execute at the same time");
    said(SENT_EMPTY(" action=\"execute\""), "the second one");
    snprintf(second, sizeof(second), "%s", id);
    snprintf(id, sizeof(id), "%s", first);
    hear("result", FIRST);
    snprintf(id, sizeof(id), "%s", second);
    diary_is(
        "{node: \"config\", sessionid: \"s1\", status: executing, actions: "
        "{execute: next, next: true}, form: {type: form, fields: [{var: "
        "\"service\"}]}}",
        "the first answer");
    hear("result", "<command xmlns='" COMMANDS
                   "' node='config' sessionid='s2' status='executing'/>");
    diary_is("{node: \"config\", sessionid: \"s2\", status: executing}",
             "the second answer");
    said(SENT_EMPTY(" sessionid=\"s2\" action=\"cancel\""), "is cancelled");
    is_str(xmpp_command_session_get_stage(session)->sessionid, "s1",
           "the first one counts");
    end("twice");
}

static void check_memory(void)
{
    unsigned long failed = 1;

    for (unsigned long n = 1; failed && n < 100000; n += tap_step()) {
        xmpp_stanza_t *content;
        int status;

        diary_begin(&testbed);
        diary_login(&testbed);
        failmem_arm(&testbed.memory, n, 0);
        session = xmpp_command_session_new(testbed.conn, SERVICE, "config");
        content = xmpp_form_new(testbed.conn, XMPP_FORM_SUBMIT, NULL);
        status = xmpp_command_send(session, XMPP_COMMAND_EXECUTE, content,
                                   on_stage, NULL);
        failed = testbed.memory.failed;
        failmem_arm(&testbed.memory, 0, 0);
        said(status ? ""
                    : SENT(" action=\"execute\">",
                           "<x xmlns=\"jabber:x:data\" type=\"submit\"/>"),
             "all of it is sent, or nothing");
        is_str(to, status ? "" : SERVICE, "and to whom it was meant for");
        end("without memory");
    }
    ok(!failed, "every allocation failed in turn");
}

int main(void)
{
    check_stages();
    check_allowed();
    check_errors();
    check_content();
    check_cancelled();
    check_release();
    check_conn_released();
    check_list();
    check_nothing();
    check_twice();
    check_memory();
    return done_testing();
}
