/* pipe.h - how bytes travel: a stack of stages, a socket at the bottom.
 *
 * A call enters at the top; each stage does its part and calls the one below
 * by its row. A stage owns nothing of the one below, and calls nothing above
 * it: all results are return values. */

#ifndef NET_PIPE_H
#define NET_PIPE_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/* Results of reading and writing, besides a number of bytes. */
enum {
    PIPE_AGAIN = -1, /* nothing now: wait for what pipe_wants() returns */
    PIPE_EOF = -2,   /* the peer ended properly */
    PIPE_FAIL = -3,  /* the fault is set */
    PIPE_DECIDE = -4 /* progress only: somebody above has to decide (tls.h) */
};

struct stage;

/* One row per kind of stage. */
struct stage_row {
    const char *name;
    xmpp_layer_t layer; /* of what fails while it establishes itself */
    /* Go on with establishing this stage (a handshake): 0 when it is done, now
     * or long ago, else a result from above. */
    int (*progress)(struct stage *);
    ssize_t (*read)(struct stage *, char *, size_t);
    ssize_t (*write)(struct stage *, const char *, size_t);
    /* Pass on what was taken and is still inside: 0 when nothing is left. */
    int (*flush)(struct stage *);
    /* What the bottom has to be watched for, given what the stage above wants:
     * POLL_READ, POLL_WRITE (net/poll.h). */
    unsigned (*wants)(struct stage *, unsigned above);
    /* Is there input inside? A read would then return something although the
     * socket is not readable, so nobody would be woken for it. */
    bool (*pending)(struct stage *);
    /* Send the end that this stage has: 0 when it is out, PIPE_AGAIN to be
     * called again. */
    int (*close)(struct stage *);
    void (*free)(struct stage *);
};

struct stage {
    const struct stage_row *row;
    struct stage *below; /* NULL at the bottom */
    struct fault *fault; /* borrowed; set when something fails */
};

/* Zeroed it is a closed one. */
struct pipe {
    struct stage *top;
    const struct stage *unready; /* at which the last pipe_progress() stopped;
                                    NULL: all are established */
};

/* Establish the stages, from the bottom upwards: 0 when all are. An upper stage
 * waits until those below it are established. PIPE_FAIL for a closed pipe. */
int pipe_progress(struct pipe *pipe);
ssize_t pipe_read(struct pipe *pipe, char *to, size_t n);
ssize_t pipe_write(struct pipe *pipe, const char *from, size_t n);
int pipe_flush(struct pipe *pipe); /* from the top downwards */
unsigned pipe_wants(struct pipe *pipe, unsigned wants);
bool pipe_pending(struct pipe *pipe);

/* For a stage: pass on what waits in `out` to the one below: 0 when nothing is
 * left, PIPE_AGAIN, PIPE_FAIL. */
int pipe_send_below(struct stage *stage, struct buf *out);

/* Put a stage on top; the pipe owns it. */
void pipe_push(struct pipe *pipe, struct stage *stage);

/* Send the end of every stage, top first, as far as the socket takes it. */
int pipe_close(struct pipe *pipe);

/* Free all stages, closing the socket; the caller has stopped watching. */
void pipe_free(struct pipe *pipe);

#endif
