/* members.h - the modules in use on one connection, with their state. */

#ifndef DISPATCH_MEMBERS_H
#define DISPATCH_MEMBERS_H

#include <stddef.h>

#include "dispatch/set.h"

/* A module in use. It stays in memory until the connection itself goes, so a
 * handler that is being called keeps its state whatever it does. `in_session`
 * and `is_up` are what it was told of: only what fits that is delivered. */
struct member {
    const xmpp_module_t *module;
    struct list attaching; /* while its ATTACHED is under way */
    struct list watches;   /* see dispatch/watch.h */
    unsigned walks;        /* along `watches` that are under way */
    xmpp_access_handler access;
    void *access_userdata;
    bool in_session, is_up;
    bool offers_due; /* its session started: it may see stream features */
    _Alignas(max_align_t) char state[];
};

/* list[i] is what stands at place i of `set`. Sets only grow at the end, so a
 * walk along an older set finds its members, too. `attaching` are those that
 * are not in the set yet; the first has been there longest. */
struct members {
    struct env *env;
    struct sets *sets;
    struct module_set *set; /* held; NULL: none is in use */
    struct member **list;
    size_t room; /* in `list` */
    struct list attaching;
    bool is_up;         /* a session is; never on a raw connection */
    unsigned long turn; /* grows when the connection is lost or released: what
                         * was being delivered to rows before is not delivered
                         * further */
};

void members_init(struct members *members, struct env *env);

/* A member that is not in the set yet, with the defaults of its limits. NULL
 * when memory is out. It enters the set (0 or XMPP_EMEM), or is dropped. */
struct member *members_begin(struct members *members,
                             const xmpp_module_t *module);
int members_enter(struct members *members, struct member *member);
void members_drop(struct members *members, struct member *member);

/* The member of this module, NULL if it is neither in use nor attaching. */
struct member *members_find(const struct members *members,
                            const xmpp_module_t *module);

static inline size_t members_count(const struct members *members)
{
    return members->set ? members->set->count : 0;
}

/* Free the memory of all; they are detached. */
void members_free(struct members *members);

/* The row of this module with this kind and name, or number; or NULL. */
const xmpp_row_t *member_row_named(const struct member *member, unsigned kind,
                                   const char *name);
const xmpp_row_t *member_row_numbered(const struct member *member,
                                      unsigned kind, long number);

/* Where the state has the value of a LIMIT row. */
long *member_limit(struct member *member, const xmpp_row_t *row);

#endif
