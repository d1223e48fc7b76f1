/* error.h - what went wrong, told once and kept without allocation. */

#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#include <xmpp/error.h>

#include "base/str.h"

/* The first failure of a connection. Zeroed means none. It is filled in
 * where the thing failed and travels up by pointer; the first telling wins,
 * for what fails afterwards is a consequence. */
struct fault {
    xmpp_layer_t layer;
    int code;
    int os;             /* errno or TLS code, 0 if none */
    bool is_lasting;    /* a retry would meet the same, whatever the code */
    char condition[48]; /* the peer's */
    char text[256];     /* the peer's, cut at a character boundary */
    char detail[256];   /* ours, for a person; may be empty */
};

static inline bool fault_is_set(const struct fault *fault)
{
    return fault->code != 0;
}

/* Tell what failed; without effect if something failed before. `fmt` may be
 * NULL. Returns the code in force. */
int fault_set(struct fault *fault, xmpp_layer_t layer, int code,
              const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same with what the peer said about it; either may be STR_NONE. */
int fault_set_peer(struct fault *fault, xmpp_layer_t layer, int code,
                   struct str condition, struct str text);

/* Add to what is told to a person of a fault just set. */
void fault_add(struct fault *fault, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Add an errno or TLS code to a fault just set. */
void fault_set_os(struct fault *fault, int os);

/* Can the same attempt succeed later? `served`: there was a session before it
 * failed. */
bool fault_may_retry(const struct fault *fault, bool served);

/* One sentence for a person: layer, code, what the peer said, detail. */
void fault_describe(const struct fault *fault, char *out, size_t n);

#endif
