/* binding.c - types of channel binding (RFC 5056), and a channel's data. */

#include "sasl/binding.h"

static const char *const names[BINDINGS] = {
    [BINDING_END_POINT] = "tls-server-end-point",
    [BINDING_UNIQUE] = "tls-unique",
    [BINDING_EXPORTER] = "tls-exporter",
};

const char *binding_name(enum binding binding)
{
    return names[binding];
}

enum binding binding_find(struct str name)
{
    for (int i = BINDING_NONE + 1; i < BINDINGS; i++)
        if (str_is(name, names[i]))
            return (enum binding)i;
    return BINDING_NONE;
}

unsigned binding_bit(enum binding binding)
{
    return binding == BINDING_NONE ? 0 : 1u << binding;
}

unsigned binding_bits(const struct channel *channel)
{
    unsigned bits = 0;

    if (!channel)
        return 0;
    for (int i = BINDING_NONE + 1; i < BINDINGS; i++)
        if (channel->bindings[i].n)
            bits |= binding_bit((enum binding)i);
    /* TLS 1.3 has no tls-unique (RFC 9266 section 1). */
    if (channel->version > TLS_1_2)
        bits &= ~binding_bit(BINDING_UNIQUE);
    return bits;
}

/* The enum has them from the weakest to the best. */
enum binding binding_best(unsigned bits)
{
    for (int i = BINDINGS - 1; i > BINDING_NONE; i--)
        if (bits & binding_bit((enum binding)i))
            return (enum binding)i;
    return BINDING_NONE;
}
