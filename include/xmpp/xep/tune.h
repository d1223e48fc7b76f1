/* tune.h - what somebody listens to (XEP-0118), as a node of an account.
 * mood.h has an example of such a node. */

#ifndef XMPP_XEP_TUNE_H
#define XMPP_XEP_TUNE_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* A piece of music. What is not known is absent. */
typedef struct _xmpp_tune_t {
    size_t size;
    const char *artist; /* who made it or plays it */
    const char *title;
    const char *source; /* the album, or where it is from */
    const char *track;  /* which one it is there */
    long length;        /* in seconds */
    long rating;        /* from 1 to 10, the best */
    const char *uri;    /* that tells more */
    const char *composer, *lyricist, *performer;
    const char *date;     /* of the record */
    const char *genre;    /* such as "Jazz" */
    const char *language; /* of the words */
} xmpp_tune_t;

/* Of whom it is, and what it is now. */
typedef struct _xmpp_tune_change_t {
    size_t size;
    xmpp_jid_t jid;          /* an account; absent: our own */
    const xmpp_tune_t *tune; /* NULL: nothing any more */
} xmpp_tune_change_t;

XMPP_API extern const xmpp_payload_t xmpp_tune;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_tune_change;

/* Requests that contacts notify us. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard. */
XMPP_API extern const xmpp_module_t xmpp_mod_tune;

/* Its events. The value is an xmpp_tune_change_t. */
enum { XMPP_TUNE_CHANGED = 1 };

/* Publish what we listen to; NULL: nothing any more. No value. */
XMPP_API int xmpp_tune_publish(xmpp_conn_t *conn, const xmpp_tune_t *tune,
                               xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_TUNE_H */
