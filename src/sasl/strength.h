/* strength.h - how strong a login was, so that a later one is not weaker.
 *
 * XEP-0474 advises against remembering a mechanism, because servers may change.
 * So a weaker offer is not refused if the server proves it, and the remembered
 * strength then follows that offer. EXTERNAL is above every strength, because
 * TLS binds it; as a minimum it only demands that no secret is sent. */

#ifndef SASL_STRENGTH_H
#define SASL_STRENGTH_H

#include "base/env.h"
#include "sasl/binding.h"

struct mechanism;

/* Zeroed: no minimum. */
struct strength {
    const struct mechanism *mechanism; /* NULL if there is no minimum */
    enum binding binding;
    bool is_set; /* by the application; else it follows from earlier logins */
};

/* Write a line that the application may keep: "1 SCRAM-SHA-256-PLUS
 * tls-exporter". It fits into STRENGTH_SIZE bytes. */
#define STRENGTH_SIZE 80
void strength_write(const struct strength *strength, char *out, size_t n);

/* Read such a line; false if it is not one. */
bool strength_read(struct strength *strength, struct str line);

/* Whether a login with this mechanism and binding would be weaker. */
bool strength_is_above(const struct strength *strength,
                       const struct mechanism *mechanism, enum binding binding);

#endif
