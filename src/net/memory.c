/* memory.c - two queues of bytes in the place of a socket. */

#include "net/memory.h"

#include <string.h>

/* `wanted` is what the stage above was last found to wait for. */
struct memory_stage {
    struct stage stage;
    const struct env *env;
    struct memory *memory;
    struct poll *poll;
    struct watch *watch;
    struct alarm alarm; /* the turn in which the watch is called */
    unsigned wanted;
};

static struct memory_stage *stage_of(struct stage *stage)
{
    return (struct memory_stage *)stage;
}

/* ---- readiness --------------------------------------------------- */

static size_t room_of(const struct memory *m)
{
    size_t used = buf_size(&m->out);

    return used < m->room ? m->room - used : 0;
}

static unsigned ready_for(const struct memory *m)
{
    unsigned ready = 0;

    if (buf_size(&m->in) || m->ended || m->broken)
        ready |= POLL_READ;
    if (room_of(m) || m->broken)
        ready |= POLL_WRITE;
    return ready;
}

/* Level-triggered: as long as it is ready each turn calls. */
static void update_turn(struct memory_stage *s)
{
    if (ready_for(s->memory) & s->wanted)
        poll_again(s->poll, &s->alarm);
    else
        poll_clear_alarm(s->poll, &s->alarm);
}

void memory_changed(struct memory *memory)
{
    if (memory->stage)
        update_turn(memory->stage);
}

static void notify(struct memory *memory)
{
    if (memory->heard)
        memory->heard(memory);
}

static void on_turn(struct alarm *alarm, uint64_t now)
{
    struct memory_stage *s = LIST_ENTRY(alarm, struct memory_stage, alarm);
    unsigned ready = ready_for(s->memory) & s->wanted;

    (void)now;
    update_turn(s); /* first: the call may free the stage */
    if (ready)
        s->watch->ready(s->watch, ready);
}

/* ---- the stage --------------------------------------------------- */

static int memory_progress(struct stage *stage)
{
    (void)stage;
    return 0;
}

static ssize_t memory_lost(struct memory_stage *s)
{
    fault_set(s->stage.fault, XMPP_LAYER_TCP, XMPP_ELOST, "%s",
              strerror(s->memory->broken));
    fault_set_os(s->stage.fault, s->memory->broken);
    return PIPE_FAIL;
}

static ssize_t memory_read(struct stage *stage, char *to, size_t n)
{
    struct memory_stage *s = stage_of(stage);
    struct memory *m = s->memory;
    struct str bytes = buf_view(&m->in);

    if (!bytes.n && m->ended)
        return PIPE_EOF;
    if (!bytes.n)
        return m->broken ? memory_lost(s) : PIPE_AGAIN;
    n = n < bytes.n ? n : bytes.n;
    n = n < m->piece ? n : m->piece;
    memcpy(to, bytes.s, n);
    buf_consume(&m->in, n);
    update_turn(s);
    return (ssize_t)n;
}

/* As with a socket, what the server sent before it broke is read first, unless
 * the stage above reads no more. */
static ssize_t memory_write(struct stage *stage, const char *from, size_t n)
{
    struct memory_stage *s = stage_of(stage);
    struct memory *m = s->memory;
    size_t room = room_of(m);

    if (m->broken)
        return buf_size(&m->in) && s->wanted & POLL_READ ? PIPE_AGAIN
                                                         : memory_lost(s);
    n = n < room ? n : room;
    n = n < m->piece ? n : m->piece;
    if (n == 0)
        return PIPE_AGAIN;
    buf_put(&m->out, from, n);
    if (m->out.failed) {
        fault_set(stage->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        return PIPE_FAIL;
    }
    update_turn(s);
    notify(m);
    return (ssize_t)n;
}

/* There is no descriptor that would have to be watched for it. */
static unsigned memory_wants(struct stage *stage, unsigned above)
{
    struct memory_stage *s = stage_of(stage);

    s->wanted = above;
    update_turn(s);
    return 0;
}

static bool memory_pending(struct stage *stage)
{
    (void)stage;
    return false;
}

static int memory_close(struct stage *stage)
{
    struct memory *m = stage_of(stage)->memory;

    m->closed = true;
    notify(m);
    return 0;
}

static void memory_stage_free(struct stage *stage)
{
    struct memory_stage *s = stage_of(stage);

    struct memory *m = s->memory;

    poll_clear_alarm(s->poll, &s->alarm);
    m->closed = true;
    m->stage = NULL;
    env_free(s->env, s);
    notify(m);
}

static const struct stage_row memory_row = {
    .name = "memory",
    .layer = XMPP_LAYER_TCP,
    .progress = memory_progress,
    .read = memory_read,
    .write = memory_write,
    .flush = memory_progress,
    .wants = memory_wants,
    .pending = memory_pending,
    .close = memory_close,
    .free = memory_stage_free,
};

struct stage *memory_stage_new(const struct env *env, struct memory *memory,
                               struct poll *poll, struct watch *watch,
                               struct fault *fault)
{
    struct memory_stage *s = env_zalloc(env, sizeof(*s));

    if (!s)
        return NULL;
    s->stage = (struct stage){&memory_row, NULL, fault};
    s->env = env;
    s->memory = memory;
    s->poll = poll;
    s->watch = watch;
    alarm_init(&s->alarm, on_turn);
    memory->stage = s;
    return &s->stage;
}

/* ---- the server's side ------------------------------------------- */

void memory_init(struct memory *memory, const struct env *env)
{
    *memory = (struct memory){.room = SIZE_MAX, .piece = SIZE_MAX};
    buf_init(&memory->in, env, SIZE_MAX);
    buf_init(&memory->out, env, SIZE_MAX);
}

void memory_free(struct memory *memory)
{
    buf_free(&memory->in);
    buf_free(&memory->out);
}

void memory_send(struct memory *memory, struct str bytes)
{
    buf_puts(&memory->in, bytes);
    memory_changed(memory);
}

void memory_take(struct memory *memory, size_t n)
{
    buf_consume(&memory->out, n);
    memory_changed(memory);
}
