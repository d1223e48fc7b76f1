/* rhythm.c - how long a quiet connection survives, found out by waiting. */

#include "stream/rhythm.h"

#include "tap.h"

#define LEAST 30000
#define MOST 300000

/* Silences in a network that forgets after `life`, until one is found that is
 * tried again and again. Returns it; *lost is how many connections it cost. */
static long search(struct rhythm *r, long life, int *lost)
{
    long wait = 0;

    *lost = 0;
    for (int i = 0; i < 40; i++) {
        wait = rhythm_wait(r, LEAST, MOST);
        if (wait < LEAST || wait > MOST)
            return -1;
        if (wait < life)
            rhythm_kept(r, wait);
        else
            rhythm_lost(r, wait);
        *lost += wait >= life;
    }
    return wait;
}

static void finds(long life)
{
    struct rhythm r = {0};
    int lost;
    long wait = search(&r, life, &lost);

    ok(wait < life && wait > life - life / 8, "of %ld ms it finds %ld", life,
       wait);
    ok(lost <= 4, "  at the cost of %d connections", lost);
}

int main(void)
{
    struct rhythm r = {0};
    int lost;

    is_int(rhythm_wait(&r, LEAST, MOST), LEAST, "it begins with the least");
    finds(45000);
    finds(60000);
    finds(120000);
    finds(240000);
    is_int(search(&r, 10000000, &lost), MOST, "the most is enough");
    is_int(lost, 0, "  without a loss");
    is_int(rhythm_wait(&r, LEAST, 100000), 100000, "bounds may change");
    ok(search(&r, 60000, &lost) < 60000, "a network that forgets sooner");
    rhythm_forget(&r);
    is_int(rhythm_wait(&r, LEAST, MOST), LEAST, "another one");
    search(&r, 10000, &lost);
    is_int(rhythm_wait(&r, LEAST, MOST), LEAST, "never less than the least");
    rhythm_lost(&r, 50000);
    rhythm_kept(&r, 60000);
    is_int(rhythm_wait(&r, LEAST, MOST), 90000,
           "a shorter one was lost for another reason");
    return done_testing();
}
