/* scram_first.c - reads and checks the server's first message of SCRAM. */

#include "sasl/scram_first.h"

#include <stdio.h>

#include "base/code.h"

/* ---- reading ----------------------------------------------------- */

struct str scram_take(struct str *message, char attribute)
{
    struct str rest = *message, value;

    if (rest.n < 2 || rest.s[0] != attribute || rest.s[1] != '=')
        return STR_NONE;
    rest = str_cut(str_n(rest.s + 2, rest.n - 2), ',', &value);
    *message = rest;
    return value;
}

static bool nonce_is_printable(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < 0x21 || text.s[i] > 0x7E)
            return false;
    return true;
}

/* Unknown extensions are ignored, except 'm', which stands for mandatory ones
 * (RFC 5802 section 5.1). A known one must not come twice. */
static bool read_extensions(struct str rest, struct server_first *first)
{
    struct str one, *known;

    while (rest.s) {
        rest = str_cut(rest, ',', &one);
        if (one.n < 2 || one.s[1] != '=' || one.s[0] == 'm')
            return false;
        known = one.s[0] == 'h'   ? &first->offer
                : one.s[0] == 't' ? &first->tls
                                  : NULL;
        if (known && known->s)
            return false;
        if (known)
            *known = str_n(one.s + 2, one.n - 2);
    }
    return true;
}

int scram_first_read(struct sasl *sasl, struct str ours, struct str message,
                     struct server_first *ret)
{
    struct str count;

    *ret = (struct server_first){0};
    if (message.n >= 2 && message.s[0] == 'm')
        return sasl_bad(
            sasl,
            "the server demands an extension that this library does not know");
    ret->nonce = scram_take(&message, 'r');
    ret->salt = scram_take(&message, 's');
    count = scram_take(&message, 'i');
    if (!ret->nonce.s || !ret->salt.n || !count.n ||
        !read_extensions(message, ret))
        return sasl_bad(sasl, "the challenge is malformed");
    /* The nonce has to begin with ours, and the server has to add its part (RFC
     * 5802 section 5.1): otherwise an old exchange could be played again. */
    if (ret->nonce.n <= ours.n || !str_starts(ret->nonce, ours) ||
        !nonce_is_printable(ret->nonce))
        return sasl_bad(sasl, "the server's nonce does not extend ours");
    if (!sasl_iterations(sasl, count, &ret->iterations))
        return sasl_bad(sasl, "the iteration count is outside the limits");
    return 0;
}

/* ---- checking ---------------------------------------------------- */

static int changed(struct sasl *sasl, const char *what)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EDOWNGRADE,
                     "%s differs from what we received: an attacker may have "
                     "changed it",
                     what);
}

/* XEP-0474 section 6.2. The hash is part of what the server signs with the
 * password, so an attacker cannot have removed mechanisms from the offer. */
static int check_offer(struct sasl *sasl, struct str said)
{
    enum digest d = (enum digest)sasl->mechanism->digest;
    struct str lists = buf_view(&sasl->offer->lists);
    unsigned char hash[DIGEST_MOST];
    char text[BASE64_SIZE(DIGEST_MOST)];

    if (!crypt_hash(d, lists.s, lists.n, hash))
        return sasl_fail(sasl, XMPP_EINT);
    base64_encode(text, hash, digest_size(d));
    if (!str_is(said, text))
        return changed(sasl, "the list of mechanisms that the server sent");
    sasl->is_proven = true;
    return 0;
}

/* XEP-0515. The version is 0 if the TLS is not ours to see: it cannot be
 * compared then. */
static int check_tls(struct sasl *sasl, struct str said)
{
    const struct channel *channel = sasl->credentials->channel;
    char text[8];

    if (channel && channel->version == 0)
        return 0;
    snprintf(text, sizeof(text), "%04x",
             channel ? channel->version & 0xffff : 0);
    return str_is(said, text)
               ? 0
               : changed(sasl, "the version of TLS that the server uses");
}

int scram_first_check(struct sasl *sasl, const struct server_first *first)
{
    int rc = first->offer.s ? check_offer(sasl, first->offer) : 0;

    if (rc == 0 && first->tls.s)
        rc = check_tls(sasl, first->tls);
    if (rc == 0 && sasl->choice.needs_proof && !sasl->is_proven)
        rc = fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_EPOLICY,
                       "%s is weaker than expected, and the server does not "
                       "prove that it offers nothing stronger",
                       sasl->mechanism->name);
    return rc;
}
