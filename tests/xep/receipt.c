/* receipt.c - which messages may be answered with a receipt (XEP-0184) or a
 * marker (XEP-0333), and the chat states in them (XEP-0085). */

#include <xmpp/xep/receipt.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"
#include "xep/is_xml.h"
#include "xep/message_of.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- requests ---------------------------------------------------- */

#define REQUEST "<request xmlns='urn:xmpp:receipts'/>"
#define RECEIVED "<received xmlns='urn:xmpp:receipts' id='2'/>"
#define MARKABLE "<markable xmlns='urn:xmpp:chat-markers:0'/>"
#define DISPLAYED "<displayed xmlns='urn:xmpp:chat-markers:0' id='2'/>"
#define ACKNOWLEDGED "<acknowledged xmlns='urn:xmpp:chat-markers:0' id='2'/>"

static const struct {
    const char *attributes, *inside;
    int receipt, marker; /* whether it may be sent */
} requests[] = {
    {"id='1'", REQUEST MARKABLE, 1, 1},
    {"id='1' type='chat'", REQUEST, 1, 0},
    {"id='1' type='headline'", MARKABLE, 0, 1},
    {"id='1'", "<request/><markable/>", 0, 0},
    {"", REQUEST MARKABLE, 0, 0},
    {"id='1' type='groupchat'", REQUEST MARKABLE, 0, 1},
    {"id='1' type='error'", REQUEST MARKABLE, 0, 0},
    {"id='1'", REQUEST MARKABLE RECEIVED, 0, 1},
    {"id='1'", REQUEST MARKABLE DISPLAYED, 1, 0},
    {"id='1'", REQUEST MARKABLE ACKNOWLEDGED, 1, 0},
};

static void check_requests(void)
{
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        xmpp_stanza_t *message =
            message_of(ctx, requests[i].attributes, requests[i].inside);

        is_int(xmpp_receipt_is_requested(message), requests[i].receipt,
               "a receipt for <message %s>%s", requests[i].attributes,
               requests[i].inside);
        is_int(xmpp_marker_is_requested(message), requests[i].marker,
               "a marker");
        xmpp_stanza_release(message);
    }
    ok(!xmpp_receipt_is_requested(NULL) && !xmpp_marker_is_requested(NULL),
       "nothing requests nothing");
}

static void check_requesting(void)
{
    xmpp_stanza_t *message = xmpp_message_new(ctx, NULL, NULL, "1");

    is_int(xmpp_receipt_request(message), 0, "a receipt is requested");
    is_int(xmpp_receipt_request(message), 0, "again");
    is_int(xmpp_marker_request(message), 0, "and a marker");
    is_xml(message,
           "<message id=\"1\"><request xmlns=\"urn:xmpp:receipts\"/>"
           "<markable xmlns=\"urn:xmpp:chat-markers:0\"/></message>",
           "each once");
    xmpp_stanza_release(message);
    message = xmpp_message_new(ctx, NULL, NULL, NULL);
    is_int(xmpp_marker_request(message), 0, "of a message without an id");
    ok(xmpp_stanza_get_id(message) != NULL, "which is given one");
    is_int(xmpp_receipt_request(NULL), XMPP_EINVOP, "for no message");
    is_int(xmpp_marker_request(NULL), XMPP_EINVOP, "nor a marker");
    xmpp_stanza_release(message);
}

/* Never a request without an id. */
static void check_without_memory(void)
{
    int code = XMPP_EMEM;

    for (unsigned long n = 1; code && n < 50; n++) {
        xmpp_stanza_t *message = xmpp_message_new(ctx, NULL, NULL, NULL);

        failmem_arm(&memory, n, 0);
        code = xmpp_receipt_request(message);
        failmem_arm(&memory, 0, 0);
        is_int(code, code ? XMPP_EMEM : 0, "the %lu-th allocation", n);
        ok(xmpp_stanza_get_id(message) ||
               !xmpp_stanza_next_tag(message, NULL, NULL, NULL),
           "what is requested has an id");
        xmpp_stanza_release(message);
    }
}

/* ---- chat states ------------------------------------------------- */

#define STATES "xmlns='http://jabber.org/protocol/chatstates'"

static const struct {
    const char *attributes, *inside;
    xmpp_chat_state_t state;
} states[] = {
    {"", "<active " STATES "/>", XMPP_CHAT_ACTIVE},
    {"type='chat'", "<body/><composing " STATES "/>", XMPP_CHAT_COMPOSING},
    {"", "<paused " STATES "/>", XMPP_CHAT_PAUSED},
    {"", "<inactive " STATES "/>", XMPP_CHAT_INACTIVE},
    {"", "<gone " STATES "/>", XMPP_CHAT_GONE},
    {"", "<asleep " STATES "/>", XMPP_CHAT_NO_STATE},
    {"", "<active " STATES "/><gone " STATES "/>", XMPP_CHAT_NO_STATE},
    {"type='error'", "<active " STATES "/>", XMPP_CHAT_NO_STATE},
    {"", "<active/>", XMPP_CHAT_NO_STATE},
};

static void check_states(void)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        xmpp_stanza_t *message =
            message_of(ctx, states[i].attributes, states[i].inside);

        is_int(xmpp_chat_state_get(message), states[i].state, "the state in %s",
               states[i].inside);
        xmpp_stanza_release(message);
    }
    is_int(xmpp_chat_state_get(NULL), XMPP_CHAT_NO_STATE, "of no message");
}

static void check_adding(void)
{
    for (int state = XMPP_CHAT_ACTIVE; state <= XMPP_CHAT_GONE; state++) {
        xmpp_stanza_t *message = xmpp_message_new(ctx, NULL, NULL, NULL);

        is_int(xmpp_chat_state_add(message, (xmpp_chat_state_t)state), 0,
               "added");
        is_int(xmpp_chat_state_get(message), state, "the same");
        is_int(xmpp_chat_state_add(message, XMPP_CHAT_GONE), XMPP_EINVOP,
               "a second one");
        xmpp_stanza_release(message);
    }
    is_int(xmpp_chat_state_add(NULL, XMPP_CHAT_GONE), XMPP_EINVOP,
           "no message");
    is_int(xmpp_chat_state_add(NULL, XMPP_CHAT_NO_STATE), XMPP_EARG,
           "no state");
    is_int(xmpp_chat_state_add(NULL, (xmpp_chat_state_t)(XMPP_CHAT_GONE + 1)),
           XMPP_EARG, "nor one behind the last");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    check_requests();
    check_requesting();
    check_without_memory();
    check_states();
    check_adding();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "all memory is given back");
    return done_testing();
}
