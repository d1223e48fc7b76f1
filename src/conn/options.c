/* options.c - options with their defaults and ranges, as one table. */

#include "conn/conn.h"

#include <stddef.h>

#include <xmpp/error.h>

#include "base/parts.h"
#include "conn/attempt.h"
#include "conn/dialing.h"
#include "conn/login.h"
#include "conn/reconnect.h"

static const struct {
    const char *name;
    long least, most;
} rows[] = {
#define ROW(name, value, least, most, text) {#name, least, most},
    XMPP_OPTION_MAP(ROW)
#undef ROW
};

static int is_option(xmpp_option_t option)
{
    return (unsigned)option < XMPP_OPT_COUNT_;
}

static int refuse_option(const xmpp_conn_t *conn, xmpp_option_t option)
{
    return env_refuse(&conn->ctx->env, XMPP_EARG, "there is no option %d",
                      (int)option);
}

/* The part that this option is about, if it was left out. Refused at once:
 * going on without DANE would be weaker than requested. */
static const char *lacks(xmpp_option_t option)
{
    if (option == XMPP_OPT_DANE && !dane_is_there())
        return "DANE";
    return option == XMPP_OPT_HOST_META && !PART_WEBSOCKET ? "WebSocket" : NULL;
}

int xmpp_conn_set_option(xmpp_conn_t *conn, xmpp_option_t option, long value)
{
    if (!conn)
        return XMPP_EINVOP;
    if (!is_option(option))
        return refuse_option(conn, option);
    if (value < rows[option].least || value > rows[option].most)
        return env_refuse(
            &conn->ctx->env, XMPP_EARG, "%s: %ld is not between %ld and %ld",
            rows[option].name, value, rows[option].least, rows[option].most);
    if (value && lacks(option))
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "this library was built without %s", lacks(option));
    conn->options[option] = (int32_t)value; /* none is above 2^31 - 1 */
    if (!login_keys(conn))                  /* nobody will use them any more */
        login_forget_keys(conn);
    reconnect_look(conn);
    if ((option == XMPP_OPT_PING_AFTER || option == XMPP_OPT_PING_TIMEOUT) &&
        conn_talking(conn) && conn->attempt->watch.fd >= 0)
        dialing_guard(conn, conn->attempt->watch.fd);
    conn_kick(conn); /* what it waits for may be due sooner */
    return 0;
}

long xmpp_conn_get_option(const xmpp_conn_t *conn, xmpp_option_t option)
{
    if (!conn)
        return XMPP_EINVOP;
    return is_option(option) ? conn->options[option]
                             : refuse_option(conn, option);
}

const char *xmpp_option_name(xmpp_option_t option)
{
    return is_option(option) ? rows[option].name : NULL;
}
