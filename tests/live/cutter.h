/* cutter.h - a proxy on loopback that cuts connections at random points. */

#ifndef TESTS_LIVE_CUTTER_H
#define TESTS_LIVE_CUTTER_H

struct cutter;

/* Forwards what comes to its port to 127.0.0.1:`port`, in a thread; after a
 * random number of bytes it resets both sides, whatever is on the way. */
struct cutter *cutter_start(unsigned short port, unsigned seed);

unsigned short cutter_port(const struct cutter *cutter);

/* From now on about half of the cuts are black holes: what comes is swallowed,
 * and neither side is told for a while; then both are reset. */
void cutter_dig(struct cutter *cutter);

/* Connections live longer from now on: so many times as many bytes. */
void cutter_stretch(struct cutter *cutter, int factor);

/* How many connections were cut so far. */
int cutter_count(const struct cutter *cutter);

/* From now on connections are left alone; those that live are not cut. */
void cutter_rest(struct cutter *cutter);

/* End the thread, reset what lives, free it. */
void cutter_stop(struct cutter *cutter);

#endif
