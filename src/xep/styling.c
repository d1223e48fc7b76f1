/* styling.c - bold, quoted and preformatted text in a body (XEP-0393): its
 * blocks line by line, and the spans in each line. */

#include <xmpp/xep/styling.h>

#include <stdbool.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ns.h>

/* Not what is in a stanza, but printed and copied like that. */
static const xmpp_field_t run_fields[] = {
    XMPP_ATTR(xmpp_run_t, start, NUMBER, "start"),
    XMPP_ATTR(xmpp_run_t, end, NUMBER, "end"),
    XMPP_ATTR(xmpp_run_t, styles, NUMBER, "styles"),
    XMPP_ATTR(xmpp_run_t, quotes, NUMBER, "quotes"),
};
static XMPP_PAYLOAD(styled_run, xmpp_run_t, "run", XMPP_NS_STYLING, run_fields);

static const xmpp_field_t styled_fields[] = {
    XMPP_CHILD(xmpp_styled_t, body, TEXT, "body"),
    XMPP_ELEMENTS(xmpp_styled_t, runs, run_count, &styled_run),
};
XMPP_PAYLOAD(xmpp_styled, xmpp_styled_t, "styled", XMPP_NS_STYLING,
             styled_fields);

/* ---- runs -------------------------------------------------------- */

#define RUNS_MOST 4096

/* A body is read twice: the first time `runs` is NULL and they are counted, the
 * second time they are filled in. `preformatted` is how many quotations are
 * around the preformatted block that is open, or -1. */
struct styler {
    const char *text;
    size_t size, count;
    xmpp_run_t *runs, last;
    long preformatted, quotes;
};

static void keep_run(struct styler *s)
{
    if (s->runs && s->last.end > s->last.start)
        s->runs[s->count] = s->last;
    s->count += s->last.end > s->last.start;
}

static bool is_full(const struct styler *s)
{
    return s->count == RUNS_MOST - 1;
}

/* Append a part; it joins the one before if both have the same styles. The last
 * run that there may be takes the rest. */
static void add_run(struct styler *s, size_t start, size_t end, long styles)
{
    bool was_full = is_full(s);

    if (start == end)
        return;
    if (was_full || (s->last.styles == styles && s->last.quotes == s->quotes)) {
        s->last.end = (long)end;
        return;
    }
    keep_run(s);
    s->last.start = (long)start;
    s->last.end = (long)end;
    s->last.styles = is_full(s) ? 0 : styles;
    s->last.quotes = is_full(s) ? 0 : s->quotes;
}

/* ---- white space ------------------------------------------------- */

/* Unicode: White_Space, and category Z, beyond ASCII. */
static const char *const wide_spaces[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
    "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84",
    "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
    "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};
#define WIDE_COUNT (sizeof(wide_spaces) / sizeof(wide_spaces[0]))

static bool is_narrow_space(char octet)
{
    return octet == ' ' || (octet >= '\t' && octet <= '\r');
}

/* How many octets the white space has that begins at `at`; 0: none does. */
static size_t space_at(const struct styler *s, size_t at, size_t end)
{
    if (at == end || !(s->text[at] & 0x80))
        return at < end && is_narrow_space(s->text[at]);
    for (size_t i = 0; i < WIDE_COUNT; i++) {
        size_t n = strlen(wide_spaces[i]);

        if (n <= end - at && !memcmp(s->text + at, wide_spaces[i], n))
            return n;
    }
    return 0;
}

static bool is_behind_space(const struct styler *s, size_t start, size_t at)
{
    if (at == start || !(s->text[at - 1] & 0x80))
        return at > start && is_narrow_space(s->text[at - 1]);
    for (size_t i = 0; i < WIDE_COUNT; i++) {
        size_t n = strlen(wide_spaces[i]);

        if (n <= at - start && !memcmp(s->text + at - n, wide_spaces[i], n))
            return true;
    }
    return false;
}

/* ---- spans (section 6.2) ----------------------------------------- */

static const char marks[] = "*_~`"; /* in the order of the bits */
#define MARK_COUNT 4

static int mark_of(char octet)
{
    const char *mark = octet ? strchr(marks, octet) : NULL;

    return mark ? (int)(mark - marks) : -1;
}

/* Where the last directive is that may close a span of each kind. So a search
 * for one that is not there is never begun, and the spans of a line take a time
 * that grows with its length only. */
static void find_closings(const struct styler *s, size_t start, size_t end,
                          size_t last[MARK_COUNT])
{
    memset(last, 0, MARK_COUNT * sizeof(last[0]));
    for (size_t at = start + 1; at < end; at++) {
        int mark = mark_of(s->text[at]);

        if (mark >= 0 && !is_behind_space(s, start, at))
            last[mark] = at;
    }
}

/* The directive that closes the span that begins at `at`; there is one. */
static size_t closing_of(const struct styler *s, size_t start, size_t at)
{
    size_t closing = at + 1;

    while (s->text[closing] != s->text[at] ||
           is_behind_space(s, start, closing))
        closing++;
    return closing;
}

/* The beginning of what is inside a span is behind another opening directive,
 * as that of a line is the beginning of a block. */
static bool may_open(const struct styler *s, size_t start, size_t end,
                     size_t at)
{
    return (at == start || is_behind_space(s, start, at)) && at + 1 < end &&
           !space_at(s, at + 1, end);
}

/* What is in a span of one kind has no directive that may close another of the
 * same kind, so this calls itself as often as there are kinds. */
static void style_spans(struct styler *s, size_t start, size_t end, long styles)
{
    size_t last[MARK_COUNT], plain = start;

    find_closings(s, start, end, last);
    for (size_t at = start; at < end; at++) {
        int mark = mark_of(s->text[at]);
        size_t closing;
        long inside;

        if (mark < 0 || last[mark] <= at || !may_open(s, start, end, at))
            continue;
        closing = closing_of(s, start, at);
        if (closing == at + 1) /* without text neither is valid */
            continue;
        inside = styles | 1L << mark;
        add_run(s, plain, at, styles);
        add_run(s, at, at + 1, inside | XMPP_STYLE_DIRECTIVE);
        if (inside & XMPP_STYLE_CODE)
            add_run(s, at + 1, closing, inside);
        else
            style_spans(s, at + 1, closing, inside);
        add_run(s, closing, closing + 1, inside | XMPP_STYLE_DIRECTIVE);
        at = closing;
        plain = closing + 1;
    }
    add_run(s, plain, end, styles);
}

/* ---- blocks (section 6.1) ---------------------------------------- */

static bool is_fence(const struct styler *s, size_t at, size_t end)
{
    return end - at >= 3 && !memcmp(s->text + at, "```", 3);
}

/* Pass the marks of quotations, each with one white space behind it. Inside a
 * preformatted block only those of its parents count. Returns where the line
 * goes on. */
static size_t pass_quotes(struct styler *s, size_t at, size_t end)
{
    s->quotes = 0;
    while (at < end && s->text[at] == '>' && s->quotes != s->preformatted) {
        s->quotes++;
        at++;
        at += space_at(s, at, end);
    }
    return at;
}

/* A preformatted block ends with its parent. */
static void style_line(struct styler *s, size_t start, size_t end, size_t next)
{
    size_t at = pass_quotes(s, start, end);
    bool is_open = s->preformatted == s->quotes;

    add_run(s, start, at, XMPP_STYLE_DIRECTIVE);
    if (is_open && is_fence(s, at, end) && end - at == 3) {
        s->preformatted = -1;
        add_run(s, at, next, XMPP_STYLE_PREFORMATTED | XMPP_STYLE_DIRECTIVE);
    } else if (is_open) {
        add_run(s, at, next, XMPP_STYLE_PREFORMATTED);
    } else if (is_fence(s, at, end)) {
        s->preformatted = s->quotes;
        add_run(s, at, next, XMPP_STYLE_PREFORMATTED | XMPP_STYLE_DIRECTIVE);
    } else {
        s->preformatted = -1;
        style_spans(s, at, end, 0);
        add_run(s, end, next, 0);
    }
}

static void style_text(struct styler *s)
{
    s->count = 0;
    s->preformatted = -1;
    XMPP_INIT(styled_run, s->last);
    s->last.start = s->last.end = 0;
    s->last.styles = -1;
    for (size_t at = 0; at < s->size && !is_full(s);) {
        const char *feed = memchr(s->text + at, '\n', s->size - at);
        size_t end = feed ? (size_t)(feed - s->text) : s->size;
        size_t next = feed ? end + 1 : end;

        style_line(s, at, end, next);
        at = next;
    }
    if (is_full(s))
        s->last.end = (long)s->size;
    keep_run(s);
}

/* ---- messages ---------------------------------------------------- */

static void style_plainly(struct styler *s)
{
    s->quotes = s->count = 0;
    XMPP_INIT(styled_run, s->last);
    s->last.start = s->last.styles = s->last.quotes = 0;
    s->last.end = (long)s->size;
    keep_run(s);
}

static void style_again(struct styler *s, xmpp_stanza_t *message)
{
    if (xmpp_stanza_next_tag(message, NULL, "unstyled", XMPP_NS_STYLING))
        style_plainly(s);
    else
        style_text(s);
}

/* Memory for the runs and the pointers to them. */
static const xmpp_run_t **make_runs(struct styler *s, xmpp_stanza_t *message)
{
    const xmpp_run_t **list =
        xmpp_stanza_alloc(message, s->count * sizeof(*list));

    s->runs = xmpp_stanza_alloc(message, s->count * sizeof(*s->runs));
    for (size_t i = 0; list && s->runs && i < s->count; i++)
        list[i] = s->runs + i;
    return s->runs ? list : NULL;
}

const xmpp_styled_t *xmpp_styling_get(xmpp_stanza_t *message)
{
    const char *body = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_styled_t *styled = NULL;
    struct styler s = {0};

    if (body)
        styled = xmpp_stanza_alloc(message, sizeof(*styled));
    if (!styled)
        return NULL;
    s.text = body;
    s.size = strlen(body);
    style_again(&s, message);
    XMPP_INIT(xmpp_styled, *styled);
    styled->body = body;
    if (!s.count)
        return styled;
    styled->runs = make_runs(&s, message);
    if (!styled->runs)
        return NULL;
    style_again(&s, message);
    styled->run_count = s.count;
    return styled;
}

int xmpp_styling_disable(xmpp_stanza_t *message)
{
    if (!xmpp_stanza_next_tag(message, NULL, "unstyled", XMPP_NS_STYLING))
        xmpp_stanza_add_tag(message, "unstyled", XMPP_NS_STYLING);
    return xmpp_stanza_get_status(message);
}
