/* dispatch.c - one stanza past a row of takers. */

#include "dispatch/dispatch.h"

#include <xmpp/error.h>

#include "dispatch/pass.h"
#include "stanza/find.h"
#include "stanza/parse.h"
#include "stanza/scan.h"

#define WHOLE_TEXT 65536 /* of an element, to be looked at as a whole */

void dispatch_init(struct dispatch *d, struct env *env, struct slots *slots,
                   const struct guard_rules *rules)
{
    actions_init(&d->actions, env, slots);
    requests_init(&d->requests, &d->actions);
    d->takers = NULL;
    routes_init(&d->routes, env, slots);
    questions_init(&d->questions, env, &d->routes);
    guard_init(&d->guard, env, rules);
    members_init(&d->members, env);
    d->stanza = NULL;
}

struct routes *dispatch_takers(struct dispatch *d)
{
    if (d->takers)
        return d->takers;
    d->takers = env_alloc(d->routes.env, sizeof(*d->takers));
    if (d->takers)
        routes_init(d->takers, d->routes.env, d->routes.slots);
    return d->takers;
}

void dispatch_clear(struct dispatch *d)
{
    actions_clear(&d->actions);
    if (d->takers)
        routes_clear(d->takers);
    routes_clear(&d->routes);
}

void dispatch_free(struct dispatch *d)
{
    actions_free(&d->actions);
    requests_free(&d->requests);
    questions_free(&d->questions);
    if (d->takers)
        routes_free(d->takers);
    env_free(d->routes.env, d->takers);
    routes_free(&d->routes);
    guard_clear(&d->guard);
}

/* ---- out --------------------------------------------------------- */

int dispatch_will_send(struct dispatch *d, const xmpp_stanza_t *stanza,
                       struct question **ret)
{
    *ret = NULL;
    if (requests_have(&d->requests, node_attr(stanza, N_ID)))
        return 0; /* requests check the sender of their answer themselves */
    return questions_add(&d->questions, stanza, ret);
}

void dispatch_sent(struct dispatch *d, const xmpp_stanza_t *stanza)
{
    guard_sent(&d->guard, stanza);
}

/* Of an element that is too long, or not whole, the start tag alone: it has the
 * addressee and the id. */
static int parse_start_tag(struct env *env, struct str tag, xmpp_stanza_t **ret)
{
    char *text = env_alloc(env, tag.n + 2);
    int rc;

    if (!text)
        return XMPP_EMEM;
    memcpy(text, tag.s, tag.n - 1);
    strcpy(text + tag.n - 1, tag.s[tag.n - 2] == '/' ? ">" : "/>");
    rc = parse_string(env, text, ret);
    env_free(env, text);
    return rc;
}

static int parse_element(struct env *env, struct str element, struct str tag,
                         xmpp_stanza_t **ret)
{
    char *text;
    int rc = XMPP_EXML;

    *ret = NULL;
    if (element.n <= WHOLE_TEXT) {
        text = env_strndup(env, element.s, element.n);
        rc = text ? parse_string(env, text, ret) : XMPP_EMEM;
        env_free(env, text);
    }
    return *ret || rc == XMPP_EMEM ? rc : parse_start_tag(env, tag, ret);
}

static int sends_element(struct dispatch *d, struct str element, struct str tag)
{
    struct question *question;
    xmpp_stanza_t *node;
    int rc = parse_element(d->routes.env, element, tag, &node);

    if (node)
        rc = dispatch_will_send(d, node, &question);
    if (node && rc == 0)
        dispatch_sent(d, node);
    xmpp_stanza_release(node);
    return rc == XMPP_EMEM ? rc : 0; /* what is not XML requests nothing */
}

int dispatch_will_send_text(struct dispatch *d, struct str text)
{
    int rc = 0;

    while (text.n && rc == 0) {
        bool is_stanza;
        size_t n = scan_element(text, &is_stanza);
        struct str tag = scan_start_tag(str_n(text.s, n));

        if (is_stanza && str_starts(tag, STR("<iq")))
            rc = sends_element(d, str_n(text.s, n), tag);
        text = str_n(text.s + n, text.n - n);
    }
    return rc;
}

/* ---- in ---------------------------------------------------------- */

bool dispatch_other(struct dispatch *d, xmpp_conn_t *conn,
                    xmpp_stanza_t *element)
{
    /* Only handlers of exactly this namespace: a handler of "message" must not
     * get <message xmlns='urn:evil'/>. */
    bool delivered = routes_fire_ns(&d->routes, conn, element);

    return delivered || node_is(element, NAME_NONE, NS_SM);
}

static int ignore(struct dispatch *d, const char *why)
{
    env_log(d->guard.env, XMPP_LEVEL_WARN, "xmpp", "ignored: %s", why);
    return DISPATCH_DONE;
}

/* libstrophe's programs send iq requests and wait for the answers in handlers
 * by id. Most of these handlers check neither the sender nor the type. So an
 * answer gets there only if it answers a request of ours (RFC 6120 section
 * 8.1.2.1), and a request of others only while no open request has its id. */
static bool is_for_ids(struct dispatch *d, const xmpp_stanza_t *stanza,
                       bool answers_us)
{
    struct str id;

    if (answers_us || !node_is(stanza, N_IQ, NAME_NONE))
        return true;
    id = node_attr(stanza, N_ID);
    if (!id.s)
        return true;
    if (node_is_question(stanza) && !questions_have(&d->questions, id) &&
        !requests_have(&d->requests, id))
        return true;
    if (routes_have_id(&d->routes, id))
        env_log(d->guard.env, XMPP_LEVEL_WARN, "xmpp",
                "not delivered to handlers of its id: it answers no request "
                "that was sent to its sender");
    return false;
}

/* What answers us is for nobody's rows. */
static int take(struct dispatch *d, xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                struct str self)
{
    const struct pass_place place = {&d->members, &d->requests, conn, self};
    int rc = pass_stanza(&place, stanza);

    if (rc == 0 && d->takers && node_is_question(stanza))
        rc = routes_take(d->takers, conn, stanza);
    return rc;
}

/* An answer to a request of ours is what we wanted. Only other answers have to
 * be of a sender that the guard knows: NULL, or why not. */
static const char *match_answer(struct dispatch *d, xmpp_stanza_t *answer,
                                struct str self, bool *ret_answers_us)
{
    bool answers_us = questions_answer(&d->questions, answer, self);

    answers_us |= requests_answer(&d->requests, answer, self);
    *ret_answers_us = answers_us;
    return answers_us ? NULL : guard_refuses_answer(&d->guard, answer, self);
}

static int deliver_all(struct dispatch *d, xmpp_conn_t *conn,
                       xmpp_stanza_t *stanza, struct str self)
{
    const char *refused = guard_refuses(&d->guard, stanza, self);
    bool is_answer = node_is_answer(stanza), answers_us = false, taken = false;
    bool is_ours = node_is(stanza, N_IQ, NAME_NONE) && !is_answer;
    int rc;

    if (!refused && is_answer)
        refused = match_answer(d, stanza, self, &answers_us);
    /* No answer either: RFC 6121 section 2.1.6 says so of roster pushes. */
    if (refused)
        return ignore(d, refused);
    rc = take(d, conn, stanza, self);
    if (rc)
        return rc < 0 ? rc : DISPATCH_DONE;
    if (is_for_ids(d, stanza, answers_us))
        taken = routes_fire_id(&d->routes, conn, stanza);
    /* These get all answers, because some programs match them by themselves. */
    taken |= routes_fire(&d->routes, conn, stanza);
    return is_ours && !taken ? DISPATCH_UNTAKEN : DISPATCH_DONE;
}

int dispatch_stanza(struct dispatch *d, xmpp_conn_t *conn,
                    xmpp_stanza_t *stanza, struct str self)
{
    xmpp_stanza_t *outer = d->stanza; /* whose handler runs the loop */
    int rc;

    d->stanza = stanza;
    rc = deliver_all(d, conn, stanza, self);
    d->stanza = outer;
    return rc;
}

bool dispatch_skipped(struct dispatch *d, const xmpp_stanza_t *stub,
                      struct str self)
{
    if (guard_refuses(&d->guard, stub, self))
        return true;
    /* No handler by id gets the stub, but its request is answered. */
    questions_answer(&d->questions, stub, self);
    return requests_answer_lost(&d->requests, stub, self) ||
           !node_is_question(stub);
}
