/* arrival.c - a target was reached: the pipe to it, and the stream over that.
 */

#include "conn/arrival.h"

#include "conn/pump.h"
#include "conn/tls.h"
#include "conn/way.h"
#include "net/recipe.h"

/* Of the stages that the target needs. False if that fails, or the attempt is
 * over. */
static bool build_pipe(struct attempt *attempt)
{
    const struct target *target = attempt->target;
    struct tls_wanted tls = {.trust = NULL};
    const struct recipe recipe = {
        .env = attempt->env,
        .poll = attempt->conn->ctx->poll,
        .watch = &attempt->watch,
        .fault = &attempt->fault,
        .target = target,
        .tls = &tls,
    };

    if ((target->direct_tls && !tls_prepare(attempt, &tls)) ||
        fault_is_set(&attempt->fault)) {
        /* The target's socket is ours since it was reached, and no pipe takes
         * it. */
        recipe_decline(target);
        return false;
    }
    if (!recipe_build(&recipe, recipe_rows, &attempt->pipe))
        return false;
    attempt->tls_stage = tls_stage_find(&attempt->pipe);
    return true;
}

void arrival_open(struct attempt *attempt, const struct target *target)
{
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn", "connected to %s port %u",
            target->host, target->port);
    attempt->target = env_alloc(attempt->env, sizeof(*target));
    if (!attempt->target) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        recipe_decline(target);
        return;
    }
    *attempt->target = *target;
    way_follow(attempt);
    target = attempt->target;
    attempt->account.wanted.port = target->port;
    /* Begun now, so that the answer arrives while TLS sets itself up. */
    tls_query_dane(attempt, target->host, target->port);
    if (!build_pipe(attempt))
        return;
    attempt->has_transport = true;
    pump_open(attempt);
    if (attempt->stop_requested && !attempt->over)
        attempt_close(attempt); /* too late to end the dialling */
}
