/* extensions_clients.c - several clients of one account: copies of messages;
 * and a client that nobody looks at. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_CARBONS
#include <xmpp/module.h>
#include <xmpp/xep/carbons.h>

/* ---- a module of our own that sees all messages ------------------ */

struct copies {
    int in, out;
    char last[64];
};

static int on_copy(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *body = xmpp_stanza_get_child_text(in->message, "body", NULL);
    struct copies *copies = state;

    (void)conn;
    if (!body || strncmp(body, "carbon", 6) != 0)
        return 0; /* an order, or its answer */
    copies->in += in->via == XMPP_VIA_CARBON_IN;
    copies->out += in->via == XMPP_VIA_CARBON_OUT;
    snprintf(copies->last, sizeof(copies->last), "%s", body);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_carbons),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL, on_copy),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_copies, "copies", sizeof(struct copies), rows);

static void say(struct us *us, const char *text)
{
    xmpp_stanza_t *message = xmpp_message_new(us->ctx, "chat", us->peer, NULL);

    xmpp_message_set_body(message, text);
    is_int(xmpp_send_take(us->conn, message), 0, "we say: %s", text);
}

static void use_copies(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &mod_copies), 0, "carbons in use");
}

static void carbons(struct us *us, char **argv)
{
    struct us other = {.ctx = us->ctx, .bare = us->bare, .peer = us->peer};
    struct outcome o = {0};
    struct copies *copies;

    us_begin(&other, argv, "other", use_copies);
    us_ends(&other, &o, xmpp_carbons_enable(other.conn, on_outcome, &o), 0,
            NULL, "another client of ours gets copies");
    xmpp_send_take(other.conn, xmpp_presence_new(us->ctx));
    copies = xmpp_conn_get_state(other.conn, &mod_copies);
    is_str(us_order(us, "say %s/us carbon one", us->bare), "ok",
           "the counterpart writes to us");
    us_await(us, &us->messages, 1, "which arrives");
    us_await(&other, &copies->in, 1, "and at the other client");
    is_str(copies->last, "carbon one", "as it was");
    say(us, "carbon two");
    us_await(&other, &copies->out, 1, "and what we write, too");
    is_str(copies->last, "carbon two", "as it was");
    us_end(&other);
}
#endif

#ifdef XMPP_HAVE_CSI
#include <xmpp/xep/csi.h>

static void csi(struct us *us)
{
    is_int(xmpp_csi_set(us->conn, 0), us->is_poor, "nobody looks at us");
    us_order_until(us, "us ", "presence");
    is_int(xmpp_csi_set(us->conn, 1), us->is_poor, "somebody does again");
    is_str(us_order(us, "available chat 1 again"), "ok", "all goes on");
}
#endif

void use_csi(struct us *us)
{
#ifdef XMPP_HAVE_CSI
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_csi), 0, "csi in use");
#endif
    (void)us;
}

void test_carbons(struct us *us, char **argv)
{
#ifdef XMPP_HAVE_CARBONS
    if (us->is_poor)
        printf("# the server has no copies\n");
    else
        carbons(us, argv);
#endif
    (void)us;
    (void)argv;
}

void test_csi(struct us *us)
{
#ifdef XMPP_HAVE_CSI
    csi(us);
#endif
    (void)us;
}
