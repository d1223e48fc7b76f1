/* digest.h - DIGEST-MD5 with a given nonce, for tests with known values. */

#ifndef SASL_DIGEST_H
#define SASL_DIGEST_H

#include "sasl/sasl.h"

/* Append the answer to the challenge. `uri` is "xmpp/" and the domain. */
int digest_answer(struct sasl *sasl, struct str challenge, const char *cnonce,
                  struct str uri, struct buf *out);

#endif
