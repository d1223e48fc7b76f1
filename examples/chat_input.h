/* chat_input.h - the keys of xmpp-chat, and the line that is typed. */

#ifndef EXAMPLES_CHAT_INPUT_H
#define EXAMPLES_CHAT_INPUT_H

/* What a key was, beside those that change the line that is typed. */
enum key {
    KEY_NOTHING_MORE, /* all that was typed has been read */
    KEY_TYPED,        /* the line that is typed has changed */
    KEY_LINE,         /* Enter: input_take() has the line */
    KEY_UP_LIST,      /* to the conversation above: Up, Ctrl-P */
    KEY_DOWN_LIST,
    KEY_UNREAD,    /* to the next one with unread messages: Tab */
    KEY_SCROLL_UP, /* Page Up */
    KEY_SCROLL_DOWN,
    KEY_REDRAW, /* the window has another size */
    KEY_QUIT    /* Ctrl-D */
};

/* The next key that was typed; does not wait. */
enum key input_read(void);

/* The line that was typed, in UTF-8; it is empty from now on. Owned: free(). */
char *input_take(void);
void input_set(const char *text);

/* Show it in this row of the screen, with the cursor. */
void input_draw(int y);

#endif
