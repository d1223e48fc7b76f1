/* conversation_list.h - conversations by the address of the other side, in the
 * order in which they were used. xep/conversation.h has those of a connection.
 */

#ifndef XMPP_XEP_CONVERSATION_LIST_H
#define XMPP_XEP_CONVERSATION_LIST_H

#include <xmpp/payload.h>

XMPP_BEGIN

typedef struct _xmpp_conversation_t {
    size_t size;
    xmpp_jid_t jid;     /* the other side: bare, or an occupant's */
    xmpp_jid_t address; /* where to write: the resource that wrote last, unless
                         * that side sent presence since; then it is `jid` */
    const char *thread; /* the last one, or NULL */
    int has_written;    /* 1: we have, in this conversation */
    int is_room;        /* 1: `jid` is a room that we are in */
    const char *key;    /* a text that no other conversation has */
    unsigned long serial; /* a number that no other one has had: after it was
                           * forgotten, it begins anew */
} xmpp_conversation_t;

XMPP_API extern const xmpp_payload_t xmpp_conversation;

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_conversation_list_t xmpp_conversation_list_t;

/* Owned: xmpp_conversation_list_free(). NULL when out of memory. */
XMPP_API xmpp_conversation_list_t *xmpp_conversation_list_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_conversation_list_free(xmpp_conversation_list_t *list);

/* The conversation of `jid`, as it stands there, with `own`, one of several
 * addresses of ours, or with all that we have (NULL). Borrowed until it is
 * dropped; only `has_written` and `is_room` may be changed in it. NULL if there
 * is none. */
XMPP_API xmpp_conversation_t *
xmpp_conversation_list_find(const xmpp_conversation_list_t *list,
                            const xmpp_jid_t *jid, const xmpp_jid_t *own);

/* The same; if there is none it is made. It is the last in order from now on.
 * Those that were used longest ago are dropped for a new one if there are
 * `most` or more. NULL when out of memory. */
XMPP_API xmpp_conversation_t *
xmpp_conversation_list_open(xmpp_conversation_list_t *list,
                            const xmpp_jid_t *jid, const xmpp_jid_t *own,
                            size_t most);
XMPP_API void xmpp_conversation_list_drop(xmpp_conversation_list_t *list,
                                          xmpp_conversation_t *c);

/* The one behind this one; NULL: the one that was used longest ago. NULL after
 * the last. */
XMPP_API xmpp_conversation_t *
xmpp_conversation_list_next(const xmpp_conversation_list_t *list,
                            const xmpp_conversation_t *c);

/* Where to write from now on; NULL: to `jid`. That is what remains when out of
 * memory. */
XMPP_API void xmpp_conversation_list_set_address(xmpp_conversation_list_t *list,
                                                 xmpp_conversation_t *c,
                                                 const xmpp_jid_t *address);

/* The thread; NULL, and when out of memory: none. */
XMPP_API void xmpp_conversation_list_set_thread(xmpp_conversation_list_t *list,
                                                xmpp_conversation_t *c,
                                                const char *thread);

XMPP_END

#endif /* XMPP_XEP_CONVERSATION_LIST_H */
