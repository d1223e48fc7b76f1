/* sasl_testbed.c - a login under test: who we are, what is offered, what was
 * said. */

#include "sasl/sasl_testbed.h"

#include "base/arena.h"
#include "tap.h"

static void set_binding(struct sasl_testbed *testbed, enum binding b,
                        const char *data)
{
    testbed->channel.bindings[b].n = strlen(data);
    memcpy(testbed->channel.bindings[b].data, data, strlen(data));
}

void sasl_testbed_make(struct sasl_testbed *testbed)
{
    *testbed = (struct sasl_testbed){0};
    failmem_init(&testbed->memory);
    env_init(&testbed->env, &testbed->memory.mem, NULL);
    testbed->channel.version = TLS_1_3;
    set_binding(testbed, BINDING_EXPORTER, "THIS IS FAKE CB DATA");
    set_binding(testbed, BINDING_END_POINT, "certificate");
    testbed->credentials = (struct credentials){.authcid = STR("user"),
                                                .password = STR("pencil"),
                                                .domain = STR("example.com"),
                                                .channel = &testbed->channel,
                                                .encrypted = true,
                                                .min_iterations = 4096,
                                                .max_iterations = 100000};
    offer_init(&testbed->offer, &testbed->env);
    buf_init(&testbed->out, &testbed->env, 100000);
}

void sasl_testbed_offer(struct sasl_testbed *testbed, const char *mechanisms,
                        const char *types)
{
    struct str list = str_of(mechanisms), word;

    while ((word = str_word(&list)).s)
        offer_mechanism(&testbed->offer, word);
    list = str_of(types);
    while ((word = str_word(&list)).s)
        offer_binding(&testbed->offer, word);
    if (offer_seal(&testbed->offer))
        bail("no memory");
}

void sasl_testbed_begin(struct sasl_testbed *testbed, const struct mechanism *m,
                        char flag, enum binding binding)
{
    testbed->choice =
        (struct sasl_choice){.mechanism = m, .flag = flag, .binding = binding};
    testbed->sasl =
        sasl_new(&testbed->env, &testbed->choice, &testbed->credentials,
                 &testbed->offer, &testbed->fault);
}

void sasl_testbed_said(struct sasl_testbed *testbed, const char *want,
                       const char *what)
{
    struct str got = buf_view(&testbed->out);

    is_mem(got.s, got.n, want, strlen(want), "%s", what);
    buf_clear(&testbed->out);
}

void sasl_testbed_drop(struct sasl_testbed *testbed, const char *what)
{
    sasl_free(testbed->sasl);
    offer_free(&testbed->offer);
    buf_free(&testbed->out);
    arena_drain(&testbed->env);
    is_int(testbed->memory.held, 0, "%s: no memory is left", what);
}
