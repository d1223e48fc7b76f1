/* jid_value.c - the public functions for addresses in normal form. */

#include "address/jid.h"

#include "address/idna.h"
#include "address/text.h"
#include "base/env.h"
#include "base/hash.h"

/* A NULL text has no size that matters: it is refused as an empty one is. */
static struct str jid_text_of(const char *text, size_t size)
{
    return size == (size_t)-1 ? str_of(text) : str_n(text, text ? size : 0);
}

int xmpp_jid_parse(const char *text, size_t size, xmpp_jid_mode_t mode,
                   char *buffer, xmpp_jid_t *ret, xmpp_text_error_t *ret_error)
{
    if (!buffer || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    return jid_parse(jid_text_of(text, size), mode, buffer, ret, ret_error);
}

int xmpp_jid_join(const char *local, const char *domain, const char *resource,
                  xmpp_jid_mode_t mode, char *buffer, xmpp_jid_t *ret,
                  xmpp_text_error_t *ret_error)
{
    if (!buffer || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    return jid_join(str_of(local), str_of(domain), str_of(resource), mode,
                    buffer, ret, ret_error);
}

int xmpp_jid_set_resource(const xmpp_jid_t *jid, const char *resource,
                          xmpp_jid_mode_t mode, char *buffer, xmpp_jid_t *ret,
                          xmpp_text_error_t *ret_error)
{
    if (!jid || !buffer || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    return jid_set_resource(jid, str_of(resource), mode, buffer, ret,
                            ret_error);
}

/* ---- kept values ------------------------------------------------- */

/* One block, so that one call frees it: the address, and behind it its text. */
xmpp_jid_t *xmpp_jid_copy(xmpp_ctx_t *ctx, const xmpp_jid_t *jid)
{
    struct str text;
    xmpp_jid_t *copy;
    char *to;

    if (!ctx || !jid)
        return NULL;
    text = jid_view(jid, XMPP_JID_FULL);
    copy = env_alloc(env_of(ctx), sizeof(*copy) + text.n + 1);
    if (!copy)
        return NULL;
    to = (char *)(copy + 1);
    memcpy(to, text.s, text.n);
    to[text.n] = '\0';
    *copy = jid_moved(*jid, to);
    return copy;
}

xmpp_jid_t *xmpp_jid_from_string(xmpp_ctx_t *ctx, const char *text,
                                 xmpp_text_error_t *ret_error)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid, *copy = NULL;
    int rc = jid_parse(str_of(text), XMPP_JID_STRICT, buffer, &jid, ret_error);

    if (rc == 0)
        copy = xmpp_jid_copy(ctx, &jid);
    if (rc == 0 && !copy)
        text_report(XMPP_EMEM, NULL, ret_error);
    return copy;
}

/* ---- parts ------------------------------------------------------- */

void xmpp_jid_cut(const xmpp_jid_t *jid, xmpp_jid_part_t part, xmpp_jid_t *ret)
{
    static const xmpp_jid_t nothing = {"", 0, 0, 0, 0};
    struct str view = jid ? jid_view(jid, part) : STR_NONE;

    if (!ret)
        return;
    *ret = jid ? *jid : nothing;
    if (!jid)
        return;
    if (part != XMPP_JID_DOMAIN && part != XMPP_JID_BARE)
        return;
    ret->text = view.s;
    ret->resource_size = 0;
    if (part == XMPP_JID_DOMAIN)
        ret->local_size = 0;
    ret->unprepared = (unsigned short)(jid->unprepared & (unsigned)part);
}

const char *xmpp_jid_view(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                          size_t *ret_size)
{
    struct str view = jid ? jid_view(jid, part) : STR_NONE;

    if (ret_size)
        *ret_size = view.n;
    return view.s;
}

char *xmpp_jid_text(xmpp_ctx_t *ctx, const xmpp_jid_t *jid,
                    xmpp_jid_part_t part)
{
    struct str view = jid ? jid_view(jid, part) : STR_NONE;

    return ctx && view.s ? env_strndup(env_of(ctx), view.s, view.n) : NULL;
}

char *xmpp_jid_domain_ascii(xmpp_ctx_t *ctx, const xmpp_jid_t *jid)
{
    char name[IDNA_NAME_MOST + 1];
    xmpp_text_error_t ignored;

    if (!ctx || !jid || jid->unprepared & XMPP_JID_DOMAIN ||
        idna_to_ascii(jid_view(jid, XMPP_JID_DOMAIN), name, &ignored))
        return NULL;
    return env_strdup(env_of(ctx), name);
}

/* ---- two of them ------------------------------------------------- */

/* Any other value, such as 0, stands for the whole address. */
static xmpp_jid_part_t known(xmpp_jid_part_t part)
{
    switch (part) {
    case XMPP_JID_LOCAL:
    case XMPP_JID_DOMAIN:
    case XMPP_JID_RESOURCE:
    case XMPP_JID_BARE:
        return part;
    default:
        return XMPP_JID_FULL;
    }
}

/* No valid part has the text of an unprepared one. The marks are compared all
 * the same, so that nothing depends on it. */
int xmpp_jid_equal(const xmpp_jid_t *a, const xmpp_jid_t *b,
                   xmpp_jid_part_t part)
{
    part = known(part);
    if (!a || !b || ((a->unprepared ^ b->unprepared) & (unsigned)part))
        return 0;
    if (part & XMPP_JID_DOMAIN && a->domain_size != b->domain_size)
        return 0;
    return str_eq(jid_view(a, part), jid_view(b, part));
}

bool jid_is_form(const xmpp_jid_t *jid, xmpp_jid_part_t form,
                 const xmpp_jid_t *of)
{
    xmpp_jid_t cut;

    xmpp_jid_cut(of, form, &cut);
    return xmpp_jid_equal(jid, &cut, XMPP_JID_FULL);
}

static int order(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int first = n ? memcmp(a.s, b.s, n) : 0;

    return first ? first : (a.n > b.n) - (a.n < b.n);
}

int xmpp_jid_compare(const xmpp_jid_t *a, const xmpp_jid_t *b,
                     xmpp_jid_part_t part)
{
    /* the domain first: sorted, the addresses of a server are together */
    static const xmpp_jid_part_t parts[] = {XMPP_JID_DOMAIN, XMPP_JID_LOCAL,
                                            XMPP_JID_RESOURCE};
    int first = 0;

    if (!a || !b)
        return (a != NULL) - (b != NULL);
    part = known(part);
    for (size_t i = 0; i < 3 && !first; i++)
        if (part & parts[i])
            first = order(jid_view(a, parts[i]), jid_view(b, parts[i]));
    return first;
}

unsigned long xmpp_jid_hash(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                            const unsigned char *key)
{
    static const unsigned char zero[HASH_KEY_SIZE];

    return jid ? (unsigned long)hash_sip(key ? key : zero, jid_view(jid, part))
               : 0;
}
