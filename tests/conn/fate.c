/* fate.c - what a tracked stanza became. */

#include "conn/fate.h"

void fate_told(xmpp_conn_t *conn, int status, const char *text, size_t length,
               void *userdata)
{
    struct fate *fate = userdata;

    fate->told++;
    fate->status = status;
    fate->conn = conn;
    snprintf(fate->text, sizeof(fate->text), "%.*s", (int)length, text);
}

int fate_send(struct testbed *testbed, const char *id, struct fate *fate)
{
    xmpp_stanza_t *m =
        xmpp_message_new(testbed->ctx, "chat", "juliet@example.org", id);

    return xmpp_send_tracked(testbed->conn, m, fate_told, fate);
}
