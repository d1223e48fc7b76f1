/* punycode.c - encodes labels whose letters libidn2 does not know (RFC 3492).
 */

#include "address/punycode.h"

/* RFC 3492 section 5 */
#define BASE 36u
#define T_MIN 1u
#define T_MAX 26u
#define SKEW 38u
#define DAMP 700u
#define FIRST_BIAS 72u
#define FIRST_N 0x80u
#define LAST_C 0x10FFFFu

/* Section 6.1. Nothing here can overflow: a label has less than 60 code points,
 * so a delta is below 0x110000 * 60. */
static uint32_t adapt(uint32_t delta, size_t points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / (uint32_t)points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

struct output {
    char *to;
    size_t n; /* above PUNYCODE_MOST if there was not enough room */
};

static void punycode_put(struct output *o, char c)
{
    if (o->n < PUNYCODE_MOST)
        o->to[o->n] = c;
    o->n++;
}

/* A generalised variable-length integer (section 6.3). */
static void punycode_put_number(struct output *o, uint32_t q, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias), digit = q;

        if (q >= t) {
            digit = t + (q - t) % (BASE - t);
            q = (q - t) / (BASE - t);
        }
        punycode_put(o, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
        if (digit < t)
            return;
    }
}

static uint32_t next_above(const uint32_t *c, size_t n, uint32_t least)
{
    uint32_t next = LAST_C + 1;

    for (size_t i = 0; i < n; i++)
        if (c[i] >= least && c[i] < next)
            next = c[i];
    return next;
}

size_t punycode_encode(const uint32_t *c, size_t n, char out[PUNYCODE_MOST])
{
    struct output o = {out, 0};
    uint32_t bias = FIRST_BIAS, delta = 0, least = FIRST_N;
    size_t basic, done;

    if (n > PUNYCODE_MOST) /* each code point takes at least one octet */
        return 0;
    for (size_t i = 0; i < n; i++)
        if (c[i] < FIRST_N)
            punycode_put(&o, (char)c[i]);
    done = basic = o.n;
    if (basic)
        punycode_put(&o, '-');
    while (done < n && o.n <= PUNYCODE_MOST) {
        uint32_t next = next_above(c, n, least);

        delta += (next - least) * ((uint32_t)done + 1);
        for (size_t i = 0; i < n; i++) {
            if (c[i] < next)
                delta++;
            if (c[i] != next)
                continue;
            punycode_put_number(&o, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        least = next + 1;
    }
    return o.n <= PUNYCODE_MOST ? o.n : 0;
}
