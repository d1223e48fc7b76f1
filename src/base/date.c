/* date.c - moments as XMPP writes them (XEP-0082), read and written. */

#include "base/date.h"

#include <xmpp/error.h>
#include <xmpp/time.h>

#define DAY INT64_C(86400)

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

/* In microseconds. A dot without digits is left, and makes the text invalid. */
static int64_t take_fraction(struct str *text)
{
    int64_t fraction = 0, worth = DATE_SECOND / 10;
    size_t i = 1;

    if (text->n < 2 || text->s[0] != '.')
        return 0;
    for (; i < text->n && text->s[i] >= '0' && text->s[i] <= '9'; i++) {
        fraction += (text->s[i] - '0') * worth;
        worth /= 10;
    }
    if (i > 1)
        *text = str_n(text->s + i, text->n - i);
    return fraction;
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

/* What follows the seconds: in XEP-0091 nothing, for it is always in UTC. */
static bool take_rest(struct str text, bool is_old, int64_t *ret_fraction,
                      long *ret_offset)
{
    *ret_fraction = is_old ? 0 : take_fraction(&text);
    *ret_offset = 0;
    return is_old ? text.n == 0 : take_offset(text, ret_offset);
}

/* The old format has no dashes: "20020910T23:08:25". */
bool date_read(struct str text, int64_t *ret)
{
    bool is_old = text.n > 8 && text.s[8] == 'T';
    char dash = is_old ? 0 : '-';
    long year, month, day, hour, minute, second, offset;
    int64_t fraction;

    if (!date_take(&text, 4, dash, 1, 9999, &year) ||
        !date_take(&text, 2, dash, 1, 12, &month) ||
        !date_take(&text, 2, 'T', 1, days_of(year, month), &day) ||
        !date_take(&text, 2, ':', 0, 23, &hour) ||
        !date_take(&text, 2, ':', 0, 59, &minute) ||
        !date_take(&text, 2, 0, 0, 60, &second) || /* 60: a leap second */
        !take_rest(text, is_old, &fraction, &offset))
        return false;
    *ret = ((days_before(year, month) + day - 1) * DAY + hour * 3600 +
            minute * 60 + second - offset) *
               DATE_SECOND +
           fraction;
    return true;
}

int xmpp_time_parse(const char *text, xmpp_time_t *ret)
{
    return ret && date_read(str_of(text), ret) ? 0 : XMPP_EARG;
}

/* ---- writing ----------------------------------------------------- */

/* No year is longer than 366 days, so the guess is not too late. */
static long year_of(long days)
{
    long year = 1 + (days - days_before(1, 1)) / 366;

    while (days_before(year + 1, 1) <= days)
        year++;
    return year;
}

static long month_of(long year, long days)
{
    long month = 1;

    while (month < 12 && days_before(year, month + 1) <= days)
        month++;
    return month;
}

static char *write_number(char *at, int digits, long value, char after)
{
    for (int i = digits; i--; value /= 10)
        at[i] = (char)('0' + value % 10);
    at[digits] = after;
    return at + digits + 1;
}

static char *write_day(char *at, long days)
{
    long year = year_of(days), month = month_of(year, days);

    at = write_number(at, 4, year, '-');
    at = write_number(at, 2, month, '-');
    return write_number(at, 2, days - days_before(year, month) + 1, 'T');
}

static char *write_second(char *at, long second, char after)
{
    at = write_number(at, 2, second / 3600, ':');
    at = write_number(at, 2, second / 60 % 60, ':');
    return write_number(at, 2, second % 60, after);
}

static char *write_fraction(char *at, long fraction)
{
    return fraction % 1000 ? write_number(at, 6, fraction, 'Z')
                           : write_number(at, 3, fraction / 1000, 'Z');
}

/* Divisions are of times since the first day of all, which are not negative. */
void xmpp_time_print(xmpp_time_t time, char *buf)
{
    const long first = days_before(1, 1), end = days_before(10000, 1);
    const int64_t day = DAY * DATE_SECOND;
    int64_t since;
    long fraction;

    if (!buf)
        return;
    *buf = '\0';
    if (time < first * day || time >= end * day)
        return;
    since = time - first * day;
    fraction = (long)(since % DATE_SECOND);
    buf = write_day(buf, (long)(since / day) + first);
    buf = write_second(buf, (long)(since / DATE_SECOND % DAY),
                       fraction ? '.' : 'Z');
    if (fraction)
        buf = write_fraction(buf, fraction);
    *buf = '\0';
}
