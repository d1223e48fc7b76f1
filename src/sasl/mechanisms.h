/* mechanisms.h - the rows that the table of mechanisms is made of. */

#ifndef SASL_MECHANISMS_H
#define SASL_MECHANISMS_H

#include "sasl/sasl.h"

extern const struct mechanism mechanism_plain, mechanism_external,
    mechanism_anonymous;                                        /* plain.c */
extern const struct mechanism mechanism_scram_sha1, mechanism_scram_sha256,
    mechanism_scram_sha512;                                     /* scram.c */

#endif
