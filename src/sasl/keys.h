/* keys.h - what SCRAM makes of a password, kept instead of it. */

#ifndef SASL_KEYS_H
#define SASL_KEYS_H

#include <stdbool.h>

#include "base/crypt.h"
#include "base/str.h"

#define SALT_MOST 128 /* bytes of a salt that keys are kept for */

/* They log in to this server, for this hash, salt and count of iterations, and
 * nowhere else; the password cannot be had from them. `is_set`: there are any.
 */
struct scram_keys {
    bool is_set;
    enum digest digest;
    unsigned long iterations;
    size_t salt_n;
    unsigned char salt[SALT_MOST];
    unsigned char client[DIGEST_MOST], server[DIGEST_MOST];
};

/* As a line for the application to keep: "1 SCRAM-SHA-256 4096 SALT CLIENT
 * SERVER", the last three in base64; fits into KEYS_SIZE bytes. */
#define KEYS_SIZE 512
void keys_write(const struct scram_keys *keys, char *out, size_t n);

/* False if it is no such line. */
bool keys_read(struct scram_keys *keys, struct str line);

/* Are they for this? */
bool keys_fit(const struct scram_keys *keys, enum digest digest,
              struct str salt, unsigned long iterations);

#endif
