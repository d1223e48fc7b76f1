/* places.c - where values are: children, parts of children, nested structs and
 * lists; and in which namespace. */

#include <xmpp/ns.h>

#include "payload/testbed.h"

/* ---- tables ------------------------------------------------------ */

typedef struct {
    size_t size;
    const char *first;
    long index;
    const char *link;
    int required;
    int other;
    int state;
    int mood;
    const char *foreign;
    xmpp_stanza_t *self;
} parts_t;

static const char *const states[] = {"active", "gone", NULL};
static const char *const moods[] = {"happy", "sad", NULL};

static const xmpp_field_t part_fields[] = {
    XMPP_CHILD_ATTR(parts_t, index, NUMBER, "first", "index"),
    XMPP_CHILD(parts_t, first, TEXT, "first"),
    XMPP_CHILD_ATTR_NS(parts_t, link, TEXT, "a", "href", OTHER),
    XMPP_FLAG(parts_t, required, "required"),
    XMPP_FLAG_NS(parts_t, other, "required", OTHER),
    XMPP_CHOICE(parts_t, state, states),
    XMPP_CHOICE_NS(parts_t, mood, moods, OTHER),
    XMPP_CHILD_NS(parts_t, foreign, TEXT, "state", OTHER),
    XMPP_SELF(parts_t, self)};
static XMPP_PAYLOAD(parts, parts_t, "parts", NS, part_fields);

typedef struct {
    size_t size;
    const char *text;
} word_t;

static const xmpp_field_t word_fields[] = {XMPP_TEXT_MUST(word_t, text, TEXT)};
static XMPP_PAYLOAD(word, word_t, "word", OTHER, word_fields);
static XMPP_PAYLOAD(near_word, word_t, "word", NULL, word_fields);

typedef struct {
    size_t size;
    const word_t *word;
    const word_t *const *words;
    size_t word_count;
    const char *const *texts;
    size_t text_count;
    const long *codes;
    size_t code_count;
    const xmpp_jid_t *jids;
    size_t jid_count;
    const int *states;
    size_t state_count;
    const int *bools;
    size_t bool_count;
    const char *const *links;
    size_t link_count;
} lists_t;

static const xmpp_field_t list_fields[] = {
    XMPP_ELEMENT(lists_t, word, &word),
    XMPP_ELEMENTS(lists_t, words, word_count, &near_word),
    XMPP_CHILDREN(lists_t, texts, text_count, "text"),
    XMPP_CHILDREN_ATTR(lists_t, codes, code_count, NUMBER, "status", "code"),
    XMPP_CHILDREN_NS(lists_t, jids, jid_count, JID, "jid", OTHER),
    XMPP_CHILDREN_ATTR_ENUM(lists_t, states, state_count, "s", "is", states),
    XMPP_CHILDREN_OF(lists_t, bools, bool_count, BOOL, "b"),
    XMPP_CHILDREN_ATTR(lists_t, links, link_count, TEXT, "a", "href")};
static XMPP_PAYLOAD(lists, lists_t, "lists", NS, list_fields);

/* ---- parts of children ------------------------------------------- */

static void shared_children(void)
{
    static const char xml[] =
        "<parts xmlns='" NS "'><first index='3'>f</first>"
        "<a xmlns='" OTHER "' href='h'/><required/>"
        "<required xmlns='" OTHER "'/><gone/><sad xmlns='" OTHER "'/>"
        "<state xmlns='" OTHER "'>s</state></parts>";
    const parts_t *p = payload_value(&parts, xml);

    if (!ok(p != NULL, "parts are read"))
        return;
    is_str(p->first, "f", "a text");
    is_int(p->index, 3, "an attribute beside it");
    is_str(p->link, "h", "an attribute in another namespace");
    ok(p->required && p->other, "flags in two namespaces");
    is_int(p->state, 2, "a choice");
    is_int(p->mood, 2, "a choice in another namespace");
    is_str(p->foreign, "s", "a text in another namespace");
    ok(p->self == payload_tree(), "the element itself");
    payload_is_xml(&parts, p,
                   "<parts xmlns=\"" NS
                   "\"><first index=\"3\">f</first><a xmlns=\"" OTHER
                   "\" href=\"h\"/><required/><required xmlns=\"" OTHER
                   "\"/><gone/><sad xmlns=\"" OTHER "\"/><state xmlns=\"" OTHER
                   "\">s</state></parts>",
                   "rows that describe one child share it");
}

static void foreign_children(void)
{
    const parts_t *p = payload_value(
        &parts, "<parts xmlns='" NS "'><first xmlns='" OTHER "'>f</first>"
                "<a href='h'/><required xmlns='urn:third'/>"
                "<gone xmlns='" OTHER "'/><sad/><state>s</state></parts>");

    ok(p && !p->first && !p->link && !p->required && !p->other && !p->state &&
           !p->mood && !p->foreign,
       "children of other namespaces are not meant");
    p = payload_value(&parts, "<parts xmlns='" NS "'>"
                              "<first xmlns='urn:example:payloae'>f</first>"
                              "<state xmlns='urn:example:othes'>s</state>"
                              "</parts>");
    ok(p && !p->first && !p->foreign, "even if they are as long");
}

static void first_counts(void)
{
    const parts_t *p =
        payload_value(&parts, "<parts xmlns='" NS "'><first index='x'>f</first>"
                              "<first index='4'>g</first><first index='5'/>"
                              "<active/><gone/></parts>");

    if (!ok(p != NULL, "children twice: read"))
        return;
    is_str(p->first, "f", "the first counts");
    is_int(p->index, 4, "the first that can be understood");
    is_int(p->state, 1, "the first of a choice");
}

/* ---- nested structs and lists ------------------------------------ */

static void reads_lists(void)
{
    static const char xml[] =
        "<lists xmlns='" NS "'>t<word xmlns='" OTHER "'>far</word>"
        "<word xmlns='" OTHER "'>not the first</word>"
        "<word/><word>a</word><text>x</text><text/><word>b</word>"
        "<status code='110'/><status/><status code='y'/><status code='-1'/>"
        "<jid xmlns='" OTHER "'>A@B</jid><jid xmlns='" OTHER "'>@</jid>"
        "<s is='gone'/><s is='nowhere'/><s is='active'/>"
        "<b>true</b><b>0</b><a href='h'/><a/><a href=''/></lists>";
    const lists_t *l = payload_value(&lists, xml);

    if (!ok(l != NULL, "lists are read"))
        return;
    is_str(l->word ? l->word->text : NULL, "far", "a nested struct");
    is_int(l->word_count, 2, "structs: those that can be read");
    ok(l->word_count == 2 && strcmp(l->words[0]->text, "a") == 0 &&
           strcmp(l->words[1]->text, "b") == 0,
       "structs, in order");
    ok(l->text_count == 2 && strcmp(l->texts[0], "x") == 0 && !*l->texts[1],
       "texts, also an empty one");
    ok(l->code_count == 2 && l->codes[0] == 110 && l->codes[1] == -1,
       "numbers in attributes");
    ok(l->jid_count == 1 && memcmp(l->jids[0].text, "a@b", 3) == 0,
       "addresses, in normal form");
    ok(l->state_count == 2 && l->states[0] == 2 && l->states[1] == 1,
       "names of an enum");
    ok(l->bool_count == 2 && l->bools[0] == 1 && l->bools[1] == 0,
       "bools, also false");
    ok(l->link_count == 2 && strcmp(l->links[0], "h") == 0 && !*l->links[1],
       "texts in attributes that are there");
    payload_is_xml(&lists, l,
                   "<lists xmlns=\"" NS "\"><word xmlns=\"" OTHER
                   "\">far</word><word>a</word>"
                   "<word>b</word><text>x</text><text/><status code=\"110\"/>"
                   "<status code=\"-1\"/><jid xmlns=\"" OTHER "\">a@b</jid>"
                   "<s is=\"gone\"/><s is=\"active\"/><b>true</b><b>false</b>"
                   "<a href=\"h\"/><a href=\"\"/>"
                   "</lists>",
                   "lists");
}

static void no_lists(void)
{
    const lists_t *l = payload_value(&lists, "<lists xmlns='" NS "'/>");
    lists_t broken;

    ok(l && !l->words && !l->word_count && !l->texts && !l->text_count,
       "without items a list is NULL");
    XMPP_INIT(lists, broken);
    broken.text_count = 5;
    payload_is_xml(&lists, &broken, "<lists xmlns=\"" NS "\"/>",
                   "a length without a list");
}

static void writes_lists(void)
{
    static const word_t one = {sizeof(one), "one"};
    const word_t *const words[] = {NULL, &one};
    const long codes[] = {XMPP_NO_NUMBER, 5};
    const int some[] = {0, 3, 1};
    lists_t l;

    XMPP_INIT(lists, l);
    l.words = words;
    l.word_count = 2;
    l.codes = codes;
    l.code_count = 2;
    l.states = some;
    l.state_count = 3;
    payload_is_xml(&lists, &l,
                   "<lists xmlns=\"" NS
                   "\"><word>one</word><status code=\"5\"/>"
                   "<s is=\"active\"/></lists>",
                   "absent items are left out");
}

/* ---- namespaces -------------------------------------------------- */

/* A table without a namespace describes children of stanzas, whatever the
 * stream's is. */
static void own_namespace(void)
{
    xmpp_stanza_t *built = xmpp_message_new(payload_ctx, NULL, NULL, NULL);
    xmpp_stanza_t *got = xmpp_stanza_new_from_string(
        payload_ctx, "<message xmlns='jabber:client'><word xmlns='" OTHER
                     "'>other</word><word>own</word></message>");
    const word_t *w = xmpp_payload_find(got, &near_word);

    is_str(w ? w->text : NULL, "own", "found in the namespace of the parent");
    ok(!xmpp_payload_find(got, &parts), "and not found where it is not");
    xmpp_stanza_add_text_tag(built, "word", OTHER, "other");
    xmpp_stanza_add_text_tag(built, "word", XMPP_NS_CLIENT, "own");
    w = xmpp_payload_find(built, &near_word);
    is_str(w ? w->text : NULL, "own", "found in the namespace of the stream");
    xmpp_stanza_release(got);
    xmpp_stanza_release(built);
}

static void known_namespace(void)
{
    xmpp_stanza_t *iq = xmpp_iq_new(payload_ctx, "get", "1");
    word_t w;

    XMPP_INIT(word, w);
    w.text = "w";
    xmpp_payload_add(xmpp_payload_add(iq, &word, &w), &word, &w);
    ok(xmpp_payload_find(iq, &word) != NULL, "what is built can be read");
    ok(xmpp_payload_find(xmpp_stanza_get_child_by_ns(iq, OTHER), &word) != NULL,
       "also where the namespace is inherited");
    ok(!xmpp_payload_find(iq, &near_word), "or is another one");
    xmpp_stanza_release(iq);
}

/* What is in the namespace around it does not declare it again. */
static void inherits(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NS);
    char *got = NULL;
    size_t n;
    lists_t l;

    XMPP_INIT(lists, l);
    is_int(xmpp_stanza_get_attribute_count(xmpp_payload_add(top, &lists, &l)),
           0, "nothing is declared in the tree");
    xmpp_stanza_to_text(top, &got, &n);
    is_str(got, "<top xmlns=\"" NS "\"><lists/></top>", "as around it");
    xmpp_free(payload_ctx, got);
    xmpp_stanza_release(top);
}

/* ---- nothing ----------------------------------------------------- */

static void nothing(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NULL);
    const void *value = NULL;
    word_t w;

    XMPP_INIT(word, w);
    is_int(xmpp_payload_read(NULL, &word, &value), XMPP_EINVOP, "no element");
    is_int(xmpp_payload_read(top, NULL, &value), XMPP_EINVOP, "no table");
    is_int(xmpp_payload_read(top, &word, NULL), XMPP_EINVOP, "no result");
    ok(!xmpp_payload_find(NULL, &word) && !xmpp_payload_find(top, NULL),
       "nothing is found in nothing");
    ok(!xmpp_payload_add(NULL, &word, &w) && !xmpp_payload_add(top, NULL, &w) &&
           !xmpp_payload_add(top, &word, NULL),
       "nothing is written");
    is_int(xmpp_stanza_get_status(top), 0, "which is no failure");
    xmpp_payload_init(NULL, &w, sizeof(w));
    xmpp_payload_init(&word, NULL, sizeof(w));
    xmpp_payload_init(&word, &w, 1);
    xmpp_stanza_release(top);
}

int main(void)
{
    payload_begin();
    shared_children();
    foreign_children();
    first_counts();
    reads_lists();
    no_lists();
    writes_lists();
    own_namespace();
    inherits();
    known_namespace();
    nothing();
    return payload_end();
}
