/* upload.h - slots for uploads by HTTP (XEP-0363): where to put a file, and
 * where others then get it. The library does not speak HTTP itself.
 *
 *     xmpp_upload_file_t file;
 *
 *     XMPP_INIT(xmpp_upload_file, file);
 *     file.name = "balcony.jpg";
 *     file.octets = 23456;
 *     file.type = "image/jpeg";
 *     xmpp_upload_request(conn, NULL, &file, on_slot, NULL);
 *
 *     ... in on_slot: send a PUT request with exactly these octets to
 *     slot->put->url, with the headers of slot->put and the Content-Type of the
 *     file. After 201 (Created), slot->get is the link to send (markup.h).
 */

#ifndef XMPP_XEP_UPLOAD_H
#define XMPP_XEP_UPLOAD_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* What the file is for; a service may keep files of one purpose longer. */
typedef enum {
    XMPP_UPLOAD_FOR_MESSAGE = 1,
    XMPP_UPLOAD_FOR_PROFILE, /* such as an avatar */
    XMPP_UPLOAD_FOR_EVER     /* "permanent" */
} xmpp_upload_purpose_t;

/* What is to be uploaded. A struct with a long has no more than 2 GiB on
 * machines of 32 bits. */
typedef struct _xmpp_upload_file_t {
    size_t size;
    const char *name;
    long octets;      /* how large it is, exactly */
    const char *type; /* its media type, or NULL */
    int purpose;      /* xmpp_upload_purpose_t; 0: the service decides */
    xmpp_time_t expire_before; /* to be deleted before this time, which is a
                                * purpose of its own; or XMPP_NO_TIME */
} xmpp_upload_file_t;

/* A header for the PUT request: Authorization, Cookie or Expires. */
typedef struct _xmpp_upload_header_t {
    size_t size;
    const char *name, *value;
} xmpp_upload_header_t;

typedef struct _xmpp_upload_put_t {
    size_t size;
    const char *url;
    const xmpp_upload_header_t *const *headers; /* in this order */
    size_t header_count;
} xmpp_upload_put_t;

typedef struct _xmpp_upload_slot_t {
    size_t size;
    const xmpp_upload_put_t *put; /* where to put it; for us alone */
    const char *get;              /* the URL where it is then */
} xmpp_upload_slot_t;

/* Why a slot was refused, if the service says so:
 *
 *     const xmpp_upload_refusal_t *why =
 *         xmpp_payload_find(result->stanza, &xmpp_upload_refusal);
 */
typedef struct _xmpp_upload_too_large_t {
    size_t size;
    long most; /* how large a file may be, in octets; or XMPP_NO_NUMBER */
} xmpp_upload_too_large_t;

typedef struct _xmpp_upload_refusal_t {
    size_t size;
    const xmpp_upload_too_large_t *too_large; /* NULL: it is not that */
    xmpp_time_t retry; /* a quota is reached: try again at this time */
} xmpp_upload_refusal_t;

XMPP_API extern const xmpp_payload_t xmpp_upload_file;
XMPP_API extern const xmpp_payload_t xmpp_upload_header;
XMPP_API extern const xmpp_payload_t xmpp_upload_put;
XMPP_API extern const xmpp_payload_t xmpp_upload_slot;
XMPP_API extern const xmpp_payload_t xmpp_upload_refusal;

/* Needs xmpp_mod_service, which remembers the service for the session. */
XMPP_API extern const xmpp_module_t xmpp_mod_upload;

/* Search our server for a service. The value is an xmpp_service_t (service.h).
 * XMPP_ENOSERVICE in the result: there is none. Results as those of
 * xmpp_service_find(). */
XMPP_API int xmpp_upload_find(xmpp_conn_t *conn, xmpp_result_handler handler,
                              void *userdata);

/* How large a file may be, in octets, as the service that was found announced.
 * 0: nothing is known of a limit. */
XMPP_API long xmpp_upload_get_most(xmpp_conn_t *conn);

/* Request a slot from a service; NULL: from the one of our server, which is
 * searched for first unless it is known. The value is an xmpp_upload_slot_t.
 * Only what XEP-0363 allows is in it, so use nothing else of the answer: both
 * addresses are https: URLs of ASCII without spaces; headers are Authorization,
 * Cookie and Expires, with their names in this form and without line ends.
 *
 * In the result XMPP_ENOSERVICE: the server offers no service. XMPP_EPROTO: the
 * answer is not such a slot, or it has more than 16 headers or 8192 octets of
 * them. XMPP_ESTANZA with the specific condition "file-too-large", or "retry"
 * where a quota is reached: see xmpp_upload_refusal_t.
 *
 * XMPP_EARG without a file, or one without a name or a size; XMPP_EINVOP before
 * the first login; else as xmpp_request(). */
XMPP_API int xmpp_upload_request(xmpp_conn_t *conn, const char *service,
                                 const xmpp_upload_file_t *file,
                                 xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_UPLOAD_H */
