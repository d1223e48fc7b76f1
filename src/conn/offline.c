/* offline.c - what is sent without a session, and waits for the next one. It
 * lies in the same queue as what an earlier session left. */

#include "conn/offline.h"

#include "conn/attempt.h"
#include "conn/expiry.h"
#include "conn/session.h"
#include "stanza/find.h"
#include "stream/sm.h"

/* The answer to an iq belongs to a session, and so does our availability. */
static bool can_wait(const xmpp_stanza_t *stanza)
{
    return node_is(stanza, N_MESSAGE, NAME_NONE) ||
           (node_is(stanza, N_PRESENCE, NAME_NONE) &&
            node_attr(stanza, N_TO).s);
}

/* Until its session begins, a stream leaves the queue alone. Afterwards the
 * queue is on its way, perhaps with the end of the stream in it. */
static bool is_queue_at_rest(const xmpp_conn_t *conn)
{
    const struct attempt *attempt = conn_live(conn);

    if (conn->dying)
        return false;
    return !attempt ||
           (attempt->account.wanted.kind != STREAM_RAW &&
            (!attempt->stream || stream_queue_rests(attempt->stream)));
}

/* Stanzas of one account are never sent by another, so the queue belongs to an
 * account from its first stanza on. */
static int own_queue(xmpp_conn_t *conn)
{
    const char *text = conn->settings.identity.jid;
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;
    int rc;

    if (!text)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "nothing can wait for the next session before "
                          "xmpp_conn_set_jid()");
    rc = jid_parse(str_of(text), XMPP_JID_LENIENT, room, &jid, &wrong);
    if (rc == XMPP_EARG)
        return env_refuse(&conn->ctx->env, rc,
                          "the address of xmpp_conn_set_jid() is not valid: %s",
                          wrong.reason);
    if (rc == 0 && !conn->sm && !(conn->sm = sm_new(&conn->ctx->env)))
        rc = XMPP_EMEM;
    if (rc == 0)
        rc = sm_own(conn->sm, jid_view(&jid, XMPP_JID_BARE));
    if (rc > 0)
        env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "conn",
                "%d stanzas of another account are given up", rc);
    return rc < 0 ? rc : 0;
}

int offline_send(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                 const struct tracking *tracking)
{
    int rc = 0;

    if (!conn->options[XMPP_OPT_SEND_OFFLINE] || !can_wait(stanza) ||
        !is_queue_at_rest(conn))
        return XMPP_ENOTCONN;
    if (!conn_live(conn))
        rc = own_queue(conn);
    if (rc == 0)
        rc = stream_send_later(conn->sm, conn->options, stanza, tracking);
    if (rc == 0)
        expiry_arm(conn);
    /* What another account left. This comes last, because it may release the
     * connection. */
    if (!conn_live(conn))
        session_report_done(conn);
    if (rc == 0)
        session_changed(conn);
    return rc;
}
