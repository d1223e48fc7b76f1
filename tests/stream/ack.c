/* ack.c - when a stream asks for acknowledgements, and that memory which is out
 * is told. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "conn/settings.h"
#include "failmem.h"
#include "stream/core.h"
#include "stream/stream.h"
#include "tap.h"

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
#define MECHANISMS                                                             \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define BIND "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
#define BOUND                                                                  \
    "<iq type='result' id='bind'>"                                             \
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                          \
    "<jid>romeo@example.org/r</jid></bind></iq>"
#define REQUEST "<r xmlns=\"urn:xmpp:sm:3\"/>"
#define ENABLED "<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>"
#define ACK(h) "<a xmlns='urn:xmpp:sm:3' h='" h "'/>"

/* ---- a stream that is up ----------------------------------------- */

static char password[] = "sesame";
static struct failmem memory;
static struct env env;
static int32_t options[XMPP_OPT_COUNT_];
static struct wanted client;
static struct fault fault;
static struct stream *stream;
static char out[300000];
static size_t out_n;

/* All that it has to say, in the pieces that it wants to say it in. */
static void take(void)
{
    struct str bytes;

    while ((bytes = stream_peek(stream)).n) {
        if (bytes.n > sizeof(out) - out_n)
            bail("too much");
        memcpy(out + out_n, bytes.s, bytes.n);
        out_n += bytes.n;
        stream_sent(stream, bytes.n);
    }
}

static void hear(const char *text)
{
    struct stream_event event;

    for (size_t n = strlen(text), used; n; n -= used, text += used) {
        used = stream_recv(stream, text, n, 0);
        while (stream_next(stream, &event))
            xmpp_stanza_release(event.stanza);
        if (!used)
            return;
    }
}

/* Up to <enabled/>, where the server has stream management. */
static void begin(const char *management)
{
    char features[500];

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    settings_init_options(options);
    fault = (struct fault){0};
    client = (struct wanted){
        .kind = STREAM_CLIENT,
        .tls = TLS_REQUIRED,
        .tls_verified = true,
        .domain = {"example.org", 11},
        .local = {"romeo", 5},
        .secrets = {.pass = password},
        .options = options,
        .sm = sm_new(&env),
    };
    stream = stream_new(&env, &client, &fault);
    stream_open(stream, true, 0);
    hear(HEADER MECHANISMS);
    hear(SUCCESS);
    snprintf(features, sizeof(features),
             HEADER "<stream:features>" BIND "%s</stream:features>" BOUND,
             management);
    hear(features);
    take();
    out_n = 0;
}

static void begin_managed(const char *enabled)
{
    begin("<sm xmlns='urn:xmpp:sm:3'/>");
    hear(enabled);
}

static void end(const char *what)
{
    stream_free(stream);
    sm_free(client.sm);
    arena_drain(&env);
    is_int(memory.held, 0, "%s: no memory is left", what);
}

/* A message of `n` bytes, of which there is none with fewer than 30. */
static int say(size_t n)
{
    static char text[60000];
    size_t room = n - strlen("<message><body></body></message>");

    snprintf(text, sizeof(text), "<message><body>%.*s</body></message>",
             (int)room, "");
    memset(text + strlen("<message><body>"), 'x', room);
    snprintf(text + strlen("<message><body>") + room, 30, "</body></message>");
    return stream_send_raw(stream, str_of(text));
}

/* ---- a long queue ------------------------------------------------ */

#define PIECE 16384
#define ASK (sizeof(REQUEST) - 1)

/* The messages of a queue by their size. The request that stands behind each is
 * due to the first, or to what left since the last one. */
struct queued {
    size_t n;
    bool is_asked;
};

static void comes_out(const struct queued *list, const char *what)
{
    const char *at = out;

    for (; list->n; list++) {
        bool asked;

        at += list->n;
        asked = strncmp(at, REQUEST, ASK) == 0;
        ok(asked == list->is_asked, "%s: behind %zu bytes", what,
           (size_t)(at - out));
        at += asked ? ASK : 0;
    }
    is_int((long)(out + out_n - at), 0, "%s: nothing else is said", what);
}

static void leaves_as(const char *management, const struct queued *list,
                      const char *what)
{
    if (management)
        begin_managed(ENABLED);
    else
        begin("");
    for (const struct queued *q = list; q->n; q++)
        is_int(say(q->n), 0, "%zu bytes wait", q->n);
    take();
    comes_out(list, what);
    end(what);
}

/* Each 64 KiB there is one, between two messages. */
static void now_and_then(void)
{
    static const struct queued whole[] = {
        {PIECE - ASK, true}, {PIECE, false}, {PIECE, false}, {PIECE, true},
        {PIECE, false},      {PIECE, false}, {PIECE, false}, {PIECE, true},
        {PIECE, false},      {PIECE, false}, {PIECE, false}, {PIECE - 1, false},
        {PIECE, true},       {100, false},   {0, false}};
    static const struct queued long_one[] = {
        {PIECE - ASK, true}, {PIECE, false}, {PIECE, false},
        {50000, true},       {PIECE, false}, {0, false}};
    static const struct queued last[] = {{PIECE - ASK, true},
                                         {PIECE, false},
                                         {PIECE, false},
                                         {PIECE, false},
                                         {0, false}};
    static const struct queued unmanaged[] = {
        {PIECE, false}, {PIECE, false}, {PIECE, false}, {PIECE, false},
        {PIECE, false}, {PIECE, false}, {0, false}};

    leaves_as("sm", whole, "whole pieces");
    leaves_as("sm", long_one, "a part of one");
    leaves_as("sm", last, "nothing behind it");
    leaves_as(NULL, unmanaged, "without management");
}

/* As long as one of two requests is not answered there is no third. */
static void counted(void)
{
    begin_managed(ENABLED);
    for (int i = 0; i < 6; i++)
        say(i ? PIECE : PIECE - ASK);
    take();
    out_n = 0;
    hear(ACK("1"));
    take();
    is_int((long)out_n, 0, "the second request is still out");
    hear(ACK("4"));
    take();
    ok(out_n == ASK && !memcmp(out, REQUEST, ASK),
       "once it is answered, too, the rest is asked about");
    end("two requests");
}

/* One that finds no memory is left out; the next is not. */
static void no_memory_between(void)
{
    static const struct queued list[] = {
        {PIECE - ASK, true}, {PIECE, false}, {PIECE, false}, {PIECE, false},
        {PIECE, false},      {PIECE, false}, {PIECE, false}, {PIECE, true},
        {100, false},        {0, false}};

    begin_managed(ENABLED);
    for (const struct queued *q = list; q->n; q++)
        say(q->n);
    buf_trim(&stream->front);
    failmem_arm(&memory, 1, 0);
    take();
    is_int((long)memory.failed, 1, "a request found no memory");
    is_int(fault.code, 0, "which is no failure");
    comes_out(list, "the first is left out");
    end("no memory between");
}

/* ---- no memory --------------------------------------------------- */

/* With `n` bytes in the queue, so that its room is full at some place. What
 * needs memory is done, or it is told. */
static void with_queue(size_t n, int (*act)(void), const char *want,
                       const char *what)
{
    int rc;

    begin_managed(ENABLED);
    if (say(n))
        bail("no memory to begin with");
    failmem_arm(&memory, 1, 0);
    rc = act();
    failmem_arm(&memory, 0, 0);
    take();
    out[out_n] = '\0';
    if (rc == 0 && fault.code == 0 && !strstr(out + n + ASK, want))
        ok(false, "%s: neither done nor told behind %zu bytes", what, n);
    end(what);
}

static int ask(void)
{
    hear(ACK("0")); /* is no progress */
    hear(ACK("1"));
    return say(200);
}

static int answer(void)
{
    hear("<r xmlns='urn:xmpp:sm:3'/>");
    return 0;
}

static void told(void)
{
    for (size_t n = 40; n < 560; n++) {
        with_queue(n, answer, "<a xmlns", "an answer");
        with_queue(n, ask, "<message>", "a message");
    }
}

static void late(void)
{
    for (unsigned long n = 1; n < 20; n++) {
        begin_managed("<message/>");
        failmem_arm(&memory, n, 0);
        hear(ENABLED);
        failmem_arm(&memory, 0, 0);
        ok(fault.code == XMPP_EMEM || (stream->sm_on && client.sm->id),
           "allocation %lu of <enabled/>", n);
        end("a late session");
    }
}

/* ---- promises ---------------------------------------------------- */

static void promises(const char *attributes, uint32_t want)
{
    char enabled[200];

    snprintf(enabled, sizeof(enabled), "<enabled xmlns='urn:xmpp:sm:3'%s/>",
             attributes);
    begin_managed(enabled);
    ok(stream->sm_on, "counted: %s", enabled);
    is_int(client.sm->max, want, "for how long it is kept");
    end("a promise");
}

int main(void)
{
    now_and_then();
    counted();
    no_memory_between();
    told();
    late();
    promises(" id='1' resume='1' max='300'", 300);
    promises(" id='1' resume='true'", 0);
    promises(" resume='true' max='300'", 0);
    promises(" id='1' max='300'", 0);
    return done_testing();
}
