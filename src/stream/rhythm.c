/* rhythm.c - how long a quiet connection survives.
 *
 * A NAT forgets a connection that was quiet for too long, and does not say so.
 * It has one time for all of them, so each silence teaches something. */

#include "stream/rhythm.h"

/* The search goes on while the two bounds are not within a tenth. */
static long rhythm_next(const struct rhythm *r)
{
    long next = r->kept + r->kept / 2;

    if (!r->lost || next < r->lost)
        return next;
    return r->lost - r->kept > r->kept / 10 ? r->kept + (r->lost - r->kept) / 2
                                            : r->kept;
}

long rhythm_wait(const struct rhythm *r, long least, long most)
{
    long wait = r->kept ? rhythm_next(r) : least;

    if (wait < least)
        wait = least;
    return wait < most ? wait : most;
}

void rhythm_kept(struct rhythm *r, long silence)
{
    if (silence > r->kept)
        r->kept = silence;
    /* A shorter one was lost for another reason. */
    if (r->lost && r->lost <= r->kept)
        r->lost = 0;
}

void rhythm_lost(struct rhythm *r, long silence)
{
    if (!r->lost || silence < r->lost)
        r->lost = silence;
    /* A longer one was survived before: the network is another, or the server
     * was gone. */
    if (r->kept >= r->lost)
        r->kept = r->lost / 2;
}

void rhythm_forget(struct rhythm *r)
{
    *r = (struct rhythm){0};
}
