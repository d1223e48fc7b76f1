/* extensions_talks.c - conversations: what messages have in them, both ways,
 * and what both sides report. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_CHAT
#include <time.h>

#include <xmpp/ns.h>
#include <xmpp/xep/chat.h>
#include <xmpp/xep/message.h>

#define PATIENCE 30 /* seconds, only to end a test that hangs */

/* The last lines of what was heard, one after the other. */
static char heard[16384];

static void hear(const char *what, const xmpp_payload_t *payload,
                 const void *value)
{
    size_t n = strlen(heard);

    if (n > sizeof(heard) / 2)
        heard[0] = '\0';
    n = strlen(heard);
    snprintf(heard + n, sizeof(heard) - n, "%s ", what);
    n = strlen(heard);
    xmpp_payload_print(payload, value, heard + n, sizeof(heard) - n);
}

static void on_report(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    (void)conn;
    (void)userdata;
    hear(event->name, event->payload, event->value);
}

static int on_talk(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_reactions_t *reactions = xmpp_reactions_get(in->message);
    const xmpp_forwarded_t *forwarded =
        xmpp_payload_find(in->message, &xmpp_forwarded);

    (void)conn;
    (void)state;
    hear("message", &xmpp_message, in->value);
    if (reactions)
        hear("reactions", &xmpp_reactions, reactions);
    if (forwarded)
        hear("forwarded", &xmpp_message,
             xmpp_message_read(xmpp_forwarded_get_stanza(forwarded)));
    return 0;
}

static const xmpp_row_t rows[] = {XMPP_NEEDS(&xmpp_mod_chat),
                                  XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE,
                                               NULL, NULL, &xmpp_message,
                                               on_talk),
                                  XMPP_ROWS_END};
static XMPP_MODULE(mod_ears, "ears", 0, rows);

static void use_talks(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &mod_ears), 0, "chats in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_chat, on_report, NULL);
    xmpp_conn_watch(us->conn, &xmpp_mod_chat_state, on_report, NULL);
}

/* ---- words ------------------------------------------------------- */

/* `talk` is the client that talks; orders are given by `us`, so that they are
 * no part of the conversation. */
static struct us *us, talk;

static void heard_until(const char *part, const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    while (!strstr(heard, part) && time(NULL) < end)
        xmpp_run_once(us->ctx, 100);
    if (!ok(strstr(heard, part) != NULL, "%s", what))
        printf("#  want %s\n#  heard %s\n", part, heard);
    heard[0] = '\0';
}

static void sends(xmpp_stanza_t *message, const char *seen, const char *what)
{
    is_int(xmpp_send_take(talk.conn, message), 0, "%s", what);
    us_order_until(us, seen, "talks");
}

/* The counterpart sends something; what we read of it. */
static void receives(const char *order, const char *part)
{
    is_str(us_order(us, "talk %s/talk %s", us->bare, order), "ok", "%s", order);
    heard_until(part, "which we read");
}

static xmpp_jid_t peer_jid(void)
{
    static char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    return peer;
}

static xmpp_message_t message_with(const char *id, const char *body)
{
    xmpp_message_t m;

    XMPP_INIT(xmpp_message, m);
    m.to = peer_jid();
    m.type = XMPP_MESSAGE_CHAT;
    m.id = id;
    m.body = body;
    return m;
}

static xmpp_stanza_t *built(const xmpp_message_t *m)
{
    return xmpp_message_build(talk.conn, m);
}

static xmpp_stanza_t *empty(const char *id)
{
    return xmpp_message_new(us->ctx, "chat", us->peer, id);
}

/* ---- subjects ---------------------------------------------------- */

static void reports(void)
{
    xmpp_message_t m = message_with("t1", "one");
    xmpp_jid_t peer = peer_jid();

    m.is_markable = m.wants_receipt = 1;
    sends(built(&m), "chat t1 one markable= state=active", "a message");
    heard_until("received {jid: \"", "a receipt comes back");
    receives("p1 marked t1", "marked {jid: \"");
    receives("p2 state composing", "changed {jid: \"");
    is_int(xmpp_chat_get_state(talk.conn, &peer), XMPP_CHAT_COMPOSING,
           "it composes");
    is_int(xmpp_chat_set_state(talk.conn, &peer, XMPP_CHAT_COMPOSING), 0,
           "so do we");
    us_order_until(us, "state=composing", "talks");
    receives("p3 asking for news", "body: \"for news\"");
    us_order_until(us, "receipt=p3", "talks");
    is_int(xmpp_chat_mark(talk.conn, &peer, "p3", XMPP_MARKER_DISPLAYED), 0,
           "a marker");
    us_order_until(us, "displayed=p3 store=", "talks");
}

static void changes(void)
{
    static const char *const emoji[] = {"\xf0\x9f\x91\x8b", "\xf0\x9f\x90\xa2"};
    xmpp_message_t m = message_with("t2", "two");
    xmpp_stanza_t *message = empty("t3");
    xmpp_reactions_t reactions;

    m.replaces = "t1";
    sends(built(&m), "t2 two replace=t1", "a correction");
    receives("p4 correction p3 good news", "replaces: \"p3\"");
    XMPP_INIT(xmpp_reactions, reactions);
    reactions.id = "p3";
    reactions.reactions = emoji;
    reactions.reaction_count = 2;
    xmpp_reactions_add(message, &reactions);
    sends(message,
          "reactions=p3 store= reaction=\xf0\x9f\x91\x8b "
          "reaction=\xf0\x9f\x90\xa2",
          "reactions");
    receives("p5 reactions t2 \xf0\x9f\x91\x8b \xf0\x9f\x91\x8b",
             "reactions {id: \"t2\", reactions: [\"\xf0\x9f\x91\x8b\"]}");
    message = empty("t4");
    xmpp_retract_add(message, "t2", "It was retracted.");
    sends(message, "It was retracted. store= fallback=", "a retraction");
    us_order_until(us, "retract=t2", "talks");
    receives("p6 retraction p3", "retract: {id: \"p3\"}");
}

static void replies(void)
{
    xmpp_stanza_t *message = empty("t5");
    xmpp_reply_t reply;

    XMPP_INIT(xmpp_reply, reply);
    reply.id = "p3";
    reply.to = peer_jid();
    is_int(xmpp_reply_add(message, &reply, "for news", "none"), 0, "a reply");
    sends(message, "t5 > for news\nnone reply=p3", "which quotes");
    receives("p7 reply t5 I see", "reply: {to: \"");
}

static void extras(void)
{
    xmpp_message_t m = message_with("t6", "https://example.org/a");
    xmpp_oob_t oob;
    const xmpp_oob_t *oobs = &oob;
    xmpp_encryption_t encryption;
    xmpp_stanza_t *message, *inner;

    XMPP_INIT(xmpp_oob, oob);
    oob.url = "https://example.org/a";
    XMPP_INIT(xmpp_encryption, encryption);
    encryption.ns = XMPP_NS_OMEMO2;
    m.oobs = &oobs;
    m.oob_count = 1;
    m.encryption = &encryption;
    m.no_store = 1;
    m.origin_id = "t6";
    sends(built(&m),
          "oob=https://example.org/a origin_id=t6 eme=urn:xmpp:omemo:2 "
          "no-store=",
          "a message with much in it");
    receives("p8 file https://example.org/b",
             "oobs: [{url: \"https://example.org/b\"}]");
    receives("p9 secret urn:xmpp:omemo:2",
             "encryption: {ns: \"urn:xmpp:omemo:2\"}");
    receives("p10 forwarded as it was", "body: \"as it was\"");
    m = message_with("t7", "inside");
    message = empty("t8");
    xmpp_message_set_body(message, "look");
    inner = built(&m);
    xmpp_forwarded_add(message, inner, xmpp_time_now());
    xmpp_stanza_release(inner);
    sends(message, "t8 look forwarded=", "a message in another");
    us_order_until(us, "inside", "talks");
}
#endif

void test_talks(struct us *ordering, char **argv)
{
#ifdef XMPP_HAVE_CHAT
    us = ordering;
    talk = (struct us){.ctx = us->ctx, .bare = us->bare, .peer = us->peer};
    us_begin(&talk, argv, "talk", use_talks);
    reports();
    changes();
    replies();
    extras();
    us_end(&talk);
#endif
    (void)ordering;
    (void)argv;
}
