/* history.c - the third step: each message once, also what was sent while this
 * program was not running. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <xmpp/xep/sync.h>

#include "session.h"
#include "store_dir.h" /* of examples/ */

static void show_message(xmpp_conn_t *conn, const xmpp_sync_message_t *m)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    const char *text = xmpp_stanza_get_child_text(m->message, "body", NULL);
    char *chat = xmpp_jid_text(ctx, &m->chat, XMPP_JID_BARE);
    char when[XMPP_TIME_SIZE];

    if (text && chat) {
        xmpp_time_print(m->time, when);
        printf("%s %s %s: %s\n", when, m->is_ours ? "to" : "from", chat, text);
        fflush(stdout);
    }
    xmpp_free(ctx, chat);
}

static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    (void)userdata;
    if (event->what == XMPP_SYNC_MESSAGE)
        show_message(conn, event->value);
    else if (event->what == XMPP_SYNC_GAP && event->value && !event->before)
        printf("(older messages are not shown)\n");
}

static void on_ready(xmpp_conn_t *conn)
{
    printf("ready as %s\n", xmpp_conn_get_bound_jid(conn));
    fflush(stdout);
}

int main(void)
{
    xmpp_conn_t *conn = session_new();
    xmpp_store_t store;
    int code;

    if (store_dir_open(&store, "history.store") != 0) {
        fprintf(stderr, "history.store: %s\n", strerror(errno));
        session_free(conn);
        return 1;
    }
    xmpp_conn_set_store(conn, &store); /* before modules that read it */
    xmpp_conn_use(conn, &xmpp_mod_sync);
    xmpp_conn_watch(conn, &xmpp_mod_sync, on_sync, NULL);
    code = session_run(conn, on_ready);
    session_free(conn);
    store_dir_close(&store);
    return code;
}
