/* mood.c - what somebody feels (XEP-0107). */

#include <xmpp/xep/mood.h>

#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_user.h>

/* ---- payloads ---------------------------------------------------- */

/* The enum is the place in these, from 1. */
static const char *const kinds[] = {
    "afraid",        "amazed",     "amorous",     "angry",        "annoyed",
    "anxious",       "aroused",    "ashamed",     "bored",        "brave",
    "calm",          "cautious",   "cold",        "confident",    "confused",
    "contemplative", "contented",  "cranky",      "crazy",        "creative",
    "curious",       "dejected",   "depressed",   "disappointed", "disgusted",
    "dismayed",      "distracted", "embarrassed", "envious",      "excited",
    "flirtatious",   "frustrated", "grateful",    "grieving",     "grumpy",
    "guilty",        "happy",      "hopeful",     "hot",          "humbled",
    "humiliated",    "hungry",     "hurt",        "impressed",    "in_awe",
    "in_love",       "indignant",  "interested",  "intoxicated",  "invincible",
    "jealous",       "lonely",     "lost",        "lucky",        "mean",
    "moody",         "nervous",    "neutral",     "offended",     "outraged",
    "playful",       "proud",      "relaxed",     "relieved",     "remorseful",
    "restless",      "sad",        "sarcastic",   "satisfied",    "serious",
    "shocked",       "shy",        "sick",        "sleepy",       "spontaneous",
    "stressed",      "strong",     "surprised",   "thankful",     "thirsty",
    "tired",         "undefined",  "weak",        "worried",      NULL};

static const xmpp_field_t mood_fields[] = {
    XMPP_CHOICE(xmpp_mood_t, kind, kinds),
    XMPP_CHILD(xmpp_mood_t, text, TEXT, "text"),
};
XMPP_PAYLOAD(xmpp_mood, xmpp_mood_t, "mood", XMPP_NS_MOOD, mood_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_mood_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_mood_change_t, mood, &xmpp_mood),
};
XMPP_PAYLOAD(xmpp_mood_change, xmpp_mood_change_t, "change", XMPP_NS_MOOD,
             change_fields);

/* ---- events and publishing --------------------------------------- */

/* Without content there is nothing any more, and so with an item that is
 * retracted: there is one at a time. */
static int on_mood(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_mood_change_t change;
    xmpp_mood_t nothing;

    (void)state;
    XMPP_INIT(xmpp_mood_change, change);
    XMPP_INIT(xmpp_mood, nothing);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    if (in->value && !xmpp_payload_equal(&xmpp_mood, in->value, &nothing))
        change.mood = in->value;
    xmpp_conn_emit(conn, &xmpp_mod_mood, XMPP_MOOD_CHANGED, &change, NULL);
    return 0;
}

int xmpp_mood_publish(xmpp_conn_t *conn, const xmpp_mood_t *mood,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_mood_t nothing;

    XMPP_INIT(xmpp_mood, nothing);
    return xmpp_pubsub_publish(conn, NULL, XMPP_NS_MOOD, NULL, &xmpp_mood,
                               mood ? mood : &nothing, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_MOOD, &xmpp_mood,
              on_mood),
    XMPP_EVENT(XMPP_MOOD_CHANGED, "changed", &xmpp_mood_change),
    XMPP_SPEC("XEP-0107", "1.2.2", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_mood, "mood", 0, rows);
