/* answer.c - the library's own answers to an iq that is ours to answer. */

#include "conn/answer.h"

#include "stanza/build.h"
#include "stanza/find.h"

/* An error of RFC 6120 section 8.3. */
struct answer {
    const char *type, *condition;
};

static const struct answer bad_request = {"modify", "bad-request"};
static const struct answer unknown = {"cancel", "service-unavailable"};

/* The error that the sender of the iq gets for a code: a condition of RFC 6120
 * section 8.3.3. Codes without a row are our own failures, of which the sender
 * learns no more. */
static struct answer answer_of(int code)
{
    static const struct {
        int code;
        struct answer answer;
    } rows[] = {
        {XMPP_EARG, {"modify", "bad-request"}},
        {XMPP_EINVOP, {"cancel", "not-allowed"}},
        {XMPP_EMEM, {"wait", "resource-constraint"}},
        {XMPP_EFULL, {"wait", "resource-constraint"}},
        {XMPP_ELIMIT, {"modify", "policy-violation"}},
        {XMPP_EAUTH, {"auth", "forbidden"}},
        {XMPP_EPOLICY, {"auth", "forbidden"}},
        {XMPP_ENOHOST, {"cancel", "item-not-found"}},
        {XMPP_ENOSERVICE, {"cancel", "service-unavailable"}},
        {XMPP_ETIMEOUT, {"wait", "remote-server-timeout"}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code)
            return rows[i].answer;
    return (struct answer){"cancel", "internal-server-error"};
}

/* The answer goes back to the sender, or without one to the server. A component
 * has many addresses, so it answers from the one that the iq was sent to
 * (XEP-0114 section 3). The `from` of a client is the server's to set (RFC 6120
 * section 8.1.2.1). */
static xmpp_stanza_t *begin_answer(struct attempt *attempt,
                                   const xmpp_stanza_t *iq, struct str type)
{
    bool has_many = attempt->account.wanted.kind == STREAM_COMPONENT;
    struct str to = node_attr(iq, N_FROM), id = node_attr(iq, N_ID);
    struct str from = has_many ? node_attr(iq, N_TO) : STR_NONE;
    xmpp_stanza_t *answer = build_root(attempt->env, N_IQ, NAME_NONE);

    if (!answer)
        return NULL;
    node_set(answer, N_TYPE, type);
    if (id.s)
        node_set(answer, N_ID, id);
    if (to.s)
        node_set(answer, N_TO, to);
    if (from.s)
        node_set(answer, N_FROM, from);
    return answer;
}

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
                       const struct answer *why)
{
    xmpp_stanza_t *answer = begin_answer(attempt, iq, STR("error"));
    xmpp_stanza_t *error = build_child(answer, N_ERROR, NAME_NONE);

    xmpp_stanza_set_type(error, why->type);
    xmpp_stanza_add_tag(error, why->condition, name_text(NS_STANZA_ERRORS).s);
    send_answer(attempt, answer);
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
        send_answer(attempt, begin_answer(attempt, iq, STR("result")));
    else
        send_error(attempt, iq, &unknown);
}

void answer_refused(struct attempt *attempt, const xmpp_stanza_t *iq, int code)
{
    const struct answer why = answer_of(code);

    send_error(attempt, iq, &why);
}
