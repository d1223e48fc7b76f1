/* styling.c - styles of bodies (XEP-0393): the examples of the specification,
 * and bodies at random against a second parser, which goes by its words and
 * takes no care of time. */

#include <xmpp/xep/styling.h>

#include <stdlib.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

static xmpp_stanza_t *message_with(const char *body)
{
    xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", NULL, NULL);

    xmpp_stanza_add_text_tag(message, "body", NULL, body);
    return message;
}

/* ---- examples ---------------------------------------------------- */

/* Plain text as it is; of other runs {flags|text}: strong, emphasis, k for
 * struck through, code, preformatted, directive, and how deep it is quoted. */
static void print_run(const xmpp_styled_t *styled, const xmpp_run_t *run,
                      char *out, size_t n)
{
    static const char letters[] = "sekcpd";
    char flags[20] = "";
    int size = (int)(run->end - run->start);

    for (int i = 0; i < 6; i++)
        if (run->styles >> i & 1)
            flags[strlen(flags)] = letters[i];
    if (run->quotes)
        snprintf(flags + strlen(flags), 8, "%ld", run->quotes);
    if (flags[0])
        snprintf(out, n, "{%s|%.*s}", flags, size, styled->body + run->start);
    else
        snprintf(out, n, "%.*s", size, styled->body + run->start);
}

static void print_styled(const xmpp_styled_t *styled, char *out, size_t n)
{
    out[0] = '\0';
    for (size_t i = 0; styled && i < styled->run_count; i++)
        print_run(styled, styled->runs[i], out + strlen(out), n - strlen(out));
}

static const struct {
    const char *body, *want;
} examples[] = {
    {"", ""},
    {"plain", "plain"},
    /* section 6.1.1 */
    {"There are three blocks in this body, one per line,\n"
     "but there is no *formatting\nas spans* may not escape blocks.",
     "There are three blocks in this body, one per line,\n"
     "but there is no *formatting\nas spans* may not escape blocks."},
    /* section 6.1.2 */
    {"```ignored\n(println \"Hello, world!\")\n```\nThis should",
     "{pd|```ignored\n}{p|(println \"Hello, world!\")\n}{pd|```\n}This should"},
    {"> ```\n> (println \"Hello, world!\")\nplaintext!",
     "{d1|> }{pd1|```\n}{d1|> }{p1|(println \"Hello, world!\")\n}plaintext!"},
    {"```\na *b* ```\n```b\n ```\n```", "{pd|```\n}{p|a *b* ```\n```b\n ```\n}"
                                        "{pd|```}"},
    {"```\na", "{pd|```\n}{p|a}"},
    {" ```\n*a*", " ```\n{sd|*}{s|a}{sd|*}"},
    {"```\n> a\n```", "{pd|```\n}{p|> a\n}{pd|```}"},
    {"> ```\n>> a\n> ```\n> b",
     "{d1|> }{pd1|```\n}{d1|>}{p1|> a\n}{d1|> }{pd1|```\n}{d1|> }{1|b}"},
    {"> ```\n```\na", "{d1|> }{pd1|```\n}{pd|```\n}{p|a}"},
    {"> ```\nb\n> c", "{d1|> }{pd1|```\n}b\n{d1|> }{1|c}"},
    /* section 6.1.3 */
    {"> That that is, is.\nSaid the old hermit of Prague.",
     "{d1|> }{1|That that is, is.\n}Said the old hermit of Prague."},
    {">> That that is, is.\n> Said the old hermit of Prague.\nWho?",
     "{d2|>> }{2|That that is, is.\n}{d1|> }{1|Said the old hermit of "
     "Prague.\n}Who?"},
    {"> > a", "{d2|> > }{2|a}"},
    {">  > a", "{d1|> }{1| > a}"},
    {" > a", " > a"},
    {">", "{d1|>}"},
    {"> \n\n", "{d1|> }{1|\n}\n"},
    {">\xe3\x80\x80*a*", "{d1|>\xe3\x80\x80}{sd1|*}{s1|a}{sd1|*}"},
    /* section 6.2 */
    {"*strong span*", "{sd|*}{s|strong span}{sd|*}"},
    {"plain _emphasis_ plain", "plain {ed|_}{e|emphasis}{ed|_} plain"},
    {"`pre` plain *strong*",
     "{cd|`}{c|pre}{cd|`} plain {sd|*}{s|strong}{sd|*}"},
    {"*strong*plain*", "{sd|*}{s|strong}{sd|*}plain*"},
    {"* plain *strong*", "* plain {sd|*}{s|strong}{sd|*}"},
    {"not strong*", "not strong*"},
    {"*not strong", "*not strong"},
    {"*not \n strong*", "*not \n strong*"},
    {"*not *strong", "*not *strong"},
    {"**", "**"},
    {"***", "***"},
    {"****", "****"},
    {"**a**", "**a**"},
    {"Two spans, both *alike in dignity*",
     "Two spans, both {sd|*}{s|alike in dignity}{sd|*}"},
    {"Everyone ~dis~likes cake.", "Everyone {kd|~}{k|dis}{kd|~}likes cake."},
    {"This is `*monospace*`", "This is {cd|`}{c|*monospace*}{cd|`}"},
    {"This is *`monospace and bold`*",
     "This is {sd|*}{scd|`}{sc|monospace and bold}{scd|`}{sd|*}"},
    {"*_~a~_*", "{sd|*}{sed|_}{sekd|~}{sek|a}{sekd|~}{sed|_}{sd|*}"},
    {"*this cannot _overlap*_", "{sd|*}{s|this cannot _overlap}{sd|*}_"},
    {"_no pre `with *children*`_",
     "{ed|_}{e|no pre }{ecd|`}{ec|with *children*}{ecd|`}{ed|_}"},
    {"*a b *", "*a b *"},
    {"*a *b*", "{sd|*}{s|a *b}{sd|*}"},
    {"_a_ *b*", "{ed|_}{e|a}{ed|_} {sd|*}{s|b}{sd|*}"},
    {"_a_*b*", "{ed|_}{e|a}{ed|_}*b*"},
    {"*\xc2\xa0"
     "a*",
     "*\xc2\xa0"
     "a*"},
    {"*a\xe2\x80\x89* b*", "{sd|*}{s|a\xe2\x80\x89* b}{sd|*}"},
    {"\xc2\x85*a*", "\xc2\x85{sd|*}{s|a}{sd|*}"},
    {"\xe4\xbd\xa0*a*", "\xe4\xbd\xa0*a*"},
};

static void check_examples(void)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        xmpp_stanza_t *message = message_with(examples[i].body);
        char text[500];

        print_styled(xmpp_styling_get(message), text, sizeof(text));
        is_str(text, examples[i].want, "example %zu", i);
        xmpp_stanza_release(message);
    }
}

/* Section 7, and messages without a body. */
static void check_disabled(void)
{
    xmpp_stanza_t *message = message_with("> _ <");
    char text[100];

    is_int(xmpp_styling_disable(message), 0, "disabled");
    is_int(xmpp_styling_disable(message), 0, "twice");
    print_styled(xmpp_styling_get(message), text, sizeof(text));
    is_str(text, "> _ <", "nothing is styled");
    xmpp_stanza_release(message);
    message = xmpp_message_new(ctx, "chat", NULL, NULL);
    ok(!xmpp_styling_get(message), "no body");
    xmpp_stanza_release(message);
    ok(!xmpp_styling_get(NULL), "no message");
    is_int(xmpp_styling_disable(NULL), XMPP_EMEM, "nor can it be disabled");
}

/* ---- a second parser --------------------------------------------- */

#define BODY_MOST 400

static struct cell {
    long styles, quotes;
} cells[BODY_MOST];

struct line {
    long start, end, next;
};

static const char *naive_body;

static void paint(long from, long to, long styles, long quotes)
{
    for (; from < to; from++) {
        cells[from].styles = styles;
        cells[from].quotes = quotes;
    }
}

static bool is_blank_at(long at)
{
    return strchr(" \t\n", naive_body[at]) != NULL;
}

static bool closes(long from, long at, char mark)
{
    return naive_body[at] == mark && at > from && !is_blank_at(at - 1);
}

static void paint_spans(long from, long to, long styles, long quotes)
{
    static const char kinds[] = "*_~`";

    paint(from, to, styles, quotes);
    for (long at = from; at + 1 < to; at++) {
        const char *kind = strchr(kinds, naive_body[at]);
        long end = at + 1, bit;

        if (!kind || (at > from && !is_blank_at(at - 1)) || is_blank_at(at + 1))
            continue;
        while (end < to && !closes(from, end, *kind))
            end++;
        if (end == to || end == at + 1)
            continue;
        bit = styles | 1L << (kind - kinds);
        if (*kind == '`')
            paint(at + 1, end, bit, quotes);
        else
            paint_spans(at + 1, end, bit, quotes);
        paint(at, at + 1, bit | XMPP_STYLE_DIRECTIVE, quotes);
        paint(end, end + 1, bit | XMPP_STYLE_DIRECTIVE, quotes);
        at = end;
    }
}

static bool begins(const struct line *line, const char *with)
{
    long n = (long)strlen(with);

    return line->end - line->start >= n &&
           !memcmp(naive_body + line->start, with, (size_t)n);
}

/* Paint a preformatted block, and return how many lines it has. */
static long paint_block(const struct line *lines, long count, long quotes)
{
    long i = 0;

    paint(lines->start, lines->next,
          XMPP_STYLE_PREFORMATTED | XMPP_STYLE_DIRECTIVE, quotes);
    while (++i < count) {
        bool ends =
            begins(&lines[i], "```") && lines[i].end - lines[i].start == 3;

        paint(lines[i].start, lines[i].next,
              XMPP_STYLE_PREFORMATTED | (ends ? XMPP_STYLE_DIRECTIVE : 0),
              quotes);
        if (ends)
            return i + 1;
    }
    return i;
}

static void paint_lines(struct line *lines, long count, long quotes);

static long paint_quotation(struct line *lines, long count, long quotes)
{
    long i = 0;

    for (; i < count && begins(&lines[i], ">"); i++) {
        long at = lines[i].start++;

        if (lines[i].start < lines[i].end && is_blank_at(lines[i].start))
            lines[i].start++;
        paint(at, lines[i].start, XMPP_STYLE_DIRECTIVE, quotes + 1);
    }
    paint_lines(lines, i, quotes + 1);
    return i;
}

static void paint_lines(struct line *lines, long count, long quotes)
{
    for (long i = 0; i < count;) {
        if (begins(&lines[i], ">")) {
            i += paint_quotation(lines + i, count - i, quotes);
        } else if (begins(&lines[i], "```")) {
            i += paint_block(lines + i, count - i, quotes);
        } else {
            paint_spans(lines[i].start, lines[i].end, 0, quotes);
            paint(lines[i].end, lines[i].next, 0, quotes);
            i++;
        }
    }
}

static void paint_body(const char *body)
{
    struct line lines[BODY_MOST];
    long count = 0, size = (long)strlen(body);

    naive_body = body;
    for (long at = 0; at < size; at = lines[count++].next) {
        lines[count].start = at;
        lines[count].end = at + (long)strcspn(body + at, "\n");
        lines[count].next = lines[count].end + (lines[count].end < size);
    }
    paint_lines(lines, count, 0);
}

/* ---- bodies at random -------------------------------------------- */

/* Marks of quotations that are next to each other are one run, as deep as the
 * last of them. */
static bool is_like(const xmpp_run_t *run, long at)
{
    return run->styles == cells[at].styles &&
           (run->styles == XMPP_STYLE_DIRECTIVE ||
            run->quotes == cells[at].quotes);
}

static bool agrees(const xmpp_styled_t *styled)
{
    long at = 0;

    for (size_t i = 0; i < styled->run_count; i++) {
        const xmpp_run_t *run = styled->runs[i];

        if (run->size != sizeof(*run) || run->start != at || run->end <= at)
            return false;
        for (; at < run->end; at++)
            if (!is_like(run, at))
                return false;
    }
    return at == (long)strlen(styled->body);
}

static void make_body(char *body)
{
    static const char *const pieces[] = {"*", "_",  "~",   "`", "```", ">",
                                         " ", "\n", "\n>", "a", "b",   "\t"};
    size_t size = (size_t)rand() % 100;

    body[0] = '\0';
    while (strlen(body) < size)
        strcat(body,
               pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
}

static void check_random(unsigned seeds)
{
    char body[BODY_MOST];
    unsigned wrong = 0;

    for (unsigned seed = 1; seed <= seeds && !wrong; seed++) {
        xmpp_stanza_t *message;

        srand(seed);
        make_body(body);
        message = message_with(body);
        paint_body(body);
        wrong = agrees(xmpp_styling_get(message)) ? 0 : seed;
        xmpp_stanza_release(message);
    }
    ok(!wrong, "%u bodies at random", seeds);
    if (wrong)
        printf("# seed %u: %s\n", wrong, body);
}

/* ---- without end ------------------------------------------------- */

/* Each would take hours if the time grew with the square of the length. */
static const char *const endless[] = {
    "*",        " *a", "*a ",   "_*",      " _a *b",
    "> ",       ">",   "```\n", "> ```\n", "*a* ",
    "`a` _b_ ", "\n",  " `",    "a*",      "\xe2\x80\x80*",
};

static void check_endless(void)
{
    size_t size = 1000000;
    char *body = malloc(size + 8);

    for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
        size_t n = strlen(endless[i]), at = 0;
        const xmpp_styled_t *styled;
        xmpp_stanza_t *message;

        for (; at + n <= size; at += n)
            memcpy(body + at, endless[i], n);
        body[at] = '\0';
        message = message_with(body);
        styled = xmpp_styling_get(message);
        ok(styled && styled->run_count <= 4096 &&
               styled->runs[styled->run_count - 1]->end == (long)at,
           "endless %zu", i);
        xmpp_stanza_release(message);
    }
    free(body);
}

/* "*a* " is four runs. */
static void check_most(void)
{
    for (int words = 1023; words <= 1025; words++) {
        char body[5000] = "";
        const xmpp_styled_t *styled;
        const xmpp_run_t *last;
        xmpp_stanza_t *message;

        for (int i = 0; i < words; i++)
            strcat(body, "*a* ");
        strcat(body, "*");
        message = message_with(body);
        styled = xmpp_styling_get(message);
        last = styled->runs[styled->run_count - 1];
        is_int((long)styled->run_count, words < 1024 ? 4 * words : 4096,
               "the runs of %d words", words);
        is_int(last->styles, 0, "the last is plain");
        is_int(last->end - last->start, words < 1025 ? 2 : 6,
               "and takes the rest");
        xmpp_stanza_release(message);
    }
}

static void check_without_memory(void)
{
    const xmpp_styled_t *styled = NULL;

    for (unsigned long n = 1; !styled && n < 20; n++) {
        xmpp_stanza_t *message = message_with("*a* _b_");

        failmem_arm(&memory, n, 0);
        styled = xmpp_styling_get(message);
        failmem_arm(&memory, 0, 0);
        ok(!styled || styled->run_count == 7, "all runs or none");
        xmpp_stanza_release(message);
    }
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    check_examples();
    check_disabled();
    check_random(20000);
    check_endless();
    check_most();
    check_without_memory();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "all memory is given back");
    return done_testing();
}
