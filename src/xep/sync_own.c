/* sync_own.c - messages of ours whose fate is not known yet. */

#include <xmpp/xep/sync_own.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/xep/sync_gaps.h>

/* The owner is learning of its fate. */
#define OWN_SETTLED 0

/* So often a message in doubt is looked up in vain before it is sent again. */
#define LOOKS 2

/* Its key in the dict is its id. Its state changes by set_own_state() only. */
struct own {
    int state; /* an xmpp_sync_own_state_t, or OWN_SETTLED */
    int looks; /* while it is doubtful: how often it was looked up */
    char *after;
};

/* The owner may free the list while it is called: `busy` keeps it. None that is
 * queued is before `first`, so that sending all does not walk the list for
 * each; `first` is NULL if nothing is known of that, or if none is queued. */
struct _xmpp_sync_own_t {
    xmpp_ctx_t *ctx;
    xmpp_sync_own_sender send;
    xmpp_sync_own_settler settle;
    void *to;
    xmpp_dict_t *all;
    struct own *first;
    size_t count[XMPP_SYNC_RETURNED + 1]; /* by state */
    int may_return; /* somebody reports whether we are in the room */
    int busy, is_freed;
};

static void own_message_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct own *)record)->after);
}

xmpp_sync_own_t *xmpp_sync_own_new(xmpp_ctx_t *ctx, xmpp_sync_own_sender send,
                                   xmpp_sync_own_settler settle, void *to)
{
    xmpp_sync_own_t *own =
        ctx && send && settle ? xmpp_zalloc(ctx, sizeof(*own)) : NULL;

    if (!own)
        return NULL;
    own->ctx = ctx;
    own->send = send;
    own->settle = settle;
    own->to = to;
    own->all = xmpp_dict_new(ctx, sizeof(struct own), 0, own_message_done);
    if (own->all)
        return own;
    xmpp_free(ctx, own);
    return NULL;
}

void xmpp_sync_own_free(xmpp_sync_own_t *own)
{
    if (!own)
        return;
    own->is_freed = 1;
    if (own->busy)
        return;
    xmpp_dict_free(own->all);
    xmpp_free(own->ctx, own);
}

static void leave_own(xmpp_sync_own_t *own)
{
    if (--own->busy == 0 && own->is_freed)
        xmpp_sync_own_free(own);
}

/* ---- the list ---------------------------------------------------- */

static struct own *find_own(const xmpp_sync_own_t *own, const char *id)
{
    return own && id ? xmpp_dict_find(own->all, id, (size_t)-1) : NULL;
}

/* A new one has the state OWN_SETTLED, and is not counted yet. */
static void set_own_state(xmpp_sync_own_t *own, struct own *one, int state)
{
    if (one->state)
        own->count[one->state]--;
    if (state == XMPP_SYNC_QUEUED && one->state)
        own->first = NULL;
    else if (state == XMPP_SYNC_QUEUED && !own->count[state])
        own->first = one;
    own->count[state] += state != OWN_SETTLED;
    one->state = state;
}

static void drop_own(xmpp_sync_own_t *own, struct own *one)
{
    if (!one)
        return;
    if (one == own->first)
        own->first = xmpp_dict_next(own->all, one);
    set_own_state(own, one, OWN_SETTLED);
    xmpp_dict_drop(own->all, one);
}

static int set_own(xmpp_sync_own_t *own, struct own *one, int state,
                   const char *after)
{
    char *copy = after ? xmpp_copy_text(own->ctx, after) : NULL;

    if (after && !copy)
        return XMPP_EMEM;
    xmpp_free(own->ctx, one->after);
    one->after = copy;
    one->looks = one->state == state ? one->looks : 0;
    if (one->state != state)
        set_own_state(own, one, state);
    return 0;
}

int xmpp_sync_own_add(xmpp_sync_own_t *own, const char *id, int state,
                      const char *after)
{
    struct own *one;

    if (!own || !id)
        return XMPP_EINVOP;
    if (find_own(own, id))
        return XMPP_EARG;
    one = xmpp_dict_put(own->all, id, (size_t)-1);
    if (one && set_own(own, one, state, after) == 0)
        return 0;
    drop_own(own, one);
    return XMPP_EMEM;
}

void xmpp_sync_own_drop(xmpp_sync_own_t *own, const char *id)
{
    if (own)
        drop_own(own, find_own(own, id));
}

const char *xmpp_sync_own_next(const xmpp_sync_own_t *own, const char *id)
{
    const struct own *one = find_own(own, id);

    if (!own || (id && !one))
        return NULL;
    do
        one = xmpp_dict_next(own->all, one);
    while (one && one->state == OWN_SETTLED);
    return one ? xmpp_dict_key(one, NULL) : NULL;
}

int xmpp_sync_own_get_state(const xmpp_sync_own_t *own, const char *id)
{
    const struct own *one = find_own(own, id);

    return one ? one->state : 0;
}

void xmpp_sync_own_doubt(xmpp_sync_own_t *own, const char *id, int is_sent)
{
    struct own *one = find_own(own, id);

    if (!one)
        return;
    one->looks = 0;
    if (one->state == XMPP_SYNC_OUT)
        set_own_state(own, one,
                      is_sent ? XMPP_SYNC_DOUBTFUL : XMPP_SYNC_QUEUED);
}

static const struct own *first_in(const xmpp_sync_own_t *own, int state)
{
    const struct own *one = NULL;

    while (own->count[state] && (one = xmpp_dict_next(own->all, one)))
        if (one->state == state)
            return one;
    return NULL;
}

int xmpp_sync_own_find_doubt(const xmpp_sync_own_t *own, const char **ret_after)
{
    const struct own *one = own ? first_in(own, XMPP_SYNC_DOUBTFUL) : NULL;

    if (one && ret_after)
        *ret_after = one->after;
    return one != NULL;
}

static int is_looked_up_again(const struct own *one)
{
    return one->state == XMPP_SYNC_DOUBTFUL && one->looks > 0 &&
           one->looks < LOOKS;
}

int xmpp_sync_own_is_waiting(const xmpp_sync_own_t *own)
{
    const struct own *one = NULL;

    while (own && own->count[XMPP_SYNC_DOUBTFUL] &&
           (one = xmpp_dict_next(own->all, one)))
        if (is_looked_up_again(one))
            return 1;
    return 0;
}

void xmpp_sync_own_count_look(xmpp_sync_own_t *own)
{
    struct own *one = NULL;

    while (own && own->count[XMPP_SYNC_DOUBTFUL] &&
           (one = xmpp_dict_next(own->all, one)))
        one->looks += one->state == XMPP_SYNC_DOUBTFUL;
}

void xmpp_sync_own_advance(xmpp_sync_own_t *own, const char *before,
                           const char *id, const char *mine)
{
    struct own *one = NULL, *found = find_own(own, mine);

    while (own && id && own->count[XMPP_SYNC_DOUBTFUL] &&
           (one = xmpp_dict_next(own->all, one)))
        if (one->state == XMPP_SYNC_DOUBTFUL && one != found &&
            xmpp_sync_id_equal(one->after, before))
            set_own(own, one, one->state, id);
}

/* ---- rooms ------------------------------------------------------- */

/* What was sent may be lost, and what came back is. */
static void doubt_own(xmpp_sync_own_t *own)
{
    struct own *one = NULL;

    if (!own)
        return;
    own->may_return = 1;
    while ((one = xmpp_dict_next(own->all, one))) {
        if (one->state == XMPP_SYNC_OUT)
            xmpp_sync_own_doubt(own, xmpp_dict_key(one, NULL), 1);
        else if (one->state == XMPP_SYNC_RETURNED)
            set_own_state(own, one, XMPP_SYNC_QUEUED);
    }
}

/* One that waits to be sent was returned before. */
int xmpp_sync_own_return(xmpp_sync_own_t *own, const char *id, int is_away)
{
    struct own *one = find_own(own, id);

    if (!one || !own->may_return)
        return 0;
    if (one->state == XMPP_SYNC_OUT || one->state == XMPP_SYNC_DOUBTFUL)
        set_own_state(own, one,
                      is_away ? XMPP_SYNC_QUEUED : XMPP_SYNC_RETURNED);
    return 1;
}

/* ---- what the owner does ----------------------------------------- */

/* `id` may be the key of what is dropped afterwards. Meanwhile it is not in the
 * list for anybody. */
void xmpp_sync_own_settle(xmpp_sync_own_t *own, const char *id, int fate)
{
    struct own *one = find_own(own, id);

    if (!one || one->state == OWN_SETTLED)
        return;
    set_own_state(own, one, OWN_SETTLED);
    own->busy++;
    own->settle(own->to, xmpp_dict_key(one, NULL), fate);
    drop_own(own, one);
    leave_own(own);
}

static void settle_all(xmpp_sync_own_t *own, int state, int fate)
{
    const struct own *one;

    if (!own)
        return;
    own->busy++;
    while (!own->is_freed && (one = first_in(own, state)))
        xmpp_sync_own_settle(own, xmpp_dict_key(one, NULL), fate);
    leave_own(own);
}

void xmpp_sync_own_settle_doubt(xmpp_sync_own_t *own, int fate)
{
    settle_all(own, XMPP_SYNC_DOUBTFUL, fate);
}

void xmpp_sync_own_judge(xmpp_sync_own_t *own, int was_in)
{
    if (was_in)
        settle_all(own, XMPP_SYNC_RETURNED, XMPP_SYNC_REFUSED);
    else
        doubt_own(own);
}

static int send_one(xmpp_sync_own_t *own, struct own *one, const char *cursor)
{
    char *id = xmpp_copy_text(own->ctx, xmpp_dict_key(one, NULL));
    int rc = id ? set_own(own, one, XMPP_SYNC_OUT, cursor) : XMPP_EMEM;

    if (rc) {
        xmpp_free(own->ctx, id);
        return rc;
    }
    own->busy++;
    rc = own->send(own->to, id, one->after);
    if (rc)
        xmpp_sync_own_doubt(own, id, 0);
    xmpp_free(own->ctx, id);
    leave_own(own);
    return rc ? rc : 1;
}

/* The first that is to be sent, be it queued or in doubt. NULL if there is
 * none, or if it is not known yet whether another has to go before it. */
static struct own *find_resend(const xmpp_sync_own_t *own, int resends)
{
    struct own *one = NULL, *first = NULL;

    while ((one = xmpp_dict_next(own->all, one))) {
        if (is_looked_up_again(one) || one->state == XMPP_SYNC_RETURNED)
            return NULL;
        if (!first && (one->state == XMPP_SYNC_QUEUED ||
                       (resends && one->state == XMPP_SYNC_DOUBTFUL &&
                        one->looks >= LOOKS)))
            first = one;
    }
    return first;
}

static struct own *find_queued(const xmpp_sync_own_t *own)
{
    struct own *one = own->first;

    if (!own->count[XMPP_SYNC_QUEUED])
        return NULL;
    if (!one)
        one = xmpp_dict_next(own->all, NULL);
    while (one && one->state != XMPP_SYNC_QUEUED)
        one = xmpp_dict_next(own->all, one);
    return one;
}

int xmpp_sync_own_send_next(xmpp_sync_own_t *own, const char *cursor,
                            int resends)
{
    struct own *one;

    if (!own)
        return XMPP_EINVOP;
    if (own->count[XMPP_SYNC_DOUBTFUL] || own->count[XMPP_SYNC_RETURNED])
        one = find_resend(own, resends);
    else
        own->first = one = find_queued(own);
    return one ? send_one(own, one, cursor) : 0;
}
