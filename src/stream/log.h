/* log.h - what goes over the wire, as lines of the log. */

#ifndef STREAM_LOG_H
#define STREAM_LOG_H

#include "base/env.h"
#include "stanza/node.h"

/* Each line is of level DEBUG; `what` is "SENT" or "RECV". What is secret in
 * XML is replaced. */

/* Any text, as it is. */
void log_text(struct env *env, const char *what, struct str text);

/* A tree. */
void log_tree(struct env *env, const char *what, const xmpp_stanza_t *node);
static inline void log_node(struct env *env, const char *what,
                            const xmpp_stanza_t *node)
{
    if (env_wants_log(env, XMPP_LEVEL_DEBUG))
        log_tree(env, what, node);
}

/* The start tag of the peer's stream. */
void log_header(struct env *env, const xmpp_stanza_t *header);

/* Bytes that the application sends. */
void log_raw(struct env *env, struct str bytes);

#endif
