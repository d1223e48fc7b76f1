/* keys.h - the keys of SCRAM, which can be kept instead of the password. */

#ifndef SASL_KEYS_H
#define SASL_KEYS_H

#include <stdbool.h>

#include "base/crypt.h"
#include "base/str.h"

#define SALT_MOST 128 /* bytes of a salt that keys are kept for */

/* They serve for one server, hash, salt and count of iterations, and the
 * password cannot be derived from them (RFC 5802 section 9). If `is_set` is
 * false there are no keys. */
struct scram_keys {
    bool is_set;
    enum digest digest;
    unsigned long iterations;
    size_t salt_n;
    unsigned char salt[SALT_MOST];
    unsigned char client[DIGEST_MOST], server[DIGEST_MOST];
};

/* Write a line that the application may keep: "1 SCRAM-SHA-256 4096 SALT CLIENT
 * SERVER", the last three in base64. It fits into KEYS_SIZE bytes. */
#define KEYS_SIZE 512
void keys_write(const struct scram_keys *keys, char *out, size_t n);

/* Read such a line; false if it is not one. */
bool keys_read(struct scram_keys *keys, struct str line);

/* Whether the keys are for these parameters; `keys` may be NULL. */
bool keys_fit(const struct scram_keys *keys, enum digest digest,
              struct str salt, unsigned long iterations);

#endif
