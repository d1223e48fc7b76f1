/* events.c - the stream's events, delivered to the application. */

#include "conn/events.h"

#include "conn/answer.h"
#include "conn/ending.h"
#include "conn/expiry.h"
#include "conn/failure.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/module.h"
#include "conn/pressure.h"
#include "conn/reconnect.h"
#include "conn/session.h"

/* ---- stanzas ----------------------------------------------------- */

/* Our own address: the bound one. A raw stream binds by itself, so there it is
 * the account that was given. */
static struct str self_of(const struct attempt *attempt)
{
    const struct account *account = &attempt->account;

    if (account->wanted.kind != STREAM_RAW || !account->jid)
        return str_of(attempt->conn->bound);
    return jid_view(account->jid, XMPP_JID_FULL);
}

static void deliver_stanza(struct attempt *attempt, xmpp_stanza_t *stanza)
{
    xmpp_conn_t *conn = attempt->conn;
    int left = dispatch_stanza(&conn->dispatch, conn, stanza, self_of(attempt));

    /* On a raw connection the application answers. */
    if (attempt->over || attempt->account.wanted.kind == STREAM_RAW)
        return;
    /* A taker refused it: the option is about what nobody took. */
    if (left < 0)
        answer_refused(attempt, stanza, left);
    if (left == DISPATCH_UNTAKEN && conn->options[XMPP_OPT_ANSWER_UNKNOWN])
        answer_untaken(attempt, stanza);
}

/* The stanza exceeded a limit and was skipped; `stub` is what is left of it.
 * Its sender need not be the server, so the stream continues, and a request
 * gets policy-violation (RFC 6120 section 8.3.3.12). */
static void deliver_skipped(struct attempt *attempt, const xmpp_stanza_t *stub)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!dispatch_skipped(&conn->dispatch, stub, self_of(attempt)) &&
        !attempt->over)
        answer_refused(attempt, stub, XMPP_ELIMIT);
}

/* The server itself sent it, so going on without its meaning would be a guess:
 * the stream ends with unsupported-stanza-type (RFC 6120 section 4.9.3.24). */
static void deliver_other(struct attempt *attempt, xmpp_stanza_t *element)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!dispatch_other(&conn->dispatch, conn, element) && !attempt->over)
        stream_refuse(attempt->stream);
}

/* To requests and handlers. If nobody takes an iq it is answered; if nobody
 * expects an element that is not a stanza, the stream ends. */
static void deliver_element(struct attempt *attempt,
                            const struct stream_event *event)
{
    if (event->skipped)
        deliver_skipped(attempt, event->stanza);
    else if (event->is_other)
        deliver_other(attempt, event->stanza);
    else
        deliver_stanza(attempt, event->stanza);
}

/* ---- events ------------------------------------------------------ */

void events_up(struct attempt *attempt, xmpp_conn_event_t event)
{
    xmpp_conn_t *conn = attempt->conn;

    /* Both before the handler: it may add timers, and may look at the state. */
    timed_arm_all(&conn->timed);
    if (event == XMPP_CONN_CONNECT)
        attempt->is_up = true;
    if (conn->handler)
        conn->handler(conn, event, 0, NULL, conn->userdata);
}

/* Modules come first: a roster has to be requested before the application sends
 * presence (RFC 6121 section 2.2). */
static void on_up(struct attempt *attempt)
{
    /* Before the event: its handler may read the bound address, the keys and
     * the strength. */
    if (login_keep(attempt)) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(attempt->stream);
        return;
    }
    /* What waited for the old session waits in vain. */
    if (!attempt->conn->resumed)
        ending_all(attempt->conn);
    if (!attempt->over)
        expiry_fit(attempt->conn, stream_most_bytes(attempt->stream));
    if (attempt->over)
        return;
    attempt->is_up = true;
    attempt_settle(attempt);
    reconnect_up(attempt->conn);
    module_up(attempt);
    if (!attempt->over)
        events_up(attempt, XMPP_CONN_CONNECT);
}

static void deliver_event(struct attempt *attempt, struct stream_event *event)
{
    switch (event->kind) {
    case STREAM_STANZA:
        deliver_element(attempt, event);
        break;
    case STREAM_ERROR:
        xmpp_stanza_release(attempt->stream_error);
        attempt->stream_error = event->stanza;
        event->stanza = NULL;
        failure_keep(attempt); /* a handler may look at it before the end */
        break;
    case STREAM_SENT:
        session_report(attempt->conn, &event->sent);
        break;
    case STREAM_TOKEN:
        fast_keep(attempt);
        break;
    case STREAM_FEATURES:
        module_offer(attempt->conn);
        break;
    case STREAM_UP:
        on_up(attempt);
        break;
    case STREAM_HEADER:
        events_up(attempt, XMPP_CONN_CONNECT);
        break;
    case STREAM_DOWN:
        attempt->stream_down = true;
        break;
    default:
        break;
    }
    xmpp_stanza_release(event->stanza);
}

/* One event, and what it makes us send. False if there is none. A stanza counts
 * as handled when its handlers have returned: if the program dies before, the
 * server sends it again (XEP-0198 section 4). Output counts as the server's
 * doing only while input is fed. */
static bool deliver_next(struct attempt *attempt, struct pressure *at)
{
    struct stream_event event;

    if (!stream_next(attempt->stream, &event))
        return false;
    deliver_event(attempt, &event);
    if (attempt->over)
        return false;
    session_handled(attempt->conn);
    if (!attempt->over && attempt->feeding)
        pressure_end(attempt, at);
    return true;
}

/* A loop that runs inside the handler of a stanza: what was read together with
 * that stanza waits until the handler is done, as in libstrophe, so that
 * stanzas are handled one after the other. But nothing comes after the end. */
static bool waits_for_handler(const struct attempt *attempt)
{
    return attempt->feeding && attempt->turns > attempt->feeding &&
           !attempt->stream_down &&
           !(stream_wants(attempt->stream) & WANT_DOWN);
}

void events_deliver(struct attempt *attempt)
{
    struct pressure at;

    if (attempt->over || waits_for_handler(attempt))
        return;
    at = pressure_begin(attempt);
    while (!attempt->over && deliver_next(attempt, &at))
        ;
    if (!attempt->over)
        session_changed(attempt->conn);
}
