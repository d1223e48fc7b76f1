/* chat_screen.h - the screen of xmpp-chat, by ncurses. */

#ifndef EXAMPLES_CHAT_SCREEN_H
#define EXAMPLES_CHAT_SCREEN_H

#include "chat_book.h"

/* 0, or -1: this is not a terminal. Standard error is silent up to the end. */
int screen_begin(void);
void screen_end(void);

/* Show it all. `status` is what stands above the line that is typed. */
void screen_draw(const struct book *book, const char *status);

/* How many lines a page has. */
size_t screen_page(void);

#endif
