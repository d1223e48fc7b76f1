/* tell.c - what came in, to whoever listens. */

#include "conn/tell.h"

static void tell_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *answer;
    bool taken = dispatch_stanza(&conn->dispatch, conn, stanza,
                                 str_of(conn->bound));

    if (taken || !conn->options[XMPP_OPT_ANSWER_UNKNOWN] || !conn->stream)
        return;
    answer = xmpp_stanza_reply_error(stanza, "cancel", "service-unavailable",
                                     NULL);
    if (answer)
        stream_say(conn->stream, answer, NULL, NULL);
    xmpp_stanza_release(answer);
}

void tell(xmpp_conn_t *conn, xmpp_stanza_t *stanza, bool is_other)
{
    if (!is_other)
        tell_stanza(conn, stanza);
    else if (!dispatch_other(&conn->dispatch, conn, stanza) && conn->stream)
        stream_refuse(conn->stream);
}
