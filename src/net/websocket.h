/* websocket.h - WebSocket as a stage of a pipe (RFC 6455): bytes that travel in
 * text messages.
 *
 * The stages above and below see bytes. Where a message begins and ends, and
 * what stands in it, is known to its content alone. */

#ifndef NET_WEBSOCKET_H
#define NET_WEBSOCKET_H

#include "base/buf.h"
#include "base/env.h"
#include "net/pipe.h"

/* How the bytes above become messages, and back. */
struct websocket_content {
    /* Take bytes that are to be sent; what they mean in a message is appended
     * to `payload`. Returns how many were taken: all, or as many as there are
     * to the end of a message, and *ret_ends is set. If memory is out,
     * `payload` has failed. */
    size_t (*put)(struct websocket_content *content, struct str bytes,
                  struct buf *payload, bool *ret_ends);
    /* A piece of a message that came; what it means is appended to `in`. 0;
     * XMPP_EMEM; XMPP_EPROTO, and *ret_why is a sentence fragment. */
    int (*get)(struct websocket_content *content, struct str piece, bool begins,
               bool ends, struct buf *in, const char **ret_why);
};

/* Borrowed for the call, but for the content, which outlives the stage. */
struct websocket_wanted {
    const char *host;     /* for the field Host: with its port, where it differs
                             from the scheme's */
    const char *path;     /* with its query; from '/' on */
    const char *protocol; /* to be agreed on: "xmpp" */
    struct websocket_content *content;
};

/* A stage on top of `below`. Its faults have the layer XMPP_LAYER_WEBSOCKET.
 * NULL when memory is out, or with a fault. */
struct stage *websocket_stage_new(const struct env *env, struct stage *below,
                                  const struct websocket_wanted *wanted,
                                  struct fault *fault);

/* ---- the upgrade (section 4) ------------------------------------- */

struct http;

#define WEBSOCKET_ACCEPT_SIZE 32 /* SHA-1 in base64, and the NUL */

/* Append the request; `accept` is what the answer has to have. False if there
 * is no randomness. */
bool websocket_request(const struct websocket_wanted *wanted, struct buf *out,
                       char accept[WEBSOCKET_ACCEPT_SIZE]);

/* Does the answer agree to it? `why` is why there is none, or NULL. If not, the
 * fault is set. */
bool websocket_agrees(const struct http *http, const char *accept,
                      const char *protocol, const char *why,
                      struct fault *fault);

#endif
