/* stanza.c - stanzas as a program on the public interface sees them, in
 * libstrophe's style and in the short one, also when memory runs out. */

#include <stdint.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

static void is_text(xmpp_stanza_t *node, const char *want, const char *name)
{
    char *got = NULL;
    size_t n = 0;

    is_int(xmpp_stanza_to_text(node, &got, &n), 0, "%s", name);
    is_str(got, want, "%s: as text", name);
    is_int(n, strlen(want), "%s: its length", name);
    xmpp_free(ctx, got);
}

/* ---- libstrophe's style ------------------------------------------ */

static xmpp_stanza_t *named(const char *name)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    is_int(xmpp_stanza_set_name(s, name), 0, "an element <%s/>", name);
    return s;
}

static xmpp_stanza_t *text(const char *t)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    is_int(xmpp_stanza_set_text(s, t), 0, "a text");
    return s;
}

static void builds(void)
{
    xmpp_stanza_t *iq = named("iq"), *query = named("query"), *t = text("a<b");

    is_int(xmpp_stanza_set_id(iq, "i1"), 0, "an id");
    is_int(xmpp_stanza_set_type(iq, "set"), 0, "a type");
    is_int(xmpp_stanza_set_to(iq, "a@b"), 0, "a recipient");
    is_int(xmpp_stanza_set_from(iq, "c@d"), 0, "a sender");
    is_int(xmpp_stanza_set_ns(query, XMPP_NS_ROSTER), 0, "a namespace");
    is_int(xmpp_stanza_add_child(query, t), 0, "a child");
    xmpp_stanza_release(t);
    is_int(xmpp_stanza_add_child_ex(iq, query, 0), 0, "a child that is taken");
    is_text(iq,
            "<iq id=\"i1\" type=\"set\" to=\"a@b\" from=\"c@d\">"
            "<query xmlns=\"jabber:iq:roster\">a&lt;b</query></iq>",
            "built");
    is_str(xmpp_stanza_get_id(iq), "i1", "its id");
    is_str(xmpp_stanza_get_to(iq), "a@b", "its recipient");
    is_str(xmpp_stanza_get_from(iq), "c@d", "its sender");
    is_str(xmpp_stanza_get_type(iq), "set", "its type");
    is_str(xmpp_stanza_get_ns(query), XMPP_NS_ROSTER, "the child's namespace");
    ok(xmpp_stanza_get_context(iq) == ctx, "its context");
    is_int(xmpp_stanza_release(iq), 1, "all is freed at once");
}

static void refuses(void)
{
    xmpp_stanza_t *t = text("x"), *e = named("e"), *other = named("o");

    ok(xmpp_stanza_is_text(t) && !xmpp_stanza_is_tag(t), "a text is a text");
    ok(xmpp_stanza_is_tag(e) && !xmpp_stanza_is_text(e), "an element is one");
    is_int(xmpp_stanza_set_name(t, "n"), XMPP_EINVOP, "a text has no name");
    is_int(xmpp_stanza_set_text(e, "t"), XMPP_EINVOP, "an element no text");
    is_int(xmpp_stanza_set_attribute(t, "a", "b"), XMPP_EINVOP,
           "a text no attributes");
    is_int(xmpp_stanza_add_child(e, other), 0, "a child");
    is_int(xmpp_stanza_add_child(e, other), XMPP_EINVOP, "not twice");
    is_int(xmpp_stanza_add_child(other, e), XMPP_EINVOP, "nor in a circle");
    is_int(xmpp_stanza_set_text_with_size(t, "hello", 4), 0, "a piece of text");
    is_str(xmpp_stanza_get_text_ptr(t), "hell", "is that piece");
    ok(!xmpp_stanza_get_text_ptr(e) && !xmpp_stanza_get_name(t),
       "and elements have no such text");
    xmpp_stanza_release(other);
    xmpp_stanza_release(e);
    xmpp_stanza_release(t);
}

static void attributes(void)
{
    xmpp_stanza_t *e = named("e");
    const char *all[8] = {0};

    is_int(xmpp_stanza_get_attribute_count(e), 0, "none at first");
    xmpp_stanza_set_attribute(e, "a", "1");
    xmpp_stanza_set_attribute(e, "b", "2");
    xmpp_stanza_set_attribute(e, "a", "3");
    is_int(xmpp_stanza_get_attribute_count(e), 2, "two");
    is_int(xmpp_stanza_get_attributes(e, all, 8), 4, "four strings");
    is_int(xmpp_stanza_get_attributes(e, all, 3), 3, "or as many as fit");
    is_str(xmpp_stanza_get_attribute(e, "a"), "3", "the later value");
    is_int(xmpp_stanza_del_attribute(e, "a"), 0, "deleted");
    is_int(xmpp_stanza_del_attribute(e, "a"), -1, "not twice");
    ok(!xmpp_stanza_get_attribute(e, "a"), "it is gone");
    is_text(e, "<e b=\"2\"/>", "what is left");
    xmpp_stanza_release(e);
}

/* ---- holds ------------------------------------------------------- */

static void holds(void)
{
    xmpp_stanza_t *m = xmpp_stanza_new_from_string(
        ctx, "<message><a><b>text</b></a><c/></message>");
    xmpp_stanza_t *b =
        xmpp_stanza_get_child_by_path(m, "message", "a", "b", (char *)NULL);

    ok(b && xmpp_stanza_clone(b) == b, "a part is held");
    is_int(xmpp_stanza_release(m), 0, "which keeps the whole");
    is_str(
        xmpp_stanza_get_name(xmpp_stanza_get_parent(xmpp_stanza_get_parent(b))),
        "message", "up to the top");
    is_int(xmpp_stanza_release(b), 1, "until it is released");
    is_int(xmpp_stanza_release(NULL), XMPP_EINVOP, "nothing can be released");
}

static void texts(void)
{
    xmpp_stanza_t *m = xmpp_stanza_new_from_string(
        ctx, "<m><body>one</body><x xmlns='urn:x'>t<y/>wo</x><e/></m>");
    xmpp_stanza_t *x = xmpp_stanza_get_child_by_name_and_ns(m, "x", "urn:x");
    char *t = xmpp_stanza_get_text(x);

    is_str(t, "two", "texts joined");
    xmpp_free(ctx, t);
    is_str(xmpp_stanza_get_text_view(x), "two", "borrowed");
    is_str(xmpp_stanza_get_child_text(m, "body", NULL), "one", "of a child");
    is_str(xmpp_stanza_get_child_text(m, "e", NULL), "", "of an empty one");
    ok(!xmpp_stanza_get_child_text(m, "f", NULL), "of none");
    ok(!xmpp_stanza_get_text(xmpp_stanza_get_child_by_name(m, "e")),
       "an empty one has no text of its own");
    ok(xmpp_stanza_get_child_by_ns(m, "urn:x") == x, "by namespace");
    ok(!xmpp_stanza_get_child_by_name_and_ns(m, "x", "urn:y"),
       "not by another");
    xmpp_stanza_release(m);
}

/* ---- a child counts with its namespace (issue 13, number 11) ----- */

static void has(const char *xml, const char *name, const char *want)
{
    xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, xml);

    is_str(xmpp_stanza_get_child_text(s, name, NULL), want, "%s of %s", name,
           xml);
    xmpp_stanza_release(s);
}

static void has_body(const char *xml, const char *want)
{
    xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, xml);
    char *body = xmpp_message_get_body(s);

    is_str(body, want, "the body of %s", xml);
    is_int(xmpp_message_set_body(s, "mine"), want ? XMPP_EINVOP : 0,
           "which decides whether there can be one");
    xmpp_free(ctx, body);
    body = xmpp_message_get_body(s);
    is_str(body, want ? want : "mine", "and is found then");
    xmpp_free(ctx, body);
    xmpp_stanza_release(s);
    has(xml, "body", want);
}

static void own_namespaces(void)
{
    static const char *const parts[] = {"subject", "thread", "show", "status",
                                        "priority"};
    char xml[200];

    has_body("<message xmlns='jabber:client'><body xmlns='urn:evil'>no</body>"
             "<body>yes</body></message>",
             "yes");
    has_body("<message xmlns='jabber:client'><body xmlns='urn:evil'>no</body>"
             "</message>",
             NULL);
    has_body(
        "<message xmlns='jabber:client'><body xmlns=''>no</body></message>",
        NULL);
    has_body("<c:message xmlns:c='jabber:client'><body>no</body>"
             "<c:body>yes</c:body></c:message>",
             "yes");
    has_body("<message xmlns='jabber:client'>"
             "<body xmlns='jabber:component:accept'>no</body></message>",
             NULL);
    has_body("<message><body xmlns='urn:evil'>no</body><body>yes</body>"
             "</message>",
             "yes");
    has_body("<message><body xmlns='urn:evil'>no</body></message>", NULL);
    has_body("<message><body xmlns='jabber:client'>yes</body></message>",
             "yes");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(xml, sizeof(xml),
                 "<x xmlns='jabber:client'><%s xmlns='u:x'>no</%s></x>",
                 parts[i], parts[i]);
        has(xml, parts[i], NULL);
    }
}

static void own_error(void)
{
    static const char inside[] =
        "<error type='cancel' xmlns='urn:evil'><gone xmlns="
        "'urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    char xml[300];
    xmpp_stanza_t *s, *child;

    snprintf(xml, sizeof(xml), "<iq xmlns='jabber:client'>%s", inside);
    s = xmpp_stanza_new_from_string(ctx, xml);
    ok(!xmpp_stanza_get_error(s, NULL, NULL), "an error of another namespace");
    xmpp_stanza_release(s);
    snprintf(xml, sizeof(xml), "<iq>%s", inside);
    s = xmpp_stanza_new_from_string(ctx, xml);
    ok(!xmpp_stanza_get_error(s, NULL, NULL), "nor by hand");
    xmpp_stanza_release(s);
    s = xmpp_stanza_new_from_string(ctx, "<m xmlns='u:m'><x xmlns=''/></m>");
    child = xmpp_stanza_get_child_by_name(s, "x");
    is_str(xmpp_stanza_get_ns(child), "", "an element of no namespace says so");
    is_text(s, "<m xmlns=\"u:m\"><x xmlns=\"\"/></m>", "and stays one");
    xmpp_stanza_release(s);
}

static void answers(void)
{
    xmpp_stanza_t *iq = xmpp_stanza_new_from_string(
        ctx,
        "<iq type='get' id='7' from='a@b/c' to='d@e'><q xmlns='u:q'/></iq>");
    xmpp_stanza_t *r = xmpp_stanza_reply(iq), *e, *s;
    const char *type = NULL, *words = NULL;

    is_str(xmpp_stanza_get_to(r), "a@b/c", "an answer goes to the sender");
    is_str(xmpp_stanza_get_id(r), "7", "with the id");
    ok(!xmpp_stanza_get_children(r), "and nothing in it");
    e = xmpp_stanza_reply_error(iq, "cancel", "item-not-found", "no such");
    is_str(xmpp_stanza_get_type(e), "error", "an error answer");
    is_str(xmpp_stanza_get_error(e, &type, &words), "item-not-found",
           "its condition");
    is_str(type, "cancel", "its type");
    is_str(words, "no such", "its text");
    s = xmpp_error_new(ctx, XMPP_SE_CONFLICT, "twice");
    is_text(s,
            "<stream:error><conflict xmlns=\"urn:ietf:params:xml:ns:"
            "xmpp-streams\"/><text xmlns=\"urn:ietf:params:xml:ns:"
            "xmpp-streams\">twice</text></stream:error>",
            "a stream error");
    xmpp_stanza_release(s);
    xmpp_stanza_release(e);
    xmpp_stanza_release(r);
    xmpp_stanza_release(iq);
}

/* ---- for modules ------------------------------------------------- */

static void puts_attributes(void)
{
    xmpp_stanza_t *e = named("e"), *t = text("x");

    is_int(xmpp_stanza_put(e, "a", "1"), 0, "an attribute is put");
    is_int(xmpp_stanza_put(e, "b", NULL), 0, "NULL leaves it out");
    is_int(xmpp_stanza_put(e, "a", NULL), 0, "NULL changes nothing");
    is_text(e, "<e a=\"1\"/>", "put");
    is_int(xmpp_stanza_put(t, "a", "1"), XMPP_EINVOP, "not on a text");
    is_int(xmpp_stanza_put(NULL, "a", NULL), XMPP_EINVOP, "not on nothing");
    is_int(xmpp_stanza_put(e, "a", "\1"), XMPP_EARG, "not what XML forbids");
    xmpp_stanza_release(e);
    xmpp_stanza_release(t);
}

static int tags(xmpp_stanza_t *parent, const char *name, const char *ns)
{
    xmpp_stanza_t *c = NULL;
    int n = 0;

    while ((c = xmpp_stanza_next_tag(parent, c, name, ns)))
        n++;
    return n;
}

static void walks_tags(void)
{
    xmpp_stanza_t *e = xmpp_stanza_new_from_string(
        ctx, "<e xmlns='u'>t<a/>t<b/><a xmlns='v'/>t<a/></e>");

    is_int(tags(e, NULL, NULL), 4, "all elements are visited, no texts");
    is_int(tags(e, "a", NULL), 3, "those with a name");
    is_int(tags(e, "a", "u"), 2, "those with a name and a namespace");
    is_int(tags(e, NULL, "v"), 1, "those of a namespace");
    is_int(tags(NULL, NULL, NULL), 0, "nothing has no children");
    xmpp_stanza_release(e);
}

static void allocates(void)
{
    xmpp_stanza_t *e = named("e"), *other = named("o");
    unsigned char *small = xmpp_stanza_alloc(e, 3);
    unsigned char *large = xmpp_stanza_alloc(e, 20000);
    int dirty = 0;

    for (int i = 0; i < 20000; i++)
        dirty |= large[i];
    ok(small && !dirty, "memory of a tree is zeroed");
    is_int((uintptr_t)large % sizeof(double), 0, "it is aligned");
    is_int(xmpp_stanza_add_child_ex(other, e, 0), 0, "the tree is moved");
    memset(large, 1, 20000);
    ok(xmpp_stanza_alloc(e, 8) != NULL, "there is more after that");
    ok(!xmpp_stanza_alloc(NULL, 8), "nothing has no memory");
    ok(!xmpp_stanza_alloc(e, SIZE_MAX), "nor has anything that much");
    is_int(xmpp_stanza_get_status(other), 0, "which the tree survives");
    failmem_arm(&memory, 1, 1);
    ok(!xmpp_stanza_alloc(e, 100000), "no memory is no memory");
    failmem_arm(&memory, 0, 0);
    is_int(xmpp_stanza_get_status(other), 0, "which the tree survives, too");
    xmpp_stanza_release(other);
}

/* A copy of half a tree cannot be sent either. */
static void copies_failures(void)
{
    xmpp_stanza_t *a = xmpp_stanza_new_tag(ctx, "a", NULL), *copy;

    xmpp_stanza_set_attribute(a, "b", "\001");
    copy = xmpp_stanza_copy(a);
    is_int(xmpp_stanza_get_status(copy), XMPP_EARG, "a copy has failed, too");
    is_str(xmpp_stanza_get_status_text(copy), xmpp_stanza_get_status_text(a),
           "for the same reason");
    xmpp_stanza_release(copy);
    xmpp_stanza_release(a);
}

/* ---- no memory --------------------------------------------------- */

/* The short style: nothing is checked on the way. */
static int build_short(void)
{
    xmpp_stanza_t *p = xmpp_presence_new(ctx), *x;
    int rc;

    xmpp_stanza_set_to(p, "room@example.org/a-rather-long-nick-name");
    x = xmpp_stanza_add_tag(p, "x", "http://jabber.org/protocol/muc");
    xmpp_stanza_add_text_tag(x, "password", NULL, "cauldronburn");
    xmpp_stanza_add_text_tag(x, "nothing", NULL, NULL);
    for (int i = 0; i < 50; i++)
        xmpp_stanza_add_text(xmpp_stanza_add_tag(x, "unusual-name", "urn:u"),
                             "a text that takes some room");
    rc = xmpp_stanza_get_status(p);
    xmpp_stanza_release(p);
    return rc;
}

static int build_long(void)
{
    xmpp_stanza_t *a = xmpp_stanza_new(ctx), *b = xmpp_stanza_new(ctx);
    xmpp_stanza_t *copy;
    char *t = NULL;
    size_t n;
    int rc = xmpp_stanza_set_name(a, "message");

    rc = rc ? rc : xmpp_stanza_set_name(b, "an-unusual-name");
    rc = rc ? rc : xmpp_stanza_set_attribute(b, "an-attribute", "value");
    rc = rc ? rc : xmpp_stanza_add_child(a, b);
    copy = xmpp_stanza_copy(a);
    rc = rc ? rc : xmpp_stanza_get_status(copy);
    rc = rc ? rc : xmpp_stanza_to_text(copy, &t, &n);
    xmpp_free(ctx, t);
    xmpp_stanza_release(copy);
    xmpp_stanza_release(b);
    xmpp_stanza_release(a);
    return rc;
}

static void lacks(int (*build)(void), const char *how)
{
    bool told = true;
    unsigned long n = 0;
    long before = memory.held;

    do {
        int rc;

        failmem_arm(&memory, ++n, 0);
        rc = build();
        told = told && (memory.failed ? rc != 0 : rc == 0);
    } while (memory.failed && n < 10000);
    failmem_arm(&memory, 0, 0);
    ok(told, "%s: each of %lu failing allocations is told", how, n - 1);
    ok(memory.held <= before + 40, "%s: nothing piles up", how);
}

static void nothing(void)
{
    is_int(xmpp_stanza_set_name(NULL, "x"), XMPP_EINVOP, "NULL: a name");
    is_int(xmpp_stanza_set_attribute(NULL, "a", "b"), XMPP_EINVOP,
           "NULL: an attribute");
    is_int(xmpp_stanza_add_text(NULL, "t"), XMPP_EINVOP, "NULL: a text");
    ok(!xmpp_stanza_add_tag(NULL, "t", NULL), "NULL: a child");
    ok(!xmpp_stanza_get_name(NULL) && !xmpp_stanza_get_children(NULL) &&
           !xmpp_stanza_get_text(NULL) && !xmpp_stanza_copy(NULL) &&
           !xmpp_stanza_reply(NULL) && !xmpp_stanza_get_context(NULL),
       "NULL: everything else");
    is_int(xmpp_stanza_get_status(NULL), XMPP_EMEM, "NULL: its status");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    builds();
    refuses();
    attributes();
    holds();
    texts();
    own_namespaces();
    own_error();
    answers();
    puts_attributes();
    walks_tags();
    allocates();
    copies_failures();
    lacks(build_short, "the short style");
    lacks(build_long, "the long style");
    nothing();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
