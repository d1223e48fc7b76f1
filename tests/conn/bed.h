/* bed.h - a connection under test: what it was told, and its memory. */

#ifndef TESTS_CONN_BED_H
#define TESTS_CONN_BED_H

#include <stdbool.h>

#include <xmpp/xmpp.h>

#include "conn/peer.h"
#include "failmem.h"
#include "tap.h"

struct bed {
    struct failmem memory;
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    struct peer *peer;

    int ups, downs, raw_ups; /* how often each event was told */
    int error;               /* of the last DISCONNECT */
    xmpp_error_type_t stream_error;
    bool had_stream_error;

    /* Called in the connection handler after counting; may be NULL. */
    void (*on_event)(struct bed *bed, xmpp_conn_event_t event);
    int count;     /* for the test's own use */
    void *pointer; /* likewise */
};

/* A context and an anonymous connection that takes no TLS. */
void bed_make(struct bed *bed);

/* The same with another log than one that only looks at its lines. */
void bed_make_log(struct bed *bed, const xmpp_log_t *log);

/* The same with TLS, which trusts the certificates of this file only. */
void bed_make_secured(struct bed *bed, const char *ca_file);

/* For on_event: the connection is ended as soon as it is up. */
void bed_close_when_up(struct bed *bed, xmpp_conn_event_t event);

/* Release all; says by assertions whether memory is clean. A connection that
 * the test released has to be set to NULL. */
void bed_free(struct bed *bed, const char *what);

/* Start the peer and connect to it. */
void bed_connect(struct bed *bed, const char *const *script);
void bed_connect_again(struct bed *bed);

/* The handler that counts; the userdata is the bed. */
void bed_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                 xmpp_stream_error_t *stream_error, void *userdata);

/* Run until *number reaches `want`; asserts that it does. */
void bed_until(struct bed *bed, const int *number, int want, const char *what);

/* Join the peer and assert that it went by its script. */
void bed_peer_done(struct bed *bed, const char *what);

/* Each allocation fails in turn while `set` makes its settings and an attempt
 * is begun with them: it succeeds or reports XMPP_EMEM, and leaves nothing. */
void bed_squeeze(const xmpp_log_t *log, int (*set)(struct bed *bed));

/* Assert why it ended. */
void bed_failed(struct bed *bed, xmpp_layer_t layer, int code,
                const char *what);

#endif
