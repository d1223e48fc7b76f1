/* mam.c - what of an archive's pages reaches rows and the application
 * (XEP-0313), and what is held meanwhile. */

#include <xmpp/xep/mam.h>

#include <stdlib.h>

#include "conn/diary.h"

#define RESULT                                                                 \
    "<message%s><result xmlns='urn:xmpp:mam:2' queryid='%s' id='%lu'>"         \
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "    \
    "id='in%lu' from='juliet@example.net/b'/></forwarded></result></message>"

static struct testbed testbed;

/* ---- a module that sees what comes of them ----------------------- */

static xmpp_result_handler cancelled;
static bool is_released;

static int on_any(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    diary_add("%s(%d)", xmpp_stanza_get_id(in->message), (int)in->via);
    if (cancelled)
        diary_add("cancelled(%d)",
                  xmpp_result_cancel(conn, cancelled, &testbed));
    cancelled = NULL;
    if (is_released) {
        xmpp_conn_release(conn);
        testbed.conn = NULL;
    }
    is_released = false;
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL, on_any),
    XMPP_ROWS_END};
static XMPP_MODULE(witness, "witness", 0, rows);

/* ---- queries ----------------------------------------------------- */

static xmpp_stanza_t *kept;
static const char *kept_id;

static void on_page(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    const xmpp_mam_page_t *page = result->value;

    (void)conn;
    (void)userdata;
    diary_add("page(%s", xmpp_strerror_name(result->status));
    if (page)
        diary_add("%lu%s%s", (unsigned long)page->result_count,
                  page->is_complete ? " complete" : "",
                  page->is_partial ? " partial" : "");
    diary_add(")");
    if (page && page->result_count) {
        kept = xmpp_stanza_clone(page->results[0]->message);
        kept_id = page->results[0]->id;
    }
}

/* The part of what was sent that is in front of `end` and behind `begin`. */
static char *part_of(const char *text, const char *begin, const char *end)
{
    const char *at = strstr(text, begin);

    at = at ? at + strlen(begin) : "";
    return strndup(at, strcspn(at, end));
}

static char *iq_id, *queryid;

static void begin(void)
{
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_mam), 0, "in use");
    is_int(xmpp_conn_use(testbed.conn, &witness), 0, "beside it");
    diary_login(&testbed);
}

static void query(void)
{
    struct str sent;
    char *text;

    is_int(xmpp_mam_get(testbed.conn, NULL, on_page, &testbed), 0, "queried");
    xmpp_run_once(testbed.ctx, 0);
    sent = memory_server_sent(testbed.server);
    text = strndup(sent.s, sent.n);
    free(iq_id);
    free(queryid);
    iq_id = part_of(text, " id=\"", "\"");
    queryid = part_of(text, "queryid=\"", "\"");
    free(text);
    memory_server_take(testbed.server, sent.n);
}

static void hear_results(const char *from, unsigned long first,
                         unsigned long last)
{
    char text[1000];

    for (unsigned long i = first; i <= last; i++) {
        snprintf(text, sizeof(text), RESULT, from, queryid, i, i);
        diary_hear(&testbed, text);
    }
}

static void hear_fin(unsigned long first, unsigned long last)
{
    char text[1000];

    snprintf(text, sizeof(text),
             "<iq type='result' id='%s'><fin xmlns='urn:xmpp:mam:2' "
             "complete='true'><set xmlns='http://jabber.org/protocol/rsm'>"
             "<first>%lu</first><last>%lu</last></set></fin></iq>",
             iq_id, first, last);
    diary_hear(&testbed, text);
}

static void end(const char *what)
{
    if (kept)
        xmpp_stanza_release(kept);
    kept = NULL;
    free(iq_id);
    free(queryid);
    iq_id = queryid = NULL;
    testbed_free(&testbed, what);
}

/* ---- what reaches whom ------------------------------------------- */

/* The envelope is nobody's message; what nobody queried is not handed on. */
static void handed_on(void)
{
    begin();
    query();
    hear_results("", 1, 2);
    diary_is("in1(3) in2(3)", "each before the page");
    hear_results(" from='guest@example.org'", 2, 3);
    diary_is("in3(3)", "but not twice");
    hear_fin(1, 3);
    diary_is("page(XMPP_EOK 3 complete )", "the page");
    hear_results("", 4, 4);
    diary_is("", "nothing behind it");
    is_str(kept_id, "1", "an id lives with its message");
    is_str(xmpp_stanza_get_id(kept), "in1", "which was held");
    diary_cut(&testbed);
    end("handed on");
}

/* As many as it likes to send. */
static void flooded(void)
{
    unsigned long most = 300;

    begin();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_mam, "results", 10);
    query();
    hear_results("", 1, most);
    diary_is("in1(3) in2(3) in3(3) in4(3) in5(3) in6(3) in7(3) in8(3) in9(3) "
             "in10(3)",
             "no more are taken than the limit");
    hear_fin(1, most);
    diary_is("page(XMPP_EOK 10 partial )", "and the page is not complete");
    xmpp_stanza_release(kept);
    kept = NULL;
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_mam, "octets", 1);
    query();
    hear_results("", 1, 2);
    hear_fin(1, 2);
    diary_is("in1(3) page(XMPP_EOK 1 partial )", "one, however long");
    ok(xmpp_stanza_get_memory(kept) > 100, "it takes memory");
    ok(xmpp_stanza_get_memory(NULL) == 0, "nothing takes none");
    diary_cut(&testbed);
    end("flooded");
}

static void cancels(void)
{
    begin();
    query();
    cancelled = on_page;
    hear_results("", 1, 2);
    diary_is("in1(3) cancelled(1)", "cancelled as a message is handed on");
    hear_fin(1, 2);
    diary_is("", "nobody hears of its end");
    query();
    hear_results("", 1, 1);
    is_released = true;
    hear_results("", 2, 2);
    diary_is("in1(3) in2(3) page(XMPP_ENOTCONN )",
             "released as a message is handed on");
    end("cancels");
}

static void refuses(void)
{
    xmpp_mam_query_t odd;

    XMPP_INIT(xmpp_mam_query, odd);
    testbed_make(&testbed);
    is_int(xmpp_mam_get(testbed.conn, NULL, NULL, NULL), XMPP_EINVOP,
           "not in use");
    is_int(xmpp_mam_get_support(testbed.conn, NULL, NULL, NULL), XMPP_EINVOP,
           "nor is this");
    ok(!xmpp_mam_find_support(testbed.conn, NULL), "nothing is known");
    xmpp_conn_use(testbed.conn, &xmpp_mod_mam);
    is_int(xmpp_mam_get(testbed.conn, NULL, NULL, NULL), XMPP_ENOTCONN,
           "not connected");
    odd.groupchat = 3;
    is_int(xmpp_mam_get(testbed.conn, &odd, NULL, NULL), XMPP_EARG,
           "no such choice");
    testbed_free(&testbed, "refuses");
}

/* What other modules may use of it. */
static void parts(void)
{
    static const char want[] =
        "<iq type=\"set\" to=\"room@chat.example.org\"><query "
        "xmlns=\"urn:xmpp:mam:2\" queryid=\"q\"><set "
        "xmlns=\"http://jabber.org/protocol/rsm\"><max>7</max></set></query>"
        "</iq>";
    xmpp_mam_query_t all;
    xmpp_jid_t *room;
    xmpp_stanza_t *iq;
    char *text;
    size_t n;

    begin();
    room = xmpp_jid_from_string(testbed.ctx, "room@chat.example.org", NULL);
    XMPP_INIT(xmpp_mam_query, all);
    all.archive = *room;
    iq = xmpp_mam_query_iq(testbed.conn, &all, "q", 7);
    xmpp_stanza_to_text(iq, &text, &n);
    is_str(text, want, "a query as an iq");
    ok(!xmpp_mam_result_read(NULL), "no result");
    xmpp_free(testbed.ctx, text);
    xmpp_stanza_release(iq);
    iq = xmpp_mam_iq(testbed.conn, "get", NULL);
    ok(!xmpp_stanza_get_to(iq), "our account has no address");
    xmpp_stanza_release(iq);
    xmpp_free(testbed.ctx, room);
    diary_cut(&testbed);
    end("parts");
}

int main(void)
{
    parts();
    handed_on();
    flooded();
    cancels();
    refuses();
    return done_testing();
}
