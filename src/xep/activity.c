/* activity.c - what somebody does (XEP-0108). */

#include <xmpp/xep/activity.h>

#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_user.h>

/* ---- payloads ---------------------------------------------------- */

/* The enum is the place in these, from 1. */
static const char *const names[] = {"at_the_spa",
                                    "brushing_teeth",
                                    "buying_groceries",
                                    "cleaning",
                                    "coding",
                                    "commuting",
                                    "cooking",
                                    "cycling",
                                    "dancing",
                                    "day_off",
                                    "doing_maintenance",
                                    "doing_the_dishes",
                                    "doing_the_laundry",
                                    "driving",
                                    "fishing",
                                    "gaming",
                                    "gardening",
                                    "getting_a_haircut",
                                    "going_out",
                                    "hanging_out",
                                    "having_a_beer",
                                    "having_a_snack",
                                    "having_breakfast",
                                    "having_coffee",
                                    "having_dinner",
                                    "having_lunch",
                                    "having_tea",
                                    "hiding",
                                    "hiking",
                                    "in_a_car",
                                    "in_a_meeting",
                                    "in_real_life",
                                    "jogging",
                                    "on_a_bus",
                                    "on_a_plane",
                                    "on_a_train",
                                    "on_a_trip",
                                    "on_the_phone",
                                    "on_vacation",
                                    "on_video_phone",
                                    "other",
                                    "partying",
                                    "playing_sports",
                                    "praying",
                                    "reading",
                                    "rehearsing",
                                    "running",
                                    "running_an_errand",
                                    "scheduled_holiday",
                                    "shaving",
                                    "shopping",
                                    "skiing",
                                    "sleeping",
                                    "smoking",
                                    "socializing",
                                    "studying",
                                    "sunbathing",
                                    "swimming",
                                    "taking_a_bath",
                                    "taking_a_shower",
                                    "thinking",
                                    "walking",
                                    "walking_the_dog",
                                    "watching_a_movie",
                                    "watching_tv",
                                    "working_out",
                                    "writing",
                                    NULL};

/* A name may come with any kind. */
static const xmpp_field_t kind_fields[] = {
    XMPP_CHOICE(xmpp_activity_kind_t, name, names),
};
#define KIND(variable, kind)                                                   \
    static XMPP_PAYLOAD(variable, xmpp_activity_kind_t, kind,                  \
                        XMPP_NS_ACTIVITY, kind_fields)
KIND(doing_chores, "doing_chores");
KIND(drinking, "drinking");
KIND(eating, "eating");
KIND(exercising, "exercising");
KIND(grooming, "grooming");
KIND(having_appointment, "having_appointment");
KIND(inactive, "inactive");
KIND(relaxing, "relaxing");
KIND(talking, "talking");
KIND(traveling, "traveling");
KIND(undefined, "undefined");
KIND(working, "working");

#define ACTIVITY(member) XMPP_ELEMENT(xmpp_activity_t, member, &(member))
static const xmpp_field_t activity_fields[] = {
    ACTIVITY(doing_chores),
    ACTIVITY(drinking),
    ACTIVITY(eating),
    ACTIVITY(exercising),
    ACTIVITY(grooming),
    ACTIVITY(having_appointment),
    ACTIVITY(inactive),
    ACTIVITY(relaxing),
    ACTIVITY(talking),
    ACTIVITY(traveling),
    ACTIVITY(undefined),
    ACTIVITY(working),
    XMPP_CHILD(xmpp_activity_t, text, TEXT, "text"),
};
XMPP_PAYLOAD(xmpp_activity, xmpp_activity_t, "activity", XMPP_NS_ACTIVITY,
             activity_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_activity_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_activity_change_t, activity, &xmpp_activity),
};
XMPP_PAYLOAD(xmpp_activity_change, xmpp_activity_change_t, "change",
             XMPP_NS_ACTIVITY, change_fields);

/* ---- events and publishing --------------------------------------- */

/* Without content there is nothing any more, and so with an item that is
 * retracted: there is one at a time. */
static int on_activity(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_activity_change_t change;
    xmpp_activity_t nothing;

    (void)state;
    XMPP_INIT(xmpp_activity_change, change);
    XMPP_INIT(xmpp_activity, nothing);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    if (in->value && !xmpp_payload_equal(&xmpp_activity, in->value, &nothing))
        change.activity = in->value;
    xmpp_conn_emit(conn, &xmpp_mod_activity, XMPP_ACTIVITY_CHANGED, &change,
                   NULL);
    return 0;
}

int xmpp_activity_publish(xmpp_conn_t *conn, const xmpp_activity_t *activity,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_activity_t nothing;

    XMPP_INIT(xmpp_activity, nothing);
    return xmpp_pubsub_publish(conn, NULL, XMPP_NS_ACTIVITY, NULL,
                               &xmpp_activity, activity ? activity : &nothing,
                               NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_ACTIVITY, &xmpp_activity,
              on_activity),
    XMPP_EVENT(XMPP_ACTIVITY_CHANGED, "changed", &xmpp_activity_change),
    XMPP_SPEC("XEP-0108", "1.3", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_activity, "activity", 0, rows);
