/* many_modules.c - modules that listen for what nobody sends. */

#include "xep/many_modules.h"

#include <stdio.h>

static int on_row(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    return 1;
}

const xmpp_module_t *many_modules_at(unsigned i)
{
    static struct {
        char name[20], ns[40];
        xmpp_row_t rows[7];
        xmpp_module_t module;
    } made[MANY_MODULES_MOST];
    const char *ns = made[i].ns;
    const xmpp_row_t rows[] = {
        XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, ns, "a", NULL, on_row),
        XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, ns, "b", NULL, on_row),
        XMPP_IQ_GET(XMPP_SENDER_ANYONE, ns, "query", NULL, on_row),
        XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, ns, "query", NULL, on_row),
        XMPP_PRESENCE(XMPP_SENDER_ANYONE, ns, "x", NULL, on_row),
        XMPP_FEATURE(ns),
        XMPP_ROWS_END,
    };

    snprintf(made[i].name, sizeof(made[i].name), "many%u", i);
    snprintf(made[i].ns, sizeof(made[i].ns), "urn:example:many:%u", i);
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
        made[i].rows[k] = rows[k];
    made[i].module =
        (xmpp_module_t){made[i].name, 0, sizeof(xmpp_row_t), made[i].rows};
    return &made[i].module;
}
