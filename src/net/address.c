/* address.c - an IP address to connect to. */

#include "net/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An interface by its name or number (RFC 4007 section 11.2); 0 if there is
 * none. A name may begin with a digit, too. The number is read in 64 bits,
 * because a long may have 32 and would not show an overflow. */
static uint32_t read_zone(const char *text)
{
    char *end;
    unsigned long long number;

    if (text[0] < '0' || text[0] > '9')
        return if_nametoindex(text);
    number = strtoull(text, &end, 10);
    return *end || number > UINT32_MAX ? if_nametoindex(text)
                                       : (uint32_t)number;
}

bool address_read(struct address *ret, const char *text)
{
    struct address a = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
    const char *zone = strchr(text, '%');
    char bare[INET6_ADDRSTRLEN];
    size_t n = zone ? (size_t)(zone - text) : strlen(text);

    if (n >= sizeof(bare))
        return false;
    memcpy(bare, text, n);
    bare[n] = '\0';
    if (zone) {
        a.zone = read_zone(zone + 1);
        if (a.family != AF_INET6 || !a.zone)
            return false;
    }
    if (inet_pton(a.family, bare, a.bytes) != 1)
        return false;
    *ret = a;
    return true;
}

bool address_from(struct address *ret, const struct sockaddr *from)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    /* copies, because a cast would break the aliasing rules of C */
    *ret = (struct address){.family = from->sa_family};
    if (from->sa_family == AF_INET) {
        memcpy(&v4, from, sizeof(v4));
        memcpy(ret->bytes, &v4.sin_addr, sizeof(v4.sin_addr));
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    memcpy(&v6, from, sizeof(v6));
    memcpy(ret->bytes, &v6.sin6_addr, sizeof(v6.sin6_addr));
    ret->zone = v6.sin6_scope_id;
    return true;
}

socklen_t address_fill(const struct address *address, uint16_t port,
                       struct sockaddr_storage *to)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons(port),
                              .sin6_scope_id = address->zone};

    memset(to, 0, sizeof(*to));
    if (address->family == AF_INET) {
        memcpy(&v4.sin_addr, address->bytes, sizeof(v4.sin_addr));
        memcpy(to, &v4, sizeof(v4));
        return sizeof(v4);
    }
    memcpy(&v6.sin6_addr, address->bytes, sizeof(v6.sin6_addr));
    memcpy(to, &v6, sizeof(v6));
    return sizeof(v6);
}

void address_write(const struct address *address, char to[ADDRESS_TEXT])
{
    char name[IF_NAMESIZE] = "";
    size_t n;

    if (!inet_ntop(address->family, address->bytes, to, ADDRESS_TEXT))
        to[0] = '\0';
    n = strlen(to);
    if (address->zone && if_indextoname(address->zone, name))
        snprintf(to + n, ADDRESS_TEXT - n, "%%%s", name);
    else if (address->zone) /* the interface is gone */
        snprintf(to + n, ADDRESS_TEXT - n, "%%%u", (unsigned)address->zone);
}
