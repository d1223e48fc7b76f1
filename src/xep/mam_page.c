/* mam_page.c - XEP-0313: a page of results, and where the next one begins. */

#include <xmpp/xep/mam_page.h>

#include <string.h>

#include <xmpp/ns.h>
#include <xmpp/xep/forward.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t result_fields[] = {
    XMPP_ATTR_MUST(xmpp_mam_result_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_mam_result_t, stamp, TIME, "stamp"),
    XMPP_SELF(xmpp_mam_result_t, message),
};
XMPP_PAYLOAD(xmpp_mam_result, xmpp_mam_result_t, "result", XMPP_NS_MAM,
             result_fields);

static const char *const unstable[] = {"false", "0", NULL};

static const xmpp_field_t page_fields[] = {
    XMPP_ELEMENTS(xmpp_mam_page_t, results, result_count, &xmpp_mam_result),
    XMPP_ELEMENT(xmpp_mam_page_t, set, &xmpp_rsm),
    XMPP_ATTR(xmpp_mam_page_t, is_complete, BOOL, "complete"),
    XMPP_ATTR_ENUM(xmpp_mam_page_t, is_unstable, "stable", unstable),
    XMPP_ATTR(xmpp_mam_page_t, is_partial, BOOL, "partial"),
};
XMPP_PAYLOAD(xmpp_mam_page, xmpp_mam_page_t, "fin", XMPP_NS_MAM, page_fields);

/* ---- one result -------------------------------------------------- */

/* The only <forwarded/>, NULL if there is none or more. */
static const xmpp_forwarded_t *only_forwarded(xmpp_stanza_t *element)
{
    xmpp_stanza_t *tag =
        xmpp_stanza_next_tag(element, NULL, "forwarded", XMPP_NS_FORWARD);
    const void *value = NULL;

    if (!xmpp_stanza_next_tag(element, tag, "forwarded", XMPP_NS_FORWARD))
        xmpp_payload_read(tag, &xmpp_forwarded, &value);
    return value;
}

const xmpp_mam_result_t *xmpp_mam_result_read(xmpp_stanza_t *element)
{
    const xmpp_forwarded_t *forwarded = only_forwarded(element);
    xmpp_stanza_t *stanza = xmpp_forwarded_get_stanza(forwarded);
    const char *name = xmpp_stanza_get_name(stanza);
    xmpp_mam_result_t *result =
        xmpp_stanza_alloc(element, sizeof(xmpp_mam_result_t));

    if (!result)
        return NULL;
    XMPP_INIT(xmpp_mam_result, *result);
    result->id = xmpp_stanza_get_id(element);
    if (name && !strcmp(name, "message"))
        result->message = stanza;
    if (forwarded && forwarded->delay)
        result->stamp = forwarded->delay->stamp;
    return result;
}

/* ---- a page ------------------------------------------------------ */

static const xmpp_mam_result_t *end_of(const xmpp_mam_page_t *page, int is_last)
{
    return page->results[is_last ? page->result_count - 1 : 0];
}

int xmpp_mam_page_is_ascending(const xmpp_mam_page_t *page)
{
    return page && page->result_count &&
           end_of(page, 0)->stamp != XMPP_NO_TIME &&
           end_of(page, 0)->stamp < end_of(page, 1)->stamp;
}

static int is_id(const xmpp_mam_result_t *result, const char *id)
{
    return !strcmp(result->id, id);
}

int xmpp_mam_page_has_other_ends(const xmpp_mam_page_t *page)
{
    const xmpp_rsm_t *set = page ? page->set : NULL;
    int i;

    if (!set || !set->first || !set->last)
        return 0;
    for (i = 0; page->result_count && i < 2; i++)
        if (is_id(end_of(page, i), set->first) &&
            is_id(end_of(page, !i), set->last))
            return 0;
    return 1;
}
