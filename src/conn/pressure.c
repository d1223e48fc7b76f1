/* pressure.c - how much we hold of what the server makes us send. What the
 * application sends by itself does not count: if we stopped reading for it, the
 * answers would pile up at the server. */

#include "conn/pressure.h"

/* At most this much is counted for one received stanza: the rest is something
 * that the application wanted to send anyway. */
#define PART 65536

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct pressure pressure_begin(const struct attempt *attempt)
{
    return (struct pressure){stream_backlog(attempt->stream),
                             stream_held(attempt->stream)};
}

/* What has left meanwhile may have been any part of it. */
static size_t change(size_t sum, size_t before, size_t after)
{
    if (after > before)
        return sum + min(after - before, PART);
    return sum - min(before - after, sum);
}

void pressure_end(struct attempt *attempt, struct pressure *at)
{
    struct pressure before = *at, after;
    struct pressure *sum = &attempt->pressure;
    size_t most = (size_t)attempt->conn->options[XMPP_OPT_MAX_OUTBOX];

    if (!sum->held && stream_held(attempt->stream) == before.held)
        return; /* nothing was sent, which is what mostly happens */
    *at = after = pressure_begin(attempt);
    /* What was written is subtracted by pressure_sent(), so only a rise counts
     * here. `held` has no such call, and follows both ways. */
    if (after.unsent > before.unsent)
        sum->unsent = change(sum->unsent, before.unsent, after.unsent);
    sum->held = min(change(sum->held, before.held, after.held), after.held);
    /* Only bytes that left can be acknowledged. What is unsent stops the
     * reading instead (pressure_is_high()). */
    if (min(sum->held, after.held - after.unsent) / PRESSURE_HELD_MOST > most)
        stream_fail(attempt->stream, XMPP_ELIMIT,
                    "the server keeps sending requests and acknowledges none "
                    "of our answers");
}

void pressure_sent(struct attempt *attempt, size_t n)
{
    attempt->pressure.unsent -= min(attempt->pressure.unsent, n);
}

bool pressure_is_high(const struct attempt *attempt)
{
    return min(attempt->pressure.unsent, stream_backlog(attempt->stream)) >=
           PRESSURE_UNSENT_MOST;
}
