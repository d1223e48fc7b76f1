/* fast_token.h - what a server gave us to log in by, next time (XEP-0484). */

#ifndef SASL_FAST_TOKEN_H
#define SASL_FAST_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "sasl/binding.h"

struct mechanism;

#define FAST_TOKEN_MOST 1024 /* bytes of one that is kept */

/* It serves with this one mechanism, which says to what it is bound. `count`
 * tells how often it was used: a server that sees a number twice sees a
 * replay. A secret. */
struct fast_token {
    const struct mechanism *mechanism;
    enum binding binding;
    uint64_t expiry; /* seconds since 1970, 0: not said */
    unsigned long count;
    size_t n;
    char text[FAST_TOKEN_MOST];
};

/* False if it is none that can be used: empty, too long, or no UTF-8. */
bool fast_token_set(struct fast_token *token, const struct mechanism *mechanism,
                    struct str text, uint64_t expiry);

/* As a line for the application to keep: "1 romeo@example.org HT-SHA-256-EXPR
 * 1767225600 0 TOKEN", the last in base64; fits into FAST_TOKEN_LINE_SIZE
 * bytes, given an account of at most FAST_TOKEN_ACCOUNT_MOST. */
#define FAST_TOKEN_ACCOUNT_MOST 2047
#define FAST_TOKEN_LINE_SIZE 4096
void fast_token_write(const struct fast_token *token, struct str account,
                      char *out, size_t n);

/* False if it is no such line. *ret_account is a view into it. */
bool fast_token_read(struct fast_token *token, struct str line,
                     struct str *ret_account);

/* Is it too late for it? `now` as `expiry`. */
bool fast_token_is_expired(const struct fast_token *token, uint64_t now);

#endif
