/* buf.c - the byte queue: order, limits, the failure that sticks. */

#include "base/buf.h"

#include "failmem.h"
#include "tap.h"

static void test_order(struct env *env)
{
    struct buf b;
    char *taken;

    buf_init(&b, env, 1000000);
    is_int(buf_view(&b).n, 0, "empty at first");
    for (int i = 0; i < 1000; i++) {
        char number[16];

        snprintf(number, sizeof(number), "%03d,", i);
        buf_puts(&b, str_of(number));
    }
    is_int(buf_size(&b), 4000, "all is in");
    buf_consume(&b, 4 * 500);
    ok(memcmp(buf_view(&b).s, "500,", 4) == 0, "the front goes first");
    for (int i = 0; i < 500; i++)
        buf_puts(&b, STR("abcd"));
    is_int(buf_size(&b), 4000, "and room is used again");
    buf_cut(&b, 8);
    taken = buf_take(&b);
    is_str(taken, "500,501,", "taken as a string");
    is_int(buf_size(&b), 0, "then it is empty");
    env_free(env, taken);
    buf_free(&b);
}

static void test_limit(struct env *env)
{
    struct buf b;

    buf_init(&b, env, 10);
    buf_puts(&b, STR("12345678"));
    buf_puts(&b, STR("9ab"));
    ok(b.failed, "more than the limit fails");
    is_int(buf_size(&b), 8, "and adds nothing");
    buf_puts(&b, STR("x"));
    is_int(buf_size(&b), 8, "nothing is added afterwards");
    buf_cut(&b, 8);
    buf_puts(&b, STR("xy"));
    ok(!b.failed && buf_size(&b) == 10, "until it is cut back");
    ok(!buf_reserve(&b, SIZE_MAX), "a size that wraps fails");
    buf_clear(&b);
    ok(!b.failed, "clearing forgives");
    buf_trim(&b);
    ok(!b.data, "an empty one gives its memory back");
    buf_wipe(&b);
}

static void test_fit(struct failmem *memory, struct env *env)
{
    struct buf b;

    buf_init(&b, env, 1000);
    buf_fit(&b);
    ok(!b.data, "an empty one needs nothing");
    buf_puts(&b, STR("gone"));
    buf_consume(&b, 2);
    failmem_arm(memory, 1, 1);
    buf_fit(&b);
    ok(b.cap > 2 && !b.failed, "without memory it stays as it is");
    failmem_arm(memory, 0, 0);
    buf_fit(&b);
    ok(b.cap == 2 && str_is(buf_view(&b), "ne"), "else it has no room left");
    buf_putc(&b, 'w');
    ok(str_is(buf_view(&b), "new"), "and can grow again");
    buf_free(&b);
}

static void test_lack(struct failmem *memory, struct env *env)
{
    struct buf b;

    buf_init(&b, env, 1000);
    failmem_arm(memory, 1, 1);
    buf_puts(&b, STR("x"));
    ok(b.failed, "no memory");
    ok(!buf_take(&b), "no string either");
    buf_putc(&b, 'x');
    is_int(buf_size(&b), 0, "nothing is in");
    failmem_arm(memory, 0, 0);
    buf_free(&b);
    is_int(memory->held, 0, "nothing is left");
}

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    test_order(&env);
    test_limit(&env);
    test_fit(&memory, &env);
    test_lack(&memory, &env);
    return done_testing();
}
