/* dial.c - which addresses and targets are tried, in which order, and how long
 * each of them is waited for. */

#include "net/dial.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/dial_testbed.h"
#include "tap.h"

#define DELAY 50 /* that IPv4 waits for IPv6 (RFC 8305 section 3) */

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

    dial_silent_open(&peer);
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
    ok(call.took >= PATIENCE && call.took < 2 * PATIENCE,
       "and the patience for one of them");
    dial_call_end(&call, "three targets");
    dial_silent_close(&peer);
    close(closed);
    close(fd);
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
    } else
        skip("no IPv6 here");
    delayed_ipv4();
    targets();
    too_many();
    dial_testbed_end();
    return done_testing();
}
