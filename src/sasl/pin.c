/* pin.c - what an earlier login had, so that a later one has no less. */

#include "sasl/pin.h"

#include <stdio.h>

#include "sasl/mechanisms.h"

#define VERSION "1"
#define NO_BINDING "-"

void pin_write(const struct pin *pin, char *out, size_t n)
{
    const char *binding = binding_name(pin->binding);

    snprintf(out, n, "%s %s %s", VERSION, pin->mechanism->name,
             binding ? binding : NO_BINDING);
}

bool pin_read(struct pin *pin, struct str line)
{
    struct str version = str_word(&line), mechanism = str_word(&line),
               binding = str_word(&line);
    struct pin read = {mechanism_find(mechanism), binding_find(binding), false};

    if (!str_is(version, VERSION) || !read.mechanism || str_word(&line).s ||
        (!read.binding && !str_is(binding, NO_BINDING)))
        return false;
    *pin = read;
    return true;
}

/* A certificate proves who we are inside TLS, which nobody can pass on; it
 * needs no binding. */
bool pin_is_above(const struct pin *pin, const struct mechanism *mechanism,
                  enum binding binding)
{
    if (!pin->mechanism || mechanism->is_bound_by_tls)
        return false;
    if (pin->mechanism->is_bound_by_tls)
        return !mechanism->is_scram;
    return mechanism->strength < pin->mechanism->strength ||
           binding < pin->binding;
}
