/* mood.h - what somebody feels (XEP-0107), as a node of an account.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_roster);
 *     xmpp_conn_use(conn, &xmpp_mod_presence);
 *     xmpp_conn_use(conn, &xmpp_mod_caps);
 *     xmpp_conn_use(conn, &xmpp_mod_mood);
 *     xmpp_conn_watch(conn, &xmpp_mod_mood, on_mood, NULL);
 *
 *     xmpp_mood_t mood;
 *     XMPP_INIT(xmpp_mood, mood);
 *     mood.kind = XMPP_MOOD_AMOROUS;
 *     mood.text = "Yay, the holidays";
 *     xmpp_mood_publish(conn, &mood, on_published, NULL);
 */

#ifndef XMPP_XEP_MOOD_H
#define XMPP_XEP_MOOD_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

typedef enum {
    XMPP_MOOD_AFRAID = 1,
    XMPP_MOOD_AMAZED,
    XMPP_MOOD_AMOROUS,
    XMPP_MOOD_ANGRY,
    XMPP_MOOD_ANNOYED,
    XMPP_MOOD_ANXIOUS,
    XMPP_MOOD_AROUSED,
    XMPP_MOOD_ASHAMED,
    XMPP_MOOD_BORED,
    XMPP_MOOD_BRAVE,
    XMPP_MOOD_CALM,
    XMPP_MOOD_CAUTIOUS,
    XMPP_MOOD_COLD,
    XMPP_MOOD_CONFIDENT,
    XMPP_MOOD_CONFUSED,
    XMPP_MOOD_CONTEMPLATIVE,
    XMPP_MOOD_CONTENTED,
    XMPP_MOOD_CRANKY,
    XMPP_MOOD_CRAZY,
    XMPP_MOOD_CREATIVE,
    XMPP_MOOD_CURIOUS,
    XMPP_MOOD_DEJECTED,
    XMPP_MOOD_DEPRESSED,
    XMPP_MOOD_DISAPPOINTED,
    XMPP_MOOD_DISGUSTED,
    XMPP_MOOD_DISMAYED,
    XMPP_MOOD_DISTRACTED,
    XMPP_MOOD_EMBARRASSED,
    XMPP_MOOD_ENVIOUS,
    XMPP_MOOD_EXCITED,
    XMPP_MOOD_FLIRTATIOUS,
    XMPP_MOOD_FRUSTRATED,
    XMPP_MOOD_GRATEFUL,
    XMPP_MOOD_GRIEVING,
    XMPP_MOOD_GRUMPY,
    XMPP_MOOD_GUILTY,
    XMPP_MOOD_HAPPY,
    XMPP_MOOD_HOPEFUL,
    XMPP_MOOD_HOT,
    XMPP_MOOD_HUMBLED,
    XMPP_MOOD_HUMILIATED,
    XMPP_MOOD_HUNGRY,
    XMPP_MOOD_HURT,
    XMPP_MOOD_IMPRESSED,
    XMPP_MOOD_IN_AWE,
    XMPP_MOOD_IN_LOVE,
    XMPP_MOOD_INDIGNANT,
    XMPP_MOOD_INTERESTED,
    XMPP_MOOD_INTOXICATED,
    XMPP_MOOD_INVINCIBLE,
    XMPP_MOOD_JEALOUS,
    XMPP_MOOD_LONELY,
    XMPP_MOOD_LOST,
    XMPP_MOOD_LUCKY,
    XMPP_MOOD_MEAN,
    XMPP_MOOD_MOODY,
    XMPP_MOOD_NERVOUS,
    XMPP_MOOD_NEUTRAL,
    XMPP_MOOD_OFFENDED,
    XMPP_MOOD_OUTRAGED,
    XMPP_MOOD_PLAYFUL,
    XMPP_MOOD_PROUD,
    XMPP_MOOD_RELAXED,
    XMPP_MOOD_RELIEVED,
    XMPP_MOOD_REMORSEFUL,
    XMPP_MOOD_RESTLESS,
    XMPP_MOOD_SAD,
    XMPP_MOOD_SARCASTIC,
    XMPP_MOOD_SATISFIED,
    XMPP_MOOD_SERIOUS,
    XMPP_MOOD_SHOCKED,
    XMPP_MOOD_SHY,
    XMPP_MOOD_SICK,
    XMPP_MOOD_SLEEPY,
    XMPP_MOOD_SPONTANEOUS,
    XMPP_MOOD_STRESSED,
    XMPP_MOOD_STRONG,
    XMPP_MOOD_SURPRISED,
    XMPP_MOOD_THANKFUL,
    XMPP_MOOD_THIRSTY,
    XMPP_MOOD_TIRED,
    XMPP_MOOD_UNDEFINED,
    XMPP_MOOD_WEAK,
    XMPP_MOOD_WORRIED
} xmpp_mood_kind_t;

typedef struct _xmpp_mood_t {
    size_t size;
    int kind;         /* xmpp_mood_kind_t */
    const char *text; /* why, in words of one's own */
} xmpp_mood_t;

/* Of whom it is, and what it is now. */
typedef struct _xmpp_mood_change_t {
    size_t size;
    xmpp_jid_t jid;          /* an account; absent: our own */
    const xmpp_mood_t *mood; /* NULL: nothing any more */
} xmpp_mood_change_t;

XMPP_API extern const xmpp_payload_t xmpp_mood;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_mood_change;

/* Requests that contacts notify us. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard. */
XMPP_API extern const xmpp_module_t xmpp_mod_mood;

/* Its events. The value is an xmpp_mood_change_t. */
enum { XMPP_MOOD_CHANGED = 1 };

/* Publish what we feel; NULL: nothing any more. No value. */
XMPP_API int xmpp_mood_publish(xmpp_conn_t *conn, const xmpp_mood_t *mood,
                               xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_MOOD_H */
