/* diary.c - for tests of modules: a connection to a server that is played by
 * hand, and one line of words about what happened. */

#include "conn/diary.h"

#define TURNS 20 /* after which nothing happens any more */

static struct {
    char text[4096];
    size_t n;
} diary;

void diary_add(const char *format, ...)
{
    va_list ap;

    if (diary.n && diary.n + 1 < sizeof(diary.text))
        diary.text[diary.n++] = ' ';
    va_start(ap, format);
    diary.n += (size_t)vsnprintf(diary.text + diary.n,
                                 sizeof(diary.text) - diary.n, format, ap);
    va_end(ap);
    if (diary.n >= sizeof(diary.text))
        bail("a diary without an end");
}

void diary_forget(void)
{
    diary.n = 0;
    diary.text[0] = '\0';
}

void diary_is(const char *want, const char *what)
{
    is_str(diary.text, want, "%s", what);
    diary_forget();
}

void diary_begin(struct testbed *testbed)
{
    testbed_make_virtual(testbed);
    testbed_serve(testbed, NULL);
    diary_forget();
}

static void turn(struct testbed *testbed)
{
    for (int i = 0; i < TURNS && testbed->ctx; i++)
        xmpp_ctx_process(testbed->ctx);
}

void diary_obey(struct testbed *testbed, const char *const *lines)
{
    turn(testbed); /* until the client has come */
    for (; *lines; lines++)
        if (!memory_server_obey(testbed->server, *lines))
            ok(false, "the server is stuck at: %s", *lines);
    turn(testbed);
}

void diary_login(struct testbed *testbed)
{
    static const char *const login[] = {PEER_LOGIN, NULL};

    testbed_connect_again(testbed);
    diary_obey(testbed, login);
}

void diary_hear(struct testbed *testbed, const char *text)
{
    memory_server_send(testbed->server, str_of(text));
    turn(testbed);
}

void diary_said(struct testbed *testbed, const char *want, const char *what)
{
    struct str sent = memory_server_sent(testbed->server);

    if (!ok(str_is(sent, want), "%s", what))
        printf("#  got  %.*s\n#  want %s\n", STR_ARG(sent), want);
    memory_server_take(testbed->server, sent.n);
}

void diary_said_part(struct testbed *testbed, const char *want,
                     const char *what)
{
    struct str sent = memory_server_sent(testbed->server);
    char *text = strndup(sent.s ? sent.s : "", sent.n);

    if (!ok(text && strstr(text, want), "%s", what))
        printf("#  got  %s\n#  want %s\n", text ? text : "", want);
    free(text);
    memory_server_take(testbed->server, sent.n);
}

void diary_cut(struct testbed *testbed)
{
    memory_server_obey(testbed->server, "hangup");
    turn(testbed);
}

const char *diary_event(xmpp_lifecycle_t event)
{
    static const char *const names[] = {
        [XMPP_ATTACHED] = "attached",       [XMPP_SESSION_STARTED] = "started",
        [XMPP_SESSION_RESUMED] = "resumed", [XMPP_CONNECTION_LOST] = "lost",
        [XMPP_SESSION_ENDED] = "ended",     [XMPP_MODULES_CHANGED] = "changed",
        [XMPP_DETACHED] = "detached"};

    return names[event];
}
