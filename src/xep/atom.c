/* atom.c - entries of a feed (RFC 4287), with replies (RFC 4685). */

#include <xmpp/xep/atom.h>

#include <xmpp/ns.h>

static const char *const text_types[] = {"html", "text", "xhtml", NULL};

static const xmpp_field_t text_fields[] = {
    XMPP_ATTR_ENUM(xmpp_atom_text_t, type, "type", text_types),
    XMPP_TEXT(xmpp_atom_text_t, text, TEXT),
    XMPP_SELF(xmpp_atom_text_t, element),
};
static XMPP_PAYLOAD(atom_title, xmpp_atom_text_t, "title", XMPP_NS_ATOM,
                    text_fields);
static XMPP_PAYLOAD(atom_summary, xmpp_atom_text_t, "summary", XMPP_NS_ATOM,
                    text_fields);
static XMPP_PAYLOAD(atom_content, xmpp_atom_text_t, "content", XMPP_NS_ATOM,
                    text_fields);

static const xmpp_field_t person_fields[] = {
    XMPP_CHILD(xmpp_atom_person_t, name, TEXT, "name"),
    XMPP_CHILD(xmpp_atom_person_t, uri, TEXT, "uri"),
    XMPP_CHILD(xmpp_atom_person_t, email, TEXT, "email"),
};
XMPP_PAYLOAD(xmpp_atom_person, xmpp_atom_person_t, "author", XMPP_NS_ATOM,
             person_fields);

static const xmpp_field_t link_fields[] = {
    XMPP_ATTR(xmpp_atom_link_t, relation, TEXT, "rel"),
    XMPP_ATTR(xmpp_atom_link_t, type, TEXT, "type"),
    XMPP_ATTR_MUST(xmpp_atom_link_t, href, TEXT, "href"),
    XMPP_ATTR(xmpp_atom_link_t, title, TEXT, "title"),
    XMPP_ATTR(xmpp_atom_link_t, ref, TEXT, "ref"),
    XMPP_ATTR(xmpp_atom_link_t, length, TEXT, "length"),
};
XMPP_PAYLOAD(xmpp_atom_link, xmpp_atom_link_t, "link", XMPP_NS_ATOM,
             link_fields);

static const xmpp_field_t category_fields[] = {
    XMPP_ATTR_MUST(xmpp_atom_category_t, term, TEXT, "term"),
    XMPP_ATTR(xmpp_atom_category_t, scheme, TEXT, "scheme"),
    XMPP_ATTR(xmpp_atom_category_t, label, TEXT, "label"),
};
XMPP_PAYLOAD(xmpp_atom_category, xmpp_atom_category_t, "category", XMPP_NS_ATOM,
             category_fields);

static const xmpp_field_t reply_fields[] = {
    XMPP_ATTR_MUST(xmpp_atom_reply_t, ref, TEXT, "ref"),
    XMPP_ATTR(xmpp_atom_reply_t, href, TEXT, "href"),
    XMPP_ATTR(xmpp_atom_reply_t, type, TEXT, "type"),
};
XMPP_PAYLOAD(xmpp_atom_reply, xmpp_atom_reply_t, "in-reply-to",
             XMPP_NS_ATOM_THREAD, reply_fields);

static const xmpp_field_t entry_fields[] = {
    XMPP_ELEMENTS(xmpp_atom_entry_t, authors, author_count, &xmpp_atom_person),
    XMPP_ELEMENTS(xmpp_atom_entry_t, titles, title_count, &atom_title),
    XMPP_ELEMENTS(xmpp_atom_entry_t, summaries, summary_count, &atom_summary),
    XMPP_ELEMENTS(xmpp_atom_entry_t, contents, content_count, &atom_content),
    XMPP_CHILD(xmpp_atom_entry_t, id, TEXT, "id"),
    XMPP_CHILD(xmpp_atom_entry_t, published, TIME, "published"),
    XMPP_CHILD(xmpp_atom_entry_t, updated, TIME, "updated"),
    XMPP_CHILD(xmpp_atom_entry_t, generator, TEXT, "generator"),
    XMPP_ELEMENTS(xmpp_atom_entry_t, links, link_count, &xmpp_atom_link),
    XMPP_ELEMENTS(xmpp_atom_entry_t, categories, category_count,
                  &xmpp_atom_category),
    XMPP_ELEMENTS(xmpp_atom_entry_t, replies, reply_count, &xmpp_atom_reply),
    XMPP_SELF(xmpp_atom_entry_t, element),
};
XMPP_PAYLOAD(xmpp_atom_entry, xmpp_atom_entry_t, "entry", XMPP_NS_ATOM,
             entry_fields);

static const xmpp_field_t feed_fields[] = {
    XMPP_ELEMENTS(xmpp_atom_feed_t, titles, title_count, &atom_title),
    XMPP_CHILD(xmpp_atom_feed_t, id, TEXT, "id"),
    XMPP_CHILD(xmpp_atom_feed_t, updated, TIME, "updated"),
    XMPP_ELEMENTS(xmpp_atom_feed_t, authors, author_count, &xmpp_atom_person),
    XMPP_ELEMENTS(xmpp_atom_feed_t, links, link_count, &xmpp_atom_link),
};
XMPP_PAYLOAD(xmpp_atom_feed, xmpp_atom_feed_t, "feed", XMPP_NS_ATOM,
             feed_fields);

const char *xmpp_atom_get_title(const xmpp_atom_entry_t *entry)
{
    for (size_t i = 0; entry && i < entry->title_count; i++)
        if (entry->titles[i]->type == XMPP_ATOM_TEXT || !entry->titles[i]->type)
            return entry->titles[i]->text;
    return NULL;
}
