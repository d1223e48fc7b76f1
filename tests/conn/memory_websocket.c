/* memory_websocket.c - a server in memory that speaks WebSocket. */

#define _GNU_SOURCE
#include "conn/memory_websocket.h"

#include <xmpp/ns.h>

#include "net/websocket_peer.h"
#include "stream/messages.h"
#include "tap.h"

#define OPEN "<open xmlns=\"" XMPP_NS_FRAMING "\""
#define CLOSE "<close xmlns=\"" XMPP_NS_FRAMING "\"/>"
#define HEADER                                                                 \
    "<?xml version=\"1.0\"?><stream:stream xmlns=\"" XMPP_NS_CLIENT            \
    "\" xmlns:stream=\"" XMPP_NS_STREAMS "\""

/* What a server sends in messages has the same form as what a client sends, so
 * `messages` serves for it. What the client sends is read here, as text. */
struct memory_websocket {
    struct env *env;
    struct messages messages;
    struct buf text, message, payload;
    bool has_ended;
};

struct memory_websocket *memory_websocket_new(struct env *env)
{
    struct memory_websocket *ws = calloc(1, sizeof(*ws));

    if (!ws)
        bail("no memory");
    ws->env = env;
    messages_init(&ws->messages, env);
    buf_init(&ws->text, env, SIZE_MAX / 4);
    buf_init(&ws->message, env, SIZE_MAX / 4);
    buf_init(&ws->payload, env, SIZE_MAX / 4);
    return ws;
}

void memory_websocket_free(struct memory_websocket *ws)
{
    if (!ws)
        return;
    messages_free(&ws->messages);
    buf_free(&ws->text);
    buf_free(&ws->message);
    buf_free(&ws->payload);
    free(ws);
}

bool memory_websocket_accept(struct buf *from, struct buf *answer)
{
    static const struct websocket_answer right = {.status = NULL};

    if (!websocket_peer_answer(buf_view(from), &right, answer))
        return false;
    buf_consume(from, buf_size(from));
    return true;
}

struct buf *memory_websocket_text(struct memory_websocket *ws)
{
    return &ws->text;
}

/* ---- the client's ------------------------------------------------ */

/* Without a part that stands in its first tag. */
static void put_without(struct buf *text, struct str message, const char *part)
{
    const char *end = memchr(message.s, '>', message.n);
    const char *at =
        end ? memmem(message.s, (size_t)(end - message.s), part, strlen(part))
            : NULL;

    if (!at) {
        buf_puts(text, message);
        return;
    }
    buf_put(text, message.s, (size_t)(at - message.s));
    at += strlen(part);
    buf_put(text, at, (size_t)(message.s + message.n - at));
}

static void on_message(struct memory_websocket *ws, struct str message)
{
    static const char client[] = " xmlns=\"" XMPP_NS_CLIENT "\"",
                      streams[] = " xmlns:stream=\"" XMPP_NS_STREAMS "\"";

    if (str_starts(message, STR(OPEN))) {
        buf_puts(&ws->text, STR(HEADER));
        buf_put(&ws->text, message.s + sizeof(OPEN) - 1,
                message.n - (sizeof(OPEN) - 1) - 2);
        buf_puts(&ws->text, STR(">"));
    } else if (str_is(message, CLOSE)) {
        buf_puts(&ws->text, STR("</stream:stream>"));
    } else if (message.n < 3 || message.s[0] != '<' ||
               message.s[message.n - 1] != '>' ||
               str_starts(message, STR("<?"))) {
        bail("a message of the client is not an element");
    } else {
        put_without(&ws->text, message,
                    str_starts(message, STR("<stream:")) ? streams : client);
    }
}

bool memory_websocket_take(struct memory_websocket *ws, struct buf *from)
{
    unsigned first;
    struct str payload, all = buf_view(from);
    size_t n;

    while ((n = websocket_peer_read((char *)(uintptr_t)all.s, all.n, &first,
                                    &payload))) {
        if ((first & 0xf) <= 1) {
            buf_puts(&ws->message, payload);
            if (first & 0x80) {
                on_message(ws, buf_view(&ws->message));
                buf_clear(&ws->message);
            }
        }
        ws->has_ended |= (first & 0xf) == 8;
        buf_consume(from, n);
        all = buf_view(from);
    }
    return !ws->has_ended;
}

/* ---- the server's ------------------------------------------------ */

void memory_websocket_put(struct memory_websocket *ws, struct str bytes,
                          struct buf *frames)
{
    while (bytes.n) {
        bool ends = false;
        size_t used = messages_put(&ws->messages, bytes, &ws->payload, &ends);

        bytes = str_n(bytes.s + used, bytes.n - used);
        if (!ends)
            continue;
        websocket_peer_frame(frames, 0x81, buf_view(&ws->payload));
        buf_clear(&ws->payload);
    }
}

void memory_websocket_end(struct buf *frames)
{
    websocket_peer_frame(frames, 0x88, STR("\x03\xe8"));
}
