/* sync_letter.h - a message of ours as it is stored until its fate is known
 * (sync.h). */

#ifndef XMPP_XEP_SYNC_LETTER_H
#define XMPP_XEP_SYNC_LETTER_H

#include <xmpp/stanza.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_letter_t {
    xmpp_stanza_t *message; /* held */
    char *place;            /* the key of its archive in the store */
    char *after;            /* the cursor when it was sent, or NULL */
    long number;            /* its place in the order of sending */
    int is_out;             /* it was given to the connection */
} xmpp_sync_letter_t;

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

XMPP_END

#endif /* XMPP_XEP_SYNC_LETTER_H */
