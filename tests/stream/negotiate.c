/* negotiate.c - the walk along the table of steps, as the log shows it. */

#include <stdio.h>
#include <string.h>

#include <xmpp/build.h>

#include "base/arena.h"
#include "conn/settings.h"
#include "failmem.h"
#include "stream/core.h"
#include "stream/engine.h"
#include "stream/header.h"
#include "stream/stream.h"
#include "tap.h"

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
#define OLD_HEADER                                                             \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "     \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1'>"
#define MECHANISMS                                                             \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define BIND                                                                   \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "</stream:features>"
#define BOUND                                                                  \
    "<iq type='result' id='bind'>"                                             \
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                          \
    "<jid>romeo@example.org/r</jid></bind></iq>"

#define SECRET "AHJvbWVvAHNlc2FtZQ==" /* \0romeo\0sesame */

/* ---- a stream whose log is kept ---------------------------------- */

static struct failmem memory;
static struct env env;
static int32_t options[XMPP_OPT_COUNT_];
static struct fault fault;
static struct stream *stream;
static char lines[4000]; /* of the negotiation, without that word */
static char sent[4000];  /* what the log says that we sent */
static bool has_secret, sends_ahead;
static char told[20]; /* the events: U(p), F(eatures), S(tanza) */

static void keep(void *userdata, xmpp_log_level_t level, const char *area,
                 const char *msg)
{
    const char *word = "negotiation: ";

    (void)userdata, (void)level, (void)area;
    if (strstr(msg, "sesame") || strstr(msg, SECRET))
        has_secret = true;
    if (strncmp(msg, "SENT: ", 6) == 0)
        snprintf(sent + strlen(sent), sizeof(sent) - strlen(sent), "%s\n",
                 msg + 6);
    if (strncmp(msg, word, strlen(word)) == 0)
        snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s\n",
                 msg + strlen(word));
}

static const xmpp_log_t logger = {.handler = keep};

static void begin(const struct wanted *wanted)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, &logger);
    env.least = XMPP_LEVEL_DEBUG;
    settings_init_options(options);
    options[XMPP_OPT_PIPELINE] = sends_ahead;
    fault = (struct fault){0};
    lines[0] = sent[0] = '\0';
    has_secret = false;
    memset(told, 0, sizeof(told));
    stream = stream_new(&env, wanted, &fault);
    stream_open(stream, true, 0);
}

static void take_events(void)
{
    struct stream_event event;

    while (stream_next(stream, &event)) {
        size_t n = strlen(told);
        char letter = event.kind == STREAM_UP         ? 'U'
                      : event.kind == STREAM_FEATURES ? 'F'
                                                      : 'S';

        told[n] = n + 1 < sizeof(told) ? letter : '\0';
        xmpp_stanza_release(event.stanza);
    }
}

static void hear(const char *text)
{
    for (size_t n = strlen(text), used; n; n -= used, text += used) {
        used = stream_recv(stream, text, n, 0);
        take_events();
        if (!used)
            return;
    }
}

static void end(const char *what)
{
    stream_free(stream);
    arena_drain(&env);
    is_int(memory.held, 0, "%s: no memory is left", what);
    ok(!has_secret, "%s: no secret is in the log", what);
}

static char password[] = "sesame";

static const struct wanted client = {
    .kind = STREAM_CLIENT,
    .tls = TLS_REQUIRED,
    .tls_verified = true,
    .domain = {"example.org", 11},
    .local = {"romeo", 5},
    .secrets = {.pass = password},
    .options = options,
};

/* ---- what is logged ---------------------------------------------- */

static void each_step(void)
{
    begin(&client);
    hear(HEADER MECHANISMS);
    ok(stream->login != NULL, "a login is in progress");
    is_str(lines,
           "features waits []\n"
           "features is done []\n"
           "sasl waits []\n",
           "up to the mechanism");
    lines[0] = '\0';
    hear(SUCCESS);
    hear(HEADER BIND BOUND);
    is_str(lines,
           "sasl restarts the stream [authenticated]\n"
           "features waits [authenticated]\n"
           "features is done [authenticated]\n"
           "bind waits [authenticated]\n"
           "bind is done [authenticated, bound]\n"
           "enable is done [authenticated, bound]\n",
           "up to the end");
    ok(stream->phase == PHASE_UP && !stream->login,
       "nothing of the login is left once the session is up");
    ok(strstr(sent, "<iq type=\"set\" id=\"bind\"") != NULL,
       "what was sent is in the log");
    end("a login");
}

static void a_failure(void)
{
    begin(&client);
    hear(HEADER "<stream:features/>");
    is_str(lines,
           "features waits []\n"
           "features is done []\n"
           "sasl failed []\n",
           "where it fails");
    is_int(fault.code, XMPP_EMECH, "and why");
    ok(!stream->login, "nothing of the login is left");
    ok(stream_deadline(stream) == TIME_NEVER, "and nothing has a deadline");
    end("a failure");
}

/* The login is sent behind the header; what the server offers comes later. */
static void ahead(void)
{
    struct wanted wanted = client;

    wanted.offer =
        "<offer xmlns='urn:xmpp:iap:0'>"
        "<authentication xmlns='urn:xmpp:sasl:2'>"
        "<mechanism>SCRAM-SHA-256</mechanism></authentication>"
        "<config-version xmlns='urn:xmpp:iap:0' value='v1'/></offer>";
    begin(&wanted);
    is_str(lines, "", "without the option nothing is sent ahead");
    end("a login that waits");

    sends_ahead = true;
    begin(&wanted);
    is_str(lines, "sasl2 waits [pipelined]\n", "with it the login is");
    hear(HEADER);
    is_str(lines,
           "sasl2 waits [pipelined]\n"
           "features waits [pipelined]\n",
           "and the features are still waited for");
    end("a login that does not wait");
    sends_ahead = false;
}

static void one_step(void)
{
    const struct wanted wanted = {
        .kind = STREAM_COMPONENT,
        .tls = TLS_NEVER,
        .domain = {"muc.example.org", 15},
        .secrets = {.pass = password},
        .options = options,
    };

    begin(&wanted);
    ok(!stream_agreed(stream)->login_begun,
       "a component says nothing of itself");
    hear(OLD_HEADER);
    ok(stream_agreed(stream)->login_begun, "but its proof, to one server only");
    hear("<handshake/>");
    is_str(lines,
           "component waits [old stream]\n"
           "component is done [old stream]\n",
           "a component has one step");
    ok(stream->phase == PHASE_UP, "and is up behind it");
    end("a component");
}

/* XEP-0078, with a resource of our own making, which goes to *resource. */
static void old_login(char resource[64])
{
    struct wanted wanted = client;

    wanted.legacy = true;
    begin(&wanted);
    hear(HEADER "<stream:features/>");
    ok(stream_agreed(stream)->login_begun, "the account is named");
    lines[0] = '\0';
    hear("<iq type='result' id='auth-fields'><query xmlns='jabber:iq:auth'>"
         "<digest/></query></iq><iq type='result' id='auth'/>");
    is_str(lines,
           "legacy waits [old digest, old sent]\n"
           "legacy is the last [authenticated, bound, old digest, old sent]\n",
           "an answer is the last");
    is_str(stream_agreed(stream)->mechanism, "jabber:iq:auth", "by this way");
    snprintf(resource, 64, "%.*s", STR_ARG(stream_agreed(stream)->jid));
    end("an old login");
}

static void old_logins(void)
{
    char one[64], other[64];

    old_login(one);
    old_login(other);
    is_int((long)strlen(one), (long)strlen("romeo@example.org/") + 16,
           "a resource is made where none is wanted");
    ok(strcmp(one, other) != 0, "another one each time");
}

static void no_step(void)
{
    const struct wanted wanted = {.kind = STREAM_RAW, .options = options};

    begin(&wanted);
    stream_open_raw(stream, NULL, 0);
    hear(HEADER MECHANISMS);
    is_str(lines, "", "a raw stream negotiates nothing");
    ok(stream->phase == PHASE_RAW && !stream->login, "and is open");
    end("a raw stream");
}

/* ---- features that follow the session ---------------------------- */

static void bind_at_once(void)
{
    static struct wanted wanted;
    static char tag[] = "";

    wanted = client;
    wanted.keeps_features = true;
    wanted.identity.tag = tag;
    begin(&wanted);
    hear(HEADER
         "<stream:features><authentication xmlns='urn:xmpp:sasl:2'>"
         "<mechanism>PLAIN</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/>"
         "</inline></authentication></stream:features>");
    hear("<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"
         "romeo@example.org/r</authorization-identifier>"
         "<bound xmlns='urn:xmpp:bind:0'/></success>");
    is_str(told, "", "who wants the features waits for them");
}

/* Whatever comes first ends the wait, and nothing comes before the session. */
static void late_features(void)
{
    uint64_t patience = (uint64_t)options[XMPP_OPT_STEP_TIMEOUT];

    bind_at_once();
    hear("<stream:features/>");
    is_str(told, "U", "they come");
    end("features that come");

    bind_at_once();
    hear("<message/>");
    is_str(told, "US", "a stanza comes instead");
    hear("<stream:features/>");
    is_str(told, "USF", "and the features then");
    end("features behind a stanza");

    bind_at_once();
    stream_tick(stream, patience - 1);
    take_events();
    is_str(told, "", "up to a step's patience");
    stream_tick(stream, patience);
    take_events();
    is_str(told, "U", "and no longer");
    ok(stream_deadline(stream) > patience, "no time is over again and again");
    end("no features");
}

/* Once the first ones made room. */
static void no_memory_when_up(void)
{
    unsigned long before;

    begin(&client);
    hear(HEADER MECHANISMS);
    hear(SUCCESS);
    hear(HEADER BIND BOUND);
    env.log = NULL; /* a line is memory */
    for (int i = 0; i < 3; i++)
        hear("<message><body>one</body></message>");
    before = memory.calls;
    hear("<message><body>two</body></message>");
    is_int((long)(memory.calls - before), 0, "a stanza allocates nothing");
    end("a session");
}

/* Only the major number counts, and there has to be one. */
static void versions(void)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"1.0", true},     {"1", true},        {"2.0", true},
        {"1000000", true}, {"1000001", false}, {"0.9", false},
        {"", false},       {".1", false},      {"one", false},
    };
    xmpp_stanza_t *header;

    begin(&client);
    header = xmpp_stanza_new_tag(env_ctx(&env), "stream", NULL);
    ok(!header_is_version_1(header), "no version");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xmpp_stanza_set_attribute(header, "version", rows[i].text);
        is_int(header_is_version_1(header), rows[i].good, "version '%s'",
               rows[i].text);
    }
    xmpp_stanza_release(header);
    end("versions");
}

/* Keys and tokens log in, so they are wiped. */
static void wiped(void)
{
    static const char *const words[] = {"sesame", NULL};

    begin(&client);
    memory.secrets = words;
    stream->token = env_zalloc(&env, sizeof(*stream->token));
    memcpy(stream->token->text, "sesame", 6);
    engine_forget_token(stream);
    stream->keys = env_zalloc(&env, sizeof(*stream->keys));
    memcpy(stream->keys, "sesame", 6);
    engine_forget_keys(stream);
    ok(!memory.spilled, "nothing secret is given back");
    end("wiped");
}

/* A header is kept whole, or memory is told to be out. */
static void no_memory_for_header(void)
{
    for (unsigned long n = 1; n < 40; n++) {
        begin(&client);
        failmem_arm(&memory, n, 0);
        hear("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
             "xmlns:stream='http://etherx.jabber.org/streams' "
             "from='example.org' id='1' version='1.0'>");
        failmem_arm(&memory, 0, 0);
        ok(fault.code == XMPP_EMEM
               ? stream->phase == PHASE_DOWN
               : str_is(stream->agreed.id, "1") &&
                     str_is(stream->agreed.from, "example.org"),
           "allocation %lu of a header", n);
        end("a header");
    }
}

/* So is our own. */
static void no_memory_to_open(void)
{
    for (unsigned long n = 1; n < 40; n++) {
        struct str header;

        begin(&client);
        stream_free(stream);
        stream = stream_new(&env, &client, &fault);
        failmem_arm(&memory, n, 0);
        stream_open(stream, true, 0);
        failmem_arm(&memory, 0, 0);
        header = stream_peek(stream);
        ok(fault.code == XMPP_EMEM ||
               (header.n && header.s[header.n - 1] == '>'),
           "allocation %lu of our header", n);
        end("our header");
    }
}

int main(void)
{
    each_step();
    a_failure();
    ahead();
    one_step();
    old_logins();
    no_step();
    late_features();
    no_memory_when_up();
    versions();
    wiped();
    no_memory_for_header();
    no_memory_to_open();
    return done_testing();
}
