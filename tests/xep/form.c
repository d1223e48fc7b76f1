/* form.c - data forms (XEP-0004, XEP-0068, XEP-0221): read, made and answered;
 * a liar's, and without memory.
 */

#include <xmpp/conn.h>
#include <xmpp/ctx.h>
#include <xmpp/ns.h>
#include <xmpp/xep/form.h>

#include "failmem.h"
#include "tap.h"
#include "xep/is_xml.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;

/* ---- reading ----------------------------------------------------- */

static const char weather[] =
    "<x xmlns='jabber:x:data' type='form'><title>Weather</title>"
    "<instructions>Fill it "
    "in.</instructions><instructions>Twice.</instructions>"
    "<field var='FORM_TYPE' type='hidden'><value>urn:example:weather</value>"
    "</field>"
    "<field type='fixed'><value>Where it is</value></field>"
    "<field var='place' type='text-single' label='Place'><desc>A town</desc>"
    "<required/><value>Verona</value></field>"
    "<field var='hours' type='text-single'><value>24</value></field>"
    "<field var='day' type='text-single'><value>24h</value></field>"
    "<field var='rain' type='boolean'><value>true</value></field>"
    "<field var='sun' type='boolean'><value>0</value></field>"
    "<field var='owner' type='jid-single'><value>Juliet@example.com</value>"
    "</field>"
    "<field var='since' type='text-single'><value>2026-11-29T19:27:00Z</value>"
    "</field>"
    "<field var='sky' type='list-multi'><option label='Blue'><value>b</value>"
    "</option><option><value>g</value></option><value>b</value><value>g</value>"
    "</field>"
    "<field var='new' type='list-of-the-future'><value>kept</value></field>"
    "<field var='photo'><media xmlns='urn:xmpp:media-element' height='80' "
    "width='290'><uri type='image/png'>https://example.com/a.png</uri>"
    "<uri type='image/jpeg'>cid:sha1+00@bob.xmpp.org</uri></media></field>"
    "<field var='degrees'><validate "
    "xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:decimal'>"
    "<range min='5' max='30'/><list-range min='1' max='3'/></validate></field>"
    "</x>";

static void check_field(const xmpp_form_t *form)
{
    const xmpp_form_field_t *field = xmpp_form_get(form, "place");

    is_str(field->label, "Place", "a label");
    is_str(field->desc, "A town", "a description");
    is_int(field->required, 1, "required");
    is_int(field->type, XMPP_FIELD_TEXT_SINGLE, "of this type");
    field = xmpp_form_get(form, "sky");
    is_int(field->option_count, 2, "two options");
    is_str(field->options[0]->label, "Blue", "one with a label");
    is_str(field->options[1]->value, "g", "one without");
    is_int(field->value_count, 2, "both are chosen");
    field = xmpp_form_get(form, "new");
    is_int(field->type, 0, "a type of the future");
    is_str(field->values[0], "kept", "is kept");
    field = xmpp_form_get(form, "photo");
    is_int(field->media->width, 290, "media: the width");
    is_int(field->media->uri_count, 2, "in two formats");
    is_str(field->media->uris[0]->type, "image/png", "the first");
    is_str(field->media->uris[1]->uri, "cid:sha1+00@bob.xmpp.org",
           "the second");
    field = xmpp_form_get(form, "degrees");
    is_str(field->validate->datatype, "xs:decimal", "a datatype");
    is_str(field->validate->min, "5", "at least");
    is_str(field->validate->max, "30", "at most");
    is_int(field->validate->least, 1, "so many options");
    is_int(field->validate->most, 3, "up to so many");
}

static void check_values(const xmpp_form_t *form)
{
    xmpp_jid_t *jid = xmpp_form_get_jid(conn, form, "owner");
    xmpp_time_t want;

    xmpp_time_parse("2026-11-29T19:27:00Z", &want);
    is_str(xmpp_form_get_text(form, "place"), "Verona", "a text");
    is_str(xmpp_form_get_text(form, "nothing"), NULL, "no such field");
    is_str(xmpp_form_get_text(form, "photo"), NULL, "no value");
    is_int(xmpp_form_get_number(form, "hours"), 24, "a number");
    is_int(xmpp_form_get_number(form, "day"), XMPP_NO_NUMBER, "with a unit");
    is_int(xmpp_form_get_number(form, "place"), XMPP_NO_NUMBER, "not a number");
    is_int(xmpp_form_get_number(form, "nothing"), XMPP_NO_NUMBER, "none");
    is_int(xmpp_form_get_bool(form, "rain", 0), 1, "true");
    is_int(xmpp_form_get_bool(form, "sun", 1), 0, "false");
    is_int(xmpp_form_get_bool(form, "place", 7), 7, "neither");
    is_int(xmpp_form_get_bool(form, "nothing", 7), 7, "nothing");
    ok(xmpp_form_get_time(form, "since") == want, "a time");
    ok(xmpp_form_get_time(form, "place") == XMPP_NO_TIME, "not a time");
    is_str(jid ? jid->text : NULL, "juliet@example.com", "an address");
    ok(!xmpp_form_get_jid(conn, form, "nothing"), "no address");
    xmpp_free(ctx, jid);
}

static void check_reading(void)
{
    xmpp_stanza_t *x = xmpp_stanza_new_from_string(ctx, weather);
    const xmpp_form_t *form = xmpp_form_read(x);

    if (!ok(form != NULL, "a form is read"))
        return;
    is_int(form->type, XMPP_FORM_FORM, "its type");
    is_str(form->title, "Weather", "its title");
    is_int(form->instruction_count, 2, "its instructions");
    is_str(xmpp_form_get_form_type(form), "urn:example:weather", "its kind");
    ok(form->element == x, "its element");
    check_field(form);
    check_values(form);
    xmpp_stanza_release(x);
}

static const struct {
    const char *xml, *form_type;
} kinds[] = {
    {"<x xmlns='jabber:x:data' type='form'/>", NULL},
    {"<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' "
     "type='text-single'><value>a</value></field></x>",
     NULL},
    {"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>a"
     "</value></field></x>",
     NULL},
    {"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' "
     "type='hidden'><value>a</value></field></x>",
     "a"},
    {"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>a"
     "</value></field></x>",
     "a"},
    {"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' "
     "type='boolean'><value>a</value></field></x>",
     NULL},
    {"<x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' "
     "type='hidden'/></x>",
     NULL},
};

static void check_kinds(void)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        xmpp_stanza_t *x = xmpp_stanza_new_from_string(ctx, kinds[i].xml);

        is_str(xmpp_form_get_form_type(xmpp_form_read(x)), kinds[i].form_type,
               "FORM_TYPE (XEP-0068), case %zu", i);
        xmpp_stanza_release(x);
    }
}

static void check_table(void)
{
    xmpp_stanza_t *x = xmpp_stanza_new_from_string(
        ctx, "<x xmlns='jabber:x:data' type='result'>"
             "<item><field var='n'><value>1</value></field></item>"
             "<reported><field var='n' label='N'/></reported>"
             "<item><field var='n'><value>2</value></field></item></x>");
    const xmpp_form_t *form = xmpp_form_read(x);

    is_int(form->item_count, 2, "a table of two rows");
    is_str(form->reported->fields[0]->label, "N", "and its head, anywhere");
    is_str(form->items[1]->fields[0]->values[0], "2", "the second row");
    xmpp_stanza_release(x);
}

/* ---- a liar ------------------------------------------------------ */

#define LIES 10000

static void check_lies(void)
{
    xmpp_stanza_t *x = xmpp_form_new(conn, XMPP_FORM_FORM, NULL);
    xmpp_stanza_t *list;
    const xmpp_form_t *form;

    xmpp_form_add_field(x, XMPP_FIELD_TEXT_SINGLE, NULL, "no var");
    list = xmpp_form_add_field(x, XMPP_FIELD_LIST_SINGLE, "n", NULL);
    for (int i = 0; i < LIES; i++)
        xmpp_form_add_option(list, "the same", "0");
    for (int i = 0; i < LIES; i++)
        xmpp_form_add_field(x, XMPP_FIELD_BOOLEAN, "n", NULL);
    form = xmpp_form_read(x);
    is_int(form->field_count, LIES + 2, "as many fields as there are");
    is_int(xmpp_form_get(form, "n")->option_count, LIES, "and options");
    is_int(xmpp_form_get(form, "n")->type, XMPP_FIELD_LIST_SINGLE,
           "of several fields of one name it is the first");
    xmpp_stanza_release(x);
}

static void check_nonsense(void)
{
    static const char *const texts[] = {
        "<x xmlns='jabber:x:data'/>",
        "<x xmlns='jabber:x:data' type='other'><field/><field var=''/></x>",
        "<x xmlns='jabber:x:data' type='form'><reported/><item/><x/></x>",
        "<x xmlns='jabber:x:data'><field var='a'><option/><media xmlns="
        "'urn:xmpp:media-element' height='-1' width='wide'><uri/></media>"
        "</field></x>"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        xmpp_stanza_t *x = xmpp_stanza_new_from_string(ctx, texts[i]);
        const xmpp_form_t *form = xmpp_form_read(x);
        xmpp_stanza_t *answer = xmpp_form_answer(conn, form);

        ok(form && !xmpp_form_get(form, "b"), "nonsense is read: %s", texts[i]);
        ok(xmpp_form_read(answer) != NULL, "and answered");
        xmpp_stanza_release(answer);
        xmpp_stanza_release(x);
    }
    ok(!xmpp_form_read(NULL) && !xmpp_form_get(NULL, "a"), "no form");
}

/* ---- making ------------------------------------------------------ */

static void check_making(void)
{
    xmpp_stanza_t *x = xmpp_form_new(conn, XMPP_FORM_FORM, "Heating");
    xmpp_stanza_t *field;

    xmpp_form_set_form_type(x, "urn:example:heating");
    field =
        xmpp_form_add_field(x, XMPP_FIELD_TEXT_SINGLE, "degrees", "Degrees");
    xmpp_form_require(field);
    xmpp_form_add_validate(field, "xs:decimal", "5", NULL);
    is_int(xmpp_form_set_number(x, "degrees", 20), 0, "a value");
    field = xmpp_form_add_field(x, XMPP_FIELD_LIST_SINGLE, "mode", NULL);
    xmpp_form_add_option(field, "By day", "d");
    is_int(xmpp_form_add_option(field, NULL, "n"), 0, "an option");
    is_int(xmpp_form_add_validate(field, NULL, NULL, NULL), 0, "basic");
    is_xml(x,
           "<x xmlns=\"jabber:x:data\" type=\"form\"><title>Heating</title>"
           "<field var=\"FORM_TYPE\" type=\"hidden\"><value>urn:example:heating"
           "</value></field><field var=\"degrees\" type=\"text-single\" "
           "label=\"Degrees\"><required/><validate "
           "xmlns=\"http://jabber.org/protocol/xdata-validate\" "
           "datatype=\"xs:decimal\"><range min=\"5\"/></validate><value>20"
           "</value></field><field var=\"mode\" type=\"list-single\">"
           "<option label=\"By day\"><value>d</value></option><option><value>n"
           "</value></option><validate "
           "xmlns=\"http://jabber.org/protocol/xdata-validate\"><basic/>"
           "</validate></field></x>",
           "a form of our own");
    xmpp_stanza_release(x);
    x = xmpp_form_new(conn, XMPP_FORM_SUBMIT, NULL);
    xmpp_form_set_form_type(x, "urn:example:a");
    is_xml(x,
           "<x xmlns=\"jabber:x:data\" type=\"submit\"><field "
           "var=\"FORM_TYPE\"><value>urn:example:a</value></field></x>",
           "what is submitted has no types");
    xmpp_stanza_release(x);
    ok(!xmpp_form_new(conn, 0, NULL), "a form without a type");
    ok(!xmpp_form_new(conn, XMPP_FORM_SUBMIT + 1, NULL), "of another type");
    ok(!xmpp_form_add_field(NULL, 99, "a", NULL), "a field of another type");
}

static void check_answering(void)
{
    xmpp_stanza_t *x = xmpp_stanza_new_from_string(ctx, weather);
    xmpp_stanza_t *answer = xmpp_form_answer(conn, xmpp_form_read(x));
    xmpp_jid_t jid = {"romeo@example.net/garden", 5, 11, 6, 0};
    xmpp_time_t time;

    xmpp_time_parse("2026-12-01T08:00:00Z", &time);
    xmpp_form_set(answer, "place", "Mantua");
    xmpp_form_set(answer, "hours", NULL);
    xmpp_form_set_bool(answer, "rain", 0);
    xmpp_form_set_jid(answer, "owner", &jid);
    xmpp_form_set_time(answer, "since", time);
    xmpp_form_set(answer, "sky", "r");
    xmpp_form_add_value(answer, "sky", "b");
    xmpp_form_set(answer, "more", "x");
    xmpp_form_set_jid(answer, "new", NULL);
    xmpp_form_set_time(answer, "sun", XMPP_NO_TIME);
    xmpp_form_set_form_type(answer, "urn:example:weather2");
    is_xml(
        answer,
        "<x xmlns=\"jabber:x:data\" type=\"submit\"><field var=\"FORM_TYPE\">"
        "<value>urn:example:weather2</value></field><field var=\"place\">"
        "<value>Mantua</value></field><field var=\"hours\"/>"
        "<field var=\"day\"><value>24h</value></field>"
        "<field var=\"rain\"><value>0</value></field><field var=\"sun\"/>"
        "<field var=\"owner\"><value>romeo@example.net/garden</value></field>"
        "<field var=\"since\"><value>2026-12-01T08:00:00Z</value></field>"
        "<field var=\"sky\"><value>r</value><value>b</value></field>"
        "<field var=\"new\"/><field var=\"more\"><value>x</value></field></x>",
        "an answer has what is filled in, and nothing that is fixed");
    is_int(xmpp_form_set(answer, NULL, "a"), XMPP_EARG, "without a name");
    is_int(xmpp_form_add_value(answer, NULL, "a"), XMPP_EARG, "nor a value");
    is_int(xmpp_form_set(answer, "a", "\001"), XMPP_EARG,
           "XML has no such text");
    ok(!xmpp_form_read(answer), "from then on it cannot be read");
    xmpp_stanza_release(answer);
    xmpp_stanza_release(x);
    is_int(xmpp_form_set_number(NULL, "a", 1), XMPP_EMEM, "no form");
}

/* ---- without memory ---------------------------------------------- */

static int make_and_answer(void)
{
    xmpp_stanza_t *x = xmpp_form_new(conn, XMPP_FORM_FORM, "t"), *answer;
    xmpp_stanza_t *field =
        xmpp_form_add_field(x, XMPP_FIELD_LIST_MULTI, "a", "A");
    int done;

    xmpp_form_add_option(field, "1", "1");
    xmpp_form_require(field);
    xmpp_form_add_validate(field, "xs:int", "1", "2");
    xmpp_form_set_number(x, "a", 1);
    answer = xmpp_form_answer(conn, xmpp_form_read(x));
    xmpp_form_set_form_type(answer, "urn:example:a");
    xmpp_form_set_bool(answer, "b", 1);
    done = xmpp_form_read(x) && xmpp_form_read(answer) &&
           xmpp_form_get_number(xmpp_form_read(answer), "a") == 1 &&
           xmpp_form_get_bool(xmpp_form_read(answer), "b", 0) == 1;
    if (x)
        xmpp_stanza_release(x);
    if (answer)
        xmpp_stanza_release(answer);
    return done;
}

static void check_memory(void)
{
    long held = memory.held;
    int done = 0;

    for (unsigned long n = 1; !done && n < 1000; n++) {
        failmem_arm(&memory, n, 0);
        done = make_and_answer();
        if (memory.held != held)
            break;
        done = done && !memory.failed;
    }
    failmem_arm(&memory, 0, 0);
    ok(done, "every allocation fails in turn, and nothing leaks");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    conn = xmpp_conn_new(ctx);
    check_reading();
    check_kinds();
    check_table();
    check_lies();
    check_nonsense();
    check_making();
    check_answering();
    check_memory();
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
