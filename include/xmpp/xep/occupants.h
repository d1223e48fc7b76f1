/* occupants.h - who is in a room (XEP-0045), by nick and by occupant id
 * (XEP-0421). xep/room.h has the occupants of each room that we are in.
 *
 * Finding, keeping and removing one takes the same time however many there are.
 */

#ifndef XMPP_XEP_OCCUPANTS_H
#define XMPP_XEP_OCCUPANTS_H

#include <xmpp/xep/muc.h>

XMPP_BEGIN

/* ---- for modules about rooms ------------------------------------- */

typedef struct _xmpp_occupants_t xmpp_occupants_t;

/* Owned: xmpp_occupants_free(). NULL when out of memory. */
XMPP_API xmpp_occupants_t *xmpp_occupants_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_occupants_free(xmpp_occupants_t *all);
XMPP_API void xmpp_occupants_clear(xmpp_occupants_t *all);

/* How many there may be, and of how many octets in their texts, from now on. */
XMPP_API void xmpp_occupants_set_most(xmpp_occupants_t *all, size_t most,
                                      size_t octets);

/* Keep a copy of one, in the place of the one with the same nick, which is in
 * *ret_before then (owned: xmpp_free()), or NULL. Without an occupant id it
 * keeps the one that it had. 0; XMPP_EFULL; XMPP_EMEM;
 * XMPP_EINVOP without an occupant that has a nick. If it fails nothing has
 * changed. */
XMPP_API int xmpp_occupants_put(xmpp_occupants_t *all,
                                const xmpp_occupant_t *occupant,
                                xmpp_occupant_t **ret_before);

/* Remove one. It is returned, owned: xmpp_free(). NULL if there is none. */
XMPP_API xmpp_occupant_t *xmpp_occupants_take(xmpp_occupants_t *all,
                                              const char *nick);

/* Whether occupant ids are kept from now on, as at first and after
 * xmpp_occupants_clear(): if the room does not vouch for them, those that are
 * known are forgotten, too. */
XMPP_API void xmpp_occupants_keep_ids(xmpp_occupants_t *all, int are_kept);

/* The ids of occupants that come from now on are not shown until it is known,
 * xmpp_occupants_keep_ids(), whether the room vouches for them. */
XMPP_API void xmpp_occupants_hide_ids(xmpp_occupants_t *all);

/* Has this occupant an id, shown or not? */
XMPP_API int xmpp_occupants_has_id(const xmpp_occupants_t *all,
                                   const char *nick);

/* Borrowed until this occupant changes or leaves. Several may have the same id:
 * clients of one user with different nicks. Then it is the one that came last.
 */
XMPP_API const xmpp_occupant_t *xmpp_occupants_get(const xmpp_occupants_t *all,
                                                   const char *nick);
XMPP_API const xmpp_occupant_t *
xmpp_occupants_get_by_id(const xmpp_occupants_t *all, const char *occupant_id);

/* The one behind this one, in the order in which they came; NULL: the first.
 * NULL after the last. */
XMPP_API const xmpp_occupant_t *
xmpp_occupants_next(const xmpp_occupants_t *all,
                    const xmpp_occupant_t *occupant);
XMPP_API size_t xmpp_occupants_count(const xmpp_occupants_t *all);

XMPP_END

#endif /* XMPP_XEP_OCCUPANTS_H */
