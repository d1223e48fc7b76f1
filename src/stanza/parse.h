/* parse.h - one element from a string. */

#ifndef STANZA_PARSE_H
#define STANZA_PARSE_H

#include "base/env.h"
#include "stanza/node.h"

/* As a stream of its own, with the parser and the limits of streams. 0,
 * XMPP_EMEM, or any other code for what is not one element; *ret is NULL then,
 * else owned. */
int parse_string(struct env *env, const char *text, xmpp_stanza_t **ret);

#endif
