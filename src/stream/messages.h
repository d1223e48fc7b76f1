/* messages.h - a stream in messages (RFC 7395 section 3.3): each element is a
 * document of its own in a message of its own, and <open/> and <close/> stand
 * for the tags of the stream.
 *
 * What the stream writes and reads does not differ from TCP, because its outbox
 * outlives the transport: a stanza that was written for one may be sent again
 * by the other. So it is turned into messages, and messages into a stream,
 * where the bytes pass. */

#ifndef STREAM_MESSAGES_H
#define STREAM_MESSAGES_H

#include "base/buf.h"
#include "base/env.h"

/* Both directions are read a byte at a time, so that pieces may end anywhere.
 * Ours is trusted to be XML, like everything that the application sends. */
struct messages {
    struct env *env;
    struct {
        unsigned char mode;
        char start[10]; /* from a '<' on, until it is known what it begins */
        size_t start_n;
        char quote, last; /* within a tag */
        size_t depth;     /* open elements */
        struct buf tag;   /* the first of an element */
    } out;
    struct {
        unsigned char mode;
        bool is_open;    /* the peer's stream */
        struct buf head; /* of a message, until it is known what it is */
    } in;
};

#define MESSAGES_HEAD_MOST 16384 /* bytes of <open/> and of <close/> */

void messages_init(struct messages *m, struct env *env);
void messages_free(struct messages *m);

/* Another transport: forget where both directions were. */
void messages_restart(struct messages *m);

/* Take bytes of our stream; what they are in a message is appended to
 * `payload`. Returns how many were taken: all, or those up to the end of a
 * message, and *ret_ends is set. If memory is out, `payload` has failed. */
size_t messages_put(struct messages *m, struct str bytes, struct buf *payload,
                    bool *ret_ends);

/* A piece of a message; what it is in the peer's stream is appended to `in`. 0;
 * XMPP_EMEM; XMPP_EPROTO, and *ret_why is a sentence fragment. */
int messages_get(struct messages *m, struct str piece, bool begins, bool ends,
                 struct buf *in, const char **ret_why);

#endif
