/* post.h - functions that other threads want to run in the context's. */

#ifndef CONN_POST_H
#define CONN_POST_H

#include <stdatomic.h>
#include <stdbool.h>

#include <xmpp/ctx.h>

/* A place of the ring. `turn` says whose it is: at the position P of the ring
 * it is P while it is free, and P + 1 once what was posted can be read. Whoever
 * has the position may write the other members. */
struct post {
    atomic_size_t turn;
    xmpp_post_handler function;
    void *userdata;
};

/* Any number of threads and signal handlers append, one thread takes out.
 * Nothing is locked or allocated: a signal may interrupt a thread that appends,
 * and the allocator of an application may be for one thread only. */
struct posts {
    struct post ring[XMPP_POSTS_MOST];
    atomic_size_t tail; /* the next position to be given out */
    size_t head;        /* the next to be taken */
    atomic_bool closed;
};

void posts_init(struct posts *posts);

/* Call those that were posted before this call. */
void posts_run(struct posts *posts, xmpp_ctx_t *ctx);

/* Accept no more, and call what is left without a context. */
void posts_close(struct posts *posts);

#endif
