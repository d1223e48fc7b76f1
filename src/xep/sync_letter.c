/* sync_letter.c - a message of ours as it is stored until its fate is known. */

#include <xmpp/xep/sync_letter.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/payload.h>

/* The element, with the message in it. */
typedef struct {
    size_t size;
    const char *archive, *after;
    long number;
    int is_out;
} own_t;

static const xmpp_field_t own_fields[] = {
    XMPP_ATTR_MUST(own_t, archive, TEXT, "archive"),
    XMPP_ATTR(own_t, after, TEXT, "after"),
    XMPP_ATTR_MUST(own_t, number, NUMBER, "number"),
    XMPP_ATTR(own_t, is_out, BOOL, "out"),
};
static XMPP_PAYLOAD(own_payload, own_t, "own", XMPP_NS_SYNC, own_fields);

const char *xmpp_sync_letter_key(xmpp_stanza_t *message,
                                 char room[XMPP_JID_BUFFER_SIZE])
{
    const char *type = xmpp_stanza_get_type(message);
    const char *bare;
    xmpp_jid_t jid;
    size_t n;

    if (!type || strcmp(type, "groupchat"))
        return XMPP_SYNC_ACCOUNT_KEY;
    if (!room || xmpp_stanza_get_jid(message, "to", &jid) != 1)
        return "";
    bare = xmpp_jid_view(&jid, XMPP_JID_BARE, &n);
    memcpy(room, bare, n);
    room[n] = '\0';
    return room;
}

void xmpp_sync_letter_clear(xmpp_ctx_t *ctx, xmpp_sync_letter_t *letter)
{
    if (!ctx || !letter)
        return;
    if (letter->message)
        xmpp_stanza_release(letter->message);
    xmpp_free(ctx, letter->place);
    xmpp_free(ctx, letter->after);
    memset(letter, 0, sizeof(*letter));
}

char *xmpp_sync_letter_to_text(xmpp_ctx_t *ctx,
                               const xmpp_sync_letter_t *letter,
                               size_t *ret_size)
{
    xmpp_stanza_t *own, *copy;
    char *text = NULL;
    own_t value;

    if (!ctx || !letter)
        return NULL;
    XMPP_INIT(own_payload, value);
    value.archive = letter->place;
    value.after = letter->after;
    value.number = letter->number;
    value.is_out = letter->is_out;
    own = xmpp_payload_new(ctx, &own_payload, &value);
    copy = xmpp_stanza_copy(letter->message);
    xmpp_stanza_set_ns(copy, XMPP_NS_CLIENT); /* not that of the element */
    if (copy)
        xmpp_stanza_add_child_ex(own, copy, 0);
    if (copy && xmpp_stanza_get_status(own) == 0)
        xmpp_stanza_to_text(own, &text, ret_size);
    if (own)
        xmpp_stanza_release(own);
    return text;
}

/* The message in the element, which was read before. */
static xmpp_stanza_t *copy_message(xmpp_ctx_t *ctx, const char *text,
                                   size_t size, int *ret_rc)
{
    xmpp_stanza_t *element = NULL, *message = NULL, *copy = NULL;
    char *whole = xmpp_zalloc(ctx, size + 1);

    *ret_rc = XMPP_EMEM;
    if (whole) {
        memcpy(whole, text, size);
        element = xmpp_stanza_new_from_string(ctx, whole);
    }
    xmpp_free(ctx, whole);
    if (!element)
        return NULL;
    message = xmpp_stanza_next_tag(element, NULL, "message", NULL);
    if (message)
        copy = xmpp_stanza_copy(message);
    else
        *ret_rc = XMPP_EARG;
    xmpp_stanza_release(element);
    return copy;
}

int xmpp_sync_letter_from_text(xmpp_ctx_t *ctx, const char *text, size_t size,
                               xmpp_sync_letter_t *ret)
{
    void *value = NULL;
    const own_t *own;
    int rc;

    if (!ctx || !text || !ret)
        return XMPP_EINVOP;
    rc = xmpp_payload_parse(ctx, &own_payload, text, size, &value);
    own = value;
    if (!own)
        return rc;
    ret->message = copy_message(ctx, text, size, &rc);
    ret->place = xmpp_copy_text(ctx, own->archive);
    ret->after = own->after ? xmpp_copy_text(ctx, own->after) : NULL;
    ret->number = own->number;
    ret->is_out = own->is_out;
    if (ret->message && ret->place && (ret->after || !own->after))
        rc = 0;
    else
        xmpp_sync_letter_clear(ctx, ret);
    xmpp_free(ctx, value);
    return rc;
}

/* RFC 6120 section 8.3.1: our server, the addressee, or its server. An occupant
 * is not its room. */
int xmpp_sync_letter_is_answer(const xmpp_sync_letter_t *letter,
                               xmpp_conn_t *conn, xmpp_stanza_t *error)
{
    const char *type = letter ? xmpp_stanza_get_type(letter->message) : NULL;
    int is_of_room = type && !strcmp(type, "groupchat");
    xmpp_jid_t from, to;

    if (!letter)
        return 0;
    if (xmpp_stanza_get_jid(error, "from", &from) != 1 ||
        xmpp_conn_sender_is(conn, &from, XMPP_SENDER_SERVER))
        return 1;
    if (xmpp_stanza_get_jid(letter->message, "to", &to) != 1)
        return 0;
    if (!from.local_size && !from.resource_size)
        return xmpp_jid_equal(&from, &to, XMPP_JID_DOMAIN);
    return xmpp_jid_equal(&from, &to,
                          is_of_room ? XMPP_JID_FULL : XMPP_JID_BARE);
}

int xmpp_sync_letter_is_return(const xmpp_sync_letter_t *letter,
                               xmpp_stanza_t *error)
{
    const char *condition = xmpp_stanza_get_error(error, NULL, NULL);
    xmpp_jid_t from, to;

    return letter && strcmp(letter->place, XMPP_SYNC_ACCOUNT_KEY) != 0 &&
           condition && !strcmp(condition, XMPP_SYNC_NOT_IN) &&
           xmpp_stanza_get_jid(error, "from", &from) == 1 &&
           xmpp_stanza_get_jid(letter->message, "to", &to) == 1 &&
           xmpp_jid_equal(&from, &to, XMPP_JID_FULL);
}
