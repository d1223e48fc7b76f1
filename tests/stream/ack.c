/* ack.c - when a stream asks for acknowledgements, and that memory which is out
 * is told. */

#include <stdio.h>
#include <string.h>

#include "stream/ack.h"
#include "stream/closing.h"
#include "stream/engine.h"
#include "stream/stream.h"
#include "stream/up_testbed.h"
#include "tap.h"

#define REQUEST "<r xmlns=\"urn:xmpp:sm:3\"/>"
#define ACK(h) "<a xmlns='urn:xmpp:sm:3' h='" h "'/>"

/* A message of `n` bytes, of which there is none with fewer than 30. */
static int say(size_t n)
{
    static char text[60000];
    size_t room = n - strlen("<message><body></body></message>");

    snprintf(text, sizeof(text), "<message><body>%.*s</body></message>",
             (int)room, "");
    memset(text + strlen("<message><body>"), 'x', room);
    snprintf(text + strlen("<message><body>") + room, 30, "</body></message>");
    return stream_send_raw(up.stream, str_of(text));
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
    const char *at = up.out;

    for (; list->n; list++) {
        bool asked;

        at += list->n;
        asked = strncmp(at, REQUEST, ASK) == 0;
        ok(asked == list->is_asked, "%s: behind %zu bytes", what,
           (size_t)(at - up.out));
        at += asked ? ASK : 0;
    }
    is_int((long)(up.out + up.out_n - at), 0, "%s: nothing else is said", what);
}

static void leaves_as(const char *management, const struct queued *list,
                      const char *what)
{
    if (management)
        up_begin_managed(UP_ENABLED);
    else
        up_begin("");
    for (const struct queued *q = list; q->n; q++)
        is_int(say(q->n), 0, "%zu bytes wait", q->n);
    up_take();
    comes_out(list, what);
    up_end(what);
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
    up_begin_managed(UP_ENABLED);
    for (int i = 0; i < 6; i++)
        say(i ? PIECE : PIECE - ASK);
    up_take();
    up.out_n = 0;
    up_hear(ACK("1"));
    up_take();
    is_int((long)up.out_n, 0, "the second request is still out");
    up_hear(ACK("4"));
    up_take();
    ok(up.out_n == ASK && !memcmp(up.out, REQUEST, ASK),
       "once it is answered, too, the rest is asked about");
    up_end("two requests");
}

/* One that finds no memory is left out; the next is not. */
static void no_memory_between(void)
{
    static const struct queued list[] = {
        {PIECE - ASK, true}, {PIECE, false}, {PIECE, false}, {PIECE, false},
        {PIECE, false},      {PIECE, false}, {PIECE, false}, {PIECE, true},
        {100, false},        {0, false}};

    up_begin_managed(UP_ENABLED);
    for (const struct queued *q = list; q->n; q++)
        say(q->n);
    buf_trim(&up.stream->front);
    failmem_arm(&up.memory, 1, 0);
    up_take();
    is_int((long)up.memory.failed, 1, "a request found no memory");
    is_int(up.fault.code, 0, "which is no failure");
    comes_out(list, "the first is left out");
    up_end("no memory between");
}

/* ---- no memory ------------------------------------------------------ */

/* With `n` bytes in the queue, so that its room is full at some place. What
 * needs memory is done, or it is told. */
static void with_queue(size_t n, int (*act)(void), const char *want,
                       const char *what)
{
    int rc;

    up_begin_managed(UP_ENABLED);
    if (say(n))
        bail("no memory to begin with");
    failmem_arm(&up.memory, 1, 0);
    rc = act();
    failmem_arm(&up.memory, 0, 0);
    up_take();
    up.out[up.out_n] = '\0';
    if (rc == 0 && up.fault.code == 0 && !strstr(up.out + n + ASK, want))
        ok(false, "%s: neither done nor told behind %zu bytes", what, n);
    up_end(what);
}

static int ask(void)
{
    ack_request(up.stream);
    return 0;
}

static int answer(void)
{
    up_hear("<r xmlns='urn:xmpp:sm:3'/>");
    return 0;
}

static int give_up(void)
{
    engine_give_up(up.stream);
    return 0;
}

static int end_now(void)
{
    closing_end(up.stream);
    return 0;
}

static void told(void)
{
    for (size_t n = 40; n < 560; n++) {
        with_queue(n, give_up, "</stream:stream>", "giving up");
        with_queue(n, end_now, "</stream:stream>", "our end");
        with_queue(n, answer, "<a xmlns", "an answer");
        with_queue(n, ask, REQUEST, "a request");
    }
}

static void late(void)
{
    up_begin_managed("<message/>");
    ok(up.stream->step_deadline != TIME_NEVER, "the answer is waited for");
    up_hear(UP_ENABLED);
    ok(up.stream->step_deadline == TIME_NEVER, "until it is there");
    up_end("late");
    for (unsigned long n = 1; n < 20; n++) {
        up_begin_managed("<message/>");
        failmem_arm(&up.memory, n, 0);
        up_hear(UP_ENABLED);
        failmem_arm(&up.memory, 0, 0);
        ok(up.fault.code == XMPP_EMEM || (up.stream->sm_on && up.client.sm->id),
           "allocation %lu of <enabled/>", n);
        up_end("a late session");
    }
}

/* ---- promises ---------------------------------------------------- */

static void promises(const char *attributes, uint32_t want)
{
    char enabled[200];

    snprintf(enabled, sizeof(enabled), "<enabled xmlns='urn:xmpp:sm:3'%s/>",
             attributes);
    up_begin_managed(enabled);
    ok(up.stream->sm_on, "counted: %s", enabled);
    is_int(up.client.sm->max, want, "for how long it is kept");
    up_end("a promise");
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
