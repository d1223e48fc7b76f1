/* connect.c - the stage of HTTP CONNECT: what it sends, and every answer of a
 * proxy. */

#include "net/proxy_talk.h"

#define CONNECT                                                                \
    "CONNECT example.org:5222 HTTP/1.1\r\nHost: example.org:5222\r\n"
#define REQUEST SENT(CONNECT "\r\n")

static const struct proxy_talk talks[] = {
    {GOOD("HTTP", "http://proxy:3128", "example.org"),
     {REQUEST, ANSWER("HTTP/1.1 200 Connection established\r\n\r\n")}},
    {GOOD("HTTP without words", "http://proxy", "example.org"),
     {REQUEST, ANSWER("HTTP/1.0 204\r\nContent-Length: 7\r\n\r\n")}},
    {GOOD("interim responses", "http://proxy", "example.org"),
     {REQUEST, ANSWER("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 \r\nA: b\r\n"
                      "\r\nHTTP/1.1 200 OK\r\n\r\n")}},
    {GOOD("HTTP and IPv6", "http://[2001:db8::2]:8080", "2001:db8::1"),
     {SENT("CONNECT [2001:db8::1]:5222 HTTP/1.1\r\n"
           "Host: [2001:db8::1]:5222\r\n\r\n"),
      ANSWER("HTTP/1.1 200 OK\r\n\r\n")}},
    {GOOD("Basic", "http://user:p%3ass@proxy", "example.org"),
     {SENT(CONNECT "Proxy-Authorization: Basic dXNlcjpwOnNz\r\n\r\n"),
      ANSWER("HTTP/1.1 200 OK\r\n\r\n")}},
    {BAD_USER("wrong Basic", "http://user:pass@proxy", "407"),
     {SENT(CONNECT "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"),
      ANSWER("HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
             "\r\n")}},
    {BAD_USER("wrong Basic, said otherwise", "http://user:pass@proxy", "401"),
     {SENT(CONNECT "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n"),
      ANSWER("HTTP/1.1 401 Unauthorized\r\n\r\n")}},
    {BAD("forbidden", "http://proxy", "403 Forbid\\x22den", true),
     {REQUEST, ANSWER("HTTP/1.1 403 Forbid\"den\r\n\r\n<html>")}},
    {BAD("busy", "http://proxy", "429", false),
     {REQUEST, ANSWER("HTTP/1.1 429 Slow down\r\n\r\n")}},
    {BAD("no gateway", "http://proxy", "502 Bad Gateway", false),
     {REQUEST, ANSWER("HTTP/1.1 502 Bad Gateway\r\n\r\n")}},
    {BAD("moved", "http://proxy", "302", true),
     {REQUEST, ANSWER("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")}},
    {BAD("another protocol", "http://proxy", "101", true),
     {REQUEST, ANSWER("HTTP/1.1 101 Switching\r\n\r\n")}},
    {BAD("SOCKS instead", "http://proxy", "not HTTP", true),
     {REQUEST, ANSWER("\5\xff")}},
    {BAD("SSH instead", "http://proxy", "not HTTP", true),
     {REQUEST, ANSWER("SSH-2.0-OpenSSH\r\n")}},
    {BAD("no status", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 2x0 OK\r\n\r\n")}},
    {BAD("a status of four digits", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 2000 OK\r\n\r\n")}},
    {BAD("a status too low", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 099 OK\r\n\r\n")}},
    {BAD("a status too high", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 600 OK\r\n\r\n")}},
    {BAD("a field without a colon", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 200 OK\r\nabc\r\n\r\n")}},
    {BAD("a field that goes on", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 200 OK\r\na: b\r\n c: d\r\n\r\n")}},
    {BAD("a lonely new line", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 200 OK\r\na: b\nc: d\r\n\r\n")}},
    {BAD("a NUL", "http://proxy", "malformed", true),
     {REQUEST, ANSWER("HTTP/1.1 200 O\0K\r\n\r\n")}},
    {BAD("the end of HTTP", "http://proxy", "without an answer", false),
     {REQUEST, ANSWER("HTTP/1.1 200 OK\r\n"), ENDS}},
    {"no host",
     "http://proxy",
     "",
     PIPE_FAIL,
     XMPP_ENOHOST,
     "no valid name",
     true,
     {{LINE_END, {NULL, 0}}}},
};

/* ---- limits ------------------------------------------------------ */

static void has_limits(void)
{
    static const struct proxy_talk talk = {.url = "http://p",
                                           .host = "example.org"};
    struct bench b;
    struct proxy proxy;
    int rc;

    proxy_talk_begin(&b, &talk, &proxy);
    ok(bench_build(&b), "a pipe");
    memory_send(&b.memory, STR("HTTP/1.1 200 OK\r\nA: "));
    for (int i = 0; i < 2000; i++)
        memory_send(&b.memory, STR("0123456789"));
    rc = pipe_progress(&b.pipe);
    is_int(rc, PIPE_FAIL, "a head without an end");
    ok(strstr(b.fault.detail, "too long"), "%s", b.fault.detail);
    ok(b.failmem.most < 40000, "and not much of it is held");
    bench_free(&b, "a long head");

    proxy_talk_begin(&b, &talk, &proxy);
    ok(bench_build(&b), "a pipe");
    for (int i = 0; i < 9; i++)
        memory_send(&b.memory, STR("HTTP/1.1 100 \r\n\r\n"));
    is_int(pipe_progress(&b.pipe), PIPE_FAIL, "interim responses for ever");
    bench_free(&b, "many heads");
}

int main(void)
{
    proxy_talks_play(talks, sizeof(talks) / sizeof(talks[0]));
    proxy_followed("http://proxy",
                   (struct line)ANSWER("HTTP/1.1 200 OK\r\n\r\nabc"));
    has_limits();
    return done_testing();
}
