/* stream.h - the engine of a conversation: bytes and time in, bytes, events
 * and wants out. It has never heard of a socket or a clock.
 *
 *     transport up           -> stream_open
 *     bytes arrive           -> stream_recv, then stream_next until NOTHING
 *     stream_wants() & SEND  -> stream_peek, write, stream_sent
 *                    & TLS   -> once all is sent: handshake, stream_secured
 *                    & PASSWORD -> get one: stream_password
 *                    & ZLIB  -> compress from here on, stream_compressed
 *                    & TURN  -> when others had theirs: stream_turn
 *                    & DOWN  -> once all is sent: close the transport
 *     stream_deadline passes -> stream_tick
 *
 * After every call that may change something the caller looks at events and
 * wants again. Nothing here calls back.
 */

#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include <xmpp/send.h>

#include "base/error.h"
#include "base/timer.h"
#include "stanza/node.h"
#include "stream/outbox.h"
#include "stream/terms.h"

struct stream;

/* `wanted`, its `sm` and `fault` are borrowed for the life of the stream;
 * whatever ends it is set in `fault`. NULL when memory is out. */
struct stream *stream_new(struct env *env, const struct wanted *wanted,
                          struct fault *fault);
void stream_free(struct stream *stream);

/* It is over, and another stream may have its session from now on. Code that is
 * still at work on this one finds an empty outbox. NULL is ignored. */
void stream_leave(struct stream *stream);

/* The transport is up; `secured` if it is under TLS from its first byte. Sends
 * the stream header (raw: waits for stream_open_raw). */
void stream_open(struct stream *stream, bool secured, uint64_t now);

/* Raw: open or reopen with these attributes (name, value, ...), NULL for the
 * usual ones. XMPP_EINVOP unless raw and up. */
int stream_open_raw(struct stream *stream, char **attributes, size_t n);

/* ---- in ---------------------------------------------------------- */

/* Read some of the bytes; returns how many were taken. Fetch all events, then
 * come again with the rest. Less than `n` is taken of a long input, and in
 * front of anything whose meaning depends on what the events lead to, so when
 * wants or events stop the conversation, what is left must not be fed as if
 * nothing had happened: feed it all the same, the stream knows (bytes between
 * <proceed/> and TLS end it with XMPP_EINJECT). 0 is returned only when it is
 * over. */
size_t stream_recv(struct stream *stream, const char *bytes, size_t n,
                   uint64_t now);

/* The peer will send nothing more: `clean` if the transport ended properly.
 * Without an end tag before it that is XMPP_EEOF. */
void stream_eof(struct stream *stream, uint64_t now);

enum stream_event_kind {
    STREAM_NOTHING,
    STREAM_HEADER,   /* raw: the peer's header arrived */
    STREAM_TOKEN,    /* stream_token() returns another one */
    STREAM_UP,       /* logged in: agreed.jid is ours */
    STREAM_FEATURES, /* agreed.features came after the login */
    STREAM_STANZA,   /* for dispatch; also all other elements in raw mode */
    STREAM_SENT,     /* what became of something sent: for its handler */
    STREAM_ERROR,    /* the peer's stream error; DOWN follows by itself */
    STREAM_DOWN      /* over, the last event; if it failed, `fault` is set */
};

struct stream_event {
    enum stream_event_kind kind;
    xmpp_stanza_t *stanza; /* owned: release it. STANZA and ERROR only */
    bool is_other; /* STANZA, not in raw mode: an element that is no stanza */
    bool skipped;  /* STANZA: it was above a limit, this is left of it */
    struct outcome sent; /* owned: outbox_reclaim() of it. SENT only */
};

/* An element that is not a stanza, and was not expected: the end. */
void stream_refuse(struct stream *stream);

/* The next event; false when there is none. */
bool stream_next(struct stream *stream, struct stream_event *event);

/* ---- out --------------------------------------------------------- */

enum {
    WANT_SEND = 1,
    WANT_TLS = 2,
    WANT_DOWN = 4,
    WANT_PASSWORD = 8,
    WANT_ZLIB = 16,
    WANT_TURN = 32
};

/* A set of wants. TLS, ZLIB and DOWN are to be obeyed after SEND has gone. */
unsigned stream_wants(const struct stream *stream);

/* Bytes to be written now, in one piece; stream_sent() then counts those that
 * were. Under TLS a piece fits a record and, where that is possible, ends
 * between two stanzas, so that a lost connection leaves the peer no half of
 * one. */
struct str stream_peek(const struct stream *stream);
void stream_sent(struct stream *stream, size_t n);

/* The transport failed with them: so many may have left all the same. */
void stream_doubt(struct stream *stream, size_t n);

/* What is known of the TLS; before stream_open (under TLS) or stream_secured.
 * Copied; without memory the stream is over. */
void stream_set_channel(struct stream *stream, const struct channel *channel);

/* Go on with what takes long: a server may demand many iterations of SCRAM. */
void stream_turn(struct stream *stream, uint64_t now);

/* The answer to PASSWORD, copied and wiped after use; STR_NONE ends the login.
 * Without effect if none is wanted (any more). */
void stream_password(struct stream *stream, struct str password, uint64_t now);

/* The keys that the login made, once; false if there are none, or if neither
 * XMPP_OPT_KEEP_SCRAM_KEYS nor XMPP_OPT_RECONNECT is set. The caller wipes
 * them. */
bool stream_take_keys(struct stream *stream, struct scram_keys *ret);

/* A message or presence waits in a session, on whose queue no stream works at
 * present (stream_queue_rests()). 0, XMPP_EFULL, XMPP_EMEM, or what is wrong
 * with the stanza. */
int stream_send_later(struct _xmpp_sm_t *sm, const int32_t *options,
                      xmpp_stanza_t *stanza, const struct tracking *tracking);

/* The bytes that the peer accepts of one stanza, as it announced (XEP-0478); 0:
 * it did not. */
size_t stream_most_bytes(const struct stream *stream);

/* Does the stream take stanzas of the application? */
bool stream_may_send(const struct stream *stream);

/* Before its session, a stream leaves the queue alone. */
bool stream_queue_rests(const struct stream *stream);

/* All that waits to be written, in bytes; to be written or acknowledged. */
size_t stream_backlog(const struct stream *stream);
size_t stream_held(const struct stream *stream);

/* The token to log in by the next time (XEP-0484), NULL: there is none.
 * Borrowed until the next event. */
const struct fast_token *stream_token(const struct stream *stream);

/* TLS is up and the server verified: go on. (If it failed, set `fault` and call
 * stream_abort.) */
void stream_secured(struct stream *stream, uint64_t now);

/* What is read and written from here on is compressed: go on. */
void stream_compressed(struct stream *stream, uint64_t now);

/* Queue a stanza of the application; `handler`, if it is not NULL, is called
 * with what becomes of it: see xmpp_send_tracked(). 0; the status of its tree;
 * XMPP_ENOTCONN unless up (raw: open); XMPP_EFULL; XMPP_EMEM. */
int stream_send(struct stream *stream, xmpp_stanza_t *stanza,
                const struct tracking *tracking);

/* The same without a limit, so never XMPP_EFULL, for those who could not handle
 * that. */
int stream_send_all(struct stream *stream, xmpp_stanza_t *stanza);

/* The same for a stanza that `write` writes, as it goes over the wire. */
int stream_send_written(struct stream *stream,
                        void (*write)(struct buf *out, const void *at),
                        const void *at);
int stream_send_raw(struct stream *stream, struct str bytes);

/* The application's items that wait; see xmpp_conn_send_queue_len(). */
int stream_queue_length(const struct stream *stream);

/* Take the oldest or youngest of them back: owned text, or NULL. */
char *stream_queue_drop(struct stream *stream, bool oldest);

/* Raw: the application asks for TLS now. 0 or XMPP_EINVOP. */
int stream_want_tls(struct stream *stream);

/* ---- time and end ------------------------------------------------ */

uint64_t stream_deadline(const struct stream *stream);

/* Time has passed; to be called at least when the deadline has come. */
void stream_tick(struct stream *stream, uint64_t now);

/* Request a sign of life now: if nothing arrives for so many milliseconds (0:
 * the usual patience) the stream ends. 0, XMPP_ENOTCONN unless up, XMPP_EMEM.
 */
int stream_check(struct stream *s, unsigned long patience, uint64_t now);

/* A step waits for somebody who is no part of the conversation: the patience
 * of the login grows by so many milliseconds, or shrinks again. */
void stream_grant(struct stream *stream, int64_t ms);

/* A peer that takes a byte now and then, or sends something else, may put off
 * the end for so many times XMPP_OPT_CLOSE_TIMEOUT. */
#define STREAM_CLOSING_MOST 10

/* End it properly: unavailable presence if we were available, a request for
 * what is not acknowledged, our end tag; then wait for the peer's. The patience
 * counts from the last byte that it took; if it then did not take everything,
 * that is the fault, and the rest stays in the session, which is over when the
 * peer ends its stream. Before login is complete: as soon as may be. Again: no
 * effect. */
void stream_close(struct stream *stream, uint64_t now);

/* End it for a failure on this side, with our end tag. */
void stream_fail(struct stream *stream, int code, const char *detail);

/* End it at once and send nothing: the transport is gone. `fault` should have
 * been set. DOWN becomes the next event (after those not yet fetched). */
void stream_abort(struct stream *stream);

/* Nothing that still waits would be heard. */
bool stream_is_mute(const struct stream *stream);

const struct agreed *stream_agreed(const struct stream *stream);

#endif
