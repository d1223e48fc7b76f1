/* json.c - reading JSON (RFC 8259) strictly, without building a tree. */

#include "base/json.h"

#include <stdint.h>

#include "base/code.h"

/* ---- tokens ------------------------------------------------------ */

/* Each of these takes what it names from the beginning of the text. */

static struct str json_drop(struct str text, size_t n)
{
    return str_n(text.s + n, text.n - n);
}

static void json_skip_spaces(struct str *text)
{
    while (text->n && strchr(" \t\n\r", text->s[0]) && text->s[0])
        *text = json_drop(*text, 1);
}

static bool take_char(struct str *text, char c)
{
    bool there = text->n && text->s[0] == c;

    if (there)
        *text = json_drop(*text, 1);
    return there;
}

static size_t escape_length(struct str text)
{
    if (text.n < 2)
        return 0;
    if (text.s[1] != 'u')
        return text.s[1] && strchr("\"\\/bfnrt", text.s[1]) ? 2 : 0;
    for (size_t i = 2; i < 6; i++)
        if (i >= text.n || hex_value(text.s[i]) < 0)
            return 0;
    return 6;
}

static bool take_string(struct str *text)
{
    if (!take_char(text, '"'))
        return false;
    while (text->n && text->s[0] != '"') {
        bool escaped = text->s[0] == '\\';
        size_t n = escaped ? escape_length(*text) : str_utf8_first(*text);

        if (!n || (unsigned char)text->s[0] < ' ')
            return false;
        *text = json_drop(*text, n);
    }
    return take_char(text, '"');
}

static bool take_digits(struct str *text)
{
    size_t n = 0;

    while (n < text->n && text->s[n] >= '0' && text->s[n] <= '9')
        n++;
    *text = json_drop(*text, n);
    return n != 0;
}

static bool take_json_number(struct str *text)
{
    take_char(text, '-');
    if (!take_char(text, '0') && !take_digits(text))
        return false;
    if (take_char(text, '.') && !take_digits(text))
        return false;
    if (!take_char(text, 'e') && !take_char(text, 'E'))
        return true;
    if (!take_char(text, '-'))
        take_char(text, '+');
    return take_digits(text);
}

static bool take_word(struct str *text)
{
    static const struct str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_starts(*text, words[i])) {
            *text = json_drop(*text, words[i].n);
            return true;
        }
    return false;
}

static bool take_scalar(struct str *text)
{
    if (text->n && text->s[0] == '"')
        return take_string(text);
    return take_word(text) || take_json_number(text);
}

/* ---- validity ---------------------------------------------------- */

/* What is open: a bit for each level, 1 for an object. The stack is no larger,
 * however deep a text is. */
struct nesting {
    uint32_t objects;
    unsigned depth;
};

static bool json_open(struct nesting *in, bool is_object)
{
    if (in->depth == JSON_DEPTH_MOST)
        return false;
    in->objects = in->objects << 1 | is_object;
    in->depth++;
    return true;
}

static bool is_in_object(const struct nesting *in)
{
    return in->objects & 1;
}

/* "name": in front of the value of a member. */
static bool take_name(struct str *text)
{
    json_skip_spaces(text);
    if (!take_string(text))
        return false;
    json_skip_spaces(text);
    return take_char(text, ':');
}

/* Begin a value: a scalar as a whole, or what opens. *ret_open: a first item or
 * member has to follow. */
static bool begin_value(struct nesting *in, struct str *text, bool *ret_open)
{
    bool is_object;

    json_skip_spaces(text);
    *ret_open = false;
    is_object = take_char(text, '{');
    if (!is_object && !take_char(text, '['))
        return take_scalar(text);
    if (!json_open(in, is_object))
        return false;
    json_skip_spaces(text);
    *ret_open = !text->n || text->s[0] != (is_object ? '}' : ']');
    return !*ret_open || !is_object || take_name(text);
}

/* Behind a value: what closes, as often as it does. *ret_more: a comma, so that
 * another value has to follow. */
static bool end_value(struct nesting *in, struct str *text, bool *ret_more)
{
    *ret_more = false;
    for (;;) {
        json_skip_spaces(text);
        if (!in->depth)
            return text->n == 0;
        if (take_char(text, ',')) {
            *ret_more = true;
            return !is_in_object(in) || take_name(text);
        }
        if (!take_char(text, is_in_object(in) ? '}' : ']'))
            return false;
        in->objects >>= 1;
        in->depth--;
    }
}

bool json_is_valid(struct str text)
{
    struct nesting in = {0};
    bool more = true, opened;

    while (more) {
        if (!begin_value(&in, &text, &opened))
            return false;
        if (!opened && !end_value(&in, &text, &more))
            return false;
    }
    return true;
}

/* ---- walking through what is valid ------------------------------- */

static bool begins_with(struct str value, char c)
{
    json_skip_spaces(&value);
    return value.n && value.s[0] == c;
}

bool json_is_object(struct str value)
{
    return begins_with(value, '{');
}

bool json_is_array(struct str value)
{
    return begins_with(value, '[');
}

bool json_is_string(struct str value)
{
    return begins_with(value, '"');
}

/* A whole value; all that opens in it also closes in it. */
static struct str take_value(struct str *at)
{
    struct str value;
    unsigned depth = 0;

    json_skip_spaces(at);
    value = *at;
    do {
        char c = at->n ? at->s[0] : '\0';

        if (!c)
            break;
        if (c == '"')
            take_string(at);
        else if (c == '{' || c == '[' || c == '}' || c == ']' || c == ',' ||
                 c == ':' || strchr(" \t\n\r", c))
            *at = json_drop(*at, 1);
        else if (!take_scalar(at))
            break;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
    } while (depth);
    value.n = (size_t)(at->s - value.s);
    return value;
}

/* To the next item: past what opens at the first, past a comma later. */
static bool go_to_next(struct str *at)
{
    json_skip_spaces(at);
    if (at->n && strchr("{[,", at->s[0]))
        *at = json_drop(*at, 1);
    json_skip_spaces(at);
    return at->n && at->s[0] != '}' && at->s[0] != ']';
}

bool json_next_item(struct str *at, struct str *ret_value)
{
    if (!go_to_next(at))
        return false;
    *ret_value = take_value(at);
    return true;
}

bool json_next_member(struct str *at, struct str *ret_name,
                      struct str *ret_value)
{
    if (!go_to_next(at))
        return false;
    *ret_name = take_value(at);
    json_skip_spaces(at);
    take_char(at, ':');
    *ret_value = take_value(at);
    return true;
}

/* ---- strings ----------------------------------------------------- */

static uint32_t four_digits(struct str text)
{
    uint32_t value = 0;

    for (size_t i = 2; i < 6; i++)
        value = value << 4 | (uint32_t)hex_value(text.s[i]);
    return value;
}

static bool is_surrogate(uint32_t c, uint32_t first)
{
    return c >= first && c < first + 0x400;
}

/* \uXXXX, twice for what is beyond U+FFFF (RFC 8259 section 7). 0: it is not a
 * character that a string of C can have. */
static uint32_t take_escape(struct str *text)
{
    static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *letter = strchr(letters, text->s[1]);
    uint32_t c = (unsigned char)text->s[1], low;

    if (c != 'u') {
        *text = json_drop(*text, 2);
        return letter ? (unsigned char)values[letter - letters] : c;
    }
    c = four_digits(*text);
    *text = json_drop(*text, 6);
    if (!is_surrogate(c, 0xd800))
        return is_surrogate(c, 0xdc00) ? 0 : c;
    if (text->n < 6 || text->s[0] != '\\' || text->s[1] != 'u')
        return 0;
    low = four_digits(*text);
    *text = json_drop(*text, 6);
    return is_surrogate(low, 0xdc00)
               ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
               : 0;
}

static size_t put_utf8(uint32_t c, char out[4])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(first[n] | c);
    return n;
}

int json_text(struct str string, char *out, size_t size)
{
    size_t n = 0;

    json_skip_spaces(&string);
    if (!size || !take_char(&string, '"'))
        return -1;
    while (string.n && string.s[0] != '"') {
        char room[4];
        size_t length = 1;

        room[0] = string.s[0];
        if (string.s[0] == '\\') {
            uint32_t c = take_escape(&string);

            if (!c)
                return -1;
            length = put_utf8(c, room);
        } else {
            string = json_drop(string, 1);
        }
        if (n + length >= size)
            return -1;
        memcpy(out + n, room, length);
        n += length;
    }
    out[n] = '\0';
    return (int)n;
}
