/* zlib.h - a stage that compresses (XEP-0138). */

#ifndef NET_ZLIB_H
#define NET_ZLIB_H

#include "base/env.h"
#include "net/pipe.h"

/* Was the library built with zlib? */
bool zlib_is_there(void);

/* To be put on top of `below`. With `keeps` what was said before helps to
 * compress what is said next; without, each write stands alone, and costs
 * more bytes, but what others make us say tells nothing about the rest. NULL
 * when memory is out. */
struct stage *zlib_stage_new(const struct env *env, bool keeps,
                             struct fault *fault);

#endif
