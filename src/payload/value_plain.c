/* value_plain.c - values that do not point to anything: numbers, bools, times,
 * enums. */

#include "payload/value_inside.h"

#include <math.h>

#include "payload/real.h"

/* XML Schema collapses white space around everything but texts. */
static struct str value_trim(struct str text)
{
    while (text.n && value_is_space(*text.s)) {
        text.s++;
        text.n--;
    }
    while (text.n && value_is_space(text.s[text.n - 1]))
        text.n--;
    return text;
}

static bool is_zero(const void *value)
{
    return !*(const int *)value;
}

/* ---- numbers ----------------------------------------------------- */

static bool number_is_absent(const void *value)
{
    return *(const long *)value == XMPP_NO_NUMBER;
}

static void number_clear(void *value)
{
    *(long *)value = XMPP_NO_NUMBER;
}

static int number_read(const xmpp_field_t *field, void *to, struct arena *arena,
                       struct str text)
{
    unsigned long number;
    bool is_negative;

    (void)field;
    (void)arena;
    text = value_trim(text);
    is_negative = text.n && *text.s == '-';
    if (text.n && (*text.s == '-' || *text.s == '+'))
        text = str_n(text.s + 1, text.n - 1);
    if (!str_number(text, LONG_MAX, &number))
        return 0;
    *(long *)to = is_negative ? -(long)number : (long)number;
    return 1;
}

static struct str number_text(const xmpp_field_t *field, const void *value,
                              char *room)
{
    unsigned long left = (unsigned long)*(const long *)value;
    bool is_negative = *(const long *)value < 0;
    char *end = room + VALUE_ROOM, *at = end;

    (void)field;
    if (is_negative)
        left = 0 - left;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (is_negative)
        *--at = '-';
    return str_n(at, (size_t)(end - at));
}

static bool number_equals(const void *a, const void *b)
{
    return *(const long *)a == *(const long *)b;
}

const struct value_kind value_of_number = {
    sizeof(long), number_is_absent, number_clear, number_read,
    number_text,  number_equals,    NULL};

/* ---- real numbers ------------------------------------------------ */

static bool real_is_absent(const void *value)
{
    return !isfinite(*(const double *)value);
}

static void real_clear(void *value)
{
    *(double *)value = (double)NAN;
}

static int real_value_read(const xmpp_field_t *field, void *to,
                           struct arena *arena, struct str text)
{
    (void)field;
    (void)arena;
    return real_read(value_trim(text), to);
}

static struct str real_text(const xmpp_field_t *field, const void *value,
                            char *room)
{
    (void)field;
    return real_write(*(const double *)value, room);
}

static bool real_equals(const void *a, const void *b)
{
    return *(const double *)a == *(const double *)b;
}

const struct value_kind value_of_real = {
    sizeof(double), real_is_absent, real_clear, real_value_read,
    real_text,      real_equals,    NULL};

/* ---- bools ------------------------------------------------------- */

static int bool_read(const xmpp_field_t *field, void *to, struct arena *arena,
                     struct str text)
{
    bool is_true, is_false;

    (void)field;
    (void)arena;
    text = value_trim(text);
    is_true = str_is(text, "true") || str_is(text, "1");
    is_false = str_is(text, "false") || str_is(text, "0");
    if (is_true || is_false)
        *(int *)to = is_true;
    return is_true || is_false;
}

static struct str bool_text(const xmpp_field_t *field, const void *value,
                            char *room)
{
    (void)field;
    (void)room;
    return *(const int *)value ? STR("true") : STR("false");
}

static bool bool_equals(const void *a, const void *b)
{
    return !*(const int *)a == !*(const int *)b;
}

const struct value_kind value_of_bool = {
    sizeof(int), is_zero, NULL, bool_read, bool_text, bool_equals, NULL};

/* ---- times ------------------------------------------------------- */

static bool time_is_absent(const void *value)
{
    return *(const xmpp_time_t *)value == XMPP_NO_TIME;
}

static void time_clear(void *value)
{
    *(xmpp_time_t *)value = XMPP_NO_TIME;
}

static int time_read(const xmpp_field_t *field, void *to, struct arena *arena,
                     struct str text)
{
    char room[VALUE_ROOM];

    (void)field;
    (void)arena;
    text = value_trim(text);
    if (text.n >= sizeof(room))
        return 0;
    memcpy(room, text.s, text.n);
    room[text.n] = '\0';
    return xmpp_time_parse(room, to) == 0;
}

static struct str time_text(const xmpp_field_t *field, const void *value,
                            char *room)
{
    (void)field;
    xmpp_time_print(*(const xmpp_time_t *)value, room);
    return *room ? str_of(room) : STR_NONE;
}

static bool time_equals(const void *a, const void *b)
{
    return *(const xmpp_time_t *)a == *(const xmpp_time_t *)b;
}

const struct value_kind value_of_time = {
    sizeof(xmpp_time_t), time_is_absent, time_clear, time_read,
    time_text,           time_equals,    NULL};

/* ---- enums ------------------------------------------------------- */

static int enum_read(const xmpp_field_t *field, void *to, struct arena *arena,
                     struct str text)
{
    int place = value_place(field->more, value_trim(text));

    (void)arena;
    if (place)
        *(int *)to = place;
    return place != 0;
}

/* A number that is not the place of a name has no text. */
static struct str enum_text(const xmpp_field_t *field, const void *value,
                            char *room)
{
    const char *const *names = field->more;
    int place = *(const int *)value;

    (void)room;
    if (place < 1)
        return STR_NONE;
    while (--place && *names)
        names++;
    return str_of(*names);
}

static bool enum_equals(const void *a, const void *b)
{
    return *(const int *)a == *(const int *)b;
}

const struct value_kind value_of_enum = {
    sizeof(int), is_zero, NULL, enum_read, enum_text, enum_equals, NULL};
