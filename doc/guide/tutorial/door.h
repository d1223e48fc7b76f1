/* door.h - a module of our own: is a door open? */

#ifndef DOOR_H
#define DOOR_H

#include <xmpp/module.h>

#define NS_DOOR "urn:example:door:0"

/* <door xmlns='urn:example:door:0' open='true' visitors='3'/> */
typedef struct {
    size_t size; /* first in every struct of a payload */
    int open;
    long visitors;
} door_t;

extern const xmpp_payload_t door_payload;
extern const xmpp_module_t door_module;

/* Its event: somebody rang. The value is a door_t. */
enum { DOOR_RANG };

/* Look at the door of `to`; the value of the result is a door_t. Ring there;
 * the result has no value. Codes of xmpp_request(). */
int door_look(xmpp_conn_t *conn, const char *to, xmpp_result_handler handler,
              void *userdata);
int door_ring(xmpp_conn_t *conn, const char *to, xmpp_result_handler handler,
              void *userdata);

#endif
