/* scram.c - SCRAM (RFC 5802, RFC 7677), with channel binding (RFC 9266, RFC
 * 5929) and with a proof of the server's offer (XEP-0474, XEP-0515).
 *
 * The names of the messages and their parts are those of RFC 5802 section 7. */

#include "sasl/scram.h"

#include "base/code.h"
#include "sasl/refusal.h"
#include "sasl/scram_first.h"

#define NONCE_BYTES 24
#define MESSAGE_MOST 65536 /* our own messages */

enum progress {
    SCRAM_ASKED,   /* client-first is sent */
    SCRAM_PROVEN,  /* client-final is sent, `expected` is known */
    SCRAM_VERIFIED /* the server has proved that it knows the password */
};

struct scram {
    enum progress progress;
    char *header; /* gs2-header: whether and how the channel is bound */
    char *first;  /* client-first-message-bare */
    size_t nonce; /* where our nonce begins in it */
    struct crypt_stretch stretch;        /* the salting, while it lasts */
    unsigned char expected[DIGEST_MOST]; /* the server's signature */
};

static struct scram *scram_of(struct sasl *sasl)
{
    return sasl->state;
}

static enum digest digest_of(const struct sasl *sasl)
{
    return (enum digest)sasl->mechanism->digest;
}

/* ---- the first message ------------------------------------------- */

/* gs2-header (RFC 5802 section 7): the flag, then the account to act for. It
 * goes into the proof as well (put_unproven), so that nobody can change it on
 * the way. */
static void put_header(const struct sasl *sasl, struct buf *out)
{
    struct str authzid = sasl->credentials->authzid;

    buf_putc(out, sasl->choice.flag);
    if (sasl->choice.flag == 'p') {
        buf_putc(out, '=');
        buf_puts(out, str_of(binding_name(sasl->choice.binding)));
    }
    buf_putc(out, ',');
    if (authzid.n) {
        buf_puts(out, STR("a="));
        sasl_put_name(out, authzid);
    }
    buf_putc(out, ',');
}

int scram_begin(struct sasl *sasl, const char *nonce, struct buf *out)
{
    struct scram *scram = scram_of(sasl);
    struct buf header, first;
    char *name;
    int rc = sasl_name(sasl, &name);

    if (rc)
        return sasl_fail(sasl, rc);
    buf_init(&header, sasl->env, MESSAGE_MOST);
    buf_init(&first, sasl->env, MESSAGE_MOST);
    put_header(sasl, &header);
    /* The example of XEP-0474 also has an x=, which no document defines. */
    buf_puts(&first, STR("n="));
    sasl_put_name(&first, str_of(name));
    buf_puts(&first, STR(",r="));
    scram->nonce = buf_size(&first);
    buf_puts(&first, str_of(nonce));
    env_free(sasl->env, name);
    scram->header = buf_take(&header);
    scram->first = buf_take(&first);
    if (!scram->header || !scram->first)
        return sasl_fail(sasl, XMPP_EMEM);
    buf_puts(out, str_of(scram->header));
    buf_puts(out, str_of(scram->first));
    return 0;
}

static int scram_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    unsigned char bytes[NONCE_BYTES];
    char nonce[BASE64_SIZE(NONCE_BYTES)];

    if (!crypt_random(bytes, sizeof(bytes)))
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EINT,
                         "the random generator failed");
    base64_encode(nonce, bytes, sizeof(bytes));
    *has_initial = true;
    return scram_begin(sasl, nonce, out);
}

/* ---- the keys ---------------------------------------------------- */

/* After SASL_BUSY it is called again and goes on where it was. */
static int salt_password(struct sasl *sasl, struct str salt,
                         unsigned long iterations, unsigned char *salted)
{
    struct crypt_stretch *stretch = &scram_of(sasl)->stretch;
    int rc = stretch->hmac ? 0
                           : sasl_salt_begin(sasl, stretch, digest_of(sasl),
                                             salt, iterations);

    if (rc == 0)
        rc = sasl_salt_go(sasl, stretch);
    if (rc)
        return rc;
    memcpy(salted, stretch->out, digest_size(digest_of(sasl)));
    crypt_stretch_end(stretch);
    return 0;
}

/* ClientKey and ServerKey. A salt that is longer than SALT_MOST still serves
 * for this login, but the keys are not kept. */
static int make_keys(struct sasl *sasl, struct str salt,
                     unsigned long iterations, struct scram_keys *keys)
{
    unsigned char salted[DIGEST_MOST];
    enum digest d = digest_of(sasl);
    size_t n = digest_size(d);
    int rc = salt_password(sasl, salt, iterations, salted);

    if (rc)
        return rc;
    *keys = (struct scram_keys){
        .is_set = salt.n <= SALT_MOST, .digest = d, .iterations = iterations};
    if (keys->is_set) {
        keys->salt_n = salt.n;
        memcpy(keys->salt, salt.s, salt.n);
    }
    if (!crypt_hmac(d, salted, n, "Client Key", 10, keys->client) ||
        !crypt_hmac(d, salted, n, "Server Key", 10, keys->server))
        rc = sasl_fail(sasl, XMPP_EINT);
    crypt_wipe(salted, sizeof(salted));
    return rc;
}

/* The keys of an earlier login if they are for this salt and count: then
 * neither the salting nor a password is needed. Otherwise new ones. */
static int get_keys(struct sasl *sasl, const struct server_first *first,
                    struct scram_keys *keys)
{
    const struct scram_keys *old = sasl->credentials->keys;
    char *salt = env_alloc(sasl->env, first->salt.n);
    size_t n = 0;
    int rc = 0;

    if (!salt)
        return sasl_fail(sasl, XMPP_EMEM);
    if (!base64_decode(salt, &n, first->salt) || n == 0)
        rc = sasl_bad(sasl, "the salt is not base64");
    else if (keys_fit(old, digest_of(sasl), str_n(salt, n), first->iterations))
        *keys = *old;
    else
        rc = make_keys(sasl, str_n(salt, n), first->iterations, keys);
    env_free(sasl->env, salt);
    return rc;
}

/* ---- the proof --------------------------------------------------- */

/* client-final-message-without-proof: "c=" the binding of the channel, "r="
 * both nonces. */
static int put_unproven(struct sasl *sasl, struct str nonce, struct buf *out)
{
    const struct channel *channel = sasl->credentials->channel;
    enum binding b = sasl->choice.binding;
    struct buf input;
    struct str bytes;
    char *text;

    buf_init(&input, sasl->env, MESSAGE_MOST);
    buf_puts(&input, str_of(scram_of(sasl)->header));
    if (b)
        buf_put(&input, channel->bindings[b].data, channel->bindings[b].n);
    bytes = buf_view(&input);
    text = env_alloc(sasl->env, BASE64_SIZE(bytes.n));
    if (text && !input.failed) {
        base64_encode(text, bytes.s, bytes.n);
        buf_puts(out, STR("c="));
        buf_puts(out, str_of(text));
        buf_puts(out, STR(",r="));
        buf_puts(out, nonce);
    } else {
        out->failed = true;
    }
    env_free(sasl->env, text);
    buf_free(&input);
    return out->failed ? sasl_fail(sasl, XMPP_EMEM) : 0;
}

/* Our proof, and the signature that the server has to send (RFC 5802 section
 * 3): StoredKey = H(ClientKey) ClientProof = ClientKey XOR HMAC(StoredKey,
 * AuthMessage) ServerSignature = HMAC(ServerKey, AuthMessage) */
static bool sign(struct sasl *sasl, const struct scram_keys *keys,
                 struct str message, unsigned char *proof)
{
    enum digest d = digest_of(sasl);
    size_t n = digest_size(d);
    unsigned char stored[DIGEST_MOST];
    bool good = crypt_hash(d, keys->client, n, stored) &&
                crypt_hmac(d, stored, n, message.s, message.n, proof) &&
                crypt_hmac(d, keys->server, n, message.s, message.n,
                           scram_of(sasl)->expected);

    for (size_t i = 0; i < n; i++)
        proof[i] ^= keys->client[i];
    crypt_wipe(stored, sizeof(stored));
    return good;
}

static void put_proof(struct sasl *sasl, const unsigned char *proof,
                      struct buf *out)
{
    char text[BASE64_SIZE(DIGEST_MOST)];

    buf_puts(out, STR(",p="));
    base64_encode(text, proof, digest_size(digest_of(sasl)));
    buf_puts(out, str_of(text));
}

/* Both sides sign the AuthMessage; the last part of it is what we send. */
static int scram_answer(struct sasl *sasl, struct str challenge,
                        struct str nonce, struct buf *out)
{
    unsigned char proof[DIGEST_MOST];
    struct buf message;
    size_t begin;
    int rc;

    buf_init(&message, sasl->env, 2 * MESSAGE_MOST + 2 * challenge.n);
    buf_puts(&message, str_of(scram_of(sasl)->first));
    buf_putc(&message, ',');
    buf_puts(&message, challenge);
    buf_putc(&message, ',');
    begin = buf_size(&message);
    rc = put_unproven(sasl, nonce, &message);
    if (rc == 0 && !sign(sasl, &sasl->keys, buf_view(&message), proof))
        rc = sasl_fail(sasl, XMPP_EINT);
    if (rc == 0) {
        buf_puts(out, str_n(buf_view(&message).s + begin,
                            buf_size(&message) - begin));
        put_proof(sasl, proof, out);
        scram_of(sasl)->progress = SCRAM_PROVEN;
    }
    buf_free(&message);
    crypt_wipe(proof, sizeof(proof));
    return rc;
}

static int scram_prove(struct sasl *sasl, struct str challenge, struct buf *out)
{
    struct scram *scram = scram_of(sasl);
    struct server_first first;
    int rc = scram_first_read(sasl, str_of(scram->first + scram->nonce),
                              challenge, &first);

    if (rc == 0)
        rc = scram_first_check(sasl, &first);
    if (rc == 0)
        rc = get_keys(sasl, &first, &sasl->keys);
    return rc ? rc : scram_answer(sasl, challenge, first.nonce, out);
}

/* ---- the server's proof ------------------------------------------ */

static int unproven(struct sasl *sasl, const char *why)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPROOF, "%s", why);
}

/* server-error: the server itself reports the failure. */
static int refused(struct sasl *sasl, struct str error)
{
    return fault_set_peer(sasl->fault, XMPP_LAYER_SASL, refusal_of(error)->code,
                          error, STR_NONE);
}

/* Only a server that knows our keys can compute the signature. It is compared
 * in constant time. */
static int scram_verify(struct sasl *sasl, struct str message)
{
    struct scram *scram = scram_of(sasl);
    unsigned char said[BASE64_MOST(BASE64_SIZE(DIGEST_MOST)) + 3];
    size_t n = digest_size(digest_of(sasl)), said_n = 0;
    struct str value = scram_take(&message, 'e');

    if (value.s)
        return refused(sasl, value);
    value = scram_take(&message, 'v');
    if (!value.s || value.n >= BASE64_SIZE(DIGEST_MOST) ||
        !base64_decode(said, &said_n, value))
        return unproven(sasl, "the server's signature is missing or malformed");
    if (said_n != n || !crypt_equal(said, scram->expected, n))
        return unproven(sasl, "the server's signature is wrong");
    scram->progress = SCRAM_VERIFIED;
    return 0;
}

static int scram_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    switch (scram_of(sasl)->progress) {
    case SCRAM_ASKED:
        return scram_prove(sasl, challenge, out);
    case SCRAM_PROVEN: /* as a challenge, which an empty response answers */
        return scram_verify(sasl, challenge);
    default:
        return sasl_bad(sasl, "the server sent one challenge too many");
    }
}

/* Only the server's proof makes a success: without it the server does not know
 * the password, or somebody else answers in its place. */
static int scram_success(struct sasl *sasl, struct str data)
{
    switch (scram_of(sasl)->progress) {
    case SCRAM_PROVEN:
        return scram_verify(sasl, data);
    case SCRAM_VERIFIED:
        return 0;
    default:
        return unproven(sasl,
                        "the server reported success without a challenge");
    }
}

static void scram_wipe(struct sasl *sasl)
{
    struct scram *scram = scram_of(sasl);

    crypt_stretch_end(&scram->stretch);
    env_free(sasl->env, scram->header);
    env_free(sasl->env, scram->first);
    crypt_wipe(scram, sizeof(*scram));
}

/* Keys of an earlier login serve instead of the password, but only for their
 * hash. */
static bool scram_is_possible(const struct mechanism *m,
                              const struct credentials *c)
{
    bool has_keys =
        c->keys && c->keys->is_set && (int)c->keys->digest == m->digest;

    return sasl_has_password(c) ||
           (has_keys && c->authcid.n > 0 && !c->anonymous);
}

#define ROW(title, power, kind, plus)                                          \
    {                                                                          \
        .name = title, .strength = power, .is_mutual = true, .is_scram = true, \
        .is_plus = plus, .is_possible = scram_is_possible,                     \
        .size = sizeof(struct scram), .digest = kind, .start = scram_start,    \
        .step = scram_step, .success = scram_success, .wipe = scram_wipe       \
    }

const struct mechanism mechanism_scram_sha1 =
    ROW("SCRAM-SHA-1", 20, DIGEST_SHA1, false);
const struct mechanism mechanism_scram_sha256 =
    ROW("SCRAM-SHA-256", 30, DIGEST_SHA256, false);
const struct mechanism mechanism_scram_sha512 =
    ROW("SCRAM-SHA-512", 40, DIGEST_SHA512, false);
const struct mechanism mechanism_scram_sha1_plus =
    ROW("SCRAM-SHA-1-PLUS", 50, DIGEST_SHA1, true);
const struct mechanism mechanism_scram_sha256_plus =
    ROW("SCRAM-SHA-256-PLUS", 60, DIGEST_SHA256, true);
const struct mechanism mechanism_scram_sha512_plus =
    ROW("SCRAM-SHA-512-PLUS", 70, DIGEST_SHA512, true);
