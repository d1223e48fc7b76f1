/* receipt.c - what became of a message: receipts (XEP-0184), displayed markers
 * (XEP-0333), and chat states (XEP-0085). */

#include <xmpp/xep/receipt.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/fast.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t receipt_fields[] = {
    XMPP_ATTR_MUST(xmpp_receipt_t, id, TEXT, "id"),
};
XMPP_PAYLOAD(xmpp_receipt, xmpp_receipt_t, "received", XMPP_NS_RECEIPTS,
             receipt_fields);

static const xmpp_field_t marker_fields[] = {
    XMPP_ATTR_MUST(xmpp_marker_t, id, TEXT, "id"),
};
XMPP_PAYLOAD(xmpp_displayed, xmpp_marker_t, "displayed", XMPP_NS_MARKERS,
             marker_fields);
XMPP_PAYLOAD(xmpp_marker_received, xmpp_marker_t, "received", XMPP_NS_MARKERS,
             marker_fields);
XMPP_PAYLOAD(xmpp_marker_acknowledged, xmpp_marker_t, "acknowledged",
             XMPP_NS_MARKERS, marker_fields);

/* ---- requests ---------------------------------------------------- */

static int is_of_type(xmpp_stanza_t *message, const char *type)
{
    const char *is = xmpp_stanza_get_type(message);

    return is && !strcmp(is, type);
}

static int has_tag(xmpp_stanza_t *message, const char *name, const char *ns)
{
    return xmpp_stanza_next_tag(message, NULL, name, ns) != NULL;
}

/* An answer could not name a message without an id. */
static void need_id(xmpp_stanza_t *message)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(message);
    char *id = xmpp_stanza_get_id(message) ? NULL : xmpp_uuid_gen(ctx);

    xmpp_stanza_put(message, "id", id);
    xmpp_free(ctx, id);
}

static int put_request(xmpp_stanza_t *message, const char *name, const char *ns)
{
    if (!message)
        return XMPP_EINVOP;
    need_id(message);
    if (!xmpp_stanza_get_id(message))
        return XMPP_EMEM;
    if (!has_tag(message, name, ns))
        xmpp_stanza_add_tag(message, name, ns);
    return xmpp_stanza_get_status(message);
}

int xmpp_receipt_request(xmpp_stanza_t *message)
{
    return put_request(message, "request", XMPP_NS_RECEIPTS);
}

/* XEP-0184 section 5.4: no receipt for a receipt, whatever it requests. */
int xmpp_receipt_is_requested(xmpp_stanza_t *message)
{
    return xmpp_stanza_get_id(message) && !is_of_type(message, "error") &&
           !is_of_type(message, "groupchat") &&
           has_tag(message, "request", XMPP_NS_RECEIPTS) &&
           !has_tag(message, "received", XMPP_NS_RECEIPTS);
}

int xmpp_marker_request(xmpp_stanza_t *message)
{
    return put_request(message, "markable", XMPP_NS_MARKERS);
}

/* XEP-0333 section 4.2: no marker for a marker. */
int xmpp_marker_is_requested(xmpp_stanza_t *message)
{
    return xmpp_stanza_get_id(message) && !is_of_type(message, "error") &&
           has_tag(message, "markable", XMPP_NS_MARKERS) &&
           !has_tag(message, "displayed", XMPP_NS_MARKERS) &&
           !has_tag(message, "received", XMPP_NS_MARKERS) &&
           !has_tag(message, "acknowledged", XMPP_NS_MARKERS);
}

/* ---- chat states ------------------------------------------------- */

static const char *const state_names[] = {"active", "composing", "paused",
                                          "inactive", "gone"};
#define STATE_COUNT (int)(sizeof(state_names) / sizeof(state_names[0]))

static xmpp_chat_state_t state_of(const char *name)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (!strcmp(name, state_names[i]))
            return (xmpp_chat_state_t)(i + 1);
    return XMPP_CHAT_NO_STATE;
}

static xmpp_stanza_t *next_state(xmpp_stanza_t *message, xmpp_stanza_t *state)
{
    return xmpp_stanza_next_tag(message, state, NULL, XMPP_NS_CHAT_STATES);
}

xmpp_chat_state_t xmpp_chat_state_get(xmpp_stanza_t *message)
{
    xmpp_stanza_t *state = next_state(message, NULL);

    if (!state || next_state(message, state) || is_of_type(message, "error"))
        return XMPP_CHAT_NO_STATE;
    return state_of(xmpp_stanza_get_name(state));
}

int xmpp_chat_state_add(xmpp_stanza_t *message, xmpp_chat_state_t state)
{
    int place = (int)state - 1;

    if (place < 0 || place >= STATE_COUNT)
        return XMPP_EARG;
    if (!message || next_state(message, NULL))
        return XMPP_EINVOP;
    xmpp_stanza_add_tag(message, state_names[place], XMPP_NS_CHAT_STATES);
    return xmpp_stanza_get_status(message);
}
