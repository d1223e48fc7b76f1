/* bookmark.c - what is remembered of a room: read, made, kept in a list, in
 * both ways of writing it.
 *
 * usage: bookmark          all tests
 *        bookmark MANY     sweep half of so many (tests/xep/instructions) */

#include <xmpp/xep/bookmark_list.h>

#include <xmpp/ns.h>

#include "conn/testbed.h"

static struct testbed testbed;

static xmpp_stanza_t *tree(const char *text)
{
    return xmpp_stanza_new_from_string(testbed.ctx, text);
}

/* What a tree is; it is released. */
static void is_tree(xmpp_stanza_t *got, const char *want, const char *what)
{
    char *text = NULL;
    size_t n;

    if (got)
        xmpp_stanza_to_text(got, &text, &n);
    is_str(text, want, "%s", what);
    xmpp_free(testbed.ctx, text);
    if (got)
        xmpp_stanza_release(got);
}

static void is_bookmark(const xmpp_bookmark_t *got, const char *want,
                        const char *what)
{
    char text[512];

    if (got)
        xmpp_payload_print(&xmpp_bookmark, got, text, sizeof(text));
    is_str(got ? text : NULL, want, "%s", what);
}

/* ---- one --------------------------------------------------------- */

static void read_and_made(void)
{
    xmpp_stanza_t *old =
        tree("<conference xmlns='storage:bookmarks' jid='a@c' autojoin='1'>"
             "<nick>n</nick><password>p</password><own xmlns='urn:own'/>"
             "</conference>");
    xmpp_stanza_t *other = tree("<conference xmlns='urn:other'/>");
    const xmpp_bookmark_t *bookmark = xmpp_bookmark_read(old);

    is_bookmark(bookmark,
                "{room: \"a@c\", autojoin: true, nick: \"n\", password: "
                "\"p\"}",
                "the older way is read");
    ok(!xmpp_bookmark_read(other) && !xmpp_bookmark_read(NULL),
       "something else is not");
    is_tree(xmpp_bookmark_make(testbed.conn, XMPP_NS_BOOKMARKS, bookmark, old),
            "<conference xmlns=\"urn:xmpp:bookmarks:1\" autojoin=\"true\">"
            "<nick>n</nick><password>p</password><own xmlns=\"urn:own\"/>"
            "</conference>",
            "made anew, with what others keep in it");
    is_tree(xmpp_bookmark_make(testbed.conn, XMPP_NS_BOOKMARKS_STORAGE,
                               bookmark, NULL),
            "<conference xmlns=\"storage:bookmarks\" jid=\"a@c\" "
            "autojoin=\"true\"><nick>n</nick><password>p</password>"
            "</conference>",
            "or as before");
    xmpp_stanza_release(old);
    xmpp_stanza_release(other);
}

/* ---- all in one -------------------------------------------------- */

#define STORAGE                                                                \
    "<storage xmlns='storage:bookmarks'><url url='u'/>"                        \
    "<conference jid='A@c'><own xmlns='urn:own'/></conference>"                \
    "<conference jid='b@c'/><conference jid='a@c'/></storage>"

static void edited(void)
{
    xmpp_stanza_t *storage = tree(STORAGE);
    xmpp_bookmark_t bookmark;
    xmpp_jid_t *room = xmpp_jid_from_string(testbed.ctx, "a@c", NULL);
    xmpp_stanza_t *answer =
        tree("<iq><query xmlns='jabber:iq:private'>" STORAGE "</query></iq>");

    XMPP_INIT(xmpp_bookmark, bookmark);
    bookmark.room = *room;
    bookmark.name = "A";
    is_tree(xmpp_bookmark_edit_storage(testbed.conn, storage, &bookmark, 0),
            "<storage xmlns=\"storage:bookmarks\"><url url=\"u\"/>"
            "<conference jid=\"b@c\"/><conference jid=\"a@c\" name=\"A\">"
            "<own xmlns=\"urn:own\"/></conference></storage>",
            "one is changed, and stands there once");
    is_tree(xmpp_bookmark_edit_storage(testbed.conn, storage, &bookmark, 1),
            "<storage xmlns=\"storage:bookmarks\"><url url=\"u\"/>"
            "<conference jid=\"b@c\"/></storage>",
            "or removed");
    is_tree(xmpp_bookmark_edit_storage(testbed.conn, NULL, &bookmark, 0),
            "<storage xmlns=\"storage:bookmarks\"><conference jid=\"a@c\" "
            "name=\"A\"/></storage>",
            "the first one");
    is_tree(xmpp_bookmark_edit_storage(testbed.conn, NULL, NULL, 0),
            "<storage xmlns=\"storage:bookmarks\"/>", "none");
    is_tree(xmpp_bookmark_make_query(testbed.conn, NULL),
            "<iq type=\"get\"><query xmlns=\"jabber:iq:private\"><storage "
            "xmlns=\"storage:bookmarks\"/></query></iq>",
            "they are requested");
    ok(xmpp_bookmark_find_storage(answer) != NULL, "and found in the answer");
    ok(!xmpp_bookmark_find_storage(storage) &&
           !xmpp_bookmark_find_storage(NULL),
       "not in anything else");
    xmpp_free(testbed.ctx, room);
    xmpp_stanza_release(storage);
    xmpp_stanza_release(answer);
}

/* ---- a list ------------------------------------------------------ */

/* Put a bookmark of this room with this name. */
static int put(xmpp_bookmark_list_t *list, const char *room, const char *name,
               const char *before)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(testbed.ctx, room, NULL);
    xmpp_stanza_t *element = tree("<conference xmlns='urn:xmpp:bookmarks:1'/>");
    xmpp_stanza_t *old = NULL;
    const xmpp_bookmark_t *now;
    int rc;

    xmpp_stanza_put(element, "name", name);
    rc = xmpp_bookmark_list_put(list, jid, element, &now, &old);
    is_str(old ? xmpp_stanza_get_attribute(old, "name") : NULL, before,
           "  what it was");
    if (old)
        xmpp_stanza_release(old);
    xmpp_stanza_release(element);
    xmpp_free(testbed.ctx, jid);
    return rc;
}

static void limited(xmpp_bookmark_list_t *list)
{
    xmpp_bookmark_list_set_most(list, 2, 1000);
    is_int(put(list, "c@c", "C", NULL), XMPP_EFULL, "a third is too many");
    is_int(put(list, "a@c", "again", "A"), 0, "one of them may change");
    xmpp_bookmark_list_set_most(list, 2, 70);
    is_int(put(list, "a@c", "123456789012345678901234567890", NULL),
           XMPP_ELIMIT, "not to something long");
    xmpp_bookmark_list_set_most(list, 3, 1000);
    is_int(put(list, "c@c", "C", NULL), 0, "three");
}

static void listed(void)
{
    xmpp_bookmark_list_t *list = xmpp_bookmark_list_new(testbed.ctx);
    xmpp_jid_t *b = xmpp_jid_from_string(testbed.ctx, "b@c/r", NULL);
    const xmpp_bookmark_t *now;
    xmpp_stanza_t *old = NULL;

    is_int(put(list, "a@c/r", "A", NULL), 0, "one");
    is_int(put(list, "b@c", "B", NULL), 0, "two");
    is_int(put(list, "b@c", "B", "B"), 1, "nothing new");
    limited(list);
    is_bookmark(xmpp_bookmark_list_get(list, b), "{room: \"b@c\", name: \"B\"}",
                "found");
    is_bookmark(xmpp_bookmark_list_next(list, NULL),
                "{room: \"a@c\", name: \"again\"}", "the first");
    is_bookmark(xmpp_bookmark_list_next(list, xmpp_bookmark_list_get(list, b)),
                "{room: \"c@c\", name: \"C\"}", "the last");
    is_int((int)xmpp_bookmark_list_count(list), 3, "three of them");
    xmpp_bookmark_list_age(list);
    is_int(put(list, "b@c", "B", "B"), 1, "one is put again");
    is_tree(xmpp_bookmark_list_sweep(list),
            "<conference xmlns=\"urn:xmpp:bookmarks:1\" name=\"again\" "
            "jid=\"a@c\"/>",
            "an old one");
    is_tree(xmpp_bookmark_list_sweep(list),
            "<conference xmlns=\"urn:xmpp:bookmarks:1\" name=\"C\" "
            "jid=\"c@c\"/>",
            "another");
    ok(!xmpp_bookmark_list_sweep(list), "and no more");
    is_tree(xmpp_bookmark_list_take(list, b),
            "<conference xmlns=\"urn:xmpp:bookmarks:1\" name=\"B\" "
            "jid=\"b@c\"/>",
            "taken out");
    ok(!xmpp_bookmark_list_take(list, b), "once");
    is_int(put(list, "b@c", "B", NULL), 0, "put again");
    is_int(xmpp_bookmark_list_put(list, b, NULL, &now, &old), XMPP_EARG,
           "nothing");
    xmpp_bookmark_list_clear(list);
    is_int((int)xmpp_bookmark_list_count(list), 0, "cleared");
    xmpp_free(testbed.ctx, b);
    xmpp_bookmark_list_free(list);
}

/* Each allocation fails in turn: nothing leaks, and what is there stays. */
static void starved(void)
{
    xmpp_bookmark_list_t *list = xmpp_bookmark_list_new(testbed.ctx);
    xmpp_jid_t *jid = xmpp_jid_from_string(testbed.ctx, "a@c", NULL);
    xmpp_stanza_t *element = tree("<conference xmlns='urn:xmpp:bookmarks:1'>"
                                  "<nick>n</nick></conference>");
    const xmpp_bookmark_t *now;
    xmpp_stanza_t *before = NULL;
    int rc = XMPP_EMEM;

    xmpp_bookmark_read(element);
    for (long n = 1; rc == XMPP_EMEM && n < 100; n++) {
        failmem_arm(&testbed.memory, (unsigned long)n, 0);
        rc = xmpp_bookmark_list_put(list, jid, element, &now, &before);
        failmem_arm(&testbed.memory, 0, 0);
        ok(rc == 0 || (rc == XMPP_EMEM && !xmpp_bookmark_list_count(list)),
           "the %ld-th fails: %d", n, rc);
    }
    is_int(rc, 0, "in the end it is put");
    xmpp_stanza_release(element);
    xmpp_free(testbed.ctx, jid);
    xmpp_bookmark_list_free(list);
}

/* ---- many -------------------------------------------------------- */

static int put_many(xmpp_bookmark_list_t *list, long first, long last)
{
    xmpp_stanza_t *element = tree("<conference xmlns='urn:xmpp:bookmarks:1'/>");
    int bad = 0;

    for (long i = first; i < last; i++) {
        char text[40], room[XMPP_JID_BUFFER_SIZE];
        const xmpp_bookmark_t *now;
        xmpp_stanza_t *old = NULL;
        xmpp_jid_t jid;

        snprintf(text, sizeof(text), "r%ld@c", i);
        xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, room, &jid, NULL);
        bad += xmpp_bookmark_list_put(list, &jid, element, &now, &old) < 0;
        if (old)
            xmpp_stanza_release(old);
    }
    xmpp_stanza_release(element);
    return bad;
}

/* A function of its own: what is counted is what happens inside. */
__attribute__((noinline)) static long settle(xmpp_bookmark_list_t *list)
{
    xmpp_stanza_t *old;
    long n = 0;

    for (; (old = xmpp_bookmark_list_sweep(list)); n++)
        xmpp_stanza_release(old);
    return n;
}

/* Half of them is put again, and the others are swept. */
static void swept(long many)
{
    xmpp_bookmark_list_t *list = xmpp_bookmark_list_new(testbed.ctx);

    is_int(put_many(list, 0, many), 0, "%ld are put", many);
    xmpp_bookmark_list_age(list);
    is_int(put_many(list, 0, many / 2), 0, "half of them again");
    is_int(settle(list), many - many / 2, "the others are old");
    is_int((long)xmpp_bookmark_list_count(list), many / 2, "half of them stay");
    is_str(xmpp_bookmark_list_next(list, NULL)->room.text, "r0@c",
           "in their order");
    is_int(settle(list), 0, "none of them is old");
    xmpp_bookmark_list_free(list);
}

int main(int argc, char **argv)
{
    testbed_make_virtual(&testbed);
    if (argc == 1) {
        read_and_made();
        edited();
        listed();
        starved();
    }
    swept(argc == 1 ? 100 : atol(argv[1]));
    testbed_free(&testbed, "all");
    return done_testing();
}
