/* literal.c - IP literals as domainparts: [2001:db8::1] (RFC 3986, 6874).
 *
 * They keep their spelling except for lower case: the short form of RFC 5952 is
 * not part of RFC 7622. */

#include "address/literal.h"

#include <arpa/inet.h>

#include "base/code.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_unreserved(char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("-._~", c));
}

/* inet_pton() knows all forms of RFC 4291, and takes neither a zone nor
 * brackets. It stops at a NUL. */
static bool is_v6(struct str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char address[16];

    if (text.n >= sizeof(copy) || memchr(text.s, '\0', text.n))
        return false;
    memcpy(copy, text.s, text.n);
    copy[text.n] = '\0';
    return inet_pton(AF_INET6, copy, address) == 1;
}

/* RFC 6874: unreserved characters and escapes. */
static bool is_zone(struct str zone)
{
    if (str_starts(zone, STR("25"))) /* what is left of "%25" */
        zone = str_n(zone.s + 2, zone.n - 2);
    for (size_t i = 0; i < zone.n; i++) {
        if (zone.s[i] == '%' && zone.n - i > 2 &&
            hex_value(zone.s[i + 1]) >= 0 && hex_value(zone.s[i + 2]) >= 0)
            i += 2;
        else if (!is_unreserved(zone.s[i]))
            return false;
    }
    return zone.n > 0;
}

/* RFC 3986 section 3.2.2: "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
 */
static bool is_future(struct str text)
{
    struct str version, rest = str_cut(text, '.', &version);

    if (!rest.n || version.n < 2 || (version.s[0] | 0x20) != 'v')
        return false;
    for (size_t i = 1; i < version.n; i++)
        if (hex_value(version.s[i]) < 0)
            return false;
    for (size_t i = 0; i < rest.n; i++)
        if (!is_unreserved(rest.s[i]) &&
            (!rest.s[i] || !strchr("!$&'()*+,;=:", rest.s[i])))
            return false;
    return true;
}

bool literal_is_valid(struct str domain)
{
    struct str inner, zone;

    if (domain.n < 4 || domain.s[0] != '[' || domain.s[domain.n - 1] != ']')
        return false;
    inner = str_n(domain.s + 1, domain.n - 2);
    if (is_future(inner))
        return true;
    zone = str_cut(inner, '%', &inner);
    return is_v6(inner) && (!zone.s || is_zone(zone));
}

void literal_lower(struct str domain, char *out)
{
    bool zone = false;

    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.s[i];

        zone |= c == '%';
        out[i] = zone ? c : str_lower(c);
    }
}
