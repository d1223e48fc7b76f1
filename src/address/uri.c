/* uri.c - parses an XMPP URI or IRI (RFC 5122).
 *
 * The text is cut first, then each part is decoded once, then the addresses are
 * joined from their parts, so an encoded character is never a delimiter.
 * Escapes that are not UTF-8 are refused, because the parts are text.
 *
 * XMPP_JID_STRICT is RFC 5122 to the letter, which refuses what XEPs themselves
 * show (a raw '@', ':' or '+' in a value). XMPP_JID_LENIENT accepts what URIs
 * in general may have there, but never a space. Two rules are ours: a query
 * that begins with a parameter has the type "", and a parameter without '=' has
 * the value "". */

#include "address/uri.h"

#include "address/jid.h"
#include "address/literal.h"
#include "address/pct.h"
#include "address/text.h"

/* ---- cutting ----------------------------------------------------- */

/* Still encoded; STR_NONE for an absent part. */
struct pieces {
    struct str authority, path, query, fragment;
};

int uri_wrong(xmpp_text_error_t *wrong, const char *part, const char *reason)
{
    *wrong = (xmpp_text_error_t){part, reason, -1};
    return XMPP_EARG;
}

static int uri_cut(struct str text, struct pieces *p, xmpp_text_error_t *wrong)
{
    struct str scheme, rest = str_cut(text, ':', &scheme);

    if (text.n > XMPP_URI_MAX)
        return uri_wrong(wrong, "URI", "it is too long");
    if (!str_is_utf8(text))
        return uri_wrong(wrong, "URI", "it is not UTF-8");
    if (!rest.s || !str_eq_nocase(scheme, STR("xmpp")))
        return uri_wrong(wrong, "scheme", "it is not \"xmpp:\"");
    p->fragment = str_cut(rest, '#', &rest);
    p->query = str_cut(rest, '?', &rest);
    p->authority = STR_NONE;
    p->path = rest;
    if (str_starts(rest, STR("//")))
        p->path = str_cut(str_n(rest.s + 2, rest.n - 2), '/', &p->authority);
    return 0;
}

/* ---- addresses --------------------------------------------------- */

struct address {
    xmpp_jid_t jid;
    char room[XMPP_JID_BUFFER_SIZE];
};

/* An IP literal has the same form in addresses, including the escapes of its
 * zone (RFC 6874), so it is not decoded. */
static int check_literal(struct str host, xmpp_text_error_t *wrong)
{
    struct str head, zone = str_cut(host, '%', &head);

    if (zone.s && !str_starts(zone, STR("25")))
        return text_wrong(wrong, "its zone must begin with %25", '%');
    return literal_is_valid(host)
               ? 0
               : text_wrong(wrong, "it is not a valid IP literal", -1);
}

static int decode_host(struct str host, bool lenient, char **to,
                       struct str *ret, xmpp_text_error_t *wrong)
{
    int rc;

    *ret = host;
    if (literal_is_meant(host))
        return check_literal(host, wrong);
    rc = pct_decode(host, PCT_HOST, lenient, to, ret, wrong);
    /* An encoded bracket is not a delimiter, so this is not a literal; and no
     * name has brackets. */
    return rc == 0 && literal_is_meant(*ret)
               ? text_wrong(wrong, "a bracket must not be encoded", '[')
               : rc;
}

/* `scratch` has room for `text` and three octets more. wrong->part is set. */
static int parse_address(struct str text, xmpp_jid_mode_t mode, char *scratch,
                         struct address *a, xmpp_text_error_t *wrong)
{
    struct str local = STR_NONE, domain = STR_NONE, resource = STR_NONE;
    bool lenient = mode == XMPP_JID_LENIENT;
    struct str bare, host, head;
    struct str last = str_cut(text, '/', &bare);
    int rc = 0;

    host = str_cut(bare, '@', &head);
    if (host.s)
        rc = pct_decode(head, PCT_NODE, lenient, &scratch, &local, wrong);
    if (rc == 0)
        rc = decode_host(host.s ? host : head, lenient, &scratch, &domain,
                         wrong);
    if (rc == 0 && last.s)
        rc =
            pct_decode(last, PCT_RESOURCE, lenient, &scratch, &resource, wrong);
    if (rc == 0)
        rc = jid_join(local, domain, resource, mode, a->room, &a->jid, wrong);
    return rc;
}

/* The authority is the account to act as: localpart@domainpart, as in the
 * grammar. A host alone, or with a port, is not an account in either mode. */
static int parse_account(struct str text, xmpp_jid_mode_t mode, char *scratch,
                         struct address *a, xmpp_text_error_t *wrong)
{
    wrong->part = "authority";
    if (!memchr(text.s, '@', text.n))
        return text_wrong(wrong, "it is not localpart@domainpart", -1);
    return parse_address(text, mode, scratch, a, wrong);
}

/* Both addresses, as far as they are present. */
static int parse_addresses(const struct env *env, struct pieces *p,
                           xmpp_jid_mode_t mode, struct address *account,
                           struct address *jid, xmpp_text_error_t *wrong)
{
    char *scratch = env_alloc(env, p->authority.n + p->path.n + 4);
    int rc = 0;

    if (!scratch)
        return XMPP_EMEM;
    if (p->authority.s && p->path.n == 0 && mode == XMPP_JID_LENIENT)
        p->path = STR_NONE;
    if (p->authority.s)
        rc = parse_account(p->authority, mode, scratch, account, wrong);
    if (rc == 0 && p->path.s) {
        wrong->part = "path";
        rc = parse_address(p->path, mode, scratch, jid, wrong);
    }
    env_free(env, scratch);
    return rc;
}

/* ---- the query --------------------------------------------------- */

/* An upper limit for the number of parameters. */
static size_t most_pairs(struct str query)
{
    size_t n = query.s ? 1 : 0;

    for (size_t i = 0; i < query.n && n < XMPP_URI_PARAMS_MAX; i++)
        n += query.s[i] == ';';
    return n;
}

static int parse_pair(struct str pair, bool lenient, xmpp_uri_t *uri,
                      xmpp_uri_param_t *params, char **to,
                      xmpp_text_error_t *wrong)
{
    struct str key, value = str_cut(pair, '=', &key), decoded;
    int rc;

    if (!value.s && !lenient)
        return uri_wrong(wrong, "query", "a parameter has no '='");
    if (pair.n == 0)
        return 0;
    if (uri->param_count == XMPP_URI_PARAMS_MAX)
        return uri_wrong(wrong, "query", "it has too many parameters");
    rc = pct_decode(key, PCT_QUERY, lenient, to, &decoded, wrong);
    if (rc)
        return rc;
    params[uri->param_count].key = decoded.s;
    rc = pct_decode(value, PCT_QUERY, lenient, to, &decoded, wrong);
    params[uri->param_count++].value = decoded.s;
    return rc;
}

static int parse_query(struct str query, bool lenient, xmpp_uri_t *uri,
                       xmpp_uri_param_t *params, char **to,
                       xmpp_text_error_t *wrong)
{
    struct str first, rest = str_cut(query, ';', &first), type;
    int rc;

    wrong->part = "query";
    if (lenient && memchr(first.s, '=', first.n)) {
        rest = query;
        first = STR("");
    }
    rc = pct_decode(first, PCT_QUERY, lenient, to, &type, wrong);
    uri->type = type.s;
    while (rc == 0 && rest.s) {
        rest = str_cut(rest, ';', &first);
        rc = parse_pair(first, lenient, uri, params, to, wrong);
    }
    uri->params = uri->param_count ? params : NULL;
    return rc;
}

/* ---- all of it --------------------------------------------------- */

/* The result, in one block: behind the parameters come the texts. */
struct whole {
    xmpp_uri_t uri;
    xmpp_jid_t account, jid;
    xmpp_uri_param_t params[];
};

/* With its NUL. */
static size_t size_of(const struct address *a)
{
    return jid_view(&a->jid, XMPP_JID_FULL).n + 1;
}

static const xmpp_jid_t *uri_keep_jid(xmpp_jid_t *to, const xmpp_jid_t *jid,
                                      char **text)
{
    struct str full = jid_view(jid, XMPP_JID_FULL);

    *to = jid_moved(*jid, memcpy(*text, full.s, full.n));
    *text += full.n;
    *(*text)++ = '\0';
    return to;
}

static int parse_rest(const struct pieces *p, bool lenient, struct whole *whole,
                      char *to, xmpp_text_error_t *wrong)
{
    xmpp_uri_t *uri = &whole->uri;
    struct str fragment;
    int rc = 0;

    if (p->query.s)
        rc = parse_query(p->query, lenient, uri, whole->params, &to, wrong);
    if (rc == 0 && p->fragment.s) {
        wrong->part = "fragment";
        rc = pct_decode(p->fragment, PCT_FRAGMENT, lenient, &to, &fragment,
                        wrong);
        uri->fragment = fragment.s;
    }
    return rc;
}

int uri_parse(const struct env *env, struct str text, xmpp_jid_mode_t mode,
              xmpp_uri_t **ret, xmpp_text_error_t *wrong)
{
    struct address account, jid;
    struct pieces p;
    struct whole *whole;
    size_t pairs;
    char *to;
    int rc = uri_cut(text, &p, wrong);

    if (rc == 0)
        rc = parse_addresses(env, &p, mode, &account, &jid, wrong);
    if (rc)
        return rc;
    /* decoding never makes a text longer; each text gets a NUL */
    pairs = most_pairs(p.query);
    whole = env_zalloc(env, sizeof(*whole) + pairs * sizeof(whole->params[0]) +
                                (p.authority.s ? size_of(&account) : 0) +
                                (p.path.s ? size_of(&jid) : 0) + p.query.n + 1 +
                                2 * pairs + p.fragment.n + 1);
    if (!whole)
        return XMPP_EMEM;
    to = (char *)&whole->params[pairs];
    if (p.authority.s)
        whole->uri.account = uri_keep_jid(&whole->account, &account.jid, &to);
    if (p.path.s)
        whole->uri.jid = uri_keep_jid(&whole->jid, &jid.jid, &to);
    rc = parse_rest(&p, mode == XMPP_JID_LENIENT, whole, to, wrong);
    if (rc)
        env_free(env, whole);
    else
        *ret = &whole->uri;
    return rc;
}

/* ---- public ------------------------------------------------------ */

int xmpp_uri_parse(xmpp_ctx_t *ctx, const char *text, size_t size,
                   xmpp_jid_mode_t mode, xmpp_uri_t **ret,
                   xmpp_text_error_t *ret_error)
{
    xmpp_text_error_t wrong;
    int rc;

    if (!ctx || !text || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    rc = uri_parse(env_of(ctx),
                   size == (size_t)-1 ? str_of(text) : str_n(text, size), mode,
                   ret, &wrong);
    return text_report(rc, &wrong, ret_error);
}

const char *xmpp_uri_get_param(const xmpp_uri_t *uri, const char *key)
{
    for (size_t i = 0; uri && key && i < uri->param_count; i++)
        if (strcmp(uri->params[i].key, key) == 0)
            return uri->params[i].value;
    return NULL;
}
