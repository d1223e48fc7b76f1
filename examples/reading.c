/* reading.c - what a sensor publishes. */

#include "reading.h"

static const xmpp_field_t fields[] = {
    XMPP_ATTR_MUST(reading_t, value, REAL, "value"),
    XMPP_ATTR(reading_t, at, TIME, "at"),
};
XMPP_PAYLOAD(reading, reading_t, "reading", NS_READING, fields);
