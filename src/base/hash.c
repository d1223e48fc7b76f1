/* hash.c - SipHash-2-4 (Aumasson and Bernstein, 2012). */

#include "base/hash.h"

static inline uint64_t turn(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

/* Eight octets as a little-endian number on any machine; compilers make one
 * load of it where that is the same. */
static inline uint64_t read_word(const unsigned char *p)
{
    return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* The same of fewer. */
static uint64_t read_tail(const unsigned char *p, size_t n)
{
    uint64_t word = 0;

    while (n--)
        word = word << 8 | p[n];
    return word;
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
}

static inline void mix(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

uint64_t hash_sip(const unsigned char key[HASH_KEY_SIZE], struct str text)
{
    uint64_t a = read_word(key), b = read_word(key + 8);
    /* the constants of the paper: "somepseudorandomlygeneratedbytes" */
    uint64_t v[4] = {a ^ 0x736f6d6570736575ULL, b ^ 0x646f72616e646f6dULL,
                     a ^ 0x6c7967656e657261ULL, b ^ 0x7465646279746573ULL};
    const unsigned char *p = (const unsigned char *)text.s;
    size_t n = text.n;

    for (; n >= 8; p += 8, n -= 8)
        mix(v, read_word(p));
    /* the last word has the length, modulo 256, in its highest octet */
    mix(v, (uint64_t)text.n << 56 | read_tail(p, n));
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
