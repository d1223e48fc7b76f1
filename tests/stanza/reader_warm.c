/* reader_warm.c - many readers share a few parsers. */

#include "base/arena.h"
#include "failmem.h"
#include "stanza/reader_inside.h"
#include "tap.h"

#include <xmpp/stanza.h>

#define MANY (3 * ENV_WARM)
#define HEAD                                                                   \
    "<stream:stream xmlns='jabber:client' "                                    \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"

static const struct reader_limits limits = {
    .depth = 8,
    .stanza = 4000,
    .tree = 65536,
    .gap = 3000,
    .attributes = 20,
    .names = 300,
    .name_bytes = 65536,
    .more_names = 65536,
};

static struct reader *readers[MANY];

/* The name of the next event's element; NULL: there is no event, or reading
 * failed. */
static const char *next_of(struct reader *r, const char *bytes)
{
    static char name[32];
    struct fault fault = {0};
    xmpp_stanza_t *node;
    size_t used;

    if (reader_feed(r, bytes, strlen(bytes), &used, &fault))
        return NULL;
    if (reader_next(r, &node) == READER_NONE)
        return NULL;
    snprintf(name, sizeof(name), "%s", xmpp_stanza_get_name(node));
    xmpp_stanza_release(node);
    return name;
}

static int parsers(void)
{
    int n = 0;

    for (size_t i = 0; i < MANY; i++)
        n += readers[i] && readers[i]->self.parser != NULL;
    return n;
}

static int all_read(const char *bytes, const char *want)
{
    int good = 0;

    for (size_t i = 0; i < MANY; i++) {
        const char *name = next_of(readers[i], bytes);

        good += name && strcmp(name, want) == 0;
    }
    return good;
}

/* As a string does that is parsed. */
static void come_and_go(struct env *env)
{
    for (size_t i = 0; i < MANY; i++)
        readers[i] = i + 1 < ENV_WARM ? reader_new(env, &limits) : NULL;
    for (size_t i = 0; i + 1 < ENV_WARM; i++)
        next_of(readers[i], HEAD);
    for (int i = 0; i < MANY; i++) {
        struct reader *r = reader_new(env, &limits);

        next_of(r, HEAD);
        reader_free(r);
    }
    is_int(parsers(), ENV_WARM - 1, "one that goes takes no parser away");
    for (size_t i = 0; i < MANY; i++)
        reader_free(readers[i]);
}

/* One more than there are places for: some of them still find their parser. */
static void in_turns(struct env *env)
{
    int kept = 0;

    for (size_t i = 0; i < MANY; i++)
        readers[i] = i <= ENV_WARM ? reader_new(env, &limits) : NULL;
    for (size_t i = 0; i <= ENV_WARM; i++)
        next_of(readers[i], HEAD);
    for (size_t i = 0; i < 1000; i++) {
        struct reader *r = readers[i % (ENV_WARM + 1)];

        kept += r->self.parser != NULL;
        next_of(r, "<presence/>");
    }
    ok(kept > 500, "in turns, %d of 1000 stanzas find their parser", kept);
    for (size_t i = 0; i < MANY; i++)
        reader_free(readers[i]);
}

/* A stanza that is skipped takes the parser with it; the reader rests all the
 * same, and goes on. */
static void behind_skipped(struct env *env)
{
    struct reader_limits skips = limits;
    struct reader *r;

    skips.skipped = 10000;
    skips.content = NS_CLIENT;
    skips.depth = 3;
    r = reader_new(env, &skips);
    next_of(r, HEAD);
    is_str(next_of(r, "<message><a><b><c/></b></a></message>"), "message",
           "what is too deep is skipped");
    ok(!r->self.parser && r->work, "and its parser is gone");
    reader_rest(r);
    ok(!r->work, "a reader that rests has nothing to work with");
    is_str(next_of(r, "<presence/>"), "presence", "it goes on");
    reader_free(r);
}

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    for (size_t i = 0; i < MANY; i++)
        readers[i] = reader_new(&env, &limits);
    is_int(all_read(HEAD, "stream"), MANY, "each reads its start tag");
    is_int(parsers(), ENV_WARM, "few have a parser afterwards");
    ok(!next_of(readers[0], "<message><bo"), "one is inside a stanza");
    for (size_t i = 1; i < MANY; i++)
        next_of(readers[i], "<presence/>");
    ok(readers[0]->self.parser, "its parser is not given up");
    is_str(next_of(readers[0], "dy/></message>"), "message", "it goes on");
    for (int i = 0; i < 3; i++)
        is_int(all_read("<iq><q xmlns='urn:x'/></iq>", "iq"), MANY,
               "all read a stanza");
    for (size_t i = 0; i < MANY; i += 2) {
        reader_free(readers[i]);
        readers[i] = reader_new(&env, &limits);
    }
    for (size_t i = 0; i < MANY; i += 2)
        next_of(readers[i], HEAD);
    is_int(all_read("<message/>", "message"), MANY, "old and new ones read");
    for (size_t i = 0; i < MANY; i++)
        reader_free(readers[i]);
    come_and_go(&env);
    in_turns(&env);
    behind_skipped(&env);
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
