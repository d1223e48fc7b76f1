/* step_bind.c - getting an address: binding a resource (RFC 6120 section 7). */

#include "stream/step_bind.h"

#include <stdio.h>

#include "address/jid.h"
#include "base/code.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"

#define BIND_ID "bind"
#define SESSION_ID "session"

static xmpp_stanza_t *question(struct stream *s, struct str id)
{
    xmpp_stanza_t *iq = build_root(s->env, N_IQ, NAME_NONE);

    if (iq) {
        node_set(iq, N_TYPE, STR("set"));
        node_set(iq, N_ID, id);
    }
    return iq;
}

/* Is this part of it what we wanted, in normal form? */
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

/* Is it the answer? An error ends the login. */
static bool is_result(struct stream *s, xmpp_stanza_t *node, struct str id)
{
    struct str condition, text;

    if (!node_is(node, N_IQ, NS_CLIENT) || !str_eq(node_attr(node, N_ID), id)) {
        engine_fail_unexpected(s, node);
        return false;
    }
    if (!is_from_server(s, node)) {
        engine_fail(s, XMPP_EPROTO,
                    "somebody else answered the request for an address");
        return false;
    }
    if (str_is(node_attr(node, N_TYPE), "result"))
        return true;
    condition_read(node_child(node, N_ERROR, NS_CLIENT), NS_STANZA_ERRORS,
                   &condition, &text);
    fault_set_peer(s->fault, XMPP_LAYER_BIND, XMPP_EBIND, condition, text);
    engine_give_up(s);
    return false;
}

/* ---- binding ----------------------------------------------------- */

void step_bind_begin(struct stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *session = node_child(features, N_SESSION, NS_SESSION);
    xmpp_stanza_t *iq, *bind;

    s->step = STEP_BIND;
    s->session_demanded =
        session && !node_child(session, N_OPTIONAL, NS_SESSION);
    if (!node_child(features, N_BIND, NS_BIND)) {
        engine_fail(s, XMPP_EBIND, "resource binding is not offered");
        return;
    }
    engine_to(s, STEP_BIND);
    iq = question(s, STR(BIND_ID));
    bind = build_child(iq, N_BIND, NS_BIND);
    if (s->wanted->resource.s)
        build_text(build_child(bind, N_RESOURCE, NAME_NONE),
                   s->wanted->resource);
    engine_send(s, iq);
}

/* Whose address we got is what the server decides about us: another account
 * than the one that logged in is one of its mistakes, or an attack. Where
 * servers may choose (RFC 6120 section 7.6) the application has to say so. */
static const char *judge(struct stream *s, const xmpp_jid_t *jid, bool is_full)
{
    struct str local = s->wanted->local;
    bool may_choose = s->wanted->options[XMPP_OPT_BIND_OTHER_ACCOUNT];

    if (!jid->local_size)
        return "an address without an account";
    if (is_full && !jid->resource_size)
        return "an address without a resource";
    if (jid->unprepared & (unsigned)XMPP_JID_LOCAL)
        return "whose localpart is not valid (RFC 7622 section 3.3)";
    if (!has_wanted(jid, XMPP_JID_DOMAIN, s->wanted->domain))
        return "which is of another domain than the account";
    if (local.s && !may_choose && !has_wanted(jid, XMPP_JID_LOCAL, local))
        return "which is another account than the one that logged in "
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
        engine_fail(s, XMPP_EMEM, NULL);
    else
        wrong = rc ? "not an address" : judge(s, &jid, is_full);
    if (wrong) {
        snprintf(detail, sizeof(detail), "the server gave '%s', %s",
                 quote(&quoted, text), wrong);
        engine_fail(s, XMPP_EBOUNDJID, detail);
    }
    return !rc && !wrong;
}

bool step_bind_keep(struct stream *s, struct str text)
{
    env_free(s->env, s->jid);
    s->jid = env_strndup(s->env, text.s, text.n);
    s->agreed.jid = str_n(s->jid, s->jid ? text.n : 0);
    return s->jid != NULL;
}

void step_bind_receive(struct stream *s, xmpp_stanza_t *node)
{
    struct str jid;

    if (!is_result(s, node, STR(BIND_ID)))
        return;
    jid = node_text(
        node_child(node_child(node, N_BIND, NS_BIND), N_JID, NS_BIND));
    if (!step_bind_is_ours(s, jid, true))
        return;
    if (!step_bind_keep(s, jid)) {
        engine_fail(s, XMPP_EMEM, NULL);
    } else if (s->session_demanded) {
        xmpp_stanza_t *iq = question(s, STR(SESSION_ID));

        build_child(iq, N_SESSION, NS_SESSION);
        engine_to(s, STEP_SESSION);
        engine_send(s, iq);
    } else {
        engine_to(s, STEP_ENABLE);
    }
}

void step_session_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (is_result(s, node, STR(SESSION_ID)))
        engine_to(s, STEP_ENABLE);
}
