/* extension.c - a program that uses one extension, and looks at its tables. */

#include <stdio.h>
#include <xmpp/xep/version.h>
#include <xmpp/xmpp.h>

/* The library finds a module by the address of its table, and the program holds
 * a copy of that table: both have to mean the copy. */
int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    xmpp_software_t software;
    int wrong;

    XMPP_INIT(xmpp_software, software);
    wrong = xmpp_software_set(conn, &software) != XMPP_EINVOP;
    wrong |= xmpp_conn_use(conn, &xmpp_mod_version) != 0;
    wrong |= xmpp_software_set(conn, &software) != XMPP_EARG;
    software.name = "a program";
    software.version = "1";
    wrong |= xmpp_software_set(conn, &software) != 0;
    wrong |= xmpp_software_set(conn, NULL) != 0;
    printf("%s: %s\n", xmpp_mod_version.name, wrong ? "wrong" : "right");
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return wrong;
}
