/* date.c - moments as XMPP writes them (XEP-0082). */

#include "base/date.h"

/* Take `n` digits from the front and the character `after`; with 0 there is no
 * such character. */
static bool date_take(struct str *text, size_t n, char after, long least,
                      long most, long *ret)
{
    long value = 0;

    if (text->n < n + (after != 0))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text->s[i] < '0' || text->s[i] > '9')
            return false;
        value = value * 10 + (text->s[i] - '0');
    }
    if (value < least || value > most || (after && text->s[n] != after))
        return false;
    n += after != 0;
    *text = str_n(text->s + n, text->n - n);
    *ret = value;
    return true;
}

static bool is_leap(long year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static long days_of(long year, long month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* The days from 1970 to the first of this month. */
static long days_before(long year, long month)
{
    long last = year - 1;
    long days = 365 * (year - 1970) + (last / 4 - last / 100 + last / 400) -
                (1969 / 4 - 1969 / 100 + 1969 / 400);

    for (long m = 1; m < month; m++)
        days += days_of(year, m);
    return days;
}

/* A dot without digits is left, and makes the text invalid. */
static void drop_fraction(struct str *text)
{
    size_t i = 1;

    if (text->n < 2 || text->s[0] != '.')
        return;
    while (i < text->n && text->s[i] >= '0' && text->s[i] <= '9')
        i++;
    if (i > 1)
        *text = str_n(text->s + i, text->n - i);
}

/* The offset, in seconds; it has to be all that is left of the text. */
static bool take_offset(struct str text, long *ret)
{
    long hours, minutes, sign;

    *ret = 0;
    if (str_is(text, "Z"))
        return true;
    if (text.n == 0 || (text.s[0] != '+' && text.s[0] != '-'))
        return false;
    sign = text.s[0] == '-' ? -1 : 1;
    text = str_n(text.s + 1, text.n - 1);
    if (!date_take(&text, 2, ':', 0, 23, &hours) ||
        !date_take(&text, 2, 0, 0, 59, &minutes) || text.n)
        return false;
    *ret = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool date_read(struct str text, uint64_t *ret)
{
    /* 1969: an offset may move the last hours of that year into 1970 */
    long year, month, day, hour, minute, second, offset;
    int64_t moment;

    if (!date_take(&text, 4, '-', 1969, 9999, &year) ||
        !date_take(&text, 2, '-', 1, 12, &month) ||
        !date_take(&text, 2, 'T', 1, days_of(year, month), &day) ||
        !date_take(&text, 2, ':', 0, 23, &hour) ||
        !date_take(&text, 2, ':', 0, 59, &minute) ||
        !date_take(&text, 2, 0, 0, 60, &second)) /* 60: a leap second */
        return false;
    drop_fraction(&text);
    if (!take_offset(text, &offset))
        return false;
    moment = (int64_t)(days_before(year, month) + day - 1) * 86400 +
             hour * 3600 + minute * 60 + second - offset;
    if (moment < 0)
        return false;
    *ret = (uint64_t)moment;
    return true;
}
