/* rung_task.h - what is to be done between the proofs of a SASL2 login and its
 * success: tasks (XEP-0388 section 2.6.3), of which upgrades of SCRAM are known
 * (XEP-0480). */

#ifndef STREAM_RUNG_TASK_H
#define STREAM_RUNG_TASK_H

#include "stream/rung.h"

/* What is offered inside of <authentication/>. */
void rung_task_read(struct stream *s, xmpp_stanza_t *authentication);

/* Ask inside of <authenticate/> for those that we are ready to do. */
void rung_task_say(struct stream *s, xmpp_stanza_t *node);

/* <continue/>, after its proof was believed: begin a task that we asked for, or
 * give up the login. */
void rung_task_begin(struct stream *s, xmpp_stanza_t *node);

/* <task-data/>; then, while the stream is busy, the next portion of the work.
 */
void rung_task_take(struct stream *s, xmpp_stanza_t *node);
void rung_task_turn(struct stream *s);

/* <failure/>: was it over a task? Then the login has to be done again, and no
 * tasks are asked for in it. */
bool rung_task_failed(struct stream *s);

#endif
