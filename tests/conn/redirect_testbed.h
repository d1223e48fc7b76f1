/* redirect_testbed.h - two servers, of which the first sends clients away. */

#ifndef TESTS_CONN_REDIRECT_TESTBED_H
#define TESTS_CONN_REDIRECT_TESTBED_H

#include "conn/testbed.h"

#define REDIRECT_OTHER                                                         \
    "<stream:error><see-other-host "                                           \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s</see-other-host>"          \
    "</stream:error></stream:stream>"

#define PEER_COMPONENT_HEADER                                                  \
    "<stream:stream xmlns='jabber:component:accept' "                          \
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "                 \
    "from='example.org'>"

/* The first one is the peer of the testbed. What it `says` names the second, or
 * whatever else. */
struct redirect_pair {
    struct testbed testbed;
    struct fake_server *second;
    const char *first_line; /* of the second's script */
    char says[600], at[64]; /* and where the second is */
};

/* An anonymous login, and its end. */
extern const char *const redirect_login[];

void redirect_sends_to(struct redirect_pair *p, const char *where, bool header);
void redirect_second(struct redirect_pair *p, const char *const *script);

/* Both went by their scripts; free all. */
void redirect_drop(struct redirect_pair *p, const char *what);

/* Nobody came to the second, which is gone then. */
void redirect_nobody_came(struct redirect_pair *p);

/* It fails for the redirect, which its message names. */
void redirect_not_followed(struct redirect_pair *p, const char *words,
                           const char *what);

#endif
