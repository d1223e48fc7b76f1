/* chat_screen.c - the screen of xmpp-chat, by ncurses. Everything is drawn anew
 * each time; ncurses sends what has changed. */

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "chat_screen.h"

#include <curses.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include <xmpp/xep/color.h>

#include "chat_input.h"
#include "color.h"

#define LIST_WIDTH 22
#define TIME_WIDTH 6  /* "12:34 " */
#define CUBE_FIRST 16 /* the colors of terminals with 256: 6 x 6 x 6 */
#define CUBE_SIZE 216
#define PAIRS_MOST 255

/* Standard error while the screen is ours; -1: it is not. */
static int complaints = -1;

/* Pairs of ncurses are made as colors are needed. */
static struct {
    long color[PAIRS_MOST];
    int count;
} pairs;

/* ---- colors ------------------------------------------------------ */

static long cube_color(int i)
{
    static const long levels[] = {0, 0x5f, 0x87, 0xaf, 0xd7, 0xff};

    return levels[i / 36] << 16 | levels[i / 6 % 6] << 8 | levels[i % 6];
}

static long squared(long n)
{
    return n * n;
}

static short nearest_of_cube(long color)
{
    long least = LONG_MAX, away;
    int found = 0;

    for (int i = 0; i < CUBE_SIZE; i++) {
        long other = cube_color(i);

        away = squared((color >> 16) - (other >> 16)) +
               squared((color >> 8 & 255) - (other >> 8 & 255)) +
               squared((color & 255) - (other & 255));
        if (away < least)
            least = away, found = i;
    }
    return (short)(CUBE_FIRST + found);
}

/* The attribute that shows this color, which is made readable on black. */
static int color_attribute(long color)
{
    int i;

    if (!color_is_on() || color < 0 || COLORS < CUBE_FIRST + CUBE_SIZE)
        return A_NORMAL;
    for (i = 0; i < pairs.count; i++)
        if (pairs.color[i] == color)
            return COLOR_PAIR(i + 1);
    if (i == PAIRS_MOST || i + 1 >= COLOR_PAIRS)
        return A_NORMAL;
    init_pair((short)(i + 1), nearest_of_cube(xmpp_color_adapt(color, 0)), -1);
    pairs.color[pairs.count++] = color;
    return COLOR_PAIR(i + 1);
}

/* ---- text -------------------------------------------------------- */

/* What others sent may not command the terminal, nor change the direction of
 * what stands beside it. */
static wchar_t harmless(wchar_t c)
{
    int is_mark = (c >= 0x200e && c <= 0x200f) ||
                  (c >= 0x202a && c <= 0x202e) ||
                  (c >= 0x2066 && c <= 0x2069) || c == 0x061c;

    if (c == L'\n')
        return c;
    return is_mark || wcwidth(c) < 0 ? 0xfffd : c;
}

/* The next character of a text in UTF-8; 0 at its end. */
static wchar_t next_char(const char **text)
{
    mbstate_t state = {0};
    wchar_t c;
    size_t n = mbrtowc(&c, *text, MB_CUR_MAX, &state);

    if (n == 0)
        return 0;
    if (n == (size_t)-1 || n == (size_t)-2) {
        *text += 1;
        return 0xfffd;
    }
    *text += n;
    return harmless(c);
}

/* One row of a text that is wrapped: its end, before which it has at most
 * `width` columns. Words stay whole where they can. */
static const char *row_end(const char *text, int width)
{
    const char *at = text, *space = NULL, *before;
    int used = 0;

    while (*at) {
        wchar_t c;

        before = at;
        c = next_char(&at);
        if (c == L'\n')
            return at;
        used += wcwidth(c);
        if (used > width)
            return space ? space : before > text ? before : at;
        if (c == L' ')
            space = at;
    }
    return at;
}

static void put_text(const char *text, const char *end, int width)
{
    while (text < end && *text) {
        wchar_t c = next_char(&text);
        wchar_t one[2] = {c, 0};

        if (c == L'\n' || (width -= wcwidth(c)) < 0)
            return;
        addwstr(one);
    }
}

static void put_at(int y, int x, int width, int attribute, const char *text)
{
    move(y, x);
    attron(attribute);
    put_text(text, text + strlen(text), width);
    attroff(attribute);
}

/* ---- the list ---------------------------------------------------- */

static const char *mark_of(const struct chat *chat)
{
    static const char *const marks[] = {"\u25cf", "\u25cf", "\u25d0", "\u25cc",
                                        "\u2298"};

    if (chat->is_room)
        return "#";
    return chat->show < 0 || chat->show > 4 ? "\u00b7" : marks[chat->show];
}

static void draw_chat(const struct chat *chat, int y, int is_current)
{
    int attribute = is_current ? A_REVERSE : chat->unread ? A_BOLD : A_NORMAL;
    char count[24] = "";

    if (chat->unread)
        snprintf(count, sizeof(count), chat->mentions ? "!%d" : "%d",
                 chat->unread);
    mvhline(y, 0, ' ' | (chtype)(is_current ? A_REVERSE : 0), LIST_WIDTH - 1);
    put_at(y, 0, 2, attribute, mark_of(chat));
    put_at(y, 2, LIST_WIDTH - 4 - (int)strlen(count), attribute, chat->name);
    put_at(y, LIST_WIDTH - 2 - (int)strlen(count), 8, attribute, count);
}

/* The current one stays in sight. */
static void draw_list(const struct book *book, int height)
{
    const struct chat *chat = book->chats;
    int place = 0, y = 0;

    for (; chat && chat != book->current; chat = chat->next)
        place++;
    chat = book->chats;
    for (place -= height - 1; place > 0; place--)
        chat = chat->next;
    for (; chat && y < height; chat = chat->next)
        draw_chat(chat, y++, chat == book->current);
    for (y = 0; y < height; y++)
        mvaddstr(y, LIST_WIDTH - 1, "\u2502");
}

/* ---- one conversation -------------------------------------------- */

static const char *sign_of(int fate)
{
    static const char *const signs[FATES] = {
        "",        " \u2026",       " \u00b7",
        " \u2713", " \u2713\u2713", " \u2713\u2713\u2713",
        " \u2717"};

    return signs[fate];
}

/* How what is said begins: "romeo  ", or "* romeo " before what somebody does
 * (XEP-0245). */
static int draw_who(const struct line *line, int y, int x)
{
    int attribute = A_BOLD | color_attribute(line->color);

    if (!line->who)
        return 0;
    put_at(y, x, COLS - x, attribute, line->who);
    addstr(": ");
    return getcurx(stdscr) - x;
}

static int rows_of(const struct line *line, int width)
{
    const char *at = line->text;
    int rows = 0, first = width - (line->who ? (int)strlen(line->who) + 2 : 0);

    do {
        at = row_end(at, rows || first < 10 ? width : first);
        rows++;
    } while (*at);
    return rows;
}

static void draw_time(const struct line *line, int y, int x)
{
    time_t seconds = (time_t)(line->time / 1000000);
    struct tm local;
    char text[8];

    localtime_r(&seconds, &local);
    strftime(text, sizeof(text), "%H:%M", &local);
    put_at(y, x, TIME_WIDTH, A_DIM, text);
}

/* A line from row `y` on, of which `skip` rows stand above the screen. */
static void draw_line(const struct line *line, int y, int height, int width)
{
    const char *at = line->text, *end;
    int x = LIST_WIDTH + TIME_WIDTH, row = 0, indent;
    int attribute = line->who ? A_NORMAL : A_DIM;

    do {
        indent = 0;
        if (row == 0 && y >= 0) {
            draw_time(line, y, LIST_WIDTH);
            indent = draw_who(line, y, x);
        } else if (row == 0 && line->who) {
            indent = (int)strlen(line->who) + 2;
        }
        end = row_end(at, width - indent < 10 ? width : width - indent);
        if (y >= 0 && y < height) {
            move(y, x + indent);
            attron(attribute);
            put_text(at, end, width);
            attroff(attribute);
        }
        at = end, y++, row++;
    } while (*at);
    if (y > 0 && y <= height) {
        if (line->is_edited)
            addstr(" (edited)");
        addstr(sign_of(line->fate));
    }
}

/* From the newest line upwards. */
static void draw_lines(const struct chat *chat, int height)
{
    int width = COLS - LIST_WIDTH - TIME_WIDTH - 12, y = height;
    size_t i =
        chat->line_count -
        (chat->scrolled < chat->line_count ? chat->scrolled : chat->line_count);

    if (width < 10)
        width = 10;
    while (i-- && y > 0) {
        y -= rows_of(&chat->lines[i], width);
        draw_line(&chat->lines[i], y, height, width);
    }
}

static void draw_top(const struct chat *chat)
{
    mvhline(0, LIST_WIDTH, ' ' | A_UNDERLINE, COLS - LIST_WIDTH);
    put_at(0, LIST_WIDTH, COLS - LIST_WIDTH, A_UNDERLINE | A_BOLD, chat->jid);
    if (chat->topic && getcurx(stdscr) + 3 < COLS) {
        attron(A_UNDERLINE);
        addstr("  ");
        attroff(A_UNDERLINE);
        put_at(0, getcurx(stdscr), COLS - getcurx(stdscr), A_UNDERLINE,
               chat->topic);
    }
}

void screen_draw(const struct book *book, const char *status)
{
    int height = LINES - 2;

    erase();
    if (height > 0 && COLS > LIST_WIDTH + 20) {
        draw_list(book, height);
        if (book->current) {
            draw_lines(book->current, height);
            draw_top(book->current);
        }
        mvhline(height, 0, ' ' | A_REVERSE, COLS);
        put_at(height, 1, COLS - 2, A_REVERSE, status);
    }
    input_draw(LINES - 1);
    refresh();
}

size_t screen_page(void)
{
    return LINES > 4 ? (size_t)LINES - 4 : 1;
}

/* ---- life -------------------------------------------------------- */

/* What programs complain about on standard error would disturb the screen. */
static int hide_complaints(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    complaints = dup(STDERR_FILENO);
    if (nowhere < 0 || complaints < 0)
        return -1;
    dup2(nowhere, STDERR_FILENO);
    return close(nowhere);
}

int screen_begin(void)
{
    setlocale(LC_ALL, "");
    if (!isatty(STDIN_FILENO) || !newterm(NULL, stdout, stdin))
        return -1;
    if (hide_complaints()) {
        endwin();
        return -1;
    }
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    return 0;
}

void screen_end(void)
{
    if (complaints < 0)
        return;
    endwin();
    dup2(complaints, STDERR_FILENO);
    close(complaints);
    complaints = -1;
}
