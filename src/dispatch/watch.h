/* watch.h - who is called for the events of a module. */

#ifndef DISPATCH_WATCH_H
#define DISPATCH_WATCH_H

#include "dispatch/members.h"
#include "dispatch/slot.h"

/* Call a function for each event of the member. 0; XMPP_EMEM; or 1 if it has to
 * be the only one (args->is_single) and is there already. If it is not 0, the
 * userdata is still the caller's. */
int watch_add(const struct members *members, struct slots *slots,
              struct member *member, xmpp_event_handler handler,
              const struct slot_args *args);

/* Each function that ends a watch may call the application, to free userdata;
 * the caller keeps the connection alive meanwhile. */
void watch_delete(struct member *member, xmpp_event_handler handler,
                  void *userdata);
void watch_clear(struct member *member);

/* Call all that watch the member; a watch that is added meanwhile is not
 * called. The caller keeps the connection alive. */
void watch_fire(struct member *member, xmpp_conn_t *conn,
                const xmpp_event_t *event);

#endif
