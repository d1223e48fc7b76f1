/* dump.c - what becomes of every code point, for derived.py: a line each.
 *
 * Both derived properties; then the character alone by SASLprep as a query and
 * as a stored string, and as a user name: in hexadecimal, "=" if it stays, "-"
 * if it is refused. */

#include <stdio.h>

#include <unistr.h>

#include "address/precis.h"
#include "address/saslprep.h"
#include "address/unicode.h"

static void put(struct str was, int rc, struct str is)
{
    if (rc)
        printf(" -");
    else if (str_eq(was, is))
        printf(" =");
    else
        putchar(' ');
    for (size_t i = 0; i < is.n && !rc && !str_eq(was, is); i++)
        printf("%02x", (unsigned char)is.s[i]);
}

int main(void)
{
    struct env env;

    env_init(&env, NULL, NULL);
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint8_t utf8[8];
        int n = u8_uctomb(utf8, c, sizeof(utf8));
        struct str text = str_n((char *)utf8, n > 0 ? (size_t)n : 0);
        xmpp_text_error_t wrong;
        char name[64], *out = NULL;
        size_t name_n = 0;
        int rc;

        printf("%d%d", (int)unicode_precis(c), (int)unicode_idna(c));
        for (int kind = SASLPREP_QUERY; kind <= SASLPREP_STORED; kind++) {
            rc =
                saslprep_as(&env, text, (enum saslprep_kind)kind, &out, &wrong);
            put(text, rc, str_of(out));
            env_free(&env, out);
        }
        rc = precis_enforce(XMPP_PRECIS_USERNAME_CASE_MAPPED, text, name,
                            sizeof(name), &name_n, &wrong);
        put(text, rc, str_n(name, name_n));
        putchar('\n');
    }
    return 0;
}
