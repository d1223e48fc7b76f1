/* chat_log.h - what xmpp-chat keeps of conversations: tables of SQLite beside
 * the store of the library, so that a message and the place up to which the
 * archive was read are kept together or not at all. */

#ifndef EXAMPLES_CHAT_LOG_H
#define EXAMPLES_CHAT_LOG_H

#include <sqlite3.h>

#include "chat_book.h"

struct chat_log {
    sqlite3 *db; /* borrowed */
};

/* 0, or -1. */
int log_open(struct chat_log *log, sqlite3 *db);

/* A line of the conversation with this address. One that has the id and the
 * author of another there replaces it. */
int log_put(struct chat_log *log, const char *chat, const struct line *line);
int log_set_fate(struct chat_log *log, const char *id, int fate);

/* The user has seen all up to the message with one of these ids, or all if both
 * are NULL. One that is not known changes nothing, nor does an older one. */
int log_set_seen(struct chat_log *log, const char *chat, const char *id,
                 const char *archive);
int log_unread(struct chat_log *log, const char *chat);

/* Called for each line, the oldest first. */
typedef void (*log_deliver)(void *to, const char *chat,
                            const struct line *line);

/* The last lines of a conversation, and those of all that contain a text. */
int log_read(struct chat_log *log, const char *chat, int most,
             log_deliver deliver, void *to);
int log_search(struct chat_log *log, const char *text, int most,
               log_deliver deliver, void *to);

#endif
