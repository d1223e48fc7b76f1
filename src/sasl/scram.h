/* scram.h - SCRAM with a given nonce, for tests with known values. */

#ifndef SASL_SCRAM_H
#define SASL_SCRAM_H

#include "sasl/sasl.h"

/* Append the client-first message. `nonce` is printable and has no comma. */
int scram_begin(struct sasl *sasl, const char *nonce, struct buf *out);

#endif
