/* overrides.c - where names lead by the word of the application. */

#include "net/overrides.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* A name may end in the dot of the root. */
static bool is_same_name(struct str a, struct str b)
{
    if (b.n && b.s[b.n - 1] == '.')
        b.n--;
    return str_eq_nocase(a, b);
}

static bool take_override(struct str host, struct str port,
                          struct override *ret)
{
    if (host.n >= sizeof(ret->host))
        return false;
    *ret = (struct override){
        .port = (uint16_t)strtoul(port.s, NULL, 10)}; /* a line ends it */
    memcpy(ret->host, host.s, host.n);
    return true;
}

const char *overrides_next(const char *at, const char *name,
                           struct override *ret)
{
    struct str rest = str_of(at), line, of, host;

    while (rest.n) {
        rest = str_cut(rest, '\n', &line);
        line = str_cut(line, ' ', &of);
        line = str_cut(line, ' ', &host);
        if (is_same_name(of, str_of(name)) && take_override(host, line, ret))
            return rest.s;
    }
    return NULL;
}
