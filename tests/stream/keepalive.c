/* keepalive.c - the clocks of a stream: when it asks whether its peer is there,
 * from when it waits, and what a silence teaches. */

#include "stream/keepalive.h"

#include <string.h>

#include <xmpp/error.h>

#include "stream/rhythm.h"
#include "stream/stream.h"
#include "stream/up_testbed.h"
#include "tap.h"

#define REQUEST "<r xmlns=\"urn:xmpp:sm:3\"/>"
#define AFTER 60000
#define TIMEOUT 20000
#define LEAST 30000

static struct keepalive *clocks;
static struct rhythm rhythm;

static void begin(bool adapts)
{
    up_begin_managed(UP_ENABLED);
    rhythm = (struct rhythm){0};
    up.client.rhythm = &rhythm;
    up.options[XMPP_OPT_PING_AFTER] = AFTER;
    up.options[XMPP_OPT_PING_TIMEOUT] = TIMEOUT;
    up.options[XMPP_OPT_PING_LEAST] = LEAST;
    up.options[XMPP_OPT_PING_ADAPT] = adapts;
    clocks = &up.stream->keepalive;
}

static void tick(uint64_t now)
{
    up.now = now;
    stream_tick(up.stream, now);
}

/* So many bytes leave. */
static void leaves(size_t n, uint64_t now)
{
    up.stream->now = now;
    stream_sent(up.stream, n);
}

static void say(const char *text)
{
    is_int(stream_send_raw(up.stream, str_of(text)), 0, "said: %s", text);
}

/* ---- from when on it waits --------------------------------------- */

/* A question that nobody takes off us has its time all the same. */
static void stuck(void)
{
    size_t held;

    begin(false);
    is_int((long)keepalive_deadline(up.stream), AFTER, "it may be quiet");
    tick(AFTER - 1);
    ok(!stream_held(up.stream), "so long nothing is asked");
    tick(AFTER);
    ok((held = stream_held(up.stream)) > 0, "then it is");
    tick(AFTER + 500);
    is_int((long)keepalive_deadline(up.stream), AFTER + 500 + TIMEOUT,
           "from when it was seen not to leave");
    tick(AFTER + 500 + TIMEOUT - 1);
    ok(!fault_is_set(&up.fault), "it waits so long");
    tick(AFTER + 500 + TIMEOUT);
    is_int(up.fault.code, XMPP_ETIMEOUT, "and no longer");
    ok(stream_is_mute(up.stream) && stream_held(up.stream) == held,
       "and says nothing more");
    up_end("stuck");
}

/* The time of a question is that of its own bytes. */
static void in_parts(void)
{
    begin(false);
    say("<message id='1'/>");
    say("<message id='2'/>");
    leaves(strlen("<message id='1'/>"), 100);
    is_int((long)clocks->asked, 100, "what is in front of it leaves");
    leaves(strlen(REQUEST), 200);
    is_int((long)clocks->asked, 200, "the question leaves");
    leaves(strlen("<message id='2'/>"), 300);
    is_int((long)clocks->asked, 200, "what is behind it changes nothing");
    up_end("in parts");
}

static void behind_what_is_dropped(void)
{
    begin(false);
    say("<message id='1'/>");
    env_free(&up.env, stream_queue_drop(up.stream, true));
    leaves(1, 100);
    say("<message id='2'/>");
    leaves(strlen(REQUEST) - 1, 200);
    leaves(strlen("<message id='2'/>"), 300);
    is_int((long)clocks->asked, 200, "what was dropped is not waited for");
    up_end("dropped");
}

/* What comes first leaves first. */
static void behind_the_front(void)
{
    begin(false);
    buf_puts(&up.stream->front, STR("front"));
    say("<message/>");
    is_int((long)clocks->ahead, 5 + 10 + strlen(REQUEST), "all of it");
    leaves(5, 100);
    is_int((long)clocks->ahead, 10 + strlen(REQUEST), "what is left of it");
    up_end("the front");
}

/* ---- answers ----------------------------------------------------- */

/* One question may be about several stanzas, and one answer be enough. */
static void answers(void)
{
    begin(false);
    say("<message id='1'/>");
    say("<message id='2'/>");
    up_take();
    is_int((long)clocks->asks, 1, "one was asked for");
    keepalive_acknowledged(up.stream, false);
    keepalive_acknowledged(up.stream, false);
    is_int((long)clocks->asks, 0, "and came, and one that nobody asked for");
    keepalive_requested(up.stream, KEEPALIVE_ACK);
    keepalive_requested(up.stream, KEEPALIVE_PING);
    is_int((long)clocks->asks, 1, "a ping is none");
    keepalive_requested(up.stream, KEEPALIVE_ACK);
    is_int((long)clocks->asks, 2, "two were asked for");
    up.stream->now = 400;
    clocks->urged = 300;
    outbox_ack(up.stream->out, 1);
    keepalive_acknowledged(up.stream, true);
    ok(clocks->asks == 1 && clocks->waits == KEEPALIVE_ACK,
       "the other is to come");
    ok(clocks->asked == TIME_NEVER, "and has its own time");
    ok(clocks->owed == 400 && clocks->urged == TIME_NEVER,
       "another stanza is the oldest");
    up.stream->now = 500;
    keepalive_requested(up.stream, KEEPALIVE_ACK);
    keepalive_acknowledged(up.stream, false);
    is_int((long)clocks->owed, 400, "an answer that says nothing new");
    keepalive_requested(up.stream, KEEPALIVE_ACK);
    outbox_ack(up.stream->out, 1);
    keepalive_acknowledged(up.stream, true);
    ok(!clocks->asks && clocks->waits == KEEPALIVE_NONE,
       "once all is acknowledged no answer is owed");
    ok(clocks->owed == TIME_NEVER, "and no stanza");
    up_end("answers");
}

/* A ping that finds no memory is not waited for. */
static void ping_without_memory(void)
{
    for (unsigned long n = 1; n < 8; n++) {
        up_begin("");
        failmem_arm(&up.memory, n, 0);
        keepalive_ping(up.stream);
        failmem_arm(&up.memory, 0, 0);
        up_take();
        up.out[up.out_n] = '\0';
        ok(up.fault.code == XMPP_EMEM || strstr(up.out, "<ping "),
           "allocation %lu of a ping", n);
        up_end("a ping");
    }
}

/* ---- what a silence teaches -------------------------------------- */

/* A silence of this length, as far as it is to be learned from. */
static void silence(uint64_t now, uint64_t learned)
{
    is_int((long)keepalive_deadline(up.stream), (long)now, "it ends then");
    tick(now);
    is_int((long)clocks->quiet, (long)learned, "so long was the silence");
}

static void survived(void)
{
    begin(true);
    silence(LEAST, LEAST);
    up_hear(" ");
    is_int(rhythm.kept, LEAST, "it was survived");
    fault_set(&up.fault, XMPP_LAYER_TCP, XMPP_ETIMEOUT, NULL);
    keepalive_lost(up.stream);
    is_int(rhythm.lost, 0, "another loss has nothing to do with it");
    is_int(rhythm.kept, LEAST, "and changes nothing");
    up_end("survived");
}

static void lost(void)
{
    begin(true);
    silence(LEAST, LEAST);
    keepalive_lost(up.stream);
    is_int(rhythm.lost, 0, "an end without a failure is no loss");
    up_end("ended");
    begin(true);
    silence(LEAST, LEAST);
    tick(LEAST + 1);
    tick(LEAST + 1 + TIMEOUT);
    is_int(rhythm.lost, LEAST, "no answer is one");
    up_end("lost");
}

static void not_learned_from(void)
{
    begin(false);
    silence(AFTER, 0);
    up_end("without the option");
    begin(true);
    up.client.rhythm = NULL;
    silence(AFTER, AFTER);
    up_hear(" ");
    is_int((long)clocks->quiet, 0, "nobody keeps it");
    up_end("without a rhythm");
    begin(true);
    up.options[XMPP_OPT_PING_AFTER] = LEAST - 1;
    silence(LEAST - 1, 0);
    up_end("a short one");
}

int main(void)
{
    stuck();
    in_parts();
    behind_what_is_dropped();
    behind_the_front();
    answers();
    ping_without_memory();
    survived();
    lost();
    not_learned_from();
    return done_testing();
}
