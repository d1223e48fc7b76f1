/* water.c - is the queue of a connection filling up, or emptying? */

#include "conn/water.h"

#include "stream/sm.h"

size_t xmpp_conn_queue_size(const xmpp_conn_t *conn)
{
    const struct stream *stream = conn ? conn_stream(conn) : NULL;

    if (stream)
        return stream_held(stream);
    return conn && conn->sm ? outbox_size(&conn->sm->out) : 0;
}

int xmpp_conn_set_water_marks(xmpp_conn_t *conn, size_t low, size_t high,
                              xmpp_water_handler handler, void *userdata)
{
    if (!conn)
        return XMPP_EINVOP;
    if (handler && low >= high)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "the low mark (%zu bytes) has to be below the high "
                          "one (%zu)",
                          low, high);
    conn->water = (struct water){handler, userdata, low, high, false};
    conn_kick(conn); /* the queue may be above the mark already */
    return 0;
}

/* It is reported from the loop, never inside of a send, so a handler may send.
 */
bool water_report(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    struct water *water = &conn->water;
    size_t size;

    if (!water->handler || !stream_may_send(attempt->stream))
        return false;
    size = stream_held(attempt->stream);
    if (water->is_high ? size > water->low : size < water->high)
        return false;
    water->is_high = !water->is_high;
    water->handler(conn, water->is_high, water->userdata);
    return true;
}
