/* dispatch.c - one stanza past a row of takers. */

#include "dispatch/dispatch.h"

#include "stanza/find.h"

void dispatch_init(struct dispatch *d, struct env *env)
{
    requests_init(&d->requests, env);
    routes_init(&d->routes, env);
    guard_init(&d->guard, env);
}

void dispatch_free(struct dispatch *d)
{
    requests_free(&d->requests);
    routes_free(&d->routes);
    guard_clear(&d->guard);
}

bool dispatch_other(struct dispatch *d, xmpp_conn_t *conn,
                    xmpp_stanza_t *element)
{
    bool heard = routes_fire_ns(&d->routes, conn, element);

    return heard || node_is(element, NAME_NONE, NS_SM);
}

bool dispatch_stanza(struct dispatch *d, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self)
{
    const char *refused = guard_refuses(&d->guard, stanza, self);
    bool must_be_taken = node_is_question(stanza);
    bool taken;

    if (refused) {
        env_log(d->guard.env, XMPP_LEVEL_WARN, "xmpp", "ignored: %s", refused);
        return true;
    }
    taken = requests_answer(&d->requests, conn, stanza, self);

    /* Handlers by id hear answers too: libstrophe's programs wait so. */
    taken |= routes_fire_id(&d->routes, conn, stanza);
    taken |= routes_fire(&d->routes, conn, stanza);
    return taken || !must_be_taken;
}
