/* old.c - a program for libstrophe, with nothing but pkg-config. */

#include <stdio.h>
#include <strophe.h>

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char *digest = xmpp_sha1(ctx, (const unsigned char *)"abc", 3);

    printf("%s\n", digest);
    xmpp_free(ctx, digest);
    xmpp_ctx_free(ctx);
    return digest == NULL;
}
