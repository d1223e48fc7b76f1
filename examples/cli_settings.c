/* cli_settings.c - what was chosen on the command line, set on the connection.
 */

#define _GNU_SOURCE
#include "cli_settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "login_file.h"
#include "store_dir.h"

static void set_jid(struct cli *cli)
{
    const char *slash = strchr(cli->jid, '/');

    if (cli->resource && !slash &&
        asprintf(&cli->jid_owned, "%s/%s", cli->jid, cli->resource) > 0)
        cli->jid = cli->jid_owned;
    xmpp_conn_set_jid(cli->conn, cli->jid);
}

static void set_trust(struct cli *cli)
{
    xmpp_conn_t *conn = cli->conn;

    xmpp_conn_set_cafile(conn, cli->cafile);
    xmpp_conn_set_crlfile(conn, cli->crlfile);
    if (cli->pin && xmpp_conn_add_tls_pin(conn, XMPP_TLS_PIN_KEY, cli->pin))
        cli_wrong_value(cli, "pin", " is not a SHA-256 hash: %s", cli->pin);
    if (xmpp_conn_set_option(conn, XMPP_OPT_DANE, cli->dane))
        cli_refuse(cli, "this library was built without DANE");
    xmpp_conn_set_dane_anchor(conn, cli->anchor);
    xmpp_conn_set_client_cert(conn, cli->cert, cli->key);
}

/* "auto" stands for the one that the domain names. */
static void set_websocket(const struct cli *cli, xmpp_conn_t *conn)
{
    int is_auto = cli->websocket && strcmp(cli->websocket, "auto") == 0;

    if (xmpp_conn_set_websocket(conn, is_auto ? NULL : cli->websocket))
        cli_wrong_value(cli, "websocket", ": %s",
                        xmpp_ctx_get_last_error(cli->ctx));
    xmpp_conn_set_option(conn, XMPP_OPT_HOST_META,
                         is_auto ? 2 : cli->host_meta);
}

static void set_ways(struct cli *cli)
{
    xmpp_conn_t *conn = cli->conn;
    long flags = 0;

    if (cli->direct_tls)
        flags |= (long)XMPP_CONN_FLAG_LEGACY_SSL;
    if (cli->compress)
        flags |= (long)(XMPP_CONN_FLAG_ENABLE_COMPRESSION |
                        XMPP_CONN_FLAG_COMPRESSION_DONT_RESET);
    xmpp_conn_set_flags(conn, flags);
    if (cli->resolve && xmpp_conn_set_resolve(conn, cli->resolve))
        cli_wrong_value(cli, "resolve", ": %s",
                        xmpp_ctx_get_last_error(cli->ctx));
    if (cli->source && xmpp_conn_set_source(conn, cli->source))
        cli_wrong_value(cli, "source", ": %s",
                        xmpp_ctx_get_last_error(cli->ctx));
    if (xmpp_conn_set_mechanisms(conn, cli->mechanisms))
        cli_wrong_value(cli, "mechanisms", " contains no known mechanism: %s",
                        cli->mechanisms);
    if (cli->dns && xmpp_ctx_set_dns_servers(cli->ctx, cli->dns))
        cli_wrong_value(cli, "dns", " is not the address of a name server: %s",
                        cli->dns);
    if (xmpp_conn_set_proxy(conn, cli->proxy))
        cli_wrong_value(cli, "proxy", ": %s",
                        xmpp_ctx_get_last_error(cli->ctx));
    set_websocket(cli, conn);
    if (xmpp_conn_set_bind2_tag(conn, cli->tag))
        cli_wrong_value(cli, "tag", " is not valid: %s", cli->tag);
    xmpp_conn_set_option(conn, XMPP_OPT_PIPELINE, cli->pipeline);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, cli->reconnect);
}

static void set_patience(struct cli *cli)
{
    long time = cli->timeout * 1000L;

    if (!time)
        return;
    xmpp_conn_set_option(cli->conn, XMPP_OPT_CONNECT_TIMEOUT, time);
    xmpp_conn_set_option(cli->conn, XMPP_OPT_STEP_TIMEOUT, time);
    xmpp_conn_set_option(cli->conn, XMPP_OPT_REQUEST_TIMEOUT, time);
    if (time > xmpp_conn_get_option(cli->conn, XMPP_OPT_LOGIN_TIMEOUT))
        xmpp_conn_set_option(cli->conn, XMPP_OPT_LOGIN_TIMEOUT, time);
}

static void set_login_file(struct cli *cli)
{
    const char *wrong = cli->login_file ? login_file_open(cli) : NULL;

    if (wrong)
        cli_refuse(cli, "%s%s", wrong, cli->login_file);
}

static void set_store(struct cli *cli)
{
    if (!cli->store_path)
        return;
    if (store_dir_open(&cli->store, cli->store_path))
        cli_refuse(cli, "%s: %s", cli->store_path, strerror(errno));
    xmpp_conn_set_store(cli->conn, &cli->store);
}

void cli_apply_settings(struct cli *cli)
{
    set_jid(cli);
    set_trust(cli);
    set_ways(cli);
    set_patience(cli);
    set_login_file(cli);
    set_store(cli);
}
