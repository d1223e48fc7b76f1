/* own_costs.c - what it costs to send messages of ours that wait, and to learn
 * their fates; counted from outside (tests/xep/instructions).
 *
 * usage: own_costs MESSAGES */

#include <xmpp/ctx.h>
#include <xmpp/xep/sync_own.h>

#include "tap.h"

static int sent, settled;

static int count_sending(void *to, const char *id, const char *after)
{
    (void)to;
    (void)id;
    (void)after;
    sent++;
    return 0;
}

static void count_fate(void *to, const char *id, int fate)
{
    (void)to;
    (void)id;
    (void)fate;
    settled++;
}

/* Half are sent before the rest is there, as a line does that is up. */
__attribute__((noinline)) static void settle(xmpp_sync_own_t *own, int messages)
{
    char id[16];

    for (int i = 0; i < messages; i++) {
        snprintf(id, sizeof(id), "m%d", i);
        xmpp_sync_own_add(own, id, XMPP_SYNC_QUEUED, NULL);
        if (i % 2)
            xmpp_sync_own_send_next(own, "c", 0);
    }
    while (xmpp_sync_own_send_next(own, "c", 0) > 0)
        ;
    for (int i = 0; i < messages; i++) {
        snprintf(id, sizeof(id), "m%d", i);
        xmpp_sync_own_advance(own, "c", "d", NULL);
        xmpp_sync_own_settle(own, id, XMPP_SYNC_SENT);
    }
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_sync_own_t *own =
        xmpp_sync_own_new(ctx, count_sending, count_fate, NULL);
    int messages = argc > 1 ? atoi(argv[1]) : 100;

    settle(own, messages);
    is_int(sent, messages, "all are sent");
    is_int(settled, messages, "and settled");
    xmpp_sync_own_free(own);
    xmpp_ctx_free(ctx);
    return done_testing();
}
