/* tell.c - what came in, to whoever listens. */

#include "conn/tell.h"

#include "conn/answer.h"

/* Who we are: what was bound, or whom a raw connection is meant for. */
static struct str self_of(const xmpp_conn_t *conn)
{
    if (conn->account.wanted.kind != STREAM_RAW || !conn->account.jid)
        return str_of(conn->bound);
    return jid_view(conn->account.jid, XMPP_JID_FULL);
}

static void tell_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    int left = dispatch_stanza(&conn->dispatch, conn, stanza, self_of(conn));

    if (!conn->stream || conn->account.wanted.kind == STREAM_RAW)
        return;
    if (left < 0)
        answer_refused(conn, stanza, left);
    if (left == DISPATCH_UNTAKEN &&
        conn->settings.options[XMPP_OPT_ANSWER_UNKNOWN])
        answer_untaken(conn, stanza);
}

/* It was not read for being above a limit, and `stub` is left of it. */
static void tell_skipped(xmpp_conn_t *conn, const xmpp_stanza_t *stub)
{
    if (!dispatch_skipped(&conn->dispatch, conn, stub, self_of(conn)) &&
        conn->stream)
        answer_refused(conn, stub, XMPP_ELIMIT);
}

void tell(xmpp_conn_t *conn, const struct stream_event *event)
{
    if (event->skipped)
        tell_skipped(conn, event->stanza);
    else if (!event->is_other)
        tell_stanza(conn, event->stanza);
    else if (!dispatch_other(&conn->dispatch, conn, event->stanza) &&
             conn->stream)
        stream_refuse(conn->stream);
}
