/* routes.h - who listens for what: handlers by id, and by filter. */

#ifndef DISPATCH_ROUTES_H
#define DISPATCH_ROUTES_H

#include <xmpp/handler.h>

#include "base/list.h"
#include "base/map.h"
#include "stanza/node.h"

/* Every handler hangs in one bucket, that of the most selective key its filter
 * has; a stanza looks into the few buckets it can fit, so its way does not
 * grow with the number of handlers. Those that fit are called in the order
 * of their `born`. A handler that is deleted leaves the buckets at once, but
 * its memory only when nobody walks; one that is added meanwhile is born
 * later than the walk and not called. */
struct routes {
    struct env *env;
    struct map by_filter;
    struct map by_id;
    struct map by_function; /* all of them, to find duplicates and delete */
    struct list all, dead;
    uint64_t born;   /* of the next one */
    unsigned walks;  /* being walked this many times, nested */
};

void routes_init(struct routes *routes, struct env *env);
void routes_free(struct routes *routes);

/* 0; 1 if the function with this userdata is there already (nothing changes);
 * XMPP_EMEM. Filters are copied; NULL fits everything. */
int routes_add(struct routes *routes, xmpp_handler handler, const char *ns,
               const char *name, const char *type, void *userdata);
void routes_delete(struct routes *routes, xmpp_handler handler);

/* Delete all of both kinds; a walk under way calls nobody any more. */
void routes_clear(struct routes *routes);

int routes_add_id(struct routes *routes, xmpp_handler handler, const char *id,
                  void *userdata);
void routes_delete_id(struct routes *routes, xmpp_handler handler,
                      const char *id);

/* Call the handlers of this element's own namespace. True if there were any. */
bool routes_fire_ns(struct routes *routes, xmpp_conn_t *conn,
                    xmpp_stanza_t *element);

/* Call all handlers by id (routes_fire_id), or all others that fit. Returns
 * whether one with a filter was called. */
bool routes_fire_id(struct routes *routes, xmpp_conn_t *conn,
                    xmpp_stanza_t *stanza);
bool routes_fire(struct routes *routes, xmpp_conn_t *conn,
                 xmpp_stanza_t *stanza);

#endif
