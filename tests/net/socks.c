/* socks.c - the stage of SOCKS 5: what it sends, and every answer of a proxy.
 */

#include "net/proxy_talk.h"

#define GREETING SENT("\5\1\0")
#define GREETING_BOTH SENT("\5\2\0\2")
#define TO_EXAMPLE SENT("\5\1\0\3\13example.org\x14\x66")
#define DONE ANSWER("\5\0\0\1\0\0\0\0\0\0")

static const struct proxy_talk talks[] = {
    {GOOD("a name", "socks5://proxy", "example.org"),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, DONE}},
    {GOOD("the same by another name", "SOCKS5H://proxy:9050/", "example.org"),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, DONE}},
    {GOOD("an IPv4 address", "socks5://proxy", "192.0.2.1"),
     {GREETING, ANSWER("\5\0"), SENT("\5\1\0\1\xc0\0\2\1\x14\x66"), DONE}},
    {GOOD("an IPv6 address", "socks5://proxy", "2001:db8::1"),
     {GREETING, ANSWER("\5\0"),
      SENT("\5\1\0\4\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x14\x66"), DONE}},
    {GOOD("bound to a name", "socks5://proxy", "example.org"),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\0\0\3\2ab\1\2")}},
    {GOOD("bound to an empty name", "socks5://proxy", "example.org"),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\0\0\3\0\1\2")}},
    {GOOD("bound to IPv6", "socks5://proxy", "example.org"),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE,
      ANSWER("\5\0\0\4abcdefghijklmnop\1\2")}},
    {GOOD("a password", "socks5://us%65r:p%40%3a@proxy", "example.org"),
     {GREETING_BOTH, ANSWER("\5\2"), SENT("\1\4user\3p@:"), ANSWER("\1\0"),
      TO_EXAMPLE, DONE}},
    {GOOD("a password that is not wanted", "socks5://user:pass@proxy",
          "example.org"),
     {GREETING_BOTH, ANSWER("\5\0"), TO_EXAMPLE, DONE}},
    {GOOD("a user alone", "socks5://user@proxy", "example.org"),
     {GREETING_BOTH, ANSWER("\5\2"), SENT("\1\4user\0"), ANSWER("\1\0"),
      TO_EXAMPLE, DONE}},
    {BAD_USER("a wrong password", "socks5://user:pass@proxy", "SOCKS"),
     {GREETING_BOTH, ANSWER("\5\2"), SENT("\1\4user\4pass"), ANSWER("\1\1")}},
    {BAD_USER("a password is wanted", "socks5://proxy", "wants a user name"),
     {GREETING, ANSWER("\5\xff")}},
    {BAD("neither is wanted", "socks5://user:pass@proxy", "neither", true),
     {GREETING_BOTH, ANSWER("\5\xff")}},
    {BAD("a method that was not offered", "socks5://proxy", "not SOCKS 5",
         true),
     {GREETING, ANSWER("\5\2")}},
    {BAD("a method of GSSAPI", "socks5://u:p@proxy", "not SOCKS 5", true),
     {GREETING_BOTH, ANSWER("\5\1")}},
    {BAD("HTTP instead", "socks5://proxy", "not SOCKS 5", true),
     {GREETING, ANSWER("HTTP/1.1 400 Bad\r\n\r\n")}},
    {BAD("another version of the password", "socks5://u:p@proxy", "not SOCKS 5",
         true),
     {GREETING_BOTH, ANSWER("\5\2"), SENT("\1\1u\1p"), ANSWER("\5\0")}},
    {BAD("another version of the reply", "socks5://proxy", "not SOCKS 5", true),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\4\0")}},
    {BAD("an unknown type of address", "socks5://proxy", "not SOCKS 5", true),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\0\0\2\0")}},
    {BAD("not allowed", "socks5://proxy", "not allowed by its ruleset", true),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\2")}},
    {BAD("no such host", "socks5://proxy", "host is unreachable", false),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\4\0\1\0\0\0\0\0\0")}},
    {BAD("a reason of Tor", "socks5://proxy", "onion service cannot be found",
         false),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\xf0")}},
    {BAD("an unknown reason", "socks5://proxy", "unknown reason", false),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\x77")}},
    {BAD("the end", "socks5://proxy", "without an answer", false),
     {GREETING, ENDS}},
    {BAD("the end in the reply", "socks5://proxy", "without an answer", false),
     {GREETING, ANSWER("\5\0"), TO_EXAMPLE, ANSWER("\5\0\0"), ENDS}},
    {"silence",
     "socks5://proxy",
     "example.org",
     PIPE_AGAIN,
     0,
     NULL,
     false,
     {GREETING, ANSWER("\5")}},
    {"no host",
     "socks5://proxy",
     "",
     PIPE_FAIL,
     XMPP_ENOHOST,
     "no valid name",
     true,
     {{LINE_END, {NULL, 0}}}},
};

/* A proxy that takes nothing is waited for; then it is read from. */
static void waits(void)
{
    static const struct proxy_talk talk = {.url = "socks5://p", .host = "a"};
    struct bench b;
    struct proxy proxy;

    proxy_talk_begin(&b, &talk, &proxy);
    ok(bench_build(&b), "a pipe");
    b.memory.room = 0;
    is_int(pipe_progress(&b.pipe), PIPE_AGAIN, "there is no room");
    is_int(pipe_wants(&b.pipe, 0), 0, "in memory nothing is watched");
    b.memory.room = 100;
    is_int(pipe_progress(&b.pipe), PIPE_AGAIN, "there is");
    ok(bench_sent(&b, STR("\5\1\0")), "and it is sent");
    is_str(b.pipe.unready->row->name, "socks5", "that is who is waited for");
    bench_free(&b, "waiting");
}

int main(void)
{
    proxy_talks_play(talks, sizeof(talks) / sizeof(talks[0]));
    proxy_followed("socks5://proxy",
                   (struct line)ANSWER("\5\0\0\1\0\0\0\0\0\0abc"));
    waits();
    return done_testing();
}
