/* dane_answer.c - SRV and TLSA records as they stand in an answer, and name
 * servers in the form of libunbound. */

#include "net/dane_answer.h"

#include <stdio.h>

#define SRV_HEAD 6  /* priority, weight, port */
#define TLSA_HEAD 3 /* usage, selector, matching type */

/* A name in wire format: labels, each behind its length. A label may contain
 * anything, so a NUL or a dot inside one must not count as an end. */
static bool is_name(struct str wire, const char *name)
{
    struct str rest = str_of(name), label;

    while (wire.n && wire.s[0]) {
        size_t n = (unsigned char)wire.s[0];

        if (n >= wire.n)
            return false;
        rest = str_cut(rest, '.', &label);
        if (!str_eq_nocase(str_n(wire.s + 1, n), label))
            return false;
        wire = str_n(wire.s + n + 1, wire.n - n - 1);
    }
    return wire.n == 1 && rest.n == 0;
}

bool dane_srv_leads(struct str record, const char *host, unsigned port)
{
    const unsigned char *b = (const unsigned char *)record.s;

    return record.n > SRV_HEAD && ((unsigned)b[4] << 8 | b[5]) == port &&
           is_name(str_n(record.s + SRV_HEAD, record.n - SRV_HEAD), host);
}

/* Usages 0 to 3, selectors 0 and 1, matching types 0 to 2 (RFC 6698 section
 * 2.1). */
bool dane_tlsa_fits(struct str record)
{
    static const size_t sizes[] = {0, 32, 64}; /* any, SHA-256, SHA-512 */
    const unsigned char *b = (const unsigned char *)record.s;

    return record.n > TLSA_HEAD && b[0] <= 3 && b[1] <= 1 && b[2] <= 2 &&
           (!sizes[b[2]] || record.n - TLSA_HEAD == sizes[b[2]]);
}

void dane_server(struct str server, char *out, size_t n)
{
    struct str host, rest;

    if (server.n && server.s[0] == '[') {
        rest = str_cut(str_n(server.s + 1, server.n - 1), ']', &host);
        rest = rest.n && rest.s[0] == ':' ? str_n(rest.s + 1, rest.n - 1)
                                          : STR_NONE;
    } else {
        rest = str_cut(server, ':', &host);
        if (rest.n && memchr(rest.s, ':', rest.n)) { /* a bare one of IPv6 */
            host = server;
            rest = STR_NONE;
        }
    }
    if (rest.n)
        snprintf(out, n, "%.*s@%.*s", STR_ARG(host), STR_ARG(rest));
    else
        snprintf(out, n, "%.*s", STR_ARG(host));
}
