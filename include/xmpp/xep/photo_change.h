/* photo_change.h - setting the photo of our vCard, and getting those of others
 * (XEP-0153). */

#ifndef XMPP_XEP_PHOTO_CHANGE_H
#define XMPP_XEP_PHOTO_CHANGE_H

#include <xmpp/xep/photo.h>

XMPP_BEGIN

/* Let this be the photo of our vCard; NULL: it has none. The vCard is got
 * first, so that nothing else in it changes. If the photo is another one, it is
 * set, and announced. It should be a square of 32 to 96 pixels, image/png, and
 * smaller than 8 KiB. No value.
 *
 * XMPP_EINVOP if xmpp_mod_photo is not in use; XMPP_EARG for a photo without
 * data; else as xmpp_request(). */
XMPP_API int xmpp_photo_set(xmpp_conn_t *conn, const xmpp_vcard_photo_t *photo,
                            xmpp_result_handler handler, void *userdata);

/* Get the photo with this hash from a vCard: `of` as for xmpp_vcard_get(). The
 * value is an xmpp_vcard_photo_t. XMPP_EPROTO in the result: the photo is not
 * this one. With `sha1` NULL it may be any. */
XMPP_API int xmpp_photo_get(xmpp_conn_t *conn, const char *of, const char *sha1,
                            xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_PHOTO_CHANGE_H */
