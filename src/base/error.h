/* error.h - why something failed, recorded once and without allocation. */

#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#include <xmpp/error.h>

#include "base/str.h"

/* The first failure of a connection. Zeroed means that nothing failed. It is
 * filled in where the failure is noticed, by pointer, and is not overwritten:
 * whatever fails afterwards is a consequence of the first failure. */
struct fault {
    xmpp_layer_t layer;
    int code;
    int os;             /* errno or TLS code, 0 if none */
    bool is_lasting;    /* a retry would fail again, whatever the code */
    char condition[48]; /* the peer's */
    char text[256];     /* the peer's, cut at a character boundary */
    char detail[256];   /* ours, for a person; may be empty */
};

static inline bool fault_is_set(const struct fault *fault)
{
    return fault->code != 0;
}

/* Record a failure. No effect if one is recorded already. `fmt` may be NULL.
 * Returns the code that is recorded. */
int fault_set(struct fault *fault, xmpp_layer_t layer, int code,
              const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same, with the condition and the text that the peer sent; either may be
 * STR_NONE. */
int fault_set_peer(struct fault *fault, xmpp_layer_t layer, int code,
                   struct str condition, struct str text);

/* Append to `detail` of a fault that was just set. */
void fault_add(struct fault *fault, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Add an errno or TLS code to a fault just set. */
void fault_set_os(struct fault *fault, int os);

/* Whether the same attempt may succeed later. `served`: the server had granted
 * a session before the failure. `known`: so had it an earlier attempt. */
xmpp_retry_t fault_retry(const struct fault *fault, bool served, bool known);

/* One line for a person: layer, text of the code, the peer's words, detail. */
void fault_describe(const struct fault *fault, char *out, size_t n);

#endif
