/* websocket_frame.h - frames of WebSocket (RFC 6455 section 5): bytes only. */

#ifndef NET_WEBSOCKET_FRAME_H
#define NET_WEBSOCKET_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum {
    FRAME_MORE = 0x0, /* of a message that was begun */
    FRAME_TEXT = 0x1,
    FRAME_BINARY = 0x2,
    FRAME_CLOSE = 0x8,
    FRAME_PING = 0x9,
    FRAME_PONG = 0xa
};

/* Why a WebSocket ends (section 7.4.1). */
enum {
    CLOSE_NONE = 0, /* for no reason that was given */
    CLOSE_NORMAL = 1000,
    CLOSE_AWAY = 1001,
    CLOSE_PROTOCOL = 1002,
    CLOSE_TYPE = 1003,
    CLOSE_ENCODING = 1007
};

/* Whether it may stand in a frame: those of section 7.4, and those that were
 * registered since. */
bool frame_is_close_code(unsigned code);

#define FRAME_CONTROL_MOST 125 /* bytes in a control frame (section 5.5) */
#define FRAME_HEAD_SIZE 14     /* with a length of 64 bits and a mask */

/* A frame of the server while its head is read; zeroed it waits for one. */
struct frame {
    unsigned char head[FRAME_HEAD_SIZE];
    size_t head_n;
    bool
        is_open; /* the head is complete, `left` bytes of the payload to come */
    bool is_last; /* of its message */
    unsigned opcode;
    uint64_t left;
};

static inline bool frame_is_control(const struct frame *frame)
{
    return (frame->opcode & 0x8) != 0;
}

/* Read bytes of a head; returns how many were taken. *ret_why is why it is not
 * valid, else NULL. */
size_t frame_read(struct frame *frame, const char *bytes, size_t n,
                  const char **ret_why);

/* Spaces between elements are a sign of life over TCP (RFC 6120 section 4.6.1).
 * Here they make no message, and a ping takes their place. */
bool frame_is_ping(struct str bytes);

/* Append a frame of ours. The mask is random, so that nobody can choose what
 * leaves (section 10.3). False if there is no randomness; if memory is out,
 * `out` has failed. */
bool frame_write(struct buf *out, unsigned opcode, bool is_last,
                 struct str payload);

#endif
