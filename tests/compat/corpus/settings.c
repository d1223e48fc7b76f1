/* settings.c - contexts and connections before anything is connected. */

#include "show.h"

static void flags(xmpp_conn_t *conn)
{
    static const long all[] = {
        0,
        (long)XMPP_CONN_FLAG_DISABLE_TLS,
        (long)XMPP_CONN_FLAG_MANDATORY_TLS,
        (long)XMPP_CONN_FLAG_LEGACY_SSL,
        (long)XMPP_CONN_FLAG_TRUST_TLS,
        (long)XMPP_CONN_FLAG_LEGACY_AUTH,
        (long)(XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_MANDATORY_TLS),
        (long)(XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_LEGACY_SSL),
        (long)(XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_TRUST_TLS),
        (long)(XMPP_CONN_FLAG_MANDATORY_TLS | XMPP_CONN_FLAG_TRUST_TLS),
        (long)XMPP_CONN_FLAG_DISABLE_SM,
        1L << 20,
    };

    show_int("flags at first", xmpp_conn_get_flags(conn));
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        int rc = xmpp_conn_set_flags(conn, all[i]);

        printf("set %ld: %d, now %ld\n", all[i], rc, xmpp_conn_get_flags(conn));
    }
    xmpp_conn_set_flags(conn, (long)XMPP_CONN_FLAG_LEGACY_AUTH);
    xmpp_conn_disable_tls(conn);
    show_int("TLS switched off", xmpp_conn_get_flags(conn));
}

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    (void)sock;
    return 0;
}

static void connection(xmpp_ctx_t *ctx)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    show_int("context", xmpp_conn_get_context(conn) == ctx);
    flags(conn);
    show_str("jid", xmpp_conn_get_jid(conn));
    xmpp_conn_set_jid(conn, "romeo@example.org/orchard");
    show_str("jid", xmpp_conn_get_jid(conn));
    xmpp_conn_set_jid(conn, "juliet@example.org");
    show_str("jid", xmpp_conn_get_jid(conn));
    show_str("bound", xmpp_conn_get_bound_jid(conn));
    show_str("pass", xmpp_conn_get_pass(conn));
    xmpp_conn_set_pass(conn, "secret");
    show_str("pass", xmpp_conn_get_pass(conn));
    xmpp_conn_set_pass(conn, NULL);
    show_str("pass", xmpp_conn_get_pass(conn));
    show_str("key", xmpp_conn_get_keyfile(conn));
    xmpp_conn_set_client_cert(conn, "c.pem", "k.pem");
    show_str("key", xmpp_conn_get_keyfile(conn));
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    show_int("connecting", xmpp_conn_is_connecting(conn));
    show_int("connected", xmpp_conn_is_connected(conn));
    show_int("disconnected", xmpp_conn_is_disconnected(conn));
    show_int("secured", xmpp_conn_is_secured(conn));
    show_int("waiting", xmpp_conn_send_queue_len(conn));
    xmpp_disconnect(conn);
    show_int("open a stream", xmpp_conn_open_stream_default(conn));
    show_int("clone is the same", xmpp_conn_clone(conn) == conn);
    show_int("release", xmpp_conn_release(conn));
    show_int("release", xmpp_conn_release(conn));
}

static void logger(void)
{
    show_int("the same logger", xmpp_get_default_logger(XMPP_LEVEL_WARN) ==
                                    xmpp_get_default_logger(XMPP_LEVEL_WARN));
    show_int("another", xmpp_get_default_logger(XMPP_LEVEL_WARN) ==
                            xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    show_int("clamped", xmpp_get_default_logger((xmpp_log_level_t)99) ==
                            xmpp_get_default_logger(XMPP_LEVEL_ERROR));
}

int main(void)
{
    xmpp_ctx_t *ctx;

    xmpp_initialize();
    show_int("version 0.1", xmpp_version_check(0, 1));
    show_int("version 0.99", xmpp_version_check(0, 99));
    show_int("version 1.0", xmpp_version_check(1, 0));
    ctx = xmpp_ctx_new(&show_mem, NULL);
    show_int("no context", xmpp_conn_new(NULL) == NULL);
    xmpp_ctx_set_verbosity(ctx, 3);
    xmpp_ctx_set_timeout(ctx, 5);
    connection(ctx);
    logger();
    xmpp_run_once(ctx, 1);
    xmpp_ctx_free(ctx);
    show_held();
    xmpp_shutdown();
    return 0;
}
