/* events.c - what a stream tells, to whom it concerns. */

#include "conn/events.h"

#include "conn/attempt.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/pressure.h"
#include "conn/session.h"
#include "conn/tell.h"

static void on_up(xmpp_conn_t *conn)
{
    if (login_keep(conn) == 0) {
        attempt_tell_up(conn, XMPP_CONN_CONNECT);
        return;
    }
    fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    stream_abort(conn->stream);
}

static void handle(xmpp_conn_t *conn, struct stream_event *event)
{
    switch (event->kind) {
    case STREAM_STANZA:
        tell(conn, event);
        break;
    case STREAM_ERROR:
        xmpp_stanza_release(conn->stream_error);
        conn->stream_error = event->stanza;
        event->stanza = NULL;
        attempt_keep_failure(conn); /* whoever is told of a stanza may ask */
        break;
    case STREAM_SENT:
        session_tell(conn, &event->sent);
        break;
    case STREAM_TOKEN:
        fast_keep(conn);
        break;
    case STREAM_UP:
        on_up(conn);
        break;
    case STREAM_HEADER:
        attempt_tell_up(conn, XMPP_CONN_CONNECT);
        break;
    case STREAM_DOWN:
        conn->down = true;
        break;
    default:
        break;
    }
    xmpp_stanza_release(event->stanza);
}

/* One event, and what is said about it. */
static bool deliver_next(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;
    struct pressure before = pressure_begin(conn);
    struct stream_event event;

    if (!stream_next(conn->stream, &event))
        return false;
    handle(conn, &event);
    if (conn->attempt != attempt)
        return false;
    session_handled(conn);
    if (conn->attempt == attempt && conn->feeding)
        pressure_end(conn, before);
    return conn->attempt == attempt;
}

bool events_deliver(xmpp_conn_t *conn, unsigned attempt)
{
    while (conn->attempt == attempt && deliver_next(conn))
        ;
    if (conn->attempt == attempt)
        session_changed(conn);
    return conn->attempt == attempt;
}
