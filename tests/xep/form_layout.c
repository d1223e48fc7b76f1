/* form_layout.c - the layout of data forms, in the order in which it is shown.
 */

#include <xmpp/conn.h>
#include <xmpp/ctx.h>
#include <xmpp/xep/form_layout.h>

#include "tap.h"

static xmpp_ctx_t *ctx;

#define LAYOUT "xmlns='http://jabber.org/protocol/xdata-layout'"

static const struct {
    const char *inside, *parts;
} cases[] = {
    {"", ""},
    {"<field var='a'/>", ""},
    {"<page " LAYOUT "/>", "0P- "},
    {"<page " LAYOUT " label='One'><text>Hello</text><fieldref var='a'/>"
     "<text/><fieldref/></page><field var='a'/><page " LAYOUT " label='Two'>"
     "<reportedref/></page>",
     "0POne 1THello 1Fa 1T- 1F- 0PTwo 1R- "},
    {"<page " LAYOUT "><section label='s'><text>t</text><section label='u'>"
     "<fieldref var='a'/></section><fieldref var='b'/></section>"
     "<section label='v'><fieldref var='c'/></section><fieldref var='d'/>"
     "</page>",
     "0P- 1Ss 2Tt 2Su 3Fa 2Fb 1Sv 2Fc 1Fd "},
    /* what is not a layout is passed over */
    {"<section " LAYOUT " label='lost'><fieldref var='a'/></section>"
     "<page xmlns='urn:example:other'><text>no</text></page>"
     "<page " LAYOUT " label='p'><page label='q'><text>no</text></page>"
     "<new><text>no</text></new><text xmlns='urn:example:other'>no</text>"
     "<text>yes</text></page>",
     "0Pp 1Tyes "},
};

static void append(char *to, size_t size, xmpp_form_part_t part)
{
    size_t n = strlen(to);

    snprintf(to + n, size - n, "%d%c%s ", part.depth, "-PSTFR"[part.type],
             part.text ? part.text : "-");
}

static void check_cases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char xml[2000], got[500] = "";
        xmpp_stanza_t *x;
        const xmpp_form_t *form;
        xmpp_form_part_t part;

        snprintf(xml, sizeof(xml),
                 "<x xmlns='jabber:x:data' type='form'>%s</x>",
                 cases[i].inside);
        x = xmpp_stanza_new_from_string(ctx, xml);
        form = xmpp_form_read(x);
        for (part = xmpp_form_first_part(form); part.type;
             part = xmpp_form_next_part(form, part))
            append(got, sizeof(got), part);
        is_str(got, cases[i].parts, "layout %zu", i);
        is_int(xmpp_form_next_part(form, part).type, 0,
               "the end stays the end");
        part = xmpp_form_first_part(form);
        is_int(xmpp_form_next_part(NULL, part).type, 0, "of no form");
        xmpp_stanza_release(x);
    }
    is_int(xmpp_form_first_part(NULL).type, 0, "no form");
}

static void check_making(xmpp_conn_t *conn)
{
    xmpp_stanza_t *x = xmpp_form_new(conn, XMPP_FORM_FORM, NULL);
    xmpp_stanza_t *page = xmpp_form_add_part(x, XMPP_PART_PAGE, "One");
    xmpp_stanza_t *section = xmpp_form_add_part(page, XMPP_PART_SECTION, NULL);
    char *got = NULL;
    size_t n;

    xmpp_form_add_part(section, XMPP_PART_TEXT, "Hello");
    xmpp_form_add_part(section, XMPP_PART_FIELD, "a");
    xmpp_form_add_part(page, XMPP_PART_REPORTED, "ignored");
    xmpp_stanza_to_text(x, &got, &n);
    is_str(got,
           "<x xmlns=\"jabber:x:data\" type=\"form\"><page "
           "xmlns=\"http://jabber.org/protocol/xdata-layout\" label=\"One\">"
           "<section><text>Hello</text><fieldref var=\"a\"/></section>"
           "<reportedref/></page></x>",
           "a layout of our own");
    ok(!xmpp_form_add_part(x, 0, NULL), "no such piece");
    ok(!xmpp_form_add_part(x, 6, NULL), "nor such");
    xmpp_free(ctx, got);
    xmpp_stanza_release(x);
}

int main(void)
{
    xmpp_conn_t *conn;

    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    check_cases();
    check_making(conn);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
