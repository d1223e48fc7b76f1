/* report.c - what a module writes into the log, and why it refused a call. */

#include <xmpp/module.h>

#include "conn/conn.h"

void xmpp_conn_log(xmpp_conn_t *conn, const xmpp_module_t *module,
                   xmpp_log_level_t level, const char *format, ...)
{
    va_list ap;

    if (!conn || !module || !format)
        return;
    va_start(ap, format);
    env_vlog(&conn->ctx->env, level, module->name, format, ap);
    va_end(ap);
}

int xmpp_conn_fail(xmpp_conn_t *conn, const xmpp_module_t *module, int code,
                   const char *format, ...)
{
    va_list ap;

    if (!conn || !format)
        return code;
    va_start(ap, format);
    env_refuse_module(&conn->ctx->env, module ? module->name : NULL, code,
                      format, ap);
    va_end(ap);
    return code;
}

int xmpp_conn_fail_unused(xmpp_conn_t *conn, const xmpp_module_t *module)
{
    return xmpp_conn_fail(conn, module, XMPP_EINVOP,
                          "the module is not in use on this connection: call "
                          "xmpp_conn_use() with it first");
}
