/* module.h - what an extension is made of: a const table of rows, which say
 * what it listens for and what it offers, and state of its own on each
 * connection.
 *
 *     static int on_ping(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *my)
 *     {
 *         xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
 *         return 1;
 *     }
 *
 *     static const xmpp_row_t rows[] = {
 *         XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_PING, "ping", NULL, on_ping),
 *         XMPP_FEATURE(XMPP_NS_PING),
 *         XMPP_SPEC("XEP-0199", "2.0.1", "complete"),
 *         XMPP_ROWS_END
 *     };
 *     XMPP_MODULE(xmpp_mod_ping, "ping", 0, rows);
 *
 * Modules of the library and those of an application are the same. A stanza
 * passes, in this order: the check of who may send what; the request that it
 * answers; envelopes (WRAP); all other rows, those of the module that was used
 * first before those of the next; handlers of iq requests (handler.h); handlers
 * by id; other handlers. An iq that a module takes goes no further, all else
 * does.
 */

#ifndef XMPP_MODULE_H
#define XMPP_MODULE_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* ---- what comes in ----------------------------------------------- */

/* How a message came. */
typedef enum {
    XMPP_VIA_STREAM,
    XMPP_VIA_CARBON_IN,  /* another client of ours received it (XEP-0280) */
    XMPP_VIA_CARBON_OUT, /* another client of ours sent it */
    XMPP_VIA_ARCHIVE     /* XEP-0313 */
} xmpp_via_t;

/* What became of an item, or of its node (XEP-0060). */
typedef enum {
    XMPP_ITEM_PUBLISHED,
    XMPP_ITEM_RETRACTED,
    XMPP_NODE_PURGED,
    XMPP_NODE_DELETED
} xmpp_item_event_t;

/* What a row's handler gets. Borrowed for the call; made by the library only,
 * members may be added. */
typedef struct _xmpp_inbound_t {
    xmpp_stanza_t *stanza;  /* as it came */
    xmpp_stanza_t *message; /* as it is meant: what was in an envelope; without
                             * an envelope the same */
    xmpp_stanza_t *element; /* what the row names; of an item its content; or
                             * NULL */
    const void *value;      /* the element, or without one the stanza, as the
                             * row's payload reads it; without a payload NULL */
    const xmpp_jid_t *from; /* of `message`; NULL: our account */
    const xmpp_jid_t *to;   /* of `message`; NULL: none, or not an address */
    unsigned sender;        /* the XMPP_SENDER_ bits that hold for `from`; ASKED
                             * and those after it are looked up, and so set,
                             * only if the row names them */
    xmpp_via_t via;
    const char *node; /* of an item, or NULL */
    const char *item; /* the id of an item, or NULL */
    xmpp_item_event_t item_event;
    struct _xmpp_passing_t *passing; /* the library's */
    int is_unverified; /* `from` may be forged: it was in an envelope of
                        * somebody who cannot vouch for it, such as the archive
                        * of a room for anybody else */
} xmpp_inbound_t;

/* Of an iq: 0 not mine, the next row gets it; positive: an answer was or will
 * be sent; negative: the library answers with the error of this code
 * (handler.h, xmpp_iq_handler). Of an envelope: 0 it is not one after all, the
 * message rows get the message itself. The result of all others is ignored. */
typedef int (*xmpp_row_handler)(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                                void *state);

/* Add something to a stanza. */
typedef void (*xmpp_row_adder)(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                               void *state);

/* Does this address (never NULL) belong to those of the row's bit? */
typedef int (*xmpp_sender_judge)(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                 void *state);

/* ---- life -------------------------------------------------------- */

/* Turns in the life of a connection, as a module has to know them. A resumed
 * session is not a new one: servers send again what was missed, and to query
 * everything anew would be wrong. */
typedef enum {
    XMPP_ATTACHED,        /* in use: the state is zeroed, limits have their
                           * defaults. A negative result: not used after all,
                           * and DETACHED does not follow */
    XMPP_SESSION_STARTED, /* a new session, before the application gets
                           * XMPP_CONN_CONNECT: query everything */
    XMPP_SESSION_RESUMED, /* the old session goes on: nothing was missed */
    XMPP_CONNECTION_LOST, /* the session may come back: keep everything, but
                           * mark it as doubtful. Before XMPP_CONN_DISCONNECT,
                           * after the requests that end with the connection */
    XMPP_SESSION_ENDED,   /* what the session brought is void. Before the next
                           * SESSION_STARTED, or when the connection is
                           * released */
    XMPP_MODULES_CHANGED, /* what we offer to others has changed: another
                           * module came into use, or one called
                           * xmpp_conn_modules_changed() */
    XMPP_DETACHED         /* free what the state holds, and call nothing else.
                           * In reverse order of use, when no call of this
                           * connection is in progress any more: so the state
                           * stays valid while a handler runs, whatever that
                           * handler calls */
} xmpp_lifecycle_t;

/* The result counts for XMPP_ATTACHED only. */
typedef int (*xmpp_lifecycle_handler)(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                      void *state);

/* ---- rows -------------------------------------------------------- */

typedef enum {
    XMPP_ROW_END,
    XMPP_ROW_IQ_GET,
    XMPP_ROW_IQ_SET,
    XMPP_ROW_MESSAGE,
    XMPP_ROW_WRAP,
    XMPP_ROW_PRESENCE,
    XMPP_ROW_NODE,
    XMPP_ROW_OUT_PRESENCE,
    XMPP_ROW_OUT_MESSAGE,
    XMPP_ROW_FEATURE,
    XMPP_ROW_IDENTITY,
    XMPP_ROW_FORM,
    XMPP_ROW_BIND,
    XMPP_ROW_OFFER,
    XMPP_ROW_NEEDS,
    XMPP_ROW_LIFECYCLE,
    XMPP_ROW_EVENT,
    XMPP_ROW_LIMIT,
    XMPP_ROW_SPEC,
    XMPP_ROW_KNOWS,
    XMPP_ROW_KINDS_ /* how many there are; newer kinds are ignored */
} xmpp_row_kind_t;

/* Made by the macros below only. Members may be added at the end: the module
 * has the size of its rows. `sender` has room for twice the bits that there
 * are. */
typedef struct _xmpp_row_t {
    unsigned short kind, sender, when, flags;
    const char *ns, *name, *text;
    xmpp_row_handler handler;
    xmpp_row_adder adder;
    xmpp_lifecycle_handler on;
    xmpp_sender_judge judge;
    const xmpp_payload_t *payload;
    const xmpp_module_t *module;
    long number, least, most;
    size_t offset;
} xmpp_row_t;

/* Its layout will not change. */
struct _xmpp_module_t {
    const char *name; /* a word; the area of its lines in the log */
    size_t state_size;
    size_t row_size;
    const xmpp_row_t *rows; /* up to XMPP_ROWS_END */
};

#define XMPP_MODULE(variable, name, state_size, rows)                          \
    const xmpp_module_t variable = {name, state_size, sizeof(xmpp_row_t), rows}

#define XMPP_ROW_(kind, sender, when, flags, ns, name, text, handler, payload) \
    {                                                                          \
        kind, sender, when, flags, ns, name, text, handler, NULL, NULL, NULL,  \
            payload, NULL, 0, 0, 0, 0                                          \
    }
#define XMPP_ROW_FN_(kind, sender, ns, name, adder, on, judge)                 \
    {                                                                          \
        kind, sender, 0, 0, ns, name, NULL, NULL, adder, on, judge, NULL,      \
            NULL, 0, 0, 0, 0                                                   \
    }
#define XMPP_ROW_DATA_(kind, ns, name, text, payload, module, n, lo, hi, at)   \
    {                                                                          \
        kind, 0, 0, 0, ns, name, text, NULL, NULL, NULL, NULL, payload,        \
            module, n, lo, hi, at                                              \
    }

/* Rows that listen have a `sender`: XMPP_SENDER_ bits of which one has to hold;
 * else the row does not get the stanza. Their `payload` is the table that reads
 * the element, or NULL. What cannot be read does not reach the handler.
 * Messages and presence of type "error" reach only rows without a namespace:
 * apart from the error they contain what we sent (RFC 6120 section 8.3.1). An
 * element in the namespace of the stream is found by XMPP_NS_CLIENT, on
 * components too. */

/* An iq request with exactly this element; `name` NULL: any of the namespace.
 * If no row may get it for its sender, it is answered with service-unavailable;
 * if the payload cannot be read, with bad-request. */
#define XMPP_IQ_GET(sender, ns, name, payload, fn)                             \
    XMPP_ROW_(XMPP_ROW_IQ_GET, sender, 0, 0, ns, name, NULL, fn, payload)
#define XMPP_IQ_SET(sender, ns, name, payload, fn)                             \
    XMPP_ROW_(XMPP_ROW_IQ_SET, sender, 0, 0, ns, name, NULL, fn, payload)

/* A message with such a child; `name` NULL: any child of the namespace; `ns`
 * NULL: every message. `when` is XMPP_LIVE for messages that came by the stream
 * just now (receipts are sent for these only), or XMPP_ALL for those out of
 * carbons and archives, too. */
#define XMPP_LIVE 0
#define XMPP_ALL 1
#define XMPP_MESSAGE(sender, when, ns, name, payload, fn)                      \
    XMPP_ROW_(XMPP_ROW_MESSAGE, sender, when, 0, ns, name, NULL, fn, payload)

/* A message that contains another: `fn` hands that on by
 * xmpp_inbound_unwrap(). Message rows then get the inner one only. Such a
 * message is called an envelope. */
#define XMPP_WRAP(sender, ns, name, fn)                                        \
    XMPP_ROW_(XMPP_ROW_WRAP, sender, 0, 0, ns, name, NULL, fn, NULL)

/* Presence with such a child; `ns` NULL: every presence. */
#define XMPP_PRESENCE(sender, ns, name, payload, fn)                           \
    XMPP_ROW_(XMPP_ROW_PRESENCE, sender, 0, 0, ns, name, NULL, fn, payload)

/* Events of this node (XEP-0060), one by one; the module for
 * publish-subscribe finds them (`ns` of the row is the node). Flag XMPP_NOTIFY:
 * "node+notify" is a feature of ours (XEP-0163). */
#define XMPP_NOTIFY 1
#define XMPP_NODE(sender, flags, node, payload, fn)                            \
    XMPP_ROW_(XMPP_ROW_NODE, sender, 0, flags, node, NULL, NULL, fn, payload)

/* Before a presence, or a message, leaves that the application or a module
 * sends as a tree: `fn` may add to it. Not for type "error". To add something
 * else to our presence from now on, send xmpp_conn_get_presence() again. */
#define XMPP_OUT_PRESENCE(fn)                                                  \
    XMPP_ROW_FN_(XMPP_ROW_OUT_PRESENCE, 0, NULL, NULL, fn, NULL, NULL)
#define XMPP_OUT_MESSAGE(fn)                                                   \
    XMPP_ROW_FN_(XMPP_ROW_OUT_MESSAGE, 0, NULL, NULL, fn, NULL, NULL)

/* What service discovery reports of us (XEP-0030), as long as xmpp_mod_disco is
 * in use to answer the queries: a feature; an identity (`ns` of the row is its
 * category, `text` its type; `name` may be NULL); what `fn` adds to the
 * <query/>, such as a form (XEP-0128), or a feature that we do not always
 * have. */
#define XMPP_FEATURE(ns)                                                       \
    XMPP_ROW_DATA_(XMPP_ROW_FEATURE, ns, NULL, NULL, NULL, NULL, 0, 0, 0, 0)
#define XMPP_IDENTITY(category, type, name)                                    \
    XMPP_ROW_DATA_(XMPP_ROW_IDENTITY, category, name, type, NULL, NULL, 0, 0,  \
                   0, 0)
#define XMPP_FORM(fn) XMPP_ROW_FN_(XMPP_ROW_FORM, 0, NULL, NULL, fn, NULL, NULL)

/* An empty element to send with Bind 2 (XEP-0386): see
 * xmpp_conn_has_bind2_feature(). */
#define XMPP_BIND(ns, name)                                                    \
    XMPP_ROW_DATA_(XMPP_ROW_BIND, ns, name, NULL, NULL, NULL, 0, 0, 0, 0)

/* A stream feature: if the server has it, `fn` gets it as `element` once in
 * each session, after SESSION_STARTED. `fn` NULL: it is only to be kept, for
 * xmpp_conn_get_features(). */
#define XMPP_OFFER(ns, name, fn)                                               \
    XMPP_ROW_(XMPP_ROW_OFFER, 0, 0, 0, ns, name, NULL, fn, NULL)

/* Another module, which comes into use by itself, before this one. */
#define XMPP_NEEDS(module)                                                     \
    XMPP_ROW_DATA_(XMPP_ROW_NEEDS, NULL, NULL, NULL, NULL, module, 0, 0, 0, 0)

#define XMPP_LIFECYCLE(fn)                                                     \
    XMPP_ROW_FN_(XMPP_ROW_LIFECYCLE, 0, NULL, NULL, NULL, fn, NULL)

/* An event that the module emits: its number, its name, and the payload that
 * describes its value, or NULL. */
#define XMPP_EVENT(what, name, payload)                                        \
    XMPP_ROW_DATA_(XMPP_ROW_EVENT, NULL, name, NULL, payload, NULL, what, 0,   \
                   0, 0)

/* A limit that an application may set from `least` to `most`. `offset` is that
 * of a long in the state. */
#define XMPP_LIMIT(name, value, least, most, offset)                           \
    XMPP_ROW_DATA_(XMPP_ROW_LIMIT, NULL, name, NULL, NULL, NULL, value, least, \
                   most, offset)

/* The specification that the module implements, its version, and how far:
 * "complete", "partial", ... (the terms of DOAP, XEP-0453). */
#define XMPP_SPEC(name, version, status)                                       \
    XMPP_ROW_DATA_(XMPP_ROW_SPEC, version, name, status, NULL, NULL, 0, 0, 0, 0)

/* The module knows to whom XMPP_SENDER_CONTACT, XMPP_SENDER_SEEN,
 * XMPP_SENDER_ROOM or XMPP_SENDER_SELF applies: one row for each. */
#define XMPP_KNOWS(sender, fn)                                                 \
    XMPP_ROW_FN_(XMPP_ROW_KNOWS, sender, NULL, NULL, NULL, NULL, fn)

#define XMPP_ROWS_END                                                          \
    XMPP_ROW_DATA_(XMPP_ROW_END, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0)

/* ---- for modules ------------------------------------------------- */

/* The module's state on this connection, NULL if it is not in use. It is valid
 * until XMPP_DETACHED. */
XMPP_API void *xmpp_conn_get_state(const xmpp_conn_t *conn,
                                   const xmpp_module_t *module);

/* The next row of this kind behind `row`, in order of use; NULL: the first.
 * NULL after the last. *module is whose `row` is, and becomes whose the next
 * one is. `module` may be NULL: then rows that two modules share come once. */
XMPP_API const xmpp_row_t *xmpp_conn_next_row(const xmpp_conn_t *conn,
                                              xmpp_row_kind_t kind,
                                              const xmpp_row_t *row,
                                              const xmpp_module_t **module);

/* Deliver XMPP_MODULES_CHANGED to all modules, because this one offers more or
 * less to others than before: its XMPP_FORM row adds something else. */
XMPP_API void xmpp_conn_modules_changed(xmpp_conn_t *conn);

/* The application may release the connection in any call that reaches it: in
 * xmpp_conn_emit(), and in every function that sends (sm.h). While a handler of
 * a row, of a lifecycle event, of a result or of a timer runs, the connection,
 * its context and the states of its modules stay valid all the same. A function
 * of a module that is called from outside holds the connection from before such
 * a call until it does not need them any more. As many unholds as holds; NULL
 * is ignored. */
XMPP_API void xmpp_conn_hold(xmpp_conn_t *conn);
XMPP_API void xmpp_conn_unhold(xmpp_conn_t *conn);

/* Report an event to all who watch the module. Name and payload are those of
 * its XMPP_EVENT row of this number; the stanza is the one that is being
 * delivered, if any (the envelope, if it came in one). The values are borrowed.
 * The connection may be released meanwhile, see xmpp_conn_hold(), and what is
 * in the state may have changed. */
XMPP_API void xmpp_conn_emit(xmpp_conn_t *conn, const xmpp_module_t *module,
                             int what, const void *value, const void *before);

/* Hand on the message that was in an envelope, to envelopes and to message rows
 * for XMPP_ALL (with XMPP_VIA_STREAM, to all). Handlers of the application get
 * the envelope instead. What is not from our account vouches only for itself: a
 * bare address for all of its resources, a full one for no other (an occupant
 * of a room is not the next one). For other senders of the inner message only
 * XMPP_SENDER_ANYONE holds. Four envelopes may be in each other; more are
 * ignored. */
XMPP_API void xmpp_inbound_unwrap(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                                  xmpp_stanza_t *inner, xmpp_via_t via);

/* Hand on an item of a node to the rows for that node. `element` is the content
 * of the item, or NULL. Returns how many rows got it. */
XMPP_API int xmpp_inbound_item(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                               const char *node, const char *item,
                               xmpp_stanza_t *element, xmpp_item_event_t event);

/* Let an iq request come again: one that a row has taken, and not answered yet,
 * because it had to wait for something. It kept a clone. Rows get it as if it
 * had just come, with all checks; what none of them takes any more is answered
 * with an error. It is borrowed. 0; XMPP_EARG if it is not a request; the codes
 * of xmpp_send_take(). */
XMPP_API int xmpp_inbound_again(xmpp_conn_t *conn, xmpp_stanza_t *iq);

/* A line in the log, in the area that the module's name is. */
XMPP_API void xmpp_conn_log(xmpp_conn_t *conn, const xmpp_module_t *module,
                            xmpp_log_level_t level, const char *format, ...)
    XMPP_PRINTF(4, 5);

/* Refuse a call of the application: the sentence goes to
 * xmpp_ctx_get_last_error() with the module's name in front ("lamp: ..."), and
 * to the log at debug level. It says what is wrong, what was expected, and what
 * to do. A text from elsewhere may stand in it between quotation marks: control
 * characters and the like are escaped. Secrets may not. At most 255 octets.
 * Returns `code`, so:
 *
 *     return xmpp_conn_fail(conn, &lamp_module, XMPP_EARG,
 *                           "level %ld is not from 0 to %ld", level, most);
 *
 * `module` is NULL for functions that belong to none. If `conn` or `format` is
 * NULL, nothing is recorded. */
XMPP_API int xmpp_conn_fail(xmpp_conn_t *conn, const xmpp_module_t *module,
                            int code, const char *format, ...)
    XMPP_PRINTF(4, 5);

/* The same for a module that is not in use on this connection: XMPP_EINVOP. */
XMPP_API int xmpp_conn_fail_unused(xmpp_conn_t *conn,
                                   const xmpp_module_t *module);

/* The last presence of this session that went to all (RFC 6121 section 4.2), as
 * it was before any row added to it. It is kept if a module with a row for
 * presence that leaves was in use then; else, and after an unavailable one,
 * NULL. Send a copy of it for another time, and every row adds what it has now.
 * Borrowed until the next presence. */
XMPP_API xmpp_stanza_t *xmpp_conn_get_presence(const xmpp_conn_t *conn);

/* The stream features that the server sent last. They are kept if a module with
 * an OFFER row was in use when the connection was started; else, and while it
 * is not up, NULL. With Bind 2 they follow the login; SESSION_STARTED waits for
 * them, but not longer than XMPP_OPT_STEP_TIMEOUT. Borrowed until the
 * connection ends. */
XMPP_API xmpp_stanza_t *xmpp_conn_get_features(const xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_MODULE_H */
