/* real.c - real numbers as texts, whatever the locale. */

#include "payload/real.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define REAL_TEXT 64  /* octets; longer numbers are not read */
#define POINT_SIZE 16 /* of the locale's decimal point, with its NUL */

/* The C library reads and writes numbers with the decimal point of the locale,
 * which may change at any time: look at the one that it uses now. */
static const char *point_now(char room[POINT_SIZE])
{
    int n = snprintf(room, POINT_SIZE, "%.1f", 0.5);

    room[n - 1] = '\0';
    return room + 1;
}

/* strtod() also reads hexadecimal numbers, "inf" and "nan". */
static bool is_decimal(struct str text)
{
    if (!text.n || text.n >= REAL_TEXT)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!text.s[i] || !strchr("0123456789+-.eE", text.s[i]))
            return false;
    return true;
}

bool real_read(struct str text, double *ret)
{
    char point[POINT_SIZE], local[REAL_TEXT + POINT_SIZE], *end;
    struct str fraction, whole;
    double number;

    if (!is_decimal(text))
        return false;
    fraction = str_cut(text, '.', &whole);
    snprintf(local, sizeof(local), "%.*s%s%.*s", STR_ARG(whole),
             fraction.s ? point_now(point) : "", STR_ARG(fraction));
    number = strtod(local, &end);
    if (end == local || *end || !isfinite(number))
        return false;
    *ret = number;
    return true;
}

/* Fifteen digits are always kept, and seventeen always suffice. */
struct str real_write(double number, char room[REAL_SIZE])
{
    char point[POINT_SIZE], *at;
    int digits = 14;

    room[0] = '\0';
    if (!isfinite(number))
        return str_n(room, 0);
    do
        snprintf(room, REAL_SIZE, "%.*g", ++digits, number);
    while (digits < 17 && strtod(room, NULL) != number);
    at = strstr(room, point_now(point));
    if (at) {
        size_t n = strlen(point + 1);

        *at = '.';
        memmove(at + 1, at + n, strlen(at + n) + 1);
    }
    return str_of(room);
}
