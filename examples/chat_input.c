/* chat_input.c - the keys of xmpp-chat, and the line that is typed. */

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "chat_input.h"

#include <curses.h>
#include <limits.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

#define INPUT_MOST 4000

static struct {
    wchar_t text[INPUT_MOST + 1];
    size_t n, at;
} typed;

/* ---- the line that is typed -------------------------------------- */

static int typed_width(size_t from, size_t to)
{
    int width = 0, w;

    for (; from < to; from++)
        width += (w = wcwidth(typed.text[from])) > 0 ? w : 1;
    return width;
}

void input_draw(int y)
{
    size_t from = 0;

    while (typed_width(from, typed.at) > COLS - 4)
        from++;
    mvaddstr(y, 0, "> ");
    for (size_t i = from; i < typed.n && getcurx(stdscr) < COLS - 2; i++) {
        wchar_t one[2] = {typed.text[i], 0};

        addwstr(one);
    }
    move(y, 2 + typed_width(from, typed.at));
}

/* ---- keys -------------------------------------------------------- */

static void insert_char(wchar_t c)
{
    if (typed.n == INPUT_MOST)
        return;
    wmemmove(typed.text + typed.at + 1, typed.text + typed.at,
             typed.n - typed.at);
    typed.text[typed.at++] = c;
    typed.n++;
}

static void erase_at(size_t at)
{
    if (at >= typed.n)
        return;
    wmemmove(typed.text + at, typed.text + at + 1, typed.n - at - 1);
    typed.n--;
    if (typed.at > at)
        typed.at--;
}

static void erase_word(void)
{
    while (typed.at && typed.text[typed.at - 1] == L' ')
        erase_at(typed.at - 1);
    while (typed.at && typed.text[typed.at - 1] != L' ')
        erase_at(typed.at - 1);
}

static void erase_all(void)
{
    typed.n = typed.at = 0;
}

/* What keys that command do, by what get_wch() says of them. */
static const struct {
    int is_key;
    wint_t code;
    enum key key;
} keys[] = {
    {0, L'\r', KEY_LINE},
    {0, L'\n', KEY_LINE},
    {1, KEY_ENTER, KEY_LINE},
    {1, KEY_UP, KEY_UP_LIST},
    {1, KEY_DOWN, KEY_DOWN_LIST},
    {0, 16, KEY_UP_LIST},
    {0, 14, KEY_DOWN_LIST},
    {0, L'\t', KEY_UNREAD},
    {1, KEY_PPAGE, KEY_SCROLL_UP},
    {1, KEY_NPAGE, KEY_SCROLL_DOWN},
    {1, KEY_RESIZE, KEY_REDRAW},
    {0, 12, KEY_REDRAW},
    {0, 4, KEY_QUIT},
};

static void edit_typed(int is_key, wint_t c)
{
    if (is_key && c == KEY_LEFT && typed.at)
        typed.at--;
    else if (is_key && c == KEY_RIGHT && typed.at < typed.n)
        typed.at++;
    else if ((is_key && c == KEY_HOME) || (!is_key && c == 1))
        typed.at = 0;
    else if ((is_key && c == KEY_END) || (!is_key && c == 5))
        typed.at = typed.n;
    else if ((is_key && c == KEY_BACKSPACE) ||
             (!is_key && (c == 127 || c == 8)))
        erase_at(typed.at - 1);
    else if (is_key && c == KEY_DC)
        erase_at(typed.at);
    else if (!is_key && c == 21)
        erase_all();
    else if (!is_key && c == 23)
        erase_word();
    else if (!is_key && iswprint(c))
        insert_char((wchar_t)c);
}

enum key input_read(void)
{
    wint_t c;
    int what = get_wch(&c);
    int is_key = what == KEY_CODE_YES;

    if (what == ERR)
        return KEY_NOTHING_MORE;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].is_key == is_key && keys[i].code == c)
            return keys[i].key;
    edit_typed(is_key, c);
    return KEY_TYPED;
}

char *input_take(void)
{
    size_t size = typed.n * MB_LEN_MAX + 1;
    char *line = malloc(size);

    typed.text[typed.n] = 0;
    if (line && wcstombs(line, typed.text, size) == (size_t)-1)
        *line = '\0';
    erase_all();
    return line;
}

void input_set(const char *text)
{
    size_t n = text ? mbstowcs(typed.text, text, INPUT_MOST) : 0;

    typed.n = typed.at = n == (size_t)-1 ? 0 : n;
}
