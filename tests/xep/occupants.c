/* occupants.c - who is in a room: what a presence makes of them, by nick and by
 * id, limits, failing memory, thousands. */

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/xep/occupants.h>

#include "failmem.h"
#include "tap.h"

#define MANY 6000

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- reading ----------------------------------------------------- */

static const struct {
    const char *xml, *want;
} presences[] = {
    {"<presence from='room@chat.example.org/Third Witch'>"
     "<show>away</show><status>brewing</status>"
     "<x xmlns='http://jabber.org/protocol/muc#user'>"
     "<item affiliation='owner' role='moderator' jid='hag@example.org/pda'>"
     "<actor nick='Hecate'/><reason>merit</reason></item></x>"
     "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o1'/>"
     "<hats xmlns='urn:xmpp:hats:0'><hat title='Host' uri='urn:host'/></hats>"
     "</presence>",
     "{address: \"room@chat.example.org/Third Witch\", nick: \"Third Witch\", "
     "jid: \"hag@example.org/pda\", occupant_id: \"o1\", role: moderator, "
     "affiliation: owner, show: away, status: \"brewing\", hats: [{uri: "
     "\"urn:host\", title: \"Host\"}], reason: \"merit\", actor: \"Hecate\"}"},
    {"<presence from='room@chat.example.org/a/b'/>",
     "{address: \"room@chat.example.org/a/b\", nick: \"a/b\"}"},
    {"<presence from='room@chat.example.org/a'>"
     "<x xmlns='http://jabber.org/protocol/muc#user'/></presence>",
     "{address: \"room@chat.example.org/a\", nick: \"a\"}"},
    {"<presence from='room@chat.example.org'/>", "nothing"},
    {"<presence from='@'/>", "nothing"},
    {"<presence/>", "nothing"},
};

static void check_reading(void)
{
    char text[1000];

    for (size_t i = 0; i < sizeof(presences) / sizeof(presences[0]); i++) {
        xmpp_stanza_t *presence =
            xmpp_stanza_new_from_string(ctx, presences[i].xml);
        const xmpp_muc_user_t *user =
            xmpp_payload_find(presence, &xmpp_muc_user);

        xmpp_payload_print(&xmpp_occupant, xmpp_occupant_read(presence, user),
                           text, sizeof(text));
        is_str(text, presences[i].want, "%s", presences[i].xml);
        xmpp_stanza_release(presence);
    }
    ok(!xmpp_muc_user_has(NULL, 110) && !xmpp_muc_user_get_item(NULL),
       "nothing has no status and no item");
}

/* ---- keeping ----------------------------------------------------- */

static xmpp_occupant_t made(const char *nick, const char *id)
{
    static char address[100], buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_occupant_t o;

    XMPP_INIT(xmpp_occupant, o);
    snprintf(address, sizeof(address), "room@chat.example.org/%s", nick);
    xmpp_jid_parse(address, (size_t)-1, XMPP_JID_LENIENT, buffer, &o.address,
                   NULL);
    o.nick = nick;
    o.occupant_id = id;
    return o;
}

static int put(xmpp_occupants_t *all, const char *nick, const char *id)
{
    xmpp_occupant_t o = made(nick, id), *before = NULL;
    int rc = xmpp_occupants_put(all, &o, &before);

    if (rc == 0 && before) {
        xmpp_free(ctx, before);
        return 1;
    }
    return rc;
}

static void take(xmpp_occupants_t *all, const char *nick)
{
    xmpp_free(ctx, xmpp_occupants_take(all, nick));
}

static const char *nick_by_id(xmpp_occupants_t *all, const char *id)
{
    const xmpp_occupant_t *o = xmpp_occupants_get_by_id(all, id);

    return o ? o->nick : NULL;
}

static void check_ids(xmpp_occupants_t *all)
{
    put(all, "a", "1");
    put(all, "b", "2");
    put(all, "a2", "1");
    put(all, "a3", "1");
    is_str(nick_by_id(all, "1"), "a3", "of several the last");
    take(all, "a2");
    take(all, "a3");
    is_str(nick_by_id(all, "1"), "a", "and then the others");
    is_int(put(all, "a", "3"), 1, "another user has the nick");
    is_str(nick_by_id(all, "1"), NULL, "nobody has the old id");
    is_str(nick_by_id(all, "3"), "a", "but the new one");
    is_int(put(all, "a", NULL), 1, "another presence of the same");
    is_str(nick_by_id(all, "3"), "a", "which has the id still");
    is_int(put(all, "b2", NULL), 0, "one without an id");
    is_int(put(all, "b2", "2"), 1, "gets it later");
    is_str(nick_by_id(all, "2"), "b2", "and is found");
    take(all, "b2");
    is_str(nick_by_id(all, "2"), "b", "as is the other one");
    xmpp_occupants_keep_ids(all, 1);
    is_str(nick_by_id(all, "3"), "a", "ids are kept as before");
    xmpp_occupants_keep_ids(all, 0);
    is_str(nick_by_id(all, "3"), NULL, "ids that nobody vouches for");
    put(all, "c", "4");
    ok(!nick_by_id(all, "4") && !xmpp_occupants_get(all, "c")->occupant_id,
       "nor are they kept from then on");
    xmpp_occupants_keep_ids(all, 1);
    put(all, "c", "4");
    is_str(nick_by_id(all, "4"), "c", "but when somebody vouches for them");
    xmpp_occupants_keep_ids(all, 0);
    xmpp_occupants_clear(all);
    put(all, "c", "4");
    is_str(nick_by_id(all, "4"), "c", "and when all begins again");
}

/* An id that a client has made up is seen by nobody. */
static void check_hidden_ids(xmpp_occupants_t *all)
{
    int i;

    for (i = 0; i < 2; i++) {
        xmpp_occupants_clear(all);
        xmpp_occupants_hide_ids(all);
        put(all, "a", "1");
        put(all, "b", NULL);
        is_int(put(all, "a", NULL), 1, "a second presence");
        ok(!xmpp_occupants_get(all, "a")->occupant_id && !nick_by_id(all, "1"),
           "an id is hidden");
        ok(xmpp_occupants_has_id(all, "a") && !xmpp_occupants_has_id(all, "b"),
           "but it is known who has one");
        xmpp_occupants_keep_ids(all, i);
        is_str(nick_by_id(all, "1"), i ? "a" : NULL, "until it is known");
        is_str(xmpp_occupants_get(all, "a")->occupant_id, i ? "1" : NULL,
               "whether it is to be seen");
        is_int(xmpp_occupants_has_id(all, "a"), i, "or not");
    }
    ok(!xmpp_occupants_has_id(all, "x"), "nobody has none");
    xmpp_occupants_clear(all);
    xmpp_occupants_hide_ids(all);
    put(all, "a", "1");
    take(all, "a");
    put(all, "a", NULL);
    ok(!xmpp_occupants_has_id(all, "a"), "who left has taken it along");
    xmpp_occupants_keep_ids(all, 1);
}

static void check_limits(xmpp_occupants_t *all)
{
    xmpp_occupants_clear(all);
    xmpp_occupants_set_most(all, 2, 1000);
    put(all, "a", NULL);
    put(all, "b", NULL);
    is_int(put(all, "c", NULL), XMPP_EFULL, "one too many");
    is_int(put(all, "a", "9"), 1, "one of those may change");
    xmpp_occupants_set_most(all, 10, 60);
    is_int(put(all, "d", "0123456789012345678901234567890123456789"),
           XMPP_EFULL, "too many octets");
    is_int((long)xmpp_occupants_count(all), 2, "nothing has changed");
    xmpp_occupants_set_most(all, 2 * MANY, (size_t)-1);
}

static void check_nothing(xmpp_occupants_t *all)
{
    xmpp_occupant_t none, *before;

    XMPP_INIT(xmpp_occupant, none);
    is_int(xmpp_occupants_put(NULL, &none, &before), XMPP_EINVOP, "nowhere");
    is_int(xmpp_occupants_put(all, NULL, &before), XMPP_EINVOP, "nobody");
    is_int(xmpp_occupants_put(all, &none, &before), XMPP_EINVOP, "no nick");
    ok(!xmpp_occupants_take(all, "x") && !xmpp_occupants_take(NULL, "x") &&
           !xmpp_occupants_get(all, NULL) &&
           !xmpp_occupants_get_by_id(all, NULL) &&
           !xmpp_occupants_next(NULL, NULL) && !xmpp_occupants_count(NULL),
       "nobody is found");
    xmpp_occupants_free(NULL);
    xmpp_occupants_clear(NULL);
    xmpp_occupants_keep_ids(NULL, 0);
    xmpp_occupants_set_most(NULL, 1, 1);
}

static void check_many(xmpp_occupants_t *all)
{
    const xmpp_occupant_t *o = NULL;
    char nick[20], id[20];
    size_t n = 0, wrong = 0;

    xmpp_occupants_clear(all);
    for (int i = 0; i < MANY; i++) {
        snprintf(nick, sizeof(nick), "nick%d", i);
        snprintf(id, sizeof(id), "id%d", i / 2);
        wrong += put(all, nick, id) != 0;
    }
    while ((o = xmpp_occupants_next(all, o))) {
        snprintf(nick, sizeof(nick), "nick%zu", n++);
        wrong += strcmp(o->nick, nick) != 0;
    }
    is_int((long)n, MANY, "all are there, in order");
    for (int i = 0; i < MANY; i += 2) {
        snprintf(nick, sizeof(nick), "nick%d", i);
        take(all, nick);
        snprintf(id, sizeof(id), "id%d", i / 2);
        snprintf(nick, sizeof(nick), "nick%d", i + 1);
        wrong += strcmp(nick_by_id(all, id), nick) != 0;
    }
    is_int((long)wrong, 0, "nothing is wrong");
    is_int((long)xmpp_occupants_count(all), MANY / 2, "half of them left");
}

static void check_memory(void)
{
    for (unsigned long n = 1; n < 60; n++) {
        xmpp_occupants_t *all;
        long held = memory.held;

        failmem_arm(&memory, n, 0);
        all = xmpp_occupants_new(ctx);
        for (int i = 0; all && i < 3; i++) {
            put(all, "a", "1");
            put(all, "b", "1");
            take(all, "a");
        }
        if (all && xmpp_occupants_get(all, "a"))
            ok(0, "somebody stays");
        xmpp_occupants_free(all);
        if (memory.held != held)
            ok(0, "the %lu-th allocation fails: %ld blocks are left", n,
               memory.held - held);
    }
    failmem_arm(&memory, 0, 0);
    ok(1, "without memory nothing is left");
}

int main(void)
{
    xmpp_occupants_t *all;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    all = xmpp_occupants_new(ctx);
    check_reading();
    check_ids(all);
    check_hidden_ids(all);
    check_limits(all);
    check_nothing(all);
    check_many(all);
    xmpp_occupants_free(all);
    check_memory();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
