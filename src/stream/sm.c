/* sm.c - XEP-0198 as data: counters, and what is not acknowledged. */

#include "stream/sm.h"

/* ---- life -------------------------------------------------------- */

xmpp_sm_state_t *sm_new(struct env *env)
{
    xmpp_sm_state_t *sm = env_zalloc(env, sizeof(*sm));

    if (!sm)
        return NULL;
    sm->env = env;
    env_enter(env);
    outbox_init(&sm->out, env);
    return sm;
}

static void clear(xmpp_sm_state_t *sm, char **member)
{
    env_free(sm->env, *member);
    *member = NULL;
}

void sm_free(xmpp_sm_state_t *sm)
{
    struct env *env;

    if (!sm)
        return;
    env = sm->env;
    sm_forget(sm);
    clear(sm, &sm->owner);
    outbox_free(&sm->out);
    env_free(env, sm);
    env_leave(env);
}

/* The stanzas of one account must not be sent by another. The copy is made
 * first: without memory nothing changes. */
int sm_own(xmpp_sm_state_t *sm, struct str account)
{
    bool same = sm->owner && str_eq(str_of(sm->owner), account);
    bool other = sm->owner && !same;
    size_t unreported;
    char *copy;

    if (same)
        return 0;
    copy = env_strndup(sm->env, account.s, account.n);
    if (!copy)
        return XMPP_EMEM;
    clear(sm, &sm->owner);
    sm->owner = copy;
    if (!other)
        return 0;
    sm_forget(sm);
    outbox_stop(&sm->out);
    unreported = outbox_give_back(&sm->out, true, XMPP_ENOTCONN);
    return unreported < INT32_MAX ? (int)unreported : INT32_MAX;
}

/* ---- counting ---------------------------------------------------- */

/* Counts are modulo 2^32: one that is more than half of that ahead has gone
 * back. */
#define BEHIND 0x80000000U

/* The process went on after it saved its state for the last time. A count that
 * is higher than ours shows that the peer has everything. A count that went
 * back shows nothing. */
static void all_handled(xmpp_sm_state_t *sm)
{
    size_t all = sm->out.unacked + outbox_doubted(&sm->out);

    env_log(sm->env, XMPP_LEVEL_WARN, "xmpp",
            "the saved state is older than the session: the server already has "
            "all %zu stanzas that it holds",
            all);
    outbox_presume(&sm->out, outbox_doubted(&sm->out));
    outbox_ack(&sm->out, all);
    sm->acked += (uint32_t)all;
    sm->changes++;
}

bool sm_acknowledge(xmpp_sm_state_t *sm, uint32_t h)
{
    uint32_t more = h - sm->acked;
    size_t known = sm->out.unacked;

    /* The peer may count what only may have been sent: it was sent then. */
    if (more > known && !outbox_presume(&sm->out, more - known)) {
        if (sm->restored && more < BEHIND)
            all_handled(sm);
        return false;
    }
    if (more) {
        sm->acked = h;
        outbox_ack(&sm->out, more);
        sm->changes++;
    }
    return true;
}

void sm_take_back(xmpp_sm_state_t *sm)
{
    sm->changes += sm->in_hand;
    sm->in_hand = false;
}

/* ---- sessions ---------------------------------------------------- */

void sm_forget(xmpp_sm_state_t *sm)
{
    sm->changes += sm->id != NULL;
    clear(sm, &sm->id);
    clear(sm, &sm->location);
    clear(sm, &sm->jid);
    sm->max = 0;
}

/* Both sides count from zero in each session (XEP-0198 section 4). */
void sm_begin(xmpp_sm_state_t *sm, bool keeps)
{
    sm_forget(sm);
    sm->acked = sm->handled = 0;
    sm->in_hand = sm->available = sm->left = sm->restored = false;
    outbox_rewind(&sm->out);
    sm->out.keeps = keeps;
    sm->changes++;
}

static char *copy_text(xmpp_sm_state_t *sm, struct str s)
{
    return s.s ? env_strndup(sm->env, s.s, s.n) : NULL;
}

int sm_promise(xmpp_sm_state_t *sm, struct str id, struct str location,
               uint32_t max)
{
    clear(sm, &sm->id);
    clear(sm, &sm->location);
    sm->id = copy_text(sm, id);
    sm->location = copy_text(sm, location);
    sm->max = max;
    sm->changes++;
    return (id.s && !sm->id) || (location.s && !sm->location) ? XMPP_EMEM : 0;
}

int sm_bind(xmpp_sm_state_t *sm, struct str jid)
{
    clear(sm, &sm->jid);
    sm->jid = copy_text(sm, jid);
    return jid.s && !sm->jid ? XMPP_EMEM : 0;
}

/* Our goodbye did not reach the peer and is not sent again: for the peer we are
 * still available. */
static void stay(xmpp_sm_state_t *sm)
{
    sm->available = sm->available || sm->left;
    sm->left = false;
}

/* A goodbye that is still in the queue did not arrive. From here on the queue
 * knows all that was sent, so it is no longer `restored`. */
void sm_resume(xmpp_sm_state_t *sm)
{
    if (outbox_says_goodbye(&sm->out))
        stay(sm);
    outbox_rewind(&sm->out);
    sm->out.keeps = true;
    sm->in_hand = sm->restored = false;
    sm->changes++;
}

size_t sm_give_back(xmpp_sm_state_t *sm)
{
    sm->changes++;
    return outbox_give_back(&sm->out, false, XMPP_ENOTCONN);
}

size_t sm_stop(xmpp_sm_state_t *sm, bool resend)
{
    bool leaving = outbox_says_goodbye(&sm->out);

    outbox_stop(&sm->out);
    if (leaving && !outbox_says_goodbye(&sm->out))
        stay(sm); /* it did not get out */
    return sm->id || resend ? 0 : sm_give_back(sm);
}

/* ---- location ---------------------------------------------------- */

bool sm_location(const xmpp_sm_state_t *sm, char host[IDNA_NAME_MOST + 1],
                 unsigned *ret_port)
{
    return sm->location &&
           endpoint_read(str_of(sm->location), host, ret_port) == 0;
}
