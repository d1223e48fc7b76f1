/* message.c - a whole message read and built, and its languages. */

#include <xmpp/xep/message.h>

#include "conn/testbed.h"
#include "xep/is_xml.h"
#include "xep/message_of.h"

static struct testbed testbed;

/* ---- building ---------------------------------------------------- */

static void check_building(void)
{
    xmpp_jid_t *juliet =
        xmpp_jid_from_string(testbed.ctx, "juliet@capulet.lit", NULL);
    xmpp_stanza_t *stanza;
    xmpp_message_t m;

    XMPP_INIT(xmpp_message, m);
    m.to = *juliet;
    m.type = XMPP_MESSAGE_CHAT;
    m.id = "1";
    m.body = "Hi & bye";
    m.thread = "t1";
    m.parent_thread = "t0";
    m.wants_receipt = m.is_markable = 1;
    m.chat_state = XMPP_CHAT_ACTIVE;
    m.replaces = "0";
    stanza = xmpp_message_build(testbed.conn, &m);
    is_xml(stanza,
           "<message to=\"juliet@capulet.lit\" id=\"1\" type=\"chat\">"
           "<body>Hi &amp; bye</body><thread parent=\"t0\">t1</thread>"
           "<request xmlns=\"urn:xmpp:receipts\"/>"
           "<markable xmlns=\"urn:xmpp:chat-markers:0\"/>"
           "<active xmlns=\"http://jabber.org/protocol/chatstates\"/>"
           "<replace xmlns=\"urn:xmpp:message-correct:0\" id=\"0\"/></message>",
           "built");
    ok(xmpp_payload_equal(&xmpp_message, xmpp_message_read(stanza), &m),
       "and read again");
    xmpp_stanza_release(stanza);
    ok(!xmpp_message_build(testbed.conn, NULL), "nothing");
    xmpp_free(testbed.ctx, juliet);
}

/* What is to be confirmed has an id, and only that is given one. */
static void check_id(void)
{
    for (int wants = 0; wants < 3; wants++) {
        xmpp_stanza_t *stanza = NULL;
        xmpp_message_t m;

        XMPP_INIT(xmpp_message, m);
        m.body = "Hi";
        m.wants_receipt = wants == 1;
        m.is_markable = wants == 2;
        for (unsigned long n = 1; !stanza && n < 30; n++) {
            failmem_arm(&testbed.memory, n, 0);
            stanza = xmpp_message_build(testbed.conn, &m);
            failmem_arm(&testbed.memory, 0, 0);
            is_int(stanza && xmpp_stanza_get_id(stanza), stanza && wants,
                   "an id for %d, or no message", wants);
            if (stanza && xmpp_stanza_get_status(stanza)) {
                xmpp_stanza_release(stanza);
                stanza = NULL;
            }
        }
        is_int(xmpp_receipt_is_requested(stanza), wants == 1, "a receipt");
        is_int(xmpp_marker_is_requested(stanza), wants == 2, "a marker");
        xmpp_stanza_release(stanza);
    }
}

static void check_reading(void)
{
    xmpp_stanza_t *stanza = message_of(testbed.ctx, "type='normal'", "<body/>");
    const xmpp_message_t *m = xmpp_message_read(stanza);

    is_int(m ? m->type : -1, XMPP_MESSAGE_NORMAL, "the default");
    is_str(m ? m->body : NULL, "", "an empty body");
    xmpp_stanza_release(stanza);
    stanza = xmpp_stanza_new_from_string(testbed.ctx, "<presence/>");
    ok(!xmpp_message_read(stanza), "not a message");
    xmpp_stanza_release(stanza);
    ok(!xmpp_message_read(NULL), "nothing");
}

/* In a copy, or in an archive. */
static void check_inside(void)
{
    xmpp_stanza_t *stanza =
        message_of(testbed.ctx, "",
                   "<forwarded xmlns='urn:xmpp:forward:0'><message "
                   "xmlns='jabber:client' id='in'><body>Hi</body></message>"
                   "<message id='odd'/></forwarded>");
    const xmpp_forwarded_t *forwarded =
        xmpp_payload_find(stanza, &xmpp_forwarded);
    const xmpp_message_t *m =
        xmpp_message_read(xmpp_forwarded_get_stanza(forwarded));

    is_str(m ? m->id : NULL, "in", "a message inside another");
    is_str(m ? m->body : NULL, "Hi", "with its body");
    xmpp_stanza_release(stanza);
}

static void check_without_memory(void)
{
    xmpp_stanza_t *stanza = NULL;
    xmpp_message_t m;

    XMPP_INIT(xmpp_message, m);
    m.id = "1";
    m.body = "Hi";
    for (unsigned long n = 1; !stanza && n < 20; n++) {
        failmem_arm(&testbed.memory, n, 0);
        stanza = xmpp_message_build(testbed.conn, &m);
        failmem_arm(&testbed.memory, 0, 0);
        if (stanza && xmpp_stanza_get_status(stanza)) {
            xmpp_stanza_release(stanza);
            stanza = NULL;
        }
    }
    is_xml(stanza, "<message id=\"1\"><body>Hi</body></message>",
           "a tree that did not fail is whole");
    xmpp_stanza_release(stanza);
}

/* ---- languages --------------------------------------------------- */

#define L(tag, text) "<body xml:lang='" tag "'>" text "</body>"
#define FOUR                                                                   \
    L("de-AT", "Servus") "<body>Hi</body>" L("de", "Hallo") L("fr", "Salut")

static const struct {
    const char *attributes, *inside, *langs, *want;
} choices[] = {
    {"", FOUR, NULL, "Hi"},
    {"", FOUR, "", "Hi"},
    {"", FOUR, "fr", "Salut"},
    {"", FOUR, "FR", "Salut"},
    {"", FOUR, "de", "Servus"},
    {"", FOUR, "de-AT", "Servus"},
    {"", FOUR, "de-CH", "Hallo"},
    {"", FOUR, "de-AT-1996", "Servus"},
    {"", FOUR, "es fr de", "Salut"},
    {"", FOUR, " es  fr ", "Salut"},
    {"", FOUR, "es", "Hi"},
    {"", FOUR, "f", "Hi"},
    {"", FOUR, "fra", "Hi"},
    {"", FOUR, "xr", "Hi"},
    {"", L("ZH", "Ni") L("az", "Salam"), "AZ", "Salam"},
    {"", L("zh", "Ni") L("az", "Salam"), "ZH", "Ni"},
    {"xml:lang='en'", FOUR, "en", "Hi"},
    {"xml:lang='en'", FOUR, "en-GB de", "Hi"},
    {"xml:lang='en'", FOUR, "de en", "Servus"},
    {"", L("fr", "Salut") L("de", "Hallo"), "es", "Salut"},
    {"", "<body xmlns='urn:example' xml:lang='fr'>X</body><body>Hi</body>",
     "fr", "Hi"},
    {"", "<body xml:lang='fr'/>", "fr", ""},
    {"", "<subject>Hi</subject>", "fr", NULL},
};

static void check_choices(void)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        xmpp_stanza_t *stanza =
            message_of(testbed.ctx, choices[i].attributes, choices[i].inside);

        is_str(xmpp_message_choose_body(stanza, choices[i].langs),
               choices[i].want, "choice %zu", i);
        xmpp_stanza_release(stanza);
    }
    is_str(xmpp_message_choose_body(NULL, "fr"), NULL, "no message");
}

static void check_adding(void)
{
    xmpp_stanza_t *stanza = xmpp_message_new(testbed.ctx, NULL, NULL, NULL);

    is_int(xmpp_message_add_body(stanza, NULL, "Hi"), 0, "a body");
    is_int(xmpp_message_add_body(stanza, "de", "Hallo"), 0, "another");
    is_int(xmpp_message_add_body(stanza, "de-AT", "Servus"), 0, "a third");
    is_int(xmpp_message_add_body(stanza, "DE", "Moin"), XMPP_EINVOP, "again");
    is_int(xmpp_message_add_body(stanza, NULL, "Ho"), XMPP_EINVOP, "and again");
    is_int(xmpp_message_add_subject(stanza, "de", "Gruß"), 0, "a subject");
    is_int(xmpp_message_add_subject(stanza, "fr", NULL), XMPP_EINVOP,
           "no text");
    is_int(xmpp_message_add_subject(NULL, "fr", "x"), XMPP_EINVOP, "nowhere");
    is_str(xmpp_message_choose_subject(stanza, "en de"), "Gruß", "the subject");
    is_str(xmpp_message_choose_body(stanza, "de-AT"), "Servus", "the body");
    is_xml(stanza,
           "<message><body>Hi</body><body xml:lang=\"de\">Hallo</body>"
           "<body xml:lang=\"de-AT\">Servus</body>"
           "<subject xml:lang=\"de\">Gruß</subject></message>",
           "all of it");
    xmpp_stanza_release(stanza);
}

int main(void)
{
    testbed_make_virtual(&testbed);
    check_building();
    check_id();
    check_reading();
    check_inside();
    check_without_memory();
    check_choices();
    check_adding();
    testbed_free(&testbed, "all of it");
    return done_testing();
}
