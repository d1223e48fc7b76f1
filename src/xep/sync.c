/* sync.c - each message once, in order, and gaps that are named. */

#include <xmpp/xep/sync.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/option.h>
#include <xmpp/xep/carbons.h>
#include <xmpp/xep/mam.h>
#include <xmpp/xep/sync_letter.h>
#include <xmpp/xep/sync_places.h>
#include <xmpp/xep/sync_sent.h>

/* `account` is whose archives and messages these are; NULL before the first
 * session. */
struct sync {
    xmpp_conn_t *conn;
    xmpp_sync_limits_t limits;
    long page, pending_most, rooms_most;
    xmpp_sync_places_t places;
    xmpp_sync_sent_t *sent;
    char *account;
    int is_up; /* there is a session, perhaps without a connection */
};

static struct sync *sync_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_sync);
}

/* Why a call is refused, as a sentence. Returns the code. */
static int refuse_sync(xmpp_conn_t *conn, int code, const char *why)
{
    return xmpp_conn_fail(conn, &xmpp_mod_sync, code, "%s", why);
}

/* ---- archives ---------------------------------------------------- */

/* NULL after a refusal. */
static const xmpp_sync_place_t *find_followed(xmpp_conn_t *conn,
                                              const xmpp_jid_t *archive)
{
    const struct sync *sync = sync_of(conn);
    const xmpp_sync_place_t *place =
        sync ? xmpp_sync_places_find(&sync->places, archive) : NULL;

    if (!place)
        refuse_sync(conn, XMPP_EINVOP, "this archive is not followed");
    return place;
}

static xmpp_sync_line_t *find_line(void *to, const char *key)
{
    const struct sync *sync = to;
    const xmpp_sync_place_t *place =
        xmpp_dict_find(sync->places.all, key, (size_t)-1);

    return place ? xmpp_sync_archive_get_line(place->archive) : NULL;
}

static int order_send(void *to, const char *own, const char *after)
{
    return xmpp_sync_sent_send(((struct sync *)to)->sent, own, after);
}

static void order_settle(void *to, const char *own, int fate)
{
    xmpp_sync_sent_settle(((struct sync *)to)->sent, own, fate);
}

static const char *find_own_message(void *to, xmpp_stanza_t *message)
{
    return xmpp_sync_mark_find(
        xmpp_sync_sent_get_mark(((struct sync *)to)->sent), message);
}

static int make_place(struct sync *sync, const xmpp_jid_t *jid)
{
    xmpp_sync_owner_t owner = {
        sizeof(owner), sync,       &xmpp_mod_sync, &sync->limits,
        &sync->page,   order_send, order_settle,   find_own_message};
    xmpp_sync_place_t *place;
    int rc;

    place = xmpp_sync_places_add(&sync->places, jid, &owner, &rc);
    if (place)
        rc = xmpp_sync_sent_hand_on(sync->sent, xmpp_dict_key(place, NULL));
    if (rc)
        xmpp_sync_places_remove(&sync->places, place);
    return rc;
}

/* ---- what arrives ------------------------------------------------ */

static int on_any_message(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    struct sync *sync = state;
    const char *type = xmpp_stanza_get_type(in->message);
    const xmpp_sync_place_t *place;

    (void)conn;
    if (in->via == XMPP_VIA_ARCHIVE || !sync->is_up)
        return 0; /* those of an archive come in pages */
    if (type && !strcmp(type, "error")) {
        if (in->via == XMPP_VIA_STREAM)
            xmpp_sync_sent_refuse(sync->sent, in->message);
        return 0;
    }
    place = type && !strcmp(type, "groupchat")
                ? xmpp_dict_find_jid(sync->places.all, in->from, XMPP_JID_BARE)
                : xmpp_sync_places_find(&sync->places, NULL);
    if (place && !xmpp_stanza_get_child_by_name_and_ns(in->message, "event",
                                                       XMPP_NS_PUBSUB_EVENT))
        xmpp_sync_archive_receive(place->archive, in->message, (int)in->via);
    return 0;
}

/* ---- sessions ---------------------------------------------------- */

/* What belongs to another account is forgotten. */
static int set_sync_account(struct sync *sync)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(sync->conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(sync->conn));
    int is_other = !account || !sync->account || strcmp(account, sync->account);
    int rc;

    xmpp_free(ctx, sync->account);
    sync->account = account;
    if (!is_other && xmpp_sync_places_find(&sync->places, NULL))
        return 0;
    xmpp_sync_places_clear(&sync->places);
    if (!account)
        return XMPP_EMEM;
    rc = xmpp_sync_sent_restore(sync->sent);
    return rc ? rc : make_place(sync, NULL);
}

static void begin_sync(struct sync *sync)
{
    int rc;

    if (xmpp_conn_is_component(sync->conn))
        return;
    rc = set_sync_account(sync);
    sync->is_up = rc == 0;
    if (rc)
        xmpp_conn_log(sync->conn, &xmpp_mod_sync, XMPP_LEVEL_ERROR,
                      "no archive is followed: %s", xmpp_strerror(rc));
    else
        xmpp_sync_places_each(&sync->places, xmpp_sync_archive_begin);
}

/* A process that goes on with the session of an earlier one has nothing yet. */
static void resume_sync(struct sync *sync)
{
    if (!sync->is_up)
        begin_sync(sync);
    else
        xmpp_sync_places_each(&sync->places, xmpp_sync_archive_resume);
}

static void end_sync(struct sync *sync)
{
    sync->is_up = 0;
    xmpp_sync_sent_end(sync->sent);
    xmpp_sync_places_each(&sync->places, xmpp_sync_archive_end);
}

static int attach_sync(xmpp_conn_t *conn, struct sync *sync)
{
    sync->conn = conn;
    sync->sent = xmpp_sync_sent_new(conn, &xmpp_mod_sync, find_line, sync);
    if (sync->sent && xmpp_sync_places_init(&sync->places, conn) == 0)
        return xmpp_conn_set_option(conn, XMPP_OPT_SM_RESEND, 0);
    xmpp_sync_sent_free(sync->sent);
    return XMPP_EMEM;
}

static int on_sync_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct sync *sync = state;

    if (event == XMPP_ATTACHED)
        return attach_sync(conn, sync);
    if (event == XMPP_SESSION_STARTED)
        begin_sync(sync);
    if (event == XMPP_SESSION_RESUMED)
        resume_sync(sync);
    if (event == XMPP_SESSION_ENDED)
        end_sync(sync);
    if (event == XMPP_DETACHED) {
        xmpp_sync_places_free(&sync->places);
        xmpp_sync_sent_free(sync->sent);
        xmpp_free(xmpp_conn_get_context(conn), sync->account);
    }
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_mam),
    XMPP_NEEDS(&xmpp_mod_carbons),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL,
                 on_any_message),
    XMPP_LIFECYCLE(on_sync_life),
    XMPP_SPEC("XEP-0313", "1.1.3", "complete"),
    XMPP_EVENT(XMPP_SYNC_MESSAGE, "message", &xmpp_sync_message),
    XMPP_EVENT(XMPP_SYNC_GAP, "gap", &xmpp_sync_gap),
    XMPP_EVENT(XMPP_SYNC_STATE, "state", &xmpp_sync_change),
    XMPP_EVENT(XMPP_SYNC_SEEN, "seen", &xmpp_sync_seen),
    XMPP_EVENT(XMPP_SYNC_FATE, "fate", &xmpp_sync_fate),
    XMPP_EVENT(XMPP_SYNC_SHOWN, "shown", &xmpp_sync_seen),
    XMPP_LIMIT("catch-up", 1000, 1, 10000000,
               offsetof(struct sync, limits.catch_up)),
    XMPP_LIMIT("held", 1000, 1, 1000000, offsetof(struct sync, limits.held)),
    XMPP_LIMIT("gaps", 100, 1, 10000, offsetof(struct sync, limits.gaps)),
    XMPP_LIMIT("page", 100, 1, 1000, offsetof(struct sync, page)),
    XMPP_LIMIT("pending", 1000, 1, 100000, offsetof(struct sync, pending_most)),
    XMPP_LIMIT("archives", 1000, 0, 100000, offsetof(struct sync, rooms_most)),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_sync, "sync", sizeof(struct sync), rows);

/* ---- what the application calls ---------------------------------- */

int xmpp_sync_send(xmpp_conn_t *conn, xmpp_stanza_t *message,
                   xmpp_result_handler handler, void *userdata)
{
    struct sync *sync = sync_of(conn);
    char room[XMPP_JID_BUFFER_SIZE];
    int rc;

    if (!sync) {
        if (message)
            xmpp_stanza_release(message);
        return xmpp_conn_fail_unused(conn, &xmpp_mod_sync);
    }
    xmpp_conn_hold(conn);
    rc = xmpp_sync_sent_add(sync->sent, xmpp_sync_letter_key(message, room),
                            message, sync->pending_most, handler, userdata);
    if (rc == XMPP_EINVOP)
        refuse_sync(conn, rc, "no session yet, or the room was not added");
    if (rc == XMPP_EFULL)
        refuse_sync(conn, rc, "too many messages wait for their fate");
    xmpp_conn_unhold(conn);
    return rc;
}

xmpp_stanza_t *xmpp_sync_next_pending(xmpp_conn_t *conn, xmpp_stanza_t *message)
{
    const struct sync *sync = sync_of(conn);

    return sync ? xmpp_sync_sent_next(sync->sent, message) : NULL;
}

int xmpp_sync_displayed(xmpp_conn_t *conn, const xmpp_jid_t *chat,
                        const char *id, const char *archive_id)
{
    const struct sync *sync = sync_of(conn);
    int is_room;

    if (!sync)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_sync);
    if (!chat || !chat->domain_size || !(id || archive_id))
        return refuse_sync(conn, XMPP_EARG, "an address and an id are needed");
    is_room = xmpp_dict_find_jid(sync->places.all, chat, XMPP_JID_FULL) != NULL;
    return xmpp_sync_report_displayed(conn, &xmpp_mod_sync, chat, is_room, id,
                                      archive_id);
}

/* ---- archives of rooms ------------------------------------------- */

/* 0; 1 if it is followed already; or why it cannot be. */
static int make_room_place(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    struct sync *sync = sync_of(conn);
    xmpp_jid_t bare;

    if (!sync)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_sync);
    if (!sync->account)
        return refuse_sync(conn, XMPP_EINVOP, "there was no session yet");
    if (!archive || !archive->domain_size)
        return refuse_sync(conn, XMPP_EARG, "the address of a room is missing");
    if (xmpp_sync_places_find(&sync->places, archive))
        return 1;
    if ((long)xmpp_dict_count(sync->places.all) > sync->rooms_most)
        return refuse_sync(conn, XMPP_EFULL, "too many archives are followed");
    xmpp_jid_cut(archive, XMPP_JID_BARE, &bare);
    return make_place(sync, &bare);
}

static int follow_archive(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                          int is_away)
{
    const struct sync *sync = sync_of(conn);
    xmpp_sync_archive_t *followed =
        xmpp_sync_places_find(&sync->places, archive)->archive;

    xmpp_conn_hold(conn);
    if (xmpp_sync_archive_set_away(followed, is_away) && sync->is_up)
        xmpp_sync_archive_begin(followed);
    xmpp_conn_unhold(conn);
    return 0;
}

int xmpp_sync_add(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    int rc = make_room_place(conn, archive);

    return rc ? rc : follow_archive(conn, archive, 0);
}

int xmpp_sync_set_away(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                       int is_away)
{
    int rc = make_room_place(conn, archive);

    return rc < 0 ? rc : follow_archive(conn, archive, is_away);
}

int xmpp_sync_remove(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    struct sync *sync = sync_of(conn);
    xmpp_sync_place_t *place;

    if (!sync)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_sync);
    place = xmpp_sync_places_find(&sync->places, archive);
    if (place && place == xmpp_sync_places_find(&sync->places, NULL))
        return refuse_sync(conn, XMPP_EARG,
                           "the archive of our account is always followed");
    xmpp_sync_places_remove(&sync->places, place);
    return place == NULL;
}

int xmpp_sync_get_state(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    const xmpp_sync_place_t *place = find_followed(conn, archive);

    return place ? xmpp_sync_line_get_state(
                       xmpp_sync_archive_get_line(place->archive))
                 : XMPP_EINVOP;
}

/* ---- gaps -------------------------------------------------------- */

static const xmpp_sync_known_t *known_at(const xmpp_sync_place_t *place)
{
    return place ? xmpp_sync_notes_get(
                       xmpp_sync_archive_get_notes(place->archive))
                 : NULL;
}

const xmpp_sync_known_t *xmpp_sync_get_known(const xmpp_conn_t *conn,
                                             const xmpp_jid_t *archive)
{
    const struct sync *sync = sync_of(conn);

    return sync ? known_at(xmpp_sync_places_find(&sync->places, archive))
                : NULL;
}

const xmpp_sync_gap_t *xmpp_sync_next_gap(xmpp_conn_t *conn,
                                          const xmpp_sync_gap_t *gap)
{
    const struct sync *sync = sync_of(conn);

    return sync ? xmpp_sync_places_next_gap(&sync->places, gap) : NULL;
}

static int fill_place(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                      const char *before, long count,
                      xmpp_result_handler handler, void *userdata)
{
    const xmpp_sync_place_t *place = find_followed(conn, archive);
    int rc;

    if (!place)
        return XMPP_EINVOP;
    xmpp_conn_hold(conn);
    rc = xmpp_sync_fill_start(place->fill, before, count, handler, userdata);
    if (rc == XMPP_EARG || rc == XMPP_EFULL)
        refuse_sync(conn, rc,
                    rc == XMPP_EARG ? "there is no such gap"
                                    : "a gap of this archive is being filled");
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_sync_fill(xmpp_conn_t *conn, const xmpp_sync_gap_t *gap,
                   xmpp_result_handler handler, void *userdata)
{
    int is_room = gap && gap->archive.domain_size;

    return fill_place(conn, is_room ? &gap->archive : NULL,
                      gap ? gap->before : NULL, 0, handler, userdata);
}

int xmpp_sync_older(xmpp_conn_t *conn, const xmpp_jid_t *archive, long count,
                    xmpp_result_handler handler, void *userdata)
{
    const xmpp_sync_place_t *place = find_followed(conn, archive);
    const xmpp_sync_known_t *known = known_at(place);

    if (!known)
        return XMPP_EINVOP;
    if (count < 1 || !known->gap_count || known->gaps[0]->after)
        return refuse_sync(conn, XMPP_EARG, "the archive has nothing older");
    return fill_place(conn, archive, known->gaps[0]->before, count, handler,
                      userdata);
}
