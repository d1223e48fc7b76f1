/* fake_unbound.c - in the place of libunbound: a resolver that answers when the
 * test wants. */

#include "net/fake_unbound.h"

#ifdef HAVE_DANE

#include <unistd.h>

#include "tap.h"

struct unbound_query unbound_queries[2];
int unbound_queries_n, unbound_contexts, unbound_results, unbound_ends[2];
int unbound_process_rc, unbound_refused_query;
bool unbound_no_context;
char unbound_servers[200], unbound_keys[100];
const struct unbound_answer *unbound_due[2];

struct ub_ctx *ub_ctx_create(void)
{
    if (unbound_no_context)
        return NULL;
    unbound_contexts++;
    return (struct ub_ctx *)(void *)&unbound_contexts;
}

void ub_ctx_delete(struct ub_ctx *ctx)
{
    (void)ctx;
    unbound_contexts--;
}

int ub_ctx_debugout(struct ub_ctx *ctx, void *out)
{
    (void)ctx, (void)out;
    return 0;
}

int ub_ctx_add_ta_file(struct ub_ctx *ctx, const char *name)
{
    (void)ctx;
    snprintf(unbound_keys, sizeof(unbound_keys), "%s", name);
    return 0;
}

int ub_ctx_set_option(struct ub_ctx *ctx, const char *opt, const char *val)
{
    (void)ctx;
    return strcmp(opt, "do-not-query-localhost:") || strcmp(val, "no");
}

int ub_ctx_resolvconf(struct ub_ctx *ctx, const char *name)
{
    (void)ctx, (void)name;
    strcat(unbound_servers, "system");
    return 0;
}

int ub_ctx_set_fwd(struct ub_ctx *ctx, const char *server)
{
    (void)ctx;
    strcat(strcat(unbound_servers, server), ";");
    return strcmp(server, "bad") == 0;
}

int ub_ctx_async(struct ub_ctx *ctx, int thread)
{
    (void)ctx;
    return !thread;
}

int ub_fd(struct ub_ctx *ctx)
{
    (void)ctx;
    return unbound_ends[0];
}

int ub_resolve_async(struct ub_ctx *ctx, const char *name, int type, int class,
                     void *userdata, ub_callback_type callback, int *id)
{
    (void)ctx, (void)id;
    if (unbound_queries_n == 2 || class != 1 ||
        unbound_queries_n + 1 == unbound_refused_query)
        return UB_SYNTAX;
    snprintf(unbound_queries[unbound_queries_n].name,
             sizeof(unbound_queries[0].name), "%s", name);
    unbound_queries[unbound_queries_n].type = type;
    unbound_queries[unbound_queries_n].userdata = userdata;
    unbound_queries[unbound_queries_n++].callback = callback;
    return 0;
}

static void give(const struct unbound_query *query,
                 const struct unbound_answer *answer)
{
    static char *data[20];
    static int length[20];
    static struct ub_result result;

    for (int i = 0; i < 20; i++) {
        data[i] = i < answer->copies + (answer->record != NULL)
                      ? (char *)(uintptr_t)answer->record
                      : NULL;
        length[i] = answer->n;
    }
    result = (struct ub_result){.rcode = answer->rcode,
                                .havedata = answer->havedata,
                                .secure = answer->secure,
                                .bogus = answer->bogus,
                                .data = data,
                                .len = length};
    unbound_results += !answer->error;
    query->callback(query->userdata, answer->error,
                    answer->error ? NULL : &result);
}

int ub_process(struct ub_ctx *ctx)
{
    char byte;

    (void)ctx;
    if (read(unbound_ends[0], &byte, 1) != 1)
        bail("nothing to process");
    for (int k = 0; k < 2 && unbound_due[k]; k++)
        for (int i = 0; i < unbound_queries_n; i++)
            if (unbound_queries[i].type == unbound_due[k]->type)
                give(&unbound_queries[i], unbound_due[k]);
    unbound_due[0] = unbound_due[1] = NULL;
    return unbound_process_rc;
}

void ub_resolve_free(struct ub_result *result)
{
    (void)result;
    unbound_results--;
}

#endif
