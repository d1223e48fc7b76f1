/* xrd.c - the links of an XRD document (XRD 1.0 section 2.5; RFC 6415). */

#include "stanza/xrd.h"

#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "stanza/parser.h"

struct xrd {
    struct parser_self self;
    xrd_link link;
    void *userdata;
    unsigned depth;
    bool has_ended; /* the root has */
    int code;       /* the first failure, or 0 */
};

static bool is_xrd(const xmlChar *name, const xmlChar *uri, const char *want)
{
    return strcmp((const char *)name, want) == 0 && uri &&
           strcmp((const char *)uri, XMPP_NS_XRD) == 0;
}

/* libxml2 gives five pointers for an attribute: name, prefix, namespace, and
 * where its value begins and ends. */
static struct str find_attribute(const xmlChar **attributes, int n,
                                 const char *name)
{
    for (const xmlChar **a = attributes; n > 0; a += 5, n--)
        if (!a[2] && strcmp((const char *)a[0], name) == 0)
            return str_n((const char *)a[3], (size_t)(a[4] - a[3]));
    return STR_NONE;
}

static void xrd_fail(void *at, int code, const char *what)
{
    struct xrd *xrd = at;

    (void)what;
    if (!xrd->code)
        xrd->code = code;
}

/* Only links of the document itself count, not what extensions contain. */
static void on_xrd_start(void *at, const xmlChar *name, const xmlChar *prefix,
                         const xmlChar *uri, int namespaces_n,
                         const xmlChar **namespaces, int attributes_n,
                         int defaulted, const xmlChar **attributes)
{
    struct xrd *xrd = at;
    unsigned depth = xrd->depth++;
    struct str rel, href;

    (void)prefix;
    (void)namespaces_n;
    (void)namespaces;
    (void)defaulted;
    if (depth == 0 && !is_xrd(name, uri, "XRD"))
        xrd_fail(at, XMPP_EXML, NULL);
    if (depth != 1 || xrd->code || !is_xrd(name, uri, "Link"))
        return;
    rel = find_attribute(attributes, attributes_n, "rel");
    href = find_attribute(attributes, attributes_n, "href");
    if (rel.s && href.s)
        xrd->link(xrd->userdata, rel, href);
}

static void on_xrd_end(void *at, const xmlChar *name, const xmlChar *prefix,
                       const xmlChar *uri)
{
    struct xrd *xrd = at;

    (void)name;
    (void)prefix;
    (void)uri;
    xrd->has_ended = --xrd->depth == 0;
}

static void on_xrd_text(void *at, const xmlChar *text, int n)
{
    (void)at;
    (void)text;
    (void)n;
}

int xrd_read(struct str document, xrd_link link, void *userdata)
{
    static const struct parser_calls calls = {on_xrd_start, on_xrd_end,
                                              on_xrd_text, xrd_fail};
    struct xrd xrd = {
        .self = {.calls = &calls, .is_document = true},
        .link = link,
        .userdata = userdata,
    };
    int rc;

    if (!parser_new(&xrd.self))
        return XMPP_EMEM;
    rc = parser_feed(xrd.self.parser, document.s, document.n);
    parser_free(&xrd.self);
    if (xrd.code)
        return xrd.code;
    return rc || !xrd.has_ended ? XMPP_EXML : 0;
}
