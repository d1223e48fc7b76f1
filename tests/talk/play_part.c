/* play_part.c - a part of a talk that only leads somewhere. */

#include "talk/play_inside.h"

bool play_enter(struct play *p, const struct script *script)
{
    play_prepare(p, script);
    play_follow(p);
    return p->stream && !p->deviated;
}

bool play_leave(struct play *p)
{
    play_clean(p);
    return p->memory.held == 0;
}
