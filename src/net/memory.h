/* memory.h - two queues of bytes in the place of a socket, and a host that is
 * reached by them: how a test plays a server without a network. */

#ifndef NET_MEMORY_H
#define NET_MEMORY_H

#include "base/buf.h"
#include "net/pipe.h"
#include "net/poll.h"
#include "net/srv.h"

/* One connection, as it looks to the server's side. The client's side is a
 * stage, or nothing before it is made and after it was freed. It has to outlive
 * the stage. What is described as set by the server may be set at any time;
 * after that memory_changed() has to be called. */
struct memory {
    struct buf in;  /* what the server sent and the client did not read */
    struct buf out; /* what the client sent and the server did not take */
    bool closed;    /* the client sends no more */
    struct memory_stage *stage; /* the client's side, or NULL */

    /* set by the server */
    size_t room;  /* most bytes in `out`: more is not taken from the client */
    size_t piece; /* most bytes of one read or one write */
    bool ended;   /* the server's end follows on what it sent */
    int broken;   /* errno that follows on what it sent; writes fail */
    /* The client wrote or closed, in the call that does so; or NULL. */
    void (*heard)(struct memory *memory);
};

/* Nothing sent, no limits. `env` is the server's, not the client's. */
void memory_init(struct memory *memory, const struct env *env);
void memory_free(struct memory *memory);

/* The server sends, and takes `n` bytes out of `out`. */
void memory_send(struct memory *memory, struct str bytes);
void memory_take(struct memory *memory, size_t n);

/* Something else of it was set. */
void memory_changed(struct memory *memory);

/* The client's side as a bottom stage. It has no descriptor: `watch` is called
 * in a turn of the poll in which what the stage was last found to want (see
 * pipe_wants) is possible, as a level-triggered descriptor would be. NULL when
 * memory is out. */
struct stage *memory_stage_new(const struct env *env, struct memory *memory,
                               struct poll *poll, struct watch *watch,
                               struct fault *fault);

/* A host that is dialled instead of the network. */
struct memory_host {
    /* The connection to this name and port, without a stage so far; NULL: it
     * is refused. */
    struct memory *(*accept)(struct memory_host *host, const char *name,
                             unsigned port);
    /* Records of a domain, instead of SRV: at most `most` into `to`. NULL:
     * the domain is its only target. */
    size_t (*find)(struct memory_host *host, const char *domain,
                   struct srv_record *to, size_t most);
};

#endif
