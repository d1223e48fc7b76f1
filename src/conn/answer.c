/* answer.c - the library's own answers to an iq that is ours to answer. */

#include "conn/answer.h"

#include "conn/iq.h"
#include "stanza/find.h"

static const struct iq_error bad_request = {"modify", "bad-request"};
static const struct iq_error unknown = {"cancel", "service-unavailable"};

static void send_answer(struct attempt *attempt, xmpp_stanza_t *answer)
{
    int rc = xmpp_stanza_get_status(answer);

    if (rc == 0)
        /* Without a limit: an iq that gets no answer leaves its sender waiting.
         * conn/pressure bounds what a server can make us send. */
        rc = stream_send_all(attempt->stream, answer);
    /* No caller could be given the error. */
    if (rc == XMPP_EMEM)
        conn_lose(attempt->conn);
    if (rc)
        env_log(attempt->env, XMPP_LEVEL_WARN, "conn",
                "an iq could not be answered: %s", xmpp_strerror(rc));
    xmpp_stanza_release(answer);
}

static void send_error(struct attempt *attempt, const xmpp_stanza_t *iq,
                       const struct iq_error *why)
{
    send_answer(attempt, iq_refusal(attempt->conn, iq, why));
}

/* A request has an id, one of two types, and exactly one element (RFC 6120
 * section 8.2.3). Results and errors never come here: an error must not be
 * answered by an error (section 8.3.1). */
static bool is_well_formed(const xmpp_stanza_t *iq)
{
    const xmpp_stanza_t *child = node_first_element(iq);

    return node_is_question(iq) && node_attr(iq, N_ID).s && child &&
           !node_next_element(child);
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
    if (!is_well_formed(iq))
        send_error(attempt, iq, &bad_request);
    else if (is_ping(iq))
        send_answer(attempt, iq_answer(attempt->conn, iq, STR("result")));
    else
        send_error(attempt, iq, &unknown);
}

void answer_refused(struct attempt *attempt, const xmpp_stanza_t *iq, int code)
{
    const struct iq_error why = iq_error_of(code);

    send_error(attempt, iq, &why);
}
