/* step_bind.c - getting an address: binding a resource (RFC 6120 section 7),
 * and the session that RFC 3921 wanted behind it. */

#include "stream/step_bind.h"

#include <stdio.h>

#include "address/jid.h"
#include "base/quote.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/ack.h"
#include "stream/step_sm.h"
#include "stream/steps.h"

#define BIND_ID "bind"
#define SESSION_ID "session"

static xmpp_stanza_t *new_iq(struct stream *s, struct str id)
{
    xmpp_stanza_t *iq = build_root(s->env, N_IQ, NAME_NONE);

    if (iq) {
        node_set(iq, N_TYPE, STR("set"));
        node_set(iq, N_ID, id);
    }
    return iq;
}

/* Is this part of it what we wanted? Trust is decided by the normal form, so a
 * part without one never is. */
static bool has_wanted(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                       struct str wanted)
{
    return !(jid->unprepared & (unsigned)part) &&
           str_eq(jid_view(jid, part), wanted);
}

/* The server speaks for itself or for the account, whose resource may be known
 * only to it (RFC 6120 section 8.1.2.1). */
static bool is_from_server(struct stream *s, const xmpp_stanza_t *node)
{
    struct str from = node_attr(node, N_FROM);
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    if (!from.s)
        return true;
    return !jid_parse(from, XMPP_JID_LENIENT, room, &jid, NULL) &&
           has_wanted(&jid, XMPP_JID_DOMAIN, s->wanted->domain) &&
           (!jid.local_size || !s->wanted->local.s || s->agreed.jid.n ||
            has_wanted(&jid, XMPP_JID_LOCAL, s->wanted->local));
}

/* Is it the answer? STEP_DONE if the request was granted. */
static enum verdict take_answer(struct stream *s, xmpp_stanza_t *node,
                                struct str id)
{
    struct str condition, text;

    if (!node_is(node, N_IQ, NS_CLIENT) || !str_eq(node_attr(node, N_ID), id))
        return step_unexpected(s, node);
    if (!is_from_server(s, node))
        return step_fail(s, XMPP_EPROTO,
                         "somebody else answered the request for an address");
    if (str_is(node_attr(node, N_TYPE), "result"))
        return STEP_DONE;
    condition_read(node_child(node, N_ERROR, NS_CLIENT), NS_STANZA_ERRORS,
                   &condition, &text);
    fault_set_peer(s->fault, XMPP_LAYER_BIND, XMPP_EBIND, condition, text);
    return STEP_FAIL;
}

/* ---- whose address it is ----------------------------------------- */

/* A client that accepts the address of another account would act under a
 * foreign name without knowing. A server may choose one (RFC 6120 section 7.6),
 * but hardly any does, so the application has to allow it. Another domain is
 * never accepted. */
static const char *judge_address(struct stream *s, const xmpp_jid_t *jid,
                                 bool is_full)
{
    struct str local = s->wanted->local;
    bool may_choose = s->wanted->options[XMPP_OPT_BIND_OTHER_ACCOUNT];

    if (!jid->local_size)
        return "which has no localpart";
    if (is_full && !jid->resource_size)
        return "which has no resource";
    if (jid->unprepared & (unsigned)XMPP_JID_LOCAL)
        return "whose localpart is not valid (RFC 7622 section 3.3)";
    if (!has_wanted(jid, XMPP_JID_DOMAIN, s->wanted->domain))
        return "which is not in the domain of the account";
    if (local.s && !may_choose && !has_wanted(jid, XMPP_JID_LOCAL, local))
        return "which is not the account that logged in "
               "(XMPP_OPT_BIND_OTHER_ACCOUNT would allow it)";
    return NULL;
}

bool step_bind_is_ours(struct stream *s, struct str text, bool is_full)
{
    const char *wrong = NULL;
    char room[XMPP_JID_BUFFER_SIZE], detail[256];
    struct quote quoted;
    xmpp_jid_t jid;
    int rc = jid_parse(text, XMPP_JID_LENIENT, room, &jid, NULL);

    if (rc == XMPP_EMEM)
        step_fail(s, XMPP_EMEM, NULL);
    else
        wrong = rc ? "which is not a valid address"
                   : judge_address(s, &jid, is_full);
    if (wrong) {
        snprintf(detail, sizeof(detail), "the server gave '%s', %s",
                 quote(&quoted, text), wrong);
        fault_set(s->fault, XMPP_LAYER_BIND, XMPP_EBOUNDJID, "%s", detail);
    }
    return !rc && !wrong;
}

/* ---- binding ----------------------------------------------------- */

static bool bind_offered(struct stream *s)
{
    return !step_has(s, FACT_BOUND);
}

static enum verdict bind_begin(struct stream *s)
{
    xmpp_stanza_t *features = s->login->features;
    xmpp_stanza_t *session = node_child(features, N_SESSION, NS_SESSION);
    xmpp_stanza_t *iq, *bind;

    if (session && !node_child(session, N_OPTIONAL, NS_SESSION))
        step_set(s, FACT_NEEDS_SESSION);
    if (!node_child(features, N_BIND, NS_BIND))
        return step_fail(s, XMPP_EBIND,
                         "the server does not offer resource binding");
    iq = new_iq(s, STR(BIND_ID));
    bind = build_child(iq, N_BIND, NS_BIND);
    if (s->wanted->resource.s)
        build_text(build_child(bind, N_RESOURCE, NAME_NONE),
                   s->wanted->resource);
    if (!step_sm_may_hurry(s))
        return step_send(s, iq);
    step_set(s, FACT_ENABLE_SENT);
    s->agreed.paths |= PATH_EARLY_SM;
    return step_send_two(s, iq, step_sm_put_enable(s, NULL));
}

/* Only the answer says the address: the server may choose another resource than
 * the requested one (RFC 6120 section 7.7.2.2). */
static enum verdict bind_receive(struct stream *s, xmpp_stanza_t *node)
{
    enum verdict verdict;
    struct str jid = node_text(
        node_child(node_child(node, N_BIND, NS_BIND), N_JID, NS_BIND));

    /* It came to <enable/> first, which is then sent once more. */
    if (step_has(s, FACT_ENABLE_SENT) && ack_is(node, "failed")) {
        step_clear(s, FACT_ENABLE_SENT);
        return STEP_WAIT;
    }
    verdict = take_answer(s, node, STR(BIND_ID));
    if (verdict != STEP_DONE)
        return verdict;
    if (!step_bind_is_ours(s, jid, true))
        return STEP_FAIL;
    if (!step_keep_jid(s, jid))
        return step_fail(s, XMPP_EMEM, NULL);
    step_set(s, FACT_BOUND);
    return STEP_DONE;
}

const struct step step_bind = {
    .name = "bind",
    .layer = XMPP_LAYER_BIND,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "after a resource was requested (resource binding)",
    .missing = "the server did not answer the request for a resource "
               "(resource binding)",
    .offered = bind_offered,
    .begin = bind_begin,
    .receive = bind_receive,
};

/* ---- a session --------------------------------------------------- */

/* RFC 6121 has no such session. A server that does not mark it as optional may
 * be an old one, which takes no stanza before it. */
static bool session_offered(struct stream *s)
{
    return step_has(s, FACT_NEEDS_SESSION);
}

static enum verdict session_begin(struct stream *s)
{
    xmpp_stanza_t *iq = new_iq(s, STR(SESSION_ID));

    build_child(iq, N_SESSION, NS_SESSION);
    return step_send(s, iq);
}

static enum verdict session_receive(struct stream *s, xmpp_stanza_t *node)
{
    return take_answer(s, node, STR(SESSION_ID));
}

const struct step step_session = {
    .name = "session",
    .layer = XMPP_LAYER_BIND,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "after a session was requested",
    .missing = "the server did not answer the request for a session (RFC 3921)",
    .offered = session_offered,
    .begin = session_begin,
    .receive = session_receive,
};
