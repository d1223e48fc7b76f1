/* account_social.c - where somebody is, feels, does and listens to, both ways.
 */

#include "live/account.h"

#if defined(XMPP_HAVE_GEOLOC) && defined(XMPP_HAVE_MOOD) &&                    \
    defined(XMPP_HAVE_ACTIVITY) && defined(XMPP_HAVE_TUNE) &&                  \
    defined(XMPP_HAVE_SUBSCRIPTION) && defined(XMPP_HAVE_CAPS) &&              \
    defined(XMPP_HAVE_MICROBLOG)
#define HAVE_SOCIAL
#include <xmpp/xep/activity.h>
#include <xmpp/xep/geoloc.h>
#include <xmpp/xep/microblog.h>
#include <xmpp/xep/mood.h>
#include <xmpp/xep/tune.h>

/* What the counterpart publishes, of each module. */
static const struct social {
    const xmpp_module_t *module;
    const char *part;
} socials[] = {
    {&xmpp_mod_geoloc, "locality: \"Verona\""},
    {&xmpp_mod_mood, "kind: happy, text: \"What light!\""},
    {&xmpp_mod_microblog, "titles: [{text: \"Light\"}]"},
    {&xmpp_mod_activity, "relaxing: {name: partying}"},
    {&xmpp_mod_tune, "title: \"Pavane\", length: 240"},
};

#define SOCIALS (sizeof(socials) / sizeof(socials[0]))

static int told[SOCIALS];

static void on_social(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    const struct social *social = userdata;
    char text[1024];

    (void)conn;
    xmpp_payload_print(event->payload, event->value, text, sizeof(text));
    told[social - socials] += strstr(text, social->part) != NULL;
}

static void tells(struct us *us)
{
    struct outcome o = {0};
    xmpp_geoloc_t place;
    xmpp_mood_t mood;
    xmpp_activity_kind_t kind;
    xmpp_activity_t activity;
    xmpp_tune_t tune;

    XMPP_INIT(xmpp_geoloc, place);
    XMPP_INIT(xmpp_mood, mood);
    XMPP_INIT(xmpp_activity, activity);
    XMPP_INIT(xmpp_tune, tune);
    kind.size = sizeof(kind);
    kind.name = XMPP_ACTIVITY_WALKING;
    place.locality = "Mantua";
    mood.kind = XMPP_MOOD_IN_LOVE;
    activity.exercising = &kind;
    tune.title = "Nocturne";
    us_ends(us, &o, xmpp_geoloc_publish(us->conn, &place, on_outcome, &o), 0,
            NULL, "we publish where we are");
    us_ends(us, &o, xmpp_mood_publish(us->conn, &mood, on_outcome, &o), 0, NULL,
            "what we feel");
    us_ends(us, &o, xmpp_activity_publish(us->conn, &activity, on_outcome, &o),
            0, NULL, "what we do");
    us_ends(us, &o, xmpp_tune_publish(us->conn, &tune, on_outcome, &o), 0, NULL,
            "and what we listen to");
    us_order_until(us, "Mantua", "known");
    us_order_until(us, "in_love", "known");
    us_order_until(us, "exercising walking", "known");
    us_order_until(us, "Nocturne", "known");
}

static void posts(struct us *us)
{
    struct outcome o = {0};
    xmpp_atom_text_t title = {sizeof(title), 0, "What light!", NULL};
    const xmpp_atom_text_t *titles[] = {&title};
    xmpp_atom_entry_t post;

    XMPP_INIT(xmpp_atom_entry, post);
    post.titles = titles;
    post.title_count = 1;
    us_ends(us, &o,
            xmpp_microblog_publish(us->conn, NULL, NULL, "post", &post,
                                   on_outcome, &o),
            0, NULL, "we publish a post");
    us_order_until(us, "published urn:xmpp:microblog:0 post", "events");
}

static void social(struct us *us)
{
    for (size_t i = 0; i < SOCIALS; i++) {
        union {
            const struct social *social;
            void *userdata;
        } u = {&socials[i]};

        is_int(xmpp_conn_use(us->conn, socials[i].module), 0, "%s in use",
               socials[i].module->name);
        xmpp_conn_watch(us->conn, socials[i].module, on_social, u.userdata);
    }
    /* our presence is renewed a second later, and then the server has to query
     * what its new hash stands for */
    for (int i = 0; i < 15 && !told[SOCIALS - 1]; i++) {
        us_order(us, "tell");
        us_order(us, "post Light");
        for (int turn = 0; turn < 10; turn++)
            xmpp_run_once(us->ctx, 200);
    }
    for (size_t i = 0; i < SOCIALS; i++)
        us_await(us, &told[i], 1, socials[i].part);
    tells(us);
    posts(us);
}
#endif

void test_social(struct us *us)
{
#ifdef HAVE_SOCIAL
    social(us);
#endif
    (void)us;
}
