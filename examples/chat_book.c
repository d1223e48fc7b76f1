/* chat_book.c - what xmpp-chat has on its screen. */

#define _GNU_SOURCE
#include "chat_book.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static void *must(void *made)
{
    if (made)
        return made;
    fputs("xmpp-chat: out of memory\n", stderr);
    abort();
}

void text_set(char **at, const char *text)
{
    char *copy = text ? must(strdup(text)) : NULL;

    free(*at);
    *at = copy;
}

/* ---- lines ------------------------------------------------------- */

static void line_free(struct line *line)
{
    free(line->who);
    free(line->text);
    free(line->id);
    free(line->archive);
    free(line->author);
}

static void make_room(struct chat *chat)
{
    if (chat->line_count == LINES_MOST) {
        line_free(&chat->lines[0]);
        chat->line_count--;
        memmove(chat->lines, chat->lines + 1,
                chat->line_count * sizeof(struct line));
    }
    if (chat->line_count < chat->line_room)
        return;
    chat->line_room = chat->line_room * 2 + 64;
    chat->lines =
        must(realloc(chat->lines, chat->line_room * sizeof(struct line)));
}

struct line *chat_add(struct chat *chat, const struct line *line)
{
    struct line copy = *line;
    size_t at;

    make_room(chat);
    copy.who = line->who ? must(strdup(line->who)) : NULL;
    copy.id = line->id ? must(strdup(line->id)) : NULL;
    copy.archive = line->archive ? must(strdup(line->archive)) : NULL;
    copy.author = line->author ? must(strdup(line->author)) : NULL;
    copy.text = must(strdup(line->text ? line->text : ""));
    for (at = chat->line_count; at && chat->lines[at - 1].time > line->time;)
        at--;
    memmove(chat->lines + at + 1, chat->lines + at,
            (chat->line_count - at) * sizeof(struct line));
    chat->lines[at] = copy;
    chat->line_count++;
    if (chat->scrolled)
        chat->scrolled++;
    return &chat->lines[at];
}

void chat_remark(struct chat *chat, const char *fmt, ...)
{
    struct line line = {.color = -1};
    struct timespec now;
    va_list ap;

    va_start(ap, fmt);
    if (vasprintf(&line.text, fmt, ap) < 0)
        line.text = NULL;
    va_end(ap);
    clock_gettime(CLOCK_REALTIME, &now);
    line.time = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
    if (chat)
        chat_add(chat, &line);
    free(line.text);
}

struct line *chat_find(struct chat *chat, const char *id)
{
    for (size_t i = chat->line_count; id && i--;)
        if (chat->lines[i].id && !strcmp(chat->lines[i].id, id))
            return &chat->lines[i];
    return NULL;
}

struct line *chat_last_own(struct chat *chat)
{
    for (size_t i = chat->line_count; i--;)
        if (chat->lines[i].fate)
            return &chat->lines[i];
    return NULL;
}

/* ---- conversations ----------------------------------------------- */

static int comes_before(const struct chat *a, const struct chat *b)
{
    int order;

    if (a->is_room != b->is_room)
        return a->is_room;
    order = strcasecmp(a->name, b->name);
    return order ? order < 0 : strcmp(a->jid, b->jid) < 0;
}

static struct chat *chat_new(struct book *book, const char *jid,
                             const char *name, int is_room)
{
    struct chat *chat = must(calloc(1, sizeof(*chat))), **at = &book->chats;

    chat->jid = must(strdup(jid));
    chat->name = must(strdup(name));
    chat->is_room = is_room;
    chat->show = -1;
    while (*at && comes_before(*at, chat))
        at = &(*at)->next;
    chat->next = *at;
    *at = chat;
    if (!book->current)
        book->current = chat;
    return chat;
}

struct chat *book_chat(struct book *book, const char *jid, const char *name,
                       int is_room)
{
    for (struct chat *chat = book->chats; chat; chat = chat->next)
        if (!strcmp(chat->jid, jid))
            return chat;
    return name ? chat_new(book, jid, name, is_room) : NULL;
}

static void chat_free(struct chat *chat)
{
    for (size_t i = 0; i < chat->line_count; i++)
        line_free(&chat->lines[i]);
    free(chat->lines);
    free(chat->jid);
    free(chat->name);
    free(chat->typing);
    free(chat->topic);
    free(chat->draft);
    free(chat);
}

void book_drop(struct book *book, struct chat *chat)
{
    struct chat **at = &book->chats;

    while (*at && *at != chat)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = chat->next;
    if (book->current == chat)
        book->current = *at ? *at : book->chats;
    chat_free(chat);
}

void book_free(struct book *book)
{
    while (book->chats)
        book_drop(book, book->chats);
}

void book_move(struct book *book, int by)
{
    struct chat *before = NULL, *chat = book->chats;

    while (chat && chat != book->current) {
        before = chat;
        chat = chat->next;
    }
    if (by > 0 && chat && chat->next)
        book->current = chat->next;
    if (by < 0 && before)
        book->current = before;
}

void book_move_to_unread(struct book *book)
{
    for (struct chat *chat = book->chats; chat; chat = chat->next)
        if (chat->unread && chat != book->current) {
            book->current = chat;
            return;
        }
}
