/* many_modules.h - modules that listen for what nobody sends. */

#ifndef TESTS_XEP_MANY_MODULES_H
#define TESTS_XEP_MANY_MODULES_H

#include <xmpp/module.h>

#define MANY_MODULES_MOST 64

/* Module `i`, which has six rows in a namespace of its own. It is made by the
 * first call, and static. */
const xmpp_module_t *many_modules_at(unsigned i);

#endif
