/* mam_search.c - searches of an archive that are given up on the way. */

#include <xmpp/xep/mam_search.h>

#include <stdlib.h>

#include "conn/diary.h"

static struct testbed testbed;

static void on_found(xmpp_conn_t *conn, const xmpp_result_t *result,
                     void *userdata)
{
    const xmpp_mam_found_t *found = result->value;

    (void)conn;
    (void)userdata;
    diary_add("found(%s", xmpp_strerror_name(result->status));
    for (size_t i = 0; found && i < found->result_count; i++)
        diary_add("%s", xmpp_stanza_get_id(found->results[i]->message));
    diary_add(")");
}

/* ---- the server -------------------------------------------------- */

static char *iq_id, *queryid;

/* The text behind `begin`, up to a quote. Owned. */
static char *quoted(const char *text, const char *begin)
{
    const char *at = strstr(text, begin);

    at = at ? at + strlen(begin) : "";
    return strndup(at, strcspn(at, "\""));
}

static void take_request(void)
{
    struct str sent;
    char *text;

    xmpp_run_once(testbed.ctx, 0);
    sent = memory_server_sent(testbed.server);
    text = strndup(sent.n ? sent.s : "", sent.n);
    free(iq_id);
    free(queryid);
    iq_id = quoted(text, " id=\"");
    queryid = quoted(text, "queryid=\"");
    free(text);
    memory_server_take(testbed.server, sent.n);
}

__attribute__((format(printf, 1, 2))) static void hear(const char *format, ...)
{
    char text[1000];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    diary_hear(&testbed, text);
}

static void hear_page(const char *first, const char *last)
{
    const char *const ids[] = {first, last};

    for (int i = 0; i < 2; i++)
        hear("<message><result xmlns='urn:xmpp:mam:2' queryid='%s' id='%s'>"
             "<forwarded xmlns='urn:xmpp:forward:0'><message "
             "xmlns='jabber:client' id='in%s' from='a@b'><body>x</body>"
             "</message></forwarded></result></message>",
             queryid, ids[i], ids[i]);
    hear("<iq type='result' id='%s'><fin xmlns='urn:xmpp:mam:2'>"
         "<set xmlns='http://jabber.org/protocol/rsm'><first>%s</first>"
         "<last>%s</last></set></fin></iq>",
         iq_id, first, last);
    take_request();
}

static void hear_support(void)
{
    hear("<iq type='result' id='%s'><query "
         "xmlns='http://jabber.org/protocol/disco#info'>"
         "<feature var='urn:xmpp:mam:2'/></query></iq>",
         iq_id);
    take_request();
}

/* ---- searches ---------------------------------------------------- */

static void begin(long most)
{
    xmpp_mam_search_t search;

    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_mam_search), 0, "in use");
    diary_login(&testbed);
    XMPP_INIT(xmpp_mam_search, search);
    search.text = "X";
    search.most = most;
    is_int(xmpp_mam_find(testbed.conn, &search, on_found, &testbed), 0,
           "a search begins");
    take_request();
}

static void end(const char *what)
{
    free(iq_id);
    free(queryid);
    iq_id = queryid = NULL;
    if (testbed.conn)
        diary_cut(&testbed);
    testbed_free(&testbed, what);
}

static void found(void)
{
    begin(3);
    hear_support();
    hear_page("8", "9");
    hear_page("6", "7");
    diary_is("found(XMPP_EOK in7 in8 in9 )", "three of two pages, in order");
    end("found");
}

static int cancel(void)
{
    return xmpp_result_cancel(testbed.conn, on_found, &testbed);
}

static void cancelled(void)
{
    begin(9);
    is_int(cancel(), 1, "cancelled before it is known who searches");
    hear_support();
    diary_is("", "nobody hears of it");
    end("cancelled at first");
    begin(9);
    hear_support();
    hear_page("8", "9");
    is_int(cancel(), 1, "cancelled with one page");
    hear_page("6", "7");
    diary_is("", "nobody hears of it");
    end("cancelled later");
}

static void released(void)
{
    begin(9);
    hear_support();
    hear_page("8", "9");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    diary_is("found(XMPP_ENOTCONN )", "it ends with its connection");
    end("released");
}

static void cut(void)
{
    begin(9);
    hear_support();
    hear_page("8", "9");
    diary_cut(&testbed);
    diary_is("found(XMPP_ENOTCONN )", "it ends with its session");
    testbed_free(&testbed, "cut");
    free(iq_id);
    free(queryid);
    iq_id = queryid = NULL;
}

int main(void)
{
    xmpp_mam_search_t none;

    testbed_make(&testbed);
    XMPP_INIT(xmpp_mam_search, none);
    is_int(xmpp_mam_find(testbed.conn, &none, NULL, NULL), XMPP_EINVOP,
           "not in use");
    testbed_free(&testbed, "refused");
    found();
    cancelled();
    released();
    cut();
    return done_testing();
}
