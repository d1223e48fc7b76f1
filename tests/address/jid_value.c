/* jid_value.c - addresses as values: parts, comparison, hashes, strings. */

#include "address/jid.h"

#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- what is in a value ------------------------------------------ */

static xmpp_jid_t *kept(const char *text)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(ctx, text, NULL);

    if (!jid)
        bail(text);
    return jid;
}

static void is_part(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                    const char *want)
{
    size_t n;
    const char *view = xmpp_jid_view(jid, part, &n);
    char *text = xmpp_jid_text(ctx, jid, part);

    ok(want ? str_is(str_n(view, n), want) : !view && n == 0, "part %u: %s",
       (unsigned)part, want ? want : "none");
    is_str(text, want, "  as a string");
    xmpp_free(ctx, text);
}

static void parts(void)
{
    xmpp_jid_t *jid = kept("Romeo@Montague.lit/Orchard");
    xmpp_jid_t bare, domain;

    is_part(jid, XMPP_JID_LOCAL, "romeo");
    is_part(jid, XMPP_JID_DOMAIN, "montague.lit");
    is_part(jid, XMPP_JID_RESOURCE, "Orchard");
    is_part(jid, XMPP_JID_BARE, "romeo@montague.lit");
    is_part(jid, XMPP_JID_FULL, "romeo@montague.lit/Orchard");
    is_str(jid->text, "romeo@montague.lit/Orchard", "kept ones end with a NUL");
    xmpp_jid_cut(jid, XMPP_JID_BARE, &bare);
    is_part(&bare, XMPP_JID_FULL, "romeo@montague.lit");
    is_part(&bare, XMPP_JID_RESOURCE, NULL);
    xmpp_jid_cut(&bare, XMPP_JID_DOMAIN, &domain);
    is_part(&domain, XMPP_JID_FULL, "montague.lit");
    is_part(&domain, XMPP_JID_LOCAL, NULL);
    xmpp_jid_cut(&domain, XMPP_JID_FULL, &domain);
    is_part(&domain, XMPP_JID_BARE, "montague.lit");
    is_part(NULL, XMPP_JID_FULL, NULL);
    xmpp_jid_cut(NULL, XMPP_JID_BARE, &domain);
    is_int(domain.domain_size, 0, "nothing is left of nothing");
    ok(xmpp_jid_view(jid, XMPP_JID_RESOURCE, NULL) != NULL,
       "is there one? The size is not asked");
    xmpp_free(ctx, jid);
}

static void is_in_ascii(const char *text, const char *want)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    char *got;

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, room, &jid, NULL);
    got = xmpp_jid_domain_ascii(ctx, &jid);
    is_str(got, want, "the domain of %s for DNS", text);
    xmpp_free(ctx, got);
}

static void in_ascii(void)
{
    is_in_ascii("a@b\u00fccher.example/r", "xn--bcher-kva.example");
    is_in_ascii("a@example.com", "example.com");
    is_in_ascii("a@[::1]", "::1");
    is_in_ascii("a@my_host", "my_host");
    is_in_ascii("a@exa mple", NULL);
}

/* ---- another resource -------------------------------------------- */

static void is_with(const char *text, const char *resource,
                    xmpp_jid_mode_t mode, const char *want, int unprepared)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t wrong = {"", "", -1};
    xmpp_jid_t jid, with;

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, rooms[0], &jid, NULL);
    is_int(xmpp_jid_set_resource(&jid, resource, mode, rooms[1], &with, &wrong),
           want ? 0 : XMPP_EARG, "%s with %s", text,
           resource ? resource : "none");
    is_str(wrong.part, want ? "" : "resourcepart", "  what is wrong");
    if (!want)
        return;
    is_str(with.text, want, "  the text");
    is_int(with.unprepared, unprepared, "  what is unprepared");
    ok(xmpp_jid_equal(&jid, &with, XMPP_JID_BARE), "  the same bare address");
    is_part(&with, XMPP_JID_RESOURCE, resource);
    xmpp_jid_set_resource(&jid, resource, mode, rooms[0], &with, NULL);
    is_str(with.text, want, "  and where it stood");
}

static void resources(void)
{
    xmpp_jid_t jid;
    char room[XMPP_JID_BUFFER_SIZE], text[1100] = "";

    is_with("Room@B.c", "Foo Bar", XMPP_JID_STRICT, "room@b.c/Foo Bar", 0);
    is_with("room@b.c/old", "n/@w", XMPP_JID_STRICT, "room@b.c/n/@w", 0);
    is_with("b.c/old", "new", XMPP_JID_STRICT, "b.c/new", 0);
    is_with("room@b.c/old", NULL, XMPP_JID_STRICT, "room@b.c", 0);
    is_with("room@b.c", "", XMPP_JID_LENIENT, NULL, 0);
    is_with("room@b.c", "foo\u00b7bar", XMPP_JID_STRICT, NULL, 0);
    is_with("room@b.c", "foo\u00b7bar", XMPP_JID_LENIENT,
            "room@b.c/foo\u00b7bar", XMPP_JID_RESOURCE);
    is_with("a b@b.c/foo\u00b7bar", "r", XMPP_JID_STRICT, "a b@b.c/r",
            XMPP_JID_LOCAL);
    memset(text, 'a', 1024);
    is_with("room@b.c", text, XMPP_JID_LENIENT, NULL, 0);
    is_int(xmpp_jid_set_resource(NULL, "a", XMPP_JID_STRICT, room, &jid, NULL),
           XMPP_EINVOP, "no address");
}

/* ---- two values -------------------------------------------------- */

/* Parts that are equal, as a mask of FULL, BARE, DOMAIN. */
static void compare(const char *x, const char *y, bool full, bool bare,
                    bool domain)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t a, b;

    xmpp_jid_parse(x, (size_t)-1, XMPP_JID_LENIENT, rooms[0], &a, NULL);
    xmpp_jid_parse(y, (size_t)-1, XMPP_JID_LENIENT, rooms[1], &b, NULL);
    is_int(xmpp_jid_equal(&a, &b, XMPP_JID_FULL) != 0, full, "%s and %s", x, y);
    is_int(xmpp_jid_equal(&a, &b, XMPP_JID_BARE) != 0, bare, "  bare");
    is_int(xmpp_jid_equal(&a, &b, XMPP_JID_DOMAIN) != 0, domain, "  domain");
    is_int(xmpp_jid_compare(&a, &b, XMPP_JID_FULL) == 0, full, "  order");
    is_int(xmpp_jid_compare(&a, &b, XMPP_JID_BARE) == 0, bare, "  bare");
    ok(xmpp_jid_compare(&a, &b, XMPP_JID_FULL) *
               (long)xmpp_jid_compare(&b, &a, XMPP_JID_FULL) <=
           0,
       "  the other way round");
    if (full)
        ok(xmpp_jid_hash(&a, XMPP_JID_FULL, NULL) ==
               xmpp_jid_hash(&b, XMPP_JID_FULL, NULL),
           "  equal hashes");
    if (bare)
        ok(xmpp_jid_hash(&a, XMPP_JID_BARE, NULL) ==
               xmpp_jid_hash(&b, XMPP_JID_BARE, NULL),
           "  equal hashes of the bare ones");
}

/* Sums that are no form of an address count as the whole. */
static void compare_others(void)
{
    xmpp_jid_t *a = kept("a@b/c"), *b = kept("x@b/c");
    xmpp_jid_part_t part = XMPP_JID_DOMAIN | XMPP_JID_RESOURCE;

    ok(!xmpp_jid_equal(a, b, part), "domain and resource are no form");
    ok(xmpp_jid_compare(a, b, part) < 0, "  also in order");
    ok(xmpp_jid_equal(a, b, XMPP_JID_RESOURCE), "a resource alone is a part");
    xmpp_free(ctx, a);
    xmpp_free(ctx, b);
}

static void pairs(void)
{
    compare("A@B.c/R", "a@b.C./R", true, true, true);
    compare("a@b/R", "a@b/r", false, true, true);
    compare("a@b", "b", false, false, true);
    compare("a@b/c", "a@b", false, true, true);
    compare("a@b", "ab", false, false, false);
    compare("a@b\u00fccher.de", "a@xn--bcher-kva.de", true, true, true);
    compare("\u03c3@b", "\u03c2@b", false, false, true);
    compare("fussball@b", "fu\u00dfball@b", false, false, true);
    compare("henry\u2163@b", "henryiv@b", false, false, true);
    compare("henry\u2163@b", "henry\u2163@b", true, true,
            true); /* unprepared */
    compare("a@b/foo\u00b7bar", "a@b/foo\u00b7bar", true, true, true);
    compare("a@b/c/d", "a@b/c", false, true, true);
    compare("x y@a b", "a b", false, false, true); /* unprepared */
    compare_others();
    ok(!xmpp_jid_equal(NULL, NULL, XMPP_JID_FULL), "nothing equals nothing");
    is_int(xmpp_jid_compare(NULL, NULL, XMPP_JID_FULL), 0,
           "but sorts together");
}

static void ordered(void)
{
    static const char *const order[] = {"a",     "a/x", "a@a", "b@a",  "b@a/x",
                                        "b@a/y", "b",   "a@b", "a@b/x"};
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t a, b;

    for (size_t i = 0; i + 1 < sizeof(order) / sizeof(order[0]); i++) {
        xmpp_jid_parse(order[i], (size_t)-1, XMPP_JID_STRICT, rooms[0], &a,
                       NULL);
        xmpp_jid_parse(order[i + 1], (size_t)-1, XMPP_JID_STRICT, rooms[1], &b,
                       NULL);
        ok(xmpp_jid_compare(&a, &b, XMPP_JID_FULL) < 0, "%s before %s",
           order[i], order[i + 1]);
    }
}

static void hashed(void)
{
    static const unsigned char key[16] = "sixteen octets!";
    xmpp_jid_t *jid = kept("romeo@montague.lit/orchard");

    ok(xmpp_jid_hash(jid, XMPP_JID_FULL, NULL) !=
           xmpp_jid_hash(jid, XMPP_JID_FULL, key),
       "a key makes another hash");
    ok(xmpp_jid_hash(jid, XMPP_JID_FULL, key) !=
           xmpp_jid_hash(jid, XMPP_JID_BARE, key),
       "parts have their own");
    xmpp_free(ctx, jid);
}

/* ---- memory ------------------------------------------------------ */

static void lacks(void)
{
    xmpp_text_error_t wrong;
    xmpp_jid_t *jid;

    failmem_arm(&memory, 1, 1);
    jid = xmpp_jid_from_string(ctx, "R\u00d6meo@b\u00fccher.example/\u00e4",
                               &wrong);
    ok(!jid && memory.failed == 1, "one block, and it may fail");
    is_str(wrong.part, "", "which is told apart from a wrong address");
    failmem_arm(&memory, 0, 0);
    ok(!xmpp_jid_from_string(ctx, NULL, &wrong), "NULL is no address");
    is_str(wrong.part, "domainpart", "  for want of a domain");
}

static void in_place(void)
{
    static const char text[] = "romeo@montague.lit/orchard and more";
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    is_int(xmpp_jid_parse(text, 26, XMPP_JID_STRICT, room, &jid, NULL), 0,
           "a counted text");
    ok(jid.text == text, "in normal form is not copied");
    is_int(jid.resource_size, 7, "and ends where it is said");
    is_int(sizeof(jid), sizeof(char *) + 8, "the layout of a value");
}

/* ---- libstrophe's strings ---------------------------------------- */

static void is_owned(char *got, const char *want, const char *name)
{
    is_str(got, want, "%s", name);
    xmpp_free(ctx, got);
}

static void strings(void)
{
    is_owned(xmpp_jid_new(ctx, "a", "b", "c"), "a@b/c", "jid_new");
    is_owned(xmpp_jid_new(ctx, NULL, "b", NULL), "b", "jid_new of a domain");
    is_owned(xmpp_jid_new(ctx, "a", NULL, NULL), NULL, "jid_new without one");
    is_owned(xmpp_jid_new(ctx, "a@", "b", NULL), NULL, "jid_new with an @");
    is_owned(xmpp_jid_bare(ctx, "a@b/c"), "a@b", "jid_bare");
    is_owned(xmpp_jid_node(ctx, "a@b/c"), "a", "jid_node");
    is_owned(xmpp_jid_node(ctx, "b/a@c"), NULL, "jid_node, none");
    is_owned(xmpp_jid_domain(ctx, "a@b/c"), "b", "jid_domain");
    is_owned(xmpp_jid_domain(ctx, "b"), "b", "jid_domain of a domain");
    is_owned(xmpp_jid_resource(ctx, "a@b/c/d"), "c/d", "jid_resource");
    is_owned(xmpp_jid_resource(ctx, "a@b"), NULL, "jid_resource, none");
    is_owned(xmpp_jid_bare(ctx, NULL), NULL, "jid_bare of nothing");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    parts();
    in_ascii();
    resources();
    pairs();
    ordered();
    hashed();
    lacks();
    in_place();
    strings();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
