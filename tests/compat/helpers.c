/* helpers.c - libstrophe's helpers for memory and the log. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include "failmem.h"
#include "tap.h"

static struct {
    int lines;
    xmpp_log_level_t level;
    char text[256];
} heard;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    heard.lines++;
    heard.level = level;
    snprintf(heard.text, sizeof(heard.text), "%s: %s", area, line);
}

static void is_heard(xmpp_log_level_t level, const char *text)
{
    is_int(heard.level, level, "of its level");
    is_str(heard.text, text, "and its text");
}

__attribute__((format(printf, 2, 3))) static void log_it(xmpp_ctx_t *ctx,
                                                         const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    xmpp_log(ctx, XMPP_LEVEL_INFO, "area", fmt, ap);
    va_end(ap);
}

static void logs(xmpp_ctx_t *ctx)
{
    log_it(ctx, "%d", 1);
    is_heard(XMPP_LEVEL_INFO, "area: 1");
    xmpp_error(ctx, "area", "%d", 2);
    is_heard(XMPP_LEVEL_ERROR, "area: 2");
    xmpp_warn(ctx, "area", "%d", 3);
    is_heard(XMPP_LEVEL_WARN, "area: 3");
    xmpp_info(ctx, "area", "%d", 4);
    is_heard(XMPP_LEVEL_INFO, "area: 4");
    xmpp_debug(ctx, "area", "%d", 5);
    is_heard(XMPP_LEVEL_DEBUG, "area: 5");
    heard.lines = 0;
    xmpp_debug_verbose(2, ctx, "area", "%d", 6);
    is_int(heard.lines, 0, "nothing above the verbosity");
    xmpp_ctx_set_verbosity(ctx, 2);
    xmpp_debug_verbose(2, ctx, "area", "%d", 7);
    is_heard(XMPP_LEVEL_DEBUG, "area: 7");
}

static void memory_helpers(xmpp_ctx_t *ctx)
{
    char *a = xmpp_strdup(ctx, "abc"), *b = xmpp_strndup(ctx, "abcdef", 4);
    char *c = xmpp_strndup(ctx, "ab", 100);

    is_str(a, "abc", "a copy");
    is_str(b, "abcd", "a copy of some");
    is_str(c, "ab", "a copy of less");
    a = xmpp_realloc(ctx, a, 100);
    is_str(a, "abc", "grown");
    xmpp_free(ctx, a);
    xmpp_free(ctx, b);
    xmpp_free(ctx, c);
    a = xmpp_alloc(ctx, 10);
    ok(a != NULL, "a block");
    xmpp_free(ctx, a);
    xmpp_free(ctx, NULL);
}

__attribute__((format(printf, 3, 4))) static int
print_it(char *out, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = xmpp_vsnprintf(out, size, fmt, ap);
    va_end(ap);
    return n;
}

static void string_helpers(void)
{
    char words[] = ",a,,b", text[8], *rest = NULL;

    is_str(xmpp_strtok_r(words, ",", &rest), "a", "the first word");
    is_str(xmpp_strtok_r(NULL, ",", &rest), "b", "the second");
    is_str(xmpp_strtok_r(NULL, ",", &rest), NULL, "no third");
    is_int(xmpp_snprintf(text, sizeof(text), "%s %d", "number", 7), 8,
           "the length it would have");
    is_str(text, "number ", "and what there is room for");
    is_int(print_it(text, sizeof(text), "%c", 'x'), 1, "from a list");
    is_str(text, "x", "of arguments");
}

int main(void)
{
    static const xmpp_log_t log = {on_line, NULL};
    struct failmem memory;
    xmpp_ctx_t *ctx;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, &log);
    logs(ctx);
    memory_helpers(ctx);
    string_helpers();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
