/* recipe.c - from a target to the pipe that leads there. */

#include "net/recipe.h"

#include <unistd.h>

#include "base/parts.h"

#include "net/memory.h"
#include "net/proxy.h"
#include "net/sock.h"
#include "net/websocket.h"

static bool is_in_memory(const struct target *target)
{
    return target->memory != NULL;
}

static struct stage *make_memory(const struct recipe *recipe,
                                 struct stage *below)
{
    (void)below;
    return memory_stage_new(recipe->env, recipe->target->memory, recipe->poll,
                            recipe->watch, recipe->fault);
}

static bool has_socket(const struct target *target)
{
    return target->fd >= 0;
}

static struct stage *make_socket(const struct recipe *recipe,
                                 struct stage *below)
{
    (void)below;
    return sock_stage_new(recipe->env, recipe->target->fd, recipe->fault);
}

static bool goes_by_socks(const struct target *target)
{
    return target->proxy && target->proxy->kind == PROXY_SOCKS5;
}

static struct stage *make_socks(const struct recipe *recipe,
                                struct stage *below)
{
    return PART_PROXY ? socks_stage_new(recipe->env, below, recipe->target,
                                        recipe->fault)
                      : NULL;
}

static bool goes_by_connect(const struct target *target)
{
    return target->proxy && target->proxy->kind == PROXY_HTTP;
}

static struct stage *make_connect(const struct recipe *recipe,
                                  struct stage *below)
{
    return PART_PROXY ? connect_stage_new(recipe->env, below, recipe->target,
                                          recipe->fault)
                      : NULL;
}

static bool has_direct_tls(const struct target *target)
{
    return target->direct_tls;
}

static struct stage *make_tls(const struct recipe *recipe, struct stage *below)
{
    return tls_stage_new(recipe->env, below, recipe->tls, recipe->fault);
}

static bool has_websocket(const struct target *target)
{
    return target->websocket != NULL;
}

static struct stage *make_websocket(const struct recipe *recipe,
                                    struct stage *below)
{
    return PART_WEBSOCKET
               ? websocket_stage_new(recipe->env, below,
                                     recipe->target->websocket, recipe->fault)
               : NULL;
}

const struct recipe_row recipe_rows[] = {
    {is_in_memory, make_memory},
    {has_socket, make_socket},
    {goes_by_socks, make_socks},
    {goes_by_connect, make_connect},
    {has_direct_tls, make_tls},
    {has_websocket, make_websocket},
    {NULL, NULL},
};

bool recipe_build(const struct recipe *recipe, const struct recipe_row *rows,
                  struct pipe *pipe)
{
    recipe->watch->fd = recipe->target->fd;
    recipe->watch->events = 0;
    for (; rows->make; rows++) {
        struct stage *stage = NULL;

        if (!rows->is_needed(recipe->target))
            continue;
        stage = rows->make(recipe, pipe->top);
        if (!stage) {
            fault_set(recipe->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
            return false;
        }
        pipe_push(pipe, stage);
    }
    return true;
}

void recipe_decline(const struct target *target)
{
    if (target->fd >= 0)
        close(target->fd);
}
