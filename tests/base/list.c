/* list.c - lists, and walks that survive any change. */

#include "base/list.h"

#include <xmpp/list.h>

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

/* ---- those of modules -------------------------------------------- */

struct record {
    int n;
    xmpp_list_t link;
};

static const char *in_order(const xmpp_list_t *list)
{
    static char seen[32];
    xmpp_list_t *link = NULL;
    size_t n = 0;

    while ((link = xmpp_list_next(list, link)))
        seen[n++] = (char)('0' + XMPP_LIST_ENTRY(link, struct record, link)->n);
    seen[n] = '\0';
    return seen;
}

static void is_public(void)
{
    struct record r[4] = {{.n = 0}, {.n = 1}, {.n = 2}, {.n = 3}};
    xmpp_list_t list = {NULL, NULL}, other = {NULL, NULL};

    is_str(in_order(&list), "", "zeroed, a list is empty");
    xmpp_list_remove(&r[0].link);
    xmpp_list_append(&list, &r[1].link);
    xmpp_list_append(&list, &r[2].link);
    xmpp_list_prepend(&list, &r[0].link);
    is_str(in_order(&list), "012", "first and last");
    xmpp_list_append(&list, &r[0].link);
    is_str(in_order(&list), "120", "moved to the end");
    xmpp_list_prepend(&list, &r[0].link);
    xmpp_list_prepend(&other, &r[1].link);
    is_str(in_order(&list), "02", "moved to another list");
    is_str(in_order(&other), "1", "which has it");
    xmpp_list_remove(&r[1].link);
    xmpp_list_remove(&r[1].link);
    is_str(in_order(&other), "", "removed twice is removed");
    ok(!xmpp_list_next(&list, &r[2].link), "nothing is behind the last");
    ok(!xmpp_list_next(NULL, NULL), "nor in no list");
    xmpp_list_append(NULL, &r[3].link);
    xmpp_list_prepend(&list, NULL);
    xmpp_list_remove(NULL);
}

int main(void)
{
    is_public();
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
