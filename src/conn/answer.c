/* answer.c - the library's own answers to an iq that is ours to answer. */

#include "conn/answer.h"

#include "conn/iq.h"
#include "stanza/find.h"

static const struct iq_error bad_request = {"modify", "bad-request"};
static const struct iq_error unknown = {"cancel", "service-unavailable"};

/* What is to be written. */
struct answer {
    xmpp_conn_t *conn;
    const xmpp_stanza_t *iq;
    const struct iq_error *error; /* or NULL */
};

static void write_iq_answer(struct buf *out, const void *at)
{
    const struct answer *answer = at;

    iq_write_answer(out, answer->conn, answer->iq, answer->error);
}

/* Without a limit: an iq that gets no answer leaves its sender waiting.
 * conn/pressure bounds what a server can make us send. */
static void send_answer(struct attempt *attempt, const xmpp_stanza_t *iq,
                        const struct iq_error *error)
{
    const struct answer answer = {attempt->conn, iq, error};
    int rc = stream_send_written(attempt->stream, write_iq_answer, &answer);

    /* No caller could be given the error. */
    if (rc == XMPP_EMEM)
        conn_lose(attempt->conn);
    /* After our own end of the stream nobody waits for it. */
    if (rc)
        env_log(attempt->env,
                rc == XMPP_ENOTCONN ? XMPP_LEVEL_DEBUG : XMPP_LEVEL_WARN,
                "conn", "an iq could not be answered: %s", xmpp_strerror(rc));
}

/* A request has an id, one of two types, and exactly one element (RFC 6120
 * section 8.2.3). Results and errors never come here: an error must not be
 * answered by an error (section 8.3.1). */
static bool is_well_formed(const xmpp_stanza_t *iq)
{
    const xmpp_stanza_t *child = node_first_element(iq);

    return node_is_question(iq) && child && !node_next_element(child);
}

/* An answer has the id of what it answers: without one nobody could tell what
 * it is about, and it would be malformed itself. */
static bool can_be_answered(const xmpp_stanza_t *iq)
{
    return node_attr(iq, N_ID).s != NULL;
}

/* XEP-0199: a ping needs nothing of the application, so it gets a result and
 * not service-unavailable. */
static bool is_ping(const xmpp_stanza_t *iq)
{
    const xmpp_stanza_t *child = node_first_element(iq);

    return str_is(node_attr(iq, N_TYPE), "get") &&
           node_is(child, N_PING, NS_PING);
}

void answer_untaken(struct attempt *attempt, const xmpp_stanza_t *iq)
{
    if (!can_be_answered(iq))
        return;
    if (!is_well_formed(iq))
        send_answer(attempt, iq, &bad_request);
    else if (is_ping(iq))
        send_answer(attempt, iq, NULL);
    else
        send_answer(attempt, iq, &unknown);
}

void answer_refused(struct attempt *attempt, const xmpp_stanza_t *iq, int code)
{
    const struct iq_error why = iq_error_of(code);

    if (can_be_answered(iq))
        send_answer(attempt, iq, &why);
}
