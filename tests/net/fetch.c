/* fetch.c - one GET over memory: answers whole and byte by byte, refused, too
 * long, cut anywhere; the next address; no time; no memory. */

#include "net/fetch.h"

#include "base/arena.h"
#include "failmem.h"
#include "net/memory.h"
#include "tap.h"

#define HOSTS 3
#define TURNS_MOST 4000

/* A server that sends one answer as soon as a request is complete, and then
 * ends; or it is silent. With `accepts` it is reached by so many addresses. */
struct getting {
    struct failmem failmem;
    struct env env, server;
    struct poll *poll;
    struct memory_host host;
    struct memory memories[HOSTS];
    size_t came, accepts;
    struct str answers[HOSTS];
    size_t piece;
    bool silent;
    char asked[1024];

    struct fetch *fetch;
    int calls, missed;
    bool frees;
    int code;
    xmpp_layer_t layer;
    char words[300];
    unsigned status;
    char location[FETCH_LOCATION_MOST + 1];
    size_t content_n;
    char content[128];
};

/* The answer comes once the request has its end. */
static void answer_all(struct getting *g)
{
    for (size_t i = 0; i < g->came; i++) {
        struct memory *m = &g->memories[i];
        struct str asked = buf_view(&m->out);

        if (g->silent || asked.n < 4 ||
            memcmp(asked.s + asked.n - 4, "\r\n\r\n", 4) != 0)
            continue;
        snprintf(g->asked, sizeof(g->asked), "%.*s", STR_ARG(asked));
        memory_take(m, asked.n);
        memory_send(m, g->answers[i]);
        m->ended = true;
        memory_changed(m);
    }
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    struct getting *g = LIST_ENTRY(host, struct getting, host);
    struct memory *m = &g->memories[g->came];

    (void)name;
    (void)port;
    if (g->came == g->accepts)
        return NULL;
    g->came++;
    memory_init(m, &g->server);
    m->piece = g->piece;
    return m;
}

static void on_done(void *userdata, struct fetch *fetch)
{
    struct getting *g = userdata;
    const struct fault *fault = fetch_fault(fetch);

    g->calls++;
    g->code = fault ? fault->code : 0;
    g->layer = fault ? fault->layer : XMPP_LAYER_NONE;
    snprintf(g->words, sizeof(g->words), "%s", fault ? fault->detail : "");
    g->status = fetch_status(fetch);
    snprintf(g->location, sizeof(g->location), "%s", fetch_location(fetch));
    g->content_n = fetch_content(fetch).n;
    snprintf(g->content, sizeof(g->content), "%.*s",
             STR_ARG(fetch_content(fetch)));
    if (g->frees) {
        fetch_free(fetch);
        g->fetch = NULL;
    }
}

static void on_missed(void *userdata, const struct target *target,
                      const struct fault *why)
{
    struct getting *g = userdata;

    (void)target;
    (void)why;
    g->missed++;
}

static void getting_init(struct getting *g, struct str answer)
{
    *g = (struct getting){.accepts = 1, .frees = true};
    failmem_init(&g->failmem);
    env_init(&g->env, &g->failmem.mem, NULL);
    env_init(&g->server, NULL, NULL);
    g->poll = poll_new(&g->env);
    poll_stop_clock(g->poll, 1000);
    g->host.accept = on_accept;
    g->answers[0] = answer;
    g->piece = 100000;
}

/* False when memory was out at once. */
static bool getting_start(struct getting *g)
{
    const struct fetch_wanted wanted = {
        .dial = {.host = "example.org",
                 .port = 443,
                 .most_records = 8,
                 .most_targets = 8,
                 .timeout = 3000,
                 .missed = on_missed,
                 .memory = &g->host},
        .host = "example.org",
        .port = 443,
        .authority = "example.org",
        .path = "/a?b",
        .accept = "text/plain",
        .timeout = 5000,
    };

    g->fetch = fetch_new(&g->env, g->poll, &wanted, on_done, g);
    return g->fetch != NULL;
}

static void getting_run(struct getting *g)
{
    for (int i = 0; g->fetch && !g->calls && i < TURNS_MOST; i++) {
        poll_turn(g->poll, -1);
        answer_all(g);
    }
    is_int(g->calls, 1, "it ends once");
}

static void getting_end(struct getting *g, const char *what)
{
    fetch_free(g->fetch);
    poll_free(g->poll);
    arena_drain(&g->env);
    for (size_t i = 0; i < g->came; i++)
        memory_free(&g->memories[i]);
    is_int(g->failmem.held, 0, "%s: no memory is left", what);
}

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

/* ---- others ------------------------------------------------------ */

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
    getting_end(&g, "silent");
}

static void freed_after(int turns)
{
    struct getting g;

    getting_init(&g, STR(CHUNKED "5\r\nhello\r\n0\r\n\r\n"));
    g.piece = 16;
    getting_start(&g);
    for (int i = 0; i < turns && !g.calls; i++) {
        poll_turn(g.poll, 0);
        answer_all(&g);
    }
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
            ok(g.code == 0 || g.code == XMPP_EMEM, "found, or no memory: %d",
               g.code);
        }
        ended = !g.failmem.failed;
        failmem_arm(&g.failmem, 0, 0);
        getting_end(&g, "without memory");
    }
}

int main(void)
{
    answers();
    request();
    redirects();
    refused();
    limits();
    unreached();
    silent();
    for (int i = 0; i < 12; i++)
        freed_after(i);
    without_memory();
    return done_testing();
}
