/* digest.c - DIGEST-MD5 (RFC 2831), a legacy mechanism (RFC 6331): used only if
 * the application names it. */

#include "sasl/digest.h"

#include <stdio.h>

#include "base/code.h"
#include "base/crypt.h"

#define NONCE_BYTES 24
#define MESSAGE_MOST 65536
#define MD5 16
#define MD5_HEX HEX_SIZE(MD5)
#define COUNT "00000001" /* nc: each nonce is used once */

enum progress { DIGEST_ASKED, DIGEST_ANSWERED, DIGEST_VERIFIED };

struct digest_state {
    enum progress progress;
    char expected[MD5_HEX]; /* the proof that the server has to send */
};

/* The attributes of a challenge; owned, because quoted values are unquoted. */
struct challenge {
    char *realm, *nonce;
    bool has_auth, has_other_qop; /* in the list of protections, if any */
    bool is_md5_sess, is_utf8;
};

/* ---- reading ----------------------------------------------------- */

static bool digest_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip(struct str *text)
{
    while (text->n && (digest_is_space(*text->s) || *text->s == ','))
        text->s++, text->n--;
}

/* Take a value, quoted or not, as an owned string. */
static int read_value(const struct env *env, struct str *text, char **ret)
{
    bool quoted = text->n && *text->s == '"';
    struct buf value;

    if (quoted)
        text->s++, text->n--;
    buf_init(&value, env, MESSAGE_MOST);
    while (text->n &&
           (quoted ? *text->s != '"'
                   : *text->s != ',' && !digest_is_space(*text->s))) {
        if (quoted && *text->s == '\\' && text->n > 1)
            text->s++, text->n--;
        buf_putc(&value, *text->s);
        text->s++, text->n--;
    }
    if (quoted && !text->n) {
        buf_free(&value);
        return XMPP_ECHALLENGE; /* the closing quote is missing */
    }
    *ret = buf_take(&value);
    if (quoted)
        text->s++, text->n--;
    return *ret ? 0 : XMPP_EMEM;
}

static bool has_word(const char *list, const char *word)
{
    struct str rest = str_of(list), one;

    while (rest.s) {
        rest = str_cut(rest, ',', &one);
        while (one.n && digest_is_space(*one.s))
            one.s++, one.n--;
        while (one.n && digest_is_space(one.s[one.n - 1]))
            one.n--;
        if (str_is(one, word))
            return true;
    }
    return false;
}

/* Takes `value`. Of several realms we choose the first; a second nonce and
 * another charset than UTF-8 are errors; what we do not know is ignored (RFC
 * 2831 section 2.1.1). */
static bool challenge_keep(const struct env *env, struct challenge *c,
                           struct str name, char *value)
{
    bool good = true;

    if (str_is(name, "realm") && !c->realm) {
        c->realm = value;
        return true;
    }
    if (str_is(name, "nonce")) {
        good = !c->nonce;
        if (good) {
            c->nonce = value;
            return true;
        }
    } else if (str_is(name, "qop")) {
        c->has_auth = has_word(value, "auth");
        c->has_other_qop = true;
    } else if (str_is(name, "algorithm")) {
        c->is_md5_sess = strcmp(value, "md5-sess") == 0;
    } else if (str_is(name, "charset")) {
        c->is_utf8 = strcmp(value, "utf-8") == 0;
        good = c->is_utf8;
    }
    env_free(env, value);
    return good;
}

static void free_challenge(const struct env *env, struct challenge *c)
{
    env_free(env, c->realm);
    env_free(env, c->nonce);
}

static int read_challenge(struct sasl *sasl, struct str text,
                          struct challenge *c)
{
    *c = (struct challenge){0};
    for (skip(&text); text.n; skip(&text)) {
        struct str name;
        char *value;
        int rc = XMPP_ECHALLENGE;

        text = str_cut(text, '=', &name);
        if (text.s && name.n)
            rc = read_value(sasl->env, &text, &value);
        if (rc == XMPP_EMEM)
            return sasl_fail(sasl, rc);
        if (rc || !challenge_keep(sasl->env, c, name, value))
            return sasl_bad(sasl, "the challenge is malformed");
    }
    /* A nonce and md5-sess are required (RFC 2831 section 2.1.1). */
    if (!c->nonce || !c->nonce[0] || !c->is_md5_sess)
        return sasl_bad(sasl, "the challenge is malformed");
    /* A challenge without a list means auth (section 2.1.1). */
    if (c->has_other_qop && !c->has_auth)
        return sasl_bad(
            sasl, "the server demands a quality of protection other than auth");
    return 0;
}

/* ---- the proof (RFC 2831 section 2.1.2.1) ------------------------ */

/* Text that fits into Latin-1 is hashed as Latin-1 (section 2.1.2.1). In UTF-8
 * the lead octets of its characters are at most 0xc3. */
static void put_latin(struct buf *out, struct str text)
{
    bool fits = true;

    for (size_t i = 0; i < text.n; i++)
        fits &= (unsigned char)text.s[i] <= 0xc3;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];

        if (fits && c >= 0xc2 && i + 1 < text.n)
            buf_putc(out, (char)((c & 0x3) << 6 | (text.s[++i] & 0x3f)));
        else
            buf_putc(out, (char)c);
    }
}

static int hash(const struct buf *text, unsigned char *out)
{
    if (text->failed)
        return XMPP_EMEM;
    return crypt_hash(DIGEST_MD5, buf_view(text).s, buf_size(text), out)
               ? 0
               : XMPP_EINT;
}

static int hash_hex(const struct buf *text, char *out)
{
    unsigned char bytes[DIGEST_MOST];
    int rc = hash(text, bytes);

    if (rc == 0)
        hex_encode(out, bytes, MD5);
    crypt_wipe(bytes, sizeof(bytes));
    return rc;
}

static void init_secret(struct sasl *sasl, struct buf *text)
{
    buf_init(text, sasl->env, MESSAGE_MOST);
    text->is_secret = true;
}

/* H(A1), where A1 = H(name ":" realm ":" password) ":" nonce ":" cnonce. The
 * inner hash is in octets, not in hex. We send no authzid, so A1 has none. */
static int hash_a1(struct sasl *sasl, const struct challenge *c,
                   struct str name, struct str password, const char *cnonce,
                   char *out)
{
    unsigned char bytes[DIGEST_MOST];
    struct buf text;
    int rc;

    init_secret(sasl, &text);
    put_latin(&text, name);
    buf_putc(&text, ':');
    put_latin(&text, str_of(c->realm));
    buf_putc(&text, ':');
    put_latin(&text, password);
    rc = hash(&text, bytes);
    buf_wipe(&text);
    if (rc)
        return rc;
    init_secret(sasl, &text);
    buf_put(&text, (const char *)bytes, MD5);
    buf_putc(&text, ':');
    buf_puts(&text, str_of(c->nonce));
    buf_putc(&text, ':');
    buf_puts(&text, str_of(cnonce));
    rc = hash_hex(&text, out);
    buf_wipe(&text);
    crypt_wipe(bytes, sizeof(bytes));
    return rc;
}

/* The response value for `method`: with "AUTHENTICATE" ours, with "" the
 * server's. With A2 = method ":" uri it is
 * H(H(A1) ":" nonce ":" nc ":" cnonce ":" qop ":" H(A2)), each H in hex. */
static int respond(struct sasl *sasl, const struct challenge *c, const char *a1,
                   const char *cnonce, const char *method, struct str uri,
                   char *out)
{
    const char *const parts[] = {a1, c->nonce, COUNT, cnonce, "auth"};
    char a2[MD5_HEX];
    struct buf text;
    int rc;

    init_secret(sasl, &text);
    buf_puts(&text, str_of(method));
    buf_putc(&text, ':');
    buf_puts(&text, uri);
    rc = hash_hex(&text, a2);
    buf_clear(&text);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        buf_puts(&text, str_of(parts[i]));
        buf_putc(&text, ':');
    }
    buf_puts(&text, str_n(a2, MD5_HEX - 1));
    if (rc == 0)
        rc = hash_hex(&text, out);
    buf_wipe(&text);
    return rc;
}

/* A backslash in a quoted string escapes the next character. */
static void put_quoted(struct buf *out, const char *name, struct str value)
{
    buf_puts(out, str_of(name));
    buf_puts(out, STR("=\""));
    for (size_t i = 0; i < value.n; i++) {
        if (value.s[i] == '"' || value.s[i] == '\\')
            buf_putc(out, '\\');
        buf_putc(out, value.s[i]);
    }
    buf_puts(out, STR("\","));
}

static void put_response(struct buf *out, const struct challenge *c,
                         struct str name, const char *cnonce, struct str uri,
                         const char *response)
{
    if (c->is_utf8)
        buf_puts(out, STR("charset=utf-8,"));
    put_quoted(out, "username", name);
    if (c->realm)
        put_quoted(out, "realm", str_of(c->realm));
    put_quoted(out, "nonce", str_of(c->nonce));
    buf_puts(out, STR("nc=" COUNT ","));
    put_quoted(out, "cnonce", str_of(cnonce));
    put_quoted(out, "digest-uri", uri);
    buf_puts(out, STR("response="));
    buf_puts(out, str_of(response));
    buf_puts(out, STR(",qop=auth"));
}

static int digest_prove(struct sasl *sasl, const struct challenge *c,
                        struct str name, struct str password,
                        const char *cnonce, struct str uri, struct buf *out)
{
    struct digest_state *state = sasl->state;
    char a1[MD5_HEX], response[MD5_HEX];
    int rc = hash_a1(sasl, c, name, password, cnonce, a1);

    if (rc == 0)
        rc = respond(sasl, c, a1, cnonce, "AUTHENTICATE", uri, response);
    if (rc == 0)
        rc = respond(sasl, c, a1, cnonce, "", uri, state->expected);
    crypt_wipe(a1, sizeof(a1));
    if (rc)
        return sasl_fail(sasl, rc);
    put_response(out, c, name, cnonce, uri, response);
    state->progress = DIGEST_ANSWERED;
    return 0;
}

int digest_answer(struct sasl *sasl, struct str challenge, const char *cnonce,
                  struct str uri, struct buf *out)
{
    struct challenge c;
    char *name = NULL, *password = NULL;
    int rc = read_challenge(sasl, challenge, &c);

    if (rc == 0)
        rc = sasl_prepared(sasl, &password);
    if (rc == 0 && sasl_name(sasl, &name))
        rc = sasl_fail(sasl, XMPP_EMEM);
    /* a server that names no realm means the one that we want to reach */
    if (rc == 0 && !c.realm) {
        c.realm = env_strndup(sasl->env, sasl->credentials->domain.s,
                              sasl->credentials->domain.n);
        rc = c.realm ? 0 : sasl_fail(sasl, XMPP_EMEM);
    }
    if (rc == 0)
        rc = digest_prove(sasl, &c, str_of(name), str_of(password), cnonce, uri,
                          out);
    env_free(sasl->env, name);
    env_free_secret(sasl->env, password);
    free_challenge(sasl->env, &c);
    return rc;
}

/* ---- a login ----------------------------------------------------- */

static int digest_answer_challenge(struct sasl *sasl, struct str challenge,
                                   struct buf *out)
{
    unsigned char bytes[NONCE_BYTES];
    char cnonce[BASE64_SIZE(NONCE_BYTES)];
    struct buf uri;
    int rc;

    if (!crypt_random(bytes, sizeof(bytes)))
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EINT,
                         "the random generator failed");
    base64_encode(cnonce, bytes, sizeof(bytes));
    buf_init(&uri, sasl->env, MESSAGE_MOST);
    /* digest-uri: the kind of service and the host (section 2.1.2). */
    buf_puts(&uri, STR("xmpp/"));
    buf_puts(&uri, sasl->credentials->domain);
    rc = uri.failed
             ? sasl_fail(sasl, XMPP_EMEM)
             : digest_answer(sasl, challenge, cnonce, buf_view(&uri), out);
    buf_free(&uri);
    return rc;
}

/* The server's proof (RFC 2831 section 2.1.3). It is required: without it
 * anybody could be the server. */
static int digest_verify(struct sasl *sasl, struct str text)
{
    struct digest_state *state = sasl->state;
    char wanted[sizeof("rspauth=") + MD5_HEX];

    snprintf(wanted, sizeof(wanted), "rspauth=%s", state->expected);
    while (text.n && digest_is_space(text.s[text.n - 1]))
        text.n--;
    if (text.n != strlen(wanted) || !crypt_equal(text.s, wanted, text.n))
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPROOF, "%s",
                         "the server's proof is missing or wrong");
    state->progress = DIGEST_VERIFIED;
    return 0;
}

/* The server sends the first message. */
static int digest_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    (void)sasl;
    (void)out;
    (void)has_initial;
    return 0;
}

static int digest_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    struct digest_state *state = sasl->state;

    switch (state->progress) {
    case DIGEST_ASKED:
        return digest_answer_challenge(sasl, challenge, out);
    case DIGEST_ANSWERED: /* its proof, answered by an empty response */
        return digest_verify(sasl, challenge);
    default:
        return sasl_bad(sasl, "the server sent one challenge too many");
    }
}

static int digest_success(struct sasl *sasl, struct str data)
{
    struct digest_state *state = sasl->state;

    switch (state->progress) {
    case DIGEST_ANSWERED:
        return digest_verify(sasl, data.s ? data : STR(""));
    case DIGEST_VERIFIED:
        return 0;
    default:
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPROOF, "%s",
                         "the server reported success without a challenge");
    }
}

static void digest_wipe(struct sasl *sasl)
{
    crypt_wipe(sasl->state, sizeof(struct digest_state));
}

static bool digest_is_possible(const struct mechanism *m,
                               const struct credentials *c)
{
    (void)m;
    return sasl_has_password(c);
}

const struct mechanism mechanism_digest = {
    .name = "DIGEST-MD5",
    .strength = 12,
    .is_mutual = true,
    .is_legacy = true,
    .is_possible = digest_is_possible,
    .size = sizeof(struct digest_state),
    .start = digest_start,
    .step = digest_step,
    .success = digest_success,
    .wipe = digest_wipe,
};
