/* module.c - the modules of a connection, along its life. */

#include "conn/module.h"

#include <xmpp/module.h>

#include "conn/attempt.h"
#include "conn/outgoing.h"
#include "dispatch/pass.h"
#include "dispatch/sender.h"
#include "dispatch/watch.h"

/* ---- life -------------------------------------------------------- */

static int call_lifecycle_row(xmpp_conn_t *conn, struct member *member,
                              const xmpp_row_t *row, xmpp_lifecycle_t event)
{
    return row->kind == XMPP_ROW_LIFECYCLE ? row->on(conn, event, member->state)
                                           : 0;
}

/* All rows of a module, whatever they return. Only when it attaches the first
 * negative result is the last: then those before are detached. */
static int call_lifecycle(xmpp_conn_t *conn, struct member *member,
                          xmpp_lifecycle_t event)
{
    const xmpp_module_t *module = member->module;
    const xmpp_row_t *r = module_row(module, NULL), *refused = NULL;
    int rc = 0;

    for (; r && !refused; r = module_row(module, r)) {
        rc = call_lifecycle_row(conn, member, r, event);
        if (rc < 0 && event == XMPP_ATTACHED)
            refused = r;
    }
    if (!refused)
        return 0;
    for (r = module_row(module, NULL); r != refused; r = module_row(module, r))
        call_lifecycle_row(conn, member, r, XMPP_DETACHED);
    return rc;
}

/* A module sees the end of what it saw begin, and nothing else, although a walk
 * along all modules may be left because of what one of them did. One that came
 * into use since the session was lost, or one of a program that restored the
 * session of an earlier run, knows nothing of it: for this module it is new. */
static void live_on(xmpp_conn_t *conn, struct member *member,
                    xmpp_lifecycle_t event)
{
    if (event == XMPP_SESSION_RESUMED && !member->in_session)
        event = XMPP_SESSION_STARTED;
    if ((event == XMPP_CONNECTION_LOST && !member->is_up) ||
        (event == XMPP_SESSION_ENDED && !member->in_session))
        return;
    if (event == XMPP_SESSION_ENDED && member->is_up)
        live_on(conn, member, XMPP_CONNECTION_LOST);
    if (event == XMPP_SESSION_STARTED && member->in_session)
        live_on(conn, member, XMPP_SESSION_ENDED);
    if (event == XMPP_SESSION_STARTED)
        member->in_session = member->offers_due = true;
    if (event == XMPP_SESSION_ENDED)
        member->in_session = false;
    if (event != XMPP_MODULES_CHANGED)
        member->is_up =
            event == XMPP_SESSION_STARTED || event == XMPP_SESSION_RESUMED;
    call_lifecycle(conn, member, event);
}

/* One that comes into use meanwhile is told by xmpp_conn_use(). If the
 * connection is lost meanwhile, that was delivered to all and this is past. */
static void live_all(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                     const struct member *except)
{
    struct members *members = &conn->dispatch.members;
    unsigned long turn = members->turn;
    size_t count = members_count(members);

    conn_hold(conn);
    for (size_t i = 0; i < count && members->turn == turn; i++)
        if (members->list[i] != except)
            live_on(conn, members->list[i], event);
    conn_unhold(conn);
}

/* ---- features of the stream -------------------------------------- */

static void offer_to(xmpp_conn_t *conn, struct member *member,
                     xmpp_stanza_t *features)
{
    const struct pass_place place = {&conn->dispatch.members,
                                     &conn->dispatch.requests, conn,
                                     str_of(conn->bound)};
    const xmpp_module_t *module = member->module;
    unsigned long turn = place.members->turn;

    for (const xmpp_row_t *r = module_row(module, NULL);
         r && place.members->turn == turn; r = module_row(module, r)) {
        xmpp_stanza_t *feature =
            r->kind == XMPP_ROW_OFFER && r->handler
                ? xmpp_stanza_next_tag(features, NULL, r->name, r->ns)
                : NULL;

        if (feature)
            pass_offer(&place, member, r, feature);
    }
}

/* Each module whose session started gets them once: with Bind 2 they come after
 * that. */
void module_offer(xmpp_conn_t *conn)
{
    struct members *members = &conn->dispatch.members;
    xmpp_stanza_t *features = xmpp_stanza_clone(xmpp_conn_get_features(conn));
    unsigned long turn = members->turn;
    size_t count = members_count(members);

    conn_hold(conn);
    for (size_t i = 0; i < count && features && members->turn == turn; i++) {
        struct member *member = members->list[i];

        if (member->offers_due) {
            member->offers_due = false;
            offer_to(conn, member, features);
        }
    }
    conn_unhold(conn);
    xmpp_stanza_release(features);
}

xmpp_stanza_t *xmpp_conn_get_features(const xmpp_conn_t *conn)
{
    struct stream *stream = conn ? conn_stream(conn) : NULL;

    return stream ? stream_agreed(stream)->features : NULL;
}

/* ---- up and down ------------------------------------------------- */

/* The old session ends for all before the new one starts: a module that comes
 * into use meanwhile starts with the others. */
void module_up(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    struct members *members = &conn->dispatch.members;
    unsigned long turn;

    if (!conn->resumed) {
        outgoing_forget(conn);
        live_all(conn, XMPP_SESSION_ENDED, NULL);
    }
    if (attempt->over)
        return;
    members->is_up = true;
    turn = members->turn;
    live_all(conn, conn->resumed ? XMPP_SESSION_RESUMED : XMPP_SESSION_STARTED,
             NULL);
    if (members->turn == turn)
        module_offer(conn);
}

void module_down(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!conn->dispatch.members.is_up)
        return;
    conn->dispatch.members.is_up = false;
    conn->dispatch.members.turn++;
    live_all(conn, XMPP_CONNECTION_LOST, NULL);
}

void module_release(xmpp_conn_t *conn)
{
    struct members *members = &conn->dispatch.members;

    members->is_up = false;
    members->turn++;
    live_all(conn, XMPP_SESSION_ENDED, NULL);
    for (size_t i = 0; i < members_count(members); i++)
        watch_clear(members->list[i]);
}

/* The modules may call functions that hold the connection for the time of the
 * call: this hold keeps them from freeing it once more. */
void module_free(xmpp_conn_t *conn)
{
    struct members *members = &conn->dispatch.members;

    conn->holds++;
    for (size_t i = members_count(members); i-- > 0;)
        call_lifecycle(conn, members->list[i], XMPP_DETACHED);
    members_free(members);
    conn->holds--;
}

/* ---- use --------------------------------------------------------- */

static int use_needs(xmpp_conn_t *conn, const xmpp_module_t *module)
{
    int rc = 0;

    for (const xmpp_row_t *r = module_row(module, NULL); r && rc >= 0;
         r = module_row(module, r))
        if (r->kind == XMPP_ROW_NEEDS)
            rc = xmpp_conn_use(conn, r->module);
    return rc < 0 ? rc : 0;
}

/* It enters the set behind what its ATTACHED uses, as behind what it needs. */
static int attach(xmpp_conn_t *conn, struct member *member)
{
    int rc = call_lifecycle(conn, member, XMPP_ATTACHED);

    if (rc < 0)
        return rc;
    rc = conn->dying ? XMPP_EINVOP
                     : members_enter(&conn->dispatch.members, member);
    if (rc)
        call_lifecycle(conn, member, XMPP_DETACHED);
    return rc;
}

/* In a session it begins at once. */
static void join_session(xmpp_conn_t *conn, struct member *member)
{
    if (conn->dispatch.members.is_up)
        live_on(conn, member, XMPP_SESSION_STARTED);
    if (conn->dispatch.members.is_up)
        module_offer(conn);
    if (!conn->dying)
        live_all(conn, XMPP_MODULES_CHANGED, member);
}

/* Its ATTACHED may have let somebody watch it. */
static void drop_member(xmpp_conn_t *conn, struct member *member)
{
    watch_clear(member);
    members_drop(&conn->dispatch.members, member);
}

static int use_module(xmpp_conn_t *conn, const xmpp_module_t *module)
{
    struct members *members = &conn->dispatch.members;
    struct member *member;
    int rc;

    /* It counts as in use while it attaches, so that modules may need each
     * other. */
    if (members_find(members, module))
        return 1;
    member = members_begin(members, module);
    if (!member)
        return XMPP_EMEM;
    rc = use_needs(conn, module);
    if (rc == 0)
        rc = attach(conn, member);
    if (rc)
        drop_member(conn, member);
    else
        join_session(conn, member);
    return rc;
}

int xmpp_conn_use(xmpp_conn_t *conn, const xmpp_module_t *module)
{
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!module || conn->dying)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          module ? "a connection that is being released can "
                                   "use no further module"
                                 : "the module to use is NULL");
    conn_hold(conn);
    rc = use_module(conn, module);
    conn_unhold(conn);
    return rc;
}

void xmpp_conn_modules_changed(xmpp_conn_t *conn)
{
    if (conn && !conn->dying)
        live_all(conn, XMPP_MODULES_CHANGED, NULL);
}

/* ---- what is in use ---------------------------------------------- */

struct member *module_member(xmpp_conn_t *conn, const xmpp_module_t *module)
{
    struct member *member =
        conn && module ? members_find(&conn->dispatch.members, module) : NULL;

    if (conn && !member)
        env_refuse(&conn->ctx->env, XMPP_EINVOP,
                   "the module \"%s\" is not in use: call xmpp_conn_use()",
                   module ? module->name : "NULL");
    return member;
}

void *xmpp_conn_get_state(const xmpp_conn_t *conn, const xmpp_module_t *module)
{
    struct member *member =
        conn && module ? members_find(&conn->dispatch.members, module) : NULL;

    return member ? member->state : NULL;
}

const xmpp_module_t *xmpp_conn_next_module(const xmpp_conn_t *conn,
                                           const xmpp_module_t *module)
{
    const struct module_set *set = conn ? conn->dispatch.members.set : NULL;
    size_t next = module ? set_place(set, module) + 1 : 0;

    return set && next < set->count ? set->modules[next] : NULL;
}

/* Behind the last that fits: where the module is not known, those that share a
 * row would be passed again and again. */
static const struct set_row *set_behind(const struct module_set *set,
                                        unsigned kind, const xmpp_row_t *row,
                                        const xmpp_module_t *module)
{
    const struct set_row *r = set_end(set, kind);

    for (; r != set_begin(set, kind); r--)
        if (r[-1].row == row &&
            (!module || set->modules[r[-1].place] == module))
            return r;
    return set_end(set, kind);
}

const xmpp_row_t *xmpp_conn_next_row(const xmpp_conn_t *conn,
                                     xmpp_row_kind_t kind,
                                     const xmpp_row_t *row,
                                     const xmpp_module_t **module)
{
    const struct module_set *set = conn ? conn->dispatch.members.set : NULL;
    const struct set_row *r;

    if (!set || (unsigned)kind >= XMPP_ROW_KINDS_)
        return NULL;
    r = row ? set_behind(set, kind, row, module ? *module : NULL)
            : set_begin(set, kind);
    if (r == set_end(set, kind))
        return NULL;
    if (module)
        *module = set->modules[r->place];
    return r->row;
}

/* ---- limits and access ------------------------------------------- */

int xmpp_conn_set_limit(xmpp_conn_t *conn, const xmpp_module_t *module,
                        const char *name, long n)
{
    struct member *member = module_member(conn, module);
    const xmpp_row_t *row;

    if (!member)
        return XMPP_EINVOP;
    row = member_row_named(member, XMPP_ROW_LIMIT, name);
    if (!row)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "the module \"%s\" has no limit \"%s\"", module->name,
                          name ? name : "NULL");
    if (n < row->least || n > row->most)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "the limit \"%s\" of \"%s\" can be %ld to %ld, not "
                          "%ld",
                          name, module->name, row->least, row->most, n);
    *member_limit(member, row) = n;
    return 0;
}

long xmpp_conn_get_limit(const xmpp_conn_t *conn, const xmpp_module_t *module,
                         const char *name)
{
    struct member *member =
        conn && module ? members_find(&conn->dispatch.members, module) : NULL;
    const xmpp_row_t *row =
        member ? member_row_named(member, XMPP_ROW_LIMIT, name) : NULL;

    return row ? *member_limit(member, row) : -1;
}

int xmpp_conn_set_access(xmpp_conn_t *conn, const xmpp_module_t *module,
                         xmpp_access_handler access, void *userdata)
{
    struct member *member = module_member(conn, module);

    if (!member)
        return XMPP_EINVOP;
    member->access = access;
    member->access_userdata = userdata;
    return 0;
}

int xmpp_conn_sender_is(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                        unsigned sender)
{
    unsigned bits;

    if (!conn)
        return 0;
    bits = sender & sender_bits(jid, str_of(conn->bound));
    conn_hold(conn); /* modules are called */
    if (!bits)
        bits = sender_known(&conn->dispatch.members, conn, jid, sender);
    conn_unhold(conn);
    return bits != 0;
}
