/* candidates.h - from targets to addresses, in the order in which they are to
 * be tried. */

#ifndef NET_CANDIDATES_H
#define NET_CANDIDATES_H

#include "base/list.h"
#include "net/resolve.h"

/* Names that are looked up at the same time: the one whose turn it is, and the
 * next, so that its addresses are there when they are needed. */
#define CANDIDATES_AHEAD 2

struct candidate {
    const struct srv_record *target; /* valid until candidates_clear */
    struct address address;
    uint16_t port;
};

enum candidates_next {
    CANDIDATES_ADDRESS, /* here is one */
    CANDIDATES_LOST,    /* this target has no address; see its reason */
    CANDIDATES_LATER,   /* none yet */
    CANDIDATES_END      /* none any more */
};

struct candidates {
    struct env *env;
    struct poll *poll;
    struct resolve_wanted wanted;
    void (*more)(void *userdata);
    void *userdata;
    struct list places; /* targets in their order; all of them, also the used */
    const char *reason; /* of the last one without an address, or NULL */
    bool lacks_memory;  /* for the lookup of one of them */
};

/* `more` is called from later turns, when candidates_next may have another
 * result; in it candidates_clear is allowed. */
void candidates_init(struct candidates *candidates, struct env *env,
                     struct poll *poll, const struct resolve_wanted *wanted,
                     void (*more)(void *userdata), void *userdata);

/* One more target, at the end: copied. 0 or XMPP_EMEM. */
int candidates_add(struct candidates *candidates,
                   const struct srv_record *target);

/* Does the application lead this name elsewhere (resolve_wanted.overrides)? */
bool candidates_lead_elsewhere(const struct candidates *candidates,
                               const char *name);

/* The host that is wanted; or, if the application leads it elsewhere, where
 * that is. 0 or XMPP_EMEM. */
int candidates_add_home(struct candidates *candidates,
                        const struct srv_record *home);

/* Look up the first names now, before they are needed. */
void candidates_look_up(struct candidates *candidates);

/* The next one. A target whose name is being looked up holds up those behind
 * it, unless `any` is set (XEP-0495 section 4.2). `ret` is filled in for
 * ADDRESS and LOST. */
enum candidates_next candidates_next(struct candidates *candidates, bool any,
                                     struct candidate *ret);

/* May candidates_next give another one, now or later? */
bool candidates_have_more(const struct candidates *candidates);

/* Forget all targets. */
void candidates_clear(struct candidates *candidates);

#endif
