/* routes.h - who gets which stanza: handlers by id, and by filter. */

#ifndef DISPATCH_ROUTES_H
#define DISPATCH_ROUTES_H

#include <xmpp/handler.h>

#include "base/list.h"
#include "base/map.h"
#include "dispatch/slot.h"
#include "stanza/node.h"

/* The parts of a filter. Which of them a filter has is its shape: shapes that
 * no filter has need not be looked up. */
enum { ROUTE_TYPE = 1, ROUTE_NAME = 2, ROUTE_NS = 4, ROUTE_SHAPES = 8 };

/* Handlers hang in a table under their whole filter, or their id: a stanza
 * looks up what could fit it, so its way does not grow with the number of
 * handlers. Those that fit are called in the order of their `born`; one that
 * is added during a walk is born later than the walk and not called.
 *
 * A handler that ends leaves the tables at once. Then its userdata is freed, as
 * soon as it is not being called: until then it hangs in `ended`, or, while it
 * is being called, in no list. Its memory goes last, when nobody walks: until
 * then it hangs in `dead`. */
struct routes {
    struct env *env;
    struct slots *slots;
    struct map by_filter, by_id;
    struct map by_entry;    /* all, by function, userdata and id */
    struct map by_function; /* all, by what libstrophe deletes them by */
    struct list all, ended, dead;
    uint32_t shapes[ROUTE_SHAPES]; /* how many filters have it */
    unsigned parts;                /* that any of them has, or once had */
    uint64_t born;                 /* of the next one */
    uint64_t search;               /* the last one's number */
    unsigned walks;                /* under way, one inside the other */
};

void routes_init(struct routes *routes, struct env *env, struct slots *slots);

/* Each function that ends a handler may call the application, to free userdata;
 * the caller keeps `routes` alive meanwhile. */
void routes_free(struct routes *routes);

/* 0; XMPP_EMEM; or 1 if it has to be the only one (args->is_single) and the
 * function with this userdata is there already. If it is not 0, nothing has
 * changed and the userdata is still the caller's. Filters are copied; NULL fits
 * everything. A single one that is being called and adds itself gets a new
 * entry, which goes again if it returns that the old one stays. */
int routes_add(struct routes *routes, xmpp_handler handler, const char *ns,
               const char *name, const char *type,
               const struct slot_args *args);
void routes_delete(struct routes *routes, xmpp_handler handler);

/* Only the one with this userdata. */
void routes_delete_entry(struct routes *routes, xmpp_handler handler,
                         void *userdata);

/* Delete all of both kinds; a walk under way calls nobody any more. */
void routes_clear(struct routes *routes);

int routes_add_id(struct routes *routes, xmpp_handler handler, const char *id,
                  const struct slot_args *args);
void routes_delete_id(struct routes *routes, xmpp_handler handler,
                      const char *id);

/* Is there a handler for this id? */
bool routes_have_id(struct routes *routes, struct str id);

/* Call the handlers of this element's own namespace. True if there were any. */
bool routes_fire_ns(struct routes *routes, xmpp_conn_t *conn,
                    xmpp_stanza_t *element);

/* Call all handlers by id (routes_fire_id), or all others that fit. Returns
 * whether one with a filter was called. */
bool routes_fire_id(struct routes *routes, xmpp_conn_t *conn,
                    xmpp_stanza_t *stanza);
bool routes_fire(struct routes *routes, xmpp_conn_t *conn,
                 xmpp_stanza_t *stanza);

/* Here the namespace and the name of a filter are those of the only element in
 * an iq. Call the handlers that fit, until one takes it by returning something
 * else than 0: that is the result, else 0. None ends by what it returns. */
int routes_take(struct routes *routes, xmpp_conn_t *conn, xmpp_stanza_t *iq);

#endif
