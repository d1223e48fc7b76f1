/* jid.c - an address taken apart and put together (RFC 7622 section 3.1). */

#include "address/jid.h"

#include <xmpp/error.h>
#include <xmpp/jid.h>

#include "address/idna.h"
#include "address/precis.h"
#include "base/buf.h"

/* ---- apart ------------------------------------------------------------ */

static bool is_part(struct str part)
{
    return part.n > 0 && part.n <= JID_PART_MOST;
}

/* An absent part is fine, an empty one is not. */
static bool is_optional_part(struct str part)
{
    return !part.s || is_part(part);
}

static struct str without_dot(struct str domain)
{
    if (domain.n > 1 && domain.s[domain.n - 1] == '.')
        domain.n--;
    return domain;
}

bool jid_split(struct jid *jid, struct str text)
{
    struct str bare, rest, head;

    *jid = (struct jid){STR_NONE, STR_NONE, STR_NONE};
    if (!text.s || text.n > JID_MOST + 1 || !str_is_utf8(text))
        return false;
    jid->resource = str_cut(text, '/', &bare);
    rest = str_cut(bare, '@', &head);
    if (rest.s)
        jid->local = head;
    jid->domain = without_dot(rest.s ? rest : head);
    return is_part(jid->domain) && is_optional_part(jid->local) &&
           is_optional_part(jid->resource);
}

struct str jid_bare(struct str text)
{
    struct str bare;

    str_cut(text, '/', &bare);
    return bare;
}

static bool same_part(struct str a, struct str b)
{
    return (a.s == NULL) == (b.s == NULL) && str_eq(a, b);
}

/* Cut without judging. */
static struct jid parts_of(struct str text)
{
    struct jid jid = {STR_NONE, STR_NONE, STR_NONE};
    struct str bare, rest, head;

    jid.resource = str_cut(text, '/', &bare);
    rest = str_cut(bare, '@', &head);
    if (rest.s)
        jid.local = head;
    jid.domain = rest.s ? rest : head;
    return jid;
}

static bool same_bare(const struct jid *a, const struct jid *b)
{
    return same_part(a->local, b->local) &&
           str_eq_nocase(without_dot(a->domain), without_dot(b->domain));
}

bool jid_equal(struct str a, struct str b)
{
    struct jid x = parts_of(a), y = parts_of(b);

    return same_bare(&x, &y) && same_part(x.resource, y.resource);
}

/* ---- preparing ---------------------------------------------------------- */

/* The parts as they become; absent ones stay NULL. */
struct prepared {
    char *local, *domain, *resource;
};

static const char *excluded_in(const char *local)
{
    return local && strpbrk(local, "\"&'/:<>@")
               ? "it has one of the characters \"&'/:<>@"
               : NULL;
}

static int prepare_part(const struct env *env, enum precis_profile profile,
                        struct str text, char **ret, const char **ret_why)
{
    int rc;

    *ret = NULL;
    if (!text.s)
        return 0;
    rc = precis_enforce(env, profile, text, ret, ret_why);
    if (rc == 0 && strlen(*ret) > JID_PART_MOST)
        *ret_why = "it is too long";
    if (rc == 0 && profile == PRECIS_USERNAME && !*ret_why)
        *ret_why = excluded_in(*ret);
    return *ret_why ? XMPP_EARG : rc;
}

static char *join(const struct env *env, const struct prepared *p)
{
    struct buf b;

    buf_init(&b, env, JID_MOST);
    if (p->local) {
        buf_puts(&b, str_of(p->local));
        buf_putc(&b, '@');
    }
    buf_puts(&b, str_of(p->domain));
    if (p->resource) {
        buf_putc(&b, '/');
        buf_puts(&b, str_of(p->resource));
    }
    return buf_take(&b);
}

int jid_prepare(const struct env *env, struct str text, char **ret,
                const char **ret_part, const char **ret_why)
{
    struct prepared p = {NULL, NULL, NULL};
    struct jid jid;
    int rc;

    *ret = NULL;
    *ret_part = "address";
    *ret_why = NULL;
    if (!jid_split(&jid, text)) {
        *ret_why = "it is none";
        return XMPP_EARG;
    }
    *ret_part = "localpart";
    rc = prepare_part(env, PRECIS_USERNAME, jid.local, &p.local, ret_why);
    if (rc == 0) {
        *ret_part = "resourcepart";
        rc = prepare_part(env, PRECIS_OPAQUE, jid.resource, &p.resource,
                          ret_why);
    }
    if (rc == 0) {
        *ret_part = "domainpart";
        rc = idna_prepare(env, jid.domain, &p.domain, ret_why);
    }
    if (rc == 0) {
        *ret = join(env, &p);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    env_free(env, p.local);
    env_free(env, p.domain);
    env_free(env, p.resource);
    return rc;
}

/* ---- public ----------------------------------------------------------- */

static char *copy(xmpp_ctx_t *ctx, struct str part)
{
    return part.s ? env_strndup(env_of(ctx), part.s, part.n) : NULL;
}

/* What RFC 7622 section 3.3.1 forbids in a localpart. */
static bool is_node(struct str node)
{
    static const char forbidden[] = "\"&'/:<>@ ";

    for (size_t i = 0; i < node.n; i++)
        if (strchr(forbidden, node.s[i]))
            return false;
    return node.n <= JID_PART_MOST;
}

static char *put(char *to, struct str part)
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

    if (!ctx || !is_part(d) || !is_node(l) || r.n > JID_PART_MOST)
        return NULL;
    to = jid = env_alloc(env_of(ctx), l.n + d.n + r.n + 3);
    if (!jid)
        return NULL;
    if (l.s)
        to = put(put(to, l), STR("@"));
    to = put(to, d);
    if (r.s)
        to = put(put(to, STR("/")), r);
    *to = '\0';
    return jid;
}

char *xmpp_jid_bare(xmpp_ctx_t *ctx, const char *jid)
{
    return jid ? copy(ctx, jid_bare(str_of(jid))) : NULL;
}

char *xmpp_jid_node(xmpp_ctx_t *ctx, const char *jid)
{
    return jid ? copy(ctx, parts_of(str_of(jid)).local) : NULL;
}

char *xmpp_jid_domain(xmpp_ctx_t *ctx, const char *jid)
{
    return jid ? copy(ctx, parts_of(str_of(jid)).domain) : NULL;
}

char *xmpp_jid_resource(xmpp_ctx_t *ctx, const char *jid)
{
    return jid ? copy(ctx, parts_of(str_of(jid)).resource) : NULL;
}
