/* ids_testbed.h - a question, and who of those that answer is heard. */

#ifndef TESTS_CONN_IDS_TESTBED_H
#define TESTS_CONN_IDS_TESTBED_H

#include "conn/testbed.h"

#define ANSWER(type, from) "<iq type='" type "' id='q1' from='" from "'/>"
#define OWN "guest@example.org"

extern struct testbed ids_testbed;
extern char ids_heard[256]; /* "iqa@x iqb@x ", by ids_on_stanza */

int ids_on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata);
int ids_on_end(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata);

/* An iq "q1" to this address, or to nobody. */
xmpp_stanza_t *ids_question(const char *to);
void ids_send(const char *to);

/* Log in to a server that says `text` when it was asked "q1", and then that it
 * is the end (a presence "probe"). */
void ids_begin(const char *text, const char *name);

/* Wait for that, and leave. */
void ids_end(const char *name);

#endif
