/* extensions_component.c - modules of a component: which of its addresses is
 * meant, and which one speaks. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_COMMAND_SERVE
#include <xmpp/xep/command_serve.h>
#include <xmpp/xep/disco.h>
#include <xmpp/xep/ping.h>
#include <xmpp/xep/version.h>

struct component {
    struct us *us;
    xmpp_conn_t *conn;
    int up, down, runs;
};

static void on_component(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                         xmpp_stream_error_t *stream_error, void *userdata)
{
    struct component *c = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    c->up += event == XMPP_CONN_CONNECT;
    c->down += event == XMPP_CONN_DISCONNECT;
}

/* Reports which address was meant. */
static int on_call(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    struct component *c = userdata;
    size_t n = 0;
    const char *to = xmpp_jid_view(run->to, XMPP_JID_FULL, &n);
    xmpp_stanza_t *form;
    char text[300];

    c->runs++;
    if (run->stage == 0) {
        form = xmpp_form_new(conn, XMPP_FORM_FORM, "Call");
        xmpp_form_require(
            xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "word", "What?"));
        return xmpp_command_put_form(run, form, 0);
    }
    snprintf(text, sizeof(text), "%s at %.*s",
             xmpp_form_get_text(run->form, "word"), (int)n, to ? to : "");
    xmpp_command_add_note(run, XMPP_NOTE_INFO, text);
    return XMPP_COMMAND_COMPLETED;
}

static const xmpp_command_t call = {
    sizeof(call), "call", "Call", XMPP_SENDER_ANYONE, NULL, 0, NULL};

static void use_modules(struct component *c)
{
    xmpp_software_t software;

    XMPP_INIT(xmpp_software, software);
    software.name = "a component";
    software.version = "1";
    xmpp_conn_use(c->conn, &xmpp_mod_disco);
    xmpp_conn_use(c->conn, &xmpp_mod_ping);
    xmpp_conn_use(c->conn, &xmpp_mod_version);
    is_int(xmpp_software_set(c->conn, &software), 0, "its software");
    is_int(xmpp_command_add(c->conn, &call, on_call, c), 0, "its command");
}

/* What the counterpart sees of two of its addresses. */
static void is_seen(const struct component *c, const char *domain)
{
    char want[300];

    is_str(us_order(c->us, "at a@%s ping", domain), "ok", "it answers a ping");
    is_str(us_order(c->us, "at b@%s/x version", domain), "a component 1 ",
           "says what it is");
    is_str(us_order(c->us, "at a@%s commands", domain), "call",
           "lists its command");
    snprintf(want, sizeof(want), "completed hello at a@%s", domain);
    is_str(us_order(c->us, "at a@%s command call word=hello", domain), want,
           "runs it");
    snprintf(want, sizeof(want), "completed hi at b@%s/x", domain);
    is_str(us_order(c->us, "at b@%s/x command call word=hi", domain), want,
           "and knows by which address");
    is_int(c->runs, 4, "in two stages each");
}

/* It asks, too, from an address that we choose. */
static void speaks(struct component *c, const char *domain)
{
    struct outcome o = {0};
    char from[200];

    snprintf(from, sizeof(from), "b@%s/x", domain);
    is_int(xmpp_conn_send_as(c->conn, from), 0, "it speaks as %s", from);
    us_ends(c->us, &o,
            xmpp_disco_get_items(c->conn, c->us->domain, NULL, NULL, on_outcome,
                                 &o),
            0, domain, "the server answers, and lists it");
    us_ends(c->us, &o, xmpp_ping(c->conn, c->us->peer, on_outcome, &o), 0, NULL,
            "the counterpart answers, too");
}

static void component(struct us *us, char **argv)
{
    struct component c = {.us = us};
    char domain[200];

    snprintf(domain, sizeof(domain), "comp.%s", us->domain);
    c.conn = xmpp_conn_new(us->ctx);
    xmpp_conn_set_jid(c.conn, domain);
    xmpp_conn_set_pass(c.conn, argv[8]);
    use_modules(&c);
    is_int(xmpp_connect_component(c.conn, "127.0.0.1",
                                  (unsigned short)atoi(argv[7]), on_component,
                                  &c),
           0, "a component connects");
    us_await(us, &c.up, 1, "and is accepted");
    is_seen(&c, domain);
    speaks(&c, domain);
    xmpp_disconnect(c.conn);
    us_await(us, &c.down, 1, "it leaves");
    xmpp_conn_release(c.conn);
}
#endif

void test_component(struct us *us, char **argv)
{
#ifdef XMPP_HAVE_COMMAND_SERVE
    if (argv[7])
        component(us, argv);
#endif
    (void)us;
    (void)argv;
}
