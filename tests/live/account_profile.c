/* account_profile.c - vCards, their photos, and avatars, both ways. */

#include "live/account.h"

#if defined(XMPP_HAVE_AVATAR) && defined(XMPP_HAVE_SUBSCRIPTION) &&            \
    defined(XMPP_HAVE_CAPS) && defined(XMPP_HAVE_VCARD4)
#define HAVE_PROFILE
#include <xmpp/digest.h>
#include <xmpp/xep/avatar.h>
#include <xmpp/xep/photo_change.h>
#include <xmpp/xep/subscription.h>
#include <xmpp/xep/vcard4.h>

/* What was reported last. */
struct seen {
    int avatars, photos;
    char avatar[64], photo[64];
};

static void on_avatar(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    const xmpp_avatar_change_t *change = event->value;
    struct seen *seen = userdata;

    (void)conn;
    if (!change->jid.domain_size || !change->avatar->info_count)
        return;
    snprintf(seen->avatar, sizeof(seen->avatar), "%s",
             change->avatar->infos[0]->id);
    seen->avatars++;
}

static void on_photo(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    const xmpp_photo_hash_t *hash = event->value;
    struct seen *seen = userdata;

    (void)conn;
    if (!hash->sha1)
        return;
    snprintf(seen->photo, sizeof(seen->photo), "%s", hash->sha1);
    seen->photos++;
}

static void on_subscription(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    (void)conn;
    *(int *)userdata += event->what == XMPP_SUBSCRIPTION_REQUESTED;
}

/* Contacts, so that each gets what the other publishes. */
static void befriend(struct us *us)
{
    static int requests;
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    xmpp_jid_cut(&peer, XMPP_JID_BARE, &peer);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_subscription), 0,
           "subscriptions in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_subscription, on_subscription,
                    &requests);
    is_int(xmpp_subscription_request(us->conn, &peer, NULL), 0,
           "we request to see its presence");
    is_str(us_order(us, "subscribe"), "ok", "it requests to see ours");
    us_await(us, &requests, 1, "which is reported");
    is_int(xmpp_subscription_approve(us->conn, &peer), 0, "we approve");
    us_order_until(us, "both", "subscription");
}

static void vcards(struct us *us, const char *peer)
{
    struct outcome o = {0};
    xmpp_vcard_t vcard;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_vcard), 0, "vcard in use");
    XMPP_INIT(xmpp_vcard, vcard);
    vcard.full_name = "Romeo";
    us_ends(us, &o, xmpp_vcard_set(us->conn, &vcard, on_outcome, &o), 0, NULL,
            "we set our vCard");
    is_str(us_order(us, "vcard"), "Romeo 0", "which it gets");
    is_str(us_order(us, "set_vcard Juliet"), "ok", "it sets its own");
    us_ends(us, &o, xmpp_vcard_get(us->conn, peer, on_outcome, &o), 0,
            "full_name: \"Juliet\"", "which we get");
}

/* Their presence has the hash, and so has ours: from a server that converts
 * even without us. */
static void photos(struct us *us, struct seen *seen, const char *peer)
{
    struct outcome o = {0};
    xmpp_vcard_photo_t photo;
    char sha1[XMPP_DIGEST_HEX_SIZE];

    XMPP_INIT(xmpp_vcard_photo, photo);
    photo.type = "image/png";
    photo.data.data = (const unsigned char *)"light";
    photo.data.size = 5;
    xmpp_digest_hex("sha-1", "light", 5, sha1);
    us_ends(us, &o, xmpp_photo_set(us->conn, &photo, on_outcome, &o), 0, NULL,
            "we set our photo");
    is_str(us_order(us, "vcard"), "Romeo 5", "and the rest stays");
    xmpp_send_take(us->conn, xmpp_presence_new(us->ctx));
    us_order_until(us, sha1, "photo");
    is_str(us_order(us, "set_photo window"), "ok", "it sets its own");
    us_await(us, &seen->photos, 1, "which is reported");
    us_ends(us, &o, xmpp_photo_get(us->conn, peer, seen->photo, on_outcome, &o),
            0, "type: \"image/png\", data: \"d2luZG93\"",
            "and is as announced");
}

static void avatars(struct us *us, struct seen *seen, const char *peer)
{
    struct outcome o = {0};
    xmpp_avatar_image_t image;
    xmpp_avatar_info_t info;
    char sha1[XMPP_DIGEST_HEX_SIZE];

    XMPP_INIT(xmpp_avatar_image, image);
    image.data.data = (const unsigned char *)"soft!";
    image.data.size = 5;
    xmpp_digest_hex("sha-1", "soft!", 5, sha1);
    us_ends(us, &o,
            xmpp_avatar_publish(us->conn, &image, "open", on_outcome, &o), 0,
            NULL, "we publish an avatar");
    us_order_until(us, sha1, "avatars");
    is_str(us_order(us, "avatar %s", sha1), "soft!", "and the image is there");
    /* by the server in the next presence, or by us */
    xmpp_send_take(us->conn, xmpp_presence_new(us->ctx));
    us_order_until(us, sha1, "photo");
    seen->avatars = 0;
    is_str(us_order(us, "set_avatar east"), "ok", "it publishes its own");
    us_await(us, &seen->avatars, 1, "which is reported");
    XMPP_INIT(xmpp_avatar_info, info);
    info.id = seen->avatar;
    info.octets = 4;
    us_ends(us, &o,
            xmpp_avatar_get_image(us->conn, peer, &info, on_outcome, &o), 0,
            "data: \"ZWFzdA==\"", "and got");
    us_ends(us, &o, xmpp_avatar_get(us->conn, peer, on_outcome, &o), 0,
            "octets: 4", "its form, too");
    us_ends(us, &o, xmpp_avatar_disable(us->conn, on_outcome, &o), 0, NULL,
            "we have none any more");
}

static void newer_vcards(struct us *us)
{
    struct outcome o = {0};
    xmpp_vcard4_name_t name;
    xmpp_vcard4_t vcard;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_vcard4), 0, "vcard4 in use");
    XMPP_INIT(xmpp_vcard4, vcard);
    XMPP_INIT(xmpp_vcard4_name, name);
    name.given = "Romeo";
    vcard.name = &name;
    us_ends(us, &o, xmpp_vcard4_publish(us->conn, &vcard, on_outcome, &o), 0,
            NULL, "we publish a vCard of the newer format");
    us_ends(us, &o, xmpp_vcard4_get(us->conn, us->bare, on_outcome, &o), 0,
            "given: \"Romeo\"", "and get it");
    if (strcmp(us->domain, "localhost") == 0)
        us_ends(us, &o, xmpp_vcard4_query(us->conn, us->bare, on_outcome, &o),
                0, "given: \"Romeo\"", "also without its node");
    us_ends(us, &o, xmpp_vcard4_query(us->conn, us->domain, on_outcome, &o),
            XMPP_ESTANZA, NULL, "the server has none itself");
}

static void profile(struct us *us)
{
    static struct seen seen;
    char peer[256];

    snprintf(peer, sizeof(peer), "%.*s", (int)strcspn(us->peer, "/"), us->peer);
    befriend(us);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_photo), 0, "photos in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_photo, on_photo, &seen);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_avatar), 0, "avatars in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_avatar, on_avatar, &seen);
    vcards(us, peer);
    photos(us, &seen, peer);
    us_order_until(us, "urn:xmpp:avatar:metadata+notify", "features");
    avatars(us, &seen, peer);
    newer_vcards(us);
}
#endif

void test_profile(struct us *us)
{
#ifdef HAVE_PROFILE
    profile(us);
#endif
    (void)us;
}
