/* env.c - memory and log as they are handed down. */

#include "base/env.h"

#include <xmpp/error.h>

#include "failmem.h"
#include "tap.h"

struct heard {
    int lines;
    xmpp_log_level_t level;
    char area[32], line[2048];
};

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    struct heard *h = userdata;

    h->lines++;
    h->level = level;
    snprintf(h->area, sizeof(h->area), "%s", area);
    snprintf(h->line, sizeof(h->line), "%s", line);
}

static void test_log(void)
{
    struct failmem memory;
    struct heard h = {0};
    xmpp_log_t log = {on_line, &h};
    struct env env, silent;
    char word[1001];

    failmem_init(&memory);
    env_init(&env, &memory.mem, &log);
    env_init(&silent, &memory.mem, NULL);
    ok(env_wants_log(&env, XMPP_LEVEL_DEBUG) &&
           !env_wants_log(&silent, XMPP_LEVEL_ERROR),
       "who listens");
    env_log(&env, XMPP_LEVEL_WARN, "area", "%d and %s", 1, "two");
    is_str(h.line, "1 and two", "a line");
    is_str(h.area, "area", "of an area");
    is_int(h.level, XMPP_LEVEL_WARN, "of a level");
    memset(word, 'x', 1000);
    word[1000] = '\0';
    env_log(&env, XMPP_LEVEL_INFO, "a", "%s", word);
    is_str(h.line, word, "a long line is whole");
    failmem_arm(&memory, 1, 1);
    env_log(&env, XMPP_LEVEL_INFO, "a", "%s", word);
    is_int(strlen(h.line), 511, "or cut, if memory is out");
    failmem_arm(&memory, 0, 0);
    env_log(&silent, XMPP_LEVEL_INFO, "a", "%s", word);
    is_int(h.lines, 3, "nobody hears the silent one");
    env.least = XMPP_LEVEL_WARN;
    ok(!env_wants_log(&env, XMPP_LEVEL_INFO) &&
           env_wants_log(&env, XMPP_LEVEL_WARN),
       "lines below the least level are not wanted");
    env_log(&env, XMPP_LEVEL_INFO, "a", "%s", word);
    env_log_line(&env, XMPP_LEVEL_DEBUG, "a", word);
    is_int(h.lines, 3, "nor told");
    env_log(&env, XMPP_LEVEL_WARN, "a", "%s", word);
    is_int(h.lines, 4, "others are");
    is_int(memory.held, 0, "nothing is left");
}

static void test_memory(void)
{
    struct failmem memory;
    struct env env;
    char *s = NULL, *z;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    is_int(env_replace(&env, &s, "one"), 0, "a member is set");
    is_int(env_replace(&env, &s, "two"), 0, "and replaced");
    is_str(s, "two", "by a copy");
    failmem_arm(&memory, 1, 1);
    is_int(env_replace(&env, &s, "three"), XMPP_EMEM, "no memory");
    is_str(s, "two", "keeps the old one");
    ok(!env_strdup(&env, "x") && !env_zalloc(&env, 1), "or gives none");
    failmem_arm(&memory, 0, 0);
    ok(!env_strdup(&env, NULL), "a copy of nothing is nothing");
    ok(!env_strndup(&env, "x", SIZE_MAX), "a size that wraps gives none");
    z = env_zalloc(&env, 100);
    ok(z && z[0] == 0 && z[99] == 0, "zeros");
    env_free_secret(&env, env_strdup(&env, "secret"));
    env_free_secret(&env, NULL);
    env_free(&env, z);
    is_int(env_replace(&env, &s, NULL), 0, "a member is emptied");
    env_free(&env, NULL);
    is_int(memory.held, 0, "nothing is left");
}

int main(void)
{
    struct env env;
    void *p;

    test_log();
    test_memory();
    env_init(&env, NULL, NULL);
    p = env_realloc(&env, env_alloc(&env, 0), 10);
    ok(p != NULL, "without an allocator it is the C library's");
    env_free(&env, p);
    return done_testing();
}
