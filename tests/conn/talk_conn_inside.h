/* talk_conn_inside.h - the player of talks through a connection, as its own
 * files and those of further words see it. */

/* clang-format off */
/* The words are those of tests/talk/play_inside.h, as far as a connection has a
 * counterpart for them, and:
 *
 *     cut                  the transport breaks, which the application hears
 *
 * In what is sent and in events, %NAME% stands for a text that is not known
 * beforehand, such as an id: where it comes first it is taken, and from there on
 * it is the same. %*% is any text. In what the server says %h% is the number of
 * stanzas that the client has sent in its session (XEP-0198), and with S* %n% counts
 * from 0.
 *
 * In talks with words of their own, such as those about modules, stanzas are events
 * only if there is a line `stanza`; what stream management sends in a session
 * (<r/>, <a/>) is not looked at; and what modules report as a session begins or is
 * lost may stand behind `up` and `cut`.
 */
/* clang-format on */

#ifndef TESTS_CONN_TALK_CONN_INSIDE_H
#define TESTS_CONN_TALK_CONN_INSIDE_H

#include "conn/talk_conn.h"
#include "conn/talk_holes.h"
#include "conn/testbed.h"
#include "talk/judge.h"

#define EVENTS_MOST 2000

/* Events are texts as they stand in a talk: "up", "down", "stanza <message/>",
 * "sent NAME STATUS". */
struct player {
    struct testbed testbed;
    const struct script *script;
    const struct talk_how *how;
    struct judge judge;
    struct talk_holes holes;
    char binding[BINDING_MOST];
    char *events[EVENTS_MOST];
    size_t first, last;
    bool error_due;   /* with the next end */
    bool end_due;     /* the talk itself ends the session */
    size_t told;      /* events so far */
    bool is_released; /* the connection, which is NULL */
    char wrong[2000]; /* "": nothing */
    void *words;      /* of the further words */
};

/* Something is not as the talk has it; the first time counts. */
__attribute__((format(printf, 2, 3))) void
talk_conn_deviate(struct player *p, const char *fmt, ...);

/* Until nothing moves any more; no time passes. */
void talk_conn_settle(struct player *p);

/* Something happened; or it has to be what happened next. */
void talk_conn_event(struct player *p, const char *word, const char *text);
void talk_conn_expect(struct player *p, const struct line *l, const char *want);

/* The server sends this line, with its holes filled. */
void talk_conn_say(struct player *p, const char *line, size_t line_n);

/* What the client sent and no line has taken, when nothing moves any more. */
struct str talk_conn_sent(struct player *p);

/* It happened, whatever happened before it; false if it did not. */
bool talk_conn_take(struct player *p, const char *event);

/* Does the talk have a line with this word? */
bool talk_conn_has(const struct player *p, const char *word);

/* What the talk itself allocates between these two neither fails nor counts. */
struct failmem talk_conn_spare(struct player *p);
void talk_conn_count(struct player *p, const struct failmem *spared);

/* The lines that the server's side plays; false for another word. Without a
 * player it only says whether it is one of them. */
bool talk_conn_server_line(struct player *p, const struct line *l);

/* Likewise those that the application plays. */
bool talk_conn_app_line(struct player *p, const struct line *l);

#endif
