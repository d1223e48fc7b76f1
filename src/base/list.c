/* list.c - lists of modules and applications. */

#include <xmpp/list.h>

static void list_put(xmpp_list_t *previous, xmpp_list_t *link)
{
    link->previous = previous;
    link->next = previous->next;
    link->next->previous = link;
    previous->next = link;
}

static void list_begin(xmpp_list_t *list)
{
    if (!list->next)
        list->next = list->previous = list;
}

void xmpp_list_prepend(xmpp_list_t *list, xmpp_list_t *link)
{
    if (!list || !link)
        return;
    xmpp_list_remove(link);
    list_begin(list);
    list_put(list, link);
}

void xmpp_list_append(xmpp_list_t *list, xmpp_list_t *link)
{
    if (!list || !link)
        return;
    xmpp_list_remove(link);
    list_begin(list);
    list_put(list->previous, link);
}

void xmpp_list_remove(xmpp_list_t *link)
{
    if (!link || !link->next)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->next = link->previous = NULL;
}

xmpp_list_t *xmpp_list_next(const xmpp_list_t *list, const xmpp_list_t *link)
{
    const xmpp_list_t *at = link ? link : list;

    return at && at->next != list ? at->next : NULL;
}
