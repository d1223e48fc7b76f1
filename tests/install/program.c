/* program.c - a program outside the tree, with nothing but pkg-config. */

#include <stdio.h>
#include <xmpp/xmpp.h>

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    printf("%s\n", xmpp_version());
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return conn == NULL;
}
