/* command_offer.h - which ad-hoc commands there are, and for whom (XEP-0050
 * section 2.2). command_serve.h runs them.
 */

#ifndef XMPP_XEP_COMMAND_OFFER_H
#define XMPP_XEP_COMMAND_OFFER_H

#include <xmpp/xep/command_run.h>

XMPP_BEGIN

/* May this address run the command? NULL is our own account. 1 or 0. */
typedef int (*xmpp_command_access)(xmpp_conn_t *conn, const xmpp_jid_t *from,
                                   void *userdata);

/* A command. Meant to be a constant; its members stay as they are while it is
 * offered. */
typedef struct _xmpp_command_t {
    size_t size;             /* sizeof(xmpp_command_t) */
    const char *node;        /* its name for programs */
    const char *name;        /* its name for people */
    unsigned access;         /* XMPP_SENDER_ bits, one of which has to hold; 0:
                              * XMPP_SENDER_OWN. Others do not see the command */
    xmpp_command_access may; /* and this has to return 1; or NULL */
    size_t memory_size;      /* of run->memory */
    void (*done)(void *memory, void *userdata); /* called at the end of each
                                                 * session, and must not use the
                                                 * connection; or NULL */
} xmpp_command_t;

/* A command with what was given to xmpp_command_add(). */
typedef struct _xmpp_command_offer_t {
    const xmpp_command_t *command;
    xmpp_command_handler handler;
    void *userdata;
} xmpp_command_offer_t;

/* Answers service discovery: the list of the commands that the requester may
 * run, and what each of them is. */
XMPP_API extern const xmpp_module_t xmpp_mod_command_offer;

/* Put a command into the list, or remove it; the struct is copied. Applications
 * call xmpp_command_add() instead. 0; 1 if there is one with this node already;
 * XMPP_EARG without a node or a handler; XMPP_EINVOP if the module is not in
 * use; XMPP_EMEM. */
XMPP_API int xmpp_command_offer(xmpp_conn_t *conn,
                                const xmpp_command_offer_t *offer);
XMPP_API void xmpp_command_withdraw(xmpp_conn_t *conn,
                                    const xmpp_command_t *command);

/* The command with this node, NULL if there is none. Borrowed until it is
 * removed. */
XMPP_API const xmpp_command_offer_t *xmpp_command_get_offer(xmpp_conn_t *conn,
                                                            const char *node);

/* May this address run it? 1 or 0. */
XMPP_API int xmpp_command_may_run(xmpp_conn_t *conn,
                                  const xmpp_command_offer_t *offer,
                                  const xmpp_jid_t *from);

XMPP_END

#endif /* XMPP_XEP_COMMAND_OFFER_H */
