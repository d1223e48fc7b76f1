/* values.c - each kind of value at each place: read, written, and what is odd
 * about it. */

#include <locale.h>

#include "payload/testbed.h"

/* ---- a table with everything ------------------------------------- */

typedef struct {
    size_t size;
    const char *text;
    long number;
    double real;
    int yes, no;
    xmpp_jid_t jid;
    xmpp_time_t time;
    xmpp_bytes_t bytes;
    int colour;
} values_t;

static const char *const colours[] = {"red", "green", "blue", NULL};

static const xmpp_field_t attr_fields[] = {
    XMPP_ATTR(values_t, text, TEXT, "text"),
    XMPP_ATTR(values_t, number, NUMBER, "number"),
    XMPP_ATTR(values_t, real, REAL, "real"),
    XMPP_ATTR(values_t, yes, BOOL, "yes"),
    XMPP_ATTR_MUST(values_t, no, BOOL, "no"),
    XMPP_ATTR(values_t, jid, JID, "jid"),
    XMPP_ATTR(values_t, time, TIME, "time"),
    XMPP_ATTR(values_t, bytes, BYTES, "bytes"),
    XMPP_ATTR_ENUM(values_t, colour, "colour", colours)};
static XMPP_PAYLOAD(in_attrs, values_t, "v", NS, attr_fields);

static const xmpp_field_t child_fields[] = {
    XMPP_CHILD(values_t, text, TEXT, "text"),
    XMPP_CHILD(values_t, number, NUMBER, "number"),
    XMPP_CHILD(values_t, real, REAL, "real"),
    XMPP_CHILD(values_t, yes, BOOL, "yes"),
    XMPP_CHILD_MUST(values_t, no, BOOL, "no"),
    XMPP_CHILD(values_t, jid, JID, "jid"),
    XMPP_CHILD(values_t, time, TIME, "time"),
    XMPP_CHILD(values_t, bytes, BYTES, "bytes"),
    XMPP_CHILD_ENUM(values_t, colour, "colour", colours)};
static XMPP_PAYLOAD(in_children, values_t, "v", NS, child_fields);

/* ---- every kind -------------------------------------------------- */

static const unsigned char octets[] = {0, 255, 'x', 16};

static void fill_all(values_t *v)
{
    static char room[XMPP_JID_BUFFER_SIZE];

    XMPP_INIT(in_attrs, *v);
    v->text = "a & b";
    v->number = -17;
    v->real = 0.1;
    v->yes = 1;
    xmpp_jid_parse("juliet@example.com/balcony", (size_t)-1, XMPP_JID_STRICT,
                   room, &v->jid, NULL);
    xmpp_time_parse("2026-11-29T19:27:00Z", &v->time);
    v->bytes.data = octets;
    v->bytes.size = sizeof(octets);
    v->colour = 3;
}

static void has_all(const values_t *v, const char *name)
{
    xmpp_time_t time;

    if (!ok(v != NULL, "%s: read", name))
        return;
    xmpp_time_parse("2026-11-29T19:27:00Z", &time);
    is_int(v->size, sizeof(values_t), "%s: the size", name);
    is_str(v->text, "a & b", "%s: a text", name);
    is_int(v->number, -17, "%s: a number", name);
    ok(v->real == 0.1, "%s: a real number", name);
    is_int(v->yes, 1, "%s: true", name);
    is_int(v->no, 0, "%s: false", name);
    ok(v->jid.local_size == 6 && v->jid.domain_size == 11 &&
           memcmp(v->jid.text, "juliet@example.com/balcony", 26) == 0,
       "%s: an address", name);
    ok(v->time == time, "%s: a time", name);
    is_mem(v->bytes.data, v->bytes.size, octets, sizeof(octets), "%s: bytes",
           name);
    is_int(v->colour, 3, "%s: an enum", name);
}

static void every_kind(void)
{
    static const char attrs[] =
        "<v xmlns=\"" NS "\" text=\"a &amp; b\" number=\"-17\" real=\"0.1\" "
        "yes=\"true\" no=\"false\" jid=\"juliet@example.com/balcony\" "
        "time=\"2026-11-29T19:27:00Z\" bytes=\"AP94EA==\" colour=\"blue\"/>";
    static const char children[] =
        "<v xmlns=\"" NS "\"><text>a &amp; b</text><number>-17</number>"
        "<real>0.1</real><yes>true</yes><no>false</no>"
        "<jid>juliet@example.com/balcony</jid>"
        "<time>2026-11-29T19:27:00Z</time><bytes>AP94EA==</bytes>"
        "<colour>blue</colour></v>";
    values_t v;

    fill_all(&v);
    payload_is_xml(&in_attrs, &v, attrs, "in attributes");
    payload_is_xml(&in_children, &v, children, "in children");
    has_all(payload_value(&in_attrs, attrs), "in attributes");
    has_all(payload_value(&in_children, children), "in children");
}

/* ---- what is not understood -------------------------------------- */

static void is_all_absent(const char *xml, const char *name)
{
    const values_t *v = payload_value(&in_attrs, xml);

    if (ok(v != NULL, "%s: read", name))
        ok(!v->text && v->number == XMPP_NO_NUMBER && v->real != v->real &&
               !v->yes && !v->no && !v->jid.domain_size &&
               v->time == XMPP_NO_TIME && !v->bytes.data && !v->colour,
           "%s: all is absent", name);
}

static void absent(void)
{
    values_t v;

    XMPP_INIT(in_attrs, v);
    payload_is_xml(&in_attrs, &v, "<v xmlns=\"" NS "\" no=\"false\"/>",
                   "nothing but what must be there");
    is_all_absent("<v xmlns='" NS "' no='0'/>", "nothing");
    is_all_absent("<v xmlns='" NS "' no='0' number='12x' real='0x10' yes='yes' "
                  "jid='@' time='now' bytes='*' colour='pink'/>",
                  "nonsense");
    is_all_absent("<v xmlns='" NS "' no='0' number='' real='' yes='' jid='' "
                  "time='' bytes='A' colour=''/>",
                  "empty");
    is_all_absent("<v xmlns='" NS "' no='0' real='nan' "
                  "number='99999999999999999999999'/>",
                  "too large");
    is_all_absent("<v xmlns='" NS "' no='0' real='1e999'/>", "infinite");
    is_all_absent("<v xmlns='" NS "' no='0' real='1.0000000000000000000000000"
                  "000000000000000000000000000000000000000000000000000000'/>",
                  "too long");
}

static void must(void)
{
    ok(!payload_value(&in_attrs, "<v xmlns='" NS "' text='a'/>"),
       "without what must be there it cannot be read");
    ok(!payload_value(&in_attrs, "<v xmlns='" NS "' no='maybe'/>"),
       "nor if that is not understood");
    ok(!payload_value(&in_attrs, "<w xmlns='" NS "' no='0'/>"),
       "nor with another name");
    ok(!payload_value(&in_attrs, "<v xmlns='urn:other' no='0'/>"),
       "nor in another namespace");
}

static void white_space(void)
{
    const values_t *v = payload_value(
        &in_children,
        "<v xmlns='" NS "'><text> t </text><number>\n +5 </number>"
        "<real> -1.5e3\t</real><yes> 1 </yes><no> false </no>"
        "<time> 2026-11-29T19:27:00Z </time><bytes> AP9\n4EA== "
        "</bytes><colour> red </colour></v>");

    if (!ok(v != NULL, "white space: read"))
        return;
    is_str(v->text, " t ", "white space is part of a text");
    is_int(v->number, 5, "and ignored around a number");
    ok(v->real == -1500, "around a real number");
    is_int(v->yes, 1, "around a bool");
    ok(v->time != XMPP_NO_TIME, "around a time");
    is_int(v->bytes.size, 4, "in base64");
    is_int(v->colour, 1, "around the name of an enum");
}

static void real_numbers(void)
{
    static const double numbers[] = {0,     1,    -1,      0.1,      1.0 / 3,
                                     1e300, 1e-9, 1234567, 59.33e-3, 2e-308};
    values_t v;

    /* if the system has it; a decimal comma then stands in for the point */
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        printf("# no locale with a decimal comma\n");
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NS);
        const values_t *back;

        XMPP_INIT(in_attrs, v);
        v.real = numbers[i];
        xmpp_payload_add(top, &in_attrs, &v);
        back = xmpp_payload_find(top, &in_attrs);
        ok(back && back->real == numbers[i], "the real number %g is kept",
           numbers[i]);
        xmpp_stanza_release(top);
    }
    v.real = 0.5;
    payload_is_xml(&in_attrs, &v,
                   "<v xmlns=\"" NS "\" real=\"0.5\" no=\"false\"/>",
                   "whatever the locale");
    setlocale(LC_NUMERIC, "C");
}

static void own_trees(void)
{
    xmpp_stanza_t *tree;
    values_t v;
    char *got = NULL;
    size_t n;

    XMPP_INIT(in_attrs, v);
    v.real = 0.5;
    tree = xmpp_payload_new(payload_ctx, &in_attrs, &v);
    ok(!xmpp_stanza_get_parent(tree), "a tree of its own");
    xmpp_stanza_to_text(tree, &got, &n);
    is_str(got, "<v xmlns=\"" NS "\" real=\"0.5\" no=\"false\"/>",
           "has the element");
    xmpp_free(payload_ctx, got);
    xmpp_stanza_release(tree);
    ok(!xmpp_payload_new(NULL, &in_attrs, &v) &&
           !xmpp_payload_new(payload_ctx, NULL, &v) &&
           !xmpp_payload_new(payload_ctx, &in_attrs, NULL),
       "not of nothing");
}

static void odd_values(void)
{
    values_t v;

    XMPP_INIT(in_children, v);
    v.colour = 4;
    v.text = "";
    v.bytes.data = octets;
    v.number = LONG_MAX;
    payload_is_xml(&in_children, &v,
                   sizeof(long) == 8 ? "<v xmlns=\"" NS
                                       "\"><text/><number>9223372036854775807"
                                       "</number><no>false</no><bytes/></v>"
                                     : "<v xmlns=\"" NS
                                       "\"><text/><number>2147483647</number>"
                                       "<no>false</no><bytes/></v>",
                   "an enum without a name is left out, an empty text is not");
}

/* Years of more than four digits, and those before the year 1, have no text. */
static void odd_times(void)
{
    static const struct {
        xmpp_time_t time;
        int status;
    } times[] = {
        {INT64_MAX, XMPP_EARG},
        {253402300800000000, XMPP_EARG},
        {253402300799999999, 0},
        {-62135596800000000, 0},
        {-62135596800000001, XMPP_EARG},
        {INT64_MIN + 1, XMPP_EARG},
        {XMPP_NO_TIME, 0},
    };
    const xmpp_payload_t *const tables[] = {&in_attrs, &in_children};

    for (size_t i = 0; i < 2 * sizeof(times) / sizeof(times[0]); i++) {
        xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NS);
        values_t v;

        XMPP_INIT(in_attrs, v);
        v.time = times[i / 2].time;
        xmpp_payload_add(top, tables[i % 2], &v);
        is_int(xmpp_stanza_get_status(top), times[i / 2].status,
               "the time %lld", (long long)v.time);
        if (times[i / 2].status)
            ok(strstr(xmpp_ctx_get_last_error(payload_ctx), "\"time\"") != NULL,
               "its member is named: %s", xmpp_ctx_get_last_error(payload_ctx));
        xmpp_stanza_release(top);
    }
}

int main(void)
{
    payload_begin();
    every_kind();
    absent();
    must();
    white_space();
    real_numbers();
    own_trees();
    odd_values();
    odd_times();
    return payload_end();
}
