/* sync_letter.h - a message of ours as it is stored until its fate is known
 * (sync.h). */

#ifndef XMPP_XEP_SYNC_LETTER_H
#define XMPP_XEP_SYNC_LETTER_H

#include <xmpp/jid.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* The key of our account's archive; those of rooms have their addresses. */
#define XMPP_SYNC_ACCOUNT_KEY "/"

typedef struct _xmpp_sync_letter_t {
    xmpp_stanza_t *message; /* held */
    char *place;            /* the key of its archive in the store */
    char *after;            /* the cursor when it was sent, or NULL */
    long number;            /* its place in the order of sending */
    int is_out;             /* it was given to the connection */
} xmpp_sync_letter_t;

/* The key of the archive that a message of ours goes into; `room` is where that
 * of a room is written. "" if it is for a room without an address. */
XMPP_API const char *xmpp_sync_letter_key(xmpp_stanza_t *message,
                                          char room[XMPP_JID_BUFFER_SIZE]);

XMPP_API void xmpp_sync_letter_clear(xmpp_ctx_t *ctx,
                                     xmpp_sync_letter_t *letter);

/* A text for a store. Owned: xmpp_free(). NULL when out of memory. */
XMPP_API char *xmpp_sync_letter_to_text(xmpp_ctx_t *ctx,
                                        const xmpp_sync_letter_t *letter,
                                        size_t *ret_size);

/* Back from there. `ret` is overwritten: clear it first. 0; XMPP_EARG;
 * XMPP_EMEM. */
XMPP_API int xmpp_sync_letter_from_text(xmpp_ctx_t *ctx, const char *text,
                                        size_t size, xmpp_sync_letter_t *ret);

/* Is this error from somebody who may answer the message? Others may know its
 * id, too. */
XMPP_API int xmpp_sync_letter_is_answer(const xmpp_sync_letter_t *letter,
                                        xmpp_conn_t *conn,
                                        xmpp_stanza_t *error);

/* With this condition a room refuses what comes from who is not in it (XEP-0045
 * section 7.4). */
#define XMPP_SYNC_NOT_IN "not-acceptable"

/* Does a room answer so to this message? */
XMPP_API int xmpp_sync_letter_is_return(const xmpp_sync_letter_t *letter,
                                        xmpp_stanza_t *error);

XMPP_END

#endif /* XMPP_XEP_SYNC_LETTER_H */
