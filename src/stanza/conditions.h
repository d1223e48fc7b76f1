/* conditions.h - stanza errors and stream errors, one table both ways. */

#ifndef STANZA_CONDITIONS_H
#define STANZA_CONDITIONS_H

#include <xmpp/build.h>

#include "stanza/node.h"

/* The enum value of a stream error condition; XMPP_SE_UNDEFINED_CONDITION
 * for a stranger. */
xmpp_error_type_t condition_type(struct str name);

/* "not-authorized" etc.; static. */
const char *condition_name(xmpp_error_type_t type);

/* The condition element inside an <error/>, <stream:error/> or SASL
 * <failure/>, given the namespace that its conditions have, and its <text/>.
 * Either result may be STR_NONE. Borrowed. */
void condition_read(xmpp_stanza_t *error, enum name_id ns,
                    struct str *ret_condition, struct str *ret_text);

#endif
