/* fast_token.h - a token that a server gave us for the next login (XEP-0484).
 */

#ifndef SASL_FAST_TOKEN_H
#define SASL_FAST_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "sasl/binding.h"

struct mechanism;

#define FAST_TOKEN_MOST 1024 /* bytes; a longer token is not kept */

/* A secret. It works with one mechanism only, to whose channel binding it is
 * bound. `count` is how often it was used: to a server that sees the same
 * number twice the second login is a replay. */
struct fast_token {
    const struct mechanism *mechanism;
    enum binding binding;
    uint64_t expiry; /* seconds since 1970, 0 if unknown */
    unsigned long count;
    size_t n;
    char text[FAST_TOKEN_MOST];
};

/* False if the token cannot be used: it is empty, too long or not UTF-8. */
bool fast_token_set(struct fast_token *token, const struct mechanism *mechanism,
                    struct str text, uint64_t expiry);

/* Write a line that the application may keep: "1 romeo@example.org
 * HT-SHA-256-EXPR 1767225600 0 TOKEN", the last in base64. It fits into
 * FAST_TOKEN_LINE_SIZE bytes if the account has at most
 * FAST_TOKEN_ACCOUNT_MOST. */
#define FAST_TOKEN_ACCOUNT_MOST 2047
#define FAST_TOKEN_LINE_SIZE 4096
void fast_token_write(const struct fast_token *token, struct str account,
                      char *out, size_t n);

/* Read such a line; false if it is not one. *ret_account is a view into it. */
bool fast_token_read(struct fast_token *token, struct str line,
                     struct str *ret_account);

/* `now` is in seconds since 1970. */
bool fast_token_is_expired(const struct fast_token *token, uint64_t now);

#endif
