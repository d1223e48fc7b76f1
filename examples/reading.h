/* reading.h - what a sensor publishes: the payload of xmpp-sensor and
 * xmpp-alarm, in a namespace of their own. */

#ifndef EXAMPLES_READING_H
#define EXAMPLES_READING_H

#include <xmpp/payload.h>

/* Also the name of the node. */
#define NS_READING "urn:example:reading"

/* <reading xmlns='urn:example:reading' value='21.5' at='2026-11-29T12:00:00Z'/>
 */
typedef struct _reading_t {
    size_t size;
    double value;
    xmpp_time_t at;
} reading_t;

extern const xmpp_payload_t reading;

#endif
