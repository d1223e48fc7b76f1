/* reader_limits.c - what the reader holds, just below a limit and just above
 * it, and how much memory that is. */

#include "base/arena.h"
#include "failmem.h"
#include "stanza/reader_inside.h"
#include "tap.h"
#include "xml_calls.h"

#include <xmpp/error.h>

#define HEAD                                                                   \
    "<stream:stream xmlns='jabber:client' "                                    \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

#define GENEROUS 10000000

static struct failmem memory;
static struct env env;
static struct reader_limits limits;
static struct reader *reader;
static struct fault fault;

static void generous(void)
{
    limits = (struct reader_limits){.depth = 100,
                                    .stanza = GENEROUS,
                                    .tree = GENEROUS,
                                    .gap = GENEROUS,
                                    .attributes = GENEROUS,
                                    .names = GENEROUS,
                                    .name_bytes = GENEROUS,
                                    .more_names = GENEROUS};
}

/* 0, or why not. */
static int feed(const char *text, size_t piece)
{
    size_t n = strlen(text);

    for (size_t at = 0, used = 0; at < n; at += used) {
        xmpp_stanza_t *node;
        int rc = reader_feed(reader, text + at, piece < n - at ? piece : n - at,
                             &used, &fault);

        if (rc)
            return rc;
        while (reader_next(reader, &node) != READER_NONE)
            xmpp_stanza_release(node);
    }
    return 0;
}

static void begin(void)
{
    fault = (struct fault){0};
    reader = reader_new(&env, &limits);
    if (!reader || feed(HEAD, SIZE_MAX))
        bail("no stream");
}

static void end(void)
{
    reader_free(reader);
    reader = NULL;
}

/* ---- one stanza -------------------------------------------------- */

/* A message with `n` times this in it, '%' being the number of each. */
static char *message(const char *inside, size_t n)
{
    char *text = malloc(40 + n * (strlen(inside) + 10)), *to = text;

    to += sprintf(to, "<message>");
    for (size_t i = 0; i < n; i++)
        for (const char *c = inside; *c; c++)
            to += *c == '%' ? sprintf(to, "%05zu", i) : sprintf(to, "%c", *c);
    strcpy(to, "</message>");
    return text;
}

static int reads(const char *inside, size_t n, size_t piece)
{
    char *text = message(inside, n);
    int rc;

    begin();
    rc = feed(text, piece);
    end();
    free(text);
    return rc;
}

/* The most children that are read; all that are fewer are. */
static size_t most(const char *inside, size_t piece)
{
    size_t good = 0, bad = 100000;

    while (bad - good > 1) {
        size_t n = (good + bad) / 2;

        if (reads(inside, n, piece) == 0)
            good = n;
        else
            bad = n;
    }
    return good;
}

/* One more than the most is refused for that, however it comes. */
static size_t border(const char *inside, const char *says, const char *what)
{
    size_t n = most(inside, SIZE_MAX);

    is_int(reads(inside, n, 1), 0, "%s: %zu are read, byte by byte too", what,
           n);
    is_int(reads(inside, n + 1, 1), XMPP_ELIMIT, "%s: one more is not", what);
    ok(strstr(fault.detail, says) != NULL, "%s: %s", what, fault.detail);
    is_int(reads(inside, n + 1, 7), XMPP_ELIMIT, "%s: in pieces neither", what);
    return n;
}

static void names_of_a_stanza(void)
{
    size_t n, more;

    generous();
    limits.names = 300;
    limits.more_names = 256;
    n = border("<n%/>", "too many different names", "names");
    ok(n > 500 && n <= 556, "as many as both limits together: %zu", n);
    limits.more_names = 257;
    more = most("<n%/>", SIZE_MAX);
    is_int(more, n + 1, "a limit of one more allows one more");
    n = border("<n xmlns='u:%'/>", "too many different names", "namespaces");
    ok(n > 500 && n <= 557, "namespaces are names: %zu", n);
    is_int(reads("<n%/>", 0, SIZE_MAX), 0, "no child, no name");
    is_int(reads("<n/>", 10000, SIZE_MAX), 0, "the same name costs nothing");
}

static void memory_of_a_stanza(void)
{
    long before = memory.bytes;
    char *text;
    size_t n;

    generous();
    limits.tree = 65536;
    n = border("<a/>", "needs too much memory", "a tree");
    text = message("<a/>", n);
    strstr(text, "</message>")[0] = '\0'; /* while it is still being read */
    begin();
    before = memory.bytes;
    is_int(feed(text, SIZE_MAX), 0, "the largest tree");
    ok(memory.bytes - before <= 65536 + 8192, "takes as much as was said: %ld",
       memory.bytes - before);
    end();
    free(text);
    border("0123456789", "needs too much memory", "a text");
    border("<a b='%'/>", "needs too much memory", "attributes");
}

/* The memory of 300 elements in a namespace of so many bytes. */
static size_t memory_in_namespace(int n)
{
    char *text = message("<a/>", 300);
    char start[300];
    size_t used;

    snprintf(start, sizeof(start), "<message><x xmlns='%0*d'>", n, 0);
    strstr(text, "</message>")[0] = '\0';
    begin();
    if (feed(start, SIZE_MAX) || feed(text + strlen("<message>"), SIZE_MAX))
        bail(fault.detail);
    used = node_memory(reader->current);
    end();
    free(text);
    return used;
}

static void memory_of_a_namespace(void)
{
    size_t one, many;

    generous();
    one = memory_in_namespace(1);
    many = memory_in_namespace(200);
    ok(many - one <= 16384, "elements share their namespace: %zu and %zu bytes",
       one, many);
}

/* ---- many stanzas ------------------------------------------------ */

/* Names in the parser after a message with so many different ones. */
static size_t names_after(const char *inside, size_t n)
{
    char *text = message(inside, n);

    is_int(feed(text, SIZE_MAX), 0, "a message of %zu names", n);
    free(text);
    return parser_names(reader->self.parser);
}

static void names_of_a_stream(void)
{
    size_t own;

    generous();
    begin();
    own = names_after("<n%/>", 0);
    end();
    limits.names = own + 50;
    begin();
    is_int(names_after("<n%/>", 50), own + 50, "as many as are kept");
    is_int(names_after("<n%/>", 50), own + 50, "stay, and are known again");
    ok(names_after("<m%/>", 1) < own, "with one more the parser forgets all");
    is_int(names_after("<n%/>", 0), own, "but for what the stream said");
    end();
}

/* They are counted by the blocks that hold them. */
static void name_bytes_of_a_stream(void)
{
    static const char inside[] =
        "<a-name-of-some-length-that-fills-a-block-of-memory-in-no-time-%/>";
    size_t own, all;

    generous();
    begin();
    own = parser_name_bytes(reader->self.parser);
    names_after(inside, 50);
    all = parser_name_bytes(reader->self.parser);
    end();
    ok(own < all, "bytes of names: %zu, then %zu", own, all);
    limits.name_bytes = all;
    begin();
    names_after(inside, 50);
    is_int(parser_name_bytes(reader->self.parser), all, "as many are kept");
    end();
    limits.name_bytes = all - 1;
    begin();
    names_after(inside, 50);
    is_int(parser_name_bytes(reader->self.parser), own,
           "where one less is the limit, they are forgotten");
    end();
}

/* What a renewed parser hears first is longer than what came: a quote inside of
 * other quotes becomes six bytes. */
static void long_header(void)
{
    static const char start[] = "<s:stream xmlns='jabber:client' xmlns:s='"
                                "http://etherx.jabber.org/streams' xmlns:x='";
    char *text = malloc(40000), *to = text;
    xmpp_stanza_t *node;
    size_t used;

    to += sprintf(to, "%s", start);
    memset(to, '"', 30000);
    strcpy(to + 30000, "'>");
    generous();
    limits.names = 1; /* at once */
    reader = reader_new(&env, &limits);
    is_int(feed(text, SIZE_MAX), 0, "a long header");
    is_int(feed("<a/><b/>", SIZE_MAX), 0, "is repeated to a new parser");
    reader_feed(reader, "<x:a/>", 6, &used, &fault);
    is_int(reader_next(reader, &node), READER_STANZA, "which knows all of it");
    is_int(strlen(xmpp_stanza_get_ns(node)), 30000, "as long as it was");
    xmpp_stanza_release(node);
    end();
    limits.stanza = sizeof(start) - 1 + 30000 + 2;
    reader = reader_new(&env, &limits);
    is_int(feed(text, SIZE_MAX), 0, "a header as long as is allowed");
    end();
    limits.stanza--;
    reader = reader_new(&env, &limits);
    is_int(feed(text, SIZE_MAX), XMPP_ELIMIT, "and a byte more");
    end();
    free(text);
}

/* What comes before the start tag of a stream has the limit of a stanza. */
static void before_the_header(void)
{
    static const char start[] = "<?xml version='1.0'?>";
    char text[1200];

    memset(text, ' ', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    memcpy(text, start, sizeof(start) - 1);
    generous();
    limits.stanza = 1000;
    reader = reader_new(&env, &limits);
    text[1000] = '\0';
    is_int(feed(text, 1), 0, "as many bytes before the stream as are allowed");
    is_int(feed(" ", 1), XMPP_ELIMIT, "and one more");
    end();
}

/* The rest of a long tag is gathered before the parser sees it; a new stream
 * has nothing of that. */
static void begun_tag(void)
{
    char text[6000];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    memcpy(text, "<message a='", 12);
    generous();
    begin();
    is_int(feed(text, SIZE_MAX), 0, "a long tag is begun");
    is_int(feed("abc", 1), 0, "more of it");
    ok(buf_size(&reader->work->tag) >= 3, "waits for its end");
    reader_restart(reader);
    is_int(feed(HEAD "<message/>", SIZE_MAX), 0, "another stream");
    is_int((long)reader->depth, 1, "is a fresh one");
    end();
}

/* An element whose name or namespace finds no memory is not taken for another.
 */
static void without_memory(void)
{
    enum { LONG = 20000 };
    char *text = malloc(2 * LONG + 20), *to = text;
    xmpp_stanza_t *node;
    size_t used, n;
    unsigned long failures = 0;
    int rc = XMPP_EMEM;

    to += sprintf(to, "<");
    memset(to, 'n', LONG);
    to += LONG;
    to += sprintf(to, " xmlns='");
    memset(to, 'u', LONG);
    strcpy(to + LONG, "'/>");
    n = strlen(text);
    generous();
    while (rc && failures < 1000) {
        begin();
        failmem_arm(&memory, failures + 1, 0);
        rc = reader_feed(reader, text, n, &used, &fault);
        while (!rc && used < n) {
            size_t more;

            rc = reader_feed(reader, text + used, n - used, &more, &fault);
            used += more;
        }
        if (memory.failed)
            failures++;
        failmem_arm(&memory, 0, 0);
        if (!rc && reader_next(reader, &node) == READER_STANZA) {
            if (strlen(xmpp_stanza_get_name(node)) != LONG ||
                strlen(xmpp_stanza_get_ns(node)) != LONG)
                bail("another element");
            xmpp_stanza_release(node);
        } else if (rc != XMPP_EMEM) {
            bail("neither a stanza nor a failure");
        }
        end();
    }
    ok(failures > 3, "each of %lu failures was told", failures);
    free(text);
}

/* What is skipped has an end, too, even where no tag comes any more. */
static void endless_text(void)
{
    char text[101];

    memset(text, 'x', 100);
    text[100] = '\0';
    generous();
    limits.tree = 8192;
    limits.stanza = limits.skipped = 20000;
    begin();
    is_int(feed("<message><body>", SIZE_MAX), 0, "a stanza is begun");
    ok(reader_is_inside(reader), "and not over");
    for (int i = 0; i < 199; i++)
        if (feed(text, SIZE_MAX))
            bail(fault.detail);
    ok(reader_is_inside(reader), "a long text, which is skipped");
    feed(text, SIZE_MAX);
    is_int(feed(text, SIZE_MAX), XMPP_ELIMIT, "but not for ever");
    ok(strstr(fault.detail, "skipped") != NULL, "%s", fault.detail);
    end();
}

/* The parser's own memory comes from elsewhere. */
static void no_parser(void)
{
    generous();
    fault = (struct fault){0};
    reader = reader_new(&env, &limits);
    xml_calls_refuse();
    is_int(feed(HEAD, SIZE_MAX), XMPP_EMEM, "no memory for a parser");
    xml_calls_permit();
    end();
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    names_of_a_stanza();
    memory_of_a_stanza();
    memory_of_a_namespace();
    names_of_a_stream();
    name_bytes_of_a_stream();
    long_header();
    before_the_header();
    begun_tag();
    without_memory();
    endless_text();
    no_parser();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
