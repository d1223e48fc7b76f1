/* form_validate.c - is a value of a data form what it has to be (XEP-0122)?
 *
 * Numbers are compared as they are written, digit by digit: xs:decimal and
 * xs:integer have no limits, and no number of C could hold them. */

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <xmpp/xep/form_match.h>
#include <xmpp/xep/form_validate.h>

/* ---- numbers ----------------------------------------------------- */

/* 0.DIGITS times ten to the power of `scale`. */
struct numeral {
    int sign;           /* -1, 0, 1 */
    const char *digits; /* from the first one that is not 0; may have a dot */
    long scale;
};

#define SCALE_END 100000 /* of an exponent: beyond any double */

static int numeral_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits and the dot. Their end; NULL if there is no digit. */
static const char *read_digits(const char *s, int has_dot, struct numeral *ret)
{
    int is_behind = 0, n = 0;

    ret->sign = 0;
    ret->scale = 0;
    for (; numeral_digit(*s) || (*s == '.' && has_dot && !is_behind); s++) {
        if (*s == '.') {
            is_behind = 1;
            continue;
        }
        n++;
        if (*s != '0' && !ret->sign) {
            ret->sign = 1;
            ret->digits = s;
        }
        if (ret->sign ? !is_behind : is_behind)
            ret->scale += ret->sign ? 1 : -1;
    }
    return n ? s : NULL;
}

static const char *read_exponent(const char *s, struct numeral *ret)
{
    int is_minus = *s == '-', n = 0;
    long value = 0;

    for (s += *s == '-' || *s == '+'; numeral_digit(*s); s++, n++)
        if (value < SCALE_END)
            value = value * 10 + (*s - '0');
    ret->scale += is_minus ? -value : value;
    return n ? s : NULL;
}

enum { IS_INTEGER, IS_DECIMAL, IS_DOUBLE };

static int read_numeral(const char *s, int kind, struct numeral *ret)
{
    int is_minus = *s == '-';

    ret->digits = "";
    if (kind == IS_DOUBLE && !strcmp(s + is_minus, "INF")) {
        *ret = (struct numeral){is_minus ? -1 : 1, "1", LONG_MAX};
        return 1;
    }
    s = read_digits(s + (*s == '-' || *s == '+'), kind != IS_INTEGER, ret);
    if (s && kind == IS_DOUBLE && (*s == 'e' || *s == 'E'))
        s = read_exponent(s + 1, ret);
    if (is_minus)
        ret->sign = -ret->sign;
    return s && !*s;
}

static int next_digit(const char **s)
{
    if (**s == '.')
        ++*s;
    return numeral_digit(**s) ? *(*s)++ : '0';
}

static int compare_digits(const char *a, const char *b)
{
    while (numeral_digit(*a) || *a == '.' || numeral_digit(*b) || *b == '.') {
        int x = next_digit(&a), y = next_digit(&b);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static int compare_numerals(const struct numeral *a, const struct numeral *b)
{
    if (a->sign != b->sign)
        return a->sign < b->sign ? -1 : 1;
    if (a->sign == 0)
        return 0;
    if (a->scale != b->scale)
        return a->scale < b->scale ? -a->sign : a->sign;
    return a->sign * compare_digits(a->digits, b->digits);
}

/* ---- one value, and one limit ------------------------------------ */

/* Of each kind of datatype: is `text` one, and how does it compare with a
 * limit, which is of the same kind? */
typedef int (*value_is)(const char *text, int kind);
typedef int (*value_compare)(const char *a, const char *b, int kind);

static int is_number(const char *text, int kind)
{
    struct numeral numeral;

    return (kind == IS_DOUBLE && !strcmp(text, "NaN")) ||
           read_numeral(text, kind, &numeral);
}

/* NaN is below and above everything, so that no range has it in it. */
static int compare_numbers(const char *a, const char *b, int kind)
{
    struct numeral x, y;

    if (!read_numeral(a, kind, &x) || !read_numeral(b, kind, &y))
        return 2;
    return compare_numerals(&x, &y);
}

enum { IS_DATE_TIME, IS_DATE, IS_TIME };

/* A date, or a time of day, is a DateTime with the rest made up. A zone is
 * optional in XML Schema, and missing means UTC. */
static int read_time(const char *text, int kind, xmpp_time_t *ret)
{
    static const char *const head[] = {"", "", "2000-01-01T"};
    static const char *const rest[] = {"", "T00:00:00", ""};
    size_t n = strlen(text), day = kind == IS_DATE ? 10 : n;
    int has_zone = n > 6 && (text[n - 1] == 'Z' || strchr("+-", text[n - 6]));
    char buf[80];

    if (kind == IS_DATE)
        has_zone = n > day;
    if (n < day || n > 40 || (kind != IS_TIME && (n < 5 || text[4] != '-')))
        return 0;
    snprintf(buf, sizeof(buf), "%s%.*s%s%s%s", head[kind], (int)day, text,
             rest[kind], text + day, has_zone ? "" : "Z");
    return xmpp_time_parse(buf, ret) == 0;
}

static int is_time(const char *text, int kind)
{
    xmpp_time_t time;

    return read_time(text, kind, &time);
}

static int compare_times(const char *a, const char *b, int kind)
{
    xmpp_time_t x, y;

    if (!read_time(a, kind, &x) || !read_time(b, kind, &y))
        return 2;
    return (x > y) - (x < y);
}

static int is_bool(const char *text, int kind)
{
    (void)kind;
    return !strcmp(text, "0") || !strcmp(text, "1") || !strcmp(text, "true") ||
           !strcmp(text, "false");
}

static int is_uri(const char *text, int kind)
{
    (void)kind;
    return !text[strcspn(text, " \t\r\n<>\"{}|\\^`")];
}

/* RFC 1766: words of up to eight letters, behind the first one also digits. */
static int is_language(const char *text, int kind)
{
    int n = 0, word = 0;

    (void)kind;
    for (; *text; text++) {
        int is_letter = (*text | 32) >= 'a' && (*text | 32) <= 'z';

        if (*text == '-' ? n == 0
                         : !is_letter && !(word && numeral_digit(*text)))
            return 0;
        word += *text == '-';
        n = *text == '-' ? 0 : n + 1;
        if (n > 8)
            return 0;
    }
    return n > 0;
}

/* ---- datatypes --------------------------------------------------- */

static const struct datatype {
    const char *name;
    value_is is;
    value_compare compare;
    int kind;
    const char *min, *max, *reason;
} datatypes[] = {
#define INTEGER is_number, compare_numbers, IS_INTEGER
#define WHOLE "it has to be a whole number"
    {"xs:anyURI", is_uri, NULL, 0, NULL, NULL, "it has to be a URI"},
    {"xs:boolean", is_bool, NULL, 0, NULL, NULL,
     "it has to be true, false, 1 or 0"},
    {"xs:byte", INTEGER, "-128", "127", WHOLE},
    {"xs:date", is_time, compare_times, IS_DATE, NULL, NULL,
     "it has to be a date such as 2026-11-29"},
    {"xs:dateTime", is_time, compare_times, IS_DATE_TIME, NULL, NULL,
     "it has to be a date and time such as 2026-11-29T19:27:00Z"},
    {"xs:decimal", is_number, compare_numbers, IS_DECIMAL, NULL, NULL,
     "it has to be a number"},
    {"xs:double", is_number, compare_numbers, IS_DOUBLE, NULL, NULL,
     "it has to be a number"},
    {"xs:int", INTEGER, "-2147483648", "2147483647", WHOLE},
    {"xs:integer", INTEGER, NULL, NULL, WHOLE},
    {"xs:language", is_language, NULL, 0, NULL, NULL,
     "it has to be a language such as en-GB"},
    {"xs:long", INTEGER, "-9223372036854775808", "9223372036854775807", WHOLE},
    {"xs:short", INTEGER, "-32768", "32767", WHOLE},
    {"xs:time", is_time, compare_times, IS_TIME, NULL, NULL,
     "it has to be a time such as 19:27:00"},
#undef INTEGER
#undef WHOLE
};

static const struct datatype *find_datatype(const char *name)
{
    size_t n = sizeof(datatypes) / sizeof(datatypes[0]);

    for (size_t i = 0; name && i < n; i++)
        if (!strcmp(datatypes[i].name, name))
            return &datatypes[i];
    return NULL;
}

/* A limit that is not of the datatype is none. */
static const char *check_range(const struct datatype *type, const char *min,
                               const char *max, const char *value)
{
    if (min && type->is(min, type->kind)) {
        int c = type->compare(value, min, type->kind);

        if (c < 0 || c == 2)
            return "it is below the range";
    }
    if (max && type->is(max, type->kind) &&
        type->compare(value, max, type->kind) > 0)
        return "it is above the range";
    return NULL;
}

#define SPACES " \t\r\n"

/* Without the spaces around it, which count for no datatype but xs:string
 * (whiteSpace of XML Schema part 2). One that is longer than `room` has none
 * that are taken off. */
static const char *bare_value(const char *value, char *room, size_t size)
{
    const char *begin = value + strspn(value, SPACES);
    size_t n = strlen(begin);

    while (n && strchr(SPACES, begin[n - 1]))
        n--;
    if (!begin[n])
        return begin;
    if (n >= size)
        return value;
    memcpy(room, begin, n);
    room[n] = '\0';
    return room;
}

static const char *check_type(const xmpp_form_validate_t *validate,
                              const struct datatype *type, const char *value)
{
    const char *reason;

    if (!type->is(value, type->kind))
        return type->reason;
    if (!type->compare)
        return NULL;
    reason = check_range(type, type->min, type->max, value);
    return reason ? reason
                  : check_range(type, validate->min, validate->max, value);
}

const char *xmpp_form_validate(const xmpp_form_validate_t *validate,
                               const char *value)
{
    const struct datatype *type;
    const char *reason = NULL;
    char room[256];
    int match;

    if (!validate || !value)
        return NULL;
    type = find_datatype(validate->datatype);
    /* Else it is xs:string (XEP-0122 section 4.1). */
    if (type) {
        value = bare_value(value, room, sizeof(room));
        reason = check_type(validate, type, value);
    }
    if (reason || !validate->regex)
        return reason;
    match = xmpp_form_match(validate->regex, value);
    if (match < 0)
        return "the pattern of the form cannot be used";
    return match ? NULL : "it does not match the pattern";
}
