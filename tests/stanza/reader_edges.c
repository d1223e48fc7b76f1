/* reader_edges.c - what is told of a stanza that is skipped, how long tags are
 * counted, and how a stream ends and another begins. */

#include "base/arena.h"
#include "failmem.h"
#include "stanza/reader_inside.h"
#include "tap.h"
#include "xml_calls.h"

#include <xmpp/error.h>

#define HEAD                                                                   \
    "<stream:stream xmlns='jabber:client' "                                    \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

static struct failmem memory;
static struct env env;
static struct reader_limits limits;
static struct reader *reader;
static struct fault fault;
static char said[20000]; /* what was read: "name id;" each, '!' if skipped */

static void narrow(void)
{
    limits = (struct reader_limits){.depth = 4,
                                    .stanza = 4000,
                                    .tree = 20000,
                                    .gap = 3000,
                                    .attributes = 4,
                                    .names = 1000,
                                    .name_bytes = 100000,
                                    .more_names = 1000,
                                    .skipped = 100000,
                                    .content = NS_CLIENT};
}

static void note(enum reader_event event, xmpp_stanza_t *node)
{
    const char *id = xmpp_stanza_get_id(node);
    size_t n = strlen(said);

    snprintf(said + n, sizeof(said) - n, "%s%s %s;",
             event == READER_SKIPPED ? "!" : "", xmpp_stanza_get_name(node),
             id ? id : "");
    ok(!xmpp_stanza_get_next(node), "nothing is behind a stanza");
}

static void fetch(void)
{
    xmpp_stanza_t *node;
    enum reader_event event;

    while ((event = reader_next(reader, &node)) != READER_NONE) {
        if (event == READER_END)
            strcat(said, "end;");
        else
            note(event, node);
        xmpp_stanza_release(node);
    }
}

/* Read it in pieces; 0, or why not. */
static int feed(const char *text, size_t piece)
{
    size_t n = strlen(text);

    said[0] = '\0';
    for (size_t at = 0, used = 0; at < n; at += used) {
        size_t more = piece < n - at ? piece : n - at;
        int rc = reader_feed(reader, text + at, more, &used, &fault);

        fetch();
        if (rc)
            return rc;
        if (!used || used > more)
            bail("neither all nor a part was read");
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

/* The text with `what` so often in the place of its '%', each with its number
 * for a '#'. */
static char *often(const char *text, const char *what, int n)
{
    static char all[30000];
    const char *place = strchr(text, '%');
    char *to = all + sprintf(all, "%.*s", (int)(place - text), text);

    for (int i = 0; i < n; i++)
        for (const char *c = what; *c; c++)
            to += *c == '#' ? sprintf(to, "%d", i) : sprintf(to, "%c", *c);
    strcpy(to, place + 1);
    return all;
}

/* It gives this in pieces of each size. */
static void gives(const char *text, const char *want, const char *name)
{
    for (size_t piece = 1; piece <= 64; piece *= 2) {
        begin();
        is_int(feed(text, piece == 64 ? SIZE_MAX : piece), 0, "%s: %s", name,
               fault.detail);
        is_str(said, want, "%s, in pieces of %zu", name, piece);
        end();
    }
}

/* ---- what is told of it ------------------------------------------ */

#define DIGITS "0123456789"
#define HUNDRED                                                                \
    DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS

static const struct {
    const char *text, *often;
    int n;
    enum reader_limit which;
    unsigned limit, reached;
    const char *what;
} rows[] = {
    {"<iq a='%'/>", DIGITS, 400, READER_GAP, 3000, 3001, "a token is too long"},
    {"<iq><a b='%'/></iq>", DIGITS, 400, READER_GAP, 3000, 3001,
     "a token is too long"},
    {"<iq><a%/></iq>", " b#=''", 6, READER_ATTRIBUTES, 4, 6,
     "too many attributes"},
    /* as soon as there is one too many, though the tag has not ended */
    {"<iq><a%/></iq>", " b#='" HUNDRED "'", 20, READER_ATTRIBUTES, 4, 5,
     "too many attributes"},
    {"<iq%/>", " b#='" HUNDRED "'", 20, READER_ATTRIBUTES, 4, 5,
     "too many attributes"},
    {"<iq><a>%</a></iq>", DIGITS, 400, READER_STANZA_SIZE, 4000, 4001,
     "a stanza is too long"},
    {"<iq><a><b><c><d><e><f/></e></d></c></b></a>%</iq>", "<a/>", 9,
     READER_DEPTH, 4, 7, "nested too deeply"},
};

static void reason(size_t i)
{
    const char *text = often(rows[i].text, rows[i].often, rows[i].n);
    const struct reader_excess *excess;

    begin();
    if (feed("<message/>", SIZE_MAX) || feed(text, 1))
        bail(fault.detail);
    excess = reader_excess(reader);
    is_str(said, "!iq ;", "skipped");
    is_int(excess->which, rows[i].which, "the limit of it");
    is_str(excess->what, rows[i].what, "its words");
    is_int((long)excess->limit, rows[i].limit, "its value");
    is_int((long)excess->reached, rows[i].reached, "which was exceeded");
    is_int((long)excess->bytes, (long)strlen(text), "the bytes of it all");
    is_int(feed(" \n \t", 1), 0, "white space comes");
    is_int(feed("<iq id='1'/>", 1), 0, "and the next stanza");
    is_str(said, "iq 1;", "is read");
    end();
}

static void stubs(void)
{
    static char text[20000], want[5000];

    narrow();
    strcpy(text, often("<message id='1' y='%'/>", DIGITS, 400));
    strcat(text, often("<iq id='2' y='%'/>", DIGITS, 400));
    strcat(text, "<message id='3' x='' y='' z='' a='' b=''/>");
    gives(text, "!message 1;!iq 2;!message 3;", "each stanza has its own stub");
    limits.gap = limits.stanza = 10000;
    begin();
    snprintf(text, sizeof(text), "<iq id='%04096d' a='' b='' c='' d=''/>", 0);
    snprintf(want, sizeof(want), "!iq %04096d;", 0);
    is_int(feed(text, SIZE_MAX), 0, "an id of 4096 bytes");
    is_str(said, want, "is kept");
    snprintf(text, sizeof(text), "<iq id='%04097d' a='' b='' c='' d=''/>", 0);
    is_int(feed(text, SIZE_MAX), 0, "one of a byte more");
    is_str(said, "!iq ;", "is not");
    end();
}

/* ---- long tags --------------------------------------------------- */

/* Only what is outside of quotes counts, and once, in however many pieces the
 * parser gets the tag. */
static void long_tags(void)
{
    narrow();
    limits.gap = limits.stanza = limits.tree = 100000;
    limits.attributes = 2;
    gives(often("<iq id='1' to='%'/>", "\"a=>/", 4000), "iq 1;",
          "a long tag with an attribute that looks like many");
    gives(often("<iq id='1' to='%'/>", "\"b= ", 4000), "iq 1;",
          "or only by their signs");
    gives(often("<iq id='1' to=\"%\"/><iq id='2'/>", "'a=>/", 4000),
          "iq 1;iq 2;", "and with the other quotes");
    gives(often("<iq id='1' to='%' x='' y=''/><iq id='2'/>", HUNDRED, 7),
          "!iq 1;iq 2;", "what is behind a tag that is skipped");
}

static void references(void)
{
    narrow();
    begin();
    is_int(feed(often("<iq>&#%x", "0", 61), 1), XMPP_EXML, "64 bytes of one");
    is_str(fault.detail, "a reference without an end", "its words");
    end();
    begin();
    is_int(feed(often("<iq>&#%x", "0", 62), 1), 0, "the next is not looked at");
    end();
    begin();
    is_int(feed("<iq>&bogus", 1), XMPP_ERESTRICTED, "no entity");
    is_str(fault.detail, "an entity", "its words");
    end();
    begin();
    is_int(feed(often("<iq/><?a %'?>", HUNDRED, 6), 1), XMPP_ERESTRICTED,
           "a long instruction is found at its end");
    end();
}

/* Names are forgotten between stanzas, though no piece ends there. */
static void renewal(void)
{
    size_t before;

    narrow();
    begin();
    before = parser_names(reader->self.parser);
    end();
    limits.names = before + 5;
    begin();
    is_int(feed(often("<iq>%</iq><i", "<a#/>", 9), SIZE_MAX), 0, "names");
    is_int(feed(often("q>%</iq><i", "<b#/>", 9), SIZE_MAX), 0, "others");
    is_int(feed(often("q>%</iq><i", "<c#/>", 9), SIZE_MAX), 0, "and others");
    ok(parser_names(reader->self.parser) < before + 20, "few are kept: %zu",
       parser_names(reader->self.parser));
    end();
}

/* ---- begin and end ----------------------------------------------- */

static void before_a_stream(void)
{
    static const char text[] = "xxxx \t\r\n<?xml version='1.0'?>" HEAD;
    size_t used;

    narrow();
    reader = reader_new(&env, &limits);
    is_int(reader_feed(reader, "  ", 1, &used, &fault), 0, "a space");
    is_int((long)used, 1, "and not the next");
    is_int(feed(text + 4, SIZE_MAX), 0, "spaces before a stream");
    is_str(said, "stream ;", "are nothing");
    end();
}

static void behind_a_stream(void)
{
    static const char text[] = "</stream:stream>abc";
    size_t used;

    narrow();
    begin();
    reader_set_exact(reader, true);
    is_int(reader_feed(reader, text, 19, &used, &fault), 0, "the end");
    is_int((long)used, 16, "is where an exact reader stops");
    fetch();
    is_str(said, "stream ;end;", "it is told");
    is_int(reader_feed(reader, "abc", 3, &used, &fault), 0, "what follows");
    is_int((long)used, 3, "is passed over");
    end();
    begin();
    is_int(reader_feed(reader, text, 19, &used, &fault), 0, "another reader");
    is_int((long)used, 19, "takes all at once");
    end();
}

/* Whatever a stream was in the middle of, another begins afresh. */
static void restart(void)
{
    static const char *const left[] = {
        "<iq>text",
        "<iq a='' b='' c='' d='' e=''>", /* is being skipped */
        "<iq a='' b='' c='' d='' e=''/>",
        "<iq></a>",
        "</stream:stream>",
        "<iq><a><b><c><d><e>",
    };

    narrow();
    limits.stanza = 1000;
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        begin();
        feed(often("<iq>%</iq>", HUNDRED, 9), SIZE_MAX);
        feed(left[i], SIZE_MAX);
        reader_restart(reader);
        ok(!reader_is_inside(reader), "no element is open");
        is_int(feed(HEAD "<iq id='1'/>", 1), 0, "another stream");
        is_str(said, "stream ;iq 1;", "behind %s", left[i]);
        is_int(feed("<iq id='2'>", 1), 0, "a stanza");
        reader_restart(reader);
        end();
    }
}

static void insides(void)
{
    narrow();
    begin();
    ok(!reader_is_inside(reader), "between stanzas");
    feed("<iq a='' b='' c='' d='' e=''>", SIZE_MAX);
    ok(reader_is_inside(reader), "in one that is skipped");
    feed("</iq>", SIZE_MAX);
    ok(!reader_is_inside(reader), "behind it");
    end();
}

/* The start tag that was too long gets a parser of its own in the end. */
static void no_parser(void)
{
    narrow();
    begin();
    is_int(feed(often("<iq a='%'/", HUNDRED, 40), 1), 0, "a tag is skipped");
    xml_calls_refuse();
    is_int(feed(">", 1), XMPP_EMEM, "no memory for what is kept of it");
    xml_calls_permit();
    is_str(said, "", "and nothing of it is told");
    end();
}

static int warm(void)
{
    int n = 0;

    for (size_t i = 0; i < ENV_WARM; i++)
        n += env.warm[i] != NULL;
    return n;
}

static void places(void)
{
    struct reader *other;

    narrow();
    begin();
    other = reader;
    begin();
    is_int(warm(), 2, "two readers have a parser");
    end();
    is_int(warm(), 1, "one that is freed leaves its place");
    reader = other;
    is_int(feed("<iq/>", SIZE_MAX), 0, "the other reads on");
    end();
    is_int(warm(), 0, "and leaves its own");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    narrow();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        reason(i);
    stubs();
    long_tags();
    references();
    renewal();
    before_a_stream();
    behind_a_stream();
    restart();
    insides();
    places();
    no_parser();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
