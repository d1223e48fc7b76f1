/* rpc.h - calling functions of others, and serving one's own (XEP-0009):
 * XML-RPC in stanzas.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_rpc);
 *     xmpp_conn_set_access(conn, &xmpp_mod_rpc, is_friend, NULL);
 *     xmpp_rpc_serve(conn, on_call, NULL);
 */

#ifndef XMPP_XEP_RPC_H
#define XMPP_XEP_RPC_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

/* A value: one of the members is there. */
struct _xmpp_rpc_array_t;
struct _xmpp_rpc_struct_t;
typedef struct _xmpp_rpc_value_t {
    size_t size;
    long i4, integer; /* two names of the same type */
    long boolean;     /* 0 or 1 */
    double real;
    const char *string;
    const char *time; /* as 19980717T14:08:55, in any time zone */
    xmpp_bytes_t bytes;
    const struct _xmpp_rpc_array_t *array;
    const struct _xmpp_rpc_struct_t *structure;
    const char *text; /* without a type: a string; beside one, only space */
} xmpp_rpc_value_t;

/* The values of an array. */
typedef struct _xmpp_rpc_data_t {
    size_t size;
    const xmpp_rpc_value_t *const *values;
    size_t value_count;
} xmpp_rpc_data_t;

typedef struct _xmpp_rpc_array_t {
    size_t size;
    const xmpp_rpc_data_t *data;
} xmpp_rpc_array_t;

typedef struct _xmpp_rpc_member_t {
    size_t size;
    const char *name;
    const xmpp_rpc_value_t *value;
} xmpp_rpc_member_t;

typedef struct _xmpp_rpc_struct_t {
    size_t size;
    const xmpp_rpc_member_t *const *members;
    size_t member_count;
} xmpp_rpc_struct_t;

typedef struct _xmpp_rpc_param_t {
    size_t size;
    const xmpp_rpc_value_t *value;
} xmpp_rpc_param_t;

typedef struct _xmpp_rpc_params_t {
    size_t size;
    const xmpp_rpc_param_t *const *list;
    size_t count;
} xmpp_rpc_params_t;

typedef struct _xmpp_rpc_request_t {
    size_t size;
    const char *method; /* such as "examples.getStateName" */
    const xmpp_rpc_params_t *params;
} xmpp_rpc_request_t;

/* What a function returned, or why it failed: a struct with the members
 * "faultCode" and "faultString". */
typedef struct _xmpp_rpc_response_t {
    size_t size;
    const xmpp_rpc_params_t *params;
    const xmpp_rpc_param_t *fault;
} xmpp_rpc_response_t;

typedef struct _xmpp_rpc_t {
    size_t size;
    const xmpp_rpc_request_t *call;
    const xmpp_rpc_response_t *response;
} xmpp_rpc_t;

XMPP_API extern const xmpp_payload_t xmpp_rpc;
XMPP_API extern const xmpp_payload_t xmpp_rpc_request;
XMPP_API extern const xmpp_payload_t xmpp_rpc_response;

/* Call a function of `to`. The value is an xmpp_rpc_t, whose `response` is NULL
 * if it has none. Who may not call it is answered with forbidden. XMPP_EARG
 * without a method. */
XMPP_API int xmpp_rpc_call(xmpp_conn_t *conn, const char *to,
                           const xmpp_rpc_request_t *call,
                           xmpp_result_handler handler, void *userdata);

/* ---- serving ----------------------------------------------------- */

/* Serves calls, and says so in service discovery. Who may call is decided by
 * xmpp_conn_set_access(); others get forbidden. Without it everybody may. */
XMPP_API extern const xmpp_module_t xmpp_mod_rpc;

/* Called for each call; in->from is who calls. It adds its response to the
 * element of the answer, by xmpp_payload_add(query, &xmpp_rpc_response,
 * &value), and returns 0. A negative code is answered with the error of that
 * code. */
typedef int (*xmpp_rpc_handler)(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                                const xmpp_rpc_request_t *call,
                                xmpp_stanza_t *query, void *userdata);

/* Let this function serve calls from now on; NULL: none does, and they are
 * answered with service-unavailable. 0; XMPP_EINVOP if the module is not in
 * use. */
XMPP_API int xmpp_rpc_serve(xmpp_conn_t *conn, xmpp_rpc_handler handler,
                            void *userdata);

XMPP_END

#endif /* XMPP_XEP_RPC_H */
