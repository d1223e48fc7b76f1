/* websocket_peer.c - the server's side of a WebSocket. */

#include "net/websocket_peer.h"

#include "base/code.h"
#include "base/crypt.h"
#include "tap.h"

static struct str field(struct str request, const char *name)
{
    while (request.n) {
        struct str line, head, value;

        request = str_cut(request, '\n', &line);
        value = str_cut(line, ':', &head);
        if (value.n > 2 && str_is(head, name))
            return str_n(value.s + 1, value.n - 2);
    }
    return STR_NONE;
}

static void put_line(struct buf *out, const char *name, const char *value,
                     const char *usual)
{
    value = value ? value : usual;
    if (!value[0])
        return;
    buf_puts(out, str_of(name));
    buf_puts(out, str_of(value));
    buf_puts(out, STR("\r\n"));
}

bool websocket_peer_answer(struct str request,
                           const struct websocket_answer *answer,
                           struct buf *out)
{
    char text[128], accept[64];
    unsigned char hash[DIGEST_MOST];

    if (request.n < 4 || memcmp(request.s + request.n - 4, "\r\n\r\n", 4) != 0)
        return false;
    snprintf(text, sizeof(text), "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
             STR_ARG(field(request, "Sec-WebSocket-Key")));
    crypt_hash(DIGEST_SHA1, text, strlen(text), hash);
    base64_encode(accept, hash, 20);
    put_line(out, "HTTP/1.1 ", answer->status, "101 Switching Protocols");
    put_line(out, "upgrade: ", answer->upgrade, "WebSocket");
    put_line(out, "Connection:", answer->connection, "keep-alive, Upgrade");
    put_line(out, "Sec-WebSocket-Accept: ", answer->accept, accept);
    put_line(out, "Sec-Websocket-Protocol: ", answer->protocol, "xmpp");
    put_line(out, "", answer->more, "");
    buf_puts(out, STR("\r\n"));
    return true;
}

void websocket_peer_frame(struct buf *out, unsigned first, struct str payload)
{
    buf_putc(out, (char)first);
    if (payload.n < 126) {
        buf_putc(out, (char)payload.n);
    } else if (payload.n < 65536) {
        buf_putc(out, 126);
        buf_putc(out, (char)(payload.n >> 8));
        buf_putc(out, (char)payload.n);
    } else {
        buf_putc(out, 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            buf_putc(out, (char)((unsigned long long)payload.n >> shift));
    }
    buf_puts(out, payload);
}

size_t websocket_peer_read(char *bytes, size_t n, unsigned *ret_first,
                           struct str *ret_payload)
{
    const unsigned char *head = (const unsigned char *)bytes;
    size_t size = 2, length;

    if (n < 2)
        return 0;
    if (!(head[1] & 0x80))
        bail("a frame of the client is not masked");
    length = head[1] & 0x7f;
    size += length == 126 ? 2 : length == 127 ? 8 : 0;
    if (n < size)
        return 0;
    if (size > 2)
        length = 0;
    for (size_t i = 2; i < size; i++)
        length = length << 8 | head[i];
    if (n < size + 4 + length)
        return 0;
    for (size_t i = 0; i < length; i++)
        bytes[size + 4 + i] ^= bytes[size + i % 4];
    *ret_first = head[0];
    *ret_payload = str_n(bytes + size + 4, length);
    return size + 4 + length;
}
