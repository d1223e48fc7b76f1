/* testbed.h - a connection under test: what it was told, and its memory. */

#ifndef TESTS_CONN_TESTBED_H
#define TESTS_CONN_TESTBED_H

#include <stdbool.h>

#include <xmpp/xmpp.h>

#include "conn/fake_server.h"
#include "conn/memory_server.h"
#include "failmem.h"
#include "tap.h"

#define TESTBED_SERVERS 8

struct testbed {
    struct failmem memory;
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    struct fake_server *peer;

    bool is_virtual; /* without sockets and time, see testbed_make_virtual() */
    struct memory_server *server, *servers[TESTBED_SERVERS];
    size_t served;

    int ups, downs, raw_ups; /* how often each event was told */
    int error;               /* of the last DISCONNECT */
    xmpp_error_type_t stream_error;
    bool had_stream_error;

    /* Called in the connection handler after counting; may be NULL. */
    void (*on_event)(struct testbed *testbed, xmpp_conn_event_t event);
    int count;     /* for the test's own use */
    void *pointer; /* likewise */
};

/* A context and an anonymous connection that takes no TLS. */
void testbed_make(struct testbed *testbed);

/* The same with a server in memory (conn/memory_server.h) in place of a socket
 * and a thread, and with a virtual clock: a wait takes no time. */
void testbed_make_virtual(struct testbed *testbed);

/* The same with another log than one that only looks at its lines. */
void testbed_make_log(struct testbed *testbed, const xmpp_log_t *log);

/* The same with TLS, which trusts the certificates of this file only. */
void testbed_make_secured(struct testbed *testbed, const char *ca_file);

/* For on_event: the connection is ended as soon as it is up. */
void testbed_close_when_up(struct testbed *testbed, xmpp_conn_event_t event);

/* Release all; says by assertions whether memory is clean. A connection that
 * the test released has to be set to NULL. */
void testbed_free(struct testbed *testbed, const char *what);

/* Start the peer. Or start it and connect to it; or connect to it again. */
void testbed_serve(struct testbed *testbed, const char *const *script);
void testbed_connect(struct testbed *testbed, const char *const *script);
void testbed_connect_again(struct testbed *testbed);

/* The handler that counts; the userdata is the testbed. */
void testbed_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata);

/* Run until *number reaches `want`; asserts that it does. */
void testbed_until(struct testbed *testbed, const int *number, int want,
                   const char *what);

/* Join the peer, which may stand anywhere in its script: at this line, NULL at
 * the end. */
const char *testbed_peer_end(struct testbed *testbed);

/* Join the peer and assert that it went by its script. */
void testbed_peer_done(struct testbed *testbed, const char *what);

/* Each allocation fails in turn while `set` makes its settings and an attempt
 * is begun with them: it succeeds or reports XMPP_EMEM, and leaves nothing. */
void testbed_squeeze(const xmpp_log_t *log,
                     int (*set)(struct testbed *testbed));

/* Assert why it ended. */
void testbed_failed(struct testbed *testbed, xmpp_layer_t layer, int code,
                    const char *what);

/* The same of a connection that is to end now: its message has these words. */
void testbed_fails_so(struct testbed *testbed, xmpp_layer_t layer, int code,
                      const char *words, const char *what);

/* It comes up, and is ended then without a failure; the peer and all the rest
 * are freed. */
void testbed_ends_well(struct testbed *testbed, const char *what);

#endif
