/* fate.h - a server that manages streams, and what a tracked stanza became. */

#ifndef TESTS_CONN_FATE_H
#define TESTS_CONN_FATE_H

#include "conn/testbed.h"

#define SM_FEATURES                                                            \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "<sm xmlns='urn:xmpp:sm:3'/></stream:features>"

/* Logged in anonymously, as far as the features that follow. */
#define TO_FEATURES                                                            \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",      \
        "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",        \
        "C <stream:stream", "C >", "S " PEER_HEADER SM_FEATURES

#define TO_ENABLE                                                              \
    TO_FEATURES, "C </iq>",                                                    \
        "S <iq type='result' id='%id%'><bind "                                 \
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                            \
        "<jid>guest@example.org/r</jid></bind></iq>",                          \
        "C <enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>"

#define ENABLED                                                                \
    "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true' max='77'/>"
#define RESUME(h)                                                              \
    "C <resume xmlns=\"urn:xmpp:sm:3\" h=\"" h "\" previd=\"sm1\"/>"
#define RESUMED(h) "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='" h "'/>"
#define ACK(h) "S <a xmlns='urn:xmpp:sm:3' h='" h "'/>"

/* What became of a stanza, and for whom it was told. */
struct fate {
    int told, status;
    xmpp_conn_t *conn;
    char text[200];
};

/* The handler; its userdata is the fate. */
void fate_told(xmpp_conn_t *conn, int status, const char *text, size_t length,
               void *userdata);

/* Send a message with this id, to be told of. */
int fate_send(struct testbed *testbed, const char *id, struct fate *fate);

#endif
