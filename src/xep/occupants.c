/* occupants.c - who is in a room, by nick and by occupant id. */

#include <xmpp/xep/occupants.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>

/* By nick. Those with the same id are in a list, whose first is in `ids`. */
struct occupant {
    xmpp_occupant_t *value;
    long octets;
    const char *hidden; /* its id, in the memory of `value`, or NULL */
    struct same_id *id; /* NULL: it has none, or it is not indexed */
    struct occupant *previous, *next;
};

/* By occupant id; none is empty. */
struct same_id {
    struct occupant *first;
};

struct _xmpp_occupants_t {
    xmpp_ctx_t *ctx;
    xmpp_dict_t *nicks; /* struct occupant */
    xmpp_dict_t *ids;   /* struct same_id */
    size_t octets, octets_most;
    int has_no_ids; /* they are not kept */
    int are_hidden; /* whether they are is not known yet */
};

/* ---- the index of ids -------------------------------------------- */

static void id_unlink(xmpp_occupants_t *all, struct occupant *occupant)
{
    struct same_id *id = occupant->id;

    if (!id)
        return;
    *(occupant->previous ? &occupant->previous->next : &id->first) =
        occupant->next;
    if (occupant->next)
        occupant->next->previous = occupant->previous;
    if (!id->first)
        xmpp_dict_drop(all->ids, id);
    occupant->id = NULL;
    occupant->previous = occupant->next = NULL;
}

/* Without memory it is not found by its id. */
static void id_link(xmpp_occupants_t *all, struct occupant *occupant)
{
    const char *text = occupant->value->occupant_id;
    struct same_id *id =
        text ? xmpp_dict_put(all->ids, text, (size_t)-1) : NULL;

    if (!id)
        return;
    occupant->id = id;
    occupant->next = id->first;
    if (id->first)
        id->first->previous = occupant;
    id->first = occupant;
}

/* ---- one occupant ------------------------------------------------ */

static size_t text_octets(const char *text)
{
    return text ? strlen(text) : 0;
}

/* Of what its client and others have chosen. */
static size_t occupant_octets(const xmpp_occupant_t *o)
{
    size_t i, n = text_octets(o->nick) + text_octets(o->status) +
                  text_octets(o->occupant_id) + text_octets(o->reason) +
                  text_octets(o->actor) + o->address.domain_size;

    for (i = 0; i < o->hat_count; i++)
        n += sizeof(*o->hats[i]) + text_octets(o->hats[i]->uri) +
             text_octets(o->hats[i]->title) + text_octets(o->hats[i]->lang);
    return n + o->jid.local_size + o->jid.domain_size + o->jid.resource_size;
}

static struct occupant *occupant_find(const xmpp_occupants_t *all,
                                      const char *nick)
{
    return all && nick ? xmpp_dict_find(all->nicks, nick, (size_t)-1) : NULL;
}

/* Its value is the caller's; the record stays. */
static xmpp_occupant_t *empty_occupant(xmpp_occupants_t *all,
                                       struct occupant *occupant)
{
    xmpp_occupant_t *value = occupant->value;

    id_unlink(all, occupant);
    all->octets -= (size_t)occupant->octets;
    occupant->octets = 0;
    if (occupant->hidden)
        value->occupant_id = occupant->hidden;
    occupant->hidden = NULL;
    occupant->value = NULL;
    return value;
}

static void fill_occupant(xmpp_occupants_t *all, struct occupant *occupant,
                          xmpp_occupant_t *value)
{
    occupant->value = value;
    occupant->octets = (long)occupant_octets(value);
    all->octets += (size_t)occupant->octets;
    if (all->are_hidden)
        occupant->hidden = value->occupant_id;
    if (all->has_no_ids || all->are_hidden)
        value->occupant_id = NULL;
    id_link(all, occupant);
}

static void occupant_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct occupant *)record)->value);
}

/* ---- all of them ------------------------------------------------- */

xmpp_occupants_t *xmpp_occupants_new(xmpp_ctx_t *ctx)
{
    xmpp_occupants_t *all = xmpp_zalloc(ctx, sizeof(*all));

    if (!all)
        return NULL;
    all->ctx = ctx;
    all->octets_most = (size_t)-1;
    all->nicks = xmpp_dict_new(ctx, sizeof(struct occupant), 0, occupant_done);
    all->ids = xmpp_dict_new(ctx, sizeof(struct same_id), 0, NULL);
    if (all->nicks && all->ids)
        return all;
    xmpp_occupants_free(all);
    return NULL;
}

void xmpp_occupants_free(xmpp_occupants_t *all)
{
    if (!all)
        return;
    xmpp_dict_free(all->nicks);
    xmpp_dict_free(all->ids);
    xmpp_free(all->ctx, all);
}

void xmpp_occupants_clear(xmpp_occupants_t *all)
{
    if (!all)
        return;
    xmpp_dict_clear(all->nicks);
    xmpp_dict_clear(all->ids);
    all->octets = 0;
    all->has_no_ids = all->are_hidden = 0;
}

void xmpp_occupants_set_most(xmpp_occupants_t *all, size_t most, size_t octets)
{
    if (!all)
        return;
    xmpp_dict_set_most(all->nicks, most);
    all->octets_most = octets;
}

static int has_space(const xmpp_occupants_t *all,
                     const struct occupant *replaced,
                     const xmpp_occupant_t *occupant)
{
    size_t others = all->octets - (replaced ? (size_t)replaced->octets : 0);
    size_t n = occupant_octets(occupant);

    return n <= all->octets_most && others <= all->octets_most - n;
}

int xmpp_occupants_put(xmpp_occupants_t *all, const xmpp_occupant_t *occupant,
                       xmpp_occupant_t **ret_before)
{
    struct occupant *record;
    xmpp_occupant_t *copy, now;

    if (!all || !occupant || !occupant->nick || !occupant->address.domain_size)
        return XMPP_EINVOP;
    record = occupant_find(all, occupant->nick);
    now = *occupant;
    if (record && !now.occupant_id)
        now.occupant_id =
            record->hidden ? record->hidden : record->value->occupant_id;
    if (!has_space(all, record, &now))
        return XMPP_EFULL;
    copy = xmpp_payload_copy(all->ctx, &xmpp_occupant, &now);
    if (copy && !record)
        record = xmpp_dict_put(all->nicks, occupant->nick, (size_t)-1);
    if (!copy || !record) {
        xmpp_free(all->ctx, copy);
        return copy ? XMPP_EFULL : XMPP_EMEM;
    }
    *ret_before = empty_occupant(all, record);
    fill_occupant(all, record, copy);
    return 0;
}

xmpp_occupant_t *xmpp_occupants_take(xmpp_occupants_t *all, const char *nick)
{
    struct occupant *record = occupant_find(all, nick);
    xmpp_occupant_t *value;

    if (!record)
        return NULL;
    value = empty_occupant(all, record);
    xmpp_dict_drop(all->nicks, record);
    return value;
}

static void show_id(xmpp_occupants_t *all, struct occupant *occupant)
{
    if (occupant->hidden)
        occupant->value->occupant_id = occupant->hidden;
    occupant->hidden = NULL;
    if (!occupant->id)
        id_link(all, occupant);
}

static void forget_id(xmpp_occupants_t *all, struct occupant *occupant)
{
    id_unlink(all, occupant);
    occupant->value->occupant_id = occupant->hidden = NULL;
}

void xmpp_occupants_keep_ids(xmpp_occupants_t *all, int are_kept)
{
    struct occupant *record = NULL;

    if (!all || (!all->are_hidden && all->has_no_ids == !are_kept))
        return;
    all->has_no_ids = !are_kept;
    while ((record = xmpp_dict_next(all->nicks, record)))
        if (!are_kept)
            forget_id(all, record);
        else if (all->are_hidden)
            show_id(all, record);
    all->are_hidden = 0;
}

void xmpp_occupants_hide_ids(xmpp_occupants_t *all)
{
    if (all)
        all->are_hidden = 1;
}

int xmpp_occupants_has_id(const xmpp_occupants_t *all, const char *nick)
{
    const struct occupant *record = occupant_find(all, nick);

    return record && (record->hidden || record->value->occupant_id);
}

/* ---- reading ----------------------------------------------------- */

const xmpp_occupant_t *xmpp_occupants_get(const xmpp_occupants_t *all,
                                          const char *nick)
{
    const struct occupant *record = occupant_find(all, nick);

    return record ? record->value : NULL;
}

const xmpp_occupant_t *xmpp_occupants_get_by_id(const xmpp_occupants_t *all,
                                                const char *occupant_id)
{
    const struct same_id *id =
        all && occupant_id ? xmpp_dict_find(all->ids, occupant_id, (size_t)-1)
                           : NULL;

    return id ? id->first->value : NULL;
}

const xmpp_occupant_t *xmpp_occupants_next(const xmpp_occupants_t *all,
                                           const xmpp_occupant_t *occupant)
{
    const struct occupant *record = NULL;

    if (occupant)
        record = occupant_find(all, occupant->nick);
    if (!all || (occupant && !record))
        return NULL;
    record = xmpp_dict_next(all->nicks, record);
    return record ? record->value : NULL;
}

size_t xmpp_occupants_count(const xmpp_occupants_t *all)
{
    return all ? xmpp_dict_count(all->nicks) : 0;
}
