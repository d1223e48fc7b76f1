/* fetch.c - one GET over memory: answers whole and byte by byte, refused, too
 * long, cut anywhere; the next address; no time; no memory. */

#include "net/fetch_testbed.h"

#include <errno.h>

/* ---- answers ----------------------------------------------------- */

static void gets_in(struct str answer, size_t piece, const char *want)
{
    struct getting g;

    getting_init(&g, answer);
    g.piece = piece;
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, 0, "no failure: %s", g.words);
    is_int(g.status, 200, "found");
    ok(g.is_closed, "the connection is over");
    is_str(g.content, want, "its content, in pieces of %zu", piece);
    getting_end(&g, want);
}

static void gets(const char *answer, const char *want)
{
    gets_in(str_of(answer), 100000, want);
    gets_in(str_of(answer), 1, want);
    gets_in(str_of(answer), 7, want);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static void answers(void)
{
    gets(OK "Content-Length: 5\r\n\r\nhello", "hello");
    gets(OK "content-length: 5\r\n\r\nhello, and more", "hello");
    gets(OK "Content-Length: 0\r\n\r\n", "");
    gets(OK "\r\nuntil the end", "until the end");
    gets("HTTP/1.1 103 Early\r\n\r\n" OK "\r\nhi", "hi");
    gets(CHUNKED "5\r\nhello\r\n00C\r\n in 2 chunks\r\n0\r\n\r\n",
         "hello in 2 chunks");
    gets(CHUNKED "2;a=\"b\"\r\nhi\r\n0 ; x\r\nTrailer: x\r\n\r\nrest", "hi");
    gets(OK "Content-Encoding: identity\r\n\r\nhi", "hi");
}

/* In parts: each octet in a turn of its own. */
static void drips(const char *answer, const char *want)
{
    struct getting g;

    getting_init(&g, str_of(answer));
    g.drips = true;
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, 0, "no failure: %s", g.words);
    is_str(g.content, want, "its content, an octet in a turn");
    getting_end(&g, want);
}

static void in_parts(void)
{
    drips(OK "Content-Length: 5\r\n\r\nhello", "hello");
    drips(CHUNKED "5\r\nhello\r\n0\r\n\r\n", "hello");
    drips(OK "\r\nuntil the end", "until the end");
}

static void request(void)
{
    struct getting g;

    getting_init(&g, STR(OK "\r\n"));
    getting_start(&g);
    getting_run(&g);
    is_str(g.asked,
           "GET /a?b HTTP/1.1\r\nHost: example.org\r\nAccept: text/plain\r\n"
           "Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
           "what was asked");
    getting_end(&g, "a request");
}

static void redirects(void)
{
    struct getting g;

    getting_init(&g, STR("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nno"));
    getting_start(&g);
    getting_run(&g);
    is_int(g.status, 302, "elsewhere");
    is_str(g.location, "/x", "namely there");
    is_str(g.content, "", "its content does not matter");
    getting_end(&g, "a redirect");
}

static void location_of(size_t n, size_t want)
{
    static char answer[2 * FETCH_LOCATION_MOST];
    struct getting g;

    snprintf(answer, sizeof(answer),
             "HTTP/1.1 302 Found\r\nLocation: %0*d"
             "\r\n\r\n",
             (int)n, 1);
    getting_init(&g, str_of(answer));
    getting_start(&g);
    getting_run(&g);
    is_int(strlen(g.location), want, "a location of %zu octets", n);
    getting_end(&g, "a long location");
}

/* ---- refused ----------------------------------------------------- */

static void refuses(struct str answer, int code, const char *words)
{
    for (size_t piece = 1; piece < 200000; piece *= 199999) {
        struct getting g;

        getting_init(&g, answer);
        g.piece = answer.n > 10000 ? 100000 : piece;
        getting_start(&g);
        getting_run(&g);
        is_int(g.code, code, "refused: %s", g.words);
        ok(strstr(g.words, words), "  because: %s", words);
        getting_end(&g, words);
    }
}

static void refused(void)
{
    int code = XMPP_EHOSTMETA;

    refuses(STR("SSH-2.0\r\n"), code, "not HTTP");
    refuses(STR("HTTP/1.1 abc\r\n\r\n"), code, "malformed HTTP");
    refuses(STR(OK "Content-Length: x\r\n\r\n"), code, "Content-Length");
    refuses(STR(OK "Content-Length: -1\r\n\r\n"), code, "Content-Length");
    refuses(STR(OK "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"), code,
            "Content-Length");
    refuses(STR(OK "Content-Encoding: gzip\r\n\r\n"), code, "compressed");
    refuses(STR(OK "Transfer-Encoding: gzip, chunked\r\n\r\n"), code,
            "transfer coding");
    refuses(STR(OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            code, "transfer coding");
    refuses(STR(CHUNKED "x\r\n"), code, "malformed");
    refuses(STR(CHUNKED "\r\n"), code, "malformed");
    refuses(STR(CHUNKED "1\na"), code, "malformed");
    refuses(STR(CHUNKED "1\r\nab\r\n"), code, "malformed");
    refuses(STR(CHUNKED "1x\r\na\r\n"), code, "malformed");
    refuses(STR(CHUNKED "1\rx\n"), code, "malformed");
    refuses(STR(CHUNKED "ffffffffffffffff1\r\n"), code, "too long");
    refuses(STR(CHUNKED "5\r\nhel"), code, "in the middle");
    refuses(STR(OK "Content-Length: 6\r\n\r\nhello"), code, "in the middle");
    refuses(STR(OK "Content-Le"), XMPP_EEOF, "no answer");
    refuses(STR(""), XMPP_EEOF, "no answer");
}

/* ---- limits ------------------------------------------------------ */

static struct str text_of(const char *head, size_t n, const char *tail)
{
    static char text[300000];
    int at = snprintf(text, sizeof(text), "%s", head);

    memset(text + at, 'x', n);
    snprintf(text + at + n, sizeof(text) - (size_t)at - n, "%s", tail);
    return str_of(text);
}

static void fits(struct str answer, size_t n, const char *what)
{
    struct getting g;

    getting_init(&g, answer);
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, 0, "%s: %s", what, g.words);
    is_int(g.content_n, n, "  all of it");
    getting_end(&g, what);
}

/* So many chunks of a byte each. */
static struct str chunks_of(size_t n)
{
    static char text[100000];
    size_t at = (size_t)snprintf(text, sizeof(text), "%s", CHUNKED);

    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "1\r\nx\r\n");
    snprintf(text + at, sizeof(text) - at, "0\r\n\r\n");
    return str_of(text);
}

static void limits(void)
{
    size_t most = HTTP_BODY_MOST, line = HTTP_CHUNK_MOST - 1;
    size_t chunks = HTTP_CHUNKS_MOST / 2 - 1; /* two lines each, two at last */

    fits(text_of(OK "\r\n", most, ""), most, "the longest content");
    refuses(text_of(OK "\r\n", most + 1, ""), XMPP_EHOSTMETA, "too long");
    fits(text_of(OK "Content-Length: 65536\r\n\r\n", most, ""), most,
         "the same, counted");
    refuses(STR(OK "Content-Length: 65537\r\n\r\n"), XMPP_EHOSTMETA,
            "too long");
    refuses(STR(OK "Content-Length: 99999999999999999999\r\n\r\n"),
            XMPP_EHOSTMETA, "Content-Length");
    fits(text_of(CHUNKED "10000\r\n", most, "\r\n0\r\n\r\n"), most,
         "the same, in a chunk");
    refuses(STR(CHUNKED "10001\r\n"), XMPP_EHOSTMETA, "too long");
    refuses(text_of(CHUNKED "10000\r\n", most, "\r\n1\r\nx\r\n0\r\n\r\n"),
            XMPP_EHOSTMETA, "too long");
    fits(text_of(CHUNKED "0;", line - 2, "\r\n\r\n"), 0, "a long line");
    refuses(text_of(CHUNKED "0;", line - 1, "\r\n\r\n"), XMPP_EHOSTMETA,
            "malformed");
    fits(chunks_of(chunks), chunks, "many chunks");
    refuses(chunks_of(chunks + 1), XMPP_EHOSTMETA, "malformed");
    location_of(FETCH_LOCATION_MOST, FETCH_LOCATION_MOST);
    location_of(FETCH_LOCATION_MOST + 1, 0);
}

/* A path that leaves no room in the request, which is never cut. */
static void longest_request(void)
{
    const char around[] = "GET  HTTP/1.1\r\nHost: example.org\r\nAccept: "
                          "text/plain\r\nAccept-Encoding: identity\r\n"
                          "Connection: close\r\n\r\n";
    size_t most = 4096 - sizeof(around);
    char path[4096];
    struct getting g;

    memset(path, '/', sizeof(path));
    path[most] = '\0';
    getting_init(&g, STR(OK "\r\nhi"));
    g.path = path;
    ok(getting_start(&g), "the longest request");
    getting_run(&g);
    is_str(g.content, "hi", "is answered");
    getting_end(&g, "the longest request");
    path[most] = '/';
    path[most + 1] = '\0';
    getting_init(&g, STR(OK "\r\nhi"));
    g.path = path;
    ok(!getting_start(&g), "a longer one is not sent");
    getting_end(&g, "a longer request");
}

/* ---- one server after the other ---------------------------------- */

static void meet(struct getting *g, size_t count, size_t accepts,
                 const char *const *answers)
{
    getting_init(g, str_of(answers[0]));
    g->count = count;
    g->accepts = accepts;
    for (size_t i = 0; i < accepts; i++)
        g->answers[i] = str_of(answers[i]);
    getting_start(g);
    getting_run(g);
}

/* What the first one said does not count then. */
static void second_server(void)
{
    static const char *const answers[][2] = {
        {"SSH-2.0\r\n", OK "\r\nhi"},
        {OK "Content-Length: 9\r\nLocation: /x\r\n\r\nhello", OK "\r\nhi"},
        {CHUNKED "5\r\nhelloX", CHUNKED "2\r\nhi\r\n0\r\n\r\n"},
        {"", OK "Content-Length: 2\r\n\r\nhi"},
    };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct getting g;

        meet(&g, 2, 2, answers[i]);
        is_int(g.code, 0, "the second server answers: %s", g.words);
        is_int(g.missed, 1, "the first was reported");
        is_int(g.status, 200, "it is found there");
        is_str(g.content, "hi", "its content");
        is_str(g.location, "", "and nothing of the first");
        getting_end(&g, "the second server");
    }
}

static void stale_location(void)
{
    static char second[FETCH_LOCATION_MOST + 100];
    const char *const answers[] = {
        OK "Content-Length: 9\r\nLocation: /x\r\n\r\nhello", second};
    struct getting g;

    snprintf(second, sizeof(second),
             "HTTP/1.1 302 Found\r\nLocation: %0*d\r\n\r\n",
             FETCH_LOCATION_MOST + 1, 1);
    meet(&g, 2, 2, answers);
    is_int(g.status, 302, "the second server redirects");
    is_str(g.location, "", "too far, and not where the first one would");
    getting_end(&g, "a stale location");
}

/* Whatever it answers. */
static void first_answer(void)
{
    const char *const answers[] = {"HTTP/1.1 404 No\r\n\r\n", OK "\r\nhi"};
    struct getting g;

    meet(&g, 2, 2, answers);
    is_int(g.status, 404, "a server that answers is the last");
    is_int(g.missed, 0, "and is not missed");
    getting_end(&g, "the first answer");
}

static void all_useless(void)
{
    const char *const answers[] = {"SSH-2.0\r\n", OK "\r\n"};
    struct getting g;

    meet(&g, 3, 1, answers);
    is_int(g.layer, XMPP_LAYER_TCP, "the others are not there");
    is_int(g.missed, 3, "all are reported");
    is_int(g.status, 0, "there is no status");
    getting_end(&g, "all useless");
}

/* ---- others ------------------------------------------------------ */

/* The connection breaks in the middle of the answer. */
static void breaks(const char *answer)
{
    struct getting g;

    getting_init(&g, str_of(answer));
    g.broken = ECONNRESET;
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, XMPP_ELOST, "the connection breaks");
    is_int(g.layer, XMPP_LAYER_TCP, "of TCP");
    getting_end(&g, "broken");
}

static void unreached(void)
{
    struct getting g;

    getting_init(&g, STR(""));
    g.accepts = 0;
    getting_start(&g);
    getting_run(&g);
    is_int(g.layer, XMPP_LAYER_TCP, "nobody is there");
    is_int(g.missed, 1, "which is reported");
    getting_end(&g, "unreached");
}

static void silent(void)
{
    struct getting g;

    getting_init(&g, STR(""));
    g.silent = true;
    g.frees = false;
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, XMPP_ETIMEOUT, "no answer in time");
    is_int(g.layer, XMPP_LAYER_HTTP, "of HTTP");
    is_int(poll_now(g.poll), 6000, "after that time");
    ok(g.is_closed, "the connection is over");
    is_int(g.status, 0, "there is no status");
    getting_end(&g, "silent");
}

static void freed_after(int turns)
{
    struct getting g;

    getting_init(&g, STR(CHUNKED "5\r\nhello\r\n0\r\n\r\n"));
    g.piece = 16;
    getting_start(&g);
    for (int i = 0; i < turns && !g.calls; i++)
        getting_turn(&g, 0);
    getting_end(&g, "freed early");
}

static void without_memory(void)
{
    bool ended = false;

    for (unsigned long i = 1; !ended; i++) {
        struct getting g;

        getting_init(&g, STR(CHUNKED "5\r\nhello\r\n0\r\n\r\n"));
        failmem_arm(&g.failmem, i, 0);
        if (getting_start(&g)) {
            getting_run(&g);
            ok(g.code == XMPP_EMEM || strcmp(g.content, "hello") == 0,
               "found, or no memory: %d", g.code);
        }
        ended = !g.failmem.failed;
        failmem_arm(&g.failmem, 0, 0);
        getting_end(&g, "without memory");
    }
}

/* An answer that was there before the request could leave is none. */
static void unasked(void)
{
    struct getting g;

    getting_init(&g, STR(""));
    g.unasked = OK "\r\nhi";
    getting_start(&g);
    getting_run(&g);
    is_int(g.code, XMPP_ELOST, "an answer to nothing");
    getting_end(&g, "unasked");
}

int main(void)
{
    answers();
    in_parts();
    request();
    longest_request();
    second_server();
    stale_location();
    first_answer();
    all_useless();
    breaks("");
    breaks(OK "Content-Le");
    breaks(OK "\r\nhel");
    redirects();
    refused();
    limits();
    unreached();
    unasked();
    silent();
    for (int i = 0; i < 12; i++)
        freed_after(i);
    without_memory();
    return done_testing();
}
