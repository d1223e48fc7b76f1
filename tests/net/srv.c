/* srv.c - SRV records in the order of RFC 2782. */

#include "net/srv.h"
#include "tap.h"

static uint32_t state;

static uint32_t pick(void *userdata, uint32_t most)
{
    (void)userdata;
    state = state * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)state * ((uint64_t)most + 1)) >> 32);
}

static struct srv_record record(const char *target, uint16_t priority,
                                uint16_t weight)
{
    struct srv_record r = {.priority = priority, .weight = weight};

    snprintf(r.target, sizeof(r.target), "%s", target);
    return r;
}

int main(void)
{
    enum { ROUNDS = 20000 };
    int first[4] = {0};

    for (int i = 0; i < ROUNDS; i++) {
        struct srv_record r[] = {record("z", 20, 0), record("a", 10, 60),
                                 record("b", 10, 20), record("c", 10, 20),
                                 record("d", 10, 0)};

        srv_order(r, 5, pick, NULL);
        if (strcmp(r[4].target, "z"))
            bail("a lower priority came first");
        first[r[0].target[0] - 'a']++;
    }
    ok(first[0] > ROUNDS * 55 / 100 && first[0] < ROUNDS * 64 / 100,
       "weight 60 is first in 60 of 100: %d", first[0]);
    ok(first[1] > ROUNDS * 17 / 100 && first[1] < ROUNDS * 23 / 100,
       "weight 20 in 20: %d", first[1]);
    ok(first[3] > 0 && first[3] < ROUNDS * 3 / 100, "weight 0 seldom: %d",
       first[3]);

    struct srv_record none = record("", 0, 0), one = record("a", 0, 0);
    struct srv_record even[] = {record("a", 1, 0), record("b", 1, 0)};
    int swapped = 0;

    ok(srv_declines(&none, 1), "a single '.' declines");
    ok(!srv_declines(&one, 1), "a target does not");
    for (int i = 0; i < 1000; i++) {
        srv_order(even, 2, pick, NULL);
        swapped += even[0].target[0] == 'b';
    }
    ok(swapped > 400 && swapped < 600, "no weights: even, %d", swapped);
    return done_testing();
}
