/* sasl_testbed.h - a login under test: who we are, what is offered, what was
 * said. */

#ifndef TESTS_SASL_SASL_TESTBED_H
#define TESTS_SASL_SASL_TESTBED_H

#include "failmem.h"
#include "sasl/choice.h"

struct sasl_testbed {
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
void sasl_testbed_make(struct sasl_testbed *testbed);

/* Log in like this. `flag` and `binding` are SCRAM's. */
void sasl_testbed_begin(struct sasl_testbed *testbed, const struct mechanism *m,
                        char flag, enum binding binding);

/* Offer these mechanisms and, unless NULL, types of channel binding. */
void sasl_testbed_offer(struct sasl_testbed *testbed, const char *mechanisms,
                        const char *types);

/* Assert what was said, and forget it. */
void sasl_testbed_said(struct sasl_testbed *testbed, const char *want,
                       const char *what);

/* Free all; asserts that no memory is left. */
void sasl_testbed_drop(struct sasl_testbed *testbed, const char *what);

#endif
