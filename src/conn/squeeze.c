/* squeeze.c - compression of a connection. */

#include "conn/squeeze.h"

#include "net/zlib.h"

bool squeeze_is_wanted(const xmpp_conn_t *conn)
{
    return conn->settings.flags & (long)XMPP_CONN_FLAG_ENABLE_COMPRESSION &&
           zlib_is_there();
}

void squeeze_begin(struct attempt *attempt)
{
    bool keeps = attempt->conn->settings.flags &
                 (long)XMPP_CONN_FLAG_COMPRESSION_DONT_RESET;
    struct stage *stage = zlib_stage_new(attempt->env, keeps, &attempt->fault);

    if (!stage) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(attempt->stream);
        return;
    }
    pipe_push(&attempt->pipe, stage);
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn", "compressed by zlib");
    stream_compressed(attempt->stream, attempt_now(attempt));
}
