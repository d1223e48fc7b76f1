/* caps_cache.c - XEP-0115 and XEP-0390: answers by their hashes. */

#include <xmpp/xep/caps_cache.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>
#include <xmpp/store.h>
#include <xmpp/xep/caps_hash.h>

#define STORE_KIND "caps"

struct cached {
    xmpp_disco_info_t *info; /* owned */
};

struct cache {
    xmpp_dict_t *answers; /* struct cached; the first was used longest ago */
    long hashes, octets;
};

static struct cache *cache_of(xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_caps_cache);
}

static void cached_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct cached *)record)->info);
}

/* ---- checks ------------------------------------------------------ */

enum kind { KIND_VER, KIND_HASH, KIND_JID, KINDS };
static const char *const kind_words[KINDS] = {"ver:", "hash:", "jid:"};

/* KINDS if it is none. */
static enum kind kind_of(const char *hash)
{
    int kind = 0;

    while (kind < KINDS &&
           strncmp(hash, kind_words[kind], strlen(kind_words[kind])) != 0)
        kind++;
    return (enum kind)kind;
}

static int hash_fits(xmpp_conn_t *conn, const char *hash,
                     const xmpp_disco_info_t *info)
{
    enum kind kind = kind_of(hash);
    char algo[33] = "", *made;
    int behind = 0, fits;

    if (kind == KIND_JID)
        return 1;
    if (kind == KINDS || sscanf(hash, "%*[^:]:%32[^:]:%n", algo, &behind) != 1)
        return 0;
    made = kind == KIND_VER ? xmpp_caps_ver(conn, info, algo)
                            : xmpp_caps_hash(conn, info, algo);
    fits = made && behind && strcmp(made, hash + behind) == 0;
    xmpp_free(xmpp_conn_get_context(conn), made);
    return fits;
}

static void inherit_languages(xmpp_stanza_t *query)
{
    const char *lang = xmpp_stanza_get_attribute(query, "xml:lang");
    xmpp_stanza_t *e = NULL;

    if (!lang)
        lang = xmpp_stanza_get_attribute(xmpp_stanza_get_parent(query),
                                         "xml:lang");
    while (lang &&
           (e = xmpp_stanza_next_tag(query, e, "identity", XMPP_NS_DISCO_INFO)))
        if (!xmpp_stanza_get_attribute(e, "xml:lang"))
            xmpp_stanza_put(e, "xml:lang", lang);
}

/* Forms that do not count for the hash are not believed (XEP-0115 section 5.4,
 * rule 3.6). What did not come as XML is left alone. 0;
 * XMPP_EMEM. */
static int drop_forms(xmpp_disco_info_t *info)
{
    const xmpp_form_t **forms;
    size_t count = 0;

    if (!info->element)
        return 0;
    forms = xmpp_stanza_alloc(info->element,
                              (info->form_count + 1) * sizeof(*forms));
    if (!forms)
        return XMPP_EMEM;
    for (size_t i = 0; i < info->form_count; i++)
        if (xmpp_form_get_form_type(info->forms[i]))
            forms[count++] = info->forms[i];
    info->forms = forms;
    info->form_count = count;
    return 0;
}

/* ---- the cache --------------------------------------------------- */

const xmpp_disco_info_t *xmpp_caps_cache_get(xmpp_conn_t *conn,
                                             const char *hash)
{
    struct cache *cache = cache_of(conn);
    struct cached *cached =
        cache ? xmpp_dict_find(cache->answers, hash, (size_t)-1) : NULL;

    if (cached)
        xmpp_dict_touch(cache->answers, cached);
    return cached ? cached->info : NULL;
}

static void store_answer(xmpp_conn_t *conn, const char *hash, const char *text,
                         size_t n)
{
    if (kind_of(hash) != KIND_JID)
        xmpp_conn_store_put(conn, 1, STORE_KIND, hash, text, n);
}

static int cache_has_room(const struct cache *cache)
{
    return (long)xmpp_dict_count(cache->answers) < cache->hashes;
}

int xmpp_caps_cache_has_room(xmpp_conn_t *conn)
{
    const struct cache *cache = cache_of(conn);

    return cache && cache_has_room(cache);
}

/* For one more; the limit may have become lower. */
static void cache_make_room(xmpp_conn_t *conn, struct cache *cache)
{
    void *first;

    while (!cache_has_room(cache) &&
           (first = xmpp_dict_next(cache->answers, NULL))) {
        store_answer(conn, xmpp_dict_key(first, NULL), NULL, 0);
        xmpp_dict_drop(cache->answers, first);
    }
}

/* The info is taken; NULL: out of memory. */
static int cache_keep(xmpp_conn_t *conn, struct cache *cache, const char *hash,
                      xmpp_disco_info_t *info)
{
    struct cached *cached;

    if (!xmpp_dict_find(cache->answers, hash, (size_t)-1))
        cache_make_room(conn, cache);
    cached = info ? xmpp_dict_put(cache->answers, hash, (size_t)-1) : NULL;
    if (!cached) {
        xmpp_free(xmpp_conn_get_context(conn), info);
        return XMPP_EMEM;
    }
    xmpp_free(xmpp_conn_get_context(conn), cached->info);
    cached->info = info;
    return 0;
}

static int keep_info(xmpp_conn_t *conn, struct cache *cache, const char *hash,
                     const xmpp_disco_info_t *info)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    size_t n = 0;
    char *text = xmpp_payload_to_text(ctx, &xmpp_disco_info, info, &n);
    int rc = text ? 0 : XMPP_EMEM;

    if (text && n > (size_t)cache->octets)
        rc = XMPP_ELIMIT;
    if (rc == 0)
        rc = cache_keep(conn, cache, hash,
                        xmpp_payload_copy(ctx, &xmpp_disco_info, info));
    if (rc == 0)
        store_answer(conn, hash, text, n);
    xmpp_free(ctx, text);
    return rc;
}

/* The info as it counts for the hash. 0; XMPP_EPROTO if it does not fit it;
 * XMPP_EMEM. */
static int clean_info(xmpp_conn_t *conn, const char *hash,
                      const xmpp_disco_info_t *info, xmpp_disco_info_t *ret)
{
    int rc = 0;

    *ret = *info;
    ret->node = NULL;
    if (kind_of(hash) == KIND_VER)
        rc = drop_forms(ret);
    return rc == 0 && !hash_fits(conn, hash, ret) ? XMPP_EPROTO : rc;
}

/* The sender's server writes the language of its stream into each stanza. Most
 * clients do not count it (XEP-0115 does not mention it), some do (XEP-0390
 * section 4.1), so both are tried. */
int xmpp_caps_cache_put(xmpp_conn_t *conn, const char *hash,
                        const xmpp_disco_info_t *info)
{
    struct cache *cache = cache_of(conn);
    const void *again = NULL;
    xmpp_disco_info_t clean;
    int rc;

    if (!cache)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_caps_cache);
    if (!hash || kind_of(hash) == KINDS || !info)
        return xmpp_conn_fail(
            conn, &xmpp_mod_caps_cache, XMPP_EARG,
            "\"%s\" is not a key as xmpp_caps_find() makes it, or "
            "there is no answer to keep under it",
            hash ? hash : "");
    rc = clean_info(conn, hash, info, &clean);
    if (rc == XMPP_EPROTO && info->element) {
        inherit_languages(info->element);
        if (xmpp_payload_read(info->element, &xmpp_disco_info, &again) == 0)
            rc = clean_info(conn, hash, again, &clean);
    }
    return rc ? rc : keep_info(conn, cache, hash, &clean);
}

/* ---- the module -------------------------------------------------- */

/* A store is not trusted: what it has is checked as what a stranger sends. */
static int on_stored(void *to, const char *hash, const char *text, size_t n)
{
    xmpp_conn_t *conn = to;
    struct cache *cache = cache_of(conn);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_disco_info_t *info = NULL;

    if (cache_has_room(cache) && n <= (size_t)cache->octets &&
        kind_of(hash) != KIND_JID)
        info = xmpp_payload_from_text(ctx, &xmpp_disco_info, text, n);
    if (info && hash_fits(conn, hash, info)) {
        cache_keep(conn, cache, hash, info);
        return 0;
    }
    xmpp_free(ctx, info);
    xmpp_conn_store_put(conn, 1, STORE_KIND, hash, NULL, 0);
    return 0;
}

/* The limits are the usual ones at this time. */
static int on_cache_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                              void *state)
{
    struct cache *cache = state;

    if (event == XMPP_ATTACHED) {
        cache->answers = xmpp_dict_new(xmpp_conn_get_context(conn),
                                       sizeof(struct cached), 0, cached_done);
        if (!cache->answers)
            return XMPP_EMEM;
        xmpp_conn_store_each(conn, 1, STORE_KIND, on_stored, conn);
    }
    if (event == XMPP_DETACHED)
        xmpp_dict_free(cache->answers);
    return 0;
}

static const xmpp_row_t cache_rows[] = {
    XMPP_LIFECYCLE(on_cache_lifecycle),
    XMPP_LIMIT("hashes", 500, 1, 100000, offsetof(struct cache, hashes)),
    XMPP_LIMIT("octets", 20000, 1, 1000000, offsetof(struct cache, octets)),
    XMPP_SPEC("XEP-0300", "1.0.0", "partial"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_caps_cache, "caps_cache", sizeof(struct cache),
            cache_rows);
