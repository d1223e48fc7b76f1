/* account_register.c - an account from its creation to its end. */

#include "live/account.h"

#ifdef XMPP_HAVE_REGISTER_CONNECT
#include <xmpp/xep/register_connect.h>

static void use_nothing(struct us *us)
{
    (void)us;
}

static void creates(struct us *us, char **argv)
{
    struct outcome o = {0};
    xmpp_register_t fields;

    us->conn = xmpp_conn_new(us->ctx);
    xmpp_conn_set_jid(us->conn, us->domain);
    xmpp_conn_set_cafile(us->conn, argv[2]);
    us_ends(us, &o,
            xmpp_register_connect(us->conn, "127.0.0.1", atoi(argv[1]),
                                  on_outcome, &o),
            0, "in_band: true", "the server offers registration");
    ok(xmpp_conn_is_secured(us->conn), "under TLS");
    us_ends(us, &o, xmpp_register_get(us->conn, NULL, on_outcome, &o), 0,
            "username: \"\", password: \"\"", "it wants a name and a password");
    XMPP_INIT(xmpp_register, fields);
    fields.username = "mercutio";
    fields.password = "plague";
    us_ends(us, &o,
            xmpp_register_submit(us->conn, NULL, &fields, on_outcome, &o), 0,
            NULL, "and creates the account");
    xmpp_disconnect(us->conn);
    while (!xmpp_conn_is_disconnected(us->conn))
        xmpp_run_once(us->ctx, 100);
    xmpp_conn_release(us->conn);
}

/* The server ends the session of an account that it deletes. */
static void ends(struct us *us)
{
    struct outcome o = {0};
    int rc = xmpp_register_cancel(us->conn, NULL, on_outcome, &o);

    is_int(rc, 0, "we delete the account");
    us_await(us, &o.ended, 1, "which ends");
    ok(o.status == 0 || o.status == XMPP_ENOTCONN, "well: %d %s", o.status,
       o.condition);
    xmpp_disconnect(us->conn);
    us_await(us, &us->down, 1, "and with it the session");
    xmpp_conn_release(us->conn);
}

static void registers(struct us *us, char **argv)
{
    static char bare[100], password[] = "houses";
    char *arguments[] = {argv[0], argv[1], argv[2], bare, password, NULL};
    struct outcome o = {0};
    struct us other = {.ctx = us->ctx, .bare = bare, .domain = us->domain};

    snprintf(bare, sizeof(bare), "mercutio@%s", us->domain);
    creates(&other, argv);
    arguments[4] = strcpy(password, "plague");
    us_begin(&other, arguments, "a", use_nothing);
    us_ends(&other, &o, xmpp_register_get(other.conn, NULL, on_outcome, &o), 0,
            "registered: true", "it is registered");
    us_ends(&other, &o,
            xmpp_register_set_password(other.conn, "houses", on_outcome, &o), 0,
            NULL, "it gets another password");
    us_end(&other);
    other.up = other.down = 0;
    arguments[4] = strcpy(password, "houses");
    us_begin(&other, arguments, "b", use_nothing);
    ends(&other);
}
#endif

void test_registration(struct us *us, char **argv)
{
#ifdef XMPP_HAVE_REGISTER_CONNECT
    registers(us, argv);
#endif
    (void)us;
    (void)argv;
}
