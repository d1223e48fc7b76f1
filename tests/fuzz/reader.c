/* reader.c - fuzz target: any bytes through the reader, in two ways of cutting
 * them, which have to mean the same.
 *
 * The first byte tells how the second way cuts, and whether what is above a
 * limit is skipped. What ends all that can be open
 * is added, for libxml2 notices some errors only when it has a whole token. */

#define _GNU_SOURCE
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "stanza/chars.h"
#include "stanza/reader.h"
#include "stanza/writer.h"

const char fuzz_corpus[] = "reader";

#define INPUT_MOST 65536

static const char tail[] = ";'>\">-->?><a>";

/* Everything that was read, as text. */
struct outcome {
    struct buf text;
    int code;
};

static const struct reader_limits limits = {.depth = 20,
                                            .stanza = 8192,
                                            .tree = 65536,
                                            .gap = 2048,
                                            .attributes = 20,
                                            .names = 64,
                                            .name_bytes = 16384,
                                            .more_names = 64};

/* Of these it does not depend on the cuts whether something is above them. */
static const struct reader_limits skipping = {.depth = 4,
                                              .stanza = 400,
                                              .tree = 16384,
                                              .gap = 2 * INPUT_MOST,
                                              .attributes = 4,
                                              .names = 64,
                                              .name_bytes = 16384,
                                              .more_names = INPUT_MOST,
                                              .skipped = 4096,
                                              .content = NS_CLIENT};

/* Nothing checks a second time what libxml2 let pass. */
static void check_text(const xmpp_stanza_t *root)
{
    for (const xmpp_stanza_t *node = root; node;
         node = node_after(node, root)) {
        MUST(chars_are_text(node->text));
        MUST(node->kind == NODE_TEXT || chars_are_name(node->text));
        MUST(node->text.s[node->text.n] == '\0');
        for (const struct attr *a = node->attrs; a; a = a->next) {
            MUST(chars_are_name(a->name) && chars_are_text(a->value));
            MUST(a->value.s[a->value.n] == '\0');
            MUST(a->id == name_find(a->name));
        }
    }
}

static void fetch(struct reader *reader, struct outcome *outcome)
{
    static const char *const marks[] = {"", "H", "S", "K", "E"};
    xmpp_stanza_t *node;
    enum reader_event event;

    while ((event = reader_next(reader, &node)) != READER_NONE) {
        buf_puts(&outcome->text, str_of(marks[event]));
        MUST((event == READER_END) == !node);
        check_text(node);
        if (node)
            MUST(writer_write(&outcome->text, node, STR("")) == 0);
        xmpp_stanza_release(node);
    }
}

static void read_all(struct env *env, struct outcome *outcome,
                     const struct reader_limits *within, const uint8_t *data,
                     size_t n, size_t piece, bool exact)
{
    struct reader *reader = reader_new(env, within);
    struct fault fault = {0};

    buf_init(&outcome->text, env, SIZE_MAX / 4);
    outcome->code = 0;
    reader_set_exact(reader, exact);
    while (n > 0 && outcome->code == 0) {
        size_t some = piece && piece < n ? piece : n, used = 0;

        outcome->code =
            reader_feed(reader, (const char *)data, some, &used, &fault);
        MUST(used <= some);
        MUST(outcome->code || used > 0);
        MUST(outcome->code == 0 || fault.code == outcome->code);
        fetch(reader, outcome);
        data += used;
        n -= used;
    }
    reader_free(reader);
}

/* With a failure, how far it came may differ: a limit is looked at after each
 * piece, libxml2 misses a "]]>" in text that comes in two, and looks into an
 * open CDATA section only when enough of it is there; and what is skipped is
 * not looked at for attributes that come twice. What was read before it may
 * not. */
static void compare(const struct outcome *a, const struct outcome *b,
                    bool may_differ)
{
    struct str x = buf_view(&a->text), y = buf_view(&b->text);
    size_t n = x.n < y.n ? x.n : y.n;

    MUST(memcmp(x.s, y.s, n) == 0);
    if (a->code == 0 && b->code == 0)
        MUST(x.n == y.n);
    if (!may_differ && a->code != XMPP_ELIMIT && b->code != XMPP_ELIMIT)
        MUST((a->code == 0) == (b->code == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reader_limits *within =
        data && size && data[0] & 128 ? &skipping : &limits;
    struct outcome whole, cut;
    struct env env;
    static uint8_t bytes[INPUT_MOST + sizeof(tail)];
    size_t n = size - 1 + sizeof(tail) - 1;

    if (size < 1 || size > INPUT_MOST)
        return 0;
    memcpy(bytes, data + 1, size - 1);
    memcpy(bytes + size - 1, tail, sizeof(tail) - 1);
    env_init(&env, NULL, NULL);
    read_all(&env, &whole, within, bytes, n, 0, false);
    read_all(&env, &cut, within, bytes, n, 1 + data[0] % 64, data[0] & 64);
    compare(&whole, &cut,
            within == &skipping || memmem(bytes, n, "]]>", 3) ||
                memmem(bytes, n, "<![CDATA[", 9));
    buf_free(&whole.text);
    buf_free(&cut.text);
    arena_drain(&env);
    return 0;
}
