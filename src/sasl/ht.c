/* ht.c - the mechanisms of hashed tokens, HT-* (draft-ietf-kitten-sasl-ht,
 * XEP-0484).
 *
 * Later drafts (from -01 on) put pairs of keys and values into both messages,
 * which servers of the first draft cannot read. The messages here are those
 * that all servers in use understand. */

#include "sasl/ht.h"

#include "base/crypt.h"
#include "sasl/sasl.h"

/* ---- the exchange ------------------------------------------------ */

/* HMAC(token, who || the data of the channel binding). The name of the side
 * keeps an attacker from sending our own message back as the server's. */
static bool make_hash(struct sasl *sasl, const char *who, unsigned char *out)
{
    const struct credentials *c = sasl->credentials;
    enum binding b = sasl->choice.binding;
    char data[16 + BINDING_MOST];
    size_t n = strlen(who);

    memcpy(data, who, n);
    if (b && c->channel) {
        memcpy(data + n, c->channel->bindings[b].data,
               c->channel->bindings[b].n);
        n += c->channel->bindings[b].n;
    }
    return crypt_hmac((enum digest)sasl->mechanism->digest, c->fast_token->text,
                      c->fast_token->n, data, n, out);
}

static int ht_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    unsigned char hash[DIGEST_MOST];

    if (!make_hash(sasl, "Initiator", hash))
        return sasl_fail(sasl, XMPP_EINT);
    buf_puts(out, sasl->credentials->authcid);
    buf_putc(out, '\0');
    buf_put(out, (const char *)hash,
            digest_size((enum digest)sasl->mechanism->digest));
    crypt_wipe(hash, sizeof(hash));
    *has_initial = true;
    return 0;
}

static int ht_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    (void)challenge;
    (void)out;
    return sasl_bad(
        sasl,
        "the server sent a challenge, which this mechanism does not have");
}

/* By some drafts an octet of zero precedes the hash. */
static int ht_success(struct sasl *sasl, struct str data)
{
    size_t n = digest_size((enum digest)sasl->mechanism->digest);
    unsigned char hash[DIGEST_MOST];
    bool good;

    if (data.n == n + 1 && data.s[0] == '\0')
        data = str_n(data.s + 1, n);
    if (!make_hash(sasl, "Responder", hash))
        return sasl_fail(sasl, XMPP_EINT);
    good = data.n == n && crypt_equal(data.s, hash, n);
    crypt_wipe(hash, sizeof(hash));
    return good ? 0
                : fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPROOF,
                            "the server does not know the token");
}

static bool ht_is_possible(const struct mechanism *m,
                           const struct credentials *c)
{
    return c->fast_token && c->fast_token->mechanism == m && c->authcid.n > 0 &&
           !c->anonymous;
}

/* ---- the table --------------------------------------------------- */

/* The hash does not reveal the token, but an eavesdropper could send it again
 * (XEP-0484 section 6): hence `needs_tls`. */
#define ROW(title, kind, bound)                                                \
    {                                                                          \
        {.name = title,                                                        \
         .needs_tls = true,                                                    \
         .is_mutual = true,                                                    \
         .digest = kind,                                                       \
         .is_possible = ht_is_possible,                                        \
         .start = ht_start,                                                    \
         .step = ht_step,                                                      \
         .success = ht_success},                                               \
            bound                                                              \
    }

/* The best first: the channel binding counts more than the hash. */
static const struct {
    struct mechanism mechanism;
    enum binding binding;
} table[] = {
    ROW("HT-SHA-512-EXPR", DIGEST_SHA512, BINDING_EXPORTER),
    ROW("HT-SHA-256-EXPR", DIGEST_SHA256, BINDING_EXPORTER),
    ROW("HT-SHA-512-UNIQ", DIGEST_SHA512, BINDING_UNIQUE),
    ROW("HT-SHA-256-UNIQ", DIGEST_SHA256, BINDING_UNIQUE),
    ROW("HT-SHA-512-ENDP", DIGEST_SHA512, BINDING_END_POINT),
    ROW("HT-SHA-256-ENDP", DIGEST_SHA256, BINDING_END_POINT),
    ROW("HT-SHA-512-NONE", DIGEST_SHA512, BINDING_NONE),
    ROW("HT-SHA-256-NONE", DIGEST_SHA256, BINDING_NONE),
};

#define ROWS (sizeof(table) / sizeof(table[0]))

/* ROWS for an unknown name. */
static size_t ht_row_of(struct str name)
{
    size_t i = 0;

    while (i < ROWS && !str_is(name, table[i].mechanism.name))
        i++;
    return i;
}

const struct mechanism *ht_find(struct str name)
{
    size_t row = ht_row_of(name);

    return row < ROWS ? &table[row].mechanism : NULL;
}

unsigned ht_bit(struct str name)
{
    size_t row = ht_row_of(name);

    return row < ROWS ? 1u << row : 0;
}

enum binding ht_binding(const struct mechanism *mechanism)
{
    size_t row = ht_row_of(str_of(mechanism->name));

    return row < ROWS ? table[row].binding : BINDING_NONE;
}

/* ---- choosing ---------------------------------------------------- */

static bool ht_is_allowed(const struct mechanism *m,
                          const struct credentials *c)
{
    struct str list = c->allowed, word;

    while ((word = str_word(&list)).s)
        if (str_is(word, m->name))
            return true;
    return !c->allowed.s;
}

bool ht_may(const struct mechanism *m, const struct credentials *c)
{
    enum binding b = ht_binding(m);

    if (!c->encrypted || c->anonymous || !ht_is_allowed(m, c))
        return false;
    if (b && !(binding_bits(c->channel) & binding_bit(b)))
        return false;
    /* A token must not lead below the binding of an earlier login. */
    return b >= c->min_strength.binding && (b || !c->needs_channel_binding);
}

const struct mechanism *ht_best(unsigned bits, const struct credentials *c)
{
    for (size_t i = 0; i < ROWS; i++)
        if (bits & 1u << i && ht_may(&table[i].mechanism, c))
            return &table[i].mechanism;
    return NULL;
}
