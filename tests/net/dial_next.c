/* dial_next.c - a target that was reached is of no use: the others, and those
 * that were given up for it. */

#include "net/dial.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/dial_testbed.h"
#include "tap.h"

/* "both.test" with an address of each family, at this port. */
static void call_both(struct dial_call *call, unsigned port)
{
    dial_call_init(call);
    call->wanted.host = "both.test";
    call->wanted.port = (uint16_t)port;
    dial_call_know(call, "both.test", NAME_SERVER_AAAA, NAME_SERVER_ANSWER,
                   "::1", 0);
    dial_call_know(call, "both.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
}

static void next(struct dial_call *call)
{
    int done = call->done;

    call->fault = (struct fault){0};
    dial_next(call->dial, &call->fault, call);
    for (int i = 0; call->done == done && i < TURNS; i++)
        dial_call_turn(call);
    is_int(call->done, done + 1, "done once more");
}

static void other_address(void)
{
    struct dial_call call;
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, true, &port);
    int four = dial_peer_open(AF_INET, true, &port);

    call_both(&call, port);
    dial_call_run(&call);
    is_int(call.sockets, 1, "the first address is reached");
    ok(dial_has_more(call.dial), "and there is another");
    next(&call);
    ok(call.reached && call.sockets == 2 && call.families[1] == AF_INET,
       "which is reached as well");
    ok(!dial_has_more(call.dial), "that was the last");
    is_int(call.missed, 0, "and none was missed");
    dial_call_end(&call, "another address");
    close(six);
    close(four);
}

/* One that was still connecting when another one won has its turn again. */
static void loser(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    int four;

    dial_silent_open(&peer, AF_INET6);
    four = dial_peer_open(AF_INET, true, &peer.port);
    call_both(&call, peer.port);
    dial_call_run(&call);
    is_int(call.sockets, 2, "the second address is reached");
    ok(dial_has_more(call.dial), "the first one may follow");
    next(&call);
    is_int(call.sockets, 3, "it was tried again");
    ok(!call.reached && call.fault.code == XMPP_ETIMEOUT, "in vain");
    ok(call.missed == 1 && call.missed_code == XMPP_ETIMEOUT, "and is missed");
    is_str(call.missed_address, "::1", "by its address");
    dial_call_end(&call, "a loser");
    dial_silent_close(&peer);
    close(four);
}

static void limited(void)
{
    struct dial_call call;
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, true, &port);
    int four = dial_peer_open(AF_INET, true, &port);

    call_both(&call, port);
    call.wanted.most_targets = 1;
    dial_call_run(&call);
    ok(call.reached && !dial_has_more(call.dial), "no more than one");
    dial_call_end(&call, "a limit");
    close(six);
    close(four);
}

/* Whose name is not answered is missed, too; which is known only later. */
static void no_address(void)
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
    dial_call_know(&call, "one.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    dial_call_know(&call, "two.test", NAME_SERVER_A, NAME_SERVER_SILENT, "", 0);
    dial_call_run(&call);
    is_str(call.host, "one.test", "the first target is reached");
    ok(dial_has_more(call.dial), "there may be another");
    next(&call);
    ok(!call.reached && call.fault.code == XMPP_EDNS, "its name has no answer");
    ok(call.missed == 1 && call.missed_code == XMPP_EDNS, "so it is missed");
    is_str(call.missed_host, "two.test", "by its name");
    is_str(call.missed_address, "", "without an address");
    dial_call_end(&call, "no address");
    close(fd);
}

/* The application frees the dial when the second socket is made, while the
 * first one connects. */
static void freed_at_second(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;
    int before;

    dial_silent_open(&peer, AF_INET6);
    call_both(&call, peer.port);
    call.frees_at = 2;
    before = dial_open_files();
    dial_call_start(&call);
    for (int i = 0; call.dial && i < TURNS; i++)
        dial_call_turn(&call);
    is_int(call.sockets, 2, "freed at the second socket");
    is_int(dial_open_files(), before, "both are closed");
    dial_call_end(&call, "freed");
    dial_silent_close(&peer);
}

int main(void)
{
    unsigned port = 0;
    int six = dial_peer_open(AF_INET6, false, &port);

    dial_testbed_begin();
    if (six >= 0) {
        close(six);
        other_address();
        loser();
        limited();
        freed_at_second();
    } else
        skip("no IPv6 here");
    no_address();
    dial_testbed_end();
    return done_testing();
}
