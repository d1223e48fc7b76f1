/* sync_kept.c - what sync.h reads from a store: without memory, from a store
 * that fails, and what is no notes. Nothing that was delivered may be delivered
 * again because it could not be read. */

#define _GNU_SOURCE
#include <xmpp/xep/sync.h>
#include <xmpp/store.h>

#include "conn/diary.h"

#define NOTES                                                                  \
    "<known xmlns=\"urn:libxmpp:sync\" cursor=\"i9\"><begun/>"                 \
    "<id>i8</id><id>i9</id></known>"
#define SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define MARK "100102030405060708090a0b0c0d0e0f"
#define LETTER                                                                 \
    "<own xmlns='urn:libxmpp:sync' archive='/' number='1' out='true' "         \
    "after='i7'><message xmlns='jabber:client' to='juliet@example.net'>"       \
    "<body>1</body><origin-id xmlns='urn:xmpp:sid:0' id='" MARK "'/>"          \
    "</message></own>"

static struct testbed testbed;
static const char *notes;
static const char *letter = LETTER, *mark = MARK;
static char sent[2000], sent_mark[40]; /* what was stored of ours */
static const char *starved; /* of which kind each text is read without memory */
static unsigned long fail_at;
static int fails; /* what the store returns for the notes */
static int new_secrets;

static int put(void *userdata, const char *account, const char *kind,
               const char *key, const char *text, size_t n)
{
    (void)userdata;
    (void)account;
    new_secrets += !strcmp(kind, "sync-mark");
    if (!strcmp(kind, "sync-own") && text) {
        snprintf(sent, sizeof(sent), "%.*s", (int)n, text);
        snprintf(sent_mark, sizeof(sent_mark), "%s", key);
    }
    return 0;
}

static int each(void *userdata, const char *account, const char *kind,
                xmpp_store_deliver deliver, void *to)
{
    const char *key = "/", *text = NULL;

    (void)userdata;
    (void)account;
    if (!strcmp(kind, "sync"))
        text = notes;
    if (!strcmp(kind, "sync-mark"))
        key = "secret", text = SECRET;
    if (!strcmp(kind, "sync-own"))
        key = mark, text = letter;
    if (!strcmp(kind, "sync") && fails)
        return fails;
    if (fail_at && !strcmp(kind, starved))
        failmem_arm(&testbed.memory, fail_at, 0);
    if (text)
        deliver(to, key, text, strlen(text));
    if (fail_at && !strcmp(kind, starved) && !testbed.memory.failed)
        fail_at = 0; /* that was more than there are */
    failmem_arm(&testbed.memory, 0, 0);
    return 0;
}

static const xmpp_store_t store = {
    .size = sizeof(store), .put = put, .each = each};

static void begin(void)
{
    diary_begin(&testbed);
    new_secrets = 0;
    is_int(xmpp_conn_set_store(testbed.conn, &store), 0, "a store");
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_sync), 0, "sync");
    diary_login(&testbed);
}

/* Where the archive is read from, or NULL if it is not followed. */
static const char *cursor(void)
{
    const xmpp_sync_known_t *known = xmpp_sync_get_known(testbed.conn, NULL);

    return !known ? NULL : known->cursor ? known->cursor : "the beginning";
}

/* All of it is read, or the archive is not followed. */
static void without_memory(const char *kind)
{
    int wrong = 0, i = 0;

    notes = NOTES;
    starved = kind;
    for (fail_at = 1; fail_at; fail_at = fail_at ? fail_at + 1 : 0, i++) {
        begin();
        wrong += cursor() ? strcmp(cursor(), "i9") != 0 ||
                                !xmpp_sync_next_pending(testbed.conn, NULL)
                          : fail_at == 0;
        wrong += new_secrets;
        testbed_free(&testbed, "without memory");
    }
    ok(i > 1, "%s is read without memory", kind);
    is_int(wrong, 0, "it counts as unknown only if all is read");
}

static void store_fails(void)
{
    notes = NOTES;
    fails = XMPP_EINT;
    begin();
    ok(!cursor(), "a store that fails: no archive is followed");
    is_int(xmpp_sync_get_state(testbed.conn, NULL), XMPP_EINVOP, "likewise");
    fails = 0;
    testbed_free(&testbed, "a store that fails");
}

static void not_notes(void)
{
    notes = "<known xmlns='urn:example'/>";
    begin();
    is_str(cursor(), "the beginning", "what is no notes counts as none");
    testbed_free(&testbed, "what is no notes");
}

static void read_whole(void)
{
    notes = NOTES;
    begin();
    is_str(cursor(), "i9", "notes are read");
    is_int(new_secrets, 0, "the secret is kept");
    ok(xmpp_sync_next_pending(testbed.conn, NULL) != NULL,
       "and what was not sent");
    testbed_free(&testbed, "what was stored");
}

/* What one process stores is read by the next. */
static void from_one_to_another(void)
{
    xmpp_stanza_t *message, *pending;

    letter = NULL;
    begin();
    message = xmpp_message_new(testbed.ctx, "chat", "juliet@example.net", "m1");
    xmpp_message_set_body(message, "Wherefore?");
    is_int(xmpp_sync_send(testbed.conn, message, NULL, NULL), 0, "sent");
    testbed_free(&testbed, "the one that sends");
    letter = sent;
    mark = sent_mark;
    begin();
    pending = xmpp_sync_next_pending(testbed.conn, NULL);
    is_str(xmpp_stanza_get_id(pending), "m1", "it is still on its way");
    is_str(xmpp_stanza_get_child_text(pending, "body", NULL), "Wherefore?",
           "with its text");
    is_str(xmpp_stanza_get_ns(pending), "jabber:client",
           "in the namespace of stanzas");
    testbed_free(&testbed, "the next");
    letter = LETTER;
    mark = MARK;
}

static void unreadable_letter(void)
{
    letter = "<own archive='/' number='1'/>";
    begin();
    ok(!xmpp_sync_next_pending(testbed.conn, NULL), "what is no letter is not "
                                                    "sent");
    testbed_free(&testbed, "no letter");
    letter = LETTER;
}

/* A copy outlives the tree that its original was read from. */
static void copies(void)
{
    xmpp_stanza_t *tree;
    xmpp_sync_message_t message, *message_copy;
    xmpp_sync_seen_t seen, *seen_copy;
    xmpp_sync_fate_t fate, *fate_copy;

    begin();
    tree = xmpp_message_new(testbed.ctx, "chat", "juliet@example.net", "m1");
    XMPP_INIT(xmpp_sync_message, message);
    XMPP_INIT(xmpp_sync_seen, seen);
    XMPP_INIT(xmpp_sync_fate, fate);
    message.message = seen.marker = fate.message = tree;
    message_copy = xmpp_payload_copy(testbed.ctx, &xmpp_sync_message, &message);
    seen_copy = xmpp_payload_copy(testbed.ctx, &xmpp_sync_seen, &seen);
    fate_copy = xmpp_payload_copy(testbed.ctx, &xmpp_sync_fate, &fate);
    ok(message_copy && !message_copy->message, "a copy has no message");
    ok(seen_copy && !seen_copy->marker, "and no marker");
    ok(fate_copy && !fate_copy->message, "likewise of a fate");
    xmpp_free(testbed.ctx, message_copy);
    xmpp_free(testbed.ctx, seen_copy);
    xmpp_free(testbed.ctx, fate_copy);
    xmpp_stanza_release(tree);
    testbed_free(&testbed, "copies");
}

/* From the moment that it has something to read from. */
static void on_catching(xmpp_conn_t *conn, const xmpp_event_t *event,
                        void *userdata)
{
    const xmpp_sync_change_t *change = event->value;
    const unsigned long *at = userdata;

    (void)conn;
    if (event->what == XMPP_SYNC_STATE && change->state == XMPP_SYNC_CATCHING)
        failmem_arm(&testbed.memory, *at, 0);
}

static bool has_requested(void)
{
    struct str ours = memory_server_sent(testbed.server);

    return ours.n && memmem(ours.s, ours.n, "queryid=", 8);
}

/* The archive is read some seconds later, in the same session. */
static void begins_without_memory(void)
{
    unsigned long at = 1, failed;
    int stuck = 0;

    letter = NULL;
    do {
        bool is_there;

        diary_begin(&testbed);
        xmpp_conn_set_store(testbed.conn, &store);
        xmpp_conn_use(testbed.conn, &xmpp_mod_sync);
        xmpp_conn_watch(testbed.conn, &xmpp_mod_sync, on_catching, &at);
        diary_login(&testbed);
        failed = testbed.memory.failed;
        failmem_arm(&testbed.memory, 0, 0);
        is_there = has_requested();
        for (int i = 0; i < 20 && !is_there; i++) {
            xmpp_run_once(testbed.ctx, 1000);
            is_there = has_requested();
        }
        stuck += testbed.downs == 0 && !is_there;
        testbed_free(&testbed, "a beginning without memory");
    } while (failed && ++at < 100);
    ok(at > 3 && at < 100, "memory runs out as an archive is to be read");
    is_int(stuck, 0, "it is read nevertheless");
    letter = LETTER;
}

int main(void)
{
    copies();
    read_whole();
    from_one_to_another();
    unreadable_letter();
    without_memory("sync");
    without_memory("sync-mark");
    without_memory("sync-own");
    begins_without_memory();
    store_fails();
    not_notes();
    return done_testing();
}
