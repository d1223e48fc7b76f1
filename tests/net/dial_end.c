/* dial_end.c - how a dial ends: in vain and why, given up by the application at
 * any moment, and without memory. */

#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/dial_testbed.h"
#include "tap.h"

/* ---- what fails -------------------------------------------------- */

static void refused(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, false, &port);
    char named[40];

    snprintf(named, sizeof(named), "127.0.0.1 port %u: ", port);
    dial_call_init(&call);
    call.wanted.host = "127.0.0.1";
    call.wanted.port = (uint16_t)port;
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "refused: in vain");
    is_int(call.fault.layer, XMPP_LAYER_TCP, "the layer");
    is_int(call.fault.code, XMPP_ECONNECT, "the code");
    is_int(call.fault.os, ECONNREFUSED, "what the system says");
    ok(strstr(call.fault.detail, "1 address tried") &&
           strstr(call.fault.detail, named),
       "in words, with the port: %s", call.fault.detail);
    dial_call_end(&call, "refused");
    close(fd);
}

static void silent(void)
{
    struct dial_silent peer = {0};
    struct dial_call call;

    dial_silent_open(&peer, AF_INET);
    dial_call_init(&call);
    call.wanted.host = "127.0.0.1";
    call.wanted.port = (uint16_t)peer.port;
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "silent: in vain");
    is_int(call.fault.code, XMPP_ETIMEOUT, "the code");
    ok(call.took >= PATIENCE && call.took <= PATIENCE + 4 * STEP,
       "after the patience of an address: %lu ms", (unsigned long)call.took);
    dial_call_end(&call, "silent");
    dial_silent_close(&peer);
}

/* The domain itself has refused when SRV comes, late: its addresses are
 * forgotten, and the target that it names has none. */
static void refused_and_late(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, false, &port);

    dial_call_init(&call);
    call.wanted.domain = "a.test";
    call.wanted.port = (uint16_t)port;
    call.wanted.service = SRV_CLIENT;
    dial_call_know(&call, SRV_CLIENT ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_HELD, "b.test", port);
    dial_call_know(&call, "a.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    dial_call_start(&call);
    for (int i = 0; !call.missed && i < TURNS; i++)
        dial_call_turn(&call);
    name_server_release(&call.dns);
    for (int i = 0; !call.done && i < TURNS; i++)
        dial_call_turn(&call);
    ok(call.done == 1 && !call.reached, "refused, and SRV is late");
    is_int(call.fault.layer, XMPP_LAYER_DNS, "what it names has no address");
    dial_call_end(&call, "refused and late");
    close(fd);
}

/* All targets of one service refuse, and the other service has no answer: the
 * end comes with that. */
static void refused_and_silent(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, false, &port);

    dial_call_init(&call);
    call.wanted.domain = "a.test";
    call.wanted.service = SRV_CLIENT;
    call.wanted.direct = SRV_CLIENT_DIRECT;
    dial_call_know(&call, SRV_CLIENT ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "b.test", port);
    dial_call_know(&call, SRV_CLIENT_DIRECT ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_SILENT, "", 0);
    dial_call_know(&call, "b.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "refused, and one service is silent");
    is_int(call.fault.code, XMPP_ECONNECT, "the code");
    ok(call.took >= PATIENCE && call.took <= PATIENCE + 4 * STEP,
       "the silent one has the patience of the DNS");
    dial_call_end(&call, "refused and silent");
    close(fd);
}

static void no_address(void)
{
    struct dial_call call;

    dial_call_init(&call);
    call.wanted.host = "nobody.test";
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "no address: in vain");
    is_int(call.fault.layer, XMPP_LAYER_DNS, "the layer");
    is_int(call.fault.code, XMPP_ENOHOST, "the code");
    is_int(call.sockets, 0, "nothing was tried");
    is_str(call.fault.detail, "nobody.test has no address", "in words");
    dial_call_end(&call, "no address");
    dial_call_init(&call);
    call.wanted.host = "";
    dial_call_run(&call);
    is_str(call.fault.detail, "an empty name has no address",
           "no name: in words");
    dial_call_end(&call, "no name");
}

/* ---- what the application does ----------------------------------- */

/* Each way to give up, while the peer would accept. */
static void given_up(void)
{
    static const char *const ways[] = {"in prepare", "in done", "at once",
                                       "while it connects"};
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, true, &port);
    int clients[QUEUED];

    for (int way = 0; way < 4; way++) {
        struct dial_call call;

        dial_call_init(&call);
        call.wanted.host = "127.0.0.1";
        call.wanted.port = (uint16_t)port;
        call.frees_in_prepare = way == 0;
        call.frees_in_done = way == 1;
        dial_call_start(&call);
        for (int i = 0; way < 2 && call.dial && i < TURNS; i++)
            dial_call_turn(&call);
        if (way == 3)
            dial_call_turn(&call);
        if (call.dial)
            dial_call_drop(&call);
        is_int(call.done, way == 1, "given up %s: done is called", ways[way]);
        dial_call_end(&call, ways[way]);
        clients[way] = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
    }
    for (int way = 0; way < 4; way++)
        if (clients[way] >= 0)
            close(clients[way]);
    close(fd);
}

static void skipped(void)
{
    struct dial_call call;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, true, &port);

    dial_call_init(&call);
    call.wanted.host = "127.0.0.1";
    call.wanted.port = (uint16_t)port;
    call.skips = 1;
    dial_call_run(&call);
    ok(call.done == 1 && !call.reached, "a socket that is not wanted: in vain");
    is_int(call.fault.os, ECANCELED, "it was skipped");
    dial_call_end(&call, "not wanted");
    close(fd);
}

/* ---- no memory --------------------------------------------------- */

/* By SRV, with the n-th allocation failing: reached, in vain, or not begun. */
static bool starved_once(unsigned port, unsigned long n)
{
    long held = dial_blocks.held;
    int files = dial_open_files();
    struct dial_call call;
    bool failed, good;

    dial_call_init(&call);
    call.wanted.domain = "a.test";
    call.wanted.service = SERVICE;
    dial_call_know(&call, SERVICE ".a.test", NAME_SERVER_SRV,
                   NAME_SERVER_ANSWER, "b.test", port);
    dial_call_know(&call, "b.test", NAME_SERVER_A, NAME_SERVER_ANSWER,
                   "127.0.0.1", 0);
    failmem_arm(&dial_blocks, n, 0);
    dial_call_run(&call);
    failed = dial_blocks.failed > 0;
    dial_blocks.fail_at = 0;
    good = call.dial ? call.done == 1 : call.done == 0 && failed;
    if (call.done && !call.reached)
        good = good && failed &&
               (call.fault.code == XMPP_EMEM || call.fault.code == XMPP_EDNS ||
                call.fault.code == XMPP_ENOHOST);
    dial_call_drop(&call);
    name_server_close(&call.dns);
    arena_drain(&dial_env);
    if (!good || dial_blocks.held > held || dial_open_files() != files) {
        ok(false, "the %lu-th: done %d, reached %d, %ld blocks, %d files", n,
           call.done, call.reached, dial_blocks.held - held,
           dial_open_files() - files);
        return false;
    }
    return failed;
}

static void starved(void)
{
    unsigned long n = 0;
    unsigned port = 0;
    int fd = dial_peer_open(AF_INET, true, &port), client;

    starved_once(port, 0); /* what the dial_loop keeps for ever is there now */
    while (starved_once(port, ++n))
        while ((client = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0)
            close(client);
    ok(n > 3, "each of %lu allocations fails in turn", n - 1);
    close(fd);
}

int main(void)
{
    dial_testbed_begin();
    refused();
    silent();
    refused_and_silent();
    refused_and_late();
    no_address();
    given_up();
    skipped();
    starved();
    dial_testbed_end();
    return done_testing();
}
