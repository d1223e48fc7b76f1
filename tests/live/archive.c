/* archive.c - archives of messages and blocked addresses on a real server, with
 * slixmpp at the other end (archive.py).
 *
 * usage: archive PORT CA-FILE JID PASSWORD COUNTERPART ROOMS-SERVICE */

#include "live/archive.h"

#if defined(XMPP_HAVE_MAM_SEARCH) && defined(XMPP_HAVE_MAM_PREFS) &&           \
    defined(XMPP_HAVE_PRESENCE)
#include <xmpp/module.h>
#include <xmpp/xep/mam.h>
#include <xmpp/xep/mam_prefs.h>
#include <xmpp/xep/mam_search.h>
#include <xmpp/xep/presence.h>

#define MESSAGES 2000
#define PAGE 100

static xmpp_jid_t *jid_of(struct us *us, const char *text)
{
    return xmpp_jid_from_string(us->ctx, text, NULL);
}

/* ---- what rows get ----------------------------------------------- */

struct rows_state {
    int archived;
};

static int on_any(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    ((struct rows_state *)state)->archived += in->via == XMPP_VIA_ARCHIVE;
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL, on_any),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_rows, "rows", sizeof(struct rows_state), rows);

/* ---- walking through an archive ---------------------------------- */

/* Page by page; what is not numbered, such as orders, is only counted. */
struct walk {
    xmpp_conn_t *conn;
    xmpp_mam_query_t query;
    xmpp_rsm_t page;
    int step, next; /* the number that is due, and the way it goes */
    int numbered, others, pages, ended, wrong, status;
    char id[200], first_id[200], last_id[200], middle_id[200];
    xmpp_time_t middle;
};

static void on_walked(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata);

static void walk_page(struct walk *walk)
{
    walk->status = xmpp_mam_get(walk->conn, &walk->query, on_walked, walk);
    walk->ended += walk->status != 0;
}

static void look_at(struct walk *walk, const xmpp_mam_result_t *result)
{
    const char *body =
        xmpp_stanza_get_child_text(result->message, "body", NULL);
    int number;

    snprintf(walk->last_id, sizeof(walk->last_id), "%s", result->id);
    if (!walk->first_id[0])
        snprintf(walk->first_id, sizeof(walk->first_id), "%s", result->id);
    if (!body || sscanf(body, "m %d", &number) != 1) {
        walk->others++;
        return;
    }
    if (number == MESSAGES / 2) {
        snprintf(walk->middle_id, sizeof(walk->middle_id), "%s", result->id);
        walk->middle = result->stamp;
    }
    walk->wrong += number != walk->next;
    walk->next = number + walk->step;
    walk->numbered++;
}

static void on_walked(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    const xmpp_mam_page_t *page = result->value;
    struct walk *walk = userdata;
    const char *id = NULL;

    (void)conn;
    walk->status = result->status;
    walk->pages++;
    for (size_t i = 0; page && i < page->result_count; i++)
        look_at(walk, page->results[i]);
    if (page && !page->is_complete)
        id = walk->step > 0 ? xmpp_rsm_get_next(&walk->page, page->set)
                            : xmpp_rsm_get_previous(&walk->page, page->set);
    if (!id) {
        walk->ended++;
        return;
    }
    snprintf(walk->id, sizeof(walk->id), "%s", id);
    *(walk->step > 0 ? &walk->page.after : &walk->page.before) = walk->id;
    walk_page(walk);
}

static void walk_begin(struct us *us, struct walk *walk, const xmpp_jid_t *with,
                       int step)
{
    memset(walk, 0, sizeof(*walk));
    walk->conn = us->conn;
    walk->step = step;
    walk->next = step > 0 ? 0 : MESSAGES - 1;
    XMPP_INIT(xmpp_mam_query, walk->query);
    XMPP_INIT(xmpp_rsm, walk->page);
    if (with)
        walk->query.with = *with;
    walk->query.page = &walk->page;
    walk->page.max = PAGE;
    if (step < 0)
        walk->page.before = "";
}

static void walk_all(struct us *us, struct walk *walk, const char *what)
{
    walk_page(walk);
    us_await(us, &walk->ended, 1, what);
    is_int(walk->status, 0, "without an error");
    is_int(walk->numbered, MESSAGES, "every message is there");
    is_int(walk->wrong, 0, "in its place");
}

/* ---- our account ------------------------------------------------- */

static void fills(struct us *us)
{
    char body[32];

    for (int i = 0; i < MESSAGES; i++) {
        xmpp_stanza_t *m = xmpp_message_new(us->ctx, "chat", us->peer, NULL);

        snprintf(body, sizeof(body), "m %d", i);
        xmpp_message_set_body(m, body);
        xmpp_send_take(us->conn, m);
        if (i % 500 == 499)
            us_order_until(us, body, "latest");
    }
}

static void selects(struct us *us, const struct walk *all)
{
    const char *ids[] = {all->middle_id};
    struct outcome o = {0};
    xmpp_mam_query_t query;
    xmpp_rsm_t page;
    char want[250];

    XMPP_INIT(xmpp_mam_query, query);
    snprintf(want, sizeof(want), "{id: \"%s\"", all->middle_id);
    query.start = query.end = all->middle;
    us_ends(us, &o, xmpp_mam_get(us->conn, &query, on_outcome, &o), 0,
            "{results: [", "some are found by their time");
    XMPP_INIT(xmpp_mam_query, query);
    query.ids = ids;
    query.id_count = 1;
    if (xmpp_mam_find_support(us->conn, NULL)->is_extended)
        us_ends(us, &o, xmpp_mam_get(us->conn, &query, on_outcome, &o), 0, want,
                "and by its id");
    else
        is_int(xmpp_mam_get(us->conn, &query, on_outcome, &o), XMPP_ENOSERVICE,
               "but not by its id, which is not supported");
    XMPP_INIT(xmpp_mam_query, query);
    XMPP_INIT(xmpp_rsm, page);
    page.after = "0";
    page.max = 1;
    query.page = &page;
    if (strcmp(us->domain, "ejd.test") != 0) /* its ids are times */
        us_ends(us, &o, xmpp_mam_get(us->conn, &query, on_outcome, &o),
                XMPP_ESTANZA, NULL, "an id that is not there is refused");
}

static void describes(struct us *us, const struct walk *all)
{
    struct outcome o = {0};
    const xmpp_mam_support_t *support;

    us_ends(us, &o, xmpp_mam_get_support(us->conn, NULL, on_outcome, &o), 0,
            "is_supported: true", "there is an archive");
    support = xmpp_mam_find_support(us->conn, NULL);
    ok(support != NULL, "which is remembered");
    printf("# extended %d, text %d, rooms %d %d\n", support->is_extended,
           support->has_text, support->has_groupchat_field,
           support->has_groupchat);
    us_ends(us, &o, xmpp_mam_get_fields(us->conn, NULL, NULL, on_outcome, &o),
            0, "var: \"with\"", "it has fields");
    if (support->is_extended)
        us_ends(us, &o, xmpp_mam_get_metadata(us->conn, NULL, on_outcome, &o),
                0, all->first_id, "it begins where we began");
}

static void prefers(struct us *us)
{
    struct outcome o = {0};
    xmpp_mam_jids_t nobody;
    xmpp_jid_t *jid = jid_of(us, "noisy@example.net");
    xmpp_mam_prefs_t prefs;

    nobody.size = sizeof(nobody);
    nobody.jids = jid;
    nobody.jid_count = 1;
    XMPP_INIT(xmpp_mam_prefs, prefs);
    prefs.otherwise = XMPP_MAM_ALWAYS;
    prefs.never = &nobody;
    us_ends(us, &o, xmpp_mam_get_prefs(us->conn, on_outcome, &o), 0,
            "otherwise: ", "there are preferences");
    us_ends(us, &o, xmpp_mam_set_prefs(us->conn, &prefs, on_outcome, &o), 0,
            "never: {jids: [\"noisy@example.net\"]}", "they are set");
    us_ends(us, &o, xmpp_mam_get_prefs(us->conn, on_outcome, &o), 0,
            "otherwise: always", "and stay");
    xmpp_free(us->ctx, jid);
}

/* One that is there once, and some of many, from the other end. */
static void finds(struct us *us, const xmpp_jid_t *with)
{
    struct outcome o = {0};
    xmpp_mam_search_t search;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_mam_search), 0, "search in use");
    XMPP_INIT(xmpp_mam_search, search);
    search.with = *with;
    search.text = "M 1234";
    search.most = 1;
    us_ends(us, &o, xmpp_mam_find(us->conn, &search, on_outcome, &o), 0,
            "results: [{id: ", "a message is found by its text");
    search.is_ahead = 1;
    search.most = 3;
    search.text = "m 19";
    us_ends(us, &o, xmpp_mam_find(us->conn, &search, on_outcome, &o), 0,
            "results: [{id: ", "some from the other end");
    search.text = "nowhere";
    us_ends(us, &o, xmpp_mam_find(us->conn, &search, on_outcome, &o), 0,
            "{older: ", "what is not there is not found in 20 pages");
}

static void test_account(struct us *us)
{
    xmpp_jid_t *with = jid_of(us, us->peer);
    struct rows_state *seen = xmpp_conn_get_state(us->conn, &mod_rows);
    struct walk ahead, back;
    char want[64];

    xmpp_jid_cut(with, XMPP_JID_BARE, with);
    fills(us);
    walk_begin(us, &ahead, with, 1);
    walk_all(us, &ahead, "from the beginning to the end");
    ok(ahead.pages >= MESSAGES / PAGE, "in %d pages", ahead.pages);
    is_int(seen->archived, ahead.numbered + ahead.others, "rows get all");
    describes(us, &ahead);
    selects(us, &ahead);
    walk_begin(us, &back, with, -1);
    back.query.is_flipped = xmpp_mam_find_support(us->conn, NULL)->is_extended;
    back.wrong = back.query.is_flipped ? 0 : -MESSAGES;
    walk_page(&back);
    us_await(us, &back.ended, 1, "and back");
    is_int(back.numbered, MESSAGES, "every message is there");
    ok(back.wrong <= 0, "in its place");
    snprintf(want, sizeof(want), "%d m 0 m %d", MESSAGES, MESSAGES - 1);
    is_str(us_order(us, "archive"), want, "slixmpp finds as many in its own");
    finds(us, with);
    prefers(us);
    xmpp_free(us->ctx, with);
}

/* ---- a room ------------------------------------------------------ */

static void enter(struct us *us, const char *room)
{
    char occupant[300];
    struct outcome o = {0};
    xmpp_stanza_t *p = xmpp_presence_new(us->ctx);
    xmpp_stanza_t *iq = xmpp_iq_to(us->conn, "set", room);
    xmpp_stanza_t *x;

    snprintf(occupant, sizeof(occupant), "%s/romeo", room);
    xmpp_stanza_set_to(p, occupant);
    xmpp_stanza_add_tag(p, "x", "http://jabber.org/protocol/muc");
    xmpp_send_take(us->conn, p);
    x = xmpp_stanza_add_tag(
        xmpp_stanza_add_tag(iq, "query",
                            "http://jabber.org/protocol/muc#owner"),
        "x", XMPP_NS_FORM);
    xmpp_stanza_put(x, "type", "submit");
    us_ends(us, &o, xmpp_request(us->conn, iq, NULL, on_outcome, &o), 0, NULL,
            "a room is created");
}

static void test_room(struct us *us, const char *service)
{
    struct outcome o = {0};
    xmpp_mam_query_t query;
    xmpp_jid_t *jid;
    char room[256], body[32];
    int before = us->messages;

    snprintf(room, sizeof(room), "garden@%s", service);
    jid = jid_of(us, room);
    enter(us, room);
    for (int i = 0; i < 5; i++) {
        xmpp_stanza_t *m = xmpp_message_new(us->ctx, "groupchat", room, NULL);

        snprintf(body, sizeof(body), "line %d", i);
        xmpp_message_set_body(m, body);
        xmpp_send_take(us->conn, m);
    }
    us_await(us, &us->messages, before + 5, "five messages in it");
    us_ends(us, &o, xmpp_mam_get_support(us->conn, jid, on_outcome, &o), 0,
            "is_supported: true", "it has an archive");
    XMPP_INIT(xmpp_mam_query, query);
    query.archive = *jid;
    us_ends(us, &o, xmpp_mam_get(us->conn, &query, on_outcome, &o), 0,
            "is_complete: true", "which is queried");
    xmpp_free(us->ctx, jid);
}

static void use_at_first(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_presence), 0, "presence in use");
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_mam), 0, "archives in use");
    is_int(xmpp_conn_use(us->conn, &mod_rows), 0, "and rows");
}

int main(int argc, char **argv)
{
    struct us us = {0};

    if (argc != 7)
        bail("usage");
    us.ctx = xmpp_ctx_new(NULL, NULL);
    us.bare = argv[3];
    us.peer = argv[5];
    us.domain = strchr(us.bare, '@') + 1;
    us_begin(&us, argv, "us", use_at_first);
    test_account(&us);
    test_room(&us, argv[6]);
    test_blocking(&us, argv);
    us_end(&us);
    xmpp_ctx_free(us.ctx);
    return done_testing();
}

#else

int main(void)
{
    skip("archives are not built");
    return done_testing();
}

#endif
