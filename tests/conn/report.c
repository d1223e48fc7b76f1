/* report.c - what modules write into the log, and why they refuse calls. */

#include "conn/testbed.h"

static struct testbed testbed;

static const xmpp_row_t rows[] = {XMPP_ROWS_END};
static XMPP_MODULE(lamp, "lamp", 0, rows);

/* ---- log --------------------------------------------------------- */

static int lines;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    const char *want = userdata;

    (void)level;
    lines += !strcmp(area, "lamp") && !strcmp(line, want);
}

static void logs(void)
{
    static const xmpp_log_t log = {on_line, (void *)(uintptr_t) "one: 1"};

    testbed_make_log(&testbed, &log);
    xmpp_conn_log(testbed.conn, &lamp, XMPP_LEVEL_INFO, "%s: %d", "one", 1);
    xmpp_conn_log(NULL, &lamp, XMPP_LEVEL_INFO, "%s: %d", "one", 1);
    is_int(lines, 1, "a line has the module's name");
    testbed_free(&testbed, "log");
}

/* ---- refusals ---------------------------------------------------- */

static void refuses(void)
{
    static const xmpp_log_t log = {
        on_line, (void *)(uintptr_t) "refused: \"a\\x0Ab\" is not 1"};
    char long_text[400];
    const char *reason;

    testbed_make_log(&testbed, &log);
    lines = 0;
    is_int(xmpp_conn_fail(testbed.conn, &lamp, XMPP_EARG, "\"%s\" is not %d",
                          "a\nb", 1),
           XMPP_EARG, "a refusal returns its code");
    reason = xmpp_ctx_get_last_error(testbed.ctx);
    is_str(reason, "lamp: \"a\\x0Ab\" is not 1",
           "its sentence names the module, and forges no line");
    is_int(lines, 1, "and is logged");
    is_int(xmpp_conn_fail(NULL, &lamp, XMPP_EFULL, "nobody"), XMPP_EFULL,
           "without a connection there is only the code");
    is_int(xmpp_conn_fail(testbed.conn, &lamp, XMPP_EFULL, NULL), XMPP_EFULL,
           "nor without a sentence");
    is_str(reason, "lamp: \"a\\x0Ab\" is not 1", "the last sentence stays");
    xmpp_conn_fail(testbed.conn, NULL, XMPP_EARG, "of no module");
    is_str(reason, "of no module", "a module is not necessary");
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    xmpp_conn_fail(testbed.conn, &lamp, XMPP_EARG, "\u00fc%s", long_text);
    is_int((long)strlen(reason), 255, "a long one is cut");
    is_int(xmpp_conn_fail_unused(testbed.conn, &lamp), XMPP_EINVOP, "not used");
    ok(strstr(reason, "lamp: the module is not in use") == reason, "%s",
       reason);
    testbed_free(&testbed, "refusals");
}

int main(void)
{
    logs();
    refuses();
    return done_testing();
}
