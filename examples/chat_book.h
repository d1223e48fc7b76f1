/* chat_book.h - what xmpp-chat has on its screen: conversations and their
 * lines. */

#ifndef EXAMPLES_CHAT_BOOK_H
#define EXAMPLES_CHAT_BOOK_H

#include <stddef.h>

#include <xmpp/types.h>

#define LINES_MOST 2000 /* of a conversation in memory; all are in the log */

/* How far a message of ours got. */
enum fate {
    FATE_NONE, /* it is not ours */
    FATE_WAITS,
    FATE_SENT,
    FATE_STORED,
    FATE_RECEIVED,
    FATE_DISPLAYED,
    FATE_FAILED,
    FATES
};

struct line {
    long long time; /* microseconds, as xmpp_time_t */
    char *who;      /* NULL: a remark of the program */
    char *text;
    char *id;      /* by which it is answered, corrected and marked; or NULL */
    char *archive; /* its id in the archive, or NULL */
    char *author;  /* who may change it: "": we; the address of a contact; the
                    * id of an occupant; NULL: nobody, because who wrote it is
                    * not certain */
    long color;    /* of `who`, or -1 */
    int fate;      /* enum fate */
    int is_edited;
    int is_unread;   /* when it came */
    int is_past;     /* it is older than lines that were there */
    int is_markable; /* its sender wants to know when it is displayed */
};

/* With one contact or room. The lines are ordered by time, but for remarks. */
struct chat {
    char *jid, *name;
    int is_room;
    int unread, mentions;
    int show;     /* xmpp_show_t of a contact, -1: not available */
    char *typing; /* who writes, or NULL */
    char *topic;  /* of a room, or what a contact says of itself */
    char *draft;  /* typed and not sent */
    struct line *lines;
    size_t line_count, line_room;
    size_t scrolled; /* lines below the screen */
    struct chat *next;
};

struct book {
    struct chat *chats;   /* by name, rooms first */
    struct chat *current; /* NULL: none yet */
};

/* The conversation with this address, which is made if `name` is given; NULL
 * if it is not there. Out of memory the program ends. */
struct chat *book_chat(struct book *book, const char *jid, const char *name,
                       int is_room);
void book_drop(struct book *book, struct chat *chat);
void book_free(struct book *book);

/* The next one above or below, or with unread messages. */
void book_move(struct book *book, int by);
void book_move_to_unread(struct book *book);

/* The lines are copied. `id` may be NULL. */
struct line *chat_add(struct chat *chat, const struct line *line);
void chat_remark(struct chat *chat, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* The line with this id, the newest first; or the newest of ours. */
struct line *chat_find(struct chat *chat, const char *id);
struct line *chat_last_own(struct chat *chat);

/* Replace a text that is owned. */
void text_set(char **at, const char *text);

#endif
