/* mam_query.c - XEP-0313: a query of an archive, as an iq. */

#include <xmpp/xep/mam_query.h>

#include <string.h>

#include <xmpp/ns.h>

static const char *const groupchats[] = {"true", "false", NULL};

static const xmpp_field_t query_fields[] = {
    XMPP_ATTR(xmpp_mam_query_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_mam_query_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_mam_query_t, with, JID, "with"),
    XMPP_ATTR(xmpp_mam_query_t, start, TIME, "start"),
    XMPP_ATTR(xmpp_mam_query_t, end, TIME, "end"),
    XMPP_ATTR(xmpp_mam_query_t, before_id, TEXT, "before-id"),
    XMPP_ATTR(xmpp_mam_query_t, after_id, TEXT, "after-id"),
    XMPP_CHILDREN(xmpp_mam_query_t, ids, id_count, "id"),
    XMPP_ATTR(xmpp_mam_query_t, text, TEXT, "text"),
    XMPP_FLAG(xmpp_mam_query_t, is_flipped, "flip-page"),
    XMPP_ELEMENT(xmpp_mam_query_t, page, &xmpp_rsm),
    XMPP_ELEMENT(xmpp_mam_query_t, more, &xmpp_form),
    XMPP_ATTR_ENUM(xmpp_mam_query_t, groupchat, "include-groupchat",
                   groupchats),
};
XMPP_PAYLOAD(xmpp_mam_query, xmpp_mam_query_t, "query", XMPP_NS_MAM,
             query_fields);

/* ---- what it needs ----------------------------------------------- */

int xmpp_mam_query_needs(const xmpp_mam_query_t *query)
{
    int needs = 0;

    if (!query)
        return 0;
    if (query->before_id || query->after_id || query->id_count ||
        query->is_flipped)
        needs |= XMPP_MAM_NEEDS_EXTENDED;
    if (query->text)
        needs |= XMPP_MAM_NEEDS_TEXT;
    if (query->groupchat)
        needs |= XMPP_MAM_NEEDS_GROUPCHAT;
    return needs;
}

int xmpp_mam_support_has(const xmpp_mam_support_t *support, int needs)
{
    return support && support->is_supported &&
           (support->is_extended || !(needs & XMPP_MAM_NEEDS_EXTENDED)) &&
           (support->has_text || !(needs & XMPP_MAM_NEEDS_TEXT)) &&
           (support->has_groupchat_field ||
            !(needs & XMPP_MAM_NEEDS_GROUPCHAT));
}

/* ---- the form ---------------------------------------------------- */

/* These are always supported. */
static void add_plain(xmpp_stanza_t *form, const xmpp_mam_query_t *query)
{
    if (query->with.domain_size)
        xmpp_form_set_jid(form, "with", &query->with);
    if (query->start != XMPP_NO_TIME)
        xmpp_form_set_time(form, "start", query->start);
    if (query->end != XMPP_NO_TIME)
        xmpp_form_set_time(form, "end", query->end);
}

static void add_extended(xmpp_stanza_t *form, const xmpp_mam_query_t *query)
{
    if (query->before_id)
        xmpp_form_set(form, "before-id", query->before_id);
    if (query->after_id)
        xmpp_form_set(form, "after-id", query->after_id);
    for (size_t i = 0; i < query->id_count; i++)
        xmpp_form_add_value(form, "ids", query->ids[i]);
    if (query->text)
        xmpp_form_set(form, "{" XMPP_NS_FULLTEXT "}fulltext", query->text);
    if (query->groupchat)
        xmpp_form_set(form, "include-groupchat",
                      groupchats[query->groupchat - 1]);
}

static void add_more(xmpp_stanza_t *form, const xmpp_form_t *more)
{
    for (size_t i = 0; more && i < more->field_count; i++) {
        const xmpp_form_field_t *field = more->fields[i];

        if (!field->var || !strcmp(field->var, "FORM_TYPE"))
            continue;
        for (size_t j = 0; j < field->value_count; j++)
            xmpp_form_add_value(form, field->var, field->values[j]);
    }
}

/* Without another field there is no form. It is made in its place, so that the
 * tree knows if a part of it is missing. */
static void add_query_form(xmpp_stanza_t *parent, const xmpp_mam_query_t *query)
{
    xmpp_stanza_t *form = xmpp_stanza_add_tag(parent, "x", XMPP_NS_FORM);
    xmpp_stanza_t *first;

    xmpp_stanza_put(form, "type", "submit");
    xmpp_form_set_form_type(form, XMPP_NS_MAM);
    first = xmpp_stanza_get_children(form);
    add_plain(form, query);
    add_extended(form, query);
    add_more(form, query->more);
    if (first && !xmpp_stanza_get_next(first))
        xmpp_stanza_remove(form);
}

/* ---- the iq ------------------------------------------------------ */

static long page_max(const xmpp_rsm_t *page, long most)
{
    return page && page->max >= 0 && page->max < most ? page->max : most;
}

xmpp_stanza_t *xmpp_mam_query_iq(xmpp_conn_t *conn,
                                 const xmpp_mam_query_t *query,
                                 const char *queryid, long most)
{
    xmpp_stanza_t *iq =
        xmpp_mam_iq(conn, "set", query ? &query->archive : NULL);
    xmpp_stanza_t *element = xmpp_stanza_add_tag(iq, "query", XMPP_NS_MAM);
    xmpp_rsm_t page;

    XMPP_INIT(xmpp_rsm, page);
    if (query && query->page)
        page = *query->page;
    page.max = page_max(query ? query->page : NULL, most);
    xmpp_stanza_put(element, "queryid", queryid);
    xmpp_stanza_put(element, "node", query ? query->node : NULL);
    if (query)
        add_query_form(element, query);
    xmpp_payload_add(element, &xmpp_rsm, &page);
    if (query && query->is_flipped)
        xmpp_stanza_add_tag(element, "flip-page", NULL);
    return iq;
}
