/* offer.c - the mechanisms that a server offers, and those that it refused. */

#include "sasl/offer.h"

#include <stdio.h>
#include <stdlib.h>
#include <xmpp/error.h>

#include "base/quote.h"
#include "sasl/binding.h"
#include "sasl/mechanisms.h"

/* The element that they come in has a limit, too: XMPP_OPT_MAX_LOGIN_STANZA. */
#define LISTS_MOST 1048576
#define BETWEEN_NAMES '\x1e' /* by XEP-0474 */
#define BETWEEN_LISTS '\x1f'

void offer_init(struct sasl_offer *offer, const struct env *env)
{
    *offer = (struct sasl_offer){0};
    buf_init(&offer->mechanisms, env, LISTS_MOST);
    buf_init(&offer->types, env, LISTS_MOST);
    buf_init(&offer->lists, env, 2 * LISTS_MOST + 1);
}

void offer_free(struct sasl_offer *offer)
{
    buf_free(&offer->mechanisms);
    buf_free(&offer->types);
    buf_free(&offer->lists);
}

/* A mechanism that we do not know counts, too: it shows that the server has
 * channel binding. */
static bool is_plus(struct str name)
{
    return name.n > 5 && memcmp(name.s + name.n - 5, "-PLUS", 5) == 0;
}

void offer_mechanism(struct sasl_offer *offer, struct str name)
{
    offer->known |= mechanism_bit(name);
    offer->has_plus |= is_plus(name);
    buf_puts(&offer->mechanisms, name);
    buf_putc(&offer->mechanisms, BETWEEN_NAMES);
}

void offer_elsewhere(struct sasl_offer *offer, struct str name)
{
    offer->has_plus |= is_plus(name);
}

/* A type that we do not know is part of the list that XEP-0474 hashes. */
void offer_binding(struct sasl_offer *offer, struct str type)
{
    offer->has_types = true;
    offer->bindings |= binding_bit(binding_find(type));
    buf_puts(&offer->types, type);
    buf_putc(&offer->types, BETWEEN_NAMES);
}

void offer_describe(const struct sasl_offer *offer, char *out, size_t n)
{
    struct str list = buf_view(&offer->mechanisms), name;
    size_t used = 0;

    snprintf(out, n, "nothing");
    while (list.n) {
        struct quote room;

        list = str_cut(list, BETWEEN_NAMES, &name);
        quote(&room, name);
        if (used + strlen(room.s) + sizeof(" ...") > n) {
            snprintf(out + used, n - used, " ...");
            return;
        }
        used += (size_t)snprintf(out + used, n - used, "%s%s", used ? " " : "",
                                 room.s);
    }
}

/* ---- the lists that XEP-0474 hashes ------------------------------ */

/* The order of i;octet (RFC 4790 section 9.3). */
static int by_octets(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    size_t n = x->n < y->n ? x->n : y->n;
    int rc = n ? memcmp(x->s, y->s, n) : 0;

    return rc ? rc : (x->n > y->n) - (x->n < y->n);
}

static size_t count(struct str list)
{
    size_t n = 0;

    for (size_t i = 0; i < list.n; i++)
        n += list.s[i] == BETWEEN_NAMES;
    return n;
}

/* Sorted, the lists do not depend on the order in which features are sent. One
 * separator stands between two names, none behind the last (XEP-0474 section
 * 6.1). */
static int put_sorted(const struct env *env, const struct buf *from,
                      struct buf *out)
{
    struct str list = buf_view(from);
    size_t n = count(list);
    struct str *names = env_alloc(env, (n + 1) * sizeof(*names));

    if (!names || from->failed) {
        env_free(env, names);
        return XMPP_EMEM;
    }
    for (size_t i = 0; i < n; i++)
        list = str_cut(list, BETWEEN_NAMES, &names[i]);
    qsort(names, n, sizeof(*names), by_octets);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, BETWEEN_NAMES);
        buf_puts(out, names[i]);
    }
    env_free(env, names);
    return out->failed ? XMPP_EMEM : 0;
}

int offer_seal(struct sasl_offer *offer)
{
    const struct env *env = offer->lists.env;
    int rc = put_sorted(env, &offer->mechanisms, &offer->lists);

    /* Without a list of types the second separator is missing, too. */
    if (rc == 0 && offer->has_types) {
        buf_putc(&offer->lists, BETWEEN_LISTS);
        rc = put_sorted(env, &offer->types, &offer->lists);
    }
    return rc;
}
