/* step_bind.h - getting an address: what is ours, and what is not. */

#ifndef STREAM_STEP_BIND_H
#define STREAM_STEP_BIND_H

#include "stream/core.h"

/* Is the address one for us: of the account that logged in, if there is one,
 * and of its domain? Else the fault is set. `is_full`: it has to be a full
 * one. */
bool step_bind_is_ours(struct stream *s, struct str text, bool is_full);

#endif
