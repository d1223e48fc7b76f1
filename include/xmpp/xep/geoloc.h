/* geoloc.h - where somebody is (XEP-0080), as a node of an account.
 * mood.h has an example of such a node. */

#ifndef XMPP_XEP_GEOLOC_H
#define XMPP_XEP_GEOLOC_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* A place. What is not known is absent. */
typedef struct _xmpp_geoloc_t {
    size_t size;
    double latitude, longitude; /* in degrees, to the north and east */
    double accuracy;            /* of both, in metres */
    double altitude;            /* in metres above the sea */
    double altitude_accuracy;   /* in metres */
    double bearing;             /* of a move, in degrees from the north */
    double speed;               /* in metres per second */
    xmpp_time_t time;           /* when somebody was there */
    const char *zone;           /* the time zone there, such as -07:00 */
    const char *datum;          /* of the degrees; NULL: WGS84 */
    const char *country, *countrycode; /* two letters (ISO 3166) */
    const char *region, *regioncode;
    const char *locality; /* a town */
    const char *area;     /* a part of it, or a campus */
    const char *street, *building, *floor, *room;
    const char *postalcode;
    const char *description; /* a name for people, such as "Bill's house" */
    const char *text;        /* anything else */
    const char *uri;         /* that tells more */
} xmpp_geoloc_t;

/* Of whom it is, and what it is now. */
typedef struct _xmpp_geoloc_change_t {
    size_t size;
    xmpp_jid_t jid;              /* an account; absent: our own */
    const xmpp_geoloc_t *geoloc; /* NULL: nothing any more */
} xmpp_geoloc_change_t;

XMPP_API extern const xmpp_payload_t xmpp_geoloc;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_geoloc_change;

/* Requests that contacts notify us. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard. */
XMPP_API extern const xmpp_module_t xmpp_mod_geoloc;

/* Its events. The value is an xmpp_geoloc_change_t. */
enum { XMPP_GEOLOC_CHANGED = 1 };

/* Publish where we are; NULL: nothing any more. No value. */
XMPP_API int xmpp_geoloc_publish(xmpp_conn_t *conn, const xmpp_geoloc_t *geoloc,
                                 xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_GEOLOC_H */
