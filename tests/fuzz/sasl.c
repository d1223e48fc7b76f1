/* sasl.c - fuzz target: every mechanism against whatever a server may say.
 *
 * First byte: its low four bits are a row of the table of mechanisms; 16 the
 * password has to be asked for, 32 stored keys instead of it, 64 no TLS, 128
 * the server has to prove its offer. Then messages, each with its kind in
 * front: 'c' a challenge, 's' a success with data, 'e' one without; a newline
 * ends one,
 * '\n' is written as 0xff. SCRAM's nonce is "fyko". */

#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "sasl/scram.h"

const char fuzz_corpus[] = "sasl";

#define PASSWORD "pencil"
#define MOST 4096

struct game {
    struct env env;
    struct channel channel;
    struct credentials credentials;
    struct scram_keys keys;
    struct sasl_offer offer;
    struct sasl_choice choice;
    struct fault fault;
    struct sasl *sasl;
    struct buf out;
    bool over, answered;
    bool is_guessed; /* the server said the password itself */
};

static void begin(struct game *g, unsigned flags)
{
    const struct mechanism *m = mechanism_at(flags & 15);

    memset(g, 0, sizeof(*g));
    env_init(&g->env, NULL, NULL);
    g->channel.version = TLS_1_3;
    g->channel.bindings[BINDING_EXPORTER].n = 32;
    keys_read(&g->keys,
              STR("1 SCRAM-SHA-1 10 QSXC AAAAAAAAAAAAAAAAAAAAAAAAAAA= "
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    g->credentials = (struct credentials){
        .authcid = STR("user"),
        .domain = STR("example.com"),
        .password = flags & (16 | 32) ? STR_NONE : STR(PASSWORD),
        .can_get_password = flags & 16,
        .keys = flags & 32 ? &g->keys : NULL,
        .oauth_token = STR("token"),
        .channel = flags & 64 ? NULL : &g->channel,
        .encrypted = !(flags & 64),
        .min_iterations = 10,
        .max_iterations = 100,
    };
    offer_init(&g->offer, &g->env);
    offer_mechanism(&g->offer, STR("SCRAM-SHA-1"));
    offer_binding(&g->offer, STR("tls-exporter"));
    MUST(offer_seal(&g->offer) == 0);
    g->choice = (struct sasl_choice){
        .mechanism = m ? m : &mechanism_scram_sha1,
        .flag = 'n',
        .needs_proof = flags & 128,
    };
    if (g->choice.mechanism->is_plus && !(flags & 64))
        g->choice.binding = BINDING_EXPORTER;
    g->sasl =
        sasl_new(&g->env, &g->choice, &g->credentials, &g->offer, &g->fault);
    buf_init(&g->out, &g->env, 1000000);
}

static bool has_password(const void *data, size_t n)
{
    const char *bytes = data;

    for (size_t i = 0; i + sizeof(PASSWORD) - 1 <= n; i++)
        if (memcmp(bytes + i, PASSWORD, sizeof(PASSWORD) - 1) == 0)
            return true;
    return false;
}

/* What was said never has the password in it, but by PLAIN; what the server
 * says may come back. */
static void look(struct game *g)
{
    struct str said = buf_view(&g->out);

    MUST(!g->out.failed);
    MUST(!has_password(said.s, said.n) || g->is_guessed ||
         strcmp(g->choice.mechanism->name, "PLAIN") == 0);
    buf_clear(&g->out);
}

/* A code is told to the fault, and is all that is told. */
static void ended(struct game *g, int rc)
{
    MUST(rc < 0 && fault_is_set(&g->fault) && g->fault.code == rc);
    MUST(buf_size(&g->out) == 0);
    g->over = true;
}

static void start(struct game *g)
{
    bool has_initial = false;
    int rc;

    if (g->choice.mechanism->is_scram)
        rc = scram_begin(g->sasl, "fyko", &g->out);
    else
        rc = g->sasl->mechanism->start(g->sasl, &g->out, &has_initial);
    if (rc == SASL_NEEDS_PASSWORD) {
        g->credentials.password = STR(PASSWORD);
        start(g);
        return;
    }
    if (rc)
        ended(g, rc);
    look(g);
}

static void challenge(struct game *g, struct str text)
{
    int rc = g->sasl->mechanism->step(g->sasl, text, &g->out);

    if (rc == SASL_NEEDS_PASSWORD) {
        MUST(!g->credentials.password.s && buf_size(&g->out) == 0);
        g->credentials.password = STR(PASSWORD);
        rc = g->sasl->mechanism->step(g->sasl, text, &g->out);
        MUST(rc != SASL_NEEDS_PASSWORD);
    }
    if (rc)
        ended(g, rc);
    else
        g->answered = true;
    if (rc == 0 && g->choice.needs_proof && g->choice.mechanism->is_scram)
        MUST(g->sasl->is_proven);
    look(g);
}

static void success(struct game *g, struct str data)
{
    int rc = g->sasl->mechanism->success(g->sasl, data);

    if (rc)
        ended(g, rc);
    else if (g->choice.mechanism->is_mutual)
        MUST(g->answered);
    g->over = true;
}

static void hear(struct game *g, const uint8_t *data, size_t n)
{
    char text[MOST];

    if (n == 0 || n > MOST)
        return;
    for (size_t i = 1; i < n; i++)
        text[i - 1] = data[i] == 0xff ? '\n' : (char)data[i];
    if (data[0] == 'c')
        challenge(g, str_n(text, n - 1));
    else if (data[0] == 's')
        success(g, str_n(text, n - 1));
    else
        success(g, STR_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct game game;
    size_t i = 1;

    if (size < 1)
        return 0;
    begin(&game, data[0]);
    game.is_guessed = has_password(data, size);
    start(&game);
    while (i < size && !game.over) {
        const uint8_t *end = memchr(data + i, '\n', size - i);
        size_t n = end ? (size_t)(end - data) - i : size - i;

        hear(&game, data + i, n);
        i += n + 1;
    }
    sasl_free(game.sasl);
    offer_free(&game.offer);
    buf_free(&game.out);
    arena_drain(&game.env);
    return 0;
}
