/* tables.c - a payload table with every kind of row, for C89 and for C++. With
 * WRONG defined as a number, one row does not fit its member. */

#include <xmpp/payload.h>

#define NS "urn:example:table"

typedef struct _inner_t {
    size_t size;
    long number;
} inner_t;

typedef struct _all_t {
    size_t size;
    const char *text;
    long number;
    double real;
    int flag;
    xmpp_jid_t jid;
    xmpp_time_t time;
    xmpp_bytes_t bytes;
    const inner_t *inner;
    const inner_t *const *inners;
    size_t inner_count;
    const char *const *texts;
    size_t text_count;
    const long *numbers;
    size_t number_count;
    const int *places;
    size_t place_count;
    const xmpp_jid_t *jids;
    size_t jid_count;
    xmpp_stanza_t *self;
} all_t;

static const char *const names[] = {"one", "two", NULL};

static const xmpp_field_t inner_fields[] = {XMPP_TEXT(inner_t, number, NUMBER)};
static XMPP_PAYLOAD(inner, inner_t, "inner", NULL, inner_fields);

static const xmpp_field_t all_fields[] = {
    XMPP_ATTR(all_t, text, TEXT, "text"),
    XMPP_ATTR_MUST(all_t, number, NUMBER, "number"),
    XMPP_ATTR_ENUM(all_t, flag, "flag", names),
    XMPP_ATTR_ENUM_MUST(all_t, flag, "flag", names),
    XMPP_TEXT(all_t, real, REAL),
    XMPP_TEXT_MUST(all_t, text, TEXT),
    XMPP_TEXT_ENUM(all_t, flag, names),
    XMPP_CHILD(all_t, jid, JID, "jid"),
    XMPP_CHILD_MUST(all_t, jid, JID, "jid"),
    XMPP_CHILD_ENUM(all_t, flag, "flag", names),
    XMPP_CHILD_NS(all_t, time, TIME, "time", NS),
    XMPP_CHILD_ATTR(all_t, bytes, BYTES, "bytes", "of"),
    XMPP_CHILD_ATTR_MUST(all_t, flag, BOOL, "flag", "of"),
    XMPP_CHILD_ATTR_ENUM(all_t, flag, "flag", "of", names),
    XMPP_CHILD_ATTR_NS(all_t, number, NUMBER, "number", "of", NS),
    XMPP_FLAG(all_t, flag, "flag"),
    XMPP_FLAG_NS(all_t, flag, "flag", NS),
    XMPP_CHOICE(all_t, flag, names),
    XMPP_CHOICE_MUST(all_t, flag, names),
    XMPP_CHOICE_NS(all_t, flag, names, NS),
    XMPP_ELEMENT(all_t, inner, &inner),
    XMPP_ELEMENT_MUST(all_t, inner, &inner),
    XMPP_ELEMENTS(all_t, inners, inner_count, &inner),
    XMPP_CHILDREN(all_t, texts, text_count, "text"),
    XMPP_CHILDREN_OF(all_t, numbers, number_count, NUMBER, "number"),
    XMPP_CHILDREN_ENUM(all_t, places, place_count, "place", names),
    XMPP_CHILDREN_NS(all_t, jids, jid_count, JID, "jid", NS),
    XMPP_CHILDREN_ATTR(all_t, numbers, number_count, NUMBER, "n", "of"),
    XMPP_CHILDREN_ATTR_ENUM(all_t, places, place_count, "p", "of", names),
#if WRONG == 1
    XMPP_ATTR(all_t, text, NUMBER, "text"),
#elif WRONG == 2
    XMPP_CHILDREN(all_t, numbers, number_count, "text"),
#elif WRONG == 3
    XMPP_CHILDREN(all_t, texts, number, "text"),
#elif WRONG == 4
    XMPP_ELEMENT(all_t, number, &inner),
#elif WRONG == 5
    XMPP_ATTR_ENUM(all_t, flag, "flag", all_fields),
#elif WRONG == 6
    XMPP_ELEMENT(all_t, inner, names),
#endif
    XMPP_SELF(all_t, self)};
static XMPP_PAYLOAD(all, all_t, "all", NS, all_fields);

int main(void)
{
    all_t value;

    XMPP_INIT(all, value);
    return !(value.size == sizeof(value) && value.number == XMPP_NO_NUMBER);
}
