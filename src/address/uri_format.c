/* uri_format.c - formats an XMPP URI or IRI, and converts between the two.
 *
 * A domain is written as percent-encoded U-labels (RFC 5122 section 2.7.3).
 * ToASCII is for schemes whose hosts cannot be percent-encoded (RFC 3987
 * section 3.1). */

#include "address/text.h"
#include "address/uri.h"

#include "address/iri.h"
#include "address/jid.h"
#include "address/literal.h"

/* Appends a part, encoded: pct_encode() for URIs, iri_encode() for IRIs. */
typedef void put_fn(struct buf *to, struct str text, enum pct_part part);

/* ---- checking ---------------------------------------------------- */

static bool uri_is_text(const char *s)
{
    return !s || str_is_utf8(str_of(s));
}

static bool uri_is_address(const xmpp_jid_t *jid)
{
    return !jid ||
           (jid->domain_size > 0 && str_is_utf8(jid_view(jid, XMPP_JID_FULL)));
}

static int check_query(const xmpp_uri_t *uri, xmpp_text_error_t *wrong)
{
    if (!uri_is_text(uri->type))
        return uri_wrong(wrong, "query", "it is not UTF-8");
    if (uri->param_count > XMPP_URI_PARAMS_MAX)
        return uri_wrong(wrong, "query", "it has too many parameters");
    for (size_t i = 0; i < uri->param_count; i++) {
        if (!uri->params[i].key || !uri->params[i].value)
            return uri_wrong(wrong, "query",
                             "a parameter has no key or no value");
        if (!uri_is_text(uri->params[i].key) ||
            !uri_is_text(uri->params[i].value))
            return uri_wrong(wrong, "query", "it is not UTF-8");
    }
    return 0;
}

static int uri_check(const xmpp_uri_t *uri, xmpp_text_error_t *wrong)
{
    const xmpp_jid_t *account = uri->account;

    if (!account && !uri->jid)
        return uri_wrong(wrong, "path", "it has no address");
    if (!uri_is_address(account) ||
        (account && (!account->local_size || account->resource_size)))
        return uri_wrong(wrong, "authority", "it is not localpart@domainpart");
    if (!uri_is_address(uri->jid))
        return uri_wrong(wrong, "path", "it is not a valid address");
    if (!uri_is_text(uri->fragment))
        return uri_wrong(wrong, "fragment", "it is not UTF-8");
    return check_query(uri, wrong);
}

/* ---- writing ----------------------------------------------------- */

/* An IP literal has the same form in a URI, except that the '%' of its zone is
 * always encoded there (RFC 6874). Addresses may have it in either form. */
static void uri_put_literal(struct buf *to, struct str literal)
{
    struct str head, zone = str_cut(literal, '%', &head);

    buf_puts(to, head);
    if (zone.s) {
        buf_puts(to, STR("%25"));
        if (str_starts(zone, STR("25")))
            zone = str_n(zone.s + 2, zone.n - 2);
        buf_puts(to, zone);
    }
}

static void put_address(struct buf *to, const xmpp_jid_t *jid, put_fn *put)
{
    struct str local = jid_view(jid, XMPP_JID_LOCAL);
    struct str domain = jid_view(jid, XMPP_JID_DOMAIN);
    struct str resource = jid_view(jid, XMPP_JID_RESOURCE);

    if (local.n) {
        put(to, local, PCT_NODE);
        buf_putc(to, '@');
    }
    if (literal_is_valid(domain))
        uri_put_literal(to, domain);
    else
        put(to, domain, PCT_HOST);
    if (resource.n) {
        buf_putc(to, '/');
        put(to, resource, PCT_RESOURCE);
    }
}

static void put_query(struct buf *to, const xmpp_uri_t *uri, put_fn *put)
{
    if (!uri->type && !uri->param_count)
        return;
    buf_putc(to, '?');
    if (uri->type)
        put(to, str_of(uri->type), PCT_QUERY);
    for (size_t i = 0; i < uri->param_count; i++) {
        buf_putc(to, ';');
        put(to, str_of(uri->params[i].key), PCT_QUERY);
        buf_putc(to, '=');
        put(to, str_of(uri->params[i].value), PCT_QUERY);
    }
}

static void put_all(struct buf *to, const xmpp_uri_t *uri, put_fn *put)
{
    buf_puts(to, STR("xmpp:"));
    if (uri->account) {
        buf_puts(to, STR("//"));
        put_address(to, uri->account, put);
        if (uri->jid)
            buf_putc(to, '/');
    }
    if (uri->jid)
        put_address(to, uri->jid, put);
    put_query(to, uri, put);
    if (uri->fragment) {
        buf_putc(to, '#');
        put(to, str_of(uri->fragment), PCT_FRAGMENT);
    }
}

/* Take the text out of `b`, unless it is too long; `b` is freed. */
static int uri_take(struct buf *b, char **ret, xmpp_text_error_t *wrong)
{
    char *text;

    if (!b->failed && buf_size(b) > XMPP_URI_MAX) {
        buf_free(b);
        return uri_wrong(wrong, "URI", "it is too long");
    }
    text = buf_take(b);
    if (!text)
        return XMPP_EMEM;
    *ret = text;
    return 0;
}

int uri_format(const struct env *env, const xmpp_uri_t *uri,
               xmpp_uri_form_t form, char **ret, xmpp_text_error_t *wrong)
{
    int rc = uri_check(uri, wrong);
    struct buf b;

    if (rc)
        return rc;
    buf_init(&b, env, SIZE_MAX / 4); /* uri_take() checks the length */
    put_all(&b, uri, form == XMPP_URI_UNICODE ? iri_encode : pct_encode);
    return uri_take(&b, ret, wrong);
}

/* ---- public ------------------------------------------------------ */

int xmpp_uri_format(xmpp_ctx_t *ctx, const xmpp_uri_t *uri,
                    xmpp_uri_form_t form, char **ret,
                    xmpp_text_error_t *ret_error)
{
    xmpp_text_error_t wrong;
    int rc;

    if (!ctx || !uri || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    rc = uri_format(env_of(ctx), uri, form, ret, &wrong);
    return text_report(rc, &wrong, ret_error);
}

typedef int convert_fn(struct buf *to, struct str text,
                       xmpp_text_error_t *wrong);

static int convert_text(const struct env *env, convert_fn *fn, struct str in,
                        char **ret, xmpp_text_error_t *wrong)
{
    struct buf b;
    int rc;

    if (in.n > XMPP_URI_MAX)
        return uri_wrong(wrong, "URI", "it is too long");
    if (!str_is_utf8(in))
        return uri_wrong(wrong, "URI", "it is not UTF-8");
    wrong->part = "URI";
    buf_init(&b, env, SIZE_MAX / 4);
    rc = fn(&b, in, wrong);
    if (rc == 0)
        return uri_take(&b, ret, wrong);
    buf_free(&b);
    return rc;
}

static int convert(xmpp_ctx_t *ctx, convert_fn *fn, const char *text,
                   char **ret, xmpp_text_error_t *ret_error)
{
    xmpp_text_error_t wrong;
    int rc;

    if (!ctx || !text || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    rc = convert_text(env_of(ctx), fn, str_of(text), ret, &wrong);
    return text_report(rc, &wrong, ret_error);
}

int xmpp_uri_to_iri(xmpp_ctx_t *ctx, const char *uri, char **ret,
                    xmpp_text_error_t *ret_error)
{
    return convert(ctx, iri_from_uri, uri, ret, ret_error);
}

int xmpp_uri_from_iri(xmpp_ctx_t *ctx, const char *iri, char **ret,
                      xmpp_text_error_t *ret_error)
{
    return convert(ctx, iri_to_uri, iri, ret, ret_error);
}
