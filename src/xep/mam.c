/* mam.c - archives of messages (XEP-0313): queries, and the pages that they
 * bring. */

#include <xmpp/xep/mam.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/digest.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

struct mam {
    xmpp_dict_t *queries; /* struct query by their ids */
    long results_most, octets_most, queries_most; /* the limits */
};

/* It ends once, with its pending operation. What is in front of that is a query
 * for what the server supports, if that has to be known, and then the iq.
 * `pending` is NULL as soon as nobody waits any more. */
struct query {
    xmpp_conn_t *conn;
    xmpp_pending_t *pending;
    xmpp_stanza_t *iq;    /* held; the texts below are in it */
    xmpp_jid_t archive;   /* absent: our account's */
    const char *anchor;   /* where the page begins or ends: not a part of it */
    xmpp_dict_t *results; /* struct held by their ids, in order */
    size_t most, octets_most;
    size_t octets, missing; /* of the results; and how many are above a limit */
    int needs;              /* what the server has to support */
    int is_flipped;
    int status; /* 0, or why the page is void */
};

/* A result, which is a part of the envelope that it came in. */
struct held {
    const xmpp_mam_result_t *result;
    xmpp_stanza_t *tree;
};

/* ---- the life of a query ----------------------------------------- */

static void held_done(xmpp_ctx_t *ctx, void *record)
{
    (void)ctx;
    xmpp_stanza_release(((struct held *)record)->tree);
}

static void query_done(xmpp_ctx_t *ctx, void *record)
{
    struct query *q = record;

    (void)ctx;
    xmpp_dict_free(q->results);
    if (q->iq)
        xmpp_stanza_release(q->iq);
}

static void drop_query(struct query *q)
{
    struct mam *mam = xmpp_conn_get_state(q->conn, &xmpp_mod_mam);

    xmpp_dict_drop(mam->queries, q);
}

/* Nobody waits any more. The query is dropped here if its request could be
 * cancelled; else that is just ending, and drops it. */
static void on_support(xmpp_conn_t *, const xmpp_result_t *, void *);
static void on_fin(xmpp_conn_t *, const xmpp_result_t *, void *);

static void forget_archive_query(void *module_data)
{
    struct query *q = module_data;

    q->pending = NULL;
    if (xmpp_result_cancel(q->conn, on_fin, q) +
        xmpp_result_cancel(q->conn, on_support, q))
        drop_query(q);
}

/* With what the server answered, or with a code. */
static void end_query(struct query *q, const xmpp_result_t *result)
{
    xmpp_pending_t *pending = q->pending;

    drop_query(q);
    xmpp_pending_end_with(pending, result);
}

/* ---- results ----------------------------------------------------- */

static int is_of_archive(const struct query *q, const xmpp_inbound_t *in)
{
    if (!q->archive.domain_size)
        return (in->sender & XMPP_SENDER_ACCOUNT) != 0;
    return xmpp_jid_equal(in->from, &q->archive, XMPP_JID_FULL);
}

/* Why it is not a result of this query (NULL: of none that is open), or NULL
 * (section 7.2, Sender Impersonation). */
static const char *wrong_result(const struct query *q, const xmpp_inbound_t *in,
                                const char *id)
{
    if (in->via != XMPP_VIA_STREAM)
        return "it is inside another envelope";
    if (xmpp_stanza_next_tag(in->message, in->element, NULL, XMPP_NS_MAM) ||
        xmpp_stanza_next_tag(in->message, NULL, NULL, XMPP_NS_MAM) !=
            in->element)
        return "there are two in one message";
    if (!q)
        return "no query with its queryid is open";
    if (!is_of_archive(q, in))
        return "it is not from the archive that was queried";
    if (!id || !*id)
        return "it has no id";
    if (q->anchor && !strcmp(q->anchor, id))
        return "the page is to begin behind it, or to end before it";
    return xmpp_dict_find(q->results, id, (size_t)-1) ? "it was there already"
                                                      : NULL;
}

/* Take it into the page. The message, or NULL if there is none to hand on. */
static xmpp_stanza_t *hold_result(struct query *q, const xmpp_inbound_t *in,
                                  const char *id)
{
    const xmpp_mam_result_t *result;
    struct held *held = NULL;

    if (xmpp_dict_count(q->results) >= q->most || q->octets >= q->octets_most) {
        q->missing++;
        return NULL;
    }
    result = xmpp_mam_result_read(in->element);
    if (result)
        held = xmpp_dict_put(q->results, id, (size_t)-1);
    if (!held) {
        q->status = XMPP_EMEM;
        return NULL;
    }
    held->result = result;
    held->tree = xmpp_stanza_clone(in->stanza);
    q->octets += xmpp_stanza_get_memory(held->tree);
    if (!result->message)
        xmpp_conn_log(q->conn, &xmpp_mod_mam, XMPP_LEVEL_INFO,
                      "there is no message, or more than one, in a result");
    return result->message;
}

/* The application may do anything as the message is handed on. */
static int on_archived(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct mam *mam = state;
    const char *queryid = xmpp_stanza_get_attribute(in->element, "queryid");
    const char *id = xmpp_stanza_get_id(in->element);
    struct query *q =
        queryid ? xmpp_dict_find(mam->queries, queryid, (size_t)-1) : NULL;
    const char *wrong = wrong_result(q, in, id);
    xmpp_stanza_t *message;

    if (wrong) {
        xmpp_conn_log(conn, &xmpp_mod_mam, XMPP_LEVEL_WARN,
                      "a result is ignored: %s", wrong);
        return 1;
    }
    message = hold_result(q, in, id);
    if (message)
        xmpp_inbound_unwrap(conn, in, message, XMPP_VIA_ARCHIVE);
    return 1;
}

/* ---- pages ------------------------------------------------------- */

/* A page on its way to the application. `results` is owned. */
struct page_draft {
    xmpp_mam_page_t page;
    xmpp_rsm_t set;
    const xmpp_mam_result_t **results;
};

static int list_results(struct query *q, struct page_draft *draft)
{
    size_t n = 0;
    struct held *held = NULL;

    draft->results =
        xmpp_zalloc(xmpp_conn_get_context(q->conn),
                    (xmpp_dict_count(q->results) + 1) * sizeof(void *));
    if (!draft->results)
        return XMPP_EMEM;
    while ((held = xmpp_dict_next(q->results, held)))
        draft->results[n++] = held->result;
    draft->page.size = sizeof(draft->page);
    draft->page.results = draft->results;
    draft->page.result_count = n;
    return 0;
}

static void reverse_results(const xmpp_mam_result_t **results, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const xmpp_mam_result_t *result = results[i];

        results[i] = results[n - 1 - i];
        results[n - 1 - i] = result;
    }
}

/* Whoever goes on from the ends of the page must not leave out what did not
 * come: so they are those of the results. A server that does not know flipped
 * pages ignores the element. */
static int settle_page(struct page_draft *draft, int is_flipped)
{
    xmpp_mam_page_t *page = &draft->page;
    size_t n = page->result_count;

    if (n == 0)
        return page->set && page->set->first ? XMPP_EPROTO : 0;
    if (is_flipped && xmpp_mam_page_is_ascending(page))
        reverse_results(draft->results, n);
    page->is_partial |= xmpp_mam_page_has_other_ends(page);
    if (page->is_partial)
        page->is_complete = 0;
    XMPP_INIT(xmpp_rsm, draft->set);
    if (page->set)
        draft->set = *page->set;
    draft->set.first = draft->results[is_flipped ? n - 1 : 0]->id;
    draft->set.last = draft->results[is_flipped ? 0 : n - 1]->id;
    page->set = &draft->set;
    return 0;
}

static int make_page(struct query *q, const xmpp_mam_page_t *fin,
                     struct page_draft *draft)
{
    int rc = q->status ? q->status : list_results(q, draft);

    if (rc)
        return rc;
    draft->page.set = fin->set;
    draft->page.is_complete = fin->is_complete;
    draft->page.is_unstable = fin->is_unstable != 0;
    draft->page.is_partial = q->missing > 0;
    rc = settle_page(draft, q->is_flipped);
    if (draft->page.is_partial || rc)
        xmpp_conn_log(q->conn, &xmpp_mod_mam, XMPP_LEVEL_WARN,
                      "a page is not whole: %lu results are here, %lu are "
                      "above a limit",
                      (unsigned long)draft->page.result_count,
                      (unsigned long)q->missing);
    return rc;
}

/* The answer ends the page (section 4). Its results are the query's no more, so
 * that they are there until the application has seen them. */
static void on_fin(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata)
{
    struct query *q = userdata;
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct page_draft draft;
    xmpp_dict_t *results = q->results;
    xmpp_result_t end = *result;

    memset(&draft, 0, sizeof(draft));
    if (end.status == 0) {
        end.status = make_page(q, result->value, &draft);
        end.value = end.status ? NULL : &draft.page;
        end.payload = end.status ? NULL : &xmpp_mam_page;
    }
    q->results = NULL;
    end_query(q, &end);
    xmpp_free(ctx, draft.results);
    xmpp_dict_free(results);
}

/* ---- queries ----------------------------------------------------- */

static int send_archive_query(struct query *q)
{
    return xmpp_request(q->conn, xmpp_stanza_clone(q->iq), &xmpp_mam_page,
                        on_fin, q);
}

/* Now it is known what the server supports. */
static void on_support(xmpp_conn_t *conn, const xmpp_result_t *result,
                       void *userdata)
{
    struct query *q = userdata;
    xmpp_result_t end = *result;

    (void)conn;
    end.value = NULL;
    end.payload = NULL;
    if (end.status == 0)
        end.status = xmpp_mam_support_has(result->value, q->needs)
                         ? send_archive_query(q)
                         : XMPP_ENOSERVICE;
    if (end.status)
        end_query(q, &end);
}

/* The texts that are needed are in the iq. */
static int fill_query(struct query *q, const xmpp_mam_query_t *query,
                      const char *id)
{
    struct mam *mam = xmpp_conn_get_state(q->conn, &xmpp_mod_mam);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(q->conn);
    xmpp_stanza_t *element, *set;

    q->most = (size_t)mam->results_most;
    q->octets_most = (size_t)mam->octets_most;
    q->needs = xmpp_mam_query_needs(query);
    q->is_flipped = query && query->is_flipped;
    q->iq = xmpp_mam_query_iq(q->conn, query, id, mam->results_most);
    q->results = xmpp_dict_new(ctx, sizeof(struct held), 0, held_done);
    element = xmpp_stanza_next_tag(q->iq, NULL, "query", XMPP_NS_MAM);
    set = xmpp_stanza_next_tag(element, NULL, "set", XMPP_NS_RSM);
    q->anchor = xmpp_stanza_get_child_text(set, "after", NULL);
    if (!q->anchor)
        q->anchor = xmpp_stanza_get_child_text(set, "before", NULL);
    if (!q->iq || !q->results ||
        xmpp_stanza_get_jid(q->iq, "to", &q->archive) == XMPP_EMEM)
        return XMPP_EMEM;
    return 0;
}

/* The query of this id begins; it may be over as this returns. */
static int begin_archive_query(struct query *q)
{
    const xmpp_jid_t *archive = q->archive.domain_size ? &q->archive : NULL;
    const xmpp_mam_support_t *support = xmpp_mam_find_support(q->conn, archive);

    if (q->needs == 0)
        return send_archive_query(q);
    if (!support)
        return xmpp_mam_get_support(q->conn, archive, on_support, q);
    if (xmpp_mam_support_has(support, q->needs))
        return send_archive_query(q);
    return xmpp_conn_fail(q->conn, &xmpp_mod_mam, XMPP_ENOSERVICE,
                          "the server of this archive does not support what "
                          "the query needs: leave that out");
}

/* The application may release the connection as something is sent. Then the
 * query is over, and nobody was told yet. */
static int open_query(struct mam *mam, struct query *q, const char *id,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_conn_t *conn = q->conn;
    int rc = begin_archive_query(q);

    q = xmpp_dict_find(mam->queries, id, (size_t)-1);
    if (rc || !q) {
        xmpp_dict_drop(mam->queries, q);
        return rc ? rc : XMPP_ENOTCONN;
    }
    q->pending = xmpp_pending_new(conn, 0, handler, userdata);
    if (!q->pending) {
        forget_archive_query(q);
        return XMPP_EMEM;
    }
    xmpp_pending_on_end(q->pending, forget_archive_query, q);
    return 0;
}

/* 0, or why there cannot be such a query. */
static int wrong_query(xmpp_conn_t *conn, const struct mam *mam,
                       const xmpp_mam_query_t *query)
{
    if (!mam)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_mam);
    if (xmpp_conn_is_component(conn) && !(query && query->archive.domain_size))
        return xmpp_conn_fail(conn, &xmpp_mod_mam, XMPP_EARG,
                              "a component has no archive of its own: name "
                              "that of a room or a service");
    if (query && (query->groupchat < 0 ||
                  query->groupchat > XMPP_MAM_GROUPCHAT_EXCLUDED))
        return xmpp_conn_fail(conn, &xmpp_mod_mam, XMPP_EARG,
                              "groupchat %d is not from 0 to %d",
                              query->groupchat, XMPP_MAM_GROUPCHAT_EXCLUDED);
    if ((long)xmpp_dict_count(mam->queries) >= mam->queries_most)
        return xmpp_conn_fail(conn, &xmpp_mod_mam, XMPP_EFULL,
                              "%ld queries are open, which is the limit "
                              "\"queries\": wait until one of them ends",
                              mam->queries_most);
    return 0;
}

int xmpp_mam_get(xmpp_conn_t *conn, const xmpp_mam_query_t *query,
                 xmpp_result_handler handler, void *userdata)
{
    struct mam *mam = xmpp_conn_get_state(conn, &xmpp_mod_mam);
    int rc = wrong_query(conn, mam, query);
    struct query *q = NULL;
    char *id;

    if (rc)
        return rc;
    id = xmpp_random_id(xmpp_conn_get_context(conn));
    if (id)
        q = xmpp_dict_put(mam->queries, id, (size_t)-1);
    rc = XMPP_EMEM;
    xmpp_conn_hold(conn);
    if (q) {
        q->conn = conn;
        rc = fill_query(q, query, id);
        if (rc)
            xmpp_dict_drop(mam->queries, q);
        else
            rc = open_query(mam, q, id, handler, userdata);
    }
    xmpp_free(xmpp_conn_get_context(conn), id);
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- the module -------------------------------------------------- */

static int on_mam_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct mam *mam = state;

    if (event == XMPP_ATTACHED) {
        mam->queries = xmpp_dict_new(xmpp_conn_get_context(conn),
                                     sizeof(struct query), 0, query_done);
        return mam->queries ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_DETACHED)
        xmpp_dict_free(mam->queries);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_mam_archive),
    XMPP_WRAP(XMPP_SENDER_ACCOUNT | XMPP_SENDER_ASKED, XMPP_NS_MAM, "result",
              on_archived),
    XMPP_LIFECYCLE(on_mam_turn),
    XMPP_LIMIT("results", 1000, 1, 1000000, offsetof(struct mam, results_most)),
    XMPP_LIMIT("octets", 16777216, 1, 1073741824L,
               offsetof(struct mam, octets_most)),
    XMPP_LIMIT("queries", 32, 1, 64, offsetof(struct mam, queries_most)),
    XMPP_SPEC("XEP-0313", "1.1.3", "complete"),
    XMPP_SPEC("XEP-0431", "0.2.0", "complete"),
    XMPP_SPEC("XEP-0442", "0.2.0", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_mam, "mam", sizeof(struct mam), rows);
