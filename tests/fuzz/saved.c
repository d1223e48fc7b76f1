/* saved.c - fuzz target: saved sessions, in our form and in libstrophe's. What
 * can be loaded is consistent, and saved and loaded again it is the same. */

#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "stream/sm_saved.h"

const char fuzz_corpus[] = "saved";

static void check(const xmpp_sm_state_t *sm)
{
    const struct outbox *box = &sm->out;
    size_t unacked = 0, gone = 0, count = outbox_count(box);

    MUST(box->done == 0 && box->written <= count);
    for (size_t i = 0; i < count; i++) {
        struct item item = outbox_item(box, i);

        MUST(item.start >= box->first);
        MUST(item.start + item.n <= box->first + outbox_size(box));
        MUST((i < box->written) == (item.start + item.n <= box->sent));
        unacked += i < box->written && item.counts;
        gone += i >= box->written && item.passing;
    }
    MUST(unacked == box->unacked && gone == box->gone);
    MUST(outbox_length(box) >= 0 && box->maybe == count);
    MUST(sm_handled(sm) == sm->handled);
}

static void again(struct env *env, const xmpp_sm_state_t *sm,
                  void (*save)(const xmpp_sm_state_t *, struct buf *))
{
    xmpp_sm_state_t *copy = NULL;
    struct buf a, b;

    buf_init(&a, env, SIZE_MAX / 4);
    buf_init(&b, env, SIZE_MAX / 4);
    save(sm, &a);
    MUST(!sm_load(env, (const unsigned char *)buf_view(&a).s, buf_size(&a),
                  &copy));
    check(copy);
    MUST(copy->out.unacked == sm->out.unacked);
    MUST(copy->acked == sm->acked && copy->handled == sm->handled);
    save(copy, &b);
    MUST(str_eq(buf_view(&a), buf_view(&b)));
    sm_free(copy);
    buf_free(&a);
    buf_free(&b);
}

/* libstrophe's form does not say what counts, so that is seen from the text:
 * what a strange file says of it is lost the first time, and only then. */
static void again_strophe(struct env *env, const xmpp_sm_state_t *sm)
{
    xmpp_sm_state_t *copy = NULL;
    struct buf bytes;

    buf_init(&bytes, env, SIZE_MAX / 4);
    sm_save_strophe(sm, &bytes);
    MUST(!sm_load(env, (const unsigned char *)buf_view(&bytes).s,
                  buf_size(&bytes), &copy));
    check(copy);
    again(env, copy, sm_save_strophe);
    sm_free(copy);
    buf_free(&bytes);
}

/* A life: some of it is acknowledged, the rest is sent again. */
static void live(xmpp_sm_state_t *sm)
{
    size_t most = sm->out.unacked + outbox_doubted(&sm->out);
    uint32_t acked = sm->acked;
    char host[IDNA_NAME_MOST + 1];
    unsigned port;

    sm_location(sm, host, &port);
    MUST(!acked || !sm_acknowledge(sm, acked - 1));
    MUST(sm->out.unacked + outbox_doubted(&sm->out) == most);
    MUST(sm_acknowledge(sm, acked + (uint32_t)most / 2));
    MUST(sm->out.unacked + outbox_doubted(&sm->out) == most - most / 2);
    sm_resume(sm);
    MUST(!sm_acknowledge(sm, sm_sent(sm) + 1));
    outbox_sent(&sm->out, outbox_unsent(&sm->out).n);
    MUST(sm_acknowledge(sm, sm_sent(sm)));
    MUST(outbox_count(&sm->out) == 0 && outbox_size(&sm->out) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xmpp_sm_state_t *sm = NULL;
    struct env env;

    env_init(&env, NULL, NULL);
    if (sm_load(&env, data, size, &sm) == 0) {
        check(sm);
        again(&env, sm, sm_save);
        if (sm->id && sm->id[0])
            again_strophe(&env, sm);
        live(sm);
        sm_free(sm);
    }
    arena_drain(&env);
    return 0;
}
