/* sync_event.h - what sync.h reports to the application. */

#ifndef XMPP_XEP_SYNC_EVENT_H
#define XMPP_XEP_SYNC_EVENT_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/sync_line.h>

XMPP_BEGIN

/* The events of xmpp_mod_sync, and their values. */
typedef enum {
    XMPP_SYNC_MESSAGE = 1, /* xmpp_sync_message_t */
    XMPP_SYNC_GAP,         /* xmpp_sync_gap_t. A new gap has no value before;
                            * one that was filled in part has both, and one that
                            * is filled has only the value before */
    XMPP_SYNC_STATE,       /* xmpp_sync_change_t */
    XMPP_SYNC_SEEN,        /* another client of ours has displayed messages:
                            * xmpp_sync_seen_t */
    XMPP_SYNC_FATE,        /* xmpp_sync_fate_t */
    XMPP_SYNC_SHOWN        /* this client has displayed messages:
                            * xmpp_sync_seen_t */
} xmpp_sync_event_t;

/* A message, of the stream, a carbon or an archive. */
typedef struct _xmpp_sync_message_t {
    size_t size;
    xmpp_jid_t archive; /* where it is kept; absent: by our account */
    xmpp_jid_t chat;    /* the other side: a bare address, or an occupant */
    int is_ours;        /* another client of ours sent it */
    int via;            /* an xmpp_via_t */
    int is_history;     /* it fills a gap, so it is older than others */
    const char *id;     /* in the archive; NULL: it has none */
    const char *own_id; /* its sender's: the origin-id, or the id. The sender
                         * chose it: it need not be the only one */
    xmpp_time_t time;   /* of the archive or the server; else, when it came */
    xmpp_stanza_t *message; /* NULL in a copy */
} xmpp_sync_message_t;

/* How far an archive is read. */
typedef struct _xmpp_sync_change_t {
    size_t size;
    xmpp_jid_t archive; /* absent: our account's */
    int state;          /* an xmpp_sync_state_t */
} xmpp_sync_change_t;

/* All up to a message was displayed by a client of ours. It has one of the ids,
 * or both. Ignore an id that you do not know, and a message that is older than
 * the last one that was displayed: marks only move forward. */
typedef struct _xmpp_sync_seen_t {
    size_t size;
    xmpp_jid_t chat;
    const char *id;         /* the sender's, as in the marker (XEP-0333) */
    xmpp_jid_t archive;     /* that gave the next one; absent: our account's */
    const char *archive_id; /* as in the mark (XEP-0490) */
    xmpp_stanza_t *marker;  /* of XMPP_SYNC_SHOWN: it will be sent to the other
                             * side; NULL: there is none, or in a copy */
} xmpp_sync_seen_t;

/* What became of a message of ours. */
typedef struct _xmpp_sync_fate_t {
    size_t size;
    const char *id; /* of the message */
    xmpp_jid_t to;  /* whom it was sent to; of RECEIVED and DISPLAYED, who
                     * confirms it */
    int fate;       /* an xmpp_sync_fate_kind_t (xep/sync_own.h) */
    const char *condition;  /* of an error, or NULL */
    xmpp_stanza_t *message; /* what xmpp_sync_send() got; NULL of RECEIVED and
                             * DISPLAYED, and in a copy */
} xmpp_sync_fate_t;

XMPP_API extern const xmpp_payload_t xmpp_sync_message;
XMPP_API extern const xmpp_payload_t xmpp_sync_change;
XMPP_API extern const xmpp_payload_t xmpp_sync_seen;
XMPP_API extern const xmpp_payload_t xmpp_sync_fate;

/* ---- for modules ------------------------------------------------- */

/* The id that its sender gave to a message: the origin-id, or the id. Borrowed
 * from the message; NULL if it has neither. */
XMPP_API const char *xmpp_sync_own_id(xmpp_stanza_t *message);

/* The same with the sender's bare address (in a room: the occupant's), for
 * xmpp_sync_item_t. Lives as long as the message. NULL also when out of memory.
 */
XMPP_API const char *xmpp_sync_key(xmpp_stanza_t *message);

/* Report a message, and what is in it of receipts and markers, unless it is
 * history. `archive` NULL: our account's. */
XMPP_API void xmpp_sync_report(xmpp_conn_t *conn, const xmpp_module_t *module,
                               const xmpp_jid_t *archive,
                               const xmpp_sync_item_t *item, int is_history);

/* Report what became of a message of ours, `kind`, and end what waits for that.
 * `stanza` is the message, or the error; `other` is the attribute that names
 * the other side. `condition` and `pending` may be NULL. */
XMPP_API void xmpp_sync_report_fate(xmpp_conn_t *conn,
                                    const xmpp_module_t *module,
                                    xmpp_stanza_t *stanza, const char *other,
                                    int kind, const char *condition,
                                    xmpp_pending_t *pending);

/* What xmpp_sync_displayed() does; `is_room`: the chat is a room whose archive
 * is followed. */
XMPP_API int xmpp_sync_report_displayed(xmpp_conn_t *conn,
                                        const xmpp_module_t *module,
                                        const xmpp_jid_t *chat, int is_room,
                                        const char *id, const char *archive_id);

/* Why an archive could not answer, as an xmpp_sync_why_t; 0: it may be better
 * the next time. */
XMPP_API int xmpp_sync_get_why(const xmpp_result_t *result);

XMPP_END

#endif /* XMPP_XEP_SYNC_EVENT_H */
