/* pin.h - what an earlier login had, so that a later one has no less. */

#ifndef SASL_PIN_H
#define SASL_PIN_H

#include "base/env.h"
#include "sasl/binding.h"

struct mechanism;

/* Zeroed: nothing is pinned. */
struct pin {
    const struct mechanism *mechanism; /* NULL: none */
    enum binding binding;
    bool is_set; /* by the application; else it follows from earlier logins */
};

/* As a line for the application to keep: "1 SCRAM-SHA-256-PLUS tls-exporter";
 * fits into PIN_SIZE bytes. */
#define PIN_SIZE 80
void pin_write(const struct pin *pin, char *out, size_t n);

/* False if it is no such line. */
bool pin_read(struct pin *pin, struct str line);

/* Would logging in so be less than what is pinned? */
bool pin_is_above(const struct pin *pin, const struct mechanism *mechanism,
                  enum binding binding);

#endif
