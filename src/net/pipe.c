/* pipe.c - a stack of stages: calls enter at the top and travel down. */

#include "net/pipe.h"

#include "net/poll.h"

#define STAGES_MOST 8

/* The stages from the bottom upwards; how many there are. */
static size_t stack_of(const struct pipe *pipe, struct stage *stack[])
{
    size_t n = 0;

    for (struct stage *s = pipe->top; s && n < STAGES_MOST; s = s->below)
        stack[n++] = s;
    for (size_t i = 0; i < n / 2; i++) {
        struct stage *other = stack[i];

        stack[i] = stack[n - 1 - i];
        stack[n - 1 - i] = other;
    }
    return n;
}

int pipe_progress(struct pipe *pipe)
{
    struct stage *stack[STAGES_MOST];
    size_t n = stack_of(pipe, stack);

    for (size_t i = 0; i < n; i++) {
        int rc = stack[i]->row->progress(stack[i]);

        pipe->unready = rc ? stack[i] : NULL;
        if (rc)
            return rc;
    }
    return n ? 0 : PIPE_FAIL;
}

ssize_t pipe_read(struct pipe *pipe, char *to, size_t n)
{
    return pipe->top ? pipe->top->row->read(pipe->top, to, n) : PIPE_EOF;
}

ssize_t pipe_write(struct pipe *pipe, const char *from, size_t n)
{
    return pipe->top ? pipe->top->row->write(pipe->top, from, n) : PIPE_FAIL;
}

/* A stage passes its bytes to the one below, which is flushed after it. */
int pipe_flush(struct pipe *pipe)
{
    int rc = 0;

    for (struct stage *s = pipe->top; s && rc == 0; s = s->below)
        rc = s->row->flush(s);
    return rc;
}

unsigned pipe_wants(struct pipe *pipe, unsigned wants)
{
    return pipe->top ? pipe->top->row->wants(pipe->top, wants) : 0;
}

bool pipe_pending(struct pipe *pipe)
{
    return pipe->top && pipe->top->row->pending(pipe->top);
}

int pipe_send_below(struct stage *stage, struct buf *out)
{
    while (buf_size(out)) {
        struct str bytes = buf_view(out);
        ssize_t n = stage->below->row->write(stage->below, bytes.s, bytes.n);

        if (n < 0)
            return (int)n;
        buf_consume(out, (size_t)n);
    }
    return 0;
}

void pipe_push(struct pipe *pipe, struct stage *stage)
{
    stage->below = pipe->top;
    pipe->top = stage;
}

/* The end of a stage travels through those below it, so the top ends first.
 * After PIPE_AGAIN the stages are closed from the top once more. */
int pipe_close(struct pipe *pipe)
{
    for (struct stage *s = pipe->top; s; s = s->below) {
        int rc = s->row->close(s);

        if (rc)
            return rc;
    }
    return 0;
}

void pipe_free(struct pipe *pipe)
{
    pipe->unready = NULL;
    while (pipe->top) {
        struct stage *stage = pipe->top;

        pipe->top = stage->below;
        stage->row->free(stage);
    }
}
