/* proxy.h - stages that go by a proxy: SOCKS 5 (RFC 1928, with RFC 1929) and
 * HTTP CONNECT (RFC 9110 section 9.3.6).
 *
 * The proxy gets the host of the target by name and looks it up itself. */

#ifndef NET_PROXY_H
#define NET_PROXY_H

#include "base/env.h"
#include "net/pipe.h"
#include "net/target.h"

/* Both methods have room for so much (RFC 1929 section 2). */
#define PROXY_NAME_MOST 255

struct proxy {
    enum { PROXY_SOCKS5, PROXY_HTTP } kind;
    char host[DNS_NAME_SIZE]; /* where it is dialled, as in a target */
    unsigned port;
    bool has_user;
    char user[PROXY_NAME_MOST + 1]; /* secrets, like the password */
    char password[PROXY_NAME_MOST + 1];
};

/* A stage on top of `below`, for the target's proxy. Its faults have the layer
 * XMPP_LAYER_PROXY. Everything that comes behind the proxy's answer is for the
 * stage above. NULL when memory is out, or with a fault. */
struct stage *socks_stage_new(const struct env *env, struct stage *below,
                              const struct target *target, struct fault *fault);
struct stage *connect_stage_new(const struct env *env, struct stage *below,
                                const struct target *target,
                                struct fault *fault);

#endif
