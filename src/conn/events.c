/* events.c - what a stream reports, to whom it concerns. */

#include "conn/events.h"

#include "conn/failure.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/pressure.h"
#include "conn/session.h"
#include "conn/tell.h"

void events_up(struct attempt *attempt, xmpp_conn_event_t event)
{
    xmpp_conn_t *conn = attempt->conn;

    timed_arm_all(&conn->timed);
    if (event == XMPP_CONN_CONNECT)
        attempt->told_up = true;
    if (conn->handler)
        conn->handler(conn, event, 0, NULL, conn->userdata);
}

static void on_up(struct attempt *attempt)
{
    if (login_keep(attempt) == 0) {
        events_up(attempt, XMPP_CONN_CONNECT);
        return;
    }
    fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    stream_abort(attempt->stream);
}

static void handle(struct attempt *attempt, struct stream_event *event)
{
    switch (event->kind) {
    case STREAM_STANZA:
        tell(attempt, event);
        break;
    case STREAM_ERROR:
        xmpp_stanza_release(attempt->stream_error);
        attempt->stream_error = event->stanza;
        event->stanza = NULL;
        failure_keep(attempt); /* whoever is told of a stanza may ask */
        break;
    case STREAM_SENT:
        session_tell(attempt->conn, &event->sent);
        break;
    case STREAM_TOKEN:
        fast_keep(attempt);
        break;
    case STREAM_UP:
        on_up(attempt);
        break;
    case STREAM_HEADER:
        events_up(attempt, XMPP_CONN_CONNECT);
        break;
    case STREAM_DOWN:
        attempt->down = true;
        break;
    default:
        break;
    }
    xmpp_stanza_release(event->stanza);
}

/* One event, and what is said about it. False if there is none. */
static bool deliver_next(struct attempt *attempt)
{
    struct pressure before = pressure_begin(attempt);
    struct stream_event event;

    if (!stream_next(attempt->stream, &event))
        return false;
    handle(attempt, &event);
    if (attempt->over)
        return false;
    session_handled(attempt->conn);
    if (!attempt->over && attempt->feeding)
        pressure_end(attempt, before);
    return true;
}

void events_deliver(struct attempt *attempt)
{
    while (!attempt->over && deliver_next(attempt))
        ;
    if (!attempt->over)
        session_changed(attempt->conn);
}
