/* carbons.c - copies of what one's other clients send and receive (XEP-0280).
 */

#include <xmpp/xep/carbons.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/fast.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* `is_off`: the application does not want copies. The server forgets with the
 * session, so a resumed one needs nothing. */
struct carbons {
    int is_off, is_enabled;
};

/* ---- a copy ------------------------------------------------------ */

/* The only child element, NULL if there are none or more. */
static xmpp_stanza_t *only_child(xmpp_stanza_t *parent, const char *name,
                                 const char *ns)
{
    xmpp_stanza_t *child = xmpp_stanza_next_tag(parent, NULL, name, ns);

    return child && !xmpp_stanza_next_tag(parent, child, name, ns) ? child
                                                                   : NULL;
}

static int is_of_us(const xmpp_conn_t *conn, const char *address)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    const char *bound = xmpp_conn_get_bound_jid(conn);
    xmpp_jid_t self, jid;

    return bound && address &&
           xmpp_jid_parse(bound, strlen(bound), XMPP_JID_LENIENT, rooms[0],
                          &self, NULL) == 0 &&
           xmpp_jid_parse(address, strlen(address), XMPP_JID_LENIENT, rooms[1],
                          &jid, NULL) == 0 &&
           xmpp_jid_equal(&self, &jid, XMPP_JID_BARE);
}

/* Why it is not a copy that the server may have made, or NULL. The envelope is
 * from our account: the row and the guard saw to that. */
static const char *wrong_copy(const xmpp_conn_t *conn, const xmpp_inbound_t *in,
                              xmpp_stanza_t *message, xmpp_via_t via)
{
    const char *from = xmpp_stanza_get_from(message);
    const char *to = xmpp_stanza_get_to(message);
    const char *type = xmpp_stanza_get_type(message);

    if (in->via != XMPP_VIA_STREAM)
        return "a copy inside another envelope";
    if (!only_child(in->message, NULL, XMPP_NS_CARBONS))
        return "two copies in one envelope";
    if (!message)
        return "no message, or more than one, in the copy";
    if (via == XMPP_VIA_CARBON_OUT && !is_of_us(conn, from))
        return "a sent copy of what we did not send";
    if (via == XMPP_VIA_CARBON_IN && (!from || !is_of_us(conn, to)))
        return "a received copy of what was not for us";
    if (type && !strcmp(type, "groupchat"))
        return "a copy of a room's message"; /* section 6.1 */
    return NULL;
}

static int on_copy(xmpp_conn_t *conn, const xmpp_inbound_t *in, xmpp_via_t via)
{
    xmpp_stanza_t *forwarded =
        only_child(in->element, "forwarded", XMPP_NS_FORWARD);
    xmpp_stanza_t *message =
        forwarded ? only_child(forwarded, "message", XMPP_NS_CLIENT) : NULL;
    const char *wrong = wrong_copy(conn, in, message, via);

    if (wrong)
        xmpp_conn_log(conn, &xmpp_mod_carbons, XMPP_LEVEL_WARN, "ignored: %s",
                      wrong);
    else
        xmpp_inbound_unwrap(conn, in, message, via);
    return 1;
}

static int on_received(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    return on_copy(conn, in, XMPP_VIA_CARBON_IN);
}

static int on_sent(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    return on_copy(conn, in, XMPP_VIA_CARBON_OUT);
}

/* ---- on and off -------------------------------------------------- */

static xmpp_stanza_t *send_switch(xmpp_conn_t *conn, const char *name)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", NULL);

    xmpp_stanza_add_tag(iq, name, XMPP_NS_CARBONS);
    return iq;
}

static xmpp_stanza_t *send_enable(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return send_switch(xmpp_flow_get_conn(flow), "enable");
}

static xmpp_stanza_t *send_disable(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return send_switch(xmpp_flow_get_conn(flow), "disable");
}

static int receive_switched(xmpp_flow_t *flow, int is_enabled,
                            const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct carbons *c = xmpp_conn_get_state(conn, &xmpp_mod_carbons);

    if (result->status == 0)
        c->is_enabled = is_enabled;
    else
        xmpp_conn_log(conn, &xmpp_mod_carbons, XMPP_LEVEL_INFO,
                      "the server refuses: %s",
                      result->condition ? result->condition : "no reason");
    return XMPP_FLOW_DONE;
}

static int receive_enabled(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    (void)memory;
    return receive_switched(flow, 1, result);
}

static int receive_disabled(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    (void)memory;
    return receive_switched(flow, 0, result);
}

static const xmpp_step_t enabling[] = {
    {"enable", send_enable, receive_enabled, NULL}};
static const xmpp_step_t disabling[] = {
    {"disable", send_disable, receive_disabled, NULL}};

static int switch_copies(xmpp_conn_t *conn, int is_off,
                         xmpp_result_handler handler, void *userdata)
{
    struct carbons *c = xmpp_conn_get_state(conn, &xmpp_mod_carbons);

    if (!c)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_carbons);
    c->is_off = is_off;
    return xmpp_flow_start(
        xmpp_flow_new(conn, is_off ? disabling : enabling, 1, 0, NULL), handler,
        userdata);
}

int xmpp_carbons_enable(xmpp_conn_t *conn, xmpp_result_handler handler,
                        void *userdata)
{
    return switch_copies(conn, 0, handler, userdata);
}

int xmpp_carbons_disable(xmpp_conn_t *conn, xmpp_result_handler handler,
                         void *userdata)
{
    return switch_copies(conn, 1, handler, userdata);
}

int xmpp_carbons_is_enabled(const xmpp_conn_t *conn)
{
    const struct carbons *c = xmpp_conn_get_state(conn, &xmpp_mod_carbons);

    return c ? c->is_enabled : 0;
}

/* ---- sessions ---------------------------------------------------- */

/* Bind 2 enables them without regard to `is_off`: its element was set before
 * the login. A query whether the server knows them would take as long as the
 * request itself. */
static void begin_session(xmpp_conn_t *conn, struct carbons *c)
{
    int rc = 0;

    c->is_enabled = xmpp_conn_has_bind2_feature(conn, XMPP_NS_CARBONS);
    if (xmpp_conn_get_type(conn) == XMPP_CLIENT && c->is_enabled == c->is_off)
        rc = switch_copies(conn, c->is_off, NULL, NULL);
    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_carbons, XMPP_LEVEL_WARN,
                      "not requested: %s", xmpp_strerror(rc));
}

static int on_carbons_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                           void *state)
{
    struct carbons *c = state;

    if (event == XMPP_SESSION_STARTED)
        begin_session(conn, c);
    if (event == XMPP_SESSION_ENDED)
        c->is_enabled = 0;
    return 0;
}

/* Section 9; the hint is for archives and servers of others. */
int xmpp_carbons_exclude(xmpp_stanza_t *message)
{
    if (!message)
        return XMPP_EINVOP;
    xmpp_stanza_add_tag(message, "private", XMPP_NS_CARBONS);
    xmpp_stanza_add_tag(message, "no-copy", XMPP_NS_HINTS);
    return xmpp_stanza_get_status(message);
}

static const xmpp_row_t rows[] = {
    XMPP_WRAP(XMPP_SENDER_ACCOUNT, XMPP_NS_CARBONS, "received", on_received),
    XMPP_WRAP(XMPP_SENDER_ACCOUNT, XMPP_NS_CARBONS, "sent", on_sent),
    XMPP_BIND(XMPP_NS_CARBONS, "enable"),
    XMPP_LIFECYCLE(on_carbons_life),
    XMPP_SPEC("XEP-0280", "1.0.1", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_carbons, "carbons", sizeof(struct carbons), rows);
