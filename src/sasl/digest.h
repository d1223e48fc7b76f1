/* digest.h - DIGEST-MD5 with a nonce given: what a test with known numbers
 * needs. */

#ifndef SASL_DIGEST_H
#define SASL_DIGEST_H

#include "sasl/sasl.h"

/* Answer the challenge; `uri` is "xmpp/" and the domain. */
int digest_answer(struct sasl *sasl, struct str challenge, const char *cnonce,
                  struct str uri, struct buf *out);

#endif
