/* recipe.h - from a target to the pipe that leads there.
 *
 * A new kind of stage (a proxy, WebSocket) is a file with its stage_row, a row
 * of recipe_rows[], and a member of struct target that it looks at. */

#ifndef NET_RECIPE_H
#define NET_RECIPE_H

#include "base/env.h"
#include "net/pipe.h"
#include "net/poll.h"
#include "net/target.h"
#include "net/tls.h"

/* What the rows make their stages of: borrowed for the call, but for env, poll,
 * watch and fault, which have to outlive the pipe. */
struct recipe {
    const struct env *env;
    struct poll *poll;
    struct watch *watch; /* the owner of the pipe is called by it; it is given
                            the target's descriptor, or -1 */
    struct fault *fault;
    const struct target *target;
    const struct tls_wanted *tls; /* of a target with direct TLS */
};

/* What a pipe may consist of. */
struct recipe_row {
    bool (*is_needed)(const struct target *target);
    /* A stage on top of `below`, which is NULL for the first. NULL when memory
     * is out, or with a fault that says why. */
    struct stage *(*make)(const struct recipe *recipe, struct stage *below);
};

/* From the bottom upwards; the last has no functions. */
extern const struct recipe_row recipe_rows[];

/* Put the stages that the target needs into an empty pipe; then they have to
 * establish themselves, by pipe_progress(). The target's socket is taken. False
 * after a fault was set; then the pipe holds what was made so far. */
bool recipe_build(const struct recipe *recipe, const struct recipe_row *rows,
                  struct pipe *pipe);

/* No pipe is built for it: close its socket, if it has one. */
void recipe_decline(const struct target *target);

#endif
