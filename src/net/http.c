/* http.c - the head of an HTTP response (RFC 9112). */

#include "net/http.h"

#define PIECE 1024 /* read at once: more than a usual head */
#define END "\r\n\r\n"

void http_init(struct http *http, const struct env *env)
{
    *http = (struct http){.end = 0};
    buf_init(&http->bytes, env, HTTP_HEAD_MOST);
}

void http_free(struct http *http)
{
    buf_free(&http->bytes);
    http->end = 0;
}

/* ---- lines ------------------------------------------------------- */

/* Cut at the next CRLF. A CR or LF alone ends no line (section 2.2 allows to be
 * strict), and is refused with the other control characters. */
static struct str cut_line(struct str *rest)
{
    struct str line = *rest;

    for (size_t i = 0; i + 1 < rest->n; i++)
        if (rest->s[i] == '\r' && rest->s[i + 1] == '\n') {
            line.n = i;
            *rest = str_n(rest->s + i + 2, rest->n - i - 2);
            return line;
        }
    *rest = STR_NONE;
    return line;
}

static bool http_is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct str http_trim(struct str text)
{
    while (text.n && http_is_space(text.s[0]))
        text = str_n(text.s + 1, text.n - 1);
    while (text.n && http_is_space(text.s[text.n - 1]))
        text.n--;
    return text;
}

static bool has_control(struct str line)
{
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.s[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

/* The characters of a token (RFC 9110 section 5.6.2). */
static bool is_field_name(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = str_lower(text.s[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            !(c && strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.n != 0;
}

/* A line that begins with a space would continue the one before it, which is
 * obsolete and may be refused (section 5.2). */
static bool is_field(struct str line)
{
    struct str name, value = str_cut(line, ':', &name);

    return value.s && is_field_name(name) && !has_control(value);
}

/* "HTTP/1.1 200 OK" (section 4); the words may be missing. */
static bool read_status(struct str line, unsigned *ret)
{
    unsigned long status;

    if (line.n < 12 || !str_starts(line, STR("HTTP/1.")) || line.s[7] < '0' ||
        line.s[7] > '9' || line.s[8] != ' ' ||
        (line.n > 12 && line.s[12] != ' ') || has_control(line) ||
        !str_number(str_n(line.s + 9, 3), 599, &status) || status < 100)
        return false;
    *ret = (unsigned)status;
    return true;
}

static struct str http_lines(const struct http *http)
{
    return str_n(buf_view(&http->bytes).s, http->end);
}

/* Of fields only; the last line is empty. */
static bool read_head(struct http *http)
{
    struct str rest = http_lines(http), line = cut_line(&rest);

    if (!read_status(line, &http->status))
        return false;
    while ((line = cut_line(&rest)).n)
        if (!is_field(line))
            return false;
    return true;
}

/* ---- reading ----------------------------------------------------- */

static size_t find_end(struct str all)
{
    for (size_t i = 0; i + 4 <= all.n; i++)
        if (memcmp(all.s + i, END, 4) == 0)
            return i + 4;
    return 0;
}

/* A peer that speaks something else is noticed by its first bytes, not by the
 * end that never comes. */
static bool begins_well(struct str all)
{
    static const char start[] = "HTTP/1.";
    size_t n = all.n < sizeof(start) - 1 ? all.n : sizeof(start) - 1;

    return memcmp(all.s, start, n) == 0;
}

static int fail_http(const char **ret_why, const char *why)
{
    *ret_why = why;
    return PIPE_FAIL;
}

/* Is the head complete, and not that of an interim response (RFC 9110 section
 * 15.2)? 101 is final: it ends HTTP. */
static int look(struct http *http, const char **ret_why)
{
    for (;;) {
        if (!begins_well(buf_view(&http->bytes)))
            return fail_http(ret_why, "its answer is not HTTP");
        http->end = find_end(buf_view(&http->bytes));
        if (!http->end)
            return PIPE_AGAIN;
        if (!read_head(http))
            return fail_http(ret_why, "its answer is malformed HTTP");
        http->is_complete = http->status >= 200 || http->status == 101;
        if (http->is_complete)
            return 0;
        if (++http->interim > HTTP_INTERIM_MOST)
            return fail_http(ret_why, "it sent too many interim responses");
        buf_consume(&http->bytes, http->end);
    }
}

static ssize_t fetch(struct http *http, struct stage *below,
                     const char **ret_why)
{
    size_t room = http->bytes.max - buf_size(&http->bytes);
    char *to;
    ssize_t n;

    room = room < PIECE ? room : PIECE;
    if (!room)
        return fail_http(ret_why, "the head of its answer is too long");
    to = buf_reserve(&http->bytes, room);
    if (!to) {
        fault_set(below->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        return PIPE_FAIL;
    }
    n = below->row->read(below, to, room);
    if (n > 0)
        buf_commit(&http->bytes, (size_t)n);
    return n;
}

int http_read(struct http *http, struct stage *below, const char **ret_why)
{
    *ret_why = NULL;
    while (!http->is_complete) {
        ssize_t n = fetch(http, below, ret_why);
        int rc;

        if (n < 0)
            return (int)n;
        rc = look(http, ret_why);
        if (rc == PIPE_FAIL)
            return rc;
    }
    return 0;
}

/* ---- what it says ------------------------------------------------ */

struct str http_reason(const struct http *http)
{
    struct str rest = http_lines(http), line = cut_line(&rest);

    return line.n > 13 ? str_n(line.s + 13, line.n - 13) : STR("");
}

static struct str next_named(struct str *rest, const char *name)
{
    while (rest->n) {
        struct str line = cut_line(rest), head;
        struct str value = str_cut(line, ':', &head);

        if (str_eq_nocase(head, str_of(name)))
            return http_trim(value);
    }
    return STR_NONE;
}

struct str http_field(const struct http *http, const char *name)
{
    struct str rest = http_lines(http);

    cut_line(&rest);
    return next_named(&rest, name);
}

unsigned http_count(const struct http *http, const char *name)
{
    struct str rest = http_lines(http);
    unsigned n = 0;

    cut_line(&rest);
    while (next_named(&rest, name).s)
        n++;
    return n;
}

bool http_has(const struct http *http, const char *name, const char *token)
{
    struct str rest = http_lines(http), value;

    cut_line(&rest);
    while ((value = next_named(&rest, name)).s)
        if (http_list_has(value, token))
            return true;
    return false;
}

bool http_list_has(struct str list, const char *token)
{
    while (list.s) {
        struct str head;

        list = str_cut(list, ',', &head);
        if (str_eq_nocase(http_trim(head), str_of(token)))
            return true;
    }
    return false;
}

size_t http_left(const struct http *http)
{
    return http->is_complete ? buf_size(&http->bytes) - http->end : 0;
}

/* The head goes with the first byte that is taken: nobody reads it then. */
size_t http_take(struct http *http, char *to, size_t n)
{
    struct str all = buf_view(&http->bytes);
    size_t left = http_left(http);

    n = n < left ? n : left;
    if (!n)
        return 0;
    memcpy(to, all.s + http->end, n);
    buf_consume(&http->bytes, http->end + n);
    http->end = 0;
    if (n == left)
        http_free(http);
    return n;
}
