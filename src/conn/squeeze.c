/* squeeze.c - compression of a connection. */

#include "conn/squeeze.h"

#include "net/zlib.h"

bool squeeze_is_wanted(const xmpp_conn_t *conn)
{
    return conn->settings.flags & (long)XMPP_CONN_FLAG_ENABLE_COMPRESSION &&
           zlib_is_there();
}

void squeeze_begin(xmpp_conn_t *conn)
{
    bool keeps =
        conn->settings.flags & (long)XMPP_CONN_FLAG_COMPRESSION_DONT_RESET;
    struct stage *stage = zlib_stage_new(&conn->ctx->env, keeps, &conn->fault);

    if (!stage) {
        fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(conn->stream);
        return;
    }
    pipe_push(&conn->pipe, stage);
    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn", "compressed by zlib");
    stream_compressed(conn->stream, conn_now(conn));
}
