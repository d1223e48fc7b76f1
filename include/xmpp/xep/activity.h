/* activity.h - what somebody does (XEP-0108), as a node of an account.
 * mood.h has an example of such a node. */

#ifndef XMPP_XEP_ACTIVITY_H
#define XMPP_XEP_ACTIVITY_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* What exactly; 0: only that it is of this kind. */
typedef enum {
    XMPP_ACTIVITY_AT_THE_SPA = 1,
    XMPP_ACTIVITY_BRUSHING_TEETH,
    XMPP_ACTIVITY_BUYING_GROCERIES,
    XMPP_ACTIVITY_CLEANING,
    XMPP_ACTIVITY_CODING,
    XMPP_ACTIVITY_COMMUTING,
    XMPP_ACTIVITY_COOKING,
    XMPP_ACTIVITY_CYCLING,
    XMPP_ACTIVITY_DANCING,
    XMPP_ACTIVITY_DAY_OFF,
    XMPP_ACTIVITY_DOING_MAINTENANCE,
    XMPP_ACTIVITY_DOING_THE_DISHES,
    XMPP_ACTIVITY_DOING_THE_LAUNDRY,
    XMPP_ACTIVITY_DRIVING,
    XMPP_ACTIVITY_FISHING,
    XMPP_ACTIVITY_GAMING,
    XMPP_ACTIVITY_GARDENING,
    XMPP_ACTIVITY_GETTING_A_HAIRCUT,
    XMPP_ACTIVITY_GOING_OUT,
    XMPP_ACTIVITY_HANGING_OUT,
    XMPP_ACTIVITY_HAVING_A_BEER,
    XMPP_ACTIVITY_HAVING_A_SNACK,
    XMPP_ACTIVITY_HAVING_BREAKFAST,
    XMPP_ACTIVITY_HAVING_COFFEE,
    XMPP_ACTIVITY_HAVING_DINNER,
    XMPP_ACTIVITY_HAVING_LUNCH,
    XMPP_ACTIVITY_HAVING_TEA,
    XMPP_ACTIVITY_HIDING,
    XMPP_ACTIVITY_HIKING,
    XMPP_ACTIVITY_IN_A_CAR,
    XMPP_ACTIVITY_IN_A_MEETING,
    XMPP_ACTIVITY_IN_REAL_LIFE,
    XMPP_ACTIVITY_JOGGING,
    XMPP_ACTIVITY_ON_A_BUS,
    XMPP_ACTIVITY_ON_A_PLANE,
    XMPP_ACTIVITY_ON_A_TRAIN,
    XMPP_ACTIVITY_ON_A_TRIP,
    XMPP_ACTIVITY_ON_THE_PHONE,
    XMPP_ACTIVITY_ON_VACATION,
    XMPP_ACTIVITY_ON_VIDEO_PHONE,
    XMPP_ACTIVITY_OTHER,
    XMPP_ACTIVITY_PARTYING,
    XMPP_ACTIVITY_PLAYING_SPORTS,
    XMPP_ACTIVITY_PRAYING,
    XMPP_ACTIVITY_READING,
    XMPP_ACTIVITY_REHEARSING,
    XMPP_ACTIVITY_RUNNING,
    XMPP_ACTIVITY_RUNNING_AN_ERRAND,
    XMPP_ACTIVITY_SCHEDULED_HOLIDAY,
    XMPP_ACTIVITY_SHAVING,
    XMPP_ACTIVITY_SHOPPING,
    XMPP_ACTIVITY_SKIING,
    XMPP_ACTIVITY_SLEEPING,
    XMPP_ACTIVITY_SMOKING,
    XMPP_ACTIVITY_SOCIALIZING,
    XMPP_ACTIVITY_STUDYING,
    XMPP_ACTIVITY_SUNBATHING,
    XMPP_ACTIVITY_SWIMMING,
    XMPP_ACTIVITY_TAKING_A_BATH,
    XMPP_ACTIVITY_TAKING_A_SHOWER,
    XMPP_ACTIVITY_THINKING,
    XMPP_ACTIVITY_WALKING,
    XMPP_ACTIVITY_WALKING_THE_DOG,
    XMPP_ACTIVITY_WATCHING_A_MOVIE,
    XMPP_ACTIVITY_WATCHING_TV,
    XMPP_ACTIVITY_WORKING_OUT,
    XMPP_ACTIVITY_WRITING
} xmpp_activity_name_t;

typedef struct _xmpp_activity_kind_t {
    size_t size;
    int name; /* xmpp_activity_name_t */
} xmpp_activity_kind_t;

/* One of the kinds is not NULL. */
typedef struct _xmpp_activity_t {
    size_t size;
    const xmpp_activity_kind_t *doing_chores;
    const xmpp_activity_kind_t *drinking;
    const xmpp_activity_kind_t *eating;
    const xmpp_activity_kind_t *exercising;
    const xmpp_activity_kind_t *grooming;
    const xmpp_activity_kind_t *having_appointment;
    const xmpp_activity_kind_t *inactive;
    const xmpp_activity_kind_t *relaxing;
    const xmpp_activity_kind_t *talking;
    const xmpp_activity_kind_t *traveling;
    const xmpp_activity_kind_t *undefined;
    const xmpp_activity_kind_t *working;
    const char *text; /* more, in words of one's own */
} xmpp_activity_t;

/* Of whom it is, and what it is now. */
typedef struct _xmpp_activity_change_t {
    size_t size;
    xmpp_jid_t jid;                  /* an account; absent: our own */
    const xmpp_activity_t *activity; /* NULL: nothing any more */
} xmpp_activity_change_t;

XMPP_API extern const xmpp_payload_t xmpp_activity;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_activity_change;

/* Requests that contacts notify us. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard. */
XMPP_API extern const xmpp_module_t xmpp_mod_activity;

/* Its events. The value is an xmpp_activity_change_t. */
enum { XMPP_ACTIVITY_CHANGED = 1 };

/* Publish what we do; NULL: nothing any more. No value. */
XMPP_API int xmpp_activity_publish(xmpp_conn_t *conn,
                                   const xmpp_activity_t *activity,
                                   xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_ACTIVITY_H */
