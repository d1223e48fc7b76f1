/* date.c - moments of XEP-0082: read, written, and what is not one. */

#include "base/date.h"

#include <xmpp/error.h>
#include <xmpp/time.h>

#include "tap.h"

static void good(void)
{
    static const struct {
        const char *text;
        long long micros;
        const char *printed; /* NULL: the same text */
    } rows[] = {
        {"2020-03-12T14:36:15Z", 1584023775000000, NULL},
        {"1970-01-01T00:00:00Z", 0, NULL},
        {"2000-02-29T23:59:59Z", 951868799000000, NULL},
        {"2038-01-19T03:14:08Z", 2147483648000000, NULL},
        {"2100-03-01T00:00:00Z", 4107542400000000, NULL},
        {"9999-12-31T23:59:59Z", 253402300799000000, NULL},
        {"0001-01-01T00:00:00Z", -62135596800000000, NULL},
        {"1600-12-31T23:59:59.000001Z", -11644473600999999, NULL},
        {"1969-12-31T23:59:59Z", -1000000, NULL},
        {"1969-12-31T23:59:59.500Z", -500000, NULL},
        {"2020-03-12T14:36:15.999Z", 1584023775999000, NULL},
        {"2020-03-12T14:36:15.000999Z", 1584023775000999, NULL},
        {"2020-03-12T14:36:15.5Z", 1584023775500000,
         "2020-03-12T14:36:15.500Z"},
        {"2020-03-12T14:36:15.0000019Z", 1584023775000001,
         "2020-03-12T14:36:15.000001Z"},
        {"2020-03-12T15:36:15+01:00", 1584023775000000, "2020-03-12T14:36:15Z"},
        {"2020-03-12T09:06:15.5-05:30", 1584023775500000,
         "2020-03-12T14:36:15.500Z"},
        {"2016-12-31T23:59:60Z", 1483228800000000, "2017-01-01T00:00:00Z"},
        {"20020910T23:08:25", 1031699305000000, "2002-09-10T23:08:25Z"},
        {"0001-01-01T00:00:00+00:01", -62135596860000000, ""},
        {"9999-12-31T23:59:59-00:01", 253402300859000000, ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xmpp_time_t got = 99;
        char buf[XMPP_TIME_SIZE];

        is_int(xmpp_time_parse(rows[i].text, &got), 0, "%s", rows[i].text);
        is_int(got, rows[i].micros, "  is the moment");
        xmpp_time_print(got, buf);
        is_str(buf, rows[i].printed ? rows[i].printed : rows[i].text,
               "  and is written");
    }
}

/* A day of each month of five thousand years. */
static void round_trips(void)
{
    int faults = 0;
    xmpp_time_t t = INT64_C(-62135596800000000), back = 0;
    char buf[XMPP_TIME_SIZE];

    for (; t < INT64_C(95617584000000000); t += INT64_C(2629746000001)) {
        xmpp_time_print(t, buf);
        faults += xmpp_time_parse(buf, &back) || back != t;
    }
    is_int(faults, 0, "what is written is read as the same moment");
    xmpp_time_print(XMPP_NO_TIME, buf);
    is_str(buf, "", "no time is written as nothing");
    xmpp_time_print(INT64_MAX, buf);
    is_str(buf, "", "and so is a year that has too many digits");
}

static void bad(void)
{
    static const char *const rows[] = {
        "",
        "2020",
        "2020-03-12",
        "2020-03-12T14:36:15",
        "20200312T14:36:15Z",
        "2020-13-12T14:36:15Z",
        "2020-00-12T14:36:15Z",
        "2020-02-30T14:36:15Z",
        "2019-02-29T14:36:15Z",
        "2100-02-29T00:00:00Z",
        "2020-03-00T14:36:15Z",
        "2020-03-12T24:00:00Z",
        "2020-03-12T14:60:15Z",
        "2020-03-12T14:36:61Z",
        "2020-03-12T14:36:15.Z",
        "2020-03-12T14:36:15z",
        "2020-03-12 14:36:15Z",
        "2020-03-12T14:36:15Z ",
        " 2020-03-12T14:36:15Z",
        "2020-3-12T14:36:15Z",
        "2020-03-12T14:36:15+1:00",
        "2020-03-12T14:36:15+24:00",
        "2020-03-12T14:36:15+01:60",
        "2020-03-12T14:36:15+01:00Z",
        "0000-12-31T23:59:59Z",
        "20020910T23:08:25Z",
        "20020910T23:08:25.5",
        "20020910T23:08:25+01:00",
        "2002-0910T23:08:25",
        "20020931T23:08:25",
        "-020-03-12T14:36:15Z",
        "+020-03-12T14:36:15Z",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xmpp_time_t got = 99;

        ok(xmpp_time_parse(rows[i], &got) == XMPP_EARG && got == 99,
           "not: '%s'", rows[i]);
    }
    is_int(xmpp_time_parse(NULL, &(xmpp_time_t){0}), XMPP_EARG, "not: nothing");
    is_int(xmpp_time_parse("1970-01-01T00:00:00Z", NULL), XMPP_EARG,
           "and it goes somewhere");
    xmpp_time_print(0, NULL);
}

int main(void)
{
    good();
    round_trips();
    bad();
    return done_testing();
}
