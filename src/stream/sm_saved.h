/* sm_saved.h - a session as bytes, in two forms. */

#ifndef STREAM_SM_SAVED_H
#define STREAM_SM_SAVED_H

#include "stream/sm.h"

/* Our own form. "XMPPSM", a version (1), then records until the end: a tag, a
 * length of four bytes, most significant first, and as many bytes of value.
 * Unknown tags are skipped; numbers are of four bytes.
 *   O owner   J jid   I id   L location   M max   A acked   H handled
 *   P (empty) our presence is known
 *   u a stanza that was sent and not acknowledged, oldest first
 *   w a stanza that waits, after all of `u`; v the same, but no stanza
 *   g, f as u and w, but it only counts, and is not sent again
 *   B how much the item that follows is suspected to end streams, a byte
 *   D (empty) our goodbye is among them, and took that presence back
 *
 * libstrophe's form (0.14): a head of one byte and a number for each of
 * 1a version (0), 1a sent, 1a handled, 7a id and its bytes, 9a how many wait,
 * for each of these 7a and its bytes, ba how many are not acknowledged, for
 * each of these 1a its number and 7a and its bytes. What only counts is a tab
 * there, unless it is our goodbye and was sent. Tabs in front of others are as
 * many as B has.
 *
 * What waits in a saved state may have been sent all the same: the process that
 * saved it was killed a moment later. */
void sm_save(const xmpp_sm_state_t *sm, struct buf *out);

/* Only for what can be resumed. */
void sm_save_strophe(const xmpp_sm_state_t *sm, struct buf *out);

/* Either form; *ret is owned. 0, XMPP_EARG if the bytes are not whole or not
 * consistent, XMPP_EMEM. */
int sm_load(struct env *env, const unsigned char *bytes, size_t n,
            xmpp_sm_state_t **ret);

#endif
