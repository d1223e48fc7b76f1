/* play.h - one run of a talk: a stream, and what came out of it. */

#ifndef TESTS_TALK_PLAY_H
#define TESTS_TALK_PLAY_H

#include "base/env.h"
#include "failmem.h"
#include "stream/sm.h"
#include "stream/stream.h"
#include "talk/judge.h"
#include "talk/script.h"

#define EVENTS_MOST 256

/* `lenient`: memory may run out, so that lines are not demanded any more; what
 * is demanded then is said at play_run. */
struct play {
    const struct script *script;
    struct failmem memory;
    struct env env;
    struct fault fault;
    struct wanted wanted;
    xmpp_sm_state_t *sm; /* what outlives the stream; NULL if it is raw */
    struct stream *stream;
    struct judge judge;
    uint64_t now;
    int turns;              /* that it wanted */
    bool busy;              /* and does not get */
    size_t piece;           /* bytes fed at once; 0: the whole line */
    bool lenient, deviated; /* something was not as the script says */
    bool told_memory;       /* a call reported XMPP_EMEM */
    bool as_told;           /* it ended in the failure that was to come */
    struct stream_event events[EVENTS_MOST];
    size_t first, last;   /* of those not yet looked at */
    char sent_text[1000]; /* of the last STREAM_SENT */
    char *out;            /* what was sent and not yet looked at */
    size_t out_n;
    char wrong[2000]; /* the first deviation, "" */
};

/* Play it: `piece` bytes at a time, failing at the n-th allocation (0: never).
 * NULL if it went as written, no memory is left, and - where an allocation
 * failed - it still went as written, ended in an XMPP_EMEM that was told, or
 * in the failure that it was to end in; else what was wrong. *ret_failed tells
 * whether an allocation failed. */
const char *play_run(struct play *play, const struct script *script,
                     size_t piece, unsigned long fail_at, bool *ret_failed);

/* For other tests: play a part that only leads somewhere, and stay there; false
 * if it went otherwise, see `wrong`. In any case leave it; false if memory is
 * left. */
bool play_enter(struct play *play, const struct script *script);
bool play_leave(struct play *play);

/* Count and fail libxml2's allocations together with ours. */
void play_take_libxml(void);
void play_free_libxml(void);

#endif
