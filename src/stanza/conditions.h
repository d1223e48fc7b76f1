/* conditions.h - the conditions of stanza errors and stream errors. */

#ifndef STANZA_CONDITIONS_H
#define STANZA_CONDITIONS_H

#include <xmpp/build.h>

#include "stanza/node.h"

/* The enum value of a condition of stream errors; XMPP_SE_UNDEFINED_CONDITION
 * for an unknown one. */
xmpp_error_type_t condition_type(struct str name);

/* The name of such a condition, "not-authorized" etc. Static. */
const char *condition_name(xmpp_error_type_t type);

/* The condition and the <text/> in an <error/>, <stream:error/> or <failure/>
 * of SASL. `ns` is the namespace of its conditions. Either result may be
 * STR_NONE. Borrowed. */
void condition_read(xmpp_stanza_t *error, enum name_id ns,
                    struct str *ret_condition, struct str *ret_text);

#endif
