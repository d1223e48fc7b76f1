/* account.h - the subjects of tests/live/account: what surrounds an account. */

#ifndef TESTS_LIVE_ACCOUNT_H
#define TESTS_LIVE_ACCOUNT_H

#include "live/extensions.h"

void test_uploads(struct us *us, const char *ca);
void test_private(struct us *us);
void test_profile(struct us *us);
void test_social(struct us *us);
void test_machines(struct us *us);
void test_services(struct us *us);
void test_registration(struct us *us, char **argv);

#endif
