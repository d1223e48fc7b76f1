/* list.c - lists, and walks that survive any change. */

#include "base/list.h"

#include "tap.h"

struct entry {
    int n;
    struct list link;
};

static struct list all;
static struct entry e[10];

static void refill(void)
{
    list_init(&all);
    for (int i = 0; i < 10; i++) {
        e[i].n = i;
        list_init(&e[i].link);
        if (i < 5)
            list_append(&all, &e[i].link);
    }
}

/* Walk, doing something at entry `at`; the numbers visited as digits. */
static const char *walk(int at, void (*what)(void))
{
    static char seen[32];
    struct list_walk w;
    struct list *node;
    size_t n = 0;

    list_walk_begin(&w, &all);
    while ((node = list_walk_next(&w)) && n < sizeof(seen) - 1) {
        int number = LIST_ENTRY(node, struct entry, link)->n;

        seen[n++] = (char)('0' + number);
        if (number == at && what)
            what();
    }
    list_walk_end(&w);
    seen[n] = '\0';
    return seen;
}

static void remove_all(void)
{
    for (int i = 0; i < 5; i++)
        list_remove(&e[i].link);
}

static void remove_here_and_next(void)
{
    list_remove(&e[1].link);
    list_remove(&e[2].link);
}

static void add(void)
{
    list_append(&all, &e[7].link);
    list_prepend(&all, &e[8].link);
}

static void walk_again(void)
{
    list_remove(&e[3].link);
    walk(-1, NULL);
}

int main(void)
{
    refill();
    is_str(walk(-1, NULL), "01234", "in order");
    is_str(walk(1, remove_here_and_next), "0134", "without what was removed");
    refill();
    is_str(walk(2, remove_all), "012", "none is left");
    ok(list_is_empty(&all), "the markers are gone too");
    refill();
    is_str(walk(0, add), "01234", "what is added meanwhile is not seen");
    is_str(walk(-1, NULL), "8012347", "but the next time");
    refill();
    is_str(walk(1, walk_again), "0124", "a walk inside a walk");
    list_remove(&e[0].link);
    list_remove(&e[0].link);
    ok(!list_is_linked(&e[0].link), "removed twice is removed");
    return done_testing();
}
