/* pubsub_user.c - requests of publish-subscribe as modules make them for flows,
 * and what becomes of them without memory. */

#include <xmpp/xmpp.h>

#include <xmpp/xep/pubsub_owner.h>

#include "failmem.h"
#include "tap.h"
#include "top.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;

static void is_text(xmpp_stanza_t *stanza, const char *want)
{
    char *text = NULL;
    size_t n;

    if (xmpp_stanza_to_text(stanza, &text, &n))
        bail(want);
    is_str(text, want, "written");
    xmpp_free(ctx, text);
    xmpp_stanza_release(stanza);
}

static xmpp_pubsub_config_t make_config(void)
{
    xmpp_pubsub_config_t config;

    XMPP_INIT(xmpp_pubsub_config, config);
    config.access_model = "open";
    config.type = "urn:x";
    return config;
}

#define FORM(kind, more)                                                       \
    "<x xmlns=\"jabber:x:data\" type=\"submit\"><field var=\"FORM_TYPE\">"     \
    "<value>http://jabber.org/protocol/pubsub#" kind "</value></field>"        \
    "<field var=\"pubsub#access_model\"><value>open</value></field>" more      \
    "</x>"
#define TYPE "<field var=\"pubsub#type\"><value>urn:x</value></field>"

/* A program of an older header has a shorter struct. */
static void configures(void)
{
    xmpp_pubsub_config_t config = make_config();
    xmpp_stanza_t *parent = xmpp_stanza_new_tag(ctx, "p", "urn:p");

    is_text(xmpp_pubsub_make_configure(conn, "a.example", "n", &config),
            "<iq type=\"set\" to=\"a.example\"><pubsub "
            "xmlns=\"http://jabber.org/protocol/pubsub#owner\">"
            "<configure node=\"n\">" FORM("node_config",
                                          TYPE) "</configure></pubsub></iq>");
    config.size = offsetof(xmpp_pubsub_config_t, type);
    is_int(xmpp_pubsub_add_config(parent, XMPP_NS_PUBSUB_CONFIG, &config), 0,
           "the members that it has");
    is_text(parent, "<p xmlns=\"urn:p\">" FORM("node_config", "") "</p>");
}

static xmpp_stanza_t *publish(void)
{
    const xmpp_pubsub_config_t config = make_config();
    xmpp_rsm_t page;

    XMPP_INIT(xmpp_rsm, page);
    page.max = 1;
    return xmpp_pubsub_make_publish(conn, NULL, "n", NULL, &xmpp_rsm, &page,
                                    &config);
}

static void publishes(void)
{
    is_text(publish(),
            "<iq type=\"set\"><pubsub "
            "xmlns=\"http://jabber.org/protocol/pubsub\">"
            "<publish node=\"n\"><item><set "
            "xmlns=\"http://jabber.org/protocol/rsm\"><max>1</max></set></item>"
            "</publish><publish-options>" FORM(
                "publish-options", TYPE) "</publish-options></pubsub></iq>");
}

/* What cannot be sent as a whole is not sent in part: without its id, or
 * without the conditions that keep it private. */
static void refuses(void)
{
    xmpp_pubsub_config_t config = make_config();

    is_int(xmpp_pubsub_publish(conn, NULL, "n", "\001", NULL, NULL, NULL, NULL,
                               NULL),
           XMPP_EARG, "an id that XML cannot carry");
    config.access_model = "\001";
    is_int(xmpp_pubsub_publish(conn, NULL, "n", "i", NULL, NULL, &config, NULL,
                               NULL),
           XMPP_EARG, "or such a condition");
    is_int(xmpp_pubsub_create(conn, NULL, "n", &config, NULL, NULL), XMPP_EARG,
           "or such a configuration");
}

static void begin(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    conn = xmpp_conn_new(ctx);
}

static void end(void)
{
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
}

/* Nothing is published without its conditions: the tree refuses to be sent. */
static bool starves_at(unsigned long n)
{
    xmpp_stanza_t *iq;
    bool failed;

    begin();
    failmem_arm(&memory, n, 0);
    iq = publish();
    failed = memory.failed > 0;
    is_int(xmpp_stanza_get_status(iq), failed ? XMPP_EMEM : 0,
           "allocation %lu fails: %d", n, failed);
    xmpp_stanza_release(iq);
    end();
    return failed;
}

int main(void)
{
    unsigned long n = 1;

    begin();
    configures();
    publishes();
    refuses();
    end();
    while (starves_at(n))
        n++;
    ok(n > 1, "%lu failed", n - 1);
    return done_testing();
}
