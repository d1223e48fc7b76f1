/* judge.c - the server's half of SCRAM (RFC 5802), honest or not. */

#include "talk/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"

#define SALT "0123456789abcdef"
#define SALT_NEW "fedcba9876543210"

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

/* The client's first message, after base64. */
static bool read_first(struct judge *j, const char *message, const char *flag)
{
    size_t n = (size_t)snprintf(j->header, sizeof(j->header), "%.64s,,", flag);

    if (strncmp(message, j->header, n) != 0)
        return false;
    snprintf(j->client_first, sizeof(j->client_first), "%s", message + n);
    return strncmp(j->client_first, "n=", 2) == 0;
}

bool judge_read_auth(struct judge *j, struct str sent, const char *want)
{
    char message[JUDGE_MOST], wanted[256], flag[64] = "y";
    const char *name = sent.n ? strstr(sent.s, "mechanism=\"") : NULL;
    struct str bound = j->bound;

    memset(j, 0, sizeof(*j));
    j->bound = bound;
    sscanf(want, "%255s %63s", wanted, flag);
    if (!name || sscanf(name, "mechanism=\"%31[^\"]\"", j->mechanism) != 1 ||
        strcmp(j->mechanism, wanted) != 0 ||
        !element_text(sent, "auth", message, sizeof(message)))
        return false;
    return read_first(j, message, flag);
}

bool judge_read_initial(struct judge *j, struct str initial,
                        const char *mechanism, const char *flag)
{
    char message[JUDGE_MOST];
    size_t n = 0;

    *j = (struct judge){.sasl2 = true, .bound = j->bound};
    snprintf(j->mechanism, sizeof(j->mechanism), "%.31s", mechanism);
    if (BASE64_MOST(initial.n) >= sizeof(message) ||
        !base64_decode(message, &n, initial))
        return false;
    message[n] = '\0';
    return read_first(j, message, flag);
}

static void element(const struct judge *j, char *out, size_t n,
                    const char *name, const char *message)
{
    char text[BASE64_SIZE(JUDGE_MOST)];

    base64_encode(text, message, strlen(message));
    snprintf(out, n, "<%s xmlns='%s'>%s</%s>", name,
             j->sasl2 ? "urn:xmpp:sasl:2" : "urn:ietf:params:xml:ns:xmpp-sasl",
             text, name);
}

/* ",h=" and the hash of a list as talks write it. */
static void put_offer(const struct judge *j, const char *list, char *out,
                      size_t n)
{
    unsigned char hash[64];
    char copy[JUDGE_MOST], text[BASE64_SIZE(64)];
    enum digest d = digest_of(j);

    snprintf(copy, sizeof(copy), "%s", list);
    for (char *c = copy; *c; c++)
        *c = *c == '~' ? '\x1e' : *c == '|' ? '\x1f' : *c;
    crypt_hash(d, copy, strlen(copy), hash);
    base64_encode(text, hash, digest_size(d));
    snprintf(out, n, ",h=%s", text);
}

void judge_challenge(struct judge *j, const char *how, const char *password,
                     char *out, size_t n)
{
    const char *nonce = strstr(j->client_first, ",r=");
    const char *salt = strcmp(how, "salt-new") == 0 ? SALT_NEW : SALT;
    struct crypt_stretch stretch = {0};
    unsigned iterations = 4096;
    char text[64], end[JUDGE_MOST] = "";

    sscanf(how, "iterations %u", &iterations);
    base64_encode(text, salt, strlen(salt));
    if (strncmp(how, "offer ", 6) == 0)
        put_offer(j, how + 6, end, sizeof(end));
    if (strncmp(how, "extra ", 6) == 0)
        snprintf(end, sizeof(end), ",%.500s", how + 6);
    snprintf(j->server_first, sizeof(j->server_first),
             "%sr=%.200s%s,s=%s,i=%u%.500s",
             strcmp(how, "mandatory") == 0 ? "m=x," : "",
             strcmp(how, "nonce") == 0 || !nonce ? "other" : nonce + 3,
             strcmp(how, "nonce-same") == 0  ? ""
             : strcmp(how, "nonce-del") == 0 ? "\x7f"
                                             : "server",
             strcmp(how, "salt") == 0 ? "***" : text, iterations, end);
    if (strcmp(how, "garbage") == 0)
        snprintf(j->server_first, sizeof(j->server_first), "hello");
    if (iterations <= 1000000 &&
        crypt_stretch_begin(&stretch, digest_of(j), str_of(password),
                            str_of(salt), iterations ? iterations : 1)) {
        crypt_stretch_go(&stretch, iterations);
        memcpy(j->salted, stretch.out, sizeof(j->salted));
    }
    crypt_stretch_end(&stretch);
    element(j, out, n, "challenge", j->server_first);
}

/* "c=...,r=...": the header and, with channel binding, the channel. */
static void make_unproven(const struct judge *j, char *out, size_t n)
{
    char input[512], text[BASE64_SIZE(512)];
    size_t size = (size_t)snprintf(input, sizeof(input), "%s", j->header);

    if (j->header[0] == 'p') {
        memcpy(input + size, j->bound.s, j->bound.n);
        size += j->bound.n;
    }
    base64_encode(text, input, size);
    snprintf(out, n, "c=%s,r=%.*s", text,
             (int)strcspn(j->server_first + 2, ","), j->server_first + 2);
}

static void make_auth(const struct judge *j, char *out, size_t n)
{
    char unproven[2 * JUDGE_MOST];

    make_unproven(j, unproven, sizeof(unproven));
    snprintf(out, n, "%s,%s,%s", j->client_first, j->server_first, unproven);
}

bool judge_check(struct judge *j, struct str sent)
{
    unsigned char key[64], stored[64], signature[64], proof[64];
    char message[JUDGE_MOST], auth[5 * JUDGE_MOST], *p;
    char unproven[2 * JUDGE_MOST];
    enum digest d = digest_of(j);
    size_t n = digest_size(d), got;

    if (!element_text(sent, "response", message, sizeof(message)))
        return false;
    make_unproven(j, unproven, sizeof(unproven));
    p = strstr(message, ",p=");
    if (!p || strncmp(message, unproven, strlen(unproven)) != 0 ||
        p != message + strlen(unproven) || strlen(p + 3) > BASE64_SIZE(64) ||
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

static void make_final(struct judge *j, const char *how, char *out, size_t n)
{
    unsigned char key[64], signature[64];
    char auth[5 * JUDGE_MOST], text[BASE64_SIZE(64)];
    enum digest d = digest_of(j);
    size_t size = digest_size(d);

    make_auth(j, auth, sizeof(auth));
    crypt_hmac(d, j->salted, size, "Server Key", 10, key);
    crypt_hmac(d, key, size, auth, strlen(auth), signature);
    signature[0] ^= strcmp(how, "wrong") == 0;
    base64_encode(text, signature, size);
    snprintf(out, n, "v=%s", text);
    if (strncmp(how, "error ", 6) == 0)
        snprintf(out, n, "e=%.100s", how + 6);
}

void judge_final(struct judge *j, const char *how, char *out, size_t n)
{
    char message[128];

    make_final(j, how, message, sizeof(message));
    if (strcmp(how, "bare") == 0)
        snprintf(out, n, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    else
        element(j, out, n,
                strcmp(how, "challenge") == 0 ? "challenge" : "success",
                message);
}

void judge_final_data(struct judge *j, const char *how, char *out, size_t n)
{
    char message[128], text[BASE64_SIZE(128)];

    make_final(j, how, message, sizeof(message));
    base64_encode(text, message, strlen(message));
    snprintf(out, n, "%s", strcmp(how, "bare") == 0 ? "" : text);
}
