/* command_testbed.c - what tests of offered commands share. */

#include "xep/command_testbed.h"

struct testbed testbed;
char wizard_id[40]; /* of the session that was answered last */
char dot[] = ".";   /* the userdata */

/* ---- the commands ------------------------------------------------ */

enum mood mood;
int done_count;
xmpp_stanza_t *kept;

struct wizard {
    long n; /* what the first form said */
};

static xmpp_stanza_t *first_form(xmpp_conn_t *conn)
{
    xmpp_stanza_t *form = xmpp_form_new(conn, XMPP_FORM_FORM, NULL), *field;

    field = xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "n", NULL);
    xmpp_form_require(field);
    xmpp_form_add_validate(field, "xs:int", "1", "9");
    return form;
}

static xmpp_stanza_t *second_form(xmpp_conn_t *conn)
{
    xmpp_stanza_t *form = xmpp_form_new(conn, XMPP_FORM_FORM, NULL);

    xmpp_form_add_field(form, XMPP_FIELD_BOOLEAN, "sure", NULL);
    return form;
}

static int misbehave(xmpp_conn_t *conn, xmpp_command_run_t *run)
{
    switch (mood) {
    case FAILS:
        return XMPP_EFULL;
    case REFUSES:
        return xmpp_command_refuse(run, "bad-locale", "Only in Latin");
    case RETURNS_NONSENSE:
        return 77;
    case IS_REMOVED:
        xmpp_command_remove(conn, &wizard_command);
        break;
    case RELEASES:
        xmpp_conn_release(conn);
        testbed.conn = NULL;
        break;
    case WAITS:
        kept = xmpp_stanza_clone(run->iq);
        return XMPP_COMMAND_LATER;
    case SENDS_A_BAD_FORM:
        return xmpp_command_put_form(
            run, xmpp_form_new(conn, XMPP_FORM_FORM, "\001"), 0);
    default:
        break;
    }
    return 0;
}

int on_wizard(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    struct wizard *wizard = run->memory;
    int status = mood ? misbehave(conn, run) : 0;

    diary_add("%d:%d%s%s%s", run->stage, run->action, run->form ? "F" : "",
              run->lang ? run->lang : "", (char *)userdata);
    if (status)
        return status;
    if (run->stage == 0)
        return xmpp_command_put_form(run, first_form(conn),
                                     XMPP_COMMAND_MAY_PREV |
                                         XMPP_COMMAND_MAY_NEXT);
    if (run->stage == 1) {
        if (run->form)
            wizard->n = xmpp_form_get_number(run->form, "n");
        return xmpp_command_put_form(run, second_form(conn),
                                     XMPP_COMMAND_MAY_PREV |
                                         XMPP_COMMAND_MAY_COMPLETE);
    }
    diary_add("n=%ld sure=%d", wizard->n,
              xmpp_form_get_bool(run->form, "sure", 0));
    xmpp_command_add_note(run, XMPP_NOTE_INFO, "Done");
    return XMPP_COMMAND_COMPLETED;
}

static void on_done(void *memory, void *userdata)
{
    (void)memory;
    (void)userdata;
    done_count++;
}

static int is_juliet(xmpp_conn_t *conn, const xmpp_jid_t *from, void *userdata)
{
    (void)conn;
    (void)userdata;
    return from && !strncmp(from->text, SECRET "/", strlen(SECRET) + 1);
}

const xmpp_command_t wizard_command = {
    .size = sizeof(wizard_command),
    .node = "wizard",
    .name = "The wizard",
    .access = XMPP_SENDER_ANYONE,
    .may = is_juliet,
    .memory_size = sizeof(struct wizard),
    .done = on_done,
};

/* For our own account, in one stage, without a form and memory. */
int on_hello(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    (void)conn;
    diary_add("hello%s%s", run->from ? "!" : "", (char *)userdata);
    xmpp_stanza_add_tag(run->answer, "x", "urn:example:x");
    return XMPP_COMMAND_COMPLETED;
}

const xmpp_command_t hello_command = {
    .size = sizeof(hello_command), .node = "hello", .name = "Say hello"};

void wizard_begin(void)
{
    mood = WORKS;
    done_count = 0;
    diary_begin(&testbed);
    is_int(xmpp_command_add(testbed.conn, &wizard_command, on_wizard, dot), 0,
           "a command is offered");
    is_int(xmpp_command_add(testbed.conn, &hello_command, on_hello, dot), 0,
           "and another one");
    diary_login(&testbed);
}

/* ---- conversations ----------------------------------------------- */

/* Put the id of the session into it, or take it out. */
static void take_id(char *text)
{
    char *at = strstr(text, "sessionid=\"");

    if (!at)
        return;
    snprintf(wizard_id, sizeof(wizard_id), "%.32s", at + 11);
    memcpy(at + 11, "ID", 2);
    memmove(at + 13, at + 11 + strlen(wizard_id),
            strlen(at + 11 + strlen(wizard_id)) + 1);
}

void wizard_hears(const char *request)
{
    char text[2000];
    const char *at = strstr(request, "%s");

    if (at)
        snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - request), request,
                 wizard_id, at + 2);
    diary_hear(&testbed, at ? text : request);
}

void wizard_said(char *text, size_t size)
{
    struct str sent = memory_server_sent(testbed.server);

    snprintf(text, size, "%.*s", STR_ARG(sent));
    memory_server_take(testbed.server, sent.n);
    take_id(text);
}

void wizard_answered(const char *answer, const char *what)
{
    char text[3000];

    wizard_said(text, sizeof(text));
    is_str(text, answer, "%s", what);
}

void wizard_answers(const char *request, const char *answer, const char *what)
{
    wizard_hears(request);
    wizard_answered(answer, what);
}

void wizard_session(const char *from, char *ret_id)
{
    char text[3000];

    snprintf(text, sizeof(text),
             "<iq type='set' id='1' from='%s' to='guest@example.org/r'>"
             "<command xmlns='" COMMANDS "' node='wizard'/></iq>",
             from);
    wizard_id[0] = '\0';
    diary_hear(&testbed, text);
    wizard_said(text, sizeof(text));
    if (ret_id)
        strcpy(ret_id, wizard_id);
}
