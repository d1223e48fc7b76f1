/* endpoint.c - a host and a port, as a server names where to connect to. */

#include "address/endpoint.h"

#include <stdio.h>

#include "address/literal.h"

static bool endpoint_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str trim(struct str text)
{
    while (text.n && endpoint_is_space(text.s[0]))
        text = str_n(text.s + 1, text.n - 1);
    while (text.n && endpoint_is_space(text.s[text.n - 1]))
        text.n--;
    return text;
}

/* Returns what follows the host, with its colon. */
static struct str endpoint_cut(struct str text, struct str *ret_host)
{
    struct str rest;

    *ret_host = text;
    if (literal_is_meant(text)) {
        rest = str_cut(text, ']', ret_host);
        ret_host->n += rest.s != NULL; /* the bracket */
        return rest;
    }
    rest = str_cut(text, ':', ret_host);
    return rest.s ? str_n(rest.s - 1, rest.n + 1) : rest;
}

static bool read_port(struct str text, unsigned *ret_port)
{
    unsigned long port = 0;

    if (text.n &&
        (text.s[0] != ':' ||
         !str_number(str_n(text.s + 1, text.n - 1), 65535, &port) || port == 0))
        return false;
    *ret_port = (unsigned)port;
    return true;
}

/* Put an IPv6 address without brackets into brackets. False if `text` is not
 * one. */
static bool add_brackets(struct str text, char *room, size_t size)
{
    if (text.n + 3 > size)
        return false;
    snprintf(room, size, "[%.*s]", STR_ARG(text));
    return literal_is_valid(str_of(room));
}

int endpoint_read(struct str text, char host[IDNA_NAME_MOST + 1],
                  unsigned *ret_port)
{
    struct str all = trim(text), name, rest = endpoint_cut(all, &name);
    xmpp_text_error_t wrong;
    char room[64];

    if (add_brackets(all, room, sizeof(room))) {
        name = str_of(room);
        rest = STR_NONE;
    }
    if (!name.n || memchr(name.s, '%', name.n) || !read_port(rest, ret_port))
        return XMPP_EARG;
    return idna_to_ascii(name, host, &wrong);
}
