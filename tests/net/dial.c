/* dial.c - which addresses and targets are tried, in which order, and how long
 * each of them is waited for. */

#include "net/dial.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/dial_testbed.h"
#include "net/race.h"
#include "tap.h"

#define DELAY 50 /* that IPv4 waits for IPv6 (RFC 8305 section 3) */
#define STAGGER 250
#define LEEWAY 50 /* beyond it, for a black hole at the first place */

/* The host "both.test", which has an address of each family. */
static void call_both(struct dial_call *call, enum name_server_how aaaa,
                      enum name_server_how a, unsigned port)
{
    dial_call_init(call);
    call->wanted.host = "both.test";
    call->wanted.port = (uint16_t)port;
    dial_call_know(call, "both.test", NAME_SERVER_AAAA, aaaa, "::1", 0);
    dial_call_know(call, "both.test", NAME_SERVER_A, a, "127.0.0.1", 0);
}

/* ---- order and timing -------------------------------------------- */

static void first_ipv6(void)
{
    struct dial_call call;
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, true, &port);
    int four = dial_peer_open(AF_INET, true, &port);

    call_both(&call, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, port);
    call.wanted.direct_tls = true;
    dial_call_run(&call);
    ok(call.reached, "both families: reached");
    is_int(call.sockets, 1, "by one socket");
    is_int(call.families[0], AF_INET6, "of IPv6");
    ok(call.took < DELAY, "without a delay");
    is_str(call.host, "both.test", "the target has the name");
    is_int(call.port, port, "the port");
    ok(call.direct_tls, "and how it has to be talked to");
    dial_call_end(&call, "both families");
    close(six);
    close(four);
}

static void then_ipv4(void)
{
    struct dial_call call;
    unsigned port = 0;
    int four = dial_peer_open(AF_INET, true, &port);

    call_both(&call, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, port);
    dial_call_run(&call);
    ok(call.reached, "IPv6 refuses: reached");
    is_int(call.sockets, 2, "by the second socket");
    is_int(call.families[0], AF_INET6, "IPv6 was tried first");
    is_int(call.families[1], AF_INET, "and then IPv4");
    ok(call.took < DELAY, "at once: nobody waits after a refusal");
    dial_call_end(&call, "IPv6 refuses");
    close(four);
}

/* IPv4 is known at once; IPv6 is not waited for any longer than so. */
static void delayed_ipv4(void)
{
    struct dial_call call;
    unsigned port = 0;
    int four = dial_peer_open(AF_INET, true, &port);

    call_both(&call, NAME_SERVER_HELD, NAME_SERVER_ANSWER, port);
    dial_call_run(&call);
    ok(call.reached, "no answer for IPv6: reached");
    is_int(call.sockets, 1, "by one socket");
    is_int(call.families[0], AF_INET, "of IPv4");
    ok(call.took >= DELAY && call.took <= DELAY + 4 * STEP,
       "after the delay: %lu ms", (unsigned long)call.took);
    dial_call_end(&call, "no answer for IPv6");
    close(four);
}

/* It comes within the delay, and goes first all the same. */
static void timely_ipv6(void)
{
    struct dial_call call;
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, true, &port);

    call_both(&call, NAME_SERVER_HELD, NAME_SERVER_ANSWER, port);
    dial_call_start(&call);
    for (int i = 0; i < 5; i++)
        dial_call_turn(&call);
    is_int(call.sockets, 0, "within the delay nothing is tried");
    name_server_release(&call.dns);
    for (int i = 0; !call.done && i < TURNS; i++)
        dial_call_turn(&call);
    ok(call.reached, "IPv6 comes in time: reached");
    is_int(call.families[0], AF_INET6, "by IPv6");
    dial_call_end(&call, "IPv6 comes in time");
    close(six);
}

/* ---- several targets --------------------------------------------- */

/* The first is silent, the second refuses, the third is there. */
static void targets(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    unsigned closed_port = 0, port = 0;
    int closed = dial_peer_open(AF_INET, false, &closed_port);
    int fd = dial_peer_open(AF_INET, true, &port);

    dial_silent_open(&peer, AF_INET);
    dial_call_init(&call);
    call.wanted.domain = "a.test";
    call.wanted.service = SERVICE;
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "one.test", peer.port);
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "two.test", closed_port);
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "three.test", port);
    for (size_t i = 0; i < 3; i++)
        dial_call_know(&call, call.rows[i].target, NAME_SERVER_A,
                       NAME_SERVER_ANSWER, "127.0.0.1", 0);
    dial_call_run(&call);
    ok(call.reached, "three targets: reached");
    is_str(call.host, "three.test", "the last");
    is_int(call.port, port, "at its port");
    is_int(call.sockets, 3, "after the two others");
    ok(call.took >= STAGGER && call.took <= STAGGER + LEEWAY,
       "the silent one cost %lu ms", (unsigned long)call.took);
    dial_call_end(&call, "three targets");
    dial_silent_close(&peer);
    close(closed);
    close(fd);
}

/* A black hole in the first place costs the time between two starts. */
static void black_hole(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    int four;

    dial_silent_open(&peer, AF_INET6);
    four = dial_peer_open(AF_INET, true, &peer.port);
    call_both(&call, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, peer.port);
    dial_call_run(&call);
    ok(call.reached, "IPv6 is a black hole: reached");
    is_int(call.sockets, 2, "by the second socket");
    is_int(call.families[1], AF_INET, "of IPv4");
    ok(call.took >= STAGGER && call.took <= STAGGER + LEEWAY, "after %lu ms",
       (unsigned long)call.took);
    dial_call_end(&call, "IPv6 is a black hole");
    dial_silent_close(&peer);
    close(four);
}

/* The first that connects wins, although it was the second to start, and the
 * socket of the other one is closed. */
static void loser(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    int before, four;

    dial_silent_open(&peer, AF_INET6);
    four = dial_peer_open(AF_INET, true, &peer.port);
    call_both(&call, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, peer.port);
    before = dial_open_files();
    dial_call_run(&call);
    is_int(dial_open_files(), before, "a loser's socket is closed");
    ok(call.dial != NULL, "before the dial is freed");
    dial_call_end(&call, "a loser");
    dial_silent_close(&peer);
    close(four);
}

/* Of a name with many silent addresses a few are tried at the same time. */
static void few_in_flight(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    uint64_t begin;

    dial_silent_open(&peer, AF_INET);
    dial_call_init(&call);
    call.wanted.host = "many.test";
    call.wanted.port = (uint16_t)peer.port;
    for (int i = 0; i < 8; i++)
        dial_call_know(&call, "many.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                       "127.0.0.1", 0);
    dial_call_start(&call);
    begin = poll_now(dial_loop);
    while (poll_now(dial_loop) < begin + RACE_OLD - STAGGER)
        dial_call_turn(&call);
    is_int(call.sockets, 4, "eight silent addresses: four at the same time");
    while (poll_now(dial_loop) < begin + RACE_OLD + 4 * STAGGER)
        dial_call_turn(&call);
    is_int(call.sockets, 8, "then the others, while these run on");
    while (!call.done)
        dial_call_turn(&call);
    is_int(call.sockets, 8, "and no other");
    is_int(call.fault.code, XMPP_ETIMEOUT, "in vain");
    ok(poll_now(dial_loop) - begin <= RACE_OLD + PATIENCE + 4 * STAGGER,
       "within %lu ms", (unsigned long)(poll_now(dial_loop) - begin));
    dial_call_end(&call, "eight silent addresses");
    dial_silent_close(&peer);
}

/* The families take turns: a dead one is not tried to its end first. */
static void interleaved(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;

    dial_silent_open(&peer, AF_INET6);
    call_both(&call, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, peer.port);
    dial_call_know(&call, "both.test", NAME_SERVER_AAAA, NAME_SERVER_ANSWER,
                   "::1", 0);
    dial_call_know(&call, "both.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    dial_call_start(&call);
    while (call.sockets < 4)
        dial_call_turn(&call);
    ok(call.families[0] == AF_INET6 && call.families[1] == AF_INET &&
           call.families[2] == AF_INET6 && call.families[3] == AF_INET,
       "the families take turns");
    dial_call_end(&call, "the families");
    dial_silent_close(&peer);
}

/* The name of the first target is not answered: the second is tried without
 * waiting for that. */
static void unknown_first(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, true, &port);

    dial_call_init(&call);
    call.wanted.domain = "a.test";
    call.wanted.service = SERVICE;
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "one.test", port);
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "two.test", port);
    dial_call_know(&call, "one.test", NAME_SERVER_A, NAME_SERVER_SILENT, "", 0);
    dial_call_know(&call, "one.test", NAME_SERVER_AAAA, NAME_SERVER_SILENT, "",
                   0);
    dial_call_know(&call, "two.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    dial_call_run(&call);
    is_str(call.host, "two.test", "a name without an answer: the next target");
    ok(call.took >= DELAY && call.took <= DELAY + LEEWAY, "after %lu ms",
       (unsigned long)call.took);
    dial_call_end(&call, "a name without an answer");
    close(fd);
}

/* Both services are one list, and each target is met as its own demands. */
static void both_services(void)
{
    struct dial_call call;
    unsigned closed_port = 0, port = 0;
    int closed = dial_peer_open(AF_INET, false, &closed_port);

    for (int is_direct = 0; is_direct < 2; is_direct++) {
        int fd = dial_peer_open(AF_INET, true, &port);

        dial_call_init(&call);
        call.wanted.domain = "a.test";
        call.wanted.service = SRV_CLIENT;
        call.wanted.direct = SRV_CLIENT_DIRECT;
        dial_call_know(&call, SRV_CLIENT ".a.test", NAME_SERVER_SRV,
                       NAME_SERVER_ANSWER, "b.test",
                       is_direct ? closed_port : port);
        dial_call_know(&call, SRV_CLIENT_DIRECT ".a.test", NAME_SERVER_SRV,
                       NAME_SERVER_ANSWER, "b.test",
                       is_direct ? port : closed_port);
        dial_call_know(&call, "b.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                       "127.0.0.1", 0);
        dial_call_run(&call);
        ok(call.reached, "two services: reached");
        is_int(call.direct_tls, is_direct, "as the record demands it");
        dial_call_end(&call, "two services");
        close(fd);
        port = 0;
    }
    close(closed);
}

/* A name with more addresses than we are ready to try. */
static void too_many(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, false, &port);

    dial_call_init(&call);
    call.wanted.host = "many.test";
    call.wanted.port = (uint16_t)port;
    call.wanted.most_records = 2;
    for (int i = 0; i < 6; i++)
        dial_call_know(&call, "many.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                       "127.0.0.1", 0);
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "many addresses: in vain");
    ok(call.sockets <= 4, "%d of six were tried", call.sockets);
    dial_call_end(&call, "many addresses");
    close(fd);
}

int main(void)
{
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, false, &port);

    dial_testbed_begin();
    if (six >= 0) {
        close(six);
        first_ipv6();
        then_ipv4();
        timely_ipv6();
        black_hole();
        loser();
        interleaved();
    } else
        skip("no IPv6 here");
    delayed_ipv4();
    targets();
    few_in_flight();
    unknown_first();
    both_services();
    too_many();
    dial_testbed_end();
    return done_testing();
}
