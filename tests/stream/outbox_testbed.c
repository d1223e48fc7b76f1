/* outbox_testbed.c - what tests of outbox and sessions share. */

#include "stream/outbox_testbed.h"

#include "base/arena.h"

struct failmem outbox_testbed_memory;
struct env outbox_testbed_env;

void outbox_testbed_begin(void)
{
    failmem_init(&outbox_testbed_memory);
    env_init(&outbox_testbed_env, &outbox_testbed_memory.mem, NULL);
}

void outbox_testbed_end(const char *what)
{
    arena_drain(&outbox_testbed_env);
    is_int(outbox_testbed_memory.held, 0, "%s: no memory is left", what);
}

static void never(xmpp_conn_t *conn, int status, const char *text, size_t n,
                  void *userdata)
{
    (void)conn, (void)status, (void)text, (void)n, (void)userdata;
    bail("the outbox calls nobody");
}

int outbox_testbed_add_until(struct outbox *box, const char *text,
                             const char *tag, uint64_t deadline)
{
    const struct item note = {
        .counts = text[0] == '<',
        .passing = text[0] == '<' && text[1] == '-',
        .handler = tag ? never : NULL,
        .userdata = (void *)(uintptr_t)tag,
        .deadline = deadline,
    };
    size_t before = outbox_size(box);

    buf_puts(&box->bytes, str_of(text));
    return outbox_mark(box, before, &note);
}

int outbox_testbed_add(struct outbox *box, const char *text, const char *tag)
{
    return outbox_testbed_add_until(box, text, tag, 0);
}

void outbox_testbed_put(struct outbox *box, const char *text)
{
    buf_puts(&box->bytes, str_of(text));
}

void outbox_testbed_unsent(const struct outbox *box, const char *want)
{
    struct str got = outbox_unsent(box);
    char text[400];

    snprintf(text, sizeof(text), "%.*s", STR_ARG(got));
    is_str(text, want, "what is to be sent");
}

xmpp_sm_state_t *outbox_testbed_managed(uint32_t acked, int n)
{
    xmpp_sm_state_t *sm = sm_new(&outbox_testbed_env);

    sm_begin(sm, true);
    sm->acked = acked;
    for (int i = 0; i < n; i++)
        outbox_testbed_add(&sm->out, "<m/>", NULL);
    outbox_sent(&sm->out, outbox_unsent(&sm->out).n);
    return sm;
}

void outbox_testbed_done_is(struct outbox *box, const char *tag, int status)
{
    struct outcome outcome;

    if (!tag) {
        ok(!outbox_take_done(box, &outcome), "nobody else is told");
        return;
    }
    if (ok(outbox_take_done(box, &outcome), "somebody is told")) {
        is_str(outcome.userdata, tag, "about this one");
        is_int(outcome.status, status, "of it");
        outbox_reclaim(box, &outcome);
    }
}
