/* mechanisms.c - the table of SASL mechanisms: one row each. */

#include "sasl/mechanisms.h"

#include "base/parts.h"

/* The strongest first: channel binding counts more than the hash, as in
 * libstrophe. EXTERNAL needs no secret of ours. OAUTHBEARER comes before PLAIN,
 * because a token can be revoked, and a password often opens more. */
static const struct mechanism *const table[] = {
    &mechanism_external,
    &mechanism_scram_sha512_plus,
    &mechanism_scram_sha256_plus,
    &mechanism_scram_sha1_plus,
    &mechanism_scram_sha512,
    &mechanism_scram_sha256,
    &mechanism_scram_sha1,
    &mechanism_bearer,
#if PART_LEGACY
    &mechanism_digest,
#endif
    &mechanism_plain,
    &mechanism_anonymous,
};

#define ROWS (sizeof(table) / sizeof(table[0]))

const struct mechanism *mechanism_at(unsigned row)
{
    return row < ROWS ? table[row] : NULL;
}

/* ROWS if it is unknown. */
static size_t mechanism_row_of(struct str name)
{
    size_t i = 0;

    while (i < ROWS && !str_is(name, table[i]->name))
        i++;
    return i;
}

const struct mechanism *mechanism_find(struct str name)
{
    size_t row = mechanism_row_of(name);

    return row < ROWS ? table[row] : NULL;
}

uint32_t mechanism_bit(struct str name)
{
    size_t row = mechanism_row_of(name);

    return row < ROWS ? UINT32_C(1) << row : 0;
}

uint32_t mechanism_bits(struct str list)
{
    uint32_t bits = 0;
    struct str word;

    while ((word = str_word(&list)).s)
        bits |= mechanism_bit(word);
    return bits;
}
