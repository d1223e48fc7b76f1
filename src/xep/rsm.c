/* rsm.c - large results in pages (XEP-0059). */

#include <xmpp/xep/rsm.h>

#include <string.h>

#include <xmpp/ns.h>

static const xmpp_field_t rsm_fields[] = {
    XMPP_CHILD(xmpp_rsm_t, after, TEXT, "after"),
    XMPP_CHILD(xmpp_rsm_t, before, TEXT, "before"),
    XMPP_CHILD(xmpp_rsm_t, count, NUMBER, "count"),
    XMPP_CHILD(xmpp_rsm_t, first, TEXT, "first"),
    XMPP_CHILD_ATTR(xmpp_rsm_t, first_index, NUMBER, "first", "index"),
    XMPP_CHILD(xmpp_rsm_t, index, NUMBER, "index"),
    XMPP_CHILD(xmpp_rsm_t, last, TEXT, "last"),
    XMPP_CHILD(xmpp_rsm_t, max, NUMBER, "max"),
};
XMPP_PAYLOAD(xmpp_rsm, xmpp_rsm_t, "set", XMPP_NS_RSM, rsm_fields);

static int is_same_item(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

int xmpp_rsm_repeats(const xmpp_rsm_t *request, const xmpp_rsm_t *answer)
{
    return request && answer &&
           (is_same_item(request->after, answer->last) ||
            is_same_item(request->before, answer->first));
}

const char *xmpp_rsm_get_next(const xmpp_rsm_t *request,
                              const xmpp_rsm_t *answer)
{
    return answer && !xmpp_rsm_repeats(request, answer) ? answer->last : NULL;
}

const char *xmpp_rsm_get_previous(const xmpp_rsm_t *request,
                                  const xmpp_rsm_t *answer)
{
    if (!answer || answer->first_index == 0 ||
        xmpp_rsm_repeats(request, answer))
        return NULL;
    return answer->first;
}
