/* bed.c - a login under test: who we are, what is offered, what was said. */

#include "sasl/bed.h"

#include "base/arena.h"
#include "tap.h"

static void set_binding(struct bed *bed, enum binding b, const char *data)
{
    bed->channel.bindings[b].n = strlen(data);
    memcpy(bed->channel.bindings[b].data, data, strlen(data));
}

void bed_make(struct bed *bed)
{
    *bed = (struct bed){0};
    failmem_init(&bed->memory);
    env_init(&bed->env, &bed->memory.mem, NULL);
    bed->channel.version = TLS_1_3;
    set_binding(bed, BINDING_EXPORTER, "THIS IS FAKE CB DATA");
    set_binding(bed, BINDING_END_POINT, "certificate");
    bed->credentials = (struct credentials){.authcid = STR("user"),
                                            .password = STR("pencil"),
                                            .domain = STR("example.com"),
                                            .channel = &bed->channel,
                                            .encrypted = true,
                                            .min_iterations = 4096,
                                            .max_iterations = 100000};
    offer_init(&bed->offer, &bed->env);
    buf_init(&bed->out, &bed->env, 100000);
}

void bed_offer(struct bed *bed, const char *mechanisms, const char *types)
{
    struct str list = str_of(mechanisms), word;

    while ((word = str_word(&list)).s)
        offer_mechanism(&bed->offer, word);
    list = str_of(types);
    while ((word = str_word(&list)).s)
        offer_binding(&bed->offer, word);
    if (offer_seal(&bed->offer))
        bail("no memory");
}

void bed_begin(struct bed *bed, const struct mechanism *m, char flag,
               enum binding binding)
{
    bed->choice =
        (struct sasl_choice){.mechanism = m, .flag = flag, .binding = binding};
    bed->sasl = sasl_new(&bed->env, &bed->choice, &bed->credentials,
                         &bed->offer, &bed->fault);
}

void bed_said(struct bed *bed, const char *want, const char *what)
{
    struct str got = buf_view(&bed->out);

    is_mem(got.s, got.n, want, strlen(want), "%s", what);
    buf_clear(&bed->out);
}

void bed_drop(struct bed *bed, const char *what)
{
    sasl_free(bed->sasl);
    offer_free(&bed->offer);
    buf_free(&bed->out);
    arena_drain(&bed->env);
    is_int(bed->memory.held, 0, "%s: no memory is left", what);
}
