/* proxy_talk.c - dialogues with proxies. */

#include "net/proxy_talk.h"

void proxy_talk_begin(struct bench *b, const struct proxy_talk *talk,
                      struct proxy *proxy)
{
    const char *why = NULL;

    bench_init(b);
    if (way_read_proxy(str_of(talk->url), proxy, &why))
        bail(why);
    snprintf(b->target.host, sizeof(b->target.host), "%s", talk->host);
    b->target.port = 5222;
    b->target.proxy = proxy;
}

static void fails_so(const struct bench *b, const struct proxy_talk *talk)
{
    is_int(b->fault.code, talk->code, "%s: the code", talk->what);
    if (!talk->code)
        return;
    is_int(b->fault.layer, XMPP_LAYER_PROXY, "of the proxy");
    ok(strstr(b->fault.detail, talk->words), "%s", b->fault.detail);
    is_int(b->fault.is_lasting, talk->is_lasting, "for ever or not");
}

/* What the proxy sent beyond its answer is for those above. */
static void passes(struct bench *b)
{
    char got[16];
    ssize_t n = 0, all = 0;

    memory_send(&b->memory, STR("hello"));
    while ((n = pipe_read(&b->pipe, got + all, sizeof(got) - (size_t)all)) > 0)
        all += n;
    is_mem(got, all, "hello", 5, "bytes pass upwards");
    ok(!pipe_pending(&b->pipe) && pipe_flush(&b->pipe) == 0, "none is inside");
    b->memory.piece = SIZE_MAX;
    is_int(pipe_write(&b->pipe, "abc", 3), 3, "and downwards");
    ok(bench_sent(b, STR("abc")), "as they are");
    is_int(pipe_close(&b->pipe), 0, "and the end");
}

static void plays(const struct proxy_talk *talk, size_t piece)
{
    struct bench b;
    struct proxy proxy;
    int rc = PIPE_FAIL;

    proxy_talk_begin(&b, talk, &proxy);
    if (bench_build(&b))
        rc = bench_play(&b, talk->lines, piece);
    is_int(rc, talk->result, "%s, in pieces of %zu", talk->what, piece);
    fails_so(&b, talk);
    if (rc == 0)
        passes(&b);
    bench_free(&b, talk->what);
}

/* Every allocation fails once. */
static void starves(const struct proxy_talk *talk)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct bench b;
        struct proxy proxy;
        int rc = PIPE_FAIL;

        proxy_talk_begin(&b, talk, &proxy);
        failmem_arm(&b.failmem, ++n, 0);
        if (bench_build(&b))
            rc = bench_play(&b, talk->lines, SIZE_MAX);
        failed = b.failmem.failed != 0;
        if (failed && talk->result == 0)
            ok(rc == PIPE_FAIL && b.fault.code == XMPP_EMEM,
               "%s: allocation %lu", talk->what, n);
        bench_free(&b, talk->what);
    }
}

void proxy_talks_play(const struct proxy_talk *talks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        plays(&talks[i], SIZE_MAX);
        plays(&talks[i], 1);
        starves(&talks[i]);
    }
}

/* ---- what follows the answer ------------------------------------- */

void proxy_followed(const char *url_text, struct line last)
{
    struct proxy_talk talk = {.url = url_text, .host = "example.org"};
    struct bench b;
    struct proxy proxy;
    char got[16] = "";

    proxy_talk_begin(&b, &talk, &proxy);
    ok(bench_build(&b), "a pipe");
    pipe_progress(&b.pipe);
    if (proxy.kind == PROXY_SOCKS5)
        memory_send(&b.memory, STR("\5\0"));
    pipe_progress(&b.pipe);
    memory_send(&b.memory, last.bytes);
    is_int(pipe_progress(&b.pipe), 0, "it is established");
    b.memory.ended = true;
    is_int(pipe_read(&b.pipe, got, 2), 2, "what followed");
    is_int(pipe_read(&b.pipe, got + 2, 14), 1, "the answer");
    is_str(got, "abc", "is not lost");
    is_int(pipe_read(&b.pipe, got, 16), PIPE_EOF, "and then the end");
    bench_free(&b, "what follows");
}
