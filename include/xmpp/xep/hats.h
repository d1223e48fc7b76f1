/* hats.h - what the occupants of a room are beside their role (XEP-0317): a
 * speaker, a teacher, somebody on duty.
 *
 *     const xmpp_hats_t *hats = xmpp_payload_find(presence, &xmpp_hats);
 */

#ifndef XMPP_XEP_HATS_H
#define XMPP_XEP_HATS_H

#include <xmpp/payload.h>

XMPP_BEGIN

typedef struct _xmpp_hat_t {
    size_t size;
    const char *uri;        /* which hat it is */
    const char *title;      /* its name for people */
    double hue;             /* of its colour, an angle in degrees (XEP-0392) */
    const char *lang;       /* of the title, or NULL */
    xmpp_stanza_t *element; /* of one that was read: for what else is in it */
} xmpp_hat_t;

/* What an occupant wears, in a presence. An empty list: nothing any more. */
typedef struct _xmpp_hats_t {
    size_t size;
    const xmpp_hat_t *const *hats;
    size_t hat_count;
} xmpp_hats_t;

XMPP_API extern const xmpp_payload_t xmpp_hat;
XMPP_API extern const xmpp_payload_t xmpp_hats;

XMPP_END

#endif /* XMPP_XEP_HATS_H */
