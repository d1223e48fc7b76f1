/* caps_stranger.c - whom a query for capabilities would show that we are
 * there. */

#include <xmpp/xep/caps_stranger.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>

#define MINUTE 60000 /* milliseconds */

struct strangers {
    xmpp_dict_t *shown;   /* bare addresses with directed presence */
    unsigned long minute; /* when the last one began, in xmpp_ctx_now() */
    long queries;         /* in that minute */
    long shown_most, each_minute;
};

static struct strangers *strangers_of(xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_caps_stranger);
}

/* A room stands for its occupants. */
static void on_directed(xmpp_conn_t *conn, xmpp_stanza_t *presence, void *state)
{
    const char *type = xmpp_stanza_get_type(presence);
    struct strangers *s = state;
    xmpp_jid_t to;

    (void)conn;
    if (xmpp_stanza_get_jid(presence, "to", &to) <= 0)
        return;
    xmpp_dict_set_most(s->shown, (size_t)s->shown_most);
    if (!type)
        xmpp_dict_put_jid(s->shown, &to, XMPP_JID_BARE);
    else if (strcmp(type, "unavailable") == 0)
        xmpp_dict_drop(s->shown,
                       xmpp_dict_find_jid(s->shown, &to, XMPP_JID_BARE));
}

static int strangers_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                             void *state)
{
    struct strangers *s = state;

    if (event == XMPP_ATTACHED)
        s->shown = xmpp_dict_new(xmpp_conn_get_context(conn), 0, 0, NULL);
    if (event == XMPP_SESSION_ENDED)
        xmpp_dict_clear(s->shown);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(s->shown);
    return s->shown ? 0 : XMPP_EMEM;
}

static const xmpp_row_t rows[] = {
    XMPP_OUT_PRESENCE(on_directed),
    XMPP_LIFECYCLE(strangers_on_turn),
    XMPP_LIMIT("shown", 1000, 1, 1000000,
               offsetof(struct strangers, shown_most)),
    XMPP_LIMIT("queries", 10, 0, 1000000,
               offsetof(struct strangers, each_minute)),
    XMPP_SPEC("XEP-0115", "1.6.0", "complete"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_caps_stranger, "caps_stranger", sizeof(struct strangers),
            rows);

#define KNOWN                                                                  \
    (XMPP_SENDER_OWN | XMPP_SENDER_SERVER | XMPP_SENDER_CONTACT |              \
     XMPP_SENDER_SEEN | XMPP_SENDER_ROOM)

/* Where no module knows contacts, nobody is known to be none. */
int xmpp_caps_is_stranger(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const struct strangers *s = strangers_of(conn);

    return s && !xmpp_conn_is_component(conn) &&
           xmpp_conn_next_row(conn, XMPP_ROW_KNOWS, NULL, NULL) &&
           !xmpp_conn_sender_is(conn, jid, KNOWN) &&
           !xmpp_dict_find_jid(s->shown, jid, XMPP_JID_BARE);
}

/* May one more be queried in this minute? */
static int takes_turn(xmpp_conn_t *conn, struct strangers *s)
{
    unsigned long now = xmpp_ctx_now(xmpp_conn_get_context(conn));

    if (now - s->minute >= MINUTE) {
        s->minute = now;
        s->queries = 0;
    }
    return s->queries++ < s->each_minute;
}

int xmpp_caps_may_query(xmpp_conn_t *conn, const char *jid)
{
    struct strangers *s = strangers_of(conn);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t address;

    return s && jid &&
           xmpp_jid_parse(jid, (size_t)-1, XMPP_JID_LENIENT, buffer, &address,
                          NULL) == 0 &&
           (!xmpp_caps_is_stranger(conn, &address) || takes_turn(conn, s));
}
