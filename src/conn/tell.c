/* tell.c - what came in, to whoever listens. */

#include "conn/tell.h"

#include "conn/answer.h"

/* Who we are: what was bound, or whom a raw connection is meant for. */
static struct str self_of(const struct attempt *attempt)
{
    const struct account *account = &attempt->account;

    if (account->wanted.kind != STREAM_RAW || !account->jid)
        return str_of(attempt->conn->bound);
    return jid_view(account->jid, XMPP_JID_FULL);
}

static void tell_stanza(struct attempt *attempt, xmpp_stanza_t *stanza)
{
    xmpp_conn_t *conn = attempt->conn;
    int left = dispatch_stanza(&conn->dispatch, conn, stanza, self_of(attempt));

    if (attempt->over || attempt->account.wanted.kind == STREAM_RAW)
        return;
    if (left < 0)
        answer_refused(attempt, stanza, left);
    if (left == DISPATCH_UNTAKEN &&
        conn->settings.options[XMPP_OPT_ANSWER_UNKNOWN])
        answer_untaken(attempt, stanza);
}

/* It was not read for being above a limit, and `stub` is left of it. */
static void tell_skipped(struct attempt *attempt, const xmpp_stanza_t *stub)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!dispatch_skipped(&conn->dispatch, conn, stub, self_of(attempt)) &&
        !attempt->over)
        answer_refused(attempt, stub, XMPP_ELIMIT);
}

static void tell_other(struct attempt *attempt, xmpp_stanza_t *element)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!dispatch_other(&conn->dispatch, conn, element) && !attempt->over)
        stream_refuse(attempt->stream);
}

void tell(struct attempt *attempt, const struct stream_event *event)
{
    if (event->skipped)
        tell_skipped(attempt, event->stanza);
    else if (event->is_other)
        tell_other(attempt, event->stanza);
    else
        tell_stanza(attempt, event->stanza);
}
