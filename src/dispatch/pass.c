/* pass.c - one stanza past the rows of all modules in use. */

#include "dispatch/pass.h"

#include <xmpp/error.h>

#include "dispatch/hits.h"
#include "dispatch/sender.h"
#include "stanza/find.h"

/* Modules judge these, once for a stanza. ASKED depends on the row, too. */
#define JUDGED_LATER                                                           \
    (XMPP_SENDER_CONTACT | XMPP_SENDER_SEEN | XMPP_SENDER_ROOM |               \
     XMPP_SENDER_SELF)

/* A message, presence or iq on its way; what is in an envelope is another one,
 * with the envelope as `outer`. `set` stays what it was at the beginning, so a
 * module that comes into use meanwhile does not get the rest. The addresses are
 * read when the first row fits. */
struct _xmpp_passing_t {
    const struct pass_place *place;
    struct module_set *set;
    unsigned long turn; /* of the members, at the beginning */
    struct _xmpp_passing_t *outer;
    unsigned depth;
    bool is_read, unwrapped;
    bool is_seen;    /* a row got it */
    bool is_unknown; /* who sent it: there was no memory to read that */
    xmpp_inbound_t in;
    xmpp_jid_t from, to;
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    unsigned known, judged; /* of JUDGED_LATER: what holds, what was judged */
    int refusal;            /* of an iq: why a row could not get it */
};

/* ---- senders ----------------------------------------------------- */

static const xmpp_jid_t *read_address(const xmpp_stanza_t *stanza,
                                      enum name_id name, char *room,
                                      xmpp_jid_t *jid)
{
    struct str text = node_attr(stanza, name);

    return text.s && jid_parse(text, XMPP_JID_LENIENT, room, jid, NULL) == 0
               ? jid
               : NULL;
}

/* What others hand on proves nothing about third parties: an archive that is
 * not ours could put words into anybody's mouth, and so could an occupant of a
 * room, whose address differs from that of another by its resource only. */
static unsigned bits_of_inner(struct _xmpp_passing_t *p)
{
    const xmpp_inbound_t *outer = &p->outer->in;
    bool is_whole = outer->from && outer->from->resource_size;

    if (!outer->is_unverified &&
        ((outer->sender & XMPP_SENDER_ACCOUNT) ||
         xmpp_jid_equal(outer->from, p->in.from,
                        is_whole ? XMPP_JID_FULL : XMPP_JID_BARE)))
        return sender_bits(p->in.from, p->place->self);
    p->in.is_unverified = 1;
    return XMPP_SENDER_ANYONE;
}

static void read_sender(struct _xmpp_passing_t *p)
{
    const xmpp_stanza_t *message = p->in.message;

    if (p->is_read)
        return;
    p->is_read = true;
    p->in.from = read_address(message, N_FROM, p->rooms[0], &p->from);
    p->in.to = read_address(message, N_TO, p->rooms[1], &p->to);
    p->is_unknown = !p->in.from && node_attr(message, N_FROM).s;
    p->in.sender =
        p->outer ? bits_of_inner(p) : sender_bits(p->in.from, p->place->self);
}

static unsigned judge_later(struct _xmpp_passing_t *p, const xmpp_row_t *row)
{
    unsigned wanted = row->sender & JUDGED_LATER & ~p->judged;

    p->judged |= wanted;
    p->known |=
        sender_known(p->place->members, p->place->conn, p->in.from, wanted);
    return p->known & row->sender;
}

static unsigned senders_for(struct _xmpp_passing_t *p, const xmpp_row_t *row)
{
    unsigned bits = p->in.sender;

    if (p->in.is_unverified)
        return bits;
    if (row->sender & JUDGED_LATER)
        bits |= judge_later(p, row);
    if (row->sender & XMPP_SENDER_ASKED &&
        requests_ask(p->place->requests, p->in.from, str_of(row->ns)))
        bits |= XMPP_SENDER_ASKED;
    return bits;
}

/* ---- calling one row --------------------------------------------- */

/* Lost or released inside a handler: nobody gets the rest. */
static bool is_over(const struct _xmpp_passing_t *p)
{
    return p->place->members->turn != p->turn;
}

static void pass_log(const struct _xmpp_passing_t *p, const struct member *m,
                     const char *why)
{
    env_log(p->place->members->env, XMPP_LEVEL_DEBUG, m->module->name,
            "ignored: %s", why);
}

/* Who has no access is not to learn by it that we are there (XEP-0199 section
 * 8, XEP-0030 section 8): a query is answered as by the server of somebody who
 * is not. */
static int code_without_access(const xmpp_row_t *row)
{
    return row->kind == XMPP_ROW_IQ_GET ? XMPP_ENOSERVICE : XMPP_EAUTH;
}

static bool refuse_row(struct _xmpp_passing_t *p, const struct member *m,
                       int code, const char *why)
{
    if (!p->refusal || code == XMPP_EMEM)
        p->refusal = code;
    pass_log(p, m, why);
    return false;
}

static int read_inbound_value(const struct set_row *r, xmpp_inbound_t *in)
{
    const xmpp_payload_t *payload = r->row->payload;
    xmpp_stanza_t *from = in->element;

    /* A retracted item has no content. */
    if (!from && r->row->kind != XMPP_ROW_NODE)
        from = in->message;
    return payload && from ? xmpp_payload_read(from, payload, &in->value) : 0;
}

/* False if the row may not get it. *ret is what the handler returned. */
static bool call_row(struct _xmpp_passing_t *p, const struct set_row *r,
                     const xmpp_inbound_t *what, int *ret)
{
    struct member *m = p->place->members->list[r->place];
    xmpp_conn_t *conn = p->place->conn;
    xmpp_inbound_t in = *what;
    int rc;

    in.sender = senders_for(p, r->row);
    if (!(in.sender & r->row->sender))
        return refuse_row(p, m, XMPP_ENOSERVICE, "its sender may not send it");
    if (m->access && !m->access(conn, in.from, in.element, m->access_userdata))
        return refuse_row(p, m, code_without_access(r->row),
                          "its sender has no access");
    if (is_over(p))
        return false;
    rc = read_inbound_value(r, &in);
    if (rc)
        return refuse_row(p, m, rc == XMPP_EMEM ? rc : XMPP_EARG,
                          "its payload cannot be read");
    p->is_seen = true;
    *ret = r->row->handler(conn, &in, m->state);
    return true;
}

/* ---- walking ----------------------------------------------------- */

/* For want of memory. As no sender it would be our own account. */
static bool is_from_nobody(struct _xmpp_passing_t *p)
{
    read_sender(p);
    if (p->is_unknown)
        p->refusal = XMPP_EMEM;
    return p->is_unknown;
}

/* Once for each child by which the row fits. The next one is found before the
 * call, because a handler may take its own out of the stanza. */
static int call_hit(struct _xmpp_passing_t *p, const struct hit *hit,
                    const struct quarry *q)
{
    xmpp_stanza_t *next = hit->child;
    xmpp_inbound_t in;
    int rc = 0;

    if (is_over(p) || is_from_nobody(p))
        return 0;
    in = p->in;
    in.passing = p;
    do {
        int result = 0;

        in.element = next;
        next = hit_next_child(hit, q, next);
        call_row(p, hit->row, &in, &result);
        rc = result ? result : rc;
    } while (next && !is_over(p));
    return rc;
}

/* All that fit, or those up to the first that takes it (`is_exclusive`): that
 * is for an iq, which has one child. Returns the last result that is not 0. */
static int walk(struct _xmpp_passing_t *p, unsigned kind, bool is_exclusive)
{
    const struct quarry q = {p->set, p->in.message, kind,
                             p->in.via == XMPP_VIA_STREAM};
    struct hits h;
    int rc = 0;

    if (!set_has(p->set, kind))
        return 0;
    h.past = NULL;
    do {
        hits_find(&h, &q);
        for (size_t i = 0; i < h.n && !(rc && is_exclusive); i++) {
            int result = call_hit(p, &h.list[i], &q);

            rc = result ? result : rc;
        }
    } while (h.more && !(rc && is_exclusive) && !is_over(p));
    return rc;
}

static void walk_message(struct _xmpp_passing_t *p)
{
    int wrapped = walk(p, XMPP_ROW_WRAP, false);

    if (!wrapped && !p->unwrapped)
        walk(p, XMPP_ROW_MESSAGE, false);
}

/* That one row may not get it says nothing once another has seen it. But what
 * failed for want of memory might have been taken. */
static int pass_refusal(const struct _xmpp_passing_t *p)
{
    return p->is_seen && p->refusal != XMPP_EMEM ? PASS_UNTAKEN : p->refusal;
}

/* Exactly one element, else it is malformed (RFC 6120 section 8.2.3). */
static int walk_iq(struct _xmpp_passing_t *p)
{
    const xmpp_stanza_t *iq = p->in.message;
    bool is_get = str_is(node_attr(iq, N_TYPE), "get");
    const xmpp_stanza_t *child = node_first_element(iq);
    int rc;

    if (!child || node_next_element(child))
        return PASS_UNTAKEN;
    rc = walk(p, is_get ? XMPP_ROW_IQ_GET : XMPP_ROW_IQ_SET, true);
    if (rc)
        return rc < 0 ? rc : PASS_TAKEN;
    return is_over(p) ? PASS_TAKEN : pass_refusal(p);
}

static void passing_begin(struct _xmpp_passing_t *p,
                          const struct pass_place *place,
                          xmpp_stanza_t *message)
{
    p->place = place;
    p->set = place->members->set;
    p->turn = place->members->turn;
    p->outer = NULL;
    p->depth = 0;
    p->is_read = p->unwrapped = p->is_seen = p->is_unknown = false;
    p->known = p->judged = 0;
    p->refusal = 0;
    memset(&p->in, 0, sizeof(p->in));
    p->in.stanza = p->in.message = message;
    set_hold(p->set);
}

int pass_stanza(const struct pass_place *place, xmpp_stanza_t *stanza)
{
    struct _xmpp_passing_t p;
    int rc = PASS_UNTAKEN;

    if (!place->members->set || !place->members->is_up)
        return rc;
    passing_begin(&p, place, stanza);
    if (node_is_question(stanza))
        rc = walk_iq(&p);
    else if (node_is(stanza, N_MESSAGE, NAME_NONE))
        walk_message(&p);
    else if (node_is(stanza, N_PRESENCE, NAME_NONE))
        walk(&p, XMPP_ROW_PRESENCE, false);
    set_release(p.set);
    return rc;
}

/* ---- what modules hand on ---------------------------------------- */

/* XEP-0297 section 3.2: what is forwarded declares its namespace. What a module
 * built has none. */
static bool is_inner_message(const xmpp_stanza_t *inner)
{
    struct str ns = node_ns(inner);

    return node_is(inner, N_MESSAGE, NAME_NONE) &&
           (!ns.s || str_is(ns, XMPP_NS_CLIENT) ||
            str_is(ns, XMPP_NS_COMPONENT));
}

/* Why it cannot be handed on, or NULL. A missing sender would mean our own
 * account. */
static const char *wrong_inner(struct _xmpp_passing_t *p)
{
    struct str from = node_attr(p->in.message, N_FROM);

    if (p->depth > UNWRAP_MOST)
        return "too many envelopes are in each other";
    if (!is_inner_message(p->in.message))
        return "what is in an envelope is not a message";
    if (!from.s && !(p->outer->in.sender & XMPP_SENDER_ACCOUNT))
        return "a message in an envelope has no sender";
    read_sender(p);
    return from.s && !p->in.from
               ? "the sender of a message in an envelope is not a valid address"
               : NULL;
}

void pass_unwrapped(const xmpp_inbound_t *in, xmpp_stanza_t *inner,
                    xmpp_via_t via)
{
    struct _xmpp_passing_t *outer = in->passing, p;
    const char *wrong;

    outer->unwrapped = true;
    passing_begin(&p, outer->place, inner);
    p.turn = outer->turn;
    p.outer = outer;
    p.depth = outer->depth + 1;
    p.in.stanza = in->stanza;
    p.in.via = via;
    wrong = wrong_inner(&p);
    if (wrong)
        env_log(p.place->members->env, XMPP_LEVEL_WARN, "xmpp", "ignored: %s",
                wrong);
    else
        walk_message(&p);
    set_release(p.set);
}

int pass_item(const xmpp_inbound_t *in, const xmpp_inbound_t *item)
{
    struct _xmpp_passing_t *p = in->passing;
    struct module_set *set = p->set;
    int count = 0, ignored;

    set_hold(set);
    for (const struct set_row *r =
             set_find(set, XMPP_ROW_NODE, str_of(item->node));
         r && !is_over(p); r = set_find_next(set, r))
        count += call_row(p, r, item, &ignored);
    set_release(set);
    return count;
}

void pass_offer(const struct pass_place *place, struct member *member,
                const xmpp_row_t *row, xmpp_stanza_t *feature)
{
    const xmpp_inbound_t in = {.stanza = feature,
                               .message = feature,
                               .element = feature,
                               .sender =
                                   XMPP_SENDER_ANYONE | XMPP_SENDER_SERVER};

    row->handler(place->conn, &in, member->state);
}
