/* parse.h - parses one element from a string. */

#ifndef STANZA_PARSE_H
#define STANZA_PARSE_H

#include "base/env.h"
#include "stanza/node.h"

/* The string is read like the content of a stream, with the same parser and
 * similar limits. 0 and an owned tree in *ret; or XMPP_EMEM, or another code if
 * it does not begin with one element, and *ret is NULL. */
int parse_string(struct env *env, const char *text, xmpp_stanza_t **ret);

/* The same for a text without a NUL. */
int parse_view(struct env *env, struct str text, xmpp_stanza_t **ret);

#endif
