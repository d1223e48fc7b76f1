/* outbox_testbed.h - what tests of outbox and sessions share. */

#ifndef TESTS_STREAM_OUTBOX_TESTBED_H
#define TESTS_STREAM_OUTBOX_TESTBED_H

#include "failmem.h"
#include "stream/sm.h"
#include "tap.h"

extern struct failmem outbox_testbed_memory;
extern struct env outbox_testbed_env;

/* New memory; assert that none is left. */
void outbox_testbed_begin(void);
void outbox_testbed_end(const char *what);

/* An item: it counts if it begins with '<', passes if with "<-"; `tag` is the
 * userdata of a tracked one, NULL of another. */
int outbox_testbed_add(struct outbox *box, const char *text, const char *tag);

/* The same with a deadline. */
int outbox_testbed_add_until(struct outbox *box, const char *text,
                             const char *tag, uint64_t deadline);

/* Bytes between items. */
void outbox_testbed_put(struct outbox *box, const char *text);

/* Assert what is to be sent. */
void outbox_testbed_unsent(const struct outbox *box, const char *want);

/* A session that has sent `n` stanzas after `acked` that are acknowledged. */
xmpp_sm_state_t *outbox_testbed_managed(uint32_t acked, int n);

/* Assert that the next whose handler is called is the one with this tag, with
 * this status; NULL: that nobody is left to be called. */
void outbox_testbed_done_is(struct outbox *box, const char *tag, int status);

#endif
