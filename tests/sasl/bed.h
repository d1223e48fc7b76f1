/* bed.h - a login under test: who we are, what is offered, what was said. */

#ifndef TESTS_SASL_BED_H
#define TESTS_SASL_BED_H

#include "failmem.h"
#include "sasl/choice.h"

struct bed {
    struct failmem memory;
    struct env env;
    struct credentials credentials;
    struct channel channel;
    struct sasl_offer offer;
    struct sasl_choice choice;
    struct fault fault;
    struct sasl *sasl;
    struct buf out;
};

/* "user" with the password "pencil" under TLS 1.3 whose exporter is "THIS IS
 * FAKE CB DATA"; the offer is empty. Then change what is to be otherwise. */
void bed_make(struct bed *bed);

/* Log in like this. `flag` and `binding` are SCRAM's. */
void bed_begin(struct bed *bed, const struct mechanism *m, char flag,
               enum binding binding);

/* Offer these mechanisms and, unless NULL, types of channel binding. */
void bed_offer(struct bed *bed, const char *mechanisms, const char *types);

/* Assert what was said, and forget it. */
void bed_said(struct bed *bed, const char *want, const char *what);

/* Free all; asserts that no memory is left. */
void bed_drop(struct bed *bed, const char *what);

#endif
