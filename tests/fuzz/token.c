/* token.c - fuzz target: any bytes as a saved token, as what a server says of
 * one, and as a date. What is read has to come back the same. */

#include <string.h>

#include <xmpp/time.h>

#include "base/crypt.h"
#include "base/date.h"
#include "fuzz/fuzz.h"
#include "sasl/ht.h"
#include "sasl/sasl.h"

const char fuzz_corpus[] = "token";

static void check_line(struct str line)
{
    char out[FAST_TOKEN_LINE_SIZE];
    struct fast_token token, again;
    struct str account, other;

    if (!fast_token_read(&token, line, &account))
        return;
    MUST(token.n > 0 && token.n <= FAST_TOKEN_MOST);
    MUST(str_is_utf8(str_n(token.text, token.n)));
    MUST(token.binding == ht_binding(token.mechanism));
    MUST(account.s >= line.s && account.s + account.n <= line.s + line.n);
    fast_token_write(&token, account, out, sizeof(out));
    MUST(fast_token_read(&again, str_of(out), &other));
    MUST(str_eq(account, other));
    MUST(again.mechanism == token.mechanism && again.count == token.count &&
         again.expiry == token.expiry && again.n == token.n &&
         memcmp(again.text, token.text, token.n) == 0);
}

/* Nothing proves a token but its HMAC, which takes more than chance. */
static void check_answer(struct str data)
{
    struct fast_token token;
    struct credentials c = {.authcid = STR("user"), .fast_token = &token};
    struct sasl_choice choice = {ht_find(STR("HT-SHA-256-NONE")), BINDING_NONE,
                                 'n', false, false};
    struct sasl_offer offer;
    struct fault fault = {0};
    struct env env;
    struct sasl *sasl;

    env_init(&env, NULL, NULL);
    MUST(fast_token_set(&token, choice.mechanism, STR("token"), 0));
    offer_init(&offer, &env);
    sasl = sasl_new(&env, &choice, &c, &offer, &fault);
    MUST(sasl->mechanism->success(sasl, data) == XMPP_EPROOF);
    sasl_free(sasl);
    offer_free(&offer);
}

/* What is written is read as the same moment. */
static void check_date(struct str text)
{
    char again[XMPP_TIME_SIZE];
    int64_t at, back;

    if (!date_read(text, &at))
        return;
    xmpp_time_print(at, again);
    MUST(strlen(again) < sizeof(again));
    MUST(!*again || (date_read(str_of(again), &back) && back == at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size);

    check_line(text);
    check_answer(text);
    check_date(text);
    return 0;
}
