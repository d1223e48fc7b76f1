/* judge.c - the server's half of SCRAM (RFC 5802), honest or not. */

#include "talk/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"

#define SALT "0123456789abcdef"

static enum digest digest_of(const struct judge *j)
{
    if (strstr(j->mechanism, "SHA-512"))
        return DIGEST_SHA512;
    return strstr(j->mechanism, "SHA-256") ? DIGEST_SHA256 : DIGEST_SHA1;
}

/* The text of the element at the start, decoded. */
static bool element_text(struct str sent, const char *name, char *out, size_t n)
{
    const char *end = memchr(sent.s, '>', sent.n), *stop;
    size_t got = 0;

    if (sent.n < strlen(name) + 1 ||
        memcmp(sent.s + 1, name, strlen(name)) != 0 || !end)
        return false;
    end++;
    stop = memchr(end, '<', (size_t)(sent.s + sent.n - end));
    if (!stop || BASE64_MOST((size_t)(stop - end)) >= n ||
        !base64_decode(out, &got, str_n(end, (size_t)(stop - end))))
        return false;
    out[got] = '\0';
    return true;
}

bool judge_read_auth(struct judge *j, struct str sent)
{
    char message[JUDGE_MOST];
    const char *name = sent.n ? strstr(sent.s, "mechanism=\"") : NULL;

    memset(j, 0, sizeof(*j));
    if (!name || sscanf(name, "mechanism=\"%31[^\"]\"", j->mechanism) != 1 ||
        !element_text(sent, "auth", message, sizeof(message)))
        return false;
    /* gs2-cbind-flag is n or y here, and there is no authzid */
    if (strncmp(message, "n,,", 3) != 0 && strncmp(message, "y,,", 3) != 0)
        return false;
    snprintf(j->client_first, sizeof(j->client_first), "%s", message + 3);
    return strncmp(j->client_first, "n=", 2) == 0;
}

static void element(char *out, size_t n, const char *name, const char *message)
{
    char text[BASE64_SIZE(JUDGE_MOST)];

    base64_encode(text, message, strlen(message));
    snprintf(out, n, "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</%s>",
             name, text, name);
}

void judge_challenge(struct judge *j, const char *how, const char *password,
                     char *out, size_t n)
{
    const char *nonce = strstr(j->client_first, ",r=");
    unsigned iterations = 4096;
    char salt[64];

    sscanf(how, "iterations %u", &iterations);
    base64_encode(salt, SALT, strlen(SALT));
    snprintf(j->server_first, sizeof(j->server_first), "%sr=%.400s%s,s=%s,i=%u",
             strcmp(how, "mandatory") == 0 ? "m=x," : "",
             strcmp(how, "nonce") == 0 || !nonce ? "other" : nonce + 3,
             strcmp(how, "nonce-same") == 0 ? "" : "server",
             strcmp(how, "salt") == 0 ? "***" : salt, iterations);
    if (strcmp(how, "garbage") == 0)
        snprintf(j->server_first, sizeof(j->server_first), "hello");
    if (iterations <= 1000000)
        crypt_pbkdf2(digest_of(j), str_of(password), STR(SALT),
                     iterations ? iterations : 1, j->salted);
    element(out, n, "challenge", j->server_first);
}

static void make_auth(const struct judge *j, char *out, size_t n)
{
    snprintf(out, n, "%s,%s,c=biws,r=%.*s", j->client_first, j->server_first,
             (int)strcspn(j->server_first + 2, ","), j->server_first + 2);
}

bool judge_check(struct judge *j, struct str sent)
{
    unsigned char key[64], stored[64], signature[64], proof[64];
    char message[JUDGE_MOST], auth[3 * JUDGE_MOST], *p;
    enum digest d = digest_of(j);
    size_t n = digest_size(d), got;

    if (!element_text(sent, "response", message, sizeof(message)))
        return false;
    p = strstr(message, ",p=");
    if (!p || strncmp(message, "c=biws,r=", 9) != 0 ||
        strlen(p + 3) > BASE64_SIZE(64) ||
        !base64_decode(proof, &got, str_of(p + 3)) || got != n)
        return false;
    make_auth(j, auth, sizeof(auth));
    crypt_hmac(d, j->salted, n, "Client Key", 10, key);
    crypt_hash(d, key, n, stored);
    crypt_hmac(d, stored, n, auth, strlen(auth), signature);
    for (size_t i = 0; i < n; i++)
        if ((key[i] ^ signature[i]) != proof[i])
            return false;
    return true;
}

void judge_final(struct judge *j, const char *how, char *out, size_t n)
{
    unsigned char key[64], signature[64];
    char auth[3 * JUDGE_MOST], text[BASE64_SIZE(64)], message[128];
    enum digest d = digest_of(j);
    size_t size = digest_size(d);

    make_auth(j, auth, sizeof(auth));
    crypt_hmac(d, j->salted, size, "Server Key", 10, key);
    crypt_hmac(d, key, size, auth, strlen(auth), signature);
    signature[0] ^= strcmp(how, "wrong") == 0;
    base64_encode(text, signature, size);
    snprintf(message, sizeof(message), "v=%s", text);
    if (strcmp(how, "error") == 0)
        snprintf(message, sizeof(message), "e=other-error");
    if (strcmp(how, "bare") == 0)
        snprintf(out, n, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    else
        element(out, n, strcmp(how, "challenge") == 0 ? "challenge" : "success",
                message);
}
