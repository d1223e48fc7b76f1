/* websocket_frame.c - frames of WebSocket (RFC 6455 section 5). */

#include "net/websocket_frame.h"

#include "base/crypt.h"

#define LAST 0x80
#define RESERVED 0x70
#define MASKED 0x80
#define LENGTH 0x7f
#define LENGTH_16 126
#define LENGTH_64 127

/* ---- in ---------------------------------------------------------- */

/* How long the head is, as far as is known. */
static size_t head_size(const struct frame *frame)
{
    unsigned length;

    if (frame->head_n < 2)
        return 2;
    length = frame->head[1] & LENGTH;
    return length == LENGTH_64 ? 10 : length == LENGTH_16 ? 4 : 2;
}

static uint64_t read_number(const unsigned char *bytes, size_t n)
{
    uint64_t number = 0;

    for (size_t i = 0; i < n; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* The shortest form has to be used (section 5.2), so that there is one way
 * only to say a thing. */
static const char *read_length(struct frame *frame)
{
    unsigned length = frame->head[1] & LENGTH;

    frame->left = length;
    if (length == LENGTH_16)
        frame->left = read_number(frame->head + 2, 2);
    if (length == LENGTH_64)
        frame->left = read_number(frame->head + 2, 8);
    if ((length == LENGTH_16 && frame->left < LENGTH_16) ||
        (length == LENGTH_64 && frame->left <= UINT16_MAX) || frame->left >> 63)
        return "a length that is not in its shortest form";
    return NULL;
}

/* No extension was agreed on, so no reserved bit has a meaning. */
static const char *open_frame(struct frame *frame)
{
    const char *why = read_length(frame);

    frame->is_open = true;
    frame->is_last = (frame->head[0] & LAST) != 0;
    frame->opcode = frame->head[0] & 0xf;
    if (why)
        return why;
    if (frame->head[0] & RESERVED)
        return "a reserved bit is set";
    if (frame->head[1] & MASKED)
        return "a masked frame, as only clients send";
    if (frame_is_control(frame) &&
        (!frame->is_last || frame->left > FRAME_CONTROL_MOST))
        return "a control frame in pieces, or too long";
    return NULL;
}

size_t frame_read(struct frame *frame, const char *bytes, size_t n,
                  const char **ret_why)
{
    size_t used = 0;

    *ret_why = NULL;
    while (used < n && frame->head_n < head_size(frame))
        frame->head[frame->head_n++] = (unsigned char)bytes[used++];
    if (!frame->is_open && frame->head_n == head_size(frame))
        *ret_why = open_frame(frame);
    return used;
}

bool frame_is_close_code(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 &&
            code != 1006) ||
           (code >= 3000 && code <= 4999);
}

/* ---- out --------------------------------------------------------- */

bool frame_is_ping(struct str bytes)
{
    size_t n = 0;

    while (n < bytes.n && bytes.s[n] && strchr(" \t\r\n", bytes.s[n]))
        n++;
    return n && n == bytes.n;
}

static size_t write_length(unsigned char *head, uint64_t n)
{
    size_t size = n < LENGTH_16 ? 0 : n <= UINT16_MAX ? 2 : 8;

    head[1] = (unsigned char)(MASKED | (size == 0   ? n
                                        : size == 2 ? LENGTH_16
                                                    : LENGTH_64));
    for (size_t i = 0; i < size; i++)
        head[2 + i] = (unsigned char)(n >> 8 * (size - 1 - i));
    return 2 + size;
}

bool frame_write(struct buf *out, unsigned opcode, bool is_last,
                 struct str payload)
{
    unsigned char head[FRAME_HEAD_SIZE], *mask;
    size_t n = write_length(head, payload.n);
    char *to;

    head[0] = (unsigned char)((is_last ? LAST : 0) | opcode);
    mask = head + n;
    if (!crypt_random_id(mask, 4))
        return false;
    n += 4;
    to = buf_reserve(out, n + payload.n);
    if (!to)
        return true;
    memcpy(to, head, n);
    for (size_t i = 0; i < payload.n; i++)
        to[n + i] = (char)((unsigned char)payload.s[i] ^ mask[i % 4]);
    buf_commit(out, n + payload.n);
    return true;
}
