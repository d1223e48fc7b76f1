/* output.c - what programs print: that it stays one line, and that it arrives.
 */

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "utf8.h"

/* ---- whether it arrives ------------------------------------------ */

/* By descriptor: a terminal that does not show UTF-8. */
static int is_narrow[3];

static void find_narrow(void)
{
    int is_utf8;

    setlocale(LC_CTYPE, "");
    is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    for (int fd = 1; fd <= 2; fd++)
        is_narrow[fd] = !is_utf8 && isatty(fd);
}

void output_begin(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        /* The wrong way round on purpose: reading 0 and writing 1 fail. */
        int mode = fd == 0 ? O_WRONLY : fd == 1 ? O_RDONLY : O_WRONLY;

        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", mode) != fd)
            _exit(1); /* nobody would hear why */
    }
    find_narrow();
}

int output_end(void)
{
    int lost = ferror(stdout) ? EIO : 0; /* which one, was long ago */

    if (fflush(stdout))
        lost = errno;
    if (fclose(stdout) && !lost)
        lost = errno;
    return lost;
}

/* ---- how it is shown --------------------------------------------- */

struct range {
    unsigned long first, last;
};

/* Controls, what ends lines elsewhere, and what turns the direction. */
static const struct range unsafe[] = {
    {0x01, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
};

static int is_unsafe(unsigned long c)
{
    for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
        if (c >= unsafe[i].first && c <= unsafe[i].last)
            return 1;
    return 0;
}

static void show_unsafe(FILE *to, enum show how, unsigned long c)
{
    static const char plain[] = "\t\n\r", names[] = "tnr";
    const char *which = c < 0x80 ? strchr(plain, (int)c) : NULL;

    if (how == SHOW_XML)
        fprintf(to, "&#x%lX;", c);
    else if (how != SHOW_QUOTED && which)
        fprintf(to, "\\%c", names[which - plain]);
    else if (how == SHOW_JSON && c > 0xFFFF)
        fprintf(to, "\\u%04lX\\u%04lX", 0xD7C0 + (c >> 10),
                0xDC00 + (c & 0x3FF));
    else if (how == SHOW_JSON)
        fprintf(to, "\\u%04lX", c);
    else if (c < 0x80)
        fprintf(to, "\\x%02lX", c);
    else
        fprintf(to, "\\u{%lX}", c);
}

void show(FILE *to, enum show how, const char *text)
{
    int fd = fileno(to), is_narrowed = (fd == 1 || fd == 2) && is_narrow[fd];

    for (int n; text && *text; text += n) {
        unsigned long c;

        n = utf8_read(text, &c);
        if (n == 0) {
            fprintf(to, how == SHOW_JSON ? "\\uFFFD" : "\\x%02X",
                    (unsigned)(unsigned char)*text);
            n = 1;
            continue;
        }
        if (is_unsafe(c) || (c >= 0x80 && is_narrowed)) {
            show_unsafe(to, how, c);
            continue;
        }
        if (how != SHOW_XML && (c == '\\' || (c == '"' && how != SHOW_FIELD)))
            putc('\\', to);
        fwrite(text, 1, (size_t)n, to);
    }
}
