/* outbox_memory.c - the memory of an outbox: how much it keeps, where it ends,
 * and what happens when there is none. */

#include <xmpp/error.h>

#include "stream/outbox_testbed.h"

/* In steady state the memory of what was acknowledged is used again. */
static void steady(void)
{
    unsigned long calls = 0;
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    for (int i = 0; i < 5000; i++) {
        outbox_testbed_add(&box, "<message>hello</message>", NULL);
        outbox_testbed_put(&box, "<r/>");
        outbox_sent(&box, outbox_unsent(&box).n);
        if (i >= 100)
            outbox_ack(&box, 1);
        if (i == 1000)
            calls = outbox_testbed_memory.calls;
    }
    is_int((long)(outbox_testbed_memory.calls - calls), 0,
           "nothing is allocated any more");
    is_int(box.unacked, 100, "a hundred are always on the way");
    outbox_ack(&box, 100);
    outbox_rest(&box);
    is_int(outbox_testbed_memory.held, 0, "at rest it holds nothing");
    outbox_free(&box);
    outbox_testbed_end("steady");
}

/* The memory for telling is given back where nobody is left to be told. */
static void at_rest(void)
{
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    box.keeps = true;
    outbox_testbed_add(&box, "<1>", "one");
    outbox_sent(&box, 3);
    outbox_rest(&box);
    failmem_arm(&outbox_testbed_memory, 1, 1);
    outbox_ack(&box, 1);
    outbox_testbed_done_is(&box, "one", 0);
    outbox_rest(&box);
    is_int(outbox_testbed_memory.held, 0, "at rest it holds nothing");
    outbox_free(&box);
    outbox_testbed_end("at rest");
}

/* Nothing behind the queue is touched where its memory is full. */
static void dropped_where_memory_ends(void)
{
    struct outcome outcome;
    struct outbox box;

    outbox_testbed_begin();
    outbox_init(&box, &outbox_testbed_env);
    for (int i = 0; i < 127; i++)
        outbox_testbed_put(&box, "ab");
    outbox_testbed_add(&box, "", NULL);
    outbox_testbed_add(&box, "", NULL);
    outbox_testbed_add(&box, "c", NULL);
    outbox_testbed_add(&box, "d", NULL);
    is_int((long)outbox_size(&box), (long)box.bytes.cap, "all room is taken");
    is_int(outbox_take_back(&box, 3, &outcome), 0, "one goes");
    is_int((long)outbox_size(&box), 255, "and nothing else");
    is_int(outbox_take_back(&box, 9, &outcome), XMPP_EARG, "one is not there");
    outbox_free(&box);
    outbox_init(&box, &outbox_testbed_env);
    is_int(outbox_take_back(&box, 1, &outcome), XMPP_EARG, "nor in none");
    outbox_free(&box);
    outbox_testbed_end("where memory ends");
}

static void never(xmpp_conn_t *conn, int status, const char *text, size_t n,
                  void *userdata)
{
    (void)conn, (void)status, (void)text, (void)n, (void)userdata;
    bail("the outbox calls nobody");
}

/* One that could not be marked leaves nothing behind, and the next can. */
static void marked_without_memory(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct outbox box;

        outbox_testbed_begin();
        outbox_init(&box, &outbox_testbed_env);
        outbox_testbed_put(&box, "<one/>");
        failmem_arm(&outbox_testbed_memory, ++n, 0);
        is_int(outbox_mark(&box, 0,
                           &(struct item){.counts = true, .handler = never}),
               outbox_testbed_memory.failed ? XMPP_EMEM : 0, "one");
        failed = outbox_testbed_memory.failed > 0;
        failmem_arm(&outbox_testbed_memory, 0, 0);
        is_int(outbox_testbed_add(&box, "<two/>", "two"), 0, "the next");
        is_int((long)outbox_count(&box), failed ? 1 : 2, "and no other");
        outbox_free(&box);
        outbox_testbed_end("marked without memory");
    }
    ok(n > 2, "each of %lu allocations failed", n - 1);
}

/* What is late goes as a whole, with its texts, or stays. */
static void late_without_memory(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct outbox box, late;

        outbox_testbed_begin();
        outbox_init(&box, &outbox_testbed_env);
        outbox_init(&late, &outbox_testbed_env);
        for (int i = 0; i < 9; i++)
            outbox_testbed_add_until(&box, "<it is too late for me/>", NULL, 5);
        failmem_arm(&outbox_testbed_memory, ++n, 0);
        is_int(outbox_weed(&box, &(struct outbox_terms){.now = 6}, 1, &late),
               outbox_testbed_memory.failed ? XMPP_EMEM : 0, "late");
        failed = outbox_testbed_memory.failed > 0;
        is_int((long)outbox_count(&box), failed ? 9 : 0, "all or nothing");
        if (!failed)
            is_int((long)outbox_size(&late), 9 * 24, "with the texts");
        outbox_free(&late);
        outbox_free(&box);
        outbox_testbed_end("late without memory");
    }
    ok(n > 2, "each of %lu allocations failed", n - 1);
}

int main(void)
{
    steady();
    at_rest();
    dropped_where_memory_ends();
    marked_without_memory();
    late_without_memory();
    return done_testing();
}
