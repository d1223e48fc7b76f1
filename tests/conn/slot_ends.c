/* slot_ends.c - what ends many registrations at once, what frees their userdata
 * and acts on its own, and registering that fails. */

#include "conn/slot_kinds.h"

#include "conn/conn.h"

/* ---- release ----------------------------------------------------- */

static void release_conn(struct owned *owned)
{
    struct testbed *testbed = owned->testbed;

    if (!testbed->conn)
        return;
    is_int(xmpp_conn_release(testbed->conn), 1, "  released");
    testbed->conn = NULL;
}

static void free_ctx(struct owned *owned)
{
    if (owned->testbed->ctx)
        xmpp_ctx_free(owned->testbed->ctx);
    owned->testbed->ctx = NULL;
}

static void is_clean(const struct testbed *testbed)
{
    is_int(testbed->memory.held, 0, "  no memory is left");
}

static void released(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.stays = 1};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    xmpp_conn_release(testbed.conn);
    is_int(owned.freed, !kind->is_global, "  freed with its connection: %d",
           !kind->is_global);
    slot_is_removed(&owned, kind->is_global);
    xmpp_ctx_free(testbed.ctx);
    slot_is_over(&owned, kind->ends_with_call, "of a released owner");
    is_clean(&testbed);
}

static void freed_with_context(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.stays = 1};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    xmpp_ctx_free(testbed.ctx); /* before its connection */
    xmpp_conn_release(testbed.conn);
    slot_is_over(&owned, kind->ends_with_call, "of a freed context");
    is_clean(&testbed);
}

/* What happens within a call of it, to two of them. */
static void called_with(const struct slot_kind *kind,
                        void (*on_call)(struct owned *), const char *how)
{
    struct testbed testbed;
    struct owned first = {.stays = 1, .on_call = on_call};
    struct owned second = {.stays = 1};

    first.other = &second;
    slot_begin(&testbed);
    slot_add(&testbed, kind, &first);
    slot_add(&testbed, kind, &second);
    kind->fire(&testbed);
    if (testbed.conn)
        xmpp_conn_release(testbed.conn);
    if (testbed.ctx)
        xmpp_ctx_free(testbed.ctx);
    slot_is_over(&first, 1, how);
    slot_is_over(&second, second.calls, how);
    is_clean(&testbed);
}

/* ---- what frees, acts -------------------------------------------- */

/* Registering on something that goes is refused, and frees at once. */
static void add_anew(struct owned *owned)
{
    struct owned *again = owned->other;
    int rc = again->kind->add(again, &again->slot);

    is_int(rc == 0, again->calls, "  added anew: %s", xmpp_strerror_name(rc));
}

static void adds_while_released(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned again = {.kind = kind, .testbed = &testbed};
    struct owned owned = {.on_free = add_anew, .other = &again};

    if (kind->ends == BY_CALL && kind->delete) /* a request: never sent */
        return;
    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    if (!kind->is_global)
        xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    if (kind->is_global)
        xmpp_conn_release(testbed.conn);
    slot_is_over(&owned, 0, "that adds when it is freed");
    slot_is_over(&again, 0, "that is added too late");
    is_clean(&testbed);
}

/* Removing one ends another, or all. If its connection ends, that is a call. */
static void removed_with(const struct slot_kind *kind,
                         void (*on_free)(struct owned *), const char *how)
{
    bool is_released = on_free == release_conn || on_free == free_ctx;
    struct testbed testbed;
    struct owned second = {.stays = 1};
    struct owned first = {.stays = 1, .on_free = on_free, .other = &second};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &first);
    slot_add(&testbed, kind, &second);
    slot_is_removed(&first, 1);
    if (testbed.conn)
        xmpp_conn_release(testbed.conn);
    if (testbed.ctx)
        xmpp_ctx_free(testbed.ctx);
    slot_is_over(&first, 0, how);
    slot_is_over(&second, kind->ends_with_call && is_released, how);
    is_clean(&testbed);
}

/* What is released while one of its registrations is removed goes afterwards.
 */
static void release_and_count(struct owned *owned)
{
    release_conn(owned);
    owned->stays = (int)owned->testbed->memory.held;
}

static void keeps_owner(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned owned = {.on_free = release_and_count};

    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    slot_is_removed(&owned, 1);
    ok(kind->is_global || testbed.memory.held < owned.stays,
       "  its connection was kept meanwhile");
    xmpp_ctx_free(testbed.ctx);
    slot_is_over(&owned, 0, "whose owner is kept");
    is_clean(&testbed);
}

static void remove_other(struct owned *owned)
{
    slot_is_removed(owned->other, 1);
}

static void delete_all(struct owned *owned)
{
    if (owned->kind->delete)
        owned->kind->delete (owned->testbed, owned->other);
}

/* All of a function are deleted, and what frees the first adds another: it is
 * not deleted, too. */
static void adds_while_deleted(const struct slot_kind *kind)
{
    struct testbed testbed;
    struct owned again = {.kind = kind, .testbed = &testbed, .calls = 1};
    struct owned owned = {.on_free = add_anew, .other = &again};

    if (!kind->delete)
        return;
    slot_begin(&testbed);
    slot_add(&testbed, kind, &owned);
    kind->delete (&testbed, &owned);
    is_int(again.freed, 0, "  it is still there");
    slot_is_removed(&again, 1);
    slot_is_over(&again, 1, "that was added during a deletion");
    testbed_free(&testbed, kind->name);
}

/* ---- failing to add ---------------------------------------------- */

static void starves(const struct slot_kind *kind)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct testbed testbed;
        struct owned owned = {.testbed = &testbed};
        int rc;

        slot_begin(&testbed);
        owned.slot = 77;
        failmem_arm(&testbed.memory, ++n, 0);
        rc = kind->add(&owned, &owned.slot);
        failed = testbed.memory.failed > 0;
        failmem_arm(&testbed.memory, 0, 0);
        if (rc)
            ok(rc == XMPP_EMEM && failed && owned.freed == 1 &&
                   owned.slot == 77,
               "  the %lu-th allocation fails: freed, and no number", n);
        testbed_free(&testbed, kind->name);
        is_int(owned.freed, 1, "  freed once");
    }
    ok(n > 1, "%s: %lu allocations failed in turn", kind->name, n - 1);
}

static int refused; /* how often its userdata was freed */

static void on_refused(void *userdata)
{
    (void)userdata;
    refused++;
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza, (void)userdata;
    return 0;
}

static int on_time(xmpp_conn_t *conn, void *userdata)
{
    (void)conn, (void)userdata;
    return 0;
}

#define OWNED_ NULL, on_refused, &slot
static void refuses(void)
{
    struct testbed testbed;
    xmpp_slot_t slot = 77;
    xmpp_conn_t *conn;
    xmpp_ctx_t *ctx;

    slot_begin(&testbed);
    conn = testbed.conn;
    ctx = testbed.ctx;
    refused = 0;
    is_int(xmpp_slot_add_handler(NULL, on_stanza, NULL, NULL, NULL, OWNED_),
           XMPP_EINVOP, "a handler without a connection");
    is_int(xmpp_slot_add_handler(conn, NULL, NULL, NULL, NULL, OWNED_),
           XMPP_EARG, "without a function");
    is_int(xmpp_slot_add_id_handler(conn, on_stanza, NULL, OWNED_), XMPP_EARG,
           "by id, without one");
    is_int(xmpp_slot_add_iq_handler(conn, "result", "urn:q", NULL, on_stanza,
                                    OWNED_),
           XMPP_EARG, "of an iq that is no request");
    is_int(xmpp_slot_add_iq_handler(conn, NULL, NULL, NULL, on_stanza, OWNED_),
           XMPP_EARG, "of any namespace");
    is_int(xmpp_slot_add_timed_handler(NULL, on_time, 1, OWNED_), XMPP_EINVOP,
           "a timer without a connection");
    is_int(xmpp_slot_add_timed_handler(conn, NULL, 1, OWNED_), XMPP_EARG,
           "or without a function");
    is_int(xmpp_slot_add_timeout(conn, NULL, 1, OWNED_), XMPP_EARG,
           "a timeout likewise");
    is_int(xmpp_slot_add_global_timed_handler(NULL, NULL, 1, OWNED_),
           XMPP_EINVOP, "of a context: without one");
    is_int(xmpp_slot_add_global_timed_handler(ctx, NULL, 1, OWNED_), XMPP_EARG,
           "or without a function");
    is_int(xmpp_slot_add_global_timeout(ctx, NULL, 1, OWNED_), XMPP_EARG,
           "a timeout likewise");
    is_int(xmpp_slot_send_request(conn, xmpp_iq_new(ctx, "get", "1"), 0, NULL,
                                  OWNED_),
           XMPP_ENOTCONN, "a request while not connected");
    is_int(xmpp_slot_send_request(NULL, NULL, 0, NULL, OWNED_), XMPP_EINVOP,
           "a request without anything");
    is_int(refused, 13, "the userdata of each is freed");
    is_int((int)slot, 77, "none has a number");
    is_int(xmpp_slot_remove(ctx, 0) + xmpp_slot_remove(ctx, 77) +
               xmpp_slot_remove(NULL, 1),
           0, "and what has none is not removed");
    testbed_free(&testbed, "refused");
}

/* ---- real requests ----------------------------------------------- */

static const char *const one_answer[] = {
    PEER_LOGIN, "C id=\"one\"",
    "C />",     "S <iq type='result' id='one'/>",
    PEER_CLOSE, NULL};
static struct owned one, two, three;

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    struct owned *owned = userdata;

    (void)reply;
    owned->calls++;
    owned->stays = status;
    if (owned == &one)
        xmpp_disconnect(conn);
}

static void on_free(void *userdata)
{
    ((struct owned *)userdata)->freed++;
}

static int send_one(struct testbed *testbed, const char *id,
                    struct owned *owned)
{
    return xmpp_slot_send_request(testbed->conn,
                                  xmpp_iq_new(testbed->ctx, "get", id), 0,
                                  on_reply, owned, on_free, &owned->slot);
}

/* One is answered, one removed before its answer could come, one ends with the
 * connection; a fourth has an id that is in use. */
static void sent_requests(void)
{
    struct testbed testbed;
    xmpp_slot_t first;

    testbed_make(&testbed);
    testbed_connect(&testbed, one_answer);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(send_one(&testbed, "one", &one), 0, "sent");
    first = one.slot;
    is_int(send_one(&testbed, "one", &one), XMPP_EARG, "its id is in use");
    is_int(one.freed, 1, "so the userdata is freed");
    ok(one.slot == first, "and the number untouched");
    is_int(send_one(&testbed, "two", &two), 0, "a second is sent");
    is_int(send_one(&testbed, "three", &three), 0, "a third is sent");
    is_int(xmpp_slot_remove(testbed.ctx, two.slot), 1, "the second is removed");
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(one.calls * 100 + two.calls * 10 + three.calls, 101, "called");
    is_int(one.stays, 0, "the first has its answer");
    is_int(three.stays, XMPP_ENOTCONN, "the third has none");
    is_int(one.freed * 100 + two.freed * 10 + three.freed, 211, "freed");
    testbed_peer_done(&testbed, "requests");
    testbed_free(&testbed, "requests");
}

int main(void)
{
    for (size_t i = 0; i < SLOT_KINDS; i++) {
        const struct slot_kind *kind = &slot_kinds[i];

        released(kind);
        freed_with_context(kind);
        called_with(kind, release_conn, "that releases the connection");
        called_with(kind, free_ctx, "that frees the context");
        adds_while_released(kind);
        adds_while_deleted(kind);
        removed_with(kind, remove_other, "that removes another when freed");
        removed_with(kind, delete_all, "that deletes when freed");
        removed_with(kind, release_conn, "that releases when freed");
        removed_with(kind, free_ctx, "that frees the context when freed");
        keeps_owner(kind);
        starves(kind);
    }
    refuses();
    sent_requests();
    return done_testing();
}
