/* websocket.c - the stage of WebSocket: the upgrade, what we send, ends, no
 * memory. */

#include "net/websocket_testbed.h"

/* ---- the upgrade ------------------------------------------------- */

static void requests(void)
{
    struct bench b;
    struct str all;

    ws_begin(&b);
    ok(bench_build(&b), "a pipe");
    is_int(pipe_progress(&b.pipe), PIPE_AGAIN, "waits for the answer");
    all = buf_view(&b.memory.out);
    ok(str_starts(all, STR("GET /ws?a=b HTTP/1.1\r\nHost: example.org:8443\r\n"
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Key: ")),
       "the request");
    ok(all.n > 4 && strstr(all.s, "==\r\nSec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Protocol: xmpp\r\n\r\n"),
       "with version and protocol");
    bench_free(&b, "requesting");
}

static const struct {
    const char *what;
    struct websocket_answer answer;
    const char *words; /* NULL: accepted */
    bool is_lasting;
} answers[] = {
    {"as it should be", {.status = NULL}, NULL, false},
    {"other words", {.status = "101", .upgrade = "a, WEBSOCKET"}, NULL, false},
    {"not found", {.status = "404 Not Found"}, "404 Not Found", true},
    {"a page", {.status = "200 OK"}, "200 OK", true},
    {"another place", {.status = "301 Moved"}, "301 Moved", true},
    {"busy", {.status = "503 Busy"}, "503 Busy", false},
    {"too often", {.status = "429 Slowly"}, "429 Slowly", false},
    {"no upgrade", {.upgrade = ""}, "something other", true},
    {"another upgrade", {.upgrade = "h2c"}, "something other", true},
    {"no connection", {.connection = ""}, "something other", true},
    {"another connection", {.connection = "close"}, "something other", true},
    {"no proof", {.accept = ""}, "Sec-WebSocket-Accept", true},
    {"a wrong proof",
     {.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
     "Sec-WebSocket-Accept",
     true},
    {"two proofs",
     {.more = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
     "Sec-WebSocket-Accept",
     true},
    {"no protocol", {.protocol = ""}, "subprotocol", true},
    {"another protocol", {.protocol = "chat"}, "subprotocol", true},
    {"two protocols", {.protocol = "xmpp, chat"}, "subprotocol", true},
    {"an extension",
     {.more = "Sec-WebSocket-Extensions: permessage-deflate"},
     "extension",
     true},
    {"an empty list of them",
     {.more = "Sec-WebSocket-Extensions: "},
     NULL,
     false},
};

static void upgrades(size_t i, size_t piece)
{
    struct bench b;
    int rc;

    ws_begin(&b);
    ok(bench_build(&b), "a pipe");
    pipe_progress(&b.pipe);
    ws_answer(&b, &answers[i].answer);
    b.memory.piece = piece;
    rc = pipe_progress(&b.pipe);
    is_int(rc, answers[i].words ? PIPE_FAIL : 0, "%s", answers[i].what);
    if (answers[i].words) {
        is_int(b.fault.layer, XMPP_LAYER_WEBSOCKET, "of the WebSocket");
        is_int(b.fault.code, XMPP_EWEBSOCKET, "which is not there");
        is_int(b.fault.is_lasting, answers[i].is_lasting, "for ever or not");
        ok(strstr(b.fault.detail, answers[i].words), "%s", b.fault.detail);
    }
    bench_free(&b, answers[i].what);
}

static void no_answer(void)
{
    struct bench b;

    ws_begin(&b);
    ok(bench_build(&b), "a pipe");
    b.memory.ended = true;
    is_int(pipe_progress(&b.pipe), PIPE_FAIL, "no answer");
    ok(!b.fault.is_lasting, "may come another time");
    bench_free(&b, "no answer");
}

/* Frames and the answer to the upgrade in one piece. */
static void at_once(void)
{
    struct bench b;
    char got[100];

    ws_begin(&b);
    ok(bench_build(&b), "a pipe");
    pipe_progress(&b.pipe);
    ws_answer(&b, &ws_right);
    ws_frame(&b, TEXT, STR("early"));
    is_int(pipe_progress(&b.pipe), 0, "it is up");
    ok(pipe_pending(&b.pipe), "and has something");
    is_int(pipe_read(&b.pipe, got, 2), 2, "a part of it");
    ok(pipe_pending(&b.pipe), "there is more");
    ws_reads(&b, "rly/", "the rest");
    ok(!pipe_pending(&b.pipe), "no more");
    bench_free(&b, "at once");
}

/* ---- out --------------------------------------------------------- */

static char *long_text(size_t n)
{
    char *text = malloc(n + 2);

    memset(text, 'x', n);
    text[n] = '\0';
    return text;
}

static void writes(size_t piece)
{
    struct bench b;
    char *text = long_text(40000);
    size_t n = 0;

    ws_open(&b);
    is_int(pipe_write(&b.pipe, "one|two|th", 10), 10, "two and a half");
    ws_sent(&b, TEXT, STR("one"), "the first");
    ws_sent(&b, TEXT, STR("two"), "the second");
    ws_sent_nothing(&b, "half a message");
    is_int(pipe_write(&b.pipe, "ree|||", 6), 6, "the rest, and nothing");
    ws_sent(&b, TEXT, STR("three"), "the third");
    ws_sent_nothing(&b, "no message");
    b.memory.piece = piece;
    text[39999] = '|';
    while (n < 40000) {
        ssize_t took = pipe_write(&b.pipe, text + n, 40000 - n);

        if (took == PIPE_AGAIN)
            continue;
        if (took <= 0)
            break;
        n += (size_t)took;
    }
    while (pipe_flush(&b.pipe) == PIPE_AGAIN)
        ;
    is_int(n, 40000, "a long one");
    ws_sent(&b, FIRST, str_n(text, 16384), "leaves in pieces");
    ws_sent(&b, MORE, str_n(text, 16384), "of one message");
    ws_sent(&b, LAST, str_n(text, 39999 - 2 * 16384), "to its end");
    ws_sent_nothing(&b, "more");
    bench_free(&b, "writing");
    free(text);
}

/* Spaces alone are a sign of life. */
static void pings(void)
{
    struct bench b;

    ws_open(&b);
    is_int(pipe_write(&b.pipe, "  ", 2), 2, "spaces are taken");
    ws_sent(&b, PING, STR(""), "a ping in their place");
    is_int(pipe_write(&b.pipe, " a|", 3), 3, "spaces and more");
    ws_sent(&b, TEXT, STR("a"), "only the rest");
    is_int(pipe_write(&b.pipe, "", 0), 0, "nothing");
    ws_sent_nothing(&b, "is nothing");
    bench_free(&b, "spaces");
}

/* While the peer takes nothing, nothing more is taken of those above. */
static void waits(void)
{
    struct bench b;

    ws_open(&b);
    b.memory.room = 3;
    is_int(pipe_write(&b.pipe, "one|", 4), 4, "it is taken");
    is_int(pipe_write(&b.pipe, "two|", 4), PIPE_AGAIN, "no more");
    is_int(pipe_flush(&b.pipe), PIPE_AGAIN, "it waits");
    ws_frame(&b, PING, STR("p"));
    ws_reads(&b, "", "a ping");
    b.memory.room = 1000;
    is_int(pipe_write(&b.pipe, "two|", 4), 4, "there is room");
    ws_sent(&b, TEXT, STR("one"), "what waited");
    ws_sent(&b, PONG, STR("p"), "the answer");
    ws_sent(&b, TEXT, STR("two"), "and what came behind");
    bench_free(&b, "waiting");
}

static void masks(void)
{
    struct bench b;
    char first[7], second[7];

    ws_open(&b);
    pipe_write(&b.pipe, "x|", 2);
    memcpy(first, buf_view(&b.memory.out).s, 7);
    memory_take(&b.memory, 7);
    pipe_write(&b.pipe, "x|", 2);
    memcpy(second, buf_view(&b.memory.out).s, 7);
    ok(memcmp(first, second, 7) != 0, "no mask is used twice");
    bench_free(&b, "masks");
}

/* ---- ends -------------------------------------------------------- */

static void ends(struct str payload, ssize_t want, const char *words,
                 const char *what)
{
    struct bench b;
    char got[100];

    ws_open(&b);
    ws_frame(&b, TEXT, STR("bye"));
    ws_frame(&b, CLOSE, payload);
    ws_frame(&b, TEXT, STR("more"));
    is_int(ws_read_all(&b, got, sizeof(got)), want, "%s", what);
    is_str(got, "bye/", "behind what came before, and nothing behind it");
    if (words) {
        is_int(b.fault.code, XMPP_EEOF, "it ended");
        ok(strstr(b.fault.detail, words), "%s", b.fault.detail);
    }
    ok(!fault_is_set(&b.fault) == !words, "that is a failure or not");
    is_int(pipe_close(&b.pipe), 0, "we end it, too");
    ws_sent(&b, CLOSE, payload.n ? str_n(payload.s, 2) : STR("\x03\xe8"),
            "with its code");
    is_int(pipe_close(&b.pipe), 0, "once");
    ws_sent_nothing(&b, "twice");
    bench_free(&b, what);
}

static void ends_here(void)
{
    struct bench b;

    ws_open(&b);
    pipe_write(&b.pipe, "bye|", 4);
    ws_sent(&b, TEXT, STR("bye"), "the last words");
    b.memory.room = 0;
    is_int(pipe_close(&b.pipe), PIPE_AGAIN, "no room for the end");
    b.memory.room = 100;
    is_int(pipe_close(&b.pipe), 0, "there is");
    ws_sent(&b, CLOSE, STR("\x03\xe8"), "a normal end");
    bench_free(&b, "our end");
    ws_open(&b);
    b.memory.ended = true;
    {
        char got[10];

        is_int(ws_read_all(&b, got, sizeof(got)), PIPE_EOF, "TCP ends alone");
    }
    bench_free(&b, "an end without words");
}

/* ---- memory ------------------------------------------------------ */

static bool starves(unsigned long n)
{
    struct bench b;
    char got[100];
    bool failed, good = true;

    ws_begin(&b);
    failmem_arm(&b.failmem, n, 0);
    good = bench_build(&b) && pipe_progress(&b.pipe) == PIPE_AGAIN;
    if (good) {
        ws_answer(&b, &ws_right);
        good = pipe_progress(&b.pipe) == 0;
    }
    if (good) {
        ws_frame(&b, TEXT, STR("hello"));
        ws_frame(&b, PING, STR("hello"));
        good = ws_read_all(&b, got, sizeof(got)) == PIPE_AGAIN &&
               pipe_write(&b.pipe, "one|two", 7) == 7 &&
               pipe_flush(&b.pipe) == 0 && pipe_close(&b.pipe) == 0;
    }
    failed = b.failmem.failed != 0;
    ok(good != failed, "allocation %lu", n);
    if (failed)
        is_int(b.fault.code, XMPP_EMEM, "is reported");
    bench_free(&b, "without memory");
    return failed;
}

int main(void)
{
    unsigned long n = 0;

    requests();
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        upgrades(i, SIZE_MAX);
        upgrades(i, 1);
    }
    no_answer();
    at_once();
    writes(SIZE_MAX);
    writes(100);
    pings();
    waits();
    masks();
    ends(STR(""), PIPE_EOF, NULL, "no code");
    ends(STR("\x03\xe8"), PIPE_EOF, NULL, "a normal end");
    ends(STR("\x03\xe9going"), PIPE_EOF, NULL, "going away");
    ends(STR("\x03\xf0no\nway"), PIPE_FAIL, "code 1008: no\\x0Away", "policy");
    ends(STR("\x0f\xa0"), PIPE_FAIL, "code 4000", "a code of its own");
    ends_here();
    while (starves(++n))
        ;
    return done_testing();
}
