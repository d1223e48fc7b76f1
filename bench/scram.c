/* scram.c - the server's side of a login by SCRAM-SHA-1 (RFC 5802). */

#include "scram.h"

#include <gnutls/crypto.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HASH 20
#define MOST 1000 /* bytes of a message */
#define NS "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

static unsigned char stored[HASH], server_key[HASH];

static void hmac(const unsigned char *key, const char *text, unsigned char *out)
{
    gnutls_hmac_fast(GNUTLS_MAC_SHA1, key, HASH, text, strlen(text), out);
}

void scram_prepare(void)
{
    const gnutls_datum_t password = {(unsigned char *)SCRAM_PASSWORD,
                                     strlen(SCRAM_PASSWORD)};
    const gnutls_datum_t salt = {(unsigned char *)SCRAM_SALT,
                                 strlen(SCRAM_SALT)};
    unsigned char salted[HASH], client_key[HASH];

    gnutls_pbkdf2(GNUTLS_MAC_SHA1, &password, &salt, SCRAM_ROUNDS, salted,
                  HASH);
    hmac(salted, "Client Key", client_key);
    hmac(salted, "Server Key", server_key);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, client_key, HASH, stored);
}

/* ---- messages ---------------------------------------------------- */

/* Who fails is cut off. */
static void refuse(struct line *line)
{
    line_close(line);
    pthread_exit(NULL);
}

/* The content of the element that was begun. */
static void take_message(struct line *line, char *message)
{
    gnutls_datum_t text, bytes;
    char *end;

    while (!(end = strchr(line->seen, '<')))
        line_read(line);
    text = (gnutls_datum_t){(unsigned char *)line->seen,
                            (unsigned)(end - line->seen)};
    if (gnutls_base64_decode2(&text, &bytes) < 0 || bytes.size >= MOST)
        refuse(line);
    memcpy(message, bytes.data, bytes.size);
    message[bytes.size] = '\0';
    gnutls_free(bytes.data);
    line_await(line, ">");
}

static void say_message(struct line *line, const char *tag, const char *message)
{
    const gnutls_datum_t bytes = {(unsigned char *)message,
                                  (unsigned)strlen(message)};
    gnutls_datum_t text;
    char element[2 * MOST];

    if (gnutls_base64_encode2(&bytes, &text) < 0)
        refuse(line);
    snprintf(element, sizeof(element), "<%s " NS ">%.*s</%s>", tag,
             (int)text.size, (char *)text.data, tag);
    gnutls_free(text.data);
    line_say(line, element);
}

/* ---- the login --------------------------------------------------- */

/* ClientKey = ClientProof XOR HMAC(StoredKey, AuthMessage), and its hash is
 * what was stored. */
static bool is_proof(const char *base64, const char *auth)
{
    const gnutls_datum_t text = {(unsigned char *)base64,
                                 (unsigned)strlen(base64)};
    unsigned char key[HASH], hash[HASH];
    gnutls_datum_t proof;
    bool is_long_enough;

    if (gnutls_base64_decode2(&text, &proof) < 0)
        return false;
    hmac(stored, auth, key);
    is_long_enough = proof.size == HASH;
    for (int i = 0; i < HASH && is_long_enough; i++)
        key[i] ^= proof.data[i];
    gnutls_free(proof.data);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, key, HASH, hash);
    return is_long_enough && memcmp(hash, stored, HASH) == 0;
}

/* The part of it that both sides sign. */
static const char *bare(const char *first)
{
    const char *at = strchr(first, ',');

    at = at ? strchr(at + 1, ',') : NULL;
    return at ? at + 1 : "";
}

static void say_challenge(struct line *line, const char *first, char *challenge)
{
    const gnutls_datum_t bytes = {(unsigned char *)SCRAM_SALT,
                                  strlen(SCRAM_SALT)};
    const char *nonce = strstr(first, ",r=");
    gnutls_datum_t salt;

    if (!nonce || gnutls_base64_encode2(&bytes, &salt) < 0)
        refuse(line);
    snprintf(challenge, 2 * MOST, "r=%sserver,s=%.*s,i=%d", nonce + 3,
             (int)salt.size, (char *)salt.data, SCRAM_ROUNDS);
    gnutls_free(salt.data);
    say_message(line, "challenge", challenge);
}

static void say_success(struct line *line, const char *auth)
{
    unsigned char signature[HASH];
    const gnutls_datum_t bytes = {signature, HASH};
    gnutls_datum_t text;
    char message[MOST];

    hmac(server_key, auth, signature);
    if (gnutls_base64_encode2(&bytes, &text) < 0)
        refuse(line);
    snprintf(message, sizeof(message), "v=%.*s", (int)text.size,
             (char *)text.data);
    gnutls_free(text.data);
    say_message(line, "success", message);
}

void scram_let_in(struct line *line)
{
    char first[MOST], challenge[2 * MOST], last[MOST], auth[4 * MOST], *proof;

    take_message(line, first);
    say_challenge(line, first, challenge);
    line_await(line, "<response");
    line_await(line, ">");
    take_message(line, last);
    proof = strstr(last, ",p=");
    if (!proof)
        refuse(line);
    *proof = '\0';
    snprintf(auth, sizeof(auth), "%s,%s,%s", bare(first), challenge, last);
    if (!is_proof(proof + 3, auth))
        refuse(line);
    say_success(line, auth);
}
