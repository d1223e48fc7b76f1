/* search.c - searching directories (XEP-0055). */

#include <xmpp/xep/search.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

#define FIELD(T, member) XMPP_CHILD(T, member, TEXT, #member)
#define PERSON_FIELDS(T)                                                       \
    FIELD(T, first), FIELD(T, last), FIELD(T, nick), FIELD(T, email)

static const xmpp_field_t item_fields[] = {
    XMPP_ATTR_MUST(xmpp_search_item_t, jid, JID, "jid"),
    PERSON_FIELDS(xmpp_search_item_t),
};
XMPP_PAYLOAD(xmpp_search_item, xmpp_search_item_t, "item", XMPP_NS_SEARCH,
             item_fields);

static const xmpp_field_t search_fields[] = {
    FIELD(xmpp_search_t, instructions),
    PERSON_FIELDS(xmpp_search_t),
    XMPP_ELEMENT(xmpp_search_t, form, &xmpp_form),
    XMPP_ELEMENTS(xmpp_search_t, items, item_count, &xmpp_search_item),
};
XMPP_PAYLOAD(xmpp_search, xmpp_search_t, "query", XMPP_NS_SEARCH,
             search_fields);

/* ---- requests ---------------------------------------------------- */

int xmpp_search_get(xmpp_conn_t *conn, const char *directory,
                    xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", directory);

    xmpp_stanza_add_tag(iq, "query", XMPP_NS_SEARCH);
    return xmpp_request(conn, iq, &xmpp_search, handler, userdata);
}

int xmpp_search_submit(xmpp_conn_t *conn, const char *directory,
                       const xmpp_search_t *fields, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_search_t sent;
    xmpp_stanza_t *iq;

    if (!fields)
        return xmpp_conn_fail(conn, &xmpp_mod_search, XMPP_EARG,
                              "there are no fields: pass what to search for");
    XMPP_INIT(xmpp_search, sent);
    sent.first = fields->first;
    sent.last = fields->last;
    sent.nick = fields->nick;
    sent.email = fields->email;
    iq = xmpp_iq_to(conn, "set", directory);
    xmpp_payload_add(iq, &xmpp_search, &sent);
    return xmpp_request(conn, iq, &xmpp_search, handler, userdata);
}

int xmpp_search_submit_form(xmpp_conn_t *conn, const char *directory,
                            xmpp_stanza_t *form, xmpp_result_handler handler,
                            void *userdata)
{
    return xmpp_form_request(conn, directory, XMPP_NS_SEARCH, form,
                             &xmpp_search, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_SPEC("XEP-0055", "1.3", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_search, "search", 0, rows);
