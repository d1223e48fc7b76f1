/* vcard4.h - vCards in the format of RFC 6351, as a node of an account
 * (XEP-0292). vcard.h has the older format, which is more common.
 */

#ifndef XMPP_XEP_VCARD4_H
#define XMPP_XEP_VCARD4_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* What a property is for. */
typedef struct _xmpp_vcard4_types_t {
    size_t size;
    const char *const *types; /* such as "work", "home", "voice", "cell" */
    size_t type_count;
} xmpp_vcard4_types_t;

typedef struct _xmpp_vcard4_preference_t {
    size_t size;
    long rank; /* from 1, the most preferred, to 100 */
} xmpp_vcard4_preference_t;

typedef struct _xmpp_vcard4_parameters_t {
    size_t size;
    const xmpp_vcard4_types_t *type;
    const xmpp_vcard4_preference_t *preference;
} xmpp_vcard4_parameters_t;

/* A property: one of the members from `text` on is its value. */
typedef struct _xmpp_vcard4_property_t {
    size_t size;
    const xmpp_vcard4_parameters_t *parameters;
    const char *text;
    const char *uri;
    const char *date; /* such as 1966-08-06 */
} xmpp_vcard4_property_t;

typedef struct _xmpp_vcard4_name_t {
    size_t size;
    const char *surname, *given;
    const char *additional; /* such as a second given name */
    const char *prefix, *suffix;
} xmpp_vcard4_name_t;

typedef struct _xmpp_vcard4_address_t {
    size_t size;
    const xmpp_vcard4_parameters_t *parameters;
    const char *box;       /* of a post office */
    const char *extension; /* such as a suite */
    const char *street, *locality, *region, *code, *country;
} xmpp_vcard4_address_t;

typedef struct _xmpp_vcard4_t {
    size_t size;
    const xmpp_vcard4_property_t *full_name;
    const xmpp_vcard4_name_t *name;
    const xmpp_vcard4_property_t *birthday;
    const xmpp_vcard4_property_t *photo;
    const xmpp_vcard4_property_t *title;
    const xmpp_vcard4_property_t *role;
    const xmpp_vcard4_property_t *organization;
    const xmpp_vcard4_property_t *place; /* a geo: URI */
    const xmpp_vcard4_property_t *note;
    const xmpp_vcard4_property_t *const *nicknames;
    size_t nickname_count;
    const xmpp_vcard4_property_t *const *urls;
    size_t url_count;
    const xmpp_vcard4_property_t *const *telephones; /* tel: URIs */
    size_t telephone_count;
    const xmpp_vcard4_property_t *const *emails;
    size_t email_count;
    const xmpp_vcard4_property_t *const *messengers; /* xmpp: and other URIs */
    size_t messenger_count;
    const xmpp_vcard4_address_t *const *addresses;
    size_t address_count;
    xmpp_stanza_t *element; /* of one that was read, for what else is in it */
} xmpp_vcard4_t;

/* Whose vCard has changed. */
typedef struct _xmpp_vcard4_change_t {
    size_t size;
    xmpp_jid_t jid;             /* of an account; absent: our own */
    const xmpp_vcard4_t *vcard; /* NULL: get it by xmpp_vcard4_get() */
} xmpp_vcard4_change_t;

XMPP_API extern const xmpp_payload_t xmpp_vcard4;
XMPP_API extern const xmpp_payload_t xmpp_vcard4_name;
XMPP_API extern const xmpp_payload_t xmpp_vcard4_address;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_vcard4_change;

/* Requests that contacts notify us of changes. Three more modules have a part
 * in it: xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which
 * makes the request; and xmpp_mod_roster, because only contacts are heard. */
XMPP_API extern const xmpp_module_t xmpp_mod_vcard4;

/* Its events. The value is an xmpp_vcard4_change_t. */
enum { XMPP_VCARD4_CHANGED = 1 };

/* Get the vCard of an account; NULL: our own. The value is an xmpp_vcard4_t.
 * XMPP_EPROTO in the result: there is none that can be read. */
XMPP_API int xmpp_vcard4_get(xmpp_conn_t *conn, const char *of,
                             xmpp_result_handler handler, void *userdata);

/* The same of what is no account, and so has no nodes: a server, a service, a
 * room; those that have a vCard of this format have the feature XMPP_NS_VCARD4
 * (section 6). */
XMPP_API int xmpp_vcard4_query(xmpp_conn_t *conn, const char *of,
                               xmpp_result_handler handler, void *userdata);

/* Publish our vCard, for everybody. It replaces the old one whole, and with it
 * what no member of this struct stands for. No value. XMPP_EARG without a
 * vCard. */
XMPP_API int xmpp_vcard4_publish(xmpp_conn_t *conn, const xmpp_vcard4_t *vcard,
                                 xmpp_result_handler handler, void *userdata);

/* ---- what we know of contacts ------------------------------------ */

/* Keep a vCard of our own making about a contact, by the bare address (section
 * 7): for all clients of our account, and nobody else. Or remove it. No value.
 * XMPP_EARG without an address or a vCard. */
XMPP_API int xmpp_vcard4_put_contact(xmpp_conn_t *conn,
                                     const xmpp_jid_t *contact,
                                     const xmpp_vcard4_t *vcard,
                                     xmpp_result_handler handler,
                                     void *userdata);
XMPP_API int xmpp_vcard4_remove_contact(xmpp_conn_t *conn,
                                        const xmpp_jid_t *contact,
                                        xmpp_result_handler handler,
                                        void *userdata);

/* Get it. The value is an xmpp_vcard4_t. XMPP_EPROTO in the result: there is
 * none that can be read. XMPP_EARG without an address. */
XMPP_API int xmpp_vcard4_get_contact(xmpp_conn_t *conn,
                                     const xmpp_jid_t *contact,
                                     xmpp_result_handler handler,
                                     void *userdata);

XMPP_END

#endif /* XMPP_XEP_VCARD4_H */
