/* uri_testbed.h - what the tests of XMPP URIs share. */

#ifndef TESTS_ADDRESS_URI_TESTBED_H
#define TESTS_ADDRESS_URI_TESTBED_H

#include <xmpp/ctx.h>
#include <xmpp/uri.h>

#include "base/buf.h"
#include "failmem.h"
#include "tap.h"

#define R_CARON "\xc5\x99"
#define C_CARON "\xc4\x8d"
#define ALEF "\xd7\x90"
#define BET "\xd7\x91"

/* RFC 5122 section 2.7.2. */
#define NASTY_URI "xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node"
#define NASTY "nasty!#$%()*+,-.;=?[\\]^_`{|}~node@example.com"
#define REPULSIVE_URI                                                          \
    "xmpp:node@example.com/repulsive%20!%23%22$%25&'()*+,-.%2F:;%3C="          \
    "%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~resource"
#define REPULSIVE                                                              \
    "node@example.com/repulsive !#\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~resource"

#define EACH(i, rows) (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++)

extern struct failmem memory;
extern struct env env;
extern xmpp_ctx_t *ctx; /* the same; call uri_testbed_init() first */

void uri_testbed_init(void);

/* "account | jid | type | key=value | ... #fragment", "-" for what is not
 * there. Owned: env_free. */
char *uri_testbed_describe(const xmpp_uri_t *uri);

/* The same of a text, NULL if it is refused. */
char *uri_testbed_parts(const char *text, xmpp_jid_mode_t mode,
                        xmpp_text_error_t *wrong);

#endif
