/* form_validate.c - datatypes and ranges of XEP-0122. */

#include <xmpp/xep/form_validate.h>

#include "tap.h"

#define URI "it has to be a URI"
#define BOOL "it has to be true, false, 1 or 0"
#define WHOLE "it has to be a whole number"
#define NUMBER "it has to be a number"
#define DATE "it has to be a date such as 2026-11-29"
#define MOMENT "it has to be a date and time such as 2026-11-29T19:27:00Z"
#define TIME "it has to be a time such as 19:27:00"
#define LANGUAGE "it has to be a language such as en-GB"
#define BELOW "it is below the range"
#define ABOVE "it is above the range"

static const struct {
    const char *datatype, *min, *max, *value, *reason;
} cases[] = {
    {NULL, NULL, NULL, "anything", NULL},
    {"xs:string", "5", "6", "a", NULL},
    {"x:own", "5", "6", "a", NULL},
    {"xs:anyURI", NULL, NULL, "xmpp:a@b?message", NULL},
    {"xs:anyURI", NULL, NULL, "not a URI", URI},
    {"xs:boolean", NULL, NULL, "1", NULL},
    {"xs:boolean", NULL, NULL, "no", BOOL},
    {"xs:byte", NULL, NULL, "-128", NULL},
    {"xs:byte", NULL, NULL, "-129", BELOW},
    {"xs:byte", NULL, NULL, "127", NULL},
    {"xs:byte", NULL, NULL, "128", ABOVE},
    {"xs:byte", NULL, NULL, "1.0", WHOLE},
    {"xs:short", NULL, NULL, "32768", ABOVE},
    {"xs:int", NULL, NULL, "2147483647", NULL},
    {"xs:int", NULL, NULL, "-2147483649", BELOW},
    {"xs:long", NULL, NULL, "9223372036854775807", NULL},
    {"xs:long", NULL, NULL, "9223372036854775808", ABOVE},
    {"xs:integer", NULL, NULL, "123456789012345678901234567890", NULL},
    {"xs:integer", NULL, NULL, "+5", NULL},
    {"xs:integer", NULL, NULL, "-0", NULL},
    {"xs:integer", NULL, NULL, "", WHOLE},
    {"xs:integer", NULL, NULL, "-", WHOLE},
    {"xs:integer", NULL, NULL, " 5", NULL},
    {"xs:integer", "1", "9", "\t5 \n", NULL},
    {"xs:integer", "1", "9", " 10 ", ABOVE},
    {"xs:integer", NULL, NULL, " ", WHOLE},
    {"xs:integer", NULL, NULL, "5 5", WHOLE},
    {"xs:boolean", NULL, NULL, " true ", NULL},
    {"xs:integer", NULL, NULL, "--5", WHOLE},
    {"xs:integer", NULL, NULL, "0x5", WHOLE},
    {"xs:integer", NULL, NULL, "1e3", WHOLE},
    {"xs:integer", "1", "9", "1", NULL},
    {"xs:integer", "1", "9", "0009", NULL},
    {"xs:integer", "1", "9", "0", BELOW},
    {"xs:integer", "1", "9", "10", ABOVE},
    {"xs:integer", "-9", "-1", "-10", BELOW},
    {"xs:integer", "-9", "-1", "-5", NULL},
    {"xs:integer", "-9", "-1", "0", ABOVE},
    {"xs:integer", "0", NULL, "-0", NULL},
    {"xs:integer", NULL, "0", "-00", NULL},
    {"xs:integer", "soon", "later", "5", NULL},
    {"xs:integer", "99999999999999999999", NULL, "99999999999999999998", BELOW},
    {"xs:integer", "99999999999999999999", NULL, "100000000000000000000", NULL},
    {"xs:decimal", NULL, NULL, "1.5", NULL},
    {"xs:decimal", NULL, NULL, ".5", NULL},
    {"xs:decimal", NULL, NULL, "5.", NULL},
    {"xs:decimal", NULL, NULL, ".", NUMBER},
    {"xs:decimal", NULL, NULL, "1.2.3", NUMBER},
    {"xs:decimal", NULL, NULL, "1e3", NUMBER},
    {"xs:decimal", "0.5", "1.25", "0.50", NULL},
    {"xs:decimal", "0.5", "1.25", "0.4999999999999999999999", BELOW},
    {"xs:decimal", "0.5", "1.25", "0.05", BELOW},
    {"xs:decimal", "0.5", "1.25", "1.2500", NULL},
    {"xs:decimal", "0.5", "1.25", "1.2501", ABOVE},
    {"xs:decimal", "0.5", "1.25", "12.5", ABOVE},
    {"xs:decimal", "0.5", "1.25", "-1", BELOW},
    {"xs:decimal", "0.001", NULL, "0.0010", NULL},
    {"xs:double", NULL, NULL, "1.5e3", NULL},
    {"xs:double", NULL, NULL, "1E-3", NULL},
    {"xs:double", NULL, NULL, "1e", NUMBER},
    {"xs:double", NULL, NULL, "INF", NULL},
    {"xs:double", NULL, NULL, "-INF", NULL},
    {"xs:double", NULL, NULL, "NaN", NULL},
    {"xs:double", NULL, NULL, "inf", NUMBER},
    {"xs:double", "1e3", "2e3", "1000", NULL},
    {"xs:double", "1e3", "2e3", "0.15e4", NULL},
    {"xs:double", "1e3", "2e3", "999", BELOW},
    {"xs:double", "1e3", "2e3", "20e2", NULL},
    {"xs:double", "1e3", "2e3", "INF", ABOVE},
    {"xs:double", "1e3", "2e3", "-INF", BELOW},
    {"xs:double", "-1e3", "INF", "-INF", BELOW},
    {"xs:double", "1e3", "INF", "1e99999999999999999999", NULL},
    {"xs:double", "1e3", NULL, "1e-99999999999999999999", BELOW},
    {"xs:double", "1e3", NULL, "NaN", BELOW},
    {"xs:double", NULL, "1e3", "NaN", ABOVE},
    {"xs:date", NULL, NULL, "2003-10-06", NULL},
    {"xs:date", NULL, NULL, "2003-10-06Z", NULL},
    {"xs:date", NULL, NULL, "2003-10-06+02:00", NULL},
    {"xs:date", NULL, NULL, "2003-02-30", DATE},
    {"xs:date", NULL, NULL, "2003-10-06T11:22:00Z", DATE},
    {"xs:date", NULL, NULL, "20031006", DATE},
    {"xs:date", "2003-10-05", "2003-10-24", "2003-10-24", NULL},
    {"xs:date", "2003-10-05", "2003-10-24", "2003-10-25", ABOVE},
    {"xs:date", "2003-10-05", "2003-10-24", "1999-12-31", BELOW},
    {"xs:dateTime", NULL, NULL, "2003-10-06T11:22:00-07:00", NULL},
    {"xs:dateTime", NULL, NULL, "2003-10-06T11:22:00.25Z", NULL},
    {"xs:dateTime", NULL, NULL, "2003-10-06T11:22:00", NULL},
    {"xs:dateTime", NULL, "2003-10-06T11:22:00Z", "2003-10-06T11:22:01", ABOVE},
    {"xs:dateTime", NULL, NULL, "20031006T11:22:00", MOMENT},
    {"xs:dateTime", NULL, NULL, "2003-10-06", MOMENT},
    {"xs:dateTime", NULL, NULL, "tomorrow", MOMENT},
    {"xs:dateTime", NULL, NULL, "", MOMENT},
    {"xs:dateTime", "2003-10-05T00:00:00-07:00", "2003-10-24T23:59:59-07:00",
     "2003-10-05T07:00:00Z", NULL},
    {"xs:dateTime", "2003-10-05T00:00:00-07:00", "2003-10-24T23:59:59-07:00",
     "2003-10-05T06:59:59Z", BELOW},
    {"xs:dateTime", "2003-10-05T00:00:00-07:00", "2003-10-24T23:59:59-07:00",
     "2003-10-25T07:00:00Z", ABOVE},
    {"xs:time", NULL, NULL, "11:22:33", NULL},
    {"xs:time", NULL, NULL, "11:22:33Z", NULL},
    {"xs:time", NULL, NULL, "11:22:33.5-07:00", NULL},
    {"xs:time", NULL, NULL, "25:00:00", TIME},
    {"xs:time", NULL, NULL, "", TIME},
    {"xs:time", "08:00:00", "20:00:00", "07:59:59", BELOW},
    {"xs:time", "08:00:00", "20:00:00", "20:00:00", NULL},
    {"xs:language", NULL, NULL, "en", NULL},
    {"xs:language", NULL, NULL, "de-CH-1996", NULL},
    {"xs:language", NULL, NULL, "1996", LANGUAGE},
    {"xs:language", NULL, NULL, "en-", LANGUAGE},
    {"xs:language", NULL, NULL, "-en", LANGUAGE},
    {"xs:language", NULL, NULL, "englishes", LANGUAGE},
    {"xs:language", NULL, NULL, "", LANGUAGE},
};

static void check_cases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        xmpp_form_validate_t validate = {.size = sizeof(validate),
                                         .datatype = cases[i].datatype,
                                         .min = cases[i].min,
                                         .max = cases[i].max};

        is_str(xmpp_form_validate(&validate, cases[i].value), cases[i].reason,
               "%s from %s to %s: %s", cases[i].datatype, cases[i].min,
               cases[i].max, cases[i].value);
    }
}

static void check_patterns(void)
{
    xmpp_form_validate_t validate = {.size = sizeof(validate)};

    validate.regex = "[0-9]{3}-[0-9]{2}";
    ok(!xmpp_form_validate(&validate, "123-45"), "it matches");
    is_str(xmpp_form_validate(&validate, "123-456"),
           "it does not match the pattern", "it does not match");
    validate.datatype = "xs:integer";
    validate.regex = "[0-9]+";
    ok(!xmpp_form_validate(&validate, " 12\n"),
       "spaces around a number do not count for the pattern either");
    validate.datatype = "xs:string";
    is_str(xmpp_form_validate(&validate, " 12"),
           "it does not match the pattern", "around a string they do");
    validate.datatype = NULL;
    validate.regex = "(";
    is_str(xmpp_form_validate(&validate, "a"),
           "the pattern of the form cannot be used", "not a pattern");
    validate.regex = "[a-z]*";
    validate.datatype = "xs:int";
    is_str(xmpp_form_validate(&validate, "a"), WHOLE, "both have to hold");
    ok(!xmpp_form_validate(NULL, "a"), "nothing is demanded");
    ok(!xmpp_form_validate(&validate, NULL), "no value");
}

int main(void)
{
    check_cases();
    check_patterns();
    return done_testing();
}
