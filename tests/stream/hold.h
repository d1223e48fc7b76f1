/* hold.h - what tests of outbox and sessions share. */

#ifndef TESTS_STREAM_HOLD_H
#define TESTS_STREAM_HOLD_H

#include "failmem.h"
#include "stream/sm.h"
#include "tap.h"

extern struct failmem hold_memory;
extern struct env hold_env;

/* New memory; assert that none is left. */
void hold_begin(void);
void hold_end(const char *what);

/* An item: it counts if it begins with '<', passes if with "<-"; `tag` is the
 * userdata of a tracked one, NULL of another. */
int hold_add(struct outbox *box, const char *text, const char *tag);

/* Bytes between items. */
void hold_put(struct outbox *box, const char *text);

/* Assert what is to be sent. */
void hold_unsent(const struct outbox *box, const char *want);

/* A session that has sent `n` stanzas after `acked` that are acknowledged. */
xmpp_sm_state_t *hold_managed(uint32_t acked, int n);

#endif
