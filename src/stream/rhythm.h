/* rhythm.h - how long a quiet connection survives: what the networks in between
 * keep of it, found out by waiting. */

#ifndef STREAM_RHYTHM_H
#define STREAM_RHYTHM_H

/* Zeroed means that nothing is known. Outlives the streams that teach it. All
 * are milliseconds of silence. */
struct rhythm {
    long kept; /* the longest that was survived */
    long lost; /* the shortest that was not, 0: none */
};

/* The next silence to try, between these bounds. */
long rhythm_wait(const struct rhythm *rhythm, long least, long most);

/* One of this length was survived, or was not. */
void rhythm_kept(struct rhythm *rhythm, long silence);
void rhythm_lost(struct rhythm *rhythm, long silence);

/* The networks are others now. */
void rhythm_forget(struct rhythm *rhythm);

#endif
