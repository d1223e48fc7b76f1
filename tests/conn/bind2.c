/* bind2.c - what an application asks for inside of Bind 2, and what came of it.
 */

#include <xmpp/fast.h>

#include "conn/testbed.h"
#include "net/certmaker.h"

#define CARBONS "urn:xmpp:carbons:2"
#define CSI "urn:xmpp:csi:0"
#define NS2 "xmlns='urn:xmpp:sasl:2'"

static struct certmaker certmaker;
static char tls[160];

#define OPEN tls, "C <stream:stream", "C >", "S " PEER_HEADER

#define FEATURES(inline)                                                       \
    "S <stream:features><authentication " NS2 "><mechanism>PLAIN</mechanism>"  \
    "<inline>" inline "</inline></authentication></stream:features>"

#define BIND2(features)                                                        \
    "<bind xmlns='urn:xmpp:bind:0'><inline>" features "</inline></bind>"

#define BOUND                                                                  \
    "S <success " NS2 "><authorization-identifier>romeo@example.org/tag.1"     \
    "</authorization-identifier><bound xmlns='urn:xmpp:bind:0'>"               \
    "<metadata xmlns='urn:xmpp:mam:2'/></bound></success><stream:features/>"

static const char *const one_offered[] = {
    OPEN,
    FEATURES(BIND2("<feature var='urn:xmpp:carbons:2'/>"
                   "<feature var='urn:xmpp:csi:1'/>")),
    "C <bind xmlns=\"urn:xmpp:bind:0\"><tag>tag</tag>"
    "<enable xmlns=\"urn:xmpp:carbons:2\" second=\"2\"/></bind>",
    BOUND,
    PEER_CLOSE,
    NULL};

static const char *const both_offered[] = {
    OPEN,
    FEATURES(BIND2("<feature var='urn:xmpp:csi:0'/>"
                   "<feature var='urn:xmpp:carbons:2'/>")),
    "C <tag>tag</tag><inactive xmlns=\"urn:xmpp:csi:0\"><deep><er/></deep>"
    "</inactive><enable xmlns=\"urn:xmpp:carbons:2\" second=\"2\"/></bind>",
    BOUND,
    PEER_CLOSE,
    NULL};

static const char *const bound_otherwise[] = {
    OPEN,
    FEATURES(""),
    "C </authenticate>",
    "S <success " NS2 "><authorization-identifier>romeo@example.org"
    "</authorization-identifier></success><stream:features>"
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
    "C </iq>",
    "S <iq type='result' id='%id%'><bind "
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@example.org/home"
    "</jid></bind></iq>",
    PEER_CLOSE,
    NULL};

/* ---- an application ---------------------------------------------- */

static struct seen {
    int carbons, csi, other;
    bool has_bound;
    const char *first; /* name of its first child */
} seen;

static void look(struct testbed *testbed, xmpp_conn_event_t event)
{
    xmpp_stanza_t *bound = xmpp_conn_get_bind2_result(testbed->conn);

    if (event != XMPP_CONN_CONNECT)
        return;
    seen = (struct seen){
        xmpp_conn_has_bind2_feature(testbed->conn, CARBONS),
        xmpp_conn_has_bind2_feature(testbed->conn, CSI),
        xmpp_conn_has_bind2_feature(testbed->conn, "urn:other"),
        bound != NULL,
        xmpp_stanza_get_name(xmpp_stanza_get_children(bound)),
    };
    ok(!seen.first || strcmp(seen.first, "metadata") == 0,
       "<bound/> has what the server told");
    xmpp_disconnect(testbed->conn);
}

static xmpp_stanza_t *inactive(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *node = xmpp_stanza_new_tag(ctx, "inactive", CSI);

    xmpp_stanza_add_tag(xmpp_stanza_add_tag(node, "deep", NULL), "er", NULL);
    return node;
}

static int add(xmpp_conn_t *conn, xmpp_stanza_t *element)
{
    int rc = element ? xmpp_conn_add_bind2_feature(conn, element) : XMPP_EMEM;

    xmpp_stanza_release(element);
    return rc;
}

/* The first carbons are replaced by the second. */
static int add_both(struct testbed *testbed)
{
    xmpp_ctx_t *ctx = testbed->ctx;
    xmpp_stanza_t *second = NULL;
    int rc = add(testbed->conn, xmpp_stanza_new_tag(ctx, "enable", CARBONS));

    if (rc == 0)
        rc = add(testbed->conn, inactive(ctx));
    if (rc == 0) {
        second = xmpp_stanza_new_tag(ctx, "enable", CARBONS);
        xmpp_stanza_set_attribute(second, "second", "2");
        rc = second && !xmpp_stanza_get_status(second) ? 0 : XMPP_EMEM;
    }
    if (rc == 0)
        rc = xmpp_conn_add_bind2_feature(testbed->conn, second);
    xmpp_stanza_release(second);
    return rc;
}

/* ---- a module ---------------------------------------------------- */

static struct {
    int started, offered;
    bool had_features;
} late;

static int on_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)state;
    if (event != XMPP_SESSION_STARTED)
        return 0;
    late.started++;
    late.had_features = xmpp_conn_get_features(conn) != NULL;
    xmpp_send_take(conn, xmpp_presence_new(xmpp_conn_get_context(conn)));
    return 0;
}

static int on_offer(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    late.offered += late.started;
    ok(xmpp_stanza_get_parent(in->element) == xmpp_conn_get_features(conn),
       "a feature of the stream");
    xmpp_disconnect(conn);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_BIND(CARBONS, "enable"),
    XMPP_BIND(CSI, "active"),
    XMPP_BIND("urn:xmpp:sm:3", "enable"), /* the library's */
    XMPP_OFFER("urn:late", "late", on_offer),
    XMPP_LIFECYCLE(on_life),
    XMPP_ROWS_END};
static XMPP_MODULE(binding, "binding", 0, rows);

/* The features follow the login. */
#define TO_BOUND                                                               \
    OPEN,                                                                      \
        FEATURES(BIND2("<feature var='urn:xmpp:csi:0'/>"                       \
                       "<feature var='urn:xmpp:carbons:2'/>")),                \
        "C <tag>tag</tag><inactive "                                           \
        "xmlns=\"urn:xmpp:csi:0\"><deep><er/></deep>"                          \
        "</inactive><enable xmlns=\"urn:xmpp:carbons:2\"/></bind>",            \
        "S <success " NS2 "><authorization-identifier>romeo@example.org/tag.1" \
        "</authorization-identifier><bound "                                   \
        "xmlns='urn:xmpp:bind:0'/></success>"
#define LATE "S <stream:features><late xmlns='urn:late'/></stream:features>"

static const char *const at_once[] = {TO_BOUND, LATE, "C <presence/>",
                                      PEER_CLOSE, NULL};
static const char *const behind_a_stanza[] = {
    TO_BOUND, "S <message/>", "C <presence/>", LATE, PEER_CLOSE, NULL};
static const char *const too_late[] = {TO_BOUND, "C <presence/>", LATE,
                                       PEER_CLOSE, NULL};
static const char *const never[] = {TO_BOUND, NULL};

/* What the application sends with Bind 2 goes before what a module sends. */
static int add_modules(struct testbed *testbed)
{
    int rc = add(testbed->conn, inactive(testbed->ctx));

    return rc ? rc : xmpp_conn_use(testbed->conn, &binding);
}

static void make(struct testbed *testbed)
{
    testbed_make_secured(testbed, certmaker.ca_file);
    testbed->on_event = look;
    xmpp_conn_set_jid(testbed->conn, "romeo@example.org/home");
    xmpp_conn_set_pass(testbed->conn, "open sesame");
    xmpp_conn_set_flags(testbed->conn, XMPP_CONN_FLAG_LEGACY_SSL);
    is_int(xmpp_conn_set_bind2_tag(testbed->conn, "tag"), 0, "the tag");
}

static void asked(const char *const *script, struct seen want, const char *what)
{
    struct testbed testbed;

    make(&testbed);
    is_int(add_both(&testbed), 0, "%s: asked for", what);
    ok(!xmpp_conn_get_bind2_result(testbed.conn), "%s: nothing yet", what);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(testbed.ups, 1, "%s: logged in", what);
    is_int(seen.carbons, want.carbons, "%s: carbons", what);
    is_int(seen.csi, want.csi, "%s: client state", what);
    is_int(seen.other, 0, "%s: not what nobody asked for", what);
    ok(seen.has_bound == want.has_bound, "%s: by Bind 2 or not", what);
    ok(!xmpp_conn_get_bind2_result(testbed.conn), "%s: over", what);
    is_int(xmpp_conn_has_bind2_feature(testbed.conn, CARBONS), 0, "%s: over",
           what);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static void used(const char *const *script, bool has_features, int offered,
                 const char *what)
{
    struct testbed testbed;

    late.started = late.offered = 0;
    make(&testbed);
    testbed.on_event = NULL;
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_STEP_TIMEOUT,
                         script == too_late ? 200 : 15000);
    xmpp_conn_set_flags(testbed.conn,
                        XMPP_CONN_FLAG_LEGACY_SSL | XMPP_CONN_FLAG_DISABLE_SM);
    is_int(add_modules(&testbed), 0, "used");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(late.started, 1, "its session starts");
    is_int(testbed.ups, 1, "and that of the application");
    ok(late.had_features == has_features, "%s: features are there", what);
    is_int(late.offered, offered, "%s: a module gets its feature", what);
    ok(!xmpp_conn_get_features(testbed.conn), "they are gone with the stream");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static const char *const offers_carbons[] = {
    OPEN,
    FEATURES(BIND2("<feature var='urn:xmpp:carbons:2'/>")),
    "C <tag>tag</tag></bind>",
    BOUND,
    PEER_CLOSE,
    NULL};

static void used_too_many(void)
{
    struct testbed testbed;
    char ns[8] = "urn:a";

    make(&testbed);
    for (; ns[4] < 'a' + 16; ns[4]++)
        add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "x", ns));
    is_int(xmpp_conn_use(testbed.conn, &binding), 0, "used with many others");
    testbed_connect(&testbed, offers_carbons);
    testbed_until(&testbed, &testbed.downs, 1, "too many for Bind 2");
    is_int(seen.carbons, 0, "what the module would send is left out");
    testbed_peer_done(&testbed, "too many");
    testbed_free(&testbed, "too many");
}

/* ---- settings ---------------------------------------------------- */

static void settings(void)
{
    struct testbed testbed;
    xmpp_stanza_t *node;
    char ns[8] = "urn:a";

    make(&testbed);
    for (; ns[4] < 'a' + 16; ns[4]++)
        is_int(add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "x", ns)), 0,
               "%s", ns);
    is_int(add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "x", ns)),
           XMPP_EFULL, "one too many");
    is_int(add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "y", "urn:a")), 0,
           "but one may be replaced");
    is_int(xmpp_conn_add_bind2_feature(testbed.conn, NULL), 0, "none");
    is_int(add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "x", ns)), 0,
           "there is room again");
    is_int(add(testbed.conn,
               xmpp_stanza_new_tag(testbed.ctx, "enable", "urn:xmpp:sm:3")),
           XMPP_EARG, "stream management is the library's");
    is_int(add(testbed.conn, xmpp_stanza_new_tag(testbed.ctx, "x", NULL)),
           XMPP_EARG, "without a namespace");
    node = xmpp_stanza_new(testbed.ctx);
    xmpp_stanza_set_text(node, "text");
    is_int(add(testbed.conn, node), XMPP_EARG, "a text");
    is_int(xmpp_conn_has_bind2_feature(testbed.conn, NULL), 0,
           "of no namespace");
    testbed_free(&testbed, "settings");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "server");
    snprintf(tls, sizeof(tls), "tls %.100s/server", certmaker.folder);
    asked(one_offered, (struct seen){.carbons = 1, .has_bound = true},
          "one is offered");
    asked(both_offered,
          (struct seen){.carbons = 1, .csi = 1, .has_bound = true},
          "both are offered");
    asked(bound_otherwise, (struct seen){0}, "no Bind 2");
    settings();
    used(at_once, true, 1, "features at once");
    used(behind_a_stanza, false, 1, "features behind a stanza");
    used(too_late, false, 1, "features too late");
    used(never, false, 0, "no features");
    used_too_many();
    testbed_squeeze(NULL, add_both);
    testbed_squeeze(NULL, add_modules);
    certmaker_close(&certmaker);
    return done_testing();
}
