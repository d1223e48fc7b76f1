/* keys.c - the keys of SCRAM, which can be kept instead of the password. */

#include "sasl/keys.h"

#include <limits.h>
#include <stdio.h>

#include "base/code.h"

#define VERSION "1" /* of the line; a later one may have more words */

static const struct {
    enum digest digest;
    const char *name;
} rows[] = {
    {DIGEST_SHA1, "SCRAM-SHA-1"},
    {DIGEST_SHA256, "SCRAM-SHA-256"},
    {DIGEST_SHA512, "SCRAM-SHA-512"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *name_of(enum digest digest)
{
    size_t i = 0;

    while (i < ROWS - 1 && rows[i].digest != digest)
        i++;
    return rows[i].name;
}

void keys_write(const struct scram_keys *keys, char *out, size_t n)
{
    size_t size = digest_size(keys->digest);
    char salt[BASE64_SIZE(SALT_MOST)];
    char client[BASE64_SIZE(DIGEST_MOST)], server[BASE64_SIZE(DIGEST_MOST)];

    base64_encode(salt, keys->salt, keys->salt_n);
    base64_encode(client, keys->client, size);
    base64_encode(server, keys->server, size);
    snprintf(out, n, "%s %s %lu %s %s %s", VERSION, name_of(keys->digest),
             keys->iterations, salt, client, server);
    crypt_wipe(client, sizeof(client));
    crypt_wipe(server, sizeof(server));
}

/* Decode the next word, of at most `most` bytes. `out` has room for two more:
 * BASE64_MOST does not know the padding. */
static bool read_bytes(struct str *line, void *out, size_t most, size_t *ret_n)
{
    struct str word = str_word(line);

    return word.n > 0 && BASE64_MOST(word.n) <= most + 2 &&
           base64_decode(out, ret_n, word) && *ret_n > 0 && *ret_n <= most;
}

static bool read_digest(struct str *line, enum digest *ret)
{
    struct str word = str_word(line);

    for (size_t i = 0; i < ROWS; i++)
        if (str_is(word, rows[i].name)) {
            *ret = rows[i].digest;
            return true;
        }
    return false;
}

/* A line of an application is input like any other: sizes have to fit the hash.
 */
bool keys_read(struct scram_keys *keys, struct str line)
{
    unsigned char salt[SALT_MOST + 2], client[DIGEST_MOST + 2],
        server[DIGEST_MOST + 2];
    struct scram_keys read = {.is_set = true};
    size_t client_n = 0, server_n = 0;
    bool good = str_is(str_word(&line), VERSION) &&
                read_digest(&line, &read.digest) &&
                str_number(str_word(&line), UINT_MAX, &read.iterations) &&
                read_bytes(&line, salt, SALT_MOST, &read.salt_n) &&
                read_bytes(&line, client, DIGEST_MOST, &client_n) &&
                read_bytes(&line, server, DIGEST_MOST, &server_n) &&
                client_n == digest_size(read.digest) && server_n == client_n &&
                !str_word(&line).s;

    /* a line that is not valid changes nothing */
    if (good) {
        memcpy(read.salt, salt, read.salt_n);
        memcpy(read.client, client, client_n);
        memcpy(read.server, server, server_n);
        *keys = read;
    }
    crypt_wipe(client, sizeof(client));
    crypt_wipe(server, sizeof(server));
    crypt_wipe(&read, sizeof(read));
    return good;
}

/* If the server changed any of these, the keys belong to what it had before. */
bool keys_fit(const struct scram_keys *keys, enum digest digest,
              struct str salt, unsigned long iterations)
{
    return keys && keys->is_set && keys->digest == digest &&
           keys->iterations == iterations &&
           str_eq(salt, str_n((const char *)keys->salt, keys->salt_n));
}
