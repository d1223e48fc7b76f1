/* avatar.h - avatars as nodes of an account (XEP-0084): what contacts see.
 * photo.h has the older photos in vCards.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_roster);
 *     xmpp_conn_use(conn, &xmpp_mod_presence);
 *     xmpp_conn_use(conn, &xmpp_mod_caps);
 *     xmpp_conn_use(conn, &xmpp_mod_avatar);
 *     xmpp_conn_watch(conn, &xmpp_mod_avatar, on_avatar, NULL);
 *
 *     ... in on_avatar, unless the image `info->id` is at hand already:
 *     xmpp_avatar_get_image(conn, of, info, on_image, NULL);
 */

#ifndef XMPP_XEP_AVATAR_H
#define XMPP_XEP_AVATAR_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* One form of an avatar. */
typedef struct _xmpp_avatar_info_t {
    size_t size;
    const char *id;     /* the SHA-1 of the image, 40 hexadecimal digits */
    long octets;        /* how large it is */
    const char *type;   /* its media type, such as "image/png" */
    long width, height; /* in pixels, if known */
    const char *url;    /* where it is; NULL: at xmpp_avatar_get_image() */
} xmpp_avatar_info_t;

/* An avatar in all its forms; without any, nobody is to see one. */
typedef struct _xmpp_avatar_t {
    size_t size;
    const xmpp_avatar_info_t *const *infos;
    size_t info_count;
} xmpp_avatar_t;

/* An image itself. */
typedef struct _xmpp_avatar_image_t {
    size_t size;
    xmpp_bytes_t data;
    const char *type;   /* NULL: "image/png", which everybody can show */
    long width, height; /* in pixels, if known */
} xmpp_avatar_image_t;

/* Who has which avatar now. */
typedef struct _xmpp_avatar_change_t {
    size_t size;
    xmpp_jid_t jid; /* of an account; absent: our own */
    const xmpp_avatar_t *avatar;
} xmpp_avatar_change_t;

/* The element of the protocol, and those of its forms. */
XMPP_API extern const xmpp_payload_t xmpp_avatar;
XMPP_API extern const xmpp_payload_t xmpp_avatar_info;
/* These two name the members; they are not elements of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_avatar_image;
XMPP_API extern const xmpp_payload_t xmpp_avatar_change;

/* Requests the avatars of contacts. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard.
 *
 * The limit "octets" is how large an image may be that
 * xmpp_avatar_get_image() gets, 262144 by default; there is none without the
 * module. */
XMPP_API extern const xmpp_module_t xmpp_mod_avatar;

/* Its events. The value is an xmpp_avatar_change_t. */
enum { XMPP_AVATAR_CHANGED = 1 };

/* Publish an image as our avatar: the image first, then that it is our avatar.
 * `access_model` is who may see it, such as "open" for everybody; NULL: the
 * server decides, mostly for contacts. If xmpp_mod_photo is in use and our
 * server does not make photos of avatars itself (XEP-0398), the image is also
 * set as the photo of our vCard; a failure of that is only logged. No value.
 *
 * XMPP_EARG for an image without data; else as xmpp_request(). */
XMPP_API int xmpp_avatar_publish(xmpp_conn_t *conn,
                                 const xmpp_avatar_image_t *image,
                                 const char *access_model,
                                 xmpp_result_handler handler, void *userdata);

/* Have no avatar from now on, and, as above, no photo. No value. */
XMPP_API int xmpp_avatar_disable(xmpp_conn_t *conn, xmpp_result_handler handler,
                                 void *userdata);

/* Get the present avatar of an account; NULL: our own. The value is an
 * xmpp_avatar_t. XMPP_EPROTO in the result: there never was one that can be
 * read; some answer with item-not-found. */
XMPP_API int xmpp_avatar_get(xmpp_conn_t *conn, const char *of,
                             xmpp_result_handler handler, void *userdata);

/* Get the image of a form without a URL from an account; NULL: from our own.
 * The value is an xmpp_avatar_image_t. XMPP_EPROTO in the result: the image has
 * another size or another hash than `info` says.
 *
 * XMPP_EARG if the form has a URL or no id; XMPP_ELIMIT if it is larger than
 * the limit; else as xmpp_request(). */
XMPP_API int xmpp_avatar_get_image(xmpp_conn_t *conn, const char *of,
                                   const xmpp_avatar_info_t *info,
                                   xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_AVATAR_H */
