/* onward.c - a target turned out to be of no use: whether the login goes on at
 * the next one.
 *
 * No attacker gains by sending us there: the next target has to meet the same
 * demands, or stricter ones, and nothing of the account was sent before. */

#include "conn/onward.h"

#include "conn/causes.h"
#include "conn/discovery.h"

/* Failures that are of this one target. All others are of the account, of this
 * side, or of a policy, and the next target would not mend them. */
static bool is_of_target(const struct fault *fault)
{
    static const int codes[] = {
        XMPP_ETIMEOUT,  XMPP_ELOST,     XMPP_EEOF,        XMPP_EDANE,
        XMPP_ECERTPIN,  XMPP_ETLS,      XMPP_ENOTLS,      XMPP_ECERT,
        XMPP_ECERTNAME, XMPP_ECERTTIME, XMPP_ECERTISSUER, XMPP_ECERTREVOKED,
        XMPP_EINJECT,   XMPP_EXML,      XMPP_ERESTRICTED, XMPP_EPREFIX,
        XMPP_EENCODING, XMPP_ELIMIT,    XMPP_EMECH,       XMPP_ESTREAM,
        XMPP_EPROTO,    XMPP_EVERSION,  XMPP_EWEBSOCKET,
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i] == fault->code)
            /* A server that sends us elsewhere does not mean its neighbour. */
            return strcmp(fault->condition, "see-other-host") != 0;
    return false;
}

/* On a raw connection the application takes over as soon as bytes can
 * travel. */
bool onward_is_open(const struct attempt *attempt)
{
    bool is_raw = attempt->account.wanted.kind == STREAM_RAW;

    return !attempt->is_up && !attempt->stop_requested &&
           !attempt->conn->dying && attempt->stream &&
           !stream_agreed(attempt->stream)->login_begun &&
           !(is_raw && attempt->opened);
}

/* A proxy that leads to the ports of the web only may lead to a WebSocket. */
static bool is_of_port(const struct attempt *attempt)
{
    return attempt->fault.code == XMPP_EPROXY && discovery_has_more(attempt);
}

bool onward_take(struct attempt *attempt)
{
    const struct target *at = attempt->target;
    const struct fault *fault = &attempt->fault;
    char words[640];

    if (!attempt->dial || !attempt->has_transport ||
        !(is_of_target(fault) || is_of_port(attempt)) ||
        !onward_is_open(attempt) || attempt->cert_refused ||
        !(dial_has_more(attempt->dial) || attempt->by_location ||
          discovery_has_more(attempt)))
        return false;
    causes_add(attempt->conn, at, fault);
    fault_describe(fault, words, sizeof(words));
    env_log(attempt->env, XMPP_LEVEL_WARN, "conn",
            "%s port %u cannot be used, so the next target is tried: %s",
            at->host, at->port, words);
    return true;
}

/* The server offered TLS, so a network where the next one does not is not to be
 * believed. */
static void demand_tls(struct attempt *from)
{
    struct wanted *wanted = &from->account.wanted;
    bool had_tls = from->target->direct_tls || from->tls_stage ||
                   from->fault.layer == XMPP_LAYER_TLS;

    if (had_tls && wanted->tls == TLS_OPTIONAL)
        wanted->tls = TLS_REQUIRED;
}

static void move_reason(struct attempt *to, struct attempt *from)
{
    if (!attempt_keep_reason(to, &from->fault))
        return;
    xmpp_stanza_release(to->earlier->stream_error);
    to->earlier->stream_error = from->stream_error;
    from->stream_error = NULL;
}

void onward_move(struct attempt *to, struct attempt *from)
{
    to->dial = from->dial;
    from->dial = NULL;
    to->by_location = from->by_location;
    discovery_move(to, from);
    to->srv_port = from->srv_port;
    to->earlier = from->earlier;
    from->earlier = NULL;
    move_reason(to, from);
    demand_tls(from);
}

void onward_conclude(struct attempt *attempt)
{
    if (attempt->has_transport) {
        if (fault_is_set(&attempt->fault) && !attempt->is_up)
            causes_add(attempt->conn, attempt->target, &attempt->fault);
        return;
    }
    /* The last target that could at least be connected to says most. */
    if (!attempt->earlier || !fault_is_set(&attempt->earlier->fault) ||
        attempt->fault.layer == XMPP_LAYER_APP ||
        !fault_is_set(&attempt->fault))
        return;
    attempt->fault = attempt->earlier->fault;
    attempt->stream_error = attempt->earlier->stream_error;
    attempt->earlier->stream_error = NULL;
}
