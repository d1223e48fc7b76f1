/* websocket_testbed.h - a stage of WebSocket over memory, and its peer. In its
 * content a '|' ends each of our messages, spaces before one are dropped, and a
 * '/' stands for the end of one of the peer's; one that begins with '!' is
 * refused. */

#ifndef TESTS_NET_WEBSOCKET_TESTBED_H
#define TESTS_NET_WEBSOCKET_TESTBED_H

#include "net/stage_testbed.h"
#include "net/websocket_peer.h"

#define TEXT 0x81
#define FIRST 0x01
#define MORE 0x00
#define LAST 0x80
#define BINARY 0x82
#define CLOSE 0x88
#define PING 0x89
#define PONG 0x8a

extern const struct websocket_answer ws_right;

/* Not established; the peer's answer to the request; established. */
void ws_begin(struct bench *b);
void ws_answer(struct bench *b, const struct websocket_answer *how);
void ws_open(struct bench *b);

/* The peer sends a frame. */
void ws_frame(struct bench *b, unsigned first, struct str payload);

/* All that can be read; the last result. And: it is this. */
ssize_t ws_read_all(struct bench *b, char *got, size_t size);
void ws_reads(struct bench *b, const char *want, const char *what);

/* The next frame of ours; or there is none. */
void ws_sent(struct bench *b, unsigned first, struct str payload,
             const char *what);
void ws_sent_nothing(struct bench *b, const char *what);

#endif
