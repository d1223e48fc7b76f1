/* sync_sent.c - messages that are sent by sync.h. */

#include <xmpp/xep/sync_sent.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/store.h>
#include <xmpp/xep/sync_keep.h>
#include <xmpp/xep/sync_ticket.h>

/* A message whose fate is not known; its key is its origin-id. */
struct sent {
    xmpp_sync_letter_t letter;
    int is_written;  /* the connection has no more to report of it; 2: since the
                      * last tick */
    int is_returned; /* by a room, as if we were not in it */
    xmpp_pending_t *pending;
};

struct _xmpp_sync_sent_t {
    xmpp_conn_t *conn;
    xmpp_ctx_t *ctx;
    const xmpp_module_t *module;
    xmpp_sync_line_finder find_line;
    void *to;
    xmpp_dict_t *all; /* struct sent */
    xmpp_sync_tickets_t tickets;
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

static int keep_sent(const xmpp_sync_sent_t *all, const struct sent *sent)
{
    return xmpp_sync_keep_letter(all->conn, xmpp_dict_key(sent, NULL),
                                 &sent->letter);
}

static int take_letter(void *to, const char *mark, xmpp_sync_letter_t *letter)
{
    xmpp_sync_sent_t *all = to;
    struct sent *sent = xmpp_dict_put(all->all, mark, (size_t)-1);

    if (!sent)
        return XMPP_EMEM;
    sent->letter = *letter;
    memset(letter, 0, sizeof(*letter));
    all->number = sent->letter.number;
    return 0;
}

/* From here on the dict has them in the order of their numbers. */
int xmpp_sync_sent_restore(xmpp_sync_sent_t *all)
{
    int rc;

    if (!all)
        return XMPP_EINVOP;
    xmpp_dict_clear(all->all);
    rc = xmpp_sync_mark_restore(&all->mark, all->conn);
    return rc ? rc
              : xmpp_sync_restore_letters(all->conn, all->module, take_letter,
                                          all);
}

int xmpp_sync_sent_hand_on(xmpp_sync_sent_t *all, const char *key)
{
    xmpp_sync_own_t *own =
        all ? xmpp_sync_line_get_own(all->find_line(all->to, key)) : NULL;
    const struct sent *sent = NULL;
    int rc = own ? 0 : XMPP_EINVOP;

    while (rc == 0 && (sent = xmpp_dict_next(all->all, sent)))
        if (!strcmp(sent->letter.place, key))
            rc = xmpp_sync_own_add(own, xmpp_dict_key(sent, NULL),
                                   sent->letter.is_out ? XMPP_SYNC_DOUBTFUL
                                                       : XMPP_SYNC_QUEUED,
                                   sent->letter.after);
    return rc;
}

/* ---- on its way -------------------------------------------------- */

static xmpp_sync_own_t *own_list_of(const xmpp_sync_sent_t *all,
                                    const struct sent *sent)
{
    return xmpp_sync_line_get_own(all->find_line(all->to, sent->letter.place));
}

static int is_to_room(const struct sent *sent)
{
    return strcmp(sent->letter.place, XMPP_SYNC_ACCOUNT_KEY) != 0;
}

/* Since a tick a room has neither sent it back nor refused it. */
static int is_overdue(const xmpp_sync_sent_t *all, const struct sent *sent)
{
    return sent->is_written > 1 &&
           xmpp_sync_own_get_state(own_list_of(all, sent),
                                   xmpp_dict_key(sent, NULL)) == XMPP_SYNC_OUT;
}

static void settle_overdue(xmpp_sync_sent_t *all)
{
    const struct sent *sent = NULL;

    while ((sent = xmpp_dict_next(all->all, sent)))
        if (is_overdue(all, sent)) {
            xmpp_sync_own_settle(own_list_of(all, sent),
                                 xmpp_dict_key(sent, NULL), XMPP_SYNC_SENT);
            sent = NULL; /* the list may be another */
        }
}

/* Time counts only while the room could be heard. */
static int on_sent_tick(void *to, int is_up)
{
    xmpp_sync_sent_t *all = to;
    struct sent *sent = NULL;
    int is_needed = 0;

    if (is_up)
        settle_overdue(all);
    while ((sent = xmpp_dict_next(all->all, sent)))
        if (is_to_room(sent) && sent->is_written) {
            sent->is_written += is_up && sent->is_written == 1;
            is_needed = 1;
        }
    return is_needed;
}

/* What became of it. Without stream management that is not known; what was
 * dropped from the queue is given up, because somebody wanted that. That the
 * server has it does not mean that the room will: it may have lost us. */
static void take_status(void *to, const char *own, int status)
{
    xmpp_sync_sent_t *all = to;
    struct sent *sent = sent_of(all, own);
    xmpp_sync_own_t *list = sent ? own_list_of(all, sent) : NULL;
    int is_waiting = sent && (status > 0 || (status == 0 && is_to_room(sent)));

    if (is_waiting)
        sent->is_written = 1;
    if (is_waiting && is_to_room(sent))
        xmpp_sync_tickets_wait(&all->tickets);
    else if (status == XMPP_ENOTCONN)
        xmpp_sync_own_doubt(list, own, 1);
    else if (!is_waiting)
        xmpp_sync_own_settle(list, own,
                             status == 0               ? XMPP_SYNC_SENT
                             : status == XMPP_EREFUSED ? XMPP_SYNC_REFUSED
                                                       : XMPP_SYNC_UNKNOWN);
}

/* First it is stored that it may have been sent, and then it is sent. */
int xmpp_sync_sent_send(xmpp_sync_sent_t *all, const char *own,
                        const char *after)
{
    struct sent *sent = sent_of(all, own);
    char *copy = sent && after ? xmpp_copy_text(all->ctx, after) : NULL;
    int rc;

    if (!sent || (after && !copy))
        return XMPP_EMEM;
    xmpp_free(all->ctx, sent->letter.after);
    sent->letter.after = copy;
    sent->letter.is_out = 1;
    sent->is_written = sent->is_returned = 0;
    keep_sent(all, sent);
    rc = xmpp_sync_tickets_send(&all->tickets,
                                xmpp_stanza_copy(sent->letter.message), own);
    if (rc == 0)
        return 0;
    sent->letter.is_out = 0;
    keep_sent(all, sent);
    return rc;
}

/* ---- fates ------------------------------------------------------- */

void xmpp_sync_sent_settle(xmpp_sync_sent_t *all, const char *own, int fate)
{
    struct sent *sent = sent_of(all, own);
    xmpp_stanza_t *message;
    xmpp_pending_t *pending;

    if (!sent)
        return;
    pending = sent->pending;
    message = xmpp_stanza_clone(sent->letter.message);
    if (fate == XMPP_SYNC_REFUSED && sent->is_returned)
        all->condition = XMPP_SYNC_NOT_IN;
    xmpp_conn_store_begin(all->conn);
    xmpp_sync_keep_letter(all->conn, own, NULL);
    xmpp_dict_drop(all->all, sent);
    xmpp_sync_report_fate(all->conn, all->module, message, "to", fate,
                          all->condition, pending);
    all->condition = NULL;
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

/* It is sent again, if we are not in the room and come back to it. */
static int return_sent(xmpp_sync_sent_t *all, struct sent *sent)
{
    xmpp_sync_line_t *line = all->find_line(all->to, sent->letter.place);
    int is_away = xmpp_sync_line_get_state(line) == XMPP_SYNC_OFFLINE;

    sent->is_returned =
        !line || xmpp_sync_own_return(xmpp_sync_line_get_own(line),
                                      xmpp_dict_key(sent, NULL), is_away);
    return sent->is_returned;
}

void xmpp_sync_sent_refuse(xmpp_sync_sent_t *all, xmpp_stanza_t *error)
{
    struct sent *sent = all ? sent_by_id(all, error) : NULL;

    if (!all || (sent && xmpp_sync_letter_is_return(&sent->letter, error) &&
                 return_sent(all, sent)))
        return;
    all->condition = xmpp_stanza_get_error(error, NULL, NULL);
    if (sent && own_list_of(all, sent))
        xmpp_sync_own_settle(own_list_of(all, sent), xmpp_dict_key(sent, NULL),
                             XMPP_SYNC_REFUSED);
    else if (sent)
        xmpp_sync_sent_settle(all, xmpp_dict_key(sent, NULL),
                              XMPP_SYNC_REFUSED);
    else if (xmpp_sync_mark_fits(&all->mark, xmpp_stanza_get_id(error)))
        xmpp_sync_report_fate(all->conn, all->module, error, "from",
                              XMPP_SYNC_REFUSED, all->condition, NULL);
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
 * without stream management, or of a room that sends nothing back, no more is
 * known. */
static int make_sent_room(xmpp_sync_sent_t *all, long most)
{
    struct sent *sent = NULL;

    if ((long)xmpp_dict_count(all->all) < most)
        return 0;
    while ((sent = xmpp_dict_next(all->all, sent)) &&
           !(sent->is_written && own_list_of(all, sent)))
        ;
    if (sent)
        xmpp_sync_own_settle(own_list_of(all, sent), xmpp_dict_key(sent, NULL),
                             XMPP_SYNC_SENT);
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

static void forget_pointer(void *pointer)
{
    *(xmpp_pending_t **)pointer = NULL;
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
    xmpp_sync_keep_letter(all->conn, mark, NULL);
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

    if (all && message) {
        sent = sent_of(all, xmpp_sync_mark_find(&all->mark, message));
        if (!sent || sent->letter.message != message)
            return NULL;
    }
    sent = all ? xmpp_dict_next(all->all, sent) : NULL;
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
    all->tickets.conn = conn;
    all->tickets.take = take_status;
    all->tickets.tick = on_sent_tick;
    all->tickets.to = all;
    all->all = xmpp_dict_new(ctx, sizeof(struct sent), 0, sent_done);
    if (all->all)
        return all;
    xmpp_free(ctx, all);
    return NULL;
}

void xmpp_sync_sent_free(xmpp_sync_sent_t *all)
{
    struct sent *sent = NULL;

    if (!all)
        return;
    xmpp_sync_tickets_clear(&all->tickets);
    while ((sent = xmpp_dict_next(all->all, sent)))
        if (sent->pending)
            xmpp_pending_on_end(sent->pending, NULL, NULL);
    xmpp_dict_free(all->all);
    xmpp_free(all->ctx, all);
}
