/* strength.c - how strong a login was, so that a later one is not weaker. */

#include "sasl/strength.h"

#include <stdio.h>

#include "sasl/mechanisms.h"

/* Of the line: a later version may have more words. */
#define VERSION "1"
#define NO_BINDING "-"

void strength_write(const struct strength *strength, char *out, size_t n)
{
    const char *binding = binding_name(strength->binding);

    snprintf(out, n, "%s %s %s", VERSION, strength->mechanism->name,
             binding ? binding : NO_BINDING);
}

bool strength_read(struct strength *strength, struct str line)
{
    struct str version = str_word(&line), mechanism = str_word(&line),
               binding = str_word(&line);
    struct strength read = {mechanism_find(mechanism), binding_find(binding),
                            false};

    if (!str_is(version, VERSION) || !read.mechanism || str_word(&line).s ||
        (!read.binding && !str_is(binding, NO_BINDING)))
        return false;
    *strength = read;
    return true;
}

/* TLS itself proves by a certificate who we are. Nobody can pass that on, so it
 * needs no binding. As a minimum it only demands that no secret is sent. */
bool strength_is_above(const struct strength *strength,
                       const struct mechanism *mechanism, enum binding binding)
{
    if (!strength->mechanism || mechanism->is_bound_by_tls)
        return false;
    if (strength->mechanism->is_bound_by_tls)
        return !mechanism->is_scram;
    return mechanism->strength < strength->mechanism->strength ||
           binding < strength->binding;
}
