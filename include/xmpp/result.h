/* result.h - actions that take time. Each ends exactly once, with a result.
 *
 *     static void on_software(xmpp_conn_t *conn, const xmpp_result_t *result,
 *                             void *userdata)
 *     {
 *         char why[400];
 *
 *         if (result->status == 0) {
 *             show(result->value);
 *             return;
 *         }
 *         xmpp_result_format(result, why, sizeof(why));
 *         puts(why);
 *     }
 *
 *     xmpp_software_get(conn, "example.org", on_software, NULL);
 */

#ifndef XMPP_RESULT_H
#define XMPP_RESULT_H

#include <xmpp/payload.h>
#include <xmpp/send.h>

XMPP_BEGIN

/* How an action ended. Made by the library, and borrowed for the call. Members
 * may be added at the end. `status`:
 *   0              done
 *   XMPP_ESTANZA   answered with an error, which the last four members describe
 *   XMPP_ETIMEOUT  not done in time
 *   XMPP_ENOTCONN  the session ended first
 *   XMPP_EPROTO    answered, but not with what was requested
 *   XMPP_ENOSERVICE  nobody offers what the action needs
 *   XMPP_ELIMIT    the answer exceeded a limit
 *   XMPP_EMEM      out of memory
 */
typedef struct _xmpp_result_t {
    int status;
    const void *value;             /* what the function's contract names */
    const xmpp_payload_t *payload; /* its table; NULL without a value */
    xmpp_stanza_t *stanza;         /* the answer, or NULL */
    /* Each is NULL if there is none (RFC 6120 section 8.3): */
    const char *condition; /* the defined one: "item-not-found" */
    const char *type;      /* "cancel", "wait", ... */
    const char *text;      /* for people */
    const char *specific;  /* the application's: "precondition-not-met" */
} xmpp_result_t;

/* Write how it ended to `buf`, as one sentence for a person: "the request was
 * answered with an error: conflict (precondition-not-met): The node is in use".
 * What the other side said is escaped, and the sentence has at most 399 octets.
 * Like snprintf(), this writes at most `size` octets including the final NUL,
 * and returns the length of the whole sentence without it. */
XMPP_API int xmpp_result_format(const xmpp_result_t *result, char *buf,
                                size_t size);

/* Called exactly once, when the action ends. */
typedef void (*xmpp_result_handler)(xmpp_conn_t *conn,
                                    const xmpp_result_t *result,
                                    void *userdata);

/* Send an iq of type get or set and wait for its answer, as
 * xmpp_request_send(). The value of the result is the element of the answer
 * that `payload` describes. If there is none that can be read, the status is
 * XMPP_EPROTO. With `payload` NULL no value is expected. xmpp_request() waits
 * for XMPP_OPT_REQUEST_TIMEOUT.
 *
 * Returns what xmpp_request_send() returns: if it is not 0, the handler is not
 * called. The handler may be NULL. */
XMPP_API int xmpp_request(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                          const xmpp_payload_t *payload,
                          xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_request_within(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                 const xmpp_payload_t *payload,
                                 unsigned long timeout,
                                 xmpp_result_handler handler, void *userdata);

/* End the actions with this handler and userdata; the handler is not called for
 * them. Returns their number. */
XMPP_API int xmpp_result_cancel(xmpp_conn_t *conn, xmpp_result_handler handler,
                                void *userdata);

/* ---- iq stanzas -------------------------------------------------- */

/* A new iq without content, of the type "get" or "set". `to` NULL: our own
 * account. On a component it is from the address of xmpp_conn_send_as(). Owned.
 * NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_iq_to(xmpp_conn_t *conn, const char *type,
                                   const char *to);

/* The answer to an iq of others, to its sender: without content, or the error
 * of a code (the table at xmpp_iq_handler) and, unless `specific` is NULL, with
 * an application-specific condition. On a component it is from the address that
 * the iq was sent to. Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_iq_result(xmpp_conn_t *conn, xmpp_stanza_t *iq);
XMPP_API xmpp_stanza_t *xmpp_iq_error(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                      int code, const char *specific,
                                      const char *specific_ns);

/* A component has many addresses. From now on xmpp_iq_to(), and so every
 * module, sends from this one; NULL: from the address of the component itself.
 * 0; XMPP_EARG if it is not a valid address; XMPP_EINVOP while connected as a
 * client; XMPP_EMEM. A connection that is a client later ignores it. */
XMPP_API int xmpp_conn_send_as(xmpp_conn_t *conn, const char *from);
XMPP_API const char *xmpp_conn_get_send_as(const xmpp_conn_t *conn);

/* ---- pending operations ------------------------------------------ */

/* For modules: an action that is not one request. xmpp_pending_end() ends it;
 * else it ends with XMPP_ETIMEOUT after `timeout` milliseconds (0: never), or
 * with XMPP_ENOTCONN as a request does. The pointer is not valid after that.
 * NULL when out of memory, if XMPP_OPT_MAX_REQUESTS of them and of flows are
 * open, or while the connection is being released. */
typedef struct _xmpp_pending_t xmpp_pending_t;
XMPP_API xmpp_pending_t *xmpp_pending_new(xmpp_conn_t *conn,
                                          unsigned long timeout,
                                          xmpp_result_handler handler,
                                          void *userdata);

/* End it with a value that `payload` describes, or with a result as a handler
 * got it: one that you make yourself is too short for a later library. */
XMPP_API void xmpp_pending_end(xmpp_pending_t *pending, int status,
                               const xmpp_payload_t *payload,
                               const void *value);
XMPP_API void xmpp_pending_end_with(xmpp_pending_t *pending,
                                    const xmpp_result_t *result);

/* Call `forget` if it ends in another way, before its handler; it is called
 * too if the operation is cancelled. The module forgets the pointer then. */
XMPP_API void xmpp_pending_on_end(xmpp_pending_t *pending,
                                  void (*forget)(void *module_data),
                                  void *module_data);

/* ---- flows ------------------------------------------------------- */

/* Several requests, one after the other, with one result at the end and one
 * deadline, XMPP_OPT_REQUEST_TIMEOUT. */
typedef struct _xmpp_flow_t xmpp_flow_t;

/* What `receive` of a step returns, or the number of the step to go on with.
 * A failed flow has no value; if the answer was no error, its status is
 * XMPP_EPROTO. */
#define XMPP_FLOW_NEXT (-1) /* go on with the next step; the last one: end */
#define XMPP_FLOW_DONE (-2) /* end with this result */
#define XMPP_FLOW_FAIL (-3) /* end, failed */
#define XMPP_FLOW_OK (-4)   /* end well, even if this answer is an error */
#define XMPP_FLOW_NONE (-5) /* end with XMPP_ENOSERVICE: nobody offers it */

/* `memory` is the flow's own. Both functions may do anything. `receive` gets
 * the answer, also one with an error; not the end of the session or of the
 * time, which end the flow. The layout of this struct will not change. */
typedef struct _xmpp_step_t {
    const char *name; /* for people */
    /* Make the request: owned by the flow. NULL when out of memory. */
    xmpp_stanza_t *(*send)(xmpp_flow_t *flow, void *memory);
    int (*receive)(xmpp_flow_t *flow, void *memory,
                   const xmpp_result_t *result);
    const xmpp_payload_t *payload; /* of the answer's value, or NULL */
} xmpp_step_t;

/* A flow that is to be filled in and started. `steps` are static. *ret_memory
 * is `memory_size` octets, zeroed and aligned for any type. NULL when out of
 * memory, or without steps. */
XMPP_API xmpp_flow_t *xmpp_flow_new(xmpp_conn_t *conn, const xmpp_step_t *steps,
                                    size_t step_count, size_t memory_size,
                                    void **ret_memory);

/* Send its first request. 0; otherwise the flow is gone and the handler is not
 * called: the codes of xmpp_request_send(), XMPP_EMEM also if `flow` is NULL or
 * something could not be kept; XMPP_EARG if that was a struct which
 * xmpp_payload_check() refuses. */
XMPP_API int xmpp_flow_start(xmpp_flow_t *flow, xmpp_result_handler handler,
                             void *userdata);

/* Give it up; its handler is not called. */
XMPP_API void xmpp_flow_free(xmpp_flow_t *flow);

XMPP_API xmpp_conn_t *xmpp_flow_get_conn(const xmpp_flow_t *flow);

/* Copies of a text, a tree or a struct that live as long as the flow. NULL for
 * NULL. When out of memory the flow ends with XMPP_EMEM at its next request,
 * and with XMPP_EARG for a struct that xmpp_payload_check() refuses. */
XMPP_API const char *xmpp_flow_keep_text(xmpp_flow_t *flow, const char *text);
XMPP_API xmpp_stanza_t *xmpp_flow_keep(xmpp_flow_t *flow,
                                       xmpp_stanza_t *stanza);
XMPP_API void *xmpp_flow_keep_value(xmpp_flow_t *flow,
                                    const xmpp_payload_t *payload,
                                    const void *value);

/* If it ends well, its value is a copy of this one, and not that of the last
 * answer. */
XMPP_API void xmpp_flow_set_value(xmpp_flow_t *flow,
                                  const xmpp_payload_t *payload,
                                  const void *value);

XMPP_END

#endif /* XMPP_RESULT_H */
