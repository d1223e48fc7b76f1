/* pieces.c - how much a stream reads before its events are fetched: less, the
 * more elements there are in it. */

#include "stream/core.h"
#include "stream/limits.h"

#include "tap.h"

#define MUCH 100000

/* The next piece of a long input, if the last one had so many elements. */
static size_t after(struct stream *s, size_t given)
{
    s->given = given;
    return limits_piece(s, MUCH);
}

static void shrinks_and_grows(void)
{
    static const size_t down[] = {4096, 2048, 1024, 512, 256, 256};
    static const size_t up[] = {512, 1024, 2048, 4096, 8192, 8192};
    struct stream s = {.piece = 0};

    is_int((long)limits_piece(&s, MUCH), 8192, "the first");
    for (size_t i = 0; i < 6; i++)
        is_int((long)after(&s, 32), (long)down[i], "after many elements");
    is_int((long)after(&s, 31), 256, "as many as may be");
    is_int((long)after(&s, 8), 256, "no longer few");
    for (size_t i = 0; i < 6; i++)
        is_int((long)after(&s, 7), (long)up[i], "after few");
    is_int((long)s.given, 0, "they are counted anew");
}

/* What comes in small packets says nothing about long pieces. */
static void small_packets(void)
{
    struct stream s = {.piece = 0};

    is_int((long)limits_piece(&s, 10), 10, "no more than there is");
    after(&s, 32);
    after(&s, 32);
    is_int((long)limits_piece(&s, 100), 100, "a short one");
    is_int((long)after(&s, 0), 4096, "it grew once, for the one before");
    is_int((long)limits_piece(&s, 4096), 4096, "exactly a piece");
    is_int((long)after(&s, 0), 8192, "is a whole one");
}

int main(void)
{
    shrinks_and_grows();
    small_packets();
    return done_testing();
}
