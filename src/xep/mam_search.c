/* mam_search.c - finding messages in an archive by their words (XEP-0313,
 * XEP-0431). */

#include <xmpp/xep/mam_search.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/precis.h>

#define PAGE_OF_SEARCH 100

struct searches {
    xmpp_dict_t *open; /* struct search */
    unsigned long last;
    long found_most, pages_most; /* the limits */
};

/* A text as it is compared: as a nickname is, or, if it cannot be one, without
 * the case of ASCII. Both are owned. */
struct folded {
    char *key, *plain;
};

/* It ends once, with its pending operation. `pending` is NULL as soon as nobody
 * waits any more; whatever is under way then drops the search. */
struct search {
    xmpp_conn_t *conn;
    struct searches *all;
    xmpp_pending_t *pending;
    xmpp_mam_search_t *how; /* owned */
    struct folded text;
    xmpp_mam_result_t *hits; /* in the direction of the search; held */
    size_t count, most;
    char *first, *last; /* the ids of what was looked at first and last */
    xmpp_rsm_t page;
    long pages_left;
    int is_by_server, is_at_end;
};

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t search_fields[] = {
    XMPP_ATTR(xmpp_mam_search_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_mam_search_t, with, JID, "with"),
    XMPP_ATTR(xmpp_mam_search_t, start, TIME, "start"),
    XMPP_ATTR(xmpp_mam_search_t, end, TIME, "end"),
    XMPP_ATTR(xmpp_mam_search_t, text, TEXT, "text"),
    XMPP_ATTR(xmpp_mam_search_t, from, TEXT, "from"),
    XMPP_ATTR(xmpp_mam_search_t, is_ahead, BOOL, "ahead"),
    XMPP_ATTR(xmpp_mam_search_t, most, NUMBER, "most"),
};
XMPP_PAYLOAD(xmpp_mam_search, xmpp_mam_search_t, "search", XMPP_NS_MAM,
             search_fields);

static const xmpp_field_t found_fields[] = {
    XMPP_ELEMENTS(xmpp_mam_found_t, results, result_count, &xmpp_mam_result),
    XMPP_ATTR(xmpp_mam_found_t, older, TEXT, "older"),
    XMPP_ATTR(xmpp_mam_found_t, newer, TEXT, "newer"),
    XMPP_ATTR(xmpp_mam_found_t, is_by_server, BOOL, "by-server"),
};
XMPP_PAYLOAD(xmpp_mam_found, xmpp_mam_found_t, "found", XMPP_NS_MAM,
             found_fields);

/* ---- comparing --------------------------------------------------- */

static void folded_free(xmpp_ctx_t *ctx, struct folded *folded)
{
    xmpp_free(ctx, folded->key);
    xmpp_free(ctx, folded->plain);
}

/* Lines are not looked at. 0, or XMPP_EMEM. */
static int fold(xmpp_ctx_t *ctx, const char *text, struct folded *ret)
{
    int rc;

    ret->key = NULL;
    ret->plain = xmpp_copy_text(ctx, text);
    if (!ret->plain)
        return XMPP_EMEM;
    for (char *at = ret->plain; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
        else if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    rc = xmpp_precis_enforce(ctx, XMPP_PRECIS_NICKNAME_KEY, ret->plain,
                             &ret->key, NULL);
    return rc == XMPP_EMEM ? rc : 0;
}

/* Does the body contain the text? XMPP_EMEM. */
static int body_has(struct search *s, xmpp_stanza_t *message)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(s->conn);
    const char *body = xmpp_stanza_get_child_text(message, "body", NULL);
    struct folded folded;
    int rc;

    if (!body)
        return 0;
    rc = fold(ctx, body, &folded);
    if (rc == 0)
        rc = folded.key && s->text.key
                 ? strstr(folded.key, s->text.key) != NULL
                 : strstr(folded.plain, s->text.plain) != NULL;
    folded_free(ctx, &folded);
    return rc;
}

/* ---- the life of a search ---------------------------------------- */

static void search_done(xmpp_ctx_t *ctx, void *record)
{
    struct search *s = record;

    for (size_t i = 0; i < s->count; i++)
        xmpp_stanza_release(s->hits[i].message);
    xmpp_free(ctx, s->hits);
    xmpp_free(ctx, s->how);
    xmpp_free(ctx, s->first);
    xmpp_free(ctx, s->last);
    folded_free(ctx, &s->text);
}

static void drop_search(struct search *s)
{
    xmpp_dict_drop(s->all->open, s);
}

static void on_search_support(xmpp_conn_t *, const xmpp_result_t *, void *);
static void on_search_page(xmpp_conn_t *, const xmpp_result_t *, void *);

static void forget_search(void *module_data)
{
    struct search *s = module_data;

    s->pending = NULL;
    if (xmpp_result_cancel(s->conn, on_search_page, s) +
        xmpp_result_cancel(s->conn, on_search_support, s))
        drop_search(s);
}

static void fail_search(struct search *s, const xmpp_result_t *result, int code)
{
    xmpp_pending_t *pending = s->pending;
    xmpp_result_t end = *result;

    end.status = code;
    end.value = NULL;
    end.payload = NULL;
    drop_search(s);
    xmpp_pending_end_with(pending, &end);
}

/* ---- what was found ---------------------------------------------- */

/* The oldest first. */
static void list_found(const struct search *s, const xmpp_mam_result_t **list,
                       xmpp_mam_found_t *found)
{
    const char *ahead = s->last ? s->last : s->how->from;
    const char *back = s->first ? s->first : s->how->from;

    for (size_t i = 0; i < s->count; i++)
        list[s->how->is_ahead ? i : s->count - 1 - i] = &s->hits[i];
    XMPP_INIT(xmpp_mam_found, *found);
    found->results = list;
    found->result_count = s->count;
    found->is_by_server = s->is_by_server;
    if (s->is_at_end)
        ahead = NULL;
    found->newer = s->how->is_ahead ? ahead : back;
    found->older = s->how->is_ahead ? back : ahead;
}

/* The search is dropped when the application has seen what it holds. */
static void end_found(struct search *s)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(s->conn);
    const xmpp_mam_result_t **list =
        xmpp_zalloc(ctx, (s->count + 1) * sizeof(void *));
    xmpp_pending_t *pending = s->pending;
    xmpp_mam_found_t found;

    s->pending = NULL;
    if (list)
        list_found(s, list, &found);
    xmpp_pending_end(pending, list ? 0 : XMPP_EMEM, &xmpp_mam_found,
                     list ? &found : NULL);
    xmpp_free(ctx, list);
    drop_search(s);
}

/* ---- looking through pages --------------------------------------- */

static int replace_text(xmpp_ctx_t *ctx, char **text, const char *by)
{
    char *copy = xmpp_copy_text(ctx, by);

    if (!copy)
        return XMPP_EMEM;
    xmpp_free(ctx, *text);
    *text = copy;
    return 0;
}

static int look_at_result(struct search *s, const xmpp_mam_result_t *result)
{
    int fits = result->message != NULL;

    if (fits && !s->is_by_server)
        fits = body_has(s, result->message);
    if (fits <= 0)
        return fits;
    s->hits[s->count] = *result;
    xmpp_stanza_clone(s->hits[s->count++].message);
    return 0;
}

/* From the end that the search comes from, until there is enough. */
static int look_through(struct search *s, const xmpp_mam_page_t *page)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(s->conn);
    size_t n = page->result_count, i = 0;
    const xmpp_mam_result_t *result = NULL;
    int rc = 0;

    for (; rc == 0 && i < n && s->count < s->most; i++) {
        result = page->results[s->how->is_ahead ? i : n - 1 - i];
        rc = look_at_result(s, result);
        if (rc == 0 && !s->first)
            rc = replace_text(ctx, &s->first, result->id);
    }
    if (rc == 0 && result)
        rc = replace_text(ctx, &s->last, result->id);
    s->is_at_end = i == n && (page->is_complete || n == 0);
    return rc;
}

static int next_search_page(struct search *s)
{
    xmpp_mam_query_t query;
    const char *at = s->last ? s->last : s->how->from;

    XMPP_INIT(xmpp_mam_query, query);
    XMPP_INIT(xmpp_rsm, s->page);
    query.archive = s->how->archive;
    query.with = s->how->with;
    query.start = s->how->start;
    query.end = s->how->end;
    query.text = s->is_by_server ? s->how->text : NULL;
    query.page = &s->page;
    s->page.max = s->is_by_server ? (long)s->most : PAGE_OF_SEARCH;
    if (s->how->is_ahead)
        s->page.after = at;
    else
        s->page.before = at ? at : "";
    s->pages_left--;
    return xmpp_mam_get(s->conn, &query, on_search_page, s);
}

static int has_enough(const struct search *s)
{
    return s->is_at_end || s->is_by_server || s->count == s->most ||
           s->pages_left <= 0;
}

static void on_search_page(xmpp_conn_t *conn, const xmpp_result_t *result,
                           void *userdata)
{
    struct search *s = userdata;
    int rc = result->status;

    (void)conn;
    if (rc == 0 && s->pending)
        rc = look_through(s, result->value);
    if (rc == 0 && s->pending && !has_enough(s))
        rc = next_search_page(s);
    else if (rc == 0) {
        end_found(s);
        return;
    }
    if (rc)
        fail_search(s, result, rc);
}

/* ---- beginning --------------------------------------------------- */

static void on_search_support(xmpp_conn_t *conn, const xmpp_result_t *result,
                              void *userdata)
{
    const xmpp_mam_support_t *support = result->value;
    struct search *s = userdata;
    int rc = result->status;

    (void)conn;
    if (rc == 0) {
        s->is_by_server = support->has_text;
        rc = support->is_supported ? next_search_page(s) : XMPP_ENOSERVICE;
    }
    if (rc)
        fail_search(s, result, rc);
}

static int fill_search(struct search *s, const xmpp_mam_search_t *how)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(s->conn);
    int rc;

    s->most = how->most > 0 ? (size_t)how->most : 20;
    if (s->most > (size_t)s->all->found_most)
        s->most = (size_t)s->all->found_most;
    s->pages_left = s->all->pages_most;
    rc = xmpp_payload_check(ctx, &xmpp_mam_search, how);
    if (rc)
        return rc;
    s->how = xmpp_payload_copy(ctx, &xmpp_mam_search, how);
    s->hits = xmpp_zalloc(ctx, s->most * sizeof(*s->hits));
    return s->how && s->hits ? fold(ctx, how->text, &s->text) : XMPP_EMEM;
}

/* What the server supports may be known. */
static int begin_search(struct search *s)
{
    const xmpp_mam_support_t *support =
        xmpp_mam_find_support(s->conn, &s->how->archive);

    if (!support)
        return xmpp_mam_get_support(s->conn, &s->how->archive,
                                    on_search_support, s);
    s->is_by_server = support->has_text;
    return next_search_page(s);
}

/* The application may release the connection as something is sent. */
static int open_search(struct searches *searches, struct search *s,
                       const char *key, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_conn_t *conn = s->conn;
    int rc = begin_search(s);

    s = xmpp_dict_find(searches->open, key, (size_t)-1);
    if (rc || !s) {
        xmpp_dict_drop(searches->open, s);
        return rc ? rc : XMPP_ENOTCONN;
    }
    s->pending = xmpp_pending_new(conn, 0, handler, userdata);
    if (!s->pending) {
        forget_search(s);
        return XMPP_EMEM;
    }
    xmpp_pending_on_end(s->pending, forget_search, s);
    return 0;
}

int xmpp_mam_find(xmpp_conn_t *conn, const xmpp_mam_search_t *search,
                  xmpp_result_handler handler, void *userdata)
{
    struct searches *searches = xmpp_conn_get_state(conn, &xmpp_mod_mam_search);
    struct search *s;
    char key[32];
    int rc = XMPP_EMEM;

    if (!searches)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_mam_search);
    if (!search || !search->text || !*search->text)
        return xmpp_conn_fail(conn, &xmpp_mod_mam_search, XMPP_EARG,
                              "there is no text to look for: set `text`");
    snprintf(key, sizeof(key), "%lu", ++searches->last);
    s = xmpp_dict_put(searches->open, key, (size_t)-1);
    if (!s)
        return rc;
    s->conn = conn;
    s->all = searches;
    xmpp_conn_hold(conn);
    rc = fill_search(s, search);
    if (rc)
        xmpp_dict_drop(searches->open, s);
    else
        rc = open_search(searches, s, key, handler, userdata);
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- the module -------------------------------------------------- */

static int on_search_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                          void *state)
{
    struct searches *searches = state;

    if (event == XMPP_ATTACHED) {
        searches->open = xmpp_dict_new(xmpp_conn_get_context(conn),
                                       sizeof(struct search), 0, search_done);
        return searches->open ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_DETACHED)
        xmpp_dict_free(searches->open);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_mam),
    XMPP_LIFECYCLE(on_search_turn),
    XMPP_LIMIT("found", 1000, 1, 100000, offsetof(struct searches, found_most)),
    XMPP_LIMIT("pages", 20, 1, 100000, offsetof(struct searches, pages_most)),
    XMPP_SPEC("XEP-0431", "0.2.0", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_mam_search, "mam_search", sizeof(struct searches), rows);
