/* forward.h - what is added to a message on its way: when it was sent, if it
 * was delayed (XEP-0203), the ids by which it is known (XEP-0359), the element
 * that it is forwarded in (XEP-0297), and how it may be stored (XEP-0334).
 *
 *     xmpp_time_t sent = xmpp_delay_get(conn, message, NULL);
 *     const char *id = xmpp_stanza_id_get(conn, message, NULL);
 *
 * Anybody can put these elements into a message. The two functions above take
 * only what the named entity has added.
 */

#ifndef XMPP_XEP_FORWARD_H
#define XMPP_XEP_FORWARD_H

#include <xmpp/conn.h>
#include <xmpp/payload.h>

XMPP_BEGIN

/* ---- payloads ---------------------------------------------------- */

/* <delay/>: the stanza was not delivered at once (XEP-0203). */
typedef struct _xmpp_delay_t {
    size_t size;
    xmpp_jid_t from;    /* who delayed it, or sent it */
    xmpp_time_t stamp;  /* when it was sent; required */
    const char *reason; /* for people */
} xmpp_delay_t;

/* <stanza-id/>: the id that an archive gave to a message. Both members are
 * required. */
typedef struct _xmpp_stanza_id_t {
    size_t size;
    const char *id;
    xmpp_jid_t by; /* the account or the room that gave it */
} xmpp_stanza_id_t;

/* <origin-id/>: the id that the sender gave to a message; required. It proves
 * nothing. */
typedef struct _xmpp_origin_id_t {
    size_t size;
    const char *id;
} xmpp_origin_id_t;

/* <referenced-stanza/>: another message, by its stanza-id (XEP-0359 section
 * 4). */
typedef struct _xmpp_referenced_t {
    size_t size;
    const char *id; /* required */
    xmpp_jid_t by;
} xmpp_referenced_t;

/* <forwarded/>: a stanza inside another (XEP-0297). The stanza itself is not a
 * member: see xmpp_forwarded_get_stanza() and xmpp_forwarded_add(). */
typedef struct _xmpp_forwarded_t {
    size_t size;
    const xmpp_delay_t *delay; /* when the stanza was received */
    xmpp_stanza_t *element;    /* the <forwarded/>; NULL in a copy */
} xmpp_forwarded_t;

XMPP_API extern const xmpp_payload_t xmpp_delay;
XMPP_API extern const xmpp_payload_t xmpp_stanza_id;
XMPP_API extern const xmpp_payload_t xmpp_origin_id;
XMPP_API extern const xmpp_payload_t xmpp_referenced;
XMPP_API extern const xmpp_payload_t xmpp_forwarded;

/* ---- delays and ids ---------------------------------------------- */

/* When a stanza was sent, by the delay that `from` has put into it; NULL: our
 * server, in the name of its domain or of our account. The oldest counts if
 * there are several. XMPP_NO_TIME if it came at once, and without a
 * connection. */
XMPP_API xmpp_time_t xmpp_delay_get(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                                    const xmpp_jid_t *from);

/* The id that an archive gave to a message: `by` is the bare address of a room,
 * whose id counts only in messages from that room; NULL is our own account,
 * whose server removes ids that others have put there. Servers that know
 * XEP-0359 or XEP-0313 do so; of another server do not use it.
 *
 * Borrowed from the message. NULL if it has no such id, or two of them. */
XMPP_API const char *xmpp_stanza_id_get(xmpp_conn_t *conn,
                                        xmpp_stanza_t *message,
                                        const xmpp_jid_t *by);

/* Give a message of ours an origin-id, unless it has one. It is the id of the
 * message; if the message has none, both become a new one. Returns the
 * origin-id, borrowed from the message. NULL when out of memory: then the
 * message has none. */
XMPP_API const char *xmpp_origin_id_put(xmpp_stanza_t *message);

/* ---- forwarding -------------------------------------------------- */

/* The only stanza (message, presence or iq) in it. Borrowed from the tree. NULL
 * if there is none or more than one. Others claim that somebody has sent
 * it: do not treat it as if that entity had sent it to you. */
XMPP_API xmpp_stanza_t *
xmpp_forwarded_get_stanza(const xmpp_forwarded_t *forwarded);

/* Add a <forwarded/> to a stanza, or to an element of another extension, with a
 * copy of `inner` in it. `received` is when that was received, or XMPP_NO_TIME.
 * 0; XMPP_EINVOP if one of them is NULL; XMPP_EMEM: then do not send it; or the
 * status of the tree (build.h). */
XMPP_API int xmpp_forwarded_add(xmpp_stanza_t *parent, xmpp_stanza_t *inner,
                                xmpp_time_t received);

/* ---- hints ------------------------------------------------------- */

/* How a message may be stored and copied (XEP-0334). Others need not follow.
 * NO_COPY is only for messages to a full address. */
enum {
    XMPP_HINT_NO_PERMANENT_STORE = 1, /* not in archives */
    XMPP_HINT_NO_STORE = 2,           /* not even until it is delivered */
    XMPP_HINT_NO_COPY = 4,            /* not to other clients */
    XMPP_HINT_STORE = 8               /* although it has no body */
};

/* The hints in a message, as bits. 0 for a message of type "error", whose
 * content is that of another. */
XMPP_API int xmpp_hints_get(xmpp_stanza_t *message);

/* Add those hints that the message does not have. 0, or the status of the
 * tree. */
XMPP_API int xmpp_hints_add(xmpp_stanza_t *message, int hints);

XMPP_END

#endif /* XMPP_XEP_FORWARD_H */
