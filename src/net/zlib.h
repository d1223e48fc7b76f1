/* zlib.h - a stage that compresses (XEP-0138). */

#ifndef NET_ZLIB_H
#define NET_ZLIB_H

#include "base/env.h"
#include "net/pipe.h"

/* Was the library built with it? */
bool zlib_is_there(void);

/* To be pushed on a pipe. With `keeps` what was sent before helps to compress
 * what is sent next. Without it each write stands alone: that costs more bytes,
 * but an attacker who makes us send text of its choice learns nothing from its
 * compressed length about the rest. NULL when memory is out. */
struct stage *zlib_stage_new(const struct env *env, bool keeps,
                             struct fault *fault);

#endif
