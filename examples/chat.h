/* chat.h - xmpp-chat: what its parts share. */

#ifndef EXAMPLES_CHAT_H
#define EXAMPLES_CHAT_H

#include "chat_book.h"
#include "chat_log.h"
#include "cli.h"

struct app {
    struct cli cli;
    xmpp_store_t store; /* the library's, in the same database as the log */
    struct chat_log log;
    struct book book;
    xmpp_log_t quiet;  /* the screen is not disturbed */
    char notice[200];  /* stands in the status line until the next key */
    const char *state; /* of the connection, */
    char why[200];     /* and why there is none */
    char *nick;        /* in rooms */
    int is_changed;    /* the screen has to be drawn */
    int percent;       /* of an upload, as shown; -1: there is none */
    int is_composing;  /* what was sent last to the current conversation */
    long long typed;   /* when the last key was, in microseconds */
};

/* Use the modules, and show what they report (chat_events.c). 0, or a code. */
int events_begin(struct app *app);

/* Messages, and what becomes of them (chat_messages.c). */
void app_on_sync(xmpp_conn_t *conn, const xmpp_event_t *event, void *app);

/* The conversation with this address, and its newest lines from the log. */
struct chat *app_chat(struct app *app, const xmpp_jid_t *jid, int is_room);
struct chat *app_chat_at(struct app *app, const char *jid, int is_room);

/* The user sees the conversation now. */
void app_seen(struct app *app, struct chat *chat);

/* A key was typed; and time passes: the other side learns who writes. */
void app_typed(struct app *app);
void app_idle(struct app *app);

void app_notice(struct app *app, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* A line that was typed: a text to send, or a command (chat_commands.c). */
void command_run(struct app *app, const char *line);

/* What failed, if anything did, in the status line. The userdata is the app. */
void app_on_result(xmpp_conn_t *conn, const xmpp_result_t *result, void *app);

#endif
