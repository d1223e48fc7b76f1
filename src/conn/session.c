/* session.c - what outlives a transport: stream management's state. */

#include "conn/session.h"

#include "stream/sm_saved.h"

/* No limit of its own: XMPP_OPT_MAX_OUTBOX bounds what is saved. */
#define SAVED_MOST (SIZE_MAX / 4)

/* ---- an attempt -------------------------------------------------- */

int session_prepare(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    struct wanted *wanted = &attempt->account.wanted;
    struct str account = jid_view(attempt->account.jid, XMPP_JID_BARE);
    int rc;

    conn->resumed = false;
    /* On a raw connection the application counts stanzas itself (XEP-0198). */
    if (wanted->kind == STREAM_RAW)
        return 0;
    if (!conn->sm)
        conn->sm = sm_new(&conn->ctx->env);
    /* Unacknowledged stanzas of one account are never sent by another. */
    rc = conn->sm ? sm_own(conn->sm, account) : XMPP_EMEM;
    if (rc < 0)
        return rc;
    if (rc > 0)
        env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "conn",
                "%d stanzas of another account are given up", rc);
    wanted->sm = conn->sm;
    wanted->no_sm |=
        (conn->settings.flags & (long)XMPP_CONN_FLAG_DISABLE_SM) != 0;
    return 0;
}

/* Called inside the call that sends, so that a program that saves the state has
 * it before a byte can leave. */
void session_changed(xmpp_conn_t *conn)
{
    struct buf bytes;

    if (!conn->sm_callback || !conn->sm ||
        conn->sm_reported == conn->sm->changes)
        return;
    /* Before the callback, which may send and come here again. */
    conn->sm_reported = conn->sm->changes;
    buf_init(&bytes, &conn->ctx->env, SAVED_MOST);
    /* A session without an id cannot be resumed: libstrophe's callback gets no
     * bytes for it. */
    if (conn->sm->id) {
        /* Nearly all of it is the queue, which is to be copied only once. */
        buf_reserve(&bytes, outbox_size(&conn->sm->out));
        sm_save_strophe(conn->sm, &bytes);
    }
    if (bytes.failed)
        env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
                "out of memory: the callback for the session's state was not "
                "called");
    else if (buf_size(&bytes))
        conn->sm_callback(conn, conn->sm_ctx,
                          (const unsigned char *)buf_view(&bytes).s,
                          buf_size(&bytes));
    else
        conn->sm_callback(conn, conn->sm_ctx, NULL, 0);
    buf_free(&bytes);
}

void session_handled(xmpp_conn_t *conn)
{
    if (conn->sm)
        sm_take_back(conn->sm);
    session_changed(conn);
}

/* ---- outcomes ---------------------------------------------------- */

/* `text` is a copy, because the handler may do anything to the queue. Its
 * memory was set aside when the stanza was queued, so no report is lost for
 * want of memory; outbox_reclaim() gives it back for the next one. */
void session_report(xmpp_conn_t *conn, struct outcome *outcome)
{
    struct str text = buf_view(&outcome->text);

    xmpp_sent_handler handler = outcome->handler;
    void *userdata = outcome->userdata;

    if (!handler) {
        handler = conn->refused;
        userdata = conn->refused_userdata;
    }
    if (handler)
        handler(conn, outcome->status, text.s, text.n, userdata);
    outbox_reclaim(conn->sm ? &conn->sm->out : NULL, outcome);
}

void session_report_done(xmpp_conn_t *conn)
{
    struct outcome outcome;

    while (conn->sm && outbox_take_done(&conn->sm->out, &outcome))
        session_report(conn, &outcome);
}

/* Nobody can reach the state any more, so its texts stay in place and need no
 * copies. */
void session_report_all(xmpp_conn_t *conn, const struct outbox *box)
{
    const struct outcome *refused = &box->refused;

    if (box->has_refused && refused->handler)
        refused->handler(conn, refused->status, buf_view(&refused->text).s,
                         buf_size(&refused->text), refused->userdata);
    for (size_t i = 0; i < box->done; i++) {
        struct item item = outbox_item(box, i);
        struct str text = outbox_text(box, &item);

        if (item.handler)
            item.handler(conn, item.status, text.s, text.n, item.userdata);
    }
}

static void give_all_back(xmpp_conn_t *conn, xmpp_sm_state_t *sm)
{
    size_t untold;

    outbox_stop(&sm->out);
    untold = outbox_give_back(&sm->out, true, XMPP_ENOTCONN);
    if (untold)
        env_log(sm->env, XMPP_LEVEL_WARN, "conn",
                "%zu unacknowledged stanzas are given up", untold);
    session_report_all(conn, &sm->out);
    sm_free(sm);
}

void session_free(xmpp_conn_t *conn)
{
    xmpp_sm_state_t *sm = conn->sm;

    /* Taken out first, so that the handlers cannot change it. */
    conn->sm = NULL;
    if (sm)
        give_all_back(conn, sm);
}

/* The state of an earlier connection may contain requests. Their answers come
 * to us, and handlers by id get only answers to requests that are known. */
static void adopt(xmpp_conn_t *conn)
{
    const struct outbox *out = &conn->sm->out;

    for (size_t i = 0; i < outbox_count(out); i++) {
        struct item item = outbox_item(out, i);

        if (dispatch_will_send_text(&conn->dispatch, outbox_text(out, &item)))
            env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
                    "out of memory: the answer to a request may be missed");
    }
}

/* ---- public ------------------------------------------------------ */

int xmpp_conn_is_resumed(const xmpp_conn_t *conn)
{
    return conn ? conn->resumed : 0;
}

int xmpp_conn_is_resumable(const xmpp_conn_t *conn)
{
    if (!conn)
        return 0;
    return conn->sm && conn->sm->id &&
           !(conn->settings.flags & (long)XMPP_CONN_FLAG_DISABLE_SM);
}

unsigned long xmpp_conn_get_resume_time(const xmpp_conn_t *conn)
{
    if (!conn)
        return 0;
    return xmpp_conn_is_resumable(conn) ? conn->sm->max : 0;
}

unsigned long xmpp_conn_get_unacked(const xmpp_conn_t *conn)
{
    if (!conn)
        return 0;
    return conn->sm ? conn->sm->out.unacked : 0;
}

xmpp_sm_state_t *xmpp_conn_get_sm_state(xmpp_conn_t *conn)
{
    xmpp_sm_state_t *sm = conn ? conn->sm : NULL;

    /* A live attempt works on the state. */
    if (!sm || conn_live(conn))
        return NULL;
    conn->sm = NULL;
    return sm;
}

int xmpp_conn_set_sm_state(xmpp_conn_t *conn, xmpp_sm_state_t *sm)
{
    if (!conn)
        return XMPP_EINVOP;
    /* Its memory is of its context's allocator, so it cannot move to another
     * context. */
    if (!sm || conn_live(conn) || conn->sm || conn->dying ||
        sm->env != &conn->ctx->env)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "a session's state can be set only on a disconnected "
                          "connection of the same context that has no session");
    conn->sm = sm;
    adopt(conn);
    return 0;
}

void xmpp_free_sm_state(xmpp_sm_state_t *sm)
{
    if (sm)
        /* The state has left its connection, so its handlers get none. */
        give_all_back(NULL, sm);
}

int xmpp_conn_save_sm_state(xmpp_conn_t *conn, unsigned char **ret_bytes,
                            size_t *ret_len)
{
    struct buf bytes;
    size_t n;
    char *taken;

    if (!conn)
        return XMPP_EINVOP;
    if (!conn->sm)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "there is no session to save");
    buf_init(&bytes, &conn->ctx->env, SAVED_MOST);
    sm_save(conn->sm, &bytes);
    n = buf_size(&bytes);
    taken = buf_take(&bytes);
    if (!taken)
        return XMPP_EMEM;
    *ret_bytes = (unsigned char *)taken;
    *ret_len = n;
    return 0;
}

int xmpp_conn_restore_sm_state(xmpp_conn_t *conn, const unsigned char *bytes,
                               size_t n)
{
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (conn_live(conn) || conn->sm || conn->dying || !bytes)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "a session can be restored only on a disconnected "
                          "connection that has no session");
    rc = sm_load(&conn->ctx->env, bytes, n, &conn->sm);
    if (rc == 0)
        adopt(conn);
    if (rc != XMPP_EARG)
        return rc;
    env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
            "not restored: these bytes are not a saved session");
    return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                      "these bytes are not a saved session");
}

void xmpp_conn_set_sm_callback(xmpp_conn_t *conn, xmpp_sm_callback cb,
                               void *ctx)
{
    if (!conn)
        return;
    conn->sm_callback = cb;
    conn->sm_ctx = ctx;
}
