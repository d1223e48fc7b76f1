/* relay.h - a proxy on loopback that counts round trips, and fails where it is
 * told to: at one byte of one direction. */

#ifndef TESTS_LIVE_RELAY_H
#define TESTS_LIVE_RELAY_H

#include <stdbool.h>

struct relay;

/* What becomes of a connection at that byte. */
enum relay_fault {
    RELAY_END,   /* both sides see an orderly end */
    RELAY_RESET, /* both are reset */
    RELAY_HOLE,  /* nothing is forwarded any more */
};

/* From any port of loopback to this one, by a thread; relay_stop() ends it. */
struct relay *relay_start(unsigned short to);
unsigned short relay_port(const struct relay *relay);
void relay_stop(struct relay *relay);

/* Whatever the server says after it heard something is held for so many
 * milliseconds, and so is one answer. 20, if this is not called. */
void relay_delay(struct relay *relay, int ms);

/* How many answers were forwarded since the last call: so often the client had
 * waited. The connection by TCP is one round trip more. */
int relay_trips(struct relay *relay);

/* One connection, which may be the present one, fails at byte `at` (counted
 * from the next one that is forwarded) of the server or of the client. The
 * later ones do not. */
void relay_fail(struct relay *relay, enum relay_fault fault, bool of_server,
                long at);

/* All present connections fail so, at once. */
void relay_break(struct relay *relay, enum relay_fault fault);

/* Bytes of the last connection, so far; whether one failed as it was to. */
long relay_bytes(const struct relay *relay, bool of_server);
bool relay_has_failed(const struct relay *relay);

#endif
