/* websocket_in.c - the stage of WebSocket: frames of the peer, control frames,
 * what is not valid. */

#include "net/websocket_testbed.h"

static char *long_text(size_t n)
{
    char *text = malloc(n + 2);

    memset(text, 'x', n);
    text[n] = '\0';
    return text;
}

static void messages(size_t piece)
{
    struct bench b;
    char *text = long_text(70000);

    ws_open(&b);
    b.memory.piece = piece;
    ws_frame(&b, TEXT, STR("hello"));
    ws_frame(&b, TEXT, STR("world"));
    ws_reads(&b, "hello/world/", "messages");
    ws_frame(&b, FIRST, STR("a"));
    ws_frame(&b, MORE, STR("b"));
    ws_frame(&b, PING, STR("now"));
    ws_frame(&b, MORE, STR(""));
    ws_frame(&b, LAST, STR("c"));
    ws_frame(&b, TEXT, STR("d"));
    ws_reads(&b, "abc/d/", "in pieces, with a ping in between");
    is_int(pipe_flush(&b.pipe), 0, "what has to be said");
    b.memory.piece = SIZE_MAX;
    pipe_flush(&b.pipe);
    ws_sent(&b, PONG, STR("now"), "the answer to the ping");
    b.memory.piece = piece;
    ws_frame(&b, TEXT, str_n(text, 200));
    memcpy(text + 200, "/", 2);
    ws_reads(&b, text, "a length of 16 bits");
    memset(text, 'x', 70000);
    ws_frame(&b, TEXT, str_n(text, 70000));
    strcpy(text + 70000, "/");
    ws_reads(&b, text, "a length of 64 bits");
    bench_free(&b, "messages");
    free(text);
}

static void pings(void)
{
    struct bench b;

    ws_open(&b);
    for (int i = 0; i < 1000; i++)
        ws_frame(&b, PING, STR("again"));
    ws_frame(&b, PONG, STR("not requested"));
    ws_frame(&b, PING, STR("last"));
    ws_reads(&b, "", "pings");
    pipe_wants(&b.pipe, 0);
    is_int(pipe_flush(&b.pipe), 0, "are answered");
    ws_sent(&b, PONG, STR("last"), "once");
    ws_sent_nothing(&b, "more");
    bench_free(&b, "pings");
}

static const struct {
    const char *what;
    struct str bytes;
    unsigned code; /* of our end */
    const char *words;
} wrong[] = {
    {"binary", {"\x82\1a", 3}, 1003, "binary"},
    {"a reserved bit", {"\xc1\1a", 3}, 1002, "reserved bit"},
    {"another one", {"\x91\1a", 3}, 1002, "reserved bit"},
    {"masked", {"\x81\x81\0\0\0\0a", 7}, 1002, "masked"},
    {"an unknown kind", {"\x83\1a", 3}, 1002, "unknown kind"},
    {"an unknown control frame", {"\x8b\1a", 3}, 1002, "unknown kind"},
    {"a rest without a begin", {"\x80\1a", 3}, 1002, "without its begin"},
    {"a message inside", {"\1\1a\x81\1b", 6}, 1002, "inside of another"},
    {"a ping in pieces", {"\x09\1a", 3}, 1002, "in pieces"},
    {"a long ping", {"\x89\x7e\0\x7e", 4}, 1002, "too long"},
    {"a length not as short as possible", {"\x81\x7e\0\x7d", 4}, 1002, "short"},
    {"nor this one", {"\x81\x7f\0\0\0\0\0\0\xff\xff", 10}, 1002, "short"},
    {"a negative length",
     {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10},
     1002,
     "short"},
    {"half a code", {"\x88\1a", 3}, 1002, "half a code"},
    {"a code that may not be sent", {"\x88\2\x03\xed", 4}, 1002, "code"},
    {"a code of nobody", {"\x88\2\0\1", 4}, 1002, "code"},
    {"a reason that is not UTF-8", {"\x88\3\x03\xe8\xff", 5}, 1007, "UTF-8"},
    {"what the content refuses", {"\x81\1!", 3}, 1002, "an exclamation"},
};

static void is_wrong(size_t i, size_t piece)
{
    struct bench b;
    char got[100];
    char code[2] = {(char)(wrong[i].code >> 8), (char)wrong[i].code};

    ws_open(&b);
    b.memory.piece = piece;
    memory_send(&b.memory, wrong[i].bytes);
    is_int(ws_read_all(&b, got, sizeof(got)), PIPE_FAIL, "%s", wrong[i].what);
    is_int(b.fault.layer, XMPP_LAYER_WEBSOCKET, "of the WebSocket");
    is_int(b.fault.code, XMPP_EPROTO, "against the protocol");
    ok(strstr(b.fault.detail, wrong[i].words), "%s", b.fault.detail);
    b.memory.piece = SIZE_MAX;
    is_int(pipe_close(&b.pipe), 0, "it is ended");
    ws_sent(&b, CLOSE, str_n(code, 2), "for this reason");
    bench_free(&b, wrong[i].what);
}

int main(void)
{
    messages(SIZE_MAX);
    messages(1);
    messages(7);
    pings();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        is_wrong(i, SIZE_MAX);
        is_wrong(i, 1);
    }
    return done_testing();
}
