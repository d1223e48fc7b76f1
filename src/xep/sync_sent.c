/* sync_sent.c - messages that are sent by sync.h. */

#include <xmpp/xep/sync_sent.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/store.h>
#include <xmpp/xep/sync_letter.h>
#include <xmpp/xep/sync_mark.h>

/* A message whose fate is not known; its key is its origin-id. */
struct sent {
    xmpp_sync_letter_t letter;
    int is_written; /* without an acknowledgement to come */
    xmpp_pending_t *pending;
};

/* What the connection has of a message on its way; it may outlive us. */
struct ticket {
    struct ticket *next;
    xmpp_sync_sent_t *sent; /* NULL: we are gone */
    xmpp_ctx_t *ctx;
    char own[XMPP_SYNC_MARK_SIZE];
};

struct _xmpp_sync_sent_t {
    xmpp_conn_t *conn;
    xmpp_ctx_t *ctx;
    const xmpp_module_t *module;
    xmpp_sync_line_finder find_line;
    void *to;
    xmpp_dict_t *all; /* struct sent */
    struct ticket *tickets;
    xmpp_sync_mark_t mark;
    long number;
    const char *condition; /* of the error that is being reported */
};

static struct sent *sent_of(const xmpp_sync_sent_t *all, const char *own)
{
    return all && own ? xmpp_dict_find(all->all, own, (size_t)-1) : NULL;
}

static void sent_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_sync_letter_clear(ctx, &((struct sent *)record)->letter);
}

const xmpp_sync_mark_t *xmpp_sync_sent_get_mark(const xmpp_sync_sent_t *all)
{
    return all ? &all->mark : NULL;
}

/* ---- the store --------------------------------------------------- */

static int keep_sent(xmpp_sync_sent_t *all, const struct sent *sent)
{
    size_t n = 0;
    char *text = xmpp_sync_letter_to_text(all->ctx, &sent->letter, &n);
    int rc = text ? xmpp_conn_store_put(all->conn, 0, "sync-own",
                                        xmpp_dict_key(sent, NULL), text, n)
                  : XMPP_EMEM;

    xmpp_free(all->ctx, text);
    return rc;
}

static int on_sent_text(void *to, const char *key, const char *text, size_t n)
{
    xmpp_sync_sent_t *all = to;
    struct sent *sent = xmpp_dict_put(all->all, key, (size_t)-1);

    if (sent && xmpp_sync_letter_from_text(all->ctx, text, n, &sent->letter))
        xmpp_dict_drop(all->all, sent);
    else if (sent && sent->letter.number > all->number)
        all->number = sent->letter.number;
    return 0;
}

void xmpp_sync_sent_restore(xmpp_sync_sent_t *all)
{
    if (!all)
        return;
    xmpp_dict_clear(all->all);
    xmpp_sync_mark_restore(&all->mark, all->conn);
    xmpp_conn_store_each(all->conn, 0, "sync-own", on_sent_text, all);
}

/* The one of this archive with the lowest number above `least`. */
static struct sent *next_in_order(const xmpp_sync_sent_t *all, const char *key,
                                  long least)
{
    struct sent *sent = NULL, *best = NULL;

    while ((sent = xmpp_dict_next(all->all, sent)))
        if (!strcmp(sent->letter.place, key) && sent->letter.number > least &&
            (!best || sent->letter.number < best->letter.number))
            best = sent;
    return best;
}

void xmpp_sync_sent_hand_on(xmpp_sync_sent_t *all, const char *key)
{
    xmpp_sync_own_t *own =
        all ? xmpp_sync_line_get_own(all->find_line(all->to, key)) : NULL;
    struct sent *sent;
    long number = LONG_MIN;

    while (own && (sent = next_in_order(all, key, number))) {
        number = sent->letter.number;
        xmpp_sync_own_add(own, xmpp_dict_key(sent, NULL),
                          sent->letter.is_out ? XMPP_SYNC_DOUBTFUL
                                              : XMPP_SYNC_QUEUED,
                          sent->letter.after);
    }
}

/* ---- on its way -------------------------------------------------- */

static struct ticket *ticket_new(xmpp_sync_sent_t *all, const char *own)
{
    struct ticket *ticket = xmpp_zalloc(all->ctx, sizeof(*ticket));

    if (!ticket)
        return NULL;
    ticket->sent = all;
    ticket->ctx = all->ctx;
    snprintf(ticket->own, sizeof(ticket->own), "%s", own);
    ticket->next = all->tickets;
    all->tickets = ticket;
    return ticket;
}

static void ticket_free(struct ticket *ticket)
{
    struct ticket **at = ticket->sent ? &ticket->sent->tickets : NULL;

    while (at && *at != ticket)
        at = &(*at)->next;
    if (at)
        *at = ticket->next;
    xmpp_free(ticket->ctx, ticket);
}

static xmpp_sync_own_t *own_list_of(const xmpp_sync_sent_t *all,
                                    const struct sent *sent)
{
    return xmpp_sync_line_get_own(all->find_line(all->to, sent->letter.place));
}

/* What became of it. Without stream management that is not known; what was
 * dropped from the queue is given up, because somebody wanted that. */
static void take_status(xmpp_sync_sent_t *all, const char *own, int status)
{
    struct sent *sent = sent_of(all, own);
    xmpp_sync_own_t *list = sent ? own_list_of(all, sent) : NULL;

    if (status == XMPP_ENOTCONN)
        xmpp_sync_own_doubt(list, own, 1);
    else if (status > 0 && sent)
        sent->is_written = 1;
    else
        xmpp_sync_own_settle(list, own,
                             status == 0               ? XMPP_SYNC_SENT
                             : status == XMPP_EREFUSED ? XMPP_SYNC_REFUSED
                                                       : XMPP_SYNC_UNKNOWN);
}

static void on_ticket(xmpp_conn_t *conn, int status, const char *text,
                      size_t length, void *userdata)
{
    struct ticket *ticket = userdata;

    (void)conn;
    (void)text;
    (void)length;
    if (ticket->sent)
        take_status(ticket->sent, ticket->own, status);
    ticket_free(ticket);
}

/* First it is stored that it may have been sent, and then it is sent. */
int xmpp_sync_sent_send(xmpp_sync_sent_t *all, const char *own,
                        const char *after)
{
    struct sent *sent = sent_of(all, own);
    struct ticket *ticket = sent ? ticket_new(all, own) : NULL;
    char *copy = sent && after ? xmpp_copy_text(all->ctx, after) : NULL;
    int rc;

    if (!ticket || (after && !copy)) {
        if (copy)
            xmpp_free(all->ctx, copy);
        if (ticket)
            ticket_free(ticket);
        return XMPP_EMEM;
    }
    xmpp_free(all->ctx, sent->letter.after);
    sent->letter.after = copy;
    sent->letter.is_out = 1;
    keep_sent(all, sent);
    rc = xmpp_send_tracked(all->conn, xmpp_stanza_copy(sent->letter.message),
                           on_ticket, ticket);
    if (rc == 0)
        return 0;
    ticket_free(ticket);
    sent->letter.is_out = 0;
    keep_sent(all, sent);
    return rc;
}

/* ---- fates ------------------------------------------------------- */

static void forget_pointer(void *pointer)
{
    *(xmpp_pending_t **)pointer = NULL;
}

/* `stanza` is the message, or the error; `other` is where the other side is
 * named there. */
static void report_sent(xmpp_sync_sent_t *all, xmpp_stanza_t *stanza,
                        const char *other, int kind, xmpp_pending_t *pending)
{
    xmpp_sync_fate_t fate;

    XMPP_INIT(xmpp_sync_fate, fate);
    fate.id = xmpp_stanza_get_id(stanza);
    fate.fate = kind, fate.condition = all->condition;
    xmpp_stanza_get_jid(stanza, other, &fate.to);
    if (pending) /* the event may end it */
        xmpp_pending_on_end(pending, forget_pointer, &pending);
    xmpp_conn_emit(all->conn, all->module, XMPP_SYNC_FATE, &fate, NULL);
    if (pending)
        xmpp_pending_end(pending,
                         kind == XMPP_SYNC_UNKNOWN   ? XMPP_ENOTCONN
                         : kind == XMPP_SYNC_REFUSED ? XMPP_EREFUSED
                                                     : 0,
                         &xmpp_sync_fate, &fate);
}

void xmpp_sync_sent_settle(xmpp_sync_sent_t *all, const char *own, int fate)
{
    struct sent *sent = sent_of(all, own);
    xmpp_stanza_t *message;
    xmpp_pending_t *pending;

    if (!sent)
        return;
    pending = sent->pending;
    message = xmpp_stanza_clone(sent->letter.message);
    xmpp_conn_store_begin(all->conn);
    xmpp_conn_store_put(all->conn, 0, "sync-own", own, NULL, 0);
    xmpp_dict_drop(all->all, sent);
    report_sent(all, message, "to", fate, pending);
    xmpp_conn_store_commit(all->conn);
    xmpp_stanza_release(message);
}

/* Errors come with the id of the message (RFC 6120 section 8.3.1). */
static struct sent *sent_by_id(const xmpp_sync_sent_t *all,
                               xmpp_stanza_t *error)
{
    const char *id = xmpp_stanza_get_id(error), *other;
    struct sent *sent = NULL;

    while (id && (sent = xmpp_dict_next(all->all, sent))) {
        other = xmpp_stanza_get_id(sent->letter.message);
        if (other && !strcmp(other, id) &&
            xmpp_sync_letter_is_answer(&sent->letter, all->conn, error))
            break;
    }
    return sent;
}

void xmpp_sync_sent_refuse(xmpp_sync_sent_t *all, xmpp_stanza_t *error)
{
    struct sent *sent = all ? sent_by_id(all, error) : NULL;

    if (!all)
        return;
    all->condition = xmpp_stanza_get_error(error, NULL, NULL);
    if (sent && own_list_of(all, sent))
        xmpp_sync_own_settle(own_list_of(all, sent), xmpp_dict_key(sent, NULL),
                             XMPP_SYNC_REFUSED);
    else if (xmpp_sync_mark_fits(&all->mark, xmpp_stanza_get_id(error)))
        report_sent(all, error, "from", XMPP_SYNC_REFUSED, NULL);
    all->condition = NULL;
}

void xmpp_sync_sent_end(xmpp_sync_sent_t *all)
{
    struct sent *sent = NULL;

    while (all && (sent = xmpp_dict_next(all->all, sent)))
        if (sent->is_written) {
            sent->is_written = 0;
            xmpp_sync_own_doubt(own_list_of(all, sent),
                                xmpp_dict_key(sent, NULL), 1);
        }
}

/* ---- sending ----------------------------------------------------- */

/* Of more than `most` those without an acknowledgement to come count as sent:
 * without stream management no more is known. */
static int make_sent_room(xmpp_sync_sent_t *all, long most)
{
    struct sent *sent = NULL;

    if ((long)xmpp_dict_count(all->all) < most)
        return 0;
    while ((sent = xmpp_dict_next(all->all, sent)) && !sent->is_written)
        ;
    if (sent)
        take_status(all, xmpp_dict_key(sent, NULL), 0);
    return sent ? 0 : XMPP_EFULL;
}

static int add_sent(xmpp_sync_sent_t *all, const char *key,
                    xmpp_stanza_t *message, const char *mark)
{
    struct sent *sent = xmpp_dict_put(all->all, mark, (size_t)-1);
    int rc;

    if (!sent)
        return XMPP_EMEM;
    sent->letter.message = xmpp_stanza_clone(message);
    sent->letter.place = xmpp_copy_text(all->ctx, key);
    sent->letter.number = ++all->number;
    rc = sent->letter.place ? keep_sent(all, sent) : XMPP_EMEM;
    if (rc)
        xmpp_dict_drop(all->all, sent);
    return rc;
}

static int wait_for_fate(xmpp_sync_sent_t *all, struct sent *sent,
                         xmpp_result_handler handler, void *userdata)
{
    if (!handler)
        return 0;
    sent->pending = xmpp_pending_new(all->conn, 0, handler, userdata);
    if (!sent->pending)
        return XMPP_EFULL;
    xmpp_pending_on_end(sent->pending, forget_pointer, &sent->pending);
    return 0;
}

static int send_marked(xmpp_sync_sent_t *all, const char *key,
                       xmpp_stanza_t *message, const char *mark,
                       xmpp_result_handler handler, void *userdata)
{
    xmpp_sync_line_t *line = all->find_line(all->to, key);
    xmpp_sync_own_t *own = xmpp_sync_line_get_own(line);
    int rc = add_sent(all, key, message, mark);

    if (rc)
        return rc;
    rc = xmpp_sync_own_add(own, mark, XMPP_SYNC_QUEUED, NULL);
    if (rc == 0)
        rc = wait_for_fate(all, sent_of(all, mark), handler, userdata);
    if (rc == 0) {
        xmpp_sync_line_go_on(line, 1);
        return 0;
    }
    xmpp_sync_own_drop(own, mark);
    xmpp_conn_store_put(all->conn, 0, "sync-own", mark, NULL, 0);
    xmpp_dict_drop(all->all, sent_of(all, mark));
    return rc;
}

int xmpp_sync_sent_add(xmpp_sync_sent_t *all, const char *key,
                       xmpp_stanza_t *message, long most,
                       xmpp_result_handler handler, void *userdata)
{
    char mark[XMPP_SYNC_MARK_SIZE];
    int rc = all && all->find_line(all->to, key) ? 0 : XMPP_EINVOP;

    if (rc == 0)
        rc = xmpp_stanza_get_status(message);
    if (rc == 0)
        rc = make_sent_room(all, most);
    if (rc == 0)
        rc = xmpp_sync_mark_put(&all->mark, message, mark);
    if (rc == 0)
        rc = send_marked(all, key, message, mark, handler, userdata);
    if (message)
        xmpp_stanza_release(message);
    return rc;
}

xmpp_stanza_t *xmpp_sync_sent_next(const xmpp_sync_sent_t *all,
                                   xmpp_stanza_t *message)
{
    const struct sent *sent = NULL;

    while (all && message && (sent = xmpp_dict_next(all->all, sent)) &&
           sent->letter.message != message)
        ;
    sent = all && (sent || !message) ? xmpp_dict_next(all->all, sent) : NULL;
    return sent ? sent->letter.message : NULL;
}

/* ---- life -------------------------------------------------------- */

xmpp_sync_sent_t *xmpp_sync_sent_new(xmpp_conn_t *conn,
                                     const xmpp_module_t *module,
                                     xmpp_sync_line_finder find_line, void *to)
{
    xmpp_ctx_t *ctx = conn ? xmpp_conn_get_context(conn) : NULL;
    xmpp_sync_sent_t *all =
        ctx && find_line ? xmpp_zalloc(ctx, sizeof(*all)) : NULL;

    if (!all)
        return NULL;
    all->conn = conn;
    all->ctx = ctx;
    all->module = module;
    all->find_line = find_line;
    all->to = to;
    all->all = xmpp_dict_new(ctx, sizeof(struct sent), 0, sent_done);
    if (all->all)
        return all;
    xmpp_free(ctx, all);
    return NULL;
}

void xmpp_sync_sent_free(xmpp_sync_sent_t *all)
{
    struct ticket *ticket;
    struct sent *sent = NULL;

    if (!all)
        return;
    while ((ticket = all->tickets)) {
        all->tickets = ticket->next;
        ticket->sent = NULL;
    }
    while ((sent = xmpp_dict_next(all->all, sent)))
        if (sent->pending)
            xmpp_pending_on_end(sent->pending, NULL, NULL);
    xmpp_dict_free(all->all);
    xmpp_free(all->ctx, all);
}
