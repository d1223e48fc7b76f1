/* form_check.c - answers to data forms, correct ones and faulty ones. */

#include <xmpp/conn.h>
#include <xmpp/ctx.h>
#include <xmpp/xep/form_check.h>

#include "tap.h"

static xmpp_ctx_t *ctx;

#define VALIDATE "<validate xmlns='http://jabber.org/protocol/xdata-validate' "
#define OPTIONS                                                                \
    "<option><value>a</value></option><option><value>b</value></option>"       \
    "<option><value>c</value></option>"

static const char form_xml[] =
    "<x xmlns='jabber:x:data' type='form'>"
    "<field var='FORM_TYPE' type='hidden'><value>urn:example:f</value></field>"
    "<field type='fixed'><value>Please</value></field>"
    "<field var='heading' type='fixed'><value>Please</value></field>"
    "<field var='name'><required/></field>"
    "<field var='yes' type='boolean'/>"
    "<field var='jid' type='jid-single'/>"
    "<field var='jids' type='jid-multi'/>"
    "<field var='one' type='list-single'>" OPTIONS "</field>"
    "<field var='some' type='list-multi'>" OPTIONS VALIDATE
    "datatype='xs:string'><basic/><list-range min='1' max='2'/></validate>"
    "</field>"
    "<field var='open' type='list-single'>" OPTIONS VALIDATE
    "datatype='xs:int'><open/><list-range min='2'/></validate></field>"
    "<field var='never' type='list-multi'>" OPTIONS VALIDATE
    "><list-range max='0'/></validate></field>"
    "<field var='none' type='list-single'/>"
    "<field var='lines' type='text-multi'/>"
    "<field var='n' type='text-single'>" VALIDATE
    "datatype='xs:integer'><range min='1' max='9'/></validate></field>"
    "<field var='new' type='list-of-the-future'/>"
    "</x>";

#define FIELD(var, values) "<field var='" var "'>" values "</field>"
#define V(text) "<value>" text "</value>"

/* With a name, unless it is the name that is wrong. */
static const struct {
    const char *fields, *var, *reason;
} cases[] = {
    {FIELD("name", V("x")), "", NULL},
    {"", "name", "it has to be filled in"},
    {FIELD("name", ""), "name", "it has to be filled in"},
    {FIELD("name", V("")), "name", "it has to be filled in"},
    {FIELD("name", V("x") V("y")), "name", "it has more than one value"},
    {FIELD("name", V("x")) FIELD("name", V("y")), "name", "it is there twice"},
    {FIELD("FORM_TYPE", V("urn:example:f")) FIELD("name", V("x")), "", NULL},
    {FIELD("FORM_TYPE", V("urn:example:g")) FIELD("name", V("x")), "FORM_TYPE",
     "it belongs to another form"},
    {FIELD("FORM_TYPE", "") FIELD("FORM_TYPE", "") FIELD("name", V("x")),
     "FORM_TYPE", "it is there twice"},
    {FIELD("name", V("x")) FIELD("yes", V("true")), "", NULL},
    {FIELD("name", V("x")) FIELD("yes", V("0")), "", NULL},
    {FIELD("name", V("x")) FIELD("yes", V("")), "", NULL},
    {FIELD("name", V("x")) FIELD("yes", V("yes")), "yes",
     "it has to be true, false, 1 or 0"},
    {FIELD("name", V("x")) FIELD("jid", V("a@example.com/b")), "", NULL},
    {FIELD("name", V("x")) FIELD("jid", V("@")), "jid",
     "it has to be an XMPP address"},
    {FIELD("name", V("x")) FIELD("jids", V("a@b") V("c@d")), "", NULL},
    {FIELD("name", V("x")) FIELD("jids", V("a@b") V("@")), "jids",
     "it has to be an XMPP address"},
    {FIELD("name", V("x")) FIELD("one", V("b")), "", NULL},
    {FIELD("name", V("x")) FIELD("one", V("d")), "one",
     "it has to be one of the options"},
    {FIELD("name", V("x")) FIELD("one", V("")), "one",
     "it has to be one of the options"},
    {FIELD("name", V("x")) FIELD("one", V("a") V("b")), "one",
     "it has more than one value"},
    {FIELD("name", V("x")) FIELD("some", V("a")), "", NULL},
    {FIELD("name", V("x")) FIELD("some", V("a") V("c")), "", NULL},
    {FIELD("name", V("x")) FIELD("never", ""), "", NULL},
    {FIELD("name", V("x")) FIELD("never", V("a")), "never",
     "too many options are chosen"},
    {FIELD("name", V("x")) FIELD("some", ""), "some",
     "too few options are chosen"},
    {FIELD("name", V("x")) FIELD("some", V("a") V("b") V("c")), "some",
     "too many options are chosen"},
    {FIELD("name", V("x")) FIELD("open", V("7")), "", NULL},
    {FIELD("name", V("x")) FIELD("open", V("d")), "open",
     "it has to be a whole number"},
    {FIELD("name", V("x")) FIELD("none", V("anything")), "", NULL},
    {FIELD("name", V("x")) FIELD("lines", V("a") V("") V("b")), "", NULL},
    {FIELD("name", V("x")) FIELD("n", V("9")), "", NULL},
    {FIELD("name", V("x")) FIELD("n", V("10")), "n", "it is above the range"},
    {FIELD("name", V("x")) FIELD("n", V("many")), "n",
     "it has to be a whole number"},
    {FIELD("name", V("x")) FIELD("new", V("anything")), "", NULL},
    {FIELD("name", V("x")) FIELD("heading", V("a") V("b")), "", NULL},
    {FIELD("name", V("x")) FIELD("stranger", V("a") V("b")), "", NULL},
};

static xmpp_form_fault_t check(const xmpp_form_t *form, const char *fields,
                               const char *type, xmpp_stanza_t **ret_answer)
{
    char xml[1000];

    snprintf(xml, sizeof(xml), "<x xmlns='jabber:x:data' type='%s'>%s</x>",
             type, fields);
    *ret_answer = xmpp_stanza_new_from_string(ctx, xml);
    return xmpp_form_check(form, xmpp_form_read(*ret_answer));
}

static void check_cases(const xmpp_form_t *form)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        xmpp_stanza_t *answer;
        xmpp_form_fault_t fault =
            check(form, cases[i].fields, "submit", &answer);

        is_str(fault.reason, cases[i].reason, "%s", cases[i].fields);
        is_str(fault.var, cases[i].var, "and in this field");
        xmpp_stanza_release(answer);
    }
}

static void check_types(const xmpp_form_t *form)
{
    static const char *const types[] = {"form", "result", "cancel", "other"};

    for (size_t i = 0; i < 4; i++) {
        xmpp_stanza_t *answer;
        xmpp_form_fault_t fault =
            check(form, FIELD("name", V("x")), types[i], &answer);

        is_str(fault.reason, "a form of type submit was expected",
               "not an answer: %s", types[i]);
        xmpp_stanza_release(answer);
    }
    ok(xmpp_form_check(NULL, form).reason != NULL, "no form");
    ok(xmpp_form_check(form, NULL).reason != NULL, "no answer");
}

/* A struct of our own may have any number as a type: it counts as text. */
static void check_unknown(const xmpp_form_t *answer)
{
    xmpp_form_field_t field;
    const xmpp_form_field_t *fields[] = {&field};
    xmpp_form_t form;

    XMPP_INIT(xmpp_form, form);
    XMPP_INIT(xmpp_form_field, field);
    form.fields = fields;
    form.field_count = 1;
    field.var = "name";
    field.type = XMPP_FIELD_TEXT_SINGLE + 1;
    ok(!xmpp_form_check(&form, answer).reason, "an unknown type");
    field.type = -1;
    ok(!xmpp_form_check(&form, answer).reason, "and another one");
}

/* What an application fills in is correct, and it can be checked before it is
 * sent. */
static void check_ours(const xmpp_form_t *form, xmpp_conn_t *conn)
{
    xmpp_stanza_t *answer = xmpp_form_answer(conn, form);

    is_str(xmpp_form_check(form, xmpp_form_read(answer)).var, "name",
           "not filled in");
    xmpp_form_set(answer, "name", "Juliet");
    ok(!xmpp_form_check(form, xmpp_form_read(answer)).reason, "filled in");
    check_unknown(xmpp_form_read(answer));
    xmpp_stanza_release(answer);
}

int main(void)
{
    xmpp_conn_t *conn;
    xmpp_stanza_t *x;
    const xmpp_form_t *form;

    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    x = xmpp_stanza_new_from_string(ctx, form_xml);
    form = xmpp_form_read(x);
    if (ok(form != NULL, "the form")) {
        check_cases(form);
        check_types(form);
        check_ours(form, conn);
    }
    xmpp_stanza_release(x);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
