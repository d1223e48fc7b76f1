/* step_upgrade.h - what is to be done between the proofs of a SASL2 login and
 * its success: tasks (XEP-0388 section 2.6.3), of which upgrades of SCRAM are
 * known (XEP-0480). */

#ifndef STREAM_STEP_UPGRADE_H
#define STREAM_STEP_UPGRADE_H

#include "stream/core.h"

/* What is offered inside of <authentication/>. */
void step_upgrade_read(struct stream *s, xmpp_stanza_t *authentication);

/* Ask inside of <authenticate/> for those that we are ready to do. */
void step_upgrade_put(struct stream *s, xmpp_stanza_t *node);

/* <continue/>, after its proof was believed: begin a task that we asked for, or
 * give up the login. */
enum verdict step_upgrade_begin(struct stream *s, xmpp_stanza_t *node);

/* <task-data/>; then, after STEP_WANT_TURN, the next portion of the work. */
enum verdict step_upgrade_receive(struct stream *s, xmpp_stanza_t *node);
enum verdict step_upgrade_go_on(struct stream *s);

/* <failure/>: was it over a task? Then the login has to be done again, and no
 * tasks are asked for in it. */
bool step_upgrade_failed(struct stream *s);

#endif
