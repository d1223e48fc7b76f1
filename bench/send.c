/* send.c - what it costs to build and send messages, over a transport in memory
 * and with a virtual clock: instructions do not depend on the machine's speed.
 *
 * usage: send WAY COUNT [managed]
 *
 * WAY is how a message is made and handed over, see ways[]. With `managed` the
 * server acknowledges (XEP-0198). Prints allocations, writes and bytes per
 * message. Instructions per message are the difference of two runs, divided by
 * that of their COUNTs:
 *
 *     valgrind --tool=callgrind --toggle-collect=send_all bench/send body 2000
 */

#include "conn/ctx.h"
#include "conn/testbed.h"
#include "net/memory.h"

#define TO "juliet@example.org/balcony"
#define BODY                                                                   \
    "My bounty is as boundless as the sea, my love as deep; the more I give "  \
    "to thee"
#define TURN 100 /* messages between two turns of the loop */
#define WARM 1000

static struct {
    struct memory *memory; /* of the connection */
    struct memory_host *server;
    unsigned long writes, bytes;
} wire;

/* ---- ways of making a message ------------------------------------ */

static xmpp_stanza_t *make_body(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", TO, "m1");

    xmpp_message_set_body(m, BODY);
    return m;
}

static void add_part(xmpp_ctx_t *ctx, xmpp_stanza_t *m, const char *name,
                     const char *ns, const char *id)
{
    xmpp_stanza_t *part = xmpp_stanza_new(ctx);

    xmpp_stanza_set_name(part, name);
    xmpp_stanza_set_ns(part, ns);
    if (id)
        xmpp_stanza_set_id(part, id);
    xmpp_stanza_add_child(m, part);
    xmpp_stanza_release(part);
}

/* Each part is a tree of its own, as libstrophe's interface has it. */
static xmpp_stanza_t *make_parts(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *m = make_body(ctx);
    xmpp_stanza_t *thread = xmpp_stanza_new(ctx), *text = xmpp_stanza_new(ctx);

    xmpp_stanza_set_name(thread, "thread");
    xmpp_stanza_set_text(text, "e0ffe42b28561960c6b12b944a092794b9683a38");
    xmpp_stanza_add_child(thread, text);
    xmpp_stanza_release(text);
    xmpp_stanza_add_child(m, thread);
    xmpp_stanza_release(thread);
    add_part(ctx, m, "origin-id", XMPP_NS_SID, "de305d54-75b4-431b-adb2-eb6b9");
    add_part(ctx, m, "request", XMPP_NS_RECEIPTS, NULL);
    add_part(ctx, m, "active", XMPP_NS_CHAT_STATES, NULL);
    return m;
}

/* With an id that nobody can guess, as many programs make them. */
static xmpp_stanza_t *make_uuid(xmpp_ctx_t *ctx)
{
    char *id = xmpp_uuid_gen(ctx);
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", TO, id);

    xmpp_message_set_body(m, BODY);
    xmpp_free(ctx, id);
    return m;
}

/* The same message in the short style. */
static xmpp_stanza_t *make_tags(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", TO, "m1");

    xmpp_stanza_add_text_tag(m, "body", NULL, BODY);
    xmpp_stanza_add_text_tag(m, "thread", NULL,
                             "e0ffe42b28561960c6b12b944a092794b9683a38");
    xmpp_stanza_put(xmpp_stanza_add_tag(m, "origin-id", XMPP_NS_SID), "id",
                    "de305d54-75b4-431b-adb2-eb6b9");
    xmpp_stanza_add_tag(m, "request", XMPP_NS_RECEIPTS);
    xmpp_stanza_add_tag(m, "active", XMPP_NS_CHAT_STATES);
    return m;
}

static const struct way {
    const char *name;
    xmpp_stanza_t *(*make)(xmpp_ctx_t *ctx);
    bool takes; /* by xmpp_send_take() */
} ways[] = {
    {"body", make_body, false},       {"body_take", make_body, true},
    {"uuid", make_uuid, false},       {"parts", make_parts, false},
    {"parts_take", make_parts, true}, {"tags_take", make_tags, true},
};

/* ---- the wire ---------------------------------------------------- */

/* A server that reads everything. */
static void on_write(struct memory *memory)
{
    size_t n = buf_size(&memory->out);

    wire.writes++;
    wire.bytes += n;
    memory_take(memory, n);
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    (void)host;
    wire.memory = wire.server->accept(wire.server, name, port);
    return wire.memory;
}

static struct memory_host listener = {.accept = on_accept};

#define SM " xmlns='urn:xmpp:sm:3' "
#define SM_FEATURES                                                            \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "<sm xmlns='urn:xmpp:sm:3'/></stream:features>"
#define ENABLED "<enabled" SM "id='sm1' resume='true'/>"

static const char *const login[] = {PEER_LOGIN, NULL};
static const char *const managed_login[] = {
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER PEER_SASL,
    "C ANONYMOUS",
    "C >",
    "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER SM_FEATURES,
    "C </iq>",
    "S <iq type='result' id='%id%'><bind "
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/r</jid>"
    "</bind></iq>",
    "C <enable",
    "C >",
    "S " ENABLED,
    NULL};

static void log_in(struct testbed *testbed, bool is_managed)
{
    testbed_make_log(testbed, xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    testbed->is_virtual = true;
    testbed->memory.is_plain = 1;
    testbed_serve(testbed, NULL);
    wire.server = testbed->ctx->memory;
    testbed->ctx->memory = &listener;
    testbed_connect_again(testbed);
    while (!memory_server_count(testbed->server))
        xmpp_run_once(testbed->ctx, 0);
    for (const char *const *line = is_managed ? managed_login : login; *line;
         line++)
        if (!memory_server_obey(testbed->server, *line))
            bail(*line);
    testbed_until(testbed, &testbed->ups, 1, "up");
    wire.memory->heard = on_write;
}

/* ---- sending ----------------------------------------------------- */

static void acknowledge(unsigned long count)
{
    char text[80];

    snprintf(text, sizeof(text), "<a" SM "h='%lu'/>", count);
    memory_send(wire.memory, str_of(text));
}

static void send_one(struct testbed *testbed, const struct way *way)
{
    xmpp_stanza_t *m = way->make(testbed->ctx);

    if (way->takes) {
        xmpp_send_take(testbed->conn, m);
    } else {
        xmpp_send(testbed->conn, m);
        xmpp_stanza_release(m);
    }
}

/* As an application does it: some, then the loop. The server's answers between
 * them are made at no cost of ours, but are read at one. */
__attribute__((noinline)) static void send_all(struct testbed *testbed,
                                               const struct way *way,
                                               unsigned long count,
                                               bool is_managed)
{
    static unsigned long sent;

    for (unsigned long i = 1; i <= count; i++) {
        send_one(testbed, way);
        sent++;
        if (i % TURN)
            continue;
        xmpp_run_once(testbed->ctx, 0);
        if (is_managed)
            acknowledge(sent);
        xmpp_run_once(testbed->ctx, 0);
    }
}

static const struct way *way_of(const char *name)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (strcmp(ways[i].name, name) == 0)
            return &ways[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct way *way = argc > 2 ? way_of(argv[1]) : NULL;
    unsigned long count = way ? strtoul(argv[2], NULL, 10) : 0;
    bool is_managed = argc > 3;
    unsigned long allocations;
    struct testbed testbed;

    if (!count || count % TURN)
        return 2;
    log_in(&testbed, is_managed);
    send_all(&testbed, way, WARM, is_managed);
    wire.writes = wire.bytes = 0;
    allocations = testbed.memory.calls;
    send_all(&testbed, way, count, is_managed);
    printf("%.4f %.4f %.1f\n",
           (double)(testbed.memory.calls - allocations) / (double)count,
           (double)wire.writes / (double)count,
           (double)wire.bytes / (double)count);
    testbed.ctx->memory = wire.server;
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "sending");
    return 0;
}
