/* talk_conn_inside.h - the player of talks through a connection, as its own
 * files see it. */

#ifndef TESTS_CONN_TALK_CONN_INSIDE_H
#define TESTS_CONN_TALK_CONN_INSIDE_H

#include "conn/talk_conn.h"
#include "conn/testbed.h"
#include "talk/judge.h"

#define EVENTS_MOST 300

/* Events are texts as they stand in a talk: "up", "down", "stanza <message/>",
 * "sent NAME STATUS". */
struct player {
    struct testbed testbed;
    const struct script *script;
    const char *tls;
    struct judge judge;
    char binding[BINDING_MOST];
    char *events[EVENTS_MOST];
    size_t first, last;
    bool error_due;   /* with the next end */
    char wrong[2000]; /* "": nothing */
};

/* Something is not as the talk has it; the first time counts. */
__attribute__((format(printf, 2, 3))) void
talk_conn_deviate(struct player *p, const char *fmt, ...);

/* Until nothing moves any more; no time passes. */
void talk_conn_settle(struct player *p);

/* The lines that the server's side plays; false for another word. Without a
 * player it only says whether it is one of them. */
bool talk_conn_server_line(struct player *p, const struct line *l);

#endif
