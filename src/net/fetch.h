/* fetch.h - one GET of HTTP/1.1 (RFC 9110, RFC 9112), over our own stages. */

#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "net/dial.h"
#include "net/http_body.h"
#include "net/proxy.h"
#include "net/tls.h"

#define FETCH_LOCATION_MOST 1024 /* octets of where a response redirects to */

/* What is wanted. Borrowed for the call, but for `proxy`, and what outlives the
 * call in `dial` and `tls`. */
struct fetch_wanted {
    struct dial_wanted dial; /* its host and port: those of the server, or of
                                the proxy */
    const char *host;        /* of the server: a name or an address literal */
    unsigned port;
    const struct proxy *proxy;    /* that leads to the server, or NULL */
    const struct tls_wanted *tls; /* NULL: without; only for tests */
    const char *authority;        /* the field Host */
    const char *path;             /* from its '/' on */
    const char *accept;           /* the field Accept */
    unsigned timeout; /* milliseconds for each server that is reached, until its
                         answer is complete */
};

struct fetch;

/* Called once, from a later turn: with an answer, or with a fault, which is
 * that of the last server that was tried. In it fetch_free() is allowed. */
typedef void (*fetch_done)(void *userdata, struct fetch *fetch);

/* Begin. Servers are tried one after the other, until one answers, whatever it
 * answers; `missed` of the dial is also called for those that were reached.
 * NULL when memory is out. */
struct fetch *fetch_new(struct env *env, struct poll *poll,
                        const struct fetch_wanted *wanted, fetch_done done,
                        void *userdata);

/* ---- afterwards -------------------------------------------------- */

/* Why there is no answer, or NULL. A bad certificate is never asked about. */
const struct fault *fetch_fault(const struct fetch *fetch);

/* The server that was tried last. */
const struct target *fetch_target(const struct fetch *fetch);

unsigned fetch_status(const struct fetch *fetch);
struct str fetch_reason(const struct fetch *fetch);
const char *fetch_location(const struct fetch *fetch); /* or "" */

/* The content, of a response with the status 200 only. */
struct str fetch_content(const struct fetch *fetch);

/* Also while it is under way; then `done` is not called. */
void fetch_free(struct fetch *fetch);

#endif
