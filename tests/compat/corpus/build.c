/* build.c - building stanzas by hand, and how they are written. */

#include "show.h"

static xmpp_stanza_t *tag(xmpp_ctx_t *ctx, const char *name)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    xmpp_stanza_set_name(s, name);
    return s;
}

static xmpp_stanza_t *text(xmpp_ctx_t *ctx, const char *words)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    xmpp_stanza_set_text(s, words);
    return s;
}

static void blank(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    show_stanza("blank", s);
    show_int("is text", xmpp_stanza_is_text(s));
    show_int("is tag", xmpp_stanza_is_tag(s));
    show_int("text of NULL", xmpp_stanza_is_text(NULL));
    show_int("tag of NULL", xmpp_stanza_is_tag(NULL));
    show_str("name", xmpp_stanza_get_name(s));
    show_str("attribute", xmpp_stanza_get_attribute(s, "id"));
    show_int("set attribute", xmpp_stanza_set_attribute(s, "id", "x"));
    show_int("del attribute", xmpp_stanza_del_attribute(s, "id"));
    show_int("attributes", xmpp_stanza_get_attribute_count(s));
    show_str("children", xmpp_stanza_get_children(s) ? "some" : NULL);
    show_str("next", xmpp_stanza_get_next(s) ? "some" : NULL);
    show_int("own context", xmpp_stanza_get_context(s) == ctx);
    show_int("release", xmpp_stanza_release(s));
}

static void kinds(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "a"), *t = text(ctx, "words");

    show_int("a name on a text", xmpp_stanza_set_name(t, "b"));
    show_int("a text on a tag", xmpp_stanza_set_text(a, "x"));
    show_int("the same with size", xmpp_stanza_set_text_with_size(a, "xyz", 2));
    show_int("an attribute on a text", xmpp_stanza_set_attribute(t, "a", "b"));
    show_int("an id on a text", xmpp_stanza_set_id(t, "b"));
    show_int("attributes of a text", xmpp_stanza_get_attribute_count(t));
    show_str("name of a text", xmpp_stanza_get_name(t));
    show_str("pointer to a text", xmpp_stanza_get_text_ptr(t));
    show_str("pointer to a tag's", xmpp_stanza_get_text_ptr(a));
    show_owned(ctx, "text of a text", xmpp_stanza_get_text(t));
    show_owned(ctx, "text of a tag without", xmpp_stanza_get_text(a));
    show_int("rename", xmpp_stanza_set_name(a, "other"));
    show_int("another text", xmpp_stanza_set_text(t, "other"));
    show_stanza("renamed", a);
    show_stanza("a text alone", t);
    show_int("with size", xmpp_stanza_set_text_with_size(t, "abcdef", 3));
    show_stanza("a part", t);
    xmpp_stanza_release(a);
    xmpp_stanza_release(t);
}

static void attributes(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "iq");
    const char *slots[8] = {NULL};
    int n;

    show_int("none", xmpp_stanza_get_attribute_count(a));
    show_int("none to get", xmpp_stanza_get_attributes(a, slots, 8));
    show_int("none to delete", xmpp_stanza_del_attribute(a, "id"));
    show_str("none to read", xmpp_stanza_get_attribute(a, "id"));
    show_int("set", xmpp_stanza_set_attribute(a, "id", "1"));
    n = xmpp_stanza_get_attributes(a, slots, 8);
    printf("slots: %d, %s, %s\n", n, slots[0], slots[1]);
    show_int("replace", xmpp_stanza_set_attribute(a, "id", "2"));
    show_int("count", xmpp_stanza_get_attribute_count(a));
    xmpp_stanza_set_type(a, "get");
    xmpp_stanza_set_to(a, "juliet@example.org");
    xmpp_stanza_set_from(a, "romeo@example.org");
    xmpp_stanza_set_ns(a, "jabber:client");
    show_int("count", xmpp_stanza_get_attribute_count(a));
    show_int("eight of ten slots", xmpp_stanza_get_attributes(a, slots, 8));
    show_int("seven slots", xmpp_stanza_get_attributes(a, slots, 7));
    show_int("one slot", xmpp_stanza_get_attributes(a, slots, 1));
    show_int("no slot", xmpp_stanza_get_attributes(a, slots, 0));
    show_str("id", xmpp_stanza_get_id(a));
    show_str("type", xmpp_stanza_get_type(a));
    show_str("to", xmpp_stanza_get_to(a));
    show_str("from", xmpp_stanza_get_from(a));
    show_str("ns", xmpp_stanza_get_ns(a));
    show_str("xmlns", xmpp_stanza_get_attribute(a, "xmlns"));
    show_str("case matters", xmpp_stanza_get_attribute(a, "ID"));
    show_stanza("all", a);
    show_int("delete", xmpp_stanza_del_attribute(a, "id"));
    show_int("again", xmpp_stanza_del_attribute(a, "id"));
    show_int("delete xmlns", xmpp_stanza_del_attribute(a, "xmlns"));
    show_str("ns", xmpp_stanza_get_ns(a));
    show_stanza("rest", a);
    xmpp_stanza_release(a);
}

static void escaping(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "a"), *t = text(ctx, "<&>\"' ]]> \xc3\xa4");

    xmpp_stanza_set_attribute(a, "v", "<&>\"' \xe2\x82\xac");
    xmpp_stanza_add_child(a, t);
    xmpp_stanza_release(t);
    show_stanza("escaped", a);
    show_str("read back", xmpp_stanza_get_attribute(a, "v"));
    show_owned(ctx, "text", xmpp_stanza_get_text(a));
    xmpp_stanza_release(a);
    a = tag(ctx, "a");
    t = text(ctx, "");
    xmpp_stanza_add_child_ex(a, t, 0);
    show_stanza("an empty text", a);
    show_owned(ctx, "text", xmpp_stanza_get_text(a));
    xmpp_stanza_release(a);
    t = text(ctx, "a\nb\tc");
    show_stanza("line end and tab", t);
    xmpp_stanza_release(t);
}

static void namespaces(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "message"), *b = tag(ctx, "x"),
                  *c = tag(ctx, "y"), *d = tag(ctx, "z");

    xmpp_stanza_set_ns(a, "jabber:client");
    xmpp_stanza_set_ns(b, "jabber:client");
    xmpp_stanza_set_ns(c, "urn:c");
    xmpp_stanza_set_ns(d, "urn:c");
    xmpp_stanza_add_child(c, d);
    xmpp_stanza_add_child(b, c);
    xmpp_stanza_add_child(a, b);
    show_stanza("nested", a);
    show_stanza("a part alone", c);
    xmpp_stanza_set_ns(a, "jabber:component:accept");
    show_stanza("other root", a);
    show_str("none declared", xmpp_stanza_get_ns(b));
    xmpp_stanza_del_attribute(d, "xmlns");
    show_str("not inherited", xmpp_stanza_get_ns(d));
    xmpp_stanza_release(d);
    xmpp_stanza_release(c);
    xmpp_stanza_release(b);
    xmpp_stanza_release(a);
}

static void children(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "a"), *b = tag(ctx, "b"), *c = tag(ctx, "c");
    xmpp_stanza_t *t = text(ctx, "one "), *u = text(ctx, "two"), *s;

    show_int("add", xmpp_stanza_add_child(a, b));
    show_int("add, taken", xmpp_stanza_add_child_ex(a, c, 0));
    xmpp_stanza_add_child_ex(a, t, 0);
    xmpp_stanza_add_child_ex(a, u, 0);
    for (s = xmpp_stanza_get_children(a); s; s = xmpp_stanza_get_next(s))
        show_str("child", xmpp_stanza_get_name(s));
    show_owned(ctx, "texts joined", xmpp_stanza_get_text(a));
    show_int("by name", xmpp_stanza_get_child_by_name(a, "c") == c);
    show_int("no such", xmpp_stanza_get_child_by_name(a, "d") == NULL);
    show_int("release the first hold", xmpp_stanza_release(b));
    show_int("release the tree", xmpp_stanza_release(a));
}

static void holds(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *a = tag(ctx, "a"), *b, *copy;

    show_int("clone is the same", xmpp_stanza_clone(a) == a);
    show_int("release one", xmpp_stanza_release(a));
    b = tag(ctx, "b");
    xmpp_stanza_set_id(b, "1");
    xmpp_stanza_add_child(a, b);
    copy = xmpp_stanza_copy(b);
    xmpp_stanza_set_id(copy, "2");
    show_int("a copy is another", copy != b);
    show_stanza("the original", a);
    show_stanza("the copy", copy);
    show_int("the copy stands alone", xmpp_stanza_get_next(copy) == NULL);
    show_int("release the copy", xmpp_stanza_release(copy));
    xmpp_stanza_release(a);
    show_str("a child that is still held", xmpp_stanza_get_id(b));
    show_int("release it", xmpp_stanza_release(b));
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(&show_mem, NULL);

    blank(ctx);
    kinds(ctx);
    attributes(ctx);
    escaping(ctx);
    namespaces(ctx);
    children(ctx);
    holds(ctx);
    xmpp_ctx_free(ctx);
    show_held();
    return 0;
}
