/* hash.c - SipHash-2-4 against its authors' vectors. */

#include "base/hash.h"

#include "tap.h"

/* Of the octets 00, 01, ... of that length, with the key 00 to 0f. */
static const struct {
    size_t n;
    uint64_t hash;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31ULL},  {1, 0x74f839c593dc67fdULL},
    {2, 0x0d6c8009d9a94f5aULL},  {7, 0xab0200f58b01d137ULL},
    {8, 0x93f5f5799a932462ULL},  {15, 0xa129ca6149be45e5ULL},
    {63, 0x958a324ceb064572ULL},
};

int main(void)
{
    unsigned char key[HASH_KEY_SIZE], text[64];

    for (unsigned i = 0; i < sizeof(text); i++)
        text[i] = (unsigned char)i;
    memcpy(key, text, sizeof(key));
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
        ok(hash_sip(key, str_n((char *)text, vectors[i].n)) == vectors[i].hash,
           "%zu octets", vectors[i].n);
    ok(hash_sip(key, STR_NONE) == vectors[0].hash, "nothing");
    return done_testing();
}
