/* parse.c - stanzas from text: what is read, and what is found in it. */

#include "show.h"

static void tree(xmpp_stanza_t *s, int depth)
{
    const char *names[32];
    int n;

    for (; s; s = xmpp_stanza_get_next(s)) {
        printf("%*s", 2 * depth, "");
        if (xmpp_stanza_is_text(s)) {
            printf("text [%s]\n", xmpp_stanza_get_text_ptr(s));
            continue;
        }
        n = xmpp_stanza_get_attributes(s, names, 32);
        printf("%s in %s, %d attributes\n", xmpp_stanza_get_name(s),
               xmpp_stanza_get_ns(s) ? xmpp_stanza_get_ns(s) : "(null)", n / 2);
        tree(xmpp_stanza_get_children(s), depth + 1);
    }
}

static void inputs(xmpp_ctx_t *ctx)
{
    static const char *const all[] = {
        "<a/>",
        "<a></a>",
        "<a>text</a>",
        "<a>one<b/>two</a>",
        "<a x='1' y=\"2\"/>",
        "<a xmlns='urn:a'><b/><c xmlns='urn:c'><d/></c></a>",
        "<s:a xmlns:s='urn:s'><s:b/><c/></s:a>",
        "<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>",
        "<a v='&lt;&amp;&gt;&quot;&apos;&#65;'/>",
        "<a><![CDATA[<b>&]]></a>",
        "<a xml:lang='de'/>",
        "<message to='romeo@example.org' type='chat'><body>hi</body></message>",
        "<?xml version='1.0'?><a/>",
        "",
        "text",
        "<a>",
        "<a/><b/>",
        "<a></b>",
        "<a x='1' x='2'/>",
        "<a>&unknown;</a>",
        "<a\n x='1'\n/>",
        " <a/>",
        "<a> </a>",
        NULL};

    for (int i = 0; all[i]; i++) {
        xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, all[i]);

        show_xml("input", all[i]);
        if (s) {
            tree(s, 1);
            show_stanza("output", s);
            show_int("release", xmpp_stanza_release(s));
        } else {
            printf("none\n");
        }
    }
}

static const char roster[] =
    "<iq type='result' id='r1'><query xmlns='jabber:iq:roster' ver='7'>"
    "<item jid='a@example.org'><group>Friends</group></item>"
    "<item jid='b@example.org' name='B'/></query>"
    "<error type='cancel'/><query xmlns='urn:other'/></iq>";

static void is(const char *what, xmpp_stanza_t *s, const char *attribute)
{
    const char *value = s ? xmpp_stanza_get_attribute(s, attribute) : NULL;

    printf("%s: %s %s\n", what, s ? xmpp_stanza_get_name(s) : "none",
           value ? value : "(null)");
}

static void finding(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *iq = xmpp_stanza_new_from_string(ctx, roster);

    is("by name", xmpp_stanza_get_child_by_name(iq, "query"), "xmlns");
    is("by ns", xmpp_stanza_get_child_by_ns(iq, "urn:other"), "xmlns");
    is("by both",
       xmpp_stanza_get_child_by_name_and_ns(iq, "query", "urn:other"), "xmlns");
    is("by both, none",
       xmpp_stanza_get_child_by_name_and_ns(iq, "error", "urn:other"), "xmlns");
    is("not deeper", xmpp_stanza_get_child_by_name(iq, "item"), "jid");
    is("a path",
       xmpp_stanza_get_child_by_path(iq, "iq", "query", "item", (char *)NULL),
       "jid");
    is("a path with a namespace",
       xmpp_stanza_get_child_by_path(
           iq, "iq", XMPP_STANZA_NAME_IN_NS("query", "urn:other"),
           (char *)NULL),
       "xmlns");
    is("the path's start has to fit",
       xmpp_stanza_get_child_by_path(iq, "query", (char *)NULL), "id");
    is("an empty path", xmpp_stanza_get_child_by_path(iq, (char *)NULL), "id");
    is("only the start", xmpp_stanza_get_child_by_path(iq, "iq", (char *)NULL),
       "id");
    is("a path into nothing",
       xmpp_stanza_get_child_by_path(iq, "iq", "query", "nothing", "more",
                                     (char *)NULL),
       "id");
    show_owned(ctx, "the text of a child",
               xmpp_stanza_get_text(xmpp_stanza_get_child_by_path(
                   iq, "iq", "query", "item", "group", (char *)NULL)));
    show_int("release", xmpp_stanza_release(iq));
}

static void kept_child(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *iq = xmpp_stanza_new_from_string(ctx, roster);
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name(iq, "query");

    xmpp_stanza_clone(query);
    xmpp_stanza_release(iq);
    show_str("a child outlives its tree", xmpp_stanza_get_ns(query));
    show_int("release", xmpp_stanza_release(query));
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(&show_mem, NULL);

    inputs(ctx);
    finding(ctx);
    kept_child(ctx);
    xmpp_ctx_free(ctx);
    show_held();
    return 0;
}
