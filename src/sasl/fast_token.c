/* fast_token.c - a token that a server gave us for the next login (XEP-0484).
 */

#include "sasl/fast_token.h"

#include <limits.h>
#include <stdio.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sasl/ht.h"

/* Of the line: a later version may have more words. */
#define VERSION "1"

/* A token is text of XML, which is UTF-8. */
bool fast_token_set(struct fast_token *token, const struct mechanism *mechanism,
                    struct str text, uint64_t expiry)
{
    if (text.n == 0 || text.n > FAST_TOKEN_MOST || !str_is_utf8(text))
        return false;
    *token = (struct fast_token){.mechanism = mechanism,
                                 .binding = ht_binding(mechanism),
                                 .expiry = expiry,
                                 .n = text.n};
    memcpy(token->text, text.s, text.n);
    return true;
}

/* The line names its account, so that it is never shown to the server of
 * another. The token is in base64, because it may have spaces. */
void fast_token_write(const struct fast_token *token, struct str account,
                      char *out, size_t n)
{
    char text[BASE64_SIZE(FAST_TOKEN_MOST)];

    base64_encode(text, token->text, token->n);
    snprintf(out, n, "%s %.*s %s %llu %lu %s", VERSION, STR_ARG(account),
             token->mechanism->name, (unsigned long long)token->expiry,
             token->count, text);
    crypt_wipe(text, sizeof(text));
}

/* In two halves: a date may be more than an unsigned long of 32 bits holds. */
static bool read_seconds(struct str word, uint64_t *ret)
{
    unsigned long high = 0, low;
    size_t head = word.n > 9 ? word.n - 9 : 0;

    if (!word.n || word.n > 18 ||
        (head && !str_number(str_n(word.s, head), 999999999, &high)) ||
        !str_number(str_n(word.s + head, word.n - head), 999999999, &low))
        return false;
    *ret = (uint64_t)high * 1000000000 + low;
    return true;
}

bool fast_token_read(struct fast_token *token, struct str line,
                     struct str *ret_account)
{
    struct str version = str_word(&line), account = str_word(&line),
               mechanism = str_word(&line), expiry = str_word(&line),
               count = str_word(&line), text = str_word(&line);
    const struct mechanism *m = ht_find(mechanism);
    char raw[BASE64_MOST(BASE64_SIZE(FAST_TOKEN_MOST)) + 3]; /* a secret */
    uint64_t seconds;
    unsigned long uses;
    size_t n = 0;
    bool good = str_is(version, VERSION) && m && account.n &&
                account.n <= FAST_TOKEN_ACCOUNT_MOST &&
                !memchr(account.s, '\0', account.n) &&
                read_seconds(expiry, &seconds) &&
                str_number(count, INT_MAX, &uses) &&
                text.n < BASE64_SIZE(FAST_TOKEN_MOST) && !str_word(&line).s &&
                base64_decode(raw, &n, text) &&
                fast_token_set(token, m, str_n(raw, n), seconds);

    if (good) {
        token->count = uses;
        *ret_account = account;
    }
    crypt_wipe(raw, sizeof(raw));
    return good;
}

bool fast_token_is_expired(const struct fast_token *token, uint64_t now)
{
    return token->expiry && token->expiry <= now;
}
