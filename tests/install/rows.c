/* rows.c - a module with a row of every kind, for compilers of C89 and C++. */

#include <xmpp/xmpp.h>

typedef struct {
    size_t size;
    const char *name; /* of a thing */
    long count;       /* of things */
} thing_t;

static const xmpp_field_t thing_fields[] = {
    XMPP_ATTR_MUST(thing_t, name, TEXT, "name"),
    XMPP_ATTR(thing_t, count, NUMBER, "count")};
static XMPP_PAYLOAD(thing, thing_t, "thing", "urn:thing", thing_fields);

struct things {
    long most;
};

static int on_thing(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const thing_t *value = (const thing_t *)in->value;

    (void)conn;
    (void)state;
    return value && value->count > 1 ? 1 : XMPP_EARG;
}

static void add_thing(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *state)
{
    (void)conn;
    (void)state;
    xmpp_stanza_add_tag(stanza, "thing", "urn:thing");
}

static int on_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    (void)state;
    return event == XMPP_ATTACHED ? XMPP_EMEM : 0;
}

static int is_known(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)conn;
    (void)state;
    return jid->local_size > 0;
}

static const xmpp_row_t no_rows[] = {XMPP_ROWS_END};
static XMPP_MODULE(needed, "needed", 0, no_rows);

static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:thing", "thing", &thing, on_thing),
    XMPP_IQ_SET(XMPP_SENDER_OWN | XMPP_SENDER_CONTACT, "urn:thing", NULL, NULL,
                on_thing),
    XMPP_MESSAGE(XMPP_SENDER_ACCOUNT, XMPP_LIVE, NULL, NULL, NULL, on_thing),
    XMPP_MESSAGE(XMPP_SENDER_ASKED, XMPP_ALL, "urn:thing", "thing", &thing,
                 on_thing),
    XMPP_WRAP(XMPP_SENDER_SERVER, "urn:thing", "thing", on_thing),
    XMPP_PRESENCE(XMPP_SENDER_ROOM, "urn:thing", "thing", &thing, on_thing),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, "urn:thing", &thing, on_thing),
    XMPP_OUT_PRESENCE(add_thing),
    XMPP_OUT_MESSAGE(add_thing),
    XMPP_FEATURE("urn:thing"),
    XMPP_IDENTITY("client", "bot", NULL),
    XMPP_FORM(add_thing),
    XMPP_BIND("urn:thing", "thing"),
    XMPP_OFFER("urn:thing", "thing", on_thing),
    XMPP_NEEDS(&needed),
    XMPP_LIFECYCLE(on_life),
    XMPP_EVENT(1, "changed", &thing),
    XMPP_LIMIT("most", 10, 1, 100, offsetof(struct things, most)),
    XMPP_SPEC("XEP-0000", "1.0", "complete"),
    XMPP_KNOWS(XMPP_SENDER_ROOM, is_known),
    XMPP_ROWS_END};
static XMPP_MODULE(things, "things", sizeof(struct things), rows);

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    int rc = xmpp_conn_use(conn, &things);

    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return rc == XMPP_EMEM ? 0 : 1;
}
