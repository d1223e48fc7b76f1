/* photo.h - photos in vCards, and their hashes in presence (XEP-0153): what
 * occupants of rooms and older clients show. avatar.h has what contacts publish
 * in nodes.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_photo);
 *     xmpp_conn_watch(conn, &xmpp_mod_photo, on_photo, NULL);
 *
 *     ... in on_photo, unless this photo is at hand already:
 *     xmpp_photo_get(conn, of, sha1, on_image, NULL);
 *
 * photo_change.h has that function, and sets our own photo.
 */

#ifndef XMPP_XEP_PHOTO_H
#define XMPP_XEP_PHOTO_H

#include <xmpp/xep/vcard.h>

XMPP_BEGIN

/* Which photo somebody has. */
typedef struct _xmpp_photo_hash_t {
    size_t size;
    xmpp_jid_t jid;   /* who sent the presence: a full address */
    const char *sha1; /* of the image, 40 hexadecimal digits in lower case;
                       * NULL: there is no photo */
} xmpp_photo_hash_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_photo_hash;

/* Adds the hash of our photo to the presence that we send, also to rooms. In
 * each session it queries our account first. A server that converts (XEP-0398)
 * adds the hash itself, so the rest is left to it. Else our vCard is got once,
 * and our presence is sent again with its hash.
 *
 * Other clients of our account may change the photo. One that announces another
 * hash has the vCard got again; after presence of one that announces nothing we
 * do not announce either, until the session ends (section 4.3).
 *
 * The limit "contacts" is of how many addresses the hash is remembered. */
XMPP_API extern const xmpp_module_t xmpp_mod_photo;

/* Its events. The value is an xmpp_photo_hash_t. */
enum {
    XMPP_PHOTO_CHANGED = 1 /* an address announced a photo that is not the one
                            * it announced before, or none any more */
};

/* We have just set a vCard with this photo (NULL: without one): announce it.
 * xmpp_photo_set() does so itself. 0; XMPP_EINVOP if the module is not in use;
 * XMPP_EINT if the crypto library refuses SHA-1. */
XMPP_API int xmpp_photo_announce(xmpp_conn_t *conn,
                                 const xmpp_vcard_photo_t *photo);

/* What we announce: a hash, or "" for no photo; NULL: nothing yet, or nothing
 * because the server does. Borrowed until it changes. */
XMPP_API const char *xmpp_photo_get_own(xmpp_conn_t *conn);

/* 1 if our server makes photos of avatars (XEP-0398), 0 if not or if it is not
 * known yet. */
XMPP_API int xmpp_photo_is_converted(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_PHOTO_H */
