/* comeback.h - a connection that comes back by itself, and what its application
 * heard. */

#ifndef TESTS_CONN_COMEBACK_H
#define TESTS_CONN_COMEBACK_H

#include <stdint.h>

#include "conn/ctx.h"
#include "conn/fate.h"
#include "net/memory.h"

/* The lots that the library draws; LONGEST: it gets no random bytes. The test
 * is linked with --wrap=crypt_random. */
enum lots { LONGEST, SHORTEST, REAL };
extern enum lots lots;

/* What the application heard. */
struct comeback {
    struct testbed testbed;
    struct memory_host nobody; /* refuses everybody */
    int lasts;                 /* events that no attempt follows */
    int late;                  /* events that came after the last one */
    unsigned attempt;          /* of the last event */
    unsigned long wait;
    uint64_t down_at;
    void (*act)(struct comeback *comeback, xmpp_conn_event_t event);
    int number; /* for the test's own use */
};

/* Without a script nobody is reached. */
void comeback_begin(struct comeback *d, const char *const *script);
/* The handler; its userdata is the comeback. */
void comeback_on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                       xmpp_stream_error_t *stream_error, void *userdata);
void comeback_connect(struct comeback *d);
void comeback_end(struct comeback *d, const char *what);

/* Run until the n-th DISCONNECT; let so much time pass. */
void comeback_until_down(struct comeback *d, int n);
void comeback_pass(struct comeback *d, uint64_t ms);

uint64_t comeback_now(const struct comeback *d);

#endif
