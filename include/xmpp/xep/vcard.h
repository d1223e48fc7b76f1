/* vcard.h - vCards: who somebody is (XEP-0054, "vcard-temp"). Everybody can
 * read them. photo.h announces the photo in presence, vcard4.h has the newer
 * format.
 *
 *     xmpp_vcard_get(conn, "juliet@example.com", on_vcard, NULL);
 */

#ifndef XMPP_XEP_VCARD_H
#define XMPP_XEP_VCARD_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

typedef struct _xmpp_vcard_name_t {
    size_t size;
    const char *family, *given, *middle;
    const char *prefix, *suffix; /* such as "Dr." and "Jr." */
} xmpp_vcard_name_t;

/* A picture, as octets or as an address. What `type` claims is only a hint
 * (XEP-0153 section 5). */
typedef struct _xmpp_vcard_photo_t {
    size_t size;
    const char *type;  /* its media type, such as "image/png" */
    xmpp_bytes_t data; /* the image */
    const char *url;   /* where it is, if it is not here */
} xmpp_vcard_photo_t;

typedef struct _xmpp_vcard_address_t {
    size_t size;
    int home, work, preferred;
    const char *box;       /* of a post office */
    const char *extension; /* such as a suite */
    const char *street, *locality, *region, *code, *country;
} xmpp_vcard_address_t;

typedef struct _xmpp_vcard_telephone_t {
    size_t size;
    int home, work, preferred;
    int voice, fax, pager, message, cell, video;
    const char *number;
} xmpp_vcard_telephone_t;

typedef struct _xmpp_vcard_email_t {
    size_t size;
    int home, work, preferred;
    int internet;
    const char *address;
} xmpp_vcard_email_t;

typedef struct _xmpp_vcard_organization_t {
    size_t size;
    const char *name;
    const char *const *units; /* of it, the largest first */
    size_t unit_count;
} xmpp_vcard_organization_t;

/* Where on the earth, in degrees. */
typedef struct _xmpp_vcard_place_t {
    size_t size;
    double latitude, longitude;
} xmpp_vcard_place_t;

typedef struct _xmpp_vcard_t {
    size_t size;
    const char *full_name;
    const xmpp_vcard_name_t *name;
    const char *nickname;
    const char *birthday; /* mostly as 1966-08-06 */
    const char *url;
    const char *title;    /* what somebody is called at work */
    const char *role;     /* and does there */
    const char *jid;      /* as it was entered: it may not be an address */
    const char *desc;     /* about somebody, in sentences */
    const char *timezone; /* such as -05:00 */
    const char *uid;      /* that names this vCard everywhere */
    const char *revision; /* when it was changed last */
    const xmpp_vcard_photo_t *photo;
    const xmpp_vcard_photo_t *logo;
    const xmpp_vcard_place_t *place;
    const xmpp_vcard_organization_t *organization;
    const xmpp_vcard_address_t *const *addresses;
    size_t address_count;
    const xmpp_vcard_telephone_t *const *telephones;
    size_t telephone_count;
    const xmpp_vcard_email_t *const *emails;
    size_t email_count;
    xmpp_stanza_t *element; /* of one that was read, for what else is in it */
} xmpp_vcard_t;

XMPP_API extern const xmpp_payload_t xmpp_vcard;
XMPP_API extern const xmpp_payload_t xmpp_vcard_name;
XMPP_API extern const xmpp_payload_t xmpp_vcard_photo;
XMPP_API extern const xmpp_payload_t xmpp_vcard_address;
XMPP_API extern const xmpp_payload_t xmpp_vcard_telephone;
XMPP_API extern const xmpp_payload_t xmpp_vcard_email;
XMPP_API extern const xmpp_payload_t xmpp_vcard_organization;
XMPP_API extern const xmpp_payload_t xmpp_vcard_place;

/* It has neither state nor limits: using it is not necessary. */
XMPP_API extern const xmpp_module_t xmpp_mod_vcard;

/* Get the vCard of an account, a room or a server, or of an occupant of a room,
 * by its bare address (of an occupant: its full one); NULL: our own. The value
 * is an xmpp_vcard_t. Who has none is answered for with service-unavailable or
 * item-not-found, or with an empty vCard. */
XMPP_API int xmpp_vcard_get(xmpp_conn_t *conn, const char *of,
                            xmpp_result_handler handler, void *userdata);

/* Let this be our vCard. It replaces the old one whole, and with it what no
 * member of this struct stands for. No value. XMPP_EARG without a vCard. */
XMPP_API int xmpp_vcard_set(xmpp_conn_t *conn, const xmpp_vcard_t *vcard,
                            xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_VCARD_H */
