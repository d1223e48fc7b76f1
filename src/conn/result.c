/* result.c - the end of an action, as its handler gets it. */

#include "conn/result.h"

#include <stdio.h>

#include <xmpp/error.h>

#include "base/quote.h"
#include "conn/send.h"
#include "stanza/find.h"

/* ---- what an answer means ---------------------------------------- */

/* The condition of an application stands beside the defined one (RFC 6120
 * section 8.3.4). */
static const char *specific_condition(const xmpp_stanza_t *stanza)
{
    const xmpp_stanza_t *error = node_own_child(stanza, STR("error"));
    const xmpp_stanza_t *child = error ? node_first_element(error) : NULL;

    while (child && node_is(child, NAME_NONE, NS_STANZA_ERRORS))
        child = node_next_element(child);
    return child ? node_name(child).s : NULL;
}

/* The first element that can be read. */
static void read_result_value(xmpp_result_t *result,
                              const xmpp_payload_t *payload)
{
    xmpp_stanza_t *child = node_first_element(result->stanza);
    int rc = XMPP_EARG;

    for (; child && rc == XMPP_EARG; child = node_next_element(child))
        rc = xmpp_payload_read(child, payload, &result->value);
    if (rc == 0)
        result->payload = payload;
    else
        result->status = rc == XMPP_EMEM ? rc : XMPP_EPROTO;
}

xmpp_result_t result_read(int status, xmpp_stanza_t *reply,
                          const xmpp_payload_t *payload)
{
    xmpp_result_t result = {.status = status, .stanza = reply};

    if (status == XMPP_ESTANZA) {
        result.condition =
            xmpp_stanza_get_error(reply, &result.type, &result.text);
        result.specific = specific_condition(reply);
    }
    if (status == 0 && payload)
        read_result_value(&result, payload);
    return result;
}

/* ---- for a person ------------------------------------------------ */

/* What the other side said, with what stands before and behind it. */
static void add_said(char *out, size_t size, const char *before,
                     const char *said, const char *behind)
{
    if (!said || !said[0])
        return;
    quote_append(out, size, before);
    quote_append(out, size, said);
    quote_append(out, size, behind);
}

int xmpp_result_format(const xmpp_result_t *result, char *buf, size_t size)
{
    char sentence[400] = "";

    if (result)
        quote_append(sentence, sizeof(sentence), xmpp_strerror(result->status));
    if (result && result->status == XMPP_ESTANZA) {
        add_said(sentence, sizeof(sentence), ": ", result->condition, "");
        add_said(sentence, sizeof(sentence), " (", result->specific, ")");
        add_said(sentence, sizeof(sentence), ": ", result->text, "");
    }
    return snprintf(buf, size, "%s", sentence);
}

/* ---- its delivery ------------------------------------------------ */

void result_report(const struct action *action, const xmpp_result_t *result)
{
    if (action->function)
        ((xmpp_result_handler)action->function)(action->slot.conn, result,
                                                action->slot.user.data);
}

/* Requests have the same limit for themselves. Neither count while they end. */
bool result_has_room(const xmpp_conn_t *conn)
{
    const struct dispatch *dispatch = &conn->dispatch;

    return dispatch->actions.waiting - requests_count(&dispatch->requests) <
           (size_t)conn->options[XMPP_OPT_MAX_REQUESTS];
}

/* ---- one request ------------------------------------------------- */

static void report_result(const struct asker *asker, xmpp_conn_t *conn,
                          int status, xmpp_stanza_t *reply, void *userdata)
{
    const xmpp_result_t result = result_read(status, reply, asker->payload);

    ((xmpp_result_handler)asker->function)(conn, &result, userdata);
}

int xmpp_request_within(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                        const xmpp_payload_t *payload, unsigned long timeout,
                        xmpp_result_handler handler, void *userdata)
{
    const struct slot_args args = {.user = {userdata, NULL}, .conn = conn};
    const struct asker asker = {(action_function)handler, report_result,
                                payload};

    return send_request(conn, iq, timeout, &asker, &args);
}

int xmpp_request(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                 const xmpp_payload_t *payload, xmpp_result_handler handler,
                 void *userdata)
{
    return xmpp_request_within(conn, iq, payload, 0, handler, userdata);
}

int xmpp_result_cancel(xmpp_conn_t *conn, xmpp_result_handler handler,
                       void *userdata)
{
    return send_cancel(conn, (action_function)handler, userdata);
}
