/* command_testbed.h - what tests of offered commands share: two commands, and
 * conversations about them. */

#ifndef TESTS_XEP_COMMAND_TESTBED_H
#define TESTS_XEP_COMMAND_TESTBED_H

#include <xmpp/xep/command_serve.h>

#include "conn/diary.h"

#define SECRET "juliet@example.org"
#define JULIET SECRET "/balcony"
#define ROMEO "romeo@example.net/garden"

extern struct testbed testbed;
extern char wizard_id[40];  /* of the session that was answered last */
extern char dot[];          /* the userdata */
extern int done_count;      /* how often a session gave back its memory */
extern xmpp_stanza_t *kept; /* the request that WAITS left for later */

/* What the handler of the wizard does in place of its work. */
enum mood {
    WORKS,
    FAILS,
    REFUSES,
    RETURNS_NONSENSE,
    IS_REMOVED,
    RELEASES,
    SENDS_A_BAD_FORM,
    WAITS
};
extern enum mood mood;

/* Two forms and a result, for Juliet; and one stage, for our own account. */
extern const xmpp_command_t wizard_command, hello_command;
int on_wizard(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata);
int on_hello(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata);

/* Offer both, and log in. */
void wizard_begin(void);

#define COMMANDS "http://jabber.org/protocol/commands"
#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

/* A request: from whom, to which command, what else. */
#define IQ(from, node, attributes, inside)                                     \
    "<iq type='set' id='1' from='" from "' to='guest@example.org/r'>"          \
    "<command xmlns='" COMMANDS "' node='" node "' " attributes ">" inside     \
    "</command></iq>"
#define JULIETS(attributes, inside) IQ(JULIET, "wizard", attributes, inside)
#define SESSION "sessionid='%s' "
#define SUBMIT(inside) "<x xmlns='jabber:x:data' type='submit'>" inside "</x>"
#define FIELD(var, value)                                                      \
    "<field var='" var "'><value>" value "</value></field>"

#define ANSWER(status, inside)                                                 \
    "<iq type=\"result\" id=\"1\" to=\"" JULIET                                \
    "\"><command xmlns=\"" COMMANDS                                            \
    "\" node=\"wizard\" sessionid=\"ID\" status=\"" status "\">" inside        \
    "</command></iq>"
#define FIRST                                                                  \
    ANSWER("executing",                                                        \
           "<actions execute=\"next\"><next/></actions>"                       \
           "<x xmlns=\"jabber:x:data\" type=\"form\"><field var=\"n\" "        \
           "type=\"text-single\"><required/><validate "                        \
           "xmlns=\"http://jabber.org/protocol/xdata-validate\" "              \
           "datatype=\"xs:int\"><range min=\"1\" max=\"9\"/></validate>"       \
           "</field></x>")
#define SECOND                                                                 \
    ANSWER("executing",                                                        \
           "<actions execute=\"complete\"><prev/><complete/></actions>"        \
           "<x xmlns=\"jabber:x:data\" type=\"form\"><field var=\"sure\" "     \
           "type=\"boolean\"/></x>")
#define LAST ANSWER("completed", "<note type=\"info\">Done</note>")
#define CANCELED                                                               \
    "<iq type=\"result\" id=\"1\" to=\"" JULIET                                \
    "\"><command xmlns=\"" COMMANDS                                            \
    "\" node=\"wizard\" sessionid=\"ID\" status=\"canceled\"/></iq>"
#define ERROR(to, type, condition, more)                                       \
    "<iq type=\"error\" id=\"1\" to=\"" to "\"><error type=\"" type "\">"      \
    "<" condition " xmlns=\"" STANZAS "\"/>" more "</error></iq>"
#define TEXT(text) "<text xmlns=\"" STANZAS "\">" text "</text>"
#define OURS(name) "<" name " xmlns=\"" COMMANDS "\"/>"
#define BAD(more) ERROR(JULIET, "modify", "bad-request", more)
#define EXPIRED ERROR(JULIET, "cancel", "not-allowed", OURS("session-expired"))

/* The server sends this, with the id of the session for a %s in it. */
void wizard_hears(const char *request);

/* And the client must answer this, where the id of a session is "ID". */
void wizard_answered(const char *answer, const char *what);
void wizard_answers(const char *request, const char *answer, const char *what);

/* What the client sent; an id in it is taken out and remembered. */
void wizard_said(char *text, size_t size);

/* Begin a session of the wizard; its id, or "". */
void wizard_session(const char *from, char *ret_id);

#endif
