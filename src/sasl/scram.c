/* scram.c - SCRAM (RFC 5802, RFC 7677) without channel binding. */

#include "sasl/scram.h"

#include "address/saslprep.h"
#include "base/code.h"
#include "base/crypt.h"
#include "sasl/mechanisms.h"

#define NONCE_BYTES 24
#define GS2_HEADER "n,,"     /* we do no channel binding, and say so */
#define GS2_BASE64 "biws"    /* the same in base64 */
#define MESSAGE_MOST 65536   /* our own messages */

enum progress {
    SCRAM_ASKED,   /* client-first is out */
    SCRAM_PROVEN,  /* client-final is out, `expected` is known */
    SCRAM_VERIFIED /* the server knows the password too */
};

struct scram {
    enum progress progress;
    char *first;  /* client-first-message-bare */
    size_t nonce; /* where our nonce begins in it */
    unsigned char expected[DIGEST_MOST]; /* the server's signature */
};

/* What the server said first; views into its message. */
struct server_first {
    struct str nonce, salt;
    unsigned long iterations;
};

static struct scram *scram_of(struct sasl *sasl)
{
    return sasl->state;
}

static enum digest digest_of(const struct sasl *sasl)
{
    return (enum digest)sasl->mechanism->digest;
}

static int bad(struct sasl *sasl, const char *what)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECHALLENGE, "%s: %s",
                     sasl->mechanism->name, what);
}

static int lack(struct sasl *sasl, int rc)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, rc, NULL);
}

/* ---- the first message ------------------------------------------------ */

static void put_name(struct buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == '=')
            buf_puts(out, STR("=3D"));
        else if (*name == ',')
            buf_puts(out, STR("=2C"));
        else
            buf_putc(out, *name);
    }
}

/* A name that cannot be prepared is sent as it is: the server knows. */
static int prepare_name(struct sasl *sasl, char **name)
{
    struct str raw = sasl->credentials->authcid;
    int rc = saslprep(sasl->env, raw, name);

    if (rc != XMPP_EARG)
        return rc;
    *name = env_strndup(sasl->env, raw.s, raw.n);
    return *name ? 0 : XMPP_EMEM;
}

int scram_begin(struct sasl *sasl, const char *nonce, struct buf *out)
{
    struct scram *scram = scram_of(sasl);
    struct buf first;
    char *name;
    int rc = prepare_name(sasl, &name);

    if (rc)
        return lack(sasl, rc);
    buf_init(&first, sasl->env, MESSAGE_MOST);
    buf_puts(&first, STR("n="));
    put_name(&first, name);
    buf_puts(&first, STR(",r="));
    scram->nonce = buf_size(&first);
    buf_puts(&first, str_of(nonce));
    env_free(sasl->env, name);
    scram->first = buf_take(&first);
    buf_free(&first);
    if (!scram->first)
        return lack(sasl, XMPP_EMEM);
    buf_puts(out, STR(GS2_HEADER));
    buf_puts(out, str_of(scram->first));
    return 0;
}

static int start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    unsigned char bytes[NONCE_BYTES];
    char nonce[BASE64_SIZE(NONCE_BYTES)];

    if (!crypt_random(bytes, sizeof(bytes)))
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EINT,
                         "no random numbers are to be had");
    base64_encode(nonce, bytes, sizeof(bytes));
    *has_initial = true;
    return scram_begin(sasl, nonce, out);
}

/* ---- the server's first message --------------------------------------- */

/* Take "x=value" from the front; STR_NONE if it is another attribute. */
static struct str take(struct str *message, char attribute)
{
    struct str rest = *message, value;

    if (rest.n < 2 || rest.s[0] != attribute || rest.s[1] != '=')
        return STR_NONE;
    rest = str_cut(str_n(rest.s + 2, rest.n - 2), ',', &value);
    *message = rest;
    return value;
}

static bool is_printable(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < 0x21 || text.s[i] > 0x7E)
            return false;
    return true;
}

/* Extensions that may be ignored: anything of the form "x=...". */
static bool is_extension(struct str rest)
{
    struct str one;

    while (rest.s) {
        rest = str_cut(rest, ',', &one);
        if (one.n < 2 || one.s[1] != '=' || one.s[0] == 'm')
            return false;
    }
    return true;
}

static int read_first(struct sasl *sasl, struct str message,
                      struct server_first *first)
{
    const struct credentials *c = sasl->credentials;
    struct str ours = str_of(scram_of(sasl)->first + scram_of(sasl)->nonce);
    struct str count;

    if (message.n >= 2 && message.s[0] == 'm')
        return bad(sasl, "the server demands an unknown extension");
    first->nonce = take(&message, 'r');
    first->salt = take(&message, 's');
    count = take(&message, 'i');
    if (!first->nonce.s || !first->salt.n || !count.n || !is_extension(message))
        return bad(sasl, "the challenge is malformed");
    if (first->nonce.n <= ours.n || !str_starts(first->nonce, ours) ||
        !is_printable(first->nonce))
        return bad(sasl, "the server's nonce does not extend ours");
    if (!str_number(count, c->max_iterations, &first->iterations) ||
        first->iterations < c->min_iterations)
        return bad(sasl, "the iteration count is outside the limits");
    return 0;
}

/* ---- the proof -------------------------------------------------------- */

/* Everything that both sides sign. */
static void put_signed(struct buf *out, const struct scram *scram,
                       struct str challenge, struct str nonce)
{
    buf_puts(out, str_of(scram->first));
    buf_putc(out, ',');
    buf_puts(out, challenge);
    buf_puts(out, STR(",c=" GS2_BASE64 ",r="));
    buf_puts(out, nonce);
}

/* From the salted password to our proof and the signature we expect. */
static bool sign(struct sasl *sasl, const unsigned char *salted,
                 struct str message, unsigned char *proof)
{
    enum digest d = digest_of(sasl);
    size_t n = digest_size(d);
    unsigned char key[DIGEST_MOST], stored[DIGEST_MOST], server[DIGEST_MOST];
    bool good =
        crypt_hmac(d, salted, n, "Client Key", 10, key) &&
        crypt_hash(d, key, n, stored) &&
        crypt_hmac(d, stored, n, message.s, message.n, proof) &&
        crypt_hmac(d, salted, n, "Server Key", 10, server) &&
        crypt_hmac(d, server, n, message.s, message.n,
                   scram_of(sasl)->expected);

    for (size_t i = 0; i < n; i++)
        proof[i] ^= key[i];
    crypt_wipe(key, sizeof(key));
    crypt_wipe(stored, sizeof(stored));
    crypt_wipe(server, sizeof(server));
    return good;
}

/* The slow part; the password is prepared only for as long as needed. */
static int salt_password(struct sasl *sasl, const struct server_first *first,
                         unsigned char *salted)
{
    char *password, *salt = env_alloc(sasl->env, first->salt.n);
    size_t n = 0;
    int rc;

    if (!salt)
        return lack(sasl, XMPP_EMEM);
    if (!base64_decode(salt, &n, first->salt) || n == 0) {
        env_free(sasl->env, salt);
        return bad(sasl, "the salt is not base64");
    }
    rc = saslprep(sasl->env, sasl->credentials->password, &password);
    if (rc == 0 &&
        !crypt_pbkdf2(digest_of(sasl), str_of(password), str_n(salt, n),
                      (unsigned)first->iterations, salted))
        rc = XMPP_EINT;
    env_free(sasl->env, salt);
    env_free_secret(sasl->env, password);
    if (rc == XMPP_EARG)
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECRED,
                         "the password is empty or has characters that no "
                         "password may have");
    return rc ? lack(sasl, rc) : 0;
}

static void put_final(struct sasl *sasl, struct str nonce,
                      const unsigned char *proof, struct buf *out)
{
    char text[BASE64_SIZE(DIGEST_MOST)];

    buf_puts(out, STR("c=" GS2_BASE64 ",r="));
    buf_puts(out, nonce);
    buf_puts(out, STR(",p="));
    base64_encode(text, proof, digest_size(digest_of(sasl)));
    buf_puts(out, str_of(text));
}

static int prove(struct sasl *sasl, struct str challenge, struct buf *out)
{
    struct scram *scram = scram_of(sasl);
    unsigned char salted[DIGEST_MOST], proof[DIGEST_MOST];
    struct server_first first = {STR_NONE, STR_NONE, 0};
    struct buf message;
    int rc = read_first(sasl, challenge, &first);

    if (rc == 0)
        rc = salt_password(sasl, &first, salted);
    if (rc)
        return rc;
    buf_init(&message, sasl->env, MESSAGE_MOST + 2 * challenge.n);
    put_signed(&message, scram, challenge, first.nonce);
    if (message.failed)
        rc = lack(sasl, XMPP_EMEM);
    else if (!sign(sasl, salted, buf_view(&message), proof))
        rc = lack(sasl, XMPP_EINT);
    else
        put_final(sasl, first.nonce, proof, out);
    buf_free(&message);
    crypt_wipe(salted, sizeof(salted));
    crypt_wipe(proof, sizeof(proof));
    scram->progress = SCRAM_PROVEN;
    return rc;
}

/* ---- the server's proof ----------------------------------------------- */

static int unproven(struct sasl *sasl, const char *why)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPROOF, "%s", why);
}

static int verify(struct sasl *sasl, struct str message)
{
    struct scram *scram = scram_of(sasl);
    unsigned char said[BASE64_MOST(BASE64_SIZE(DIGEST_MOST)) + 3];
    size_t n = digest_size(digest_of(sasl)), said_n = 0;
    struct str value = take(&message, 'e');

    if (value.s)
        return fault_set_peer(sasl->fault, XMPP_LAYER_SASL, XMPP_EAUTH, value,
                              STR_NONE);
    value = take(&message, 'v');
    if (!value.s || value.n >= BASE64_SIZE(DIGEST_MOST) ||
        !base64_decode(said, &said_n, value))
        return unproven(sasl, "its signature is missing or malformed");
    if (said_n != n || !crypt_equal(said, scram->expected, n))
        return unproven(sasl, "its signature is wrong");
    scram->progress = SCRAM_VERIFIED;
    return 0;
}

static int step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    switch (scram_of(sasl)->progress) {
    case SCRAM_ASKED:
        return prove(sasl, challenge, out);
    case SCRAM_PROVEN: /* the signature, answered by an empty response */
        return verify(sasl, challenge);
    default:
        return bad(sasl, "a challenge too many");
    }
}

static int success(struct sasl *sasl, struct str data)
{
    switch (scram_of(sasl)->progress) {
    case SCRAM_PROVEN:
        return verify(sasl, data);
    case SCRAM_VERIFIED:
        return 0;
    default:
        return unproven(sasl, "it said success without a challenge");
    }
}

static void wipe(struct sasl *sasl)
{
    struct scram *scram = scram_of(sasl);

    env_free(sasl->env, scram->first);
    crypt_wipe(scram, sizeof(*scram));
}

static bool has_password(const struct credentials *c)
{
    return c->authcid.n > 0 && c->password.s && !c->anonymous;
}

#define ROW(title, power, kind)                                                \
    {                                                                          \
        .name = title, .strength = power, .is_mutual = true,                   \
        .is_possible = has_password, .size = sizeof(struct scram),             \
        .digest = kind, .start = start, .step = step, .success = success,      \
        .wipe = wipe                                                           \
    }

const struct mechanism mechanism_scram_sha1 =
    ROW("SCRAM-SHA-1", 20, DIGEST_SHA1);
const struct mechanism mechanism_scram_sha256 =
    ROW("SCRAM-SHA-256", 30, DIGEST_SHA256);
const struct mechanism mechanism_scram_sha512 =
    ROW("SCRAM-SHA-512", 40, DIGEST_SHA512);
