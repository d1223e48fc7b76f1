/* up_testbed.h - a stream that is up, without a transport. */

#ifndef TESTS_STREAM_UP_TESTBED_H
#define TESTS_STREAM_UP_TESTBED_H

#include "failmem.h"
#include "stream/core.h"

#define UP_ENABLED "<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>"

extern struct up_testbed {
    struct failmem memory;
    struct env env;
    int32_t options[XMPP_OPT_COUNT_];
    struct wanted client;
    struct fault fault;
    struct stream *stream;
    uint64_t now;     /* of what is heard */
    char out[300000]; /* what it said */
    size_t out_n;
} up;

/* A client up to its address; `management` are more features. */
void up_begin(const char *management);

/* With stream management, up to the answer to <enable/>. */
void up_begin_managed(const char *enabled);

/* Free it, and assert that no memory is left. */
void up_end(const char *what);

/* The server says something; what came of it is not looked at. */
void up_hear(const char *text);

/* All that it has to say, in the pieces that it wants to say it in. */
void up_take(void);

#endif
