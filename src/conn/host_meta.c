/* host_meta.c - the WebSockets that a host-meta document names (XEP-0156; RFC
 * 6415). */

#include "conn/host_meta.h"

#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "base/json.h"
#include "base/quote.h"
#include "conn/way.h"
#include "stanza/xrd.h"

struct meta_reading {
    const struct env *env;
    struct host_meta *meta;
    bool may_be_clear, lacks_memory;
    bool are_clear; /* those that were found; never some of them only */
};

/* ---- one link ---------------------------------------------------- */

static bool is_known_url(const struct host_meta *meta, struct str url)
{
    for (unsigned i = 0; i < meta->count; i++)
        if (str_eq(str_of(meta->urls[i]), url))
            return true;
    return false;
}

/* Nobody gets a login without TLS by making the URLs that have it useless:
 * where one has it, the others do not count. False if this one does not. */
static bool prefer_tls(struct meta_reading *reading, bool is_clear)
{
    if (is_clear && reading->meta->count && !reading->are_clear)
        return false;
    if (reading->are_clear && !is_clear)
        host_meta_free(reading->env, reading->meta);
    reading->are_clear = is_clear;
    return true;
}

/* NULL, or why a URL is not used. */
static const char *refuse_url(struct meta_reading *reading, struct str text)
{
    struct url url;
    const char *why = "it has no valid host";
    int rc;

    if (text.n > HOST_META_URL_MOST)
        return "it is too long";
    rc = way_read_websocket(text, &url, &why);
    reading->lacks_memory |= rc == XMPP_EMEM;
    if (rc)
        return why;
    /* XEP-0156 section 3.2, rule 1 */
    if (way_url_is_clear(&url) && !reading->may_be_clear)
        return "it has no TLS";
    if (!prefer_tls(reading, way_url_is_clear(&url)))
        return "it has no TLS, and another has";
    return reading->meta->count == HOST_META_URLS_MOST ? "there are enough"
                                                       : NULL;
}

static void add_url(struct meta_reading *reading, struct str url)
{
    struct host_meta *meta = reading->meta;
    char *copy = env_strndup(reading->env, url.s, url.n);

    if (copy)
        meta->urls[meta->count++] = copy;
    else
        reading->lacks_memory = true;
}

static void on_link(void *userdata, struct str rel, struct str href)
{
    struct meta_reading *reading = userdata;
    struct quote said;
    const char *why;

    if (str_is(rel, XMPP_NS_ALT_BOSH))
        env_log(reading->env, XMPP_LEVEL_DEBUG, "conn",
                "host-meta names %s, but BOSH is not supported",
                quote(&said, href));
    if (!str_is(rel, XMPP_NS_ALT_WEBSOCKET) ||
        is_known_url(reading->meta, href))
        return;
    why = refuse_url(reading, href);
    if (why)
        env_log(reading->env, XMPP_LEVEL_WARN, "conn",
                "host-meta names \"%s\", which is not used: %s",
                quote(&said, href), why);
    else
        add_url(reading, href);
}

/* ---- JSON -------------------------------------------------------- */

/* The member of an object, decoded; STR_NONE if there is none, or if it is not
 * a string of that size. */
static struct str member_text(struct str object, const char *name, char *room,
                              size_t size)
{
    char key[16];
    struct str at = object, raw, value;
    int n = -1;

    while (n < 0 && json_next_member(&at, &raw, &value))
        if (json_text(raw, key, sizeof(key)) >= 0 && strcmp(key, name) == 0)
            n = json_is_string(value) ? json_text(value, room, size) : -1;
    return n < 0 ? STR_NONE : str_n(room, (size_t)n);
}

static void read_json_links(struct meta_reading *reading, struct str array)
{
    char rel[HOST_META_URL_MOST + 1], href[HOST_META_URL_MOST + 1];
    struct str item;

    while (json_next_item(&array, &item)) {
        struct str r, h;

        if (!json_is_object(item))
            continue;
        r = member_text(item, "rel", rel, sizeof(rel));
        h = member_text(item, "href", href, sizeof(href));
        if (r.s && h.s)
            on_link(reading, r, h);
    }
}

static const char *read_json(struct meta_reading *reading, struct str document)
{
    char key[16];
    struct str name, value;

    if (!json_is_valid(document) || !json_is_object(document))
        return "it is not valid JSON";
    while (json_next_member(&document, &name, &value))
        if (json_text(name, key, sizeof(key)) >= 0 &&
            strcmp(key, "links") == 0 && json_is_array(value))
            read_json_links(reading, value);
    return NULL;
}

/* ---- the whole --------------------------------------------------- */

static const char *read_xrd(struct meta_reading *reading, struct str document)
{
    int rc = xrd_read(document, on_link, reading);

    reading->lacks_memory |= rc == XMPP_EMEM;
    return rc ? "it is not a valid XRD document" : NULL;
}

/* A mark of byte order is allowed in XML, and may be ignored in JSON. */
static struct str skip_to_first(struct str document)
{
    if (str_starts(document, STR("\xef\xbb\xbf")))
        document = str_n(document.s + 3, document.n - 3);
    while (document.n && document.s[0] && strchr(" \t\r\n", document.s[0]))
        document = str_n(document.s + 1, document.n - 1);
    return document;
}

int host_meta_read(const struct env *env, struct str document,
                   bool may_be_clear, struct host_meta *ret,
                   const char **ret_why)
{
    struct host_meta meta = {.count = 0};
    struct meta_reading reading = {
        .env = env, .meta = &meta, .may_be_clear = may_be_clear};

    document = skip_to_first(document);
    if (document.n && document.s[0] == '{')
        *ret_why = read_json(&reading, document);
    else if (document.n && document.s[0] == '<')
        *ret_why = read_xrd(&reading, document);
    else
        *ret_why = "it is neither JSON nor XRD";
    if (!*ret_why && !meta.count)
        *ret_why = "it names no WebSocket that can be used";
    if (*ret_why || reading.lacks_memory) {
        host_meta_free(env, &meta);
        return reading.lacks_memory ? XMPP_EMEM : XMPP_EHOSTMETA;
    }
    *ret = meta;
    return 0;
}

void host_meta_free(const struct env *env, struct host_meta *meta)
{
    for (unsigned i = 0; i < meta->count; i++)
        env_free(env, meta->urls[i]);
    *meta = (struct host_meta){.count = 0};
}
