/* targets_testbed.c - a connection to a domain with several targets, in memory.
 */

#include "conn/targets_testbed.h"

#include <xmpp/dial.h>

void targets_meet(struct testbed *testbed, unsigned targets, unsigned refused,
                  const char *const *script)
{
    testbed_serve(testbed, script);
    memory_server_set_targets(testbed->server, targets, refused);
    is_int(
        xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler, testbed),
        0, "started");
}

void targets_failed(struct testbed *testbed, size_t index, const char *host,
                    xmpp_layer_t layer, int code)
{
    const xmpp_target_failure_t *f =
        xmpp_conn_get_target_failure(testbed->conn, index);

    if (!ok(f != NULL, "  target %zu failed", index))
        return;
    is_str(f->host, host, "  its name");
    is_int(f->layer, layer, "  its layer");
    is_int(f->code, code, "  its code");
    ok(f->address[0] && f->message[0], "  its words: %s", f->message);
}

void targets_no_more(struct testbed *testbed, size_t count)
{
    ok(!xmpp_conn_get_target_failure(testbed->conn, count),
       "  and no other target failed");
}

void targets_end(struct testbed *testbed, const char *what)
{
    testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}
