/* receive_costs.c - what it takes to receive a fixed input, counted from
 * outside (callgrind --toggle-collect=receive).
 *
 * usage: receive_costs KIND STANZAS [OPTION]...
 *
 * KIND is chat (366 bytes each), mix (messages, presence, rosters), items (16
 * KB each), or a file, which is sent as it is. Options: flat (libxml2 and
 * nothing else over the same bytes), quiet (with the default logger for errors
 * only), silent (with a logger of its own that throws all lines away),
 * allocations (they are printed, ours and those of libxml2). */

#define _GNU_SOURCE
#include <libxml/parser.h>

#include "conn/testbed.h"
#include "xml_calls.h"

#define READ 32768 /* bytes that the bare parser gets at once */

static struct {
    char *bytes;
    size_t n;
    FILE *out;
} input;

static size_t looked; /* so that nothing read can be left out */
static bool is_over;

/* ---- the input --------------------------------------------------- */

static void chat(long i)
{
    fprintf(input.out,
            "<message from='juliet@capulet.example/balcony' "
            "to='guest@example.org/r' type='chat' id='m%06ld'>"
            "<body>Wherefore art thou, Romeo? Deny thy father &amp; refuse "
            "thy name %ld</body><thread>e0ffe42b28561960c6b12b944a092794"
            "</thread><origin-id xmlns='urn:xmpp:sid:0' id='m%06ld'/>"
            "<request xmlns='urn:xmpp:receipts'/>"
            "<active xmlns='http://jabber.org/protocol/chatstates'/>"
            "</message>",
            i, i % 10, i);
}

static void contact(long i)
{
    fprintf(input.out,
            "<presence from='contact%ld@example.org/phone' "
            "to='guest@example.org/r'><show>away</show><status>At the "
            "masked ball</status><priority>5</priority>"
            "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
            "node='https://example.org/client' "
            "ver='q07IKJEyjvHSyhy//CH0CxmKi8w='/></presence>",
            i % 50);
}

static void roster(long i)
{
    fprintf(input.out,
            "<iq type='result' id='r%ld' to='guest@example.org/r'>"
            "<query xmlns='jabber:iq:roster' ver='ver%ld'>",
            i, i);
    for (int k = 0; k < 20; k++)
        fprintf(input.out,
                "<item jid='contact%d@example.org' name='Contact %d' "
                "subscription='both'><group>Friends</group></item>",
                k, k);
    fputs("</query></iq>", input.out);
}

static void mix(long i)
{
    if (i % 10 < 6)
        chat(i);
    else if (i % 10 < 9)
        contact(i);
    else
        roster(i);
}

static void item(long i)
{
    fprintf(input.out,
            "<message from='pubsub.example.org' to='guest@example.org/r' "
            "type='headline' id='i%ld'><event "
            "xmlns='http://jabber.org/protocol/pubsub#event'><items "
            "node='urn:xmpp:microblog:0'><item id='t%ld'>"
            "<entry xmlns='http://www.w3.org/2005/Atom'>",
            i, i);
    for (int k = 0; k < 54; k++)
        fprintf(input.out,
                "<link rel='related' href='https://example.org/thing/%d'/>"
                "<category term='love'/>"
                "<content type='text'>My bounty is as boundless as the "
                "sea,\nMy love as deep; the more I give to "
                "thee,\nThe more I have, for both are infinite.\nI hear some "
                "noise within; dear love, adieu!</content>",
                k);
    fputs("</entry></item></items></event></message>", input.out);
}

static const struct kind {
    const char *name;
    void (*put)(long i);
} kinds[] = {{"chat", chat}, {"mix", mix}, {"items", item}};

static bool put_kind(const char *name, long stanzas)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, name) == 0) {
            for (long k = 0; k < stanzas; k++)
                kinds[i].put(k);
            return true;
        }
    return false;
}

static void put_file(const char *path)
{
    FILE *in = fopen(path, "r");
    char piece[4096];
    size_t n;

    if (!in)
        bail("no such kind, and no such file");
    while ((n = fread(piece, 1, sizeof(piece), in)))
        fwrite(piece, 1, n, input.out);
    fclose(in);
}

static void make_input(const char *kind, long stanzas)
{
    input.out = open_memstream(&input.bytes, &input.n);
    if (!input.out)
        bail("no memory");
    if (!put_kind(kind, stanzas))
        put_file(kind);
    fputs("<message id='end' from='example.org'/>", input.out);
    fclose(input.out);
}

/* ---- libxml2 and nothing else ------------------------------------ */

/* One event, as it would be kept; names are the parser's. */
struct event {
    const xmlChar *name, *ns;
    int n;
};

static struct {
    struct event events[4096];
    size_t n, depth, bytes;
    const xmlChar *body;
    char values[65536];
} flat;

static const xmlChar *ns_client;

static void flat_keep(const void *from, size_t n)
{
    if (flat.bytes + n + 1 > sizeof(flat.values))
        flat.bytes = 0;
    memcpy(flat.values + flat.bytes, from, n);
    flat.bytes += n;
    flat.values[flat.bytes++] = '\0';
}

static void flat_event(const xmlChar *name, const xmlChar *ns, int n)
{
    flat.events[flat.n++ % 4096] = (struct event){name, ns, n};
}

static void flat_start(void *self, const xmlChar *name, const xmlChar *prefix,
                       const xmlChar *uri, int namespaces_n,
                       const xmlChar **namespaces, int n, int defaulted,
                       const xmlChar **a)
{
    (void)self;
    (void)prefix;
    (void)namespaces_n;
    (void)namespaces;
    (void)defaulted;
    flat_event(name, uri, n);
    for (int i = 0; i < n; i++)
        flat_keep(a[5 * i + 3], (size_t)(a[5 * i + 4] - a[5 * i + 3]));
    if (flat.depth++ == 0)
        ns_client = uri;
}

static void flat_end(void *self, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri)
{
    (void)self;
    (void)prefix;
    flat_event(name, uri, -1);
    if (--flat.depth == 1)
        flat.n = flat.bytes = 0;
}

static void flat_text(void *self, const xmlChar *text, int n)
{
    (void)self;
    flat_event(NULL, NULL, n);
    flat_keep(text, (size_t)n);
    looked += (size_t)n;
}

__attribute__((noinline)) static void receive_flat(xmlParserCtxtPtr parser)
{
    for (size_t at = 0; at < input.n; at += READ)
        xmlParseChunk(parser, input.bytes + at,
                      (int)(input.n - at < READ ? input.n - at : READ), 0);
}

static void run_flat(void)
{
    static const char header[] = "<stream:stream xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/"
                                 "streams'>";
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = flat_start,
        .endElementNs = flat_end,
        .characters = flat_text,
    };
    xmlParserCtxtPtr parser =
        xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);

    xmlParseChunk(parser, header, sizeof(header) - 1, 0);
    receive_flat(parser);
    xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
}

/* ---- the library ------------------------------------------------- */

static unsigned long own_calls;

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *from = xmpp_stanza_get_from(stanza);
    xmpp_stanza_t *body = xmpp_stanza_get_child_by_name(stanza, "body");
    const char *text = xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(body));
    const char *id = xmpp_stanza_get_id(stanza);

    (void)conn;
    (void)userdata;
    looked += (from ? strlen(from) : 0) + (text ? strlen(text) : 0);
    is_over |= id && strcmp(id, "end") == 0;
    return 1;
}

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    (void)area;
    (void)line;
}

static const xmpp_log_t silent = {on_line, NULL};

__attribute__((noinline)) static void receive(struct testbed *t)
{
    while (!is_over && t->downs == 0)
        xmpp_run_once(t->ctx, 1000);
}

static void run_library(const xmpp_log_t *log, bool counts)
{
    static const char *const script[] = {PEER_LOGIN, "C </stream:stream>",
                                         NULL};
    struct testbed t;

    failmem_is_off = !counts;
    testbed_make_log(&t, log);
    t.is_virtual = true;
    xmpp_handler_add(t.conn, on_stanza, NULL, "message", NULL, NULL);
    testbed_connect(&t, script);
    testbed_until(&t, &t.ups, 1, "it is up");
    memory_server_set_piece(t.server, 1 << 20);
    memory_server_send(t.server, str_n(input.bytes, input.n));
    own_calls = t.memory.calls;
    xml_calls = 0;
    receive(&t);
    own_calls = t.memory.calls - own_calls;
    is_int(is_over, 1, "all is received");
    if (counts)
        printf("# allocations: ours %lu, libxml2's %lu\n", own_calls,
               xml_calls);
    memory_server_poke(t.server);
    testbed_free(&t, "at the end");
}

int main(int argc, char **argv)
{
    const xmpp_log_t *log = NULL;
    bool is_flat = false, counts = false;

    if (argc < 3)
        bail("usage: receive_costs KIND STANZAS [OPTION]...");
    for (int i = 3; i < argc; i++) {
        is_flat |= strcmp(argv[i], "flat") == 0;
        if (strcmp(argv[i], "quiet") == 0)
            log = xmpp_get_default_logger(XMPP_LEVEL_ERROR);
        if (strcmp(argv[i], "silent") == 0)
            log = &silent;
        counts |= strcmp(argv[i], "allocations") == 0;
    }
    if (counts)
        xml_calls_begin();
    make_input(argv[1], atol(argv[2]));
    printf("# %zu bytes\n", input.n);
    if (is_flat)
        run_flat();
    else
        run_library(log, counts);
    ok(looked > 0, "it was looked at");
    free(input.bytes);
    return done_testing();
}
