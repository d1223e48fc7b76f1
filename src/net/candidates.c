/* candidates.c - from targets to addresses, in the order in which they are to
 * be tried. */

#include "net/candidates.h"

#include <string.h>

#include <xmpp/error.h>

/* A target and where it is. Its `resolve` is in use from `is_begun` until
 * `is_over`. */
struct place {
    struct list link;
    struct srv_record target;
    struct resolve resolve;
    bool is_begun, is_over;
    bool has_address;
};

static struct place *place_of_link(struct list *link)
{
    return LIST_ENTRY(link, struct place, link);
}

void candidates_init(struct candidates *c, struct env *env, struct poll *poll,
                     const struct resolve_wanted *wanted,
                     void (*more)(void *userdata), void *userdata)
{
    *c = (struct candidates){.env = env,
                             .poll = poll,
                             .wanted = *wanted,
                             .more = more,
                             .userdata = userdata};
    list_init(&c->places);
}

int candidates_add(struct candidates *c, const struct srv_record *target)
{
    struct place *place = env_zalloc(c->env, sizeof(*place));

    if (!place)
        return XMPP_EMEM;
    place->target = *target;
    resolve_init(&place->resolve, c->env, c->poll, &c->wanted, c->more,
                 c->userdata);
    list_append(&c->places, &place->link);
    return 0;
}

bool candidates_lead_elsewhere(const struct candidates *c, const char *name)
{
    struct override to;

    return overrides_next(c->wanted.overrides, name, &to) != NULL;
}

int candidates_add_home(struct candidates *c, const struct srv_record *home)
{
    const char *at = c->wanted.overrides;
    struct srv_record target = *home;
    struct override to;
    int rc = 0;

    if (!candidates_lead_elsewhere(c, home->target))
        return candidates_add(c, home);
    while (rc == 0 && (at = overrides_next(at, home->target, &to))) {
        memcpy(target.target, to.host, sizeof(target.target));
        target.port = to.port ? to.port : home->port;
        rc = candidates_add(c, &target);
    }
    return rc;
}

/* Without memory it is a target without an address. */
static void begin_place(struct candidates *c, struct place *place)
{
    place->is_begun = true;
    if (resolve_start(&place->resolve, place->target.target) == 0)
        return;
    resolve_stop(&place->resolve);
    place->resolve.is_last = true;
    c->lacks_memory = true;
}

void candidates_look_up(struct candidates *c)
{
    unsigned ahead = 0;

    for (struct list *l = c->places.next;
         l != &c->places && ahead < CANDIDATES_AHEAD; l = l->next) {
        struct place *place = place_of_link(l);

        ahead += !place->is_over;
        if (!place->is_begun)
            begin_place(c, place);
    }
}

static enum candidates_next end_place(struct candidates *c, struct place *place,
                                      struct candidate *ret)
{
    place->is_over = true;
    if (place->has_address) {
        resolve_stop(&place->resolve);
        return CANDIDATES_END;
    }
    c->reason = place->resolve.reason;
    resolve_stop(&place->resolve);
    *ret = (struct candidate){.target = &place->target,
                              .port = place->target.port};
    return CANDIDATES_LOST;
}

static enum candidates_next
next_of_place(struct candidates *c, struct place *place, struct candidate *ret)
{
    struct address address;

    switch (resolve_next(&place->resolve, &address)) {
    case RESOLVE_LATER:
        return CANDIDATES_LATER;
    case RESOLVE_END:
        return end_place(c, place, ret);
    default:
        place->has_address = true;
        *ret = (struct candidate){&place->target, address, place->target.port};
        return CANDIDATES_ADDRESS;
    }
}

enum candidates_next candidates_next(struct candidates *c, bool any,
                                     struct candidate *ret)
{
    enum candidates_next what = CANDIDATES_END;
    bool later = false;

    candidates_look_up(c);
    for (struct list *l = c->places.next; l != &c->places; l = l->next) {
        struct place *place = place_of_link(l);

        if (place->is_over)
            continue;
        if (!place->is_begun || (later && !any))
            break;
        what = next_of_place(c, place, ret);
        if (what == CANDIDATES_ADDRESS || what == CANDIDATES_LOST)
            return what;
        if (what == CANDIDATES_END) /* of this target: another may begin */
            candidates_look_up(c);
        later = later || what == CANDIDATES_LATER;
    }
    return later ? CANDIDATES_LATER : CANDIDATES_END;
}

bool candidates_have_more(const struct candidates *c)
{
    for (struct list *l = c->places.next; l != &c->places; l = l->next) {
        const struct place *place = place_of_link(l);

        if (!place->is_begun ||
            (!place->is_over && resolve_has_more(&place->resolve)))
            return true;
    }
    return false;
}

void candidates_clear(struct candidates *c)
{
    while (!list_is_empty(&c->places)) {
        struct place *place = place_of_link(c->places.next);

        list_remove(&place->link);
        resolve_stop(&place->resolve);
        env_free(c->env, place);
    }
    c->reason = NULL;
    c->lacks_memory = false;
}
