/* list.h - records in an order of one's own, where a dict (dict.h) has only
 * that in which they were made. */

#ifndef XMPP_LIST_H
#define XMPP_LIST_H

#include <stddef.h>

#include <xmpp/types.h>

XMPP_BEGIN

/* A list, or the link of one of its entries, which is a member of the record
 * and never allocated. Zeroed it is an empty list, or a link outside of any. A
 * record that is freed is removed first. Each function takes the same time
 * however long the list is. */
typedef struct _xmpp_list_t {
    struct _xmpp_list_t *next, *previous;
} xmpp_list_t;

/* The record of type `type` whose member `member` this link is. */
#define XMPP_LIST_ENTRY(link, type, member)                                    \
    ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Put it first, or last; it leaves the place where it was, also one in another
 * list. */
XMPP_API void xmpp_list_prepend(xmpp_list_t *list, xmpp_list_t *link);
XMPP_API void xmpp_list_append(xmpp_list_t *list, xmpp_list_t *link);

/* A link outside of any list stays there. */
XMPP_API void xmpp_list_remove(xmpp_list_t *link);

/* The link behind `link` in this list; the first for NULL; NULL at the end. */
XMPP_API xmpp_list_t *xmpp_list_next(const xmpp_list_t *list,
                                     const xmpp_list_t *link);

XMPP_END

#endif /* XMPP_LIST_H */
