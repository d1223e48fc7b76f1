/* sync_own.h - messages of ours whose fate is not known yet (sync_line.h). */

#ifndef XMPP_XEP_SYNC_OWN_H
#define XMPP_XEP_SYNC_OWN_H

#include <xmpp/types.h>

XMPP_BEGIN

/* What is known of a message of ours. */
typedef enum {
    XMPP_SYNC_SENT = 1,  /* the server acknowledged it; a room would have sent
                          * it back, but does not for a minute or two */
    XMPP_SYNC_STORED,    /* it is in the archive, or came back from the room */
    XMPP_SYNC_RECEIVED,  /* a client of the other side has it (XEP-0184) */
    XMPP_SYNC_DISPLAYED, /* it was displayed there (XEP-0333) */
    XMPP_SYNC_UNKNOWN,   /* the session was lost, and there is no archive to
                          * look it up in, or it may be in what that does not
                          * have any more: it is not sent again */
    XMPP_SYNC_REFUSED    /* answered with an error, or given up */
} xmpp_sync_fate_kind_t;

/* Where such a message is. */
typedef enum {
    XMPP_SYNC_QUEUED = 1, /* it was not sent yet */
    XMPP_SYNC_OUT,        /* sent, and not acknowledged yet */
    XMPP_SYNC_DOUBTFUL,   /* the same, in a session that is lost, or to a room
                           * that we are not in any more */
    XMPP_SYNC_RETURNED    /* refused by a room as if we were not in it: whether
                           * we are will be known soon */
} xmpp_sync_own_state_t;

/* ---- for modules ------------------------------------------------- */

/* What the owner does. Send it: `after` is to be stored with it. Not 0: it was
 * not sent, and is tried again later. Settle: its fate is known, and it is not
 * in the list any more. Either may do anything. */
typedef int (*xmpp_sync_own_sender)(void *to, const char *id,
                                    const char *after);
typedef void (*xmpp_sync_own_settler)(void *to, const char *id, int fate);

/* They stay in the order in which they were added. */
typedef struct _xmpp_sync_own_t xmpp_sync_own_t;

/* Owned: xmpp_sync_own_free(). NULL without functions, or when out of memory.
 */
XMPP_API xmpp_sync_own_t *xmpp_sync_own_new(xmpp_ctx_t *ctx,
                                            xmpp_sync_own_sender send,
                                            xmpp_sync_own_settler settle,
                                            void *to);
XMPP_API void xmpp_sync_own_free(xmpp_sync_own_t *own);

/* Add one, the last in order. `after`: the id of the last message of the
 * archive that was known as it was sent, or NULL. 0; XMPP_EARG if its id is
 * there already; XMPP_EMEM; XMPP_EINVOP. */
XMPP_API int xmpp_sync_own_add(xmpp_sync_own_t *own, const char *id, int state,
                               const char *after);

/* Take one out that was not sent, without a word. */
XMPP_API void xmpp_sync_own_drop(xmpp_sync_own_t *own, const char *id);

/* The id behind this one; NULL: the first. NULL at the end. Borrowed until the
 * message leaves the list. */
XMPP_API const char *xmpp_sync_own_next(const xmpp_sync_own_t *own,
                                        const char *id);

/* Its xmpp_sync_own_state_t, or 0 if it is not in the list. */
XMPP_API int xmpp_sync_own_get_state(const xmpp_sync_own_t *own,
                                     const char *id);

/* Its session is lost: `is_sent` if it may have left. It was not looked up yet.
 */
XMPP_API void xmpp_sync_own_doubt(xmpp_sync_own_t *own, const char *id,
                                  int is_sent);

/* The list is of a room. `was_in`: we are in it, and have been all the time, so
 * what came back is refused. Else we were not in it for a while: what was sent
 * is in doubt, and what came back is to be sent again. */
XMPP_API void xmpp_sync_own_judge(xmpp_sync_own_t *own, int was_in);

/* The room has refused it as if we were not in: 1, and it waits until that is
 * judged, or if `is_away` to be sent again. 0 if nobody ever judges. */
XMPP_API int xmpp_sync_own_return(xmpp_sync_own_t *own, const char *id,
                                  int is_away);

/* Take it out of the list, and order the owner to settle it. An id that is not
 * there is ignored. */
XMPP_API void xmpp_sync_own_settle(xmpp_sync_own_t *own, const char *id,
                                   int fate);

/* Where to begin to look up what is in doubt: 1, and *ret_after is that of the
 * oldest (borrowed); 0 if there is none. */
XMPP_API int xmpp_sync_own_find_doubt(const xmpp_sync_own_t *own,
                                      const char **ret_after);

/* The archive has this message behind `before` (NULL: it is the first), and it
 * is ours by the id `mine`, or not (NULL). What else is in doubt that was sent
 * after `before` comes after this one: a look back that is interrupted need not
 * begin before it again. */
XMPP_API void xmpp_sync_own_advance(xmpp_sync_own_t *own, const char *before,
                                    const char *id, const char *mine);

/* The archive was read, and does not have what is still in doubt. After the
 * second time that may be sent again. */
XMPP_API void xmpp_sync_own_count_look(xmpp_sync_own_t *own);

/* Was something in doubt looked up once, and has to be looked up once more some
 * seconds later? Until then nothing is sent, so that the order stays. */
XMPP_API int xmpp_sync_own_is_waiting(const xmpp_sync_own_t *own);

/* Send the first that waits; `cursor` is its `after`. What is doubtful counts,
 * too, if `resends` and if it was looked up twice. 1; 0 if there is none; or
 * the code why not. */
XMPP_API int xmpp_sync_own_send_next(xmpp_sync_own_t *own, const char *cursor,
                                     int resends);

/* Settle all that is doubtful with this fate. */
XMPP_API void xmpp_sync_own_settle_doubt(xmpp_sync_own_t *own, int fate);

XMPP_END

#endif /* XMPP_XEP_SYNC_OWN_H */
