/* device.c - the fourth step: a heater that its owner sets from any chat
 * client, by an ad-hoc command with a form (XEP-0050). */

#include <stdio.h>

#include <xmpp/xep/command_serve.h>
#include <xmpp/xep/presence.h>

#include "session.h"

static xmpp_jid_t *owner;
static long degrees = 20;

static int is_owner(xmpp_conn_t *conn, const xmpp_jid_t *from, void *userdata)
{
    (void)conn;
    (void)userdata;
    return xmpp_jid_equal(from, owner, XMPP_JID_BARE);
}

static const xmpp_command_t set_heater = {
    .size = sizeof(set_heater),
    .node = "set-heater",
    .name = "Set the heater",
    .access = XMPP_SENDER_ANYONE, /* of these, */
    .may = is_owner,              /* only the owner */
};

/* Called for each stage of the command: at first, and with each answer. */
static int on_set_heater(xmpp_conn_t *conn, xmpp_command_run_t *run,
                         void *userdata)
{
    xmpp_stanza_t *form, *field;

    (void)userdata;
    if (run->stage == 0) {
        form = xmpp_form_new(conn, XMPP_FORM_FORM, "Heater");
        field = xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "degrees",
                                    "Degrees");
        xmpp_form_require(field);
        xmpp_form_add_validate(field, "xs:int", "5", "30");
        xmpp_form_set_number(form, "degrees", degrees);
        return xmpp_command_put_form(run, form, 0);
    }
    /* The library has checked the answer: it is a number from 5 to 30. */
    degrees = xmpp_form_get_number(run->form, "degrees");
    printf("heater at %ld degrees\n", degrees);
    fflush(stdout);
    xmpp_command_add_note(run, XMPP_NOTE_INFO, "The heater is set.");
    return XMPP_COMMAND_COMPLETED;
}

static void on_ready(xmpp_conn_t *conn)
{
    printf("ready as %s\n", xmpp_conn_get_bound_jid(conn));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    xmpp_conn_t *conn = session_new();
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int code = 1;

    owner = xmpp_jid_from_string(ctx, argc > 1 ? argv[1] : "", NULL);
    if (owner) {
        xmpp_conn_use(conn, &xmpp_mod_presence);
        xmpp_command_add(conn, &set_heater, on_set_heater, NULL);
        code = session_run(conn, on_ready);
    } else {
        fprintf(stderr, "usage: device OWNER\n");
    }
    xmpp_free(ctx, owner);
    session_free(conn);
    return code;
}
