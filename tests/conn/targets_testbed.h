/* targets_testbed.h - a connection to a domain with several targets, in memory.
 */

#ifndef TESTS_CONN_TARGETS_TESTBED_H
#define TESTS_CONN_TARGETS_TESTBED_H

#include "conn/testbed.h"

#define HELLO "C <stream:stream", "C >"
#define ERROR(condition)                                                       \
    "S " PEER_HEADER "<stream:error><" condition                               \
    " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"            \
    "</stream:stream>"
#define SCRIPT(...)                                                            \
    (const char *const[])                                                      \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

/* Connect to a domain with so many targets, of which the first refuse; the
 * others follow the script, one after the other. */
void targets_meet(struct testbed *testbed, unsigned targets, unsigned refused,
                  const char *const *script);

/* Assert that a target failed so. */
void targets_failed(struct testbed *testbed, size_t index, const char *host,
                    xmpp_layer_t layer, int code);

/* Assert that `count` targets failed. */
void targets_no_more(struct testbed *testbed, size_t count);

void targets_end(struct testbed *testbed, const char *what);

#endif
