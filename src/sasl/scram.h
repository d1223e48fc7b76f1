/* scram.h - SCRAM with a nonce given: what a test with known numbers needs. */

#ifndef SASL_SCRAM_H
#define SASL_SCRAM_H

#include "sasl/sasl.h"

/* The client-first message. `nonce` is printable, without a comma. */
int scram_begin(struct sasl *sasl, const char *nonce, struct buf *out);

#endif
