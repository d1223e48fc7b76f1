/* pipe.h - how bytes travel: a stack of stages, a socket at the bottom. */

#ifndef NET_PIPE_H
#define NET_PIPE_H

#include <sys/types.h>

#include "base/error.h"

/* Results of reading and writing, besides a number of bytes. */
enum {
    PIPE_AGAIN = -1, /* nothing now: wait for what pipe_wants() says */
    PIPE_EOF = -2,   /* the peer ended properly */
    PIPE_FAIL = -3,  /* told to the fault */
    PIPE_ASK = -4    /* progress: somebody above has to decide (net/tls.h) */
};

struct stage;

/* One row per kind of stage. */
struct stage_row {
    const char *name;
    /* Go on with setting up (a handshake): 0 when done, else as above. */
    int (*progress)(struct stage *);
    ssize_t (*read)(struct stage *, char *, size_t);
    ssize_t (*write)(struct stage *, const char *, size_t);
    /* Pass on what was taken and is still inside: 0 when nothing is. */
    int (*flush)(struct stage *);
    /* What the socket has to be watched for, given what the one above wants:
     * POLL_READ, POLL_WRITE (net/poll.h). */
    unsigned (*wants)(struct stage *, unsigned above);
    /* Is there input inside that a read would return without the socket? */
    bool (*pending)(struct stage *);
    /* Say goodbye: 0 when it is out, PIPE_AGAIN to be called again. */
    int (*close)(struct stage *);
    void (*free)(struct stage *);
};

struct stage {
    const struct stage_row *row;
    struct stage *below; /* NULL at the bottom */
    struct fault *fault; /* borrowed: where failures are told */
};

/* A pipe is its top stage; NULL is a closed one. */
struct pipe {
    struct stage *top;
};

int pipe_progress(struct pipe *pipe); /* from the bottom upwards */
ssize_t pipe_read(struct pipe *pipe, char *to, size_t n);
ssize_t pipe_write(struct pipe *pipe, const char *from, size_t n);
int pipe_flush(struct pipe *pipe); /* from the top downwards */
unsigned pipe_wants(struct pipe *pipe, unsigned wants);
bool pipe_pending(struct pipe *pipe);

/* Put a stage on top; the pipe owns it. */
void pipe_push(struct pipe *pipe, struct stage *stage);

/* Say goodbye on every stage, top first, as far as the socket takes it. */
int pipe_close(struct pipe *pipe);

/* Free all stages, closing the socket; the caller has stopped watching. */
void pipe_free(struct pipe *pipe);

#endif
