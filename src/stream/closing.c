/* closing.c - our end of a stream. */

#include "stream/closing.h"

#include "stream/ack.h"
#include "stream/engine.h"

/* Behind everything, also behind what waits for a suspect. */
void closing_end(struct stream *s)
{
    struct buf *last = s->flows ? &s->out->bytes : &s->front;

    if (s->end_waits)
        ack_answer(s); /* what came meanwhile need not come again */
    s->end_waits = false;
    if (s->phase == PHASE_DOWN)
        return;
    engine_send_end(s, last);
    if (last->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}
