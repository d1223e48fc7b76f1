/* timed.h - functions that are called again and again as time passes. */

#ifndef CONN_TIMED_H
#define CONN_TIMED_H

#include <xmpp/handler.h>

#include "base/env.h"
#include "base/list.h"
#include "base/map.h"
#include "net/poll.h"

/* One set holds the timed handlers of one owner: a connection, whose are
 * armed while it is connected, or a context. */
struct timed_set {
    struct env *env;
    /* Keep a connection while one of its functions is called. */
    void (*hold)(xmpp_conn_t *conn), (*unhold)(xmpp_conn_t *conn);
    struct list all;
    struct map by_entry, by_function;
};

struct timed_owner {
    xmpp_conn_t *conn; /* NULL: `ctx` is the owner */
    xmpp_ctx_t *ctx;
};

/* One of them; a handler of a connection or, where conn is NULL, a global one
 * is kept under the same type. */
typedef union {
    xmpp_timed_handler conn;
    xmpp_global_timed_handler ctx;
} timed_function;

/* A context's set needs neither function. */
void timed_init(struct timed_set *set, struct env *env,
                void (*hold)(xmpp_conn_t *conn),
                void (*unhold)(xmpp_conn_t *conn));

/* 0; 1 if the function with this userdata is there already; XMPP_EMEM. */
int timed_add(struct poll *poll, struct timed_set *set,
              struct timed_owner owner, timed_function function,
              unsigned long period, void *userdata, bool arm);
void timed_delete(struct timed_set *set, timed_function function);

/* Begin a period for all of them; stop them all. */
void timed_arm_all(struct timed_set *set);
void timed_disarm_all(struct timed_set *set);

void timed_free_all(struct timed_set *set);

#endif
