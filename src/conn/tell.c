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
    if (left == DISPATCH_UNTAKEN && conn->options[XMPP_OPT_ANSWER_UNKNOWN])
        answer_untaken(conn, stanza);
}

void tell(xmpp_conn_t *conn, xmpp_stanza_t *stanza, bool is_other)
{
    if (!is_other)
        tell_stanza(conn, stanza);
    else if (!dispatch_other(&conn->dispatch, conn, stanza) && conn->stream)
        stream_refuse(conn->stream);
}
