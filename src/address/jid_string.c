/* jid_string.c - libstrophe's functions on addresses as strings. */

#include <xmpp/jid.h>

#include "address/jid.h"
#include "base/env.h"

static struct str bare_of(struct str text)
{
    struct str bare;

    str_cut(text, '/', &bare);
    return bare;
}

static char *jid_copy_part(xmpp_ctx_t *ctx, struct str part)
{
    return ctx && part.s ? env_strndup(env_of(ctx), part.s, part.n) : NULL;
}

/* libstrophe checks the characters that RFC 7622 section 3.3.1 forbids, and the
 * length, and nothing else. */
static bool is_node(struct str node)
{
    static const char forbidden[] = "\"&'/:<>@ ";

    for (size_t i = 0; i < node.n; i++)
        if (strchr(forbidden, node.s[i]))
            return false;
    return node.n <= JID_PART_MOST;
}

static char *jid_put(char *to, struct str part)
{
    if (part.n)
        memcpy(to, part.s, part.n);
    return to + part.n;
}

char *xmpp_jid_new(xmpp_ctx_t *ctx, const char *node, const char *domain,
                   const char *resource)
{
    struct str l = str_of(node), d = str_of(domain), r = str_of(resource);
    char *jid, *to;

    if (!ctx || d.n == 0 || d.n > JID_PART_MOST || !is_node(l) ||
        r.n > JID_PART_MOST)
        return NULL;
    to = jid = env_alloc(env_of(ctx), l.n + d.n + r.n + 3);
    if (!jid)
        return NULL;
    if (l.s)
        to = jid_put(jid_put(to, l), STR("@"));
    to = jid_put(to, d);
    if (r.s)
        to = jid_put(jid_put(to, STR("/")), r);
    *to = '\0';
    return jid;
}

char *xmpp_jid_bare(xmpp_ctx_t *ctx, const char *jid)
{
    return jid ? jid_copy_part(ctx, bare_of(str_of(jid))) : NULL;
}

char *xmpp_jid_node(xmpp_ctx_t *ctx, const char *jid)
{
    struct str head;

    if (!jid)
        return NULL;
    return str_cut(bare_of(str_of(jid)), '@', &head).s
               ? jid_copy_part(ctx, head)
               : NULL;
}

char *xmpp_jid_domain(xmpp_ctx_t *ctx, const char *jid)
{
    struct str head, rest;

    if (!jid)
        return NULL;
    rest = str_cut(bare_of(str_of(jid)), '@', &head);
    return jid_copy_part(ctx, rest.s ? rest : head);
}

char *xmpp_jid_resource(xmpp_ctx_t *ctx, const char *jid)
{
    struct str head;

    return jid ? jid_copy_part(ctx, str_cut(str_of(jid), '/', &head)) : NULL;
}
