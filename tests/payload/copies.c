/* copies.c - payloads that live on their own: copied, compared, as texts, and
 * printed. */

#include "payload/testbed.h"

/* ---- a table ----------------------------------------------------- */

typedef struct contact_t {
    size_t size;
    xmpp_jid_t jid;
    int subscription;
    const char *const *groups;
    size_t group_count;
    const char *name;
    const struct contact_t *boss;
    const struct contact_t *const *friends;
    size_t friend_count;
    xmpp_bytes_t photo;
    double height;
    xmpp_time_t since;
    long priority;
    int hidden;
    xmpp_stanza_t *self;
    const char *note;
} contact_t;

static const char *const subscriptions[] = {"none", "to", "from", "both", NULL};

extern const xmpp_payload_t contact;
static const xmpp_field_t fields[] = {
    XMPP_ATTR_MUST(contact_t, jid, JID, "jid"),
    XMPP_ATTR_ENUM(contact_t, subscription, "subscription", subscriptions),
    XMPP_CHILDREN(contact_t, groups, group_count, "group"),
    XMPP_ATTR(contact_t, name, TEXT, "name"),
    XMPP_ELEMENT(contact_t, boss, &contact),
    XMPP_ELEMENTS(contact_t, friends, friend_count, &contact),
    XMPP_CHILD(contact_t, photo, BYTES, "photo"),
    XMPP_CHILD(contact_t, height, REAL, "height"),
    XMPP_CHILD(contact_t, since, TIME, "since"),
    XMPP_CHILD(contact_t, priority, NUMBER, "priority"),
    XMPP_FLAG(contact_t, hidden, "hidden"),
    XMPP_SELF(contact_t, self),
    XMPP_TEXT(contact_t, note, TEXT)};
XMPP_PAYLOAD(contact, contact_t, "item", NS, fields);

static const char full[] =
    "<item xmlns=\"" NS "\" jid=\"Juliet@example.com\" subscription=\"both\" "
    "name=\"J &quot;C&quot; \\\"><group>Friends</group><group/>"
    "<photo>AP94EA==</photo><height>1.5</height>"
    "<since>2026-11-29T19:27:00Z</since><priority>-1</priority><hidden/>"
    "a\nb</item>";

static const char printed[] =
    "{jid: \"juliet@example.com\", subscription: both, "
    "groups: [\"Friends\", \"\"], name: \"J \\\"C\\\" \\\\\", "
    "photo: \"AP94EA==\", height: 1.5, since: 2026-11-29T19:27:00Z, "
    "priority: -1, hidden: true, note: \"a\\x0ab\"}";

static contact_t *from_text(const char *text)
{
    return xmpp_payload_from_text(payload_ctx, &contact, text, (size_t)-1);
}

static void is_printed(const void *value, const char *want, const char *name)
{
    char got[600];

    is_int(xmpp_payload_print(&contact, value, got, sizeof(got)), strlen(want),
           "%s: the length of what is printed", name);
    is_str(got, want, "%s: printed", name);
}

/* ---- copies and texts -------------------------------------------- */

static void copies(void)
{
    contact_t *c = from_text(full), *copy;
    char *text;
    size_t n = 0;

    if (!ok(c != NULL, "a text becomes a struct"))
        return;
    is_printed(c, printed, "from a text");
    ok(!c->self, "the element is gone");
    is_str(c->jid.text, "juliet@example.com", "an address ends with a NUL");
    copy = xmpp_payload_copy(payload_ctx, &contact, c);
    ok(copy && xmpp_payload_equal(&contact, c, copy), "a copy is equal");
    xmpp_free(payload_ctx, c);
    is_printed(copy, printed, "a copy outlives the original");
    text = xmpp_payload_to_text(payload_ctx, &contact, copy, &n);
    xmpp_free(payload_ctx, copy);
    is_int(text ? strlen(text) : 0, n, "the length of a text");
    copy = text ? from_text(text) : NULL;
    is_printed(copy, printed, "from its own text");
    xmpp_free(payload_ctx, copy);
    ok(text && !xmpp_payload_from_text(payload_ctx, &contact, text, n - 1),
       "half a text is none");
    xmpp_free(payload_ctx, text);
    ok(!from_text("<item xmlns='" NS "'/>"), "what must be there is not");
    ok(!from_text("item"), "this is not XML");
}

static void codes(void)
{
    contact_t *c = from_text(full);
    void *parsed = c;

    is_int(xmpp_payload_parse(payload_ctx, &contact, "item", 4, &parsed),
           XMPP_EARG, "why a text cannot be read");
    ok(!parsed, "and nothing is returned");
    is_int(xmpp_payload_parse(payload_ctx, &contact, full, 4, NULL),
           XMPP_EINVOP, "there is nowhere to return it");
    is_int(xmpp_payload_parse(payload_ctx, &contact, full, (size_t)-1, &parsed),
           0, "what can be read");
    ok(xmpp_payload_equal(&contact, parsed, c), "is the same");
    xmpp_free(payload_ctx, parsed);
    xmpp_free(payload_ctx, c);
}

static void nests(void)
{
    contact_t *c = from_text("<item xmlns='" NS "' jid='a'><item jid='b'>"
                             "<item jid='c'/></item><item jid='d'/></item>");
    static const char want[] =
        "{jid: \"a\", boss: {jid: \"b\", boss: {jid: \"c\"}, friends: [{jid: "
        "\"c\"}]}, friends: [{jid: \"b\", boss: {jid: \"c\"}, friends: [{jid: "
        "\"c\"}]}, {jid: \"d\"}]}";

    is_printed(c, want, "nested structs");
    xmpp_free(payload_ctx, c);
}

/* A copy is put together on the stack as long as it is small: texts and lists
 * grow past each limit of that. */
static void any_size(void)
{
    enum { MANY = 90, LONG = 1200 };
    static const char *groups[MANY];
    static contact_t friend;
    static const contact_t *friends[MANY];
    static char name[LONG + 1];
    int wrong = 0;

    XMPP_INIT(contact, friend);
    for (int i = 0; i < MANY; i++) {
        groups[i] = i % 7 ? "g" : NULL;
        friends[i] = i % 5 ? &friend : NULL;
    }
    memset(name, 'n', LONG);
    for (int i = 0; i <= LONG; i++) {
        contact_t c, *copy;

        XMPP_INIT(contact, c);
        c.name = name + LONG - i;
        c.groups = groups;
        c.group_count = (size_t)(i % MANY);
        c.friends = friends;
        c.friend_count = (size_t)(i % 11);
        c.boss = i % 2 ? &friend : NULL;
        copy = xmpp_payload_copy(payload_ctx, &contact, &c);
        wrong += !copy || !xmpp_payload_equal(&contact, &c, copy) ||
                 copy->name == c.name;
        xmpp_free(payload_ctx, copy);
    }
    is_int(wrong, 0, "values of any size are copied");
}

/* No more than the struct, in units of eight octets, and its text. */
static void no_larger(void)
{
    long before = payload_memory.bytes;
    contact_t c, *copy;

    XMPP_INIT(contact, c);
    c.name = "name";
    copy = xmpp_payload_copy(payload_ctx, &contact, &c);
    is_int(payload_memory.bytes - before, (sizeof(c) + 7) / 8 * 8 + 5,
           "the size of a copy");
    xmpp_free(payload_ctx, copy);
    c.group_count = 5;
    copy = xmpp_payload_copy(payload_ctx, &contact, &c);
    is_int(copy->group_count, 0, "a length without a list is not copied");
    xmpp_free(payload_ctx, copy);
}

/* ---- what is not equal ------------------------------------------- */

static void compares(void)
{
    static const char *const changes[][2] = {
        {"Juliet@example.com", "romeo@example.net "},
        {"\"both\"", "\"from\""},
        {"Friends", "friends"},
        {"<group/>", "<grou_/>"},
        {"AP94", "AP95"},
        {"1.5", "1.6"},
        {"2026", "2027"},
        {"-1", "-2"},
        {"<hidden/>", "<Hidden/>"},
        {"a\nb", "a\nc"},
        {"name", "nam_"},
    };
    contact_t *c = from_text(full);

    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        char text[sizeof(full)];
        contact_t *other;

        strcpy(text, full);
        memcpy(strstr(text, changes[i][0]), changes[i][1],
               strlen(changes[i][0]));
        other = from_text(text);
        ok(other && !xmpp_payload_equal(&contact, c, other) &&
               !xmpp_payload_equal(&contact, other, c),
           "not equal: %s", changes[i][1]);
        xmpp_free(payload_ctx, other);
    }
    ok(xmpp_payload_equal(&contact, NULL, NULL), "nothing equals nothing");
    ok(!xmpp_payload_equal(&contact, c, NULL), "but not something");
    ok(!xmpp_payload_equal(NULL, c, c), "without a table nothing is equal");
    xmpp_free(payload_ctx, c);
}

/* ---- sizes ------------------------------------------------------- */

typedef struct {
    size_t size;
    xmpp_jid_t jid;
    int subscription;
} old_contact_t;

static void old_struct(void)
{
    struct {
        old_contact_t value;
        char behind[sizeof(contact_t)];
    } old;
    contact_t *copy, *whole = from_text(full);

    memset(&old, 0x55, sizeof(old));
    XMPP_INIT(contact, old.value);
    old.value.subscription = 2;
    is_printed(&old.value, "{subscription: to}", "an old struct");
    copy = xmpp_payload_copy(payload_ctx, &contact, &old.value);
    is_int(copy->size, sizeof(*copy), "its copy is a new one");
    is_printed(copy, "{subscription: to}", "its copy");
    ok(xmpp_payload_equal(&contact, &old.value, copy) &&
           xmpp_payload_equal(&contact, copy, &old.value),
       "they are equal");
    copy->name = "Tybalt";
    ok(!xmpp_payload_equal(&contact, &old.value, copy) &&
           !xmpp_payload_equal(&contact, copy, &old.value),
       "unless there is more in the new one");
    copy->name = NULL;
    copy->groups = whole->groups;
    copy->group_count = whole->group_count;
    ok(!xmpp_payload_equal(&contact, &old.value, copy) &&
           !xmpp_payload_equal(&contact, copy, &old.value),
       "or a list");
    xmpp_free(payload_ctx, copy);
    xmpp_free(payload_ctx, whole);
}

static void circle(void)
{
    contact_t c;
    char *text;

    XMPP_INIT(contact, c);
    c.boss = &c;
    ok(!xmpp_payload_copy(payload_ctx, &contact, &c),
       "a circle cannot be copied");
    ok(!xmpp_payload_equal(&contact, &c, &c), "nor compared");
    text = xmpp_payload_to_text(payload_ctx, &contact, &c, NULL);
    ok(!text, "nor written");
    ok(xmpp_payload_print(&contact, &c, NULL, 0) > 0, "but printed");
}

/* ---- printing ---------------------------------------------------- */

static void prints_cut(void)
{
    contact_t c;
    char got[20];
    int n;

    XMPP_INIT(contact, c);
    is_printed(&c, "{}", "nothing in it");
    is_printed(NULL, "nothing", "nothing");
    c.name = "ab\xc3\xa9"
             "cd";
    n = xmpp_payload_print(&contact, &c, got, 12);
    is_int(n, 16, "the length of the whole");
    is_str(got, "{name: \"ab", "no character is cut");
    xmpp_payload_print(&contact, &c, got, 13);
    is_str(got, "{name: \"ab\xc3\xa9", "one octet more");
    xmpp_payload_print(&contact, &c, got, 1);
    is_str(got, "", "only the NUL has room");
    got[0] = 'x';
    xmpp_payload_print(&contact, &c, got, 0);
    is_int(got[0], 'x', "not even that");
    is_int(xmpp_payload_print(NULL, &c, got, sizeof(got)), 0, "no table");
    c.name = "\x7f\t";
    is_printed(&c, "{name: \"\\x7f\\x09\"}", "control characters");
    c.name = NULL;
    c.subscription = 9;
    is_printed(&c, "{subscription: }", "an enum without a name");
}

/* ---- nothing ----------------------------------------------------- */

static void nothing(void)
{
    contact_t c;

    XMPP_INIT(contact, c);
    ok(!xmpp_payload_copy(NULL, &contact, &c) &&
           !xmpp_payload_copy(payload_ctx, NULL, &c) &&
           !xmpp_payload_copy(payload_ctx, &contact, NULL),
       "nothing is copied");
    ok(!xmpp_payload_to_text(NULL, &contact, &c, NULL) &&
           !xmpp_payload_to_text(payload_ctx, NULL, &c, NULL) &&
           !xmpp_payload_to_text(payload_ctx, &contact, NULL, NULL),
       "nothing becomes a text");
    ok(!xmpp_payload_from_text(NULL, &contact, full, 1) &&
           !xmpp_payload_from_text(payload_ctx, NULL, full, 1) &&
           !xmpp_payload_from_text(payload_ctx, &contact, NULL, 1),
       "nothing becomes a struct");
    c.name = "\x01";
    ok(!xmpp_payload_to_text(payload_ctx, &contact, &c, NULL),
       "nor does what XML forbids become a text");
}

int main(void)
{
    payload_begin();
    copies();
    codes();
    nests();
    any_size();
    no_larger();
    compares();
    old_struct();
    circle();
    prints_cut();
    nothing();
    return payload_end();
}
