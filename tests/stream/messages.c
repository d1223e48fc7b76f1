/* messages.c - a stream in messages (RFC 7395): ours and the peer's, whole and
 * byte by byte, and without memory. */

#include "stream/messages.h"

#include <xmpp/error.h>

#include "base/arena.h"
#include "failmem.h"
#include "tap.h"

#define FRAMING "urn:ietf:params:xml:ns:xmpp-framing"
#define CLIENT " xmlns=\"jabber:client\""
#define OPEN "<open xmlns=\"" FRAMING "\""
#define CLOSE "<close xmlns=\"" FRAMING "\"/>"
#define STREAMS " xmlns:stream=\"http://etherx.jabber.org/streams\""
#define LONG 30000

struct scene {
    struct failmem memory;
    struct env env;
    struct messages messages;
    struct buf got; /* messages, each with a '|' behind it */
};

static void scene_begin(struct scene *s)
{
    failmem_init(&s->memory);
    env_init(&s->env, &s->memory.mem, NULL);
    messages_init(&s->messages, &s->env);
    buf_init(&s->got, &s->env, SIZE_MAX / 4);
}

static void scene_end(struct scene *s, const char *what)
{
    messages_free(&s->messages);
    buf_free(&s->got);
    arena_drain(&s->env);
    is_int(s->memory.held, 0, "%s: no memory is left", what);
}

/* ---- ours -------------------------------------------------------- */

static void put_piece(struct scene *s, struct str bytes)
{
    while (bytes.n && !s->got.failed) {
        bool ends = false;
        size_t used = messages_put(&s->messages, bytes, &s->got, &ends);

        bytes = str_n(bytes.s + used, bytes.n - used);
        if (ends)
            buf_puts(&s->got, STR("|"));
    }
}

static void put_in_pieces(struct scene *s, struct str bytes, size_t piece)
{
    for (size_t i = 0; i < bytes.n; i += piece)
        put_piece(
            s, str_n(bytes.s + i, bytes.n - i < piece ? bytes.n - i : piece));
}

static const struct {
    const char *stream, *messages;
} ours[] = {
    {"<?xml version=\"1.0\"?><stream:stream xmlns=\"jabber:client\"" STREAMS
     " to=\"example.org\" version=\"1.0\" xml:lang='de'>",
     OPEN " to=\"example.org\" version=\"1.0\" xml:lang='de'/>|"},
    {"<stream:stream>", OPEN "/>|"},
    {"<stream:stream to = \"a>b\" \n x='<'>", OPEN " to = \"a>b\" x='<'/>|"},
    {"</stream:stream>", CLOSE "|"},
    {"</stream:stream >", CLOSE "|"},
    {"<iq/>", "<iq" CLIENT "/>|"},
    {"<iq id=\"/>\"/>", "<iq" CLIENT " id=\"/>\"/>|"},
    {"<iq xmlns=\"jabber:client\"/>", "<iq xmlns=\"jabber:client\"/>|"},
    {"<r xmlns='urn:xmpp:sm:3'/>", "<r xmlns='urn:xmpp:sm:3'/>|"},
    {"<r a='xmlns' xmlns = 'urn:xmpp:sm:3'/>",
     "<r a='xmlns' xmlns = 'urn:xmpp:sm:3'/>|"},
    {"<x:r xmlns:x='urn:x'/>", "<x:r xmlns:x='urn:x'/>|"},
    {"<a xmlns:x='urn:x'/>", "<a" CLIENT " xmlns:x='urn:x'/>|"},
    {"<stream:error><a xmlns='urn:b'/></stream:error></stream:stream>",
     "<stream:error" STREAMS "><a xmlns='urn:b'/></stream:error>|" CLOSE "|"},
    {"<stream:error" STREAMS "/>", "<stream:error" STREAMS "/>|"},
    {"<message><body>a</body><x xmlns='y'/></message><presence/>",
     "<message" CLIENT
     "><body>a</body><x xmlns='y'/></message>|<presence" CLIENT "/>|"},
    {" \n<a/>  <b/> text <c/>",
     "<a" CLIENT "/>|<b" CLIENT "/>|<c" CLIENT "/>|"},
    {"<a><b/><b></b><b><b/></b></a>",
     "<a" CLIENT "><b/><b></b><b><b/></b></a>|"},
    {"<a><!-- </a> --><![CDATA[</a>]]]]><?p </a>?></a>",
     "<a" CLIENT "><!-- </a> --><![CDATA[</a>]]]]><?p </a>?></a>|"},
    {"<!-- <a/> --><a/>", "<a" CLIENT "/>|"},
    {"<a b=\"'>'\" c='\">\"'>></a>", "<a" CLIENT " b=\"'>'\" c='\">\"'>></a>|"},
    {"<a", ""},
    {"<a><b>", "<a" CLIENT "><b>"},
    {"<a =><b/>", "<a" CLIENT " =><b/>"},
};

static void sends_so(size_t i, size_t piece)
{
    struct scene s;
    struct str got;

    scene_begin(&s);
    put_in_pieces(&s, str_of(ours[i].stream), piece);
    got = buf_view(&s.got);
    if (!ok(str_is(got, ours[i].messages), "%s", ours[i].stream))
        printf("#  got %.*s\n", STR_ARG(got));
    scene_end(&s, "sending");
}

/* ---- theirs ------------------------------------------------------ */

/* Each '|' ends a message. */
static int get_messages(struct scene *s, const char *text, size_t piece,
                        const char **ret_why)
{
    struct str rest = str_of(text), message;
    int rc = 0;

    while (rest.s && rc == 0) {
        bool begins = true;

        rest = str_cut(rest, '|', &message);
        if (!rest.s)
            break;
        do {
            size_t n = message.n < piece ? message.n : piece;
            bool ends = n == message.n;

            rc = messages_get(&s->messages, str_n(message.s, n), begins, ends,
                              &s->got, ret_why);
            message = str_n(message.s + n, message.n - n);
            begins = false;
        } while (message.n && rc == 0);
    }
    return s->got.failed ? XMPP_EMEM : rc;
}

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams'"

static const struct {
    const char *messages, *stream; /* NULL: refused */
    const char *why;
} theirs[] = {
    {"<open xmlns='" FRAMING "' id='a&quot;b' from=\"c\" version='1.0' "
     "xml:lang='en'/>|",
     HEADER " id=\"a&quot;b\" from=\"c\" version=\"1.0\" xml:lang=\"en\">",
     NULL},
    {"<f:open xmlns:f='" FRAMING "' xmlns:g='urn:g' g:x='y' id='1'></f:open>|",
     HEADER " id=\"1\">", NULL},
    {"<open xmlns='" FRAMING "'/>|<close xmlns='" FRAMING "'/>|",
     HEADER "></stream:stream>", NULL},
    {"<close xmlns='" FRAMING "'/>|", HEADER "></stream:stream>", NULL},
    {"<open xmlns='" FRAMING "'/>|<close xmlns='" FRAMING
     "' see-other-uri='wss://a/b?c&amp;d'/>|",
     HEADER "><stream:error><see-other-host "
            "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>wss://a/b?c&amp;d"
            "</see-other-host></stream:error></stream:stream>",
     NULL},
    {"<message xmlns='jabber:client'/>|", "<message xmlns='jabber:client'/>",
     NULL},
    {"<open xmlns='urn:other'/>|", "<open xmlns='urn:other'/>", NULL},
    {"<opened/>|<clos/>|<a:opens/>|", "<opened/><clos/><a:opens/>", NULL},
    {"<|a>|", NULL, "does not begin with '<'"},
    {"<a>|</a>|", "<a></a>", NULL},
    {"|", NULL, "an empty message"},
    {" <a/>|", NULL, "does not begin with '<'"},
    {"hello|", NULL, "does not begin with '<'"},
    {"<open xmlns='" FRAMING "'|", NULL, "malformed"},
    {"<open/|", NULL, "malformed"},
    {"<close xmlns='" FRAMING "'>|", NULL, "malformed"},
    {"<!DOCTYPE a>|", "<!DOCTYPE a>", NULL},
};

static void receives_so(size_t i, size_t piece)
{
    struct scene s;
    const char *why = NULL;
    struct str got;
    int rc;

    scene_begin(&s);
    rc = get_messages(&s, theirs[i].messages, piece, &why);
    got = buf_view(&s.got);
    is_int(rc, theirs[i].stream ? 0 : XMPP_EPROTO, "%s", theirs[i].messages);
    if (!theirs[i].stream)
        ok(why && strstr(why, theirs[i].why), "%s", why ? why : "nothing");
    else if (!ok(str_is(got, theirs[i].stream), "  is %s", theirs[i].stream))
        printf("#  got %.*s\n", STR_ARG(got));
    scene_end(&s, "receiving");
}

/* ---- limits ------------------------------------------------------ */

/* One that would be kept has a limit; what passes through has none here. */
static void has_limits(const char *name, size_t n, int want)
{
    static char text[LONG + 100];
    struct scene s;
    const char *why = NULL;

    snprintf(text, sizeof(text), "<%s xmlns='" FRAMING "' a='%*s'/>|", name,
             (int)n, "");
    scene_begin(&s);
    is_int(get_messages(&s, text, 1000, &why), want, "<%s> of %zu bytes", name,
           strlen(text) - 1);
    if (want)
        ok(strstr(why, "too long"), "%s", why);
    scene_end(&s, "a limit");
}

/* A name without an end is nobody's. */
static void long_name(void)
{
    static char text[LONG + 3] = "<";
    struct scene s;
    const char *why = NULL;

    memset(text + 1, 'a', LONG);
    strcat(text, "|");
    scene_begin(&s);
    is_int(get_messages(&s, text, 1, &why), 0, "a long name");
    is_int(buf_size(&s.got), LONG + 1, "is passed on");
    ok(s.messages.in.head.cap < 1000, "and not kept");
    scene_end(&s, "a long name");
}

/* What was begun on one transport is nothing on the next. */
static void restarts(void)
{
    struct scene s;
    const char *why = NULL;

    scene_begin(&s);
    put_piece(&s, STR("<a><b c='"));
    get_messages(&s, "<open xmlns='" FRAMING "'/>|", 3, &why);
    messages_restart(&s.messages);
    buf_clear(&s.got);
    put_piece(&s, STR("<c/>"));
    ok(str_is(buf_view(&s.got), "<c" CLIENT "/>|"), "ours begins anew");
    buf_clear(&s.got);
    get_messages(&s, "<close xmlns='" FRAMING "'/>|", 3, &why);
    ok(str_starts(buf_view(&s.got), STR(HEADER)), "and theirs");
    scene_end(&s, "restarting");
}

static bool starves(unsigned long n)
{
    struct scene s;
    const char *why = NULL;
    bool failed;
    int rc;

    scene_begin(&s);
    failmem_arm(&s.memory, n, 0);
    put_piece(&s, STR("<stream:stream to='a'><iq/><a><b/></a>"));
    rc = get_messages(&s, "<open xmlns='" FRAMING "' id='1'/>|<iq/>|", 5, &why);
    failed = s.memory.failed != 0;
    if (failed)
        ok(rc == XMPP_EMEM || s.got.failed, "allocation %lu is missed", n);
    scene_end(&s, "without memory");
    return failed;
}

int main(void)
{
    unsigned long n = 0;

    for (size_t piece = 1; piece < 100;
         piece = piece < 8 ? piece + 1 : piece + 91) {
        for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
            sends_so(i, piece);
        for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
            receives_so(i, piece);
    }
    has_limits("open", 16000, 0);
    has_limits("open", 17000, XMPP_EPROTO);
    has_limits("close", 17000, XMPP_EPROTO);
    has_limits("other", 17000, 0);
    long_name();
    restarts();
    while (starves(++n))
        ;
    return done_testing();
}
