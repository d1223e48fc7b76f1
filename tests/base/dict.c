/* dict.c - records by a key: found, in order, bounded, without memory. */

#include <xmpp/dict.h>

#include <stdint.h>

#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"

#define MANY 20000

struct item {
    int number;
    char *held;
};

static int ends;

static void item_done(xmpp_ctx_t *ctx, void *record)
{
    struct item *item = record;

    ends++;
    xmpp_free(ctx, item->held);
}

static struct item *put(xmpp_dict_t *dict, const char *key)
{
    return xmpp_dict_put(dict, key, (size_t)-1);
}

static struct item *find(const xmpp_dict_t *dict, const char *key)
{
    return xmpp_dict_find(dict, key, (size_t)-1);
}

/* The keys in order, separated by spaces. */
static const char *order(const xmpp_dict_t *dict)
{
    static char text[200];
    void *item = NULL;

    text[0] = '\0';
    while ((item = xmpp_dict_next(dict, item))) {
        strcat(text, text[0] ? " " : "");
        strcat(text, xmpp_dict_key(item, NULL));
    }
    return text;
}

static void test_records(xmpp_ctx_t *ctx)
{
    xmpp_dict_t *dict = xmpp_dict_new(ctx, sizeof(struct item), 0, item_done);
    struct item *a = put(dict, "a"), *b;
    size_t n = 0;

    ok(a && a->number == 0 && !a->held, "a record is made of zeros");
    ok((uintptr_t)a % _Alignof(max_align_t) == 0, "aligned for anything");
    a->number = 7;
    a->held = xmpp_copy_text(ctx, "held");
    ok(put(dict, "a") == a && a->number == 7, "it is made once");
    ok(find(dict, "a") == a, "and found");
    ok(!find(dict, "b"), "another is not");
    b = xmpp_dict_put(dict, "b\0c", 3);
    ok(b && b != a, "a key may have any octets");
    ok(xmpp_dict_find(dict, "b\0c", 3) == b && !find(dict, "b"), "all count");
    ok(!memcmp(xmpp_dict_key(b, &n), "b\0c", 4) && n == 3, "as it is returned");
    ok(put(dict, "") && find(dict, ""), "it may be empty");
    is_int(xmpp_dict_count(dict), 3, "three");
    ends = 0;
    xmpp_dict_drop(dict, a);
    is_int(ends, 1, "one that is dropped is ended");
    ok(!find(dict, "a"), "and gone");
    xmpp_dict_clear(dict);
    is_int(ends, 3, "and so are all");
    is_int(xmpp_dict_count(dict), 0, "none is left");
    ok(put(dict, "a") != NULL, "it can be used again");
    xmpp_dict_free(dict);
    is_int(ends, 4, "its end is theirs");
}

static void test_order(xmpp_ctx_t *ctx)
{
    xmpp_dict_t *dict = xmpp_dict_new(ctx, 0, 3, NULL);
    void *item, *next;

    is_str(order(dict), "", "at first there is no order");
    put(dict, "x");
    put(dict, "y");
    put(dict, "z");
    is_str(order(dict), "x y z", "the order is that of making");
    ok(!put(dict, "full"), "there is no room for a fourth");
    ok(put(dict, "y") != NULL, "one that is there needs none");
    xmpp_dict_touch(dict, find(dict, "x"));
    is_str(order(dict), "y z x", "one that is touched is the last");
    xmpp_dict_drop(dict, xmpp_dict_next(dict, NULL));
    put(dict, "w");
    is_str(order(dict), "z x w", "the first makes room");
    xmpp_dict_set_most(dict, 1);
    ok(!put(dict, "y") && xmpp_dict_count(dict) == 3, "a smaller limit");
    for (item = xmpp_dict_next(dict, NULL); item; item = next) {
        next = xmpp_dict_next(dict, item);
        if (item != find(dict, "x"))
            xmpp_dict_drop(dict, item);
    }
    is_str(order(dict), "x", "some are dropped on the way");
    xmpp_dict_free(dict);
}

static void test_many(xmpp_ctx_t *ctx)
{
    xmpp_dict_t *dict = xmpp_dict_new(ctx, sizeof(int), 0, NULL);
    int found = 0, left = 0;
    char key[32];

    for (int i = 0; i < MANY; i++) {
        snprintf(key, sizeof(key), "%d@example.org", i);
        *(int *)xmpp_dict_put(dict, key, strlen(key)) = i;
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(key, sizeof(key), "%d@example.org", i);
        found += *(int *)xmpp_dict_find(dict, key, strlen(key)) == i;
    }
    is_int(found, MANY, "many are found");
    for (int i = 0; i < MANY; i += 2) {
        snprintf(key, sizeof(key), "%d@example.org", i);
        xmpp_dict_drop(dict, xmpp_dict_find(dict, key, strlen(key)));
    }
    for (int *at = NULL; (at = xmpp_dict_next(dict, at));)
        left += *at % 2;
    is_int(left, MANY / 2, "the other half is left");
    xmpp_dict_free(dict);
}

static void test_jid(xmpp_ctx_t *ctx)
{
    xmpp_dict_t *dict = xmpp_dict_new(ctx, 1, 0, NULL);
    xmpp_jid_t *jid =
        xmpp_jid_from_string(ctx, "Romeo@example.org/Orchard", NULL);
    xmpp_jid_t *domain = xmpp_jid_from_string(ctx, "example.org", NULL);
    void *bare = xmpp_dict_put_jid(dict, jid, XMPP_JID_BARE);

    ok(bare && find(dict, "romeo@example.org") == bare, "the bare address");
    ok(xmpp_dict_find_jid(dict, jid, XMPP_JID_BARE) == bare, "is found");
    ok(!xmpp_dict_find_jid(dict, jid, XMPP_JID_FULL),
       "the full one is another");
    ok(xmpp_dict_put_jid(dict, jid, XMPP_JID_FULL) &&
           find(dict, "romeo@example.org/Orchard"),
       "it can be made");
    ok(!xmpp_dict_put_jid(dict, domain, XMPP_JID_RESOURCE),
       "an absent part is not a key");
    xmpp_dict_free(dict);
    xmpp_free(ctx, jid);
    xmpp_free(ctx, domain);
}

static void test_memory(void)
{
    struct failmem memory;
    xmpp_ctx_t *ctx;
    xmpp_dict_t *dict;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    failmem_arm(&memory, 1, 0);
    ok(!xmpp_dict_new(ctx, 8, 0, NULL), "no memory for a dict");
    dict = xmpp_dict_new(ctx, 8, 0, NULL);
    failmem_arm(&memory, 1, 0);
    ok(!put(dict, "a"), "no memory for a record");
    is_int(xmpp_dict_count(dict), 0, "then there is none");
    for (int i = 0; i < 50; i++) {
        char key[16];

        snprintf(key, sizeof(key), "%d", i);
        failmem_arm(&memory, 2, 0); /* the table cannot grow */
        ok(put(dict, key) && find(dict, key), "slower, but there");
    }
    xmpp_ctx_free(ctx);
    ok(find(dict, "7") != NULL, "a dict keeps its context");
    xmpp_dict_free(dict);
    is_int(memory.held, 0, "and all of it goes with the dict");
}

static void test_nothing(xmpp_ctx_t *ctx)
{
    xmpp_dict_t *dict = xmpp_dict_new(ctx, SIZE_MAX, 0, NULL);
    size_t n = 7;

    ok(dict && !put(dict, "a"), "a record too large");
    ok(!xmpp_dict_put(dict, NULL, 0) && !xmpp_dict_find(dict, NULL, 0),
       "a key is needed");
    xmpp_dict_drop(dict, NULL);
    xmpp_dict_touch(dict, NULL);
    xmpp_dict_free(dict);
    ok(!xmpp_dict_new(NULL, 1, 0, NULL), "and so is a context");
    ok(!put(NULL, "a") && !find(NULL, "a"), "and a dict");
    ok(!xmpp_dict_key(NULL, &n) && n == 0, "and a record");
    xmpp_dict_free(NULL);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

    test_records(ctx);
    test_order(ctx);
    test_many(ctx);
    test_jid(ctx);
    test_memory();
    test_nothing(ctx);
    xmpp_ctx_free(ctx);
    return done_testing();
}
