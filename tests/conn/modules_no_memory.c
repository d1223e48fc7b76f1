/* modules_no_memory.c - modules at work, a connection that is lost and another
 * session, with each allocation failing: once, and it and all that follow. */

#include "conn/fate.h"

#include <xmpp/module.h>

#define TURNS 500 /* after which nothing happens any more */

static struct testbed testbed;

/* What has to come in pairs, whatever fails. */
static struct {
    int attached, detached, started, ended, up, lost;
    int taken, freed; /* userdata of watches */
    int got;          /* stanzas */
    bool wrong;
} life;

/* ---- the modules under test -------------------------------------- */

struct word {
    size_t size;
    const char *text;
};

static const xmpp_field_t word_fields[] = {
    XMPP_TEXT_MUST(struct word, text, TEXT)};
static XMPP_PAYLOAD(word_payload, struct word, "word", "urn:word", word_fields);

static int on_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    int *counts[] = {[XMPP_ATTACHED] = &life.attached,
                     [XMPP_DETACHED] = &life.detached,
                     [XMPP_SESSION_STARTED] = &life.started,
                     [XMPP_SESSION_ENDED] = &life.ended,
                     [XMPP_CONNECTION_LOST] = &life.lost};

    (void)conn;
    (void)state;
    if (event == XMPP_SESSION_STARTED || event == XMPP_SESSION_RESUMED)
        life.up++;
    if (event != XMPP_SESSION_RESUMED && event != XMPP_MODULES_CHANGED)
        ++*counts[event];
    life.wrong |= life.started - life.ended < 0 || life.up - life.lost < 0;
    return 0;
}

extern const xmpp_module_t mod_words;

static int on_word(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct word *word = in->value;

    (void)state;
    life.got++;
    life.wrong |= strcmp(word->text, "hello") != 0;
    xmpp_conn_emit(conn, &mod_words, 1, word, NULL);
    return -1;
}

static int on_wrap(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    xmpp_inbound_unwrap(conn, in, xmpp_stanza_get_children(in->element),
                        XMPP_VIA_CARBON_IN);
    return 1;
}

static void add_word(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *state)
{
    (void)conn;
    (void)state;
    xmpp_stanza_add_tag(stanza, "word", "urn:word");
}

static const xmpp_row_t life_rows[] = {XMPP_LIFECYCLE(on_life), XMPP_ROWS_END};
static XMPP_MODULE(mod_life, "life", 0, life_rows);

static const xmpp_row_t word_rows[] = {
    XMPP_NEEDS(&mod_life),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, "urn:word", "word",
                 &word_payload, on_word),
    XMPP_WRAP(XMPP_SENDER_ACCOUNT, "urn:wrap", NULL, on_wrap),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:word", "word", &word_payload, on_word),
    XMPP_OUT_PRESENCE(add_word),
    XMPP_BIND("urn:word", "word"),
    XMPP_OFFER(XMPP_NS_SM, "sm", on_wrap),
    XMPP_EVENT(1, "word", &word_payload),
    XMPP_LIFECYCLE(on_life),
    XMPP_ROWS_END};
XMPP_MODULE(mod_words, "words", 8, word_rows);

/* ---- a life ------------------------------------------------------ */

#define WORD "<word xmlns='urn:word'>hello</word>"

static const char *const script[] = {
    TO_ENABLE,
    ENABLED,
    "C <presence",
    "S <message from='a@b/c'>" WORD "</message>"
    "<message from='guest@example.org'><w xmlns='urn:wrap'>"
    "<message xmlns='jabber:client' from='J@x/y'>" WORD "</message></w>"
    "</message><iq type='get' id='7' from='a@b/c'>" WORD "</iq>",
    "C id=\"7\"",
    "reset",
    "accept",
    TO_FEATURES,
    RESUME("3"),
    RESUMED("1"),
    PEER_CLOSE,
    NULL};

static void on_event_of_words(xmpp_conn_t *conn, const xmpp_event_t *event,
                              void *userdata)
{
    (void)conn;
    (void)userdata;
    life.wrong |= strcmp(event->name, "word") != 0;
}

static void on_free(void *userdata)
{
    (void)userdata;
    life.freed++;
}

static void begin(void)
{
    xmpp_connect_client(testbed.conn, "127.0.0.1", 5222, testbed_handler,
                        &testbed);
}

static void next(struct testbed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT && bed->ups == 1)
        xmpp_send_take(bed->conn, xmpp_presence_new(bed->ctx));
    if (event == XMPP_CONN_CONNECT && bed->ups == 2)
        xmpp_disconnect(bed->conn);
    if (event == XMPP_CONN_DISCONNECT && bed->downs == 1)
        begin();
}

static void use_words(void)
{
    xmpp_conn_use(testbed.conn, &mod_words);
    life.taken++;
    xmpp_slot_add_watch(testbed.conn, &mod_words, on_event_of_words, NULL,
                        on_free, NULL);
}

static bool is_paired(void)
{
    return !life.wrong && life.attached == life.detached &&
           life.started == life.ended && life.up == life.lost &&
           life.taken == life.freed;
}

/* True if all is well, except what could not be for want of memory. */
static bool live(unsigned long n, int all, bool *failed)
{
    bool good;

    memset(&life, 0, sizeof(life));
    testbed_make_virtual(&testbed);
    testbed.on_event = next;
    testbed_serve(&testbed, script);
    failmem_arm(&testbed.memory, n, all);
    use_words();
    begin();
    for (int i = 0; i < TURNS && testbed.downs < 2; i++)
        xmpp_run_once(testbed.ctx, 1000);
    *failed = testbed.memory.failed != 0;
    testbed_peer_end(&testbed);
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    memory_server_free(testbed.servers[0]);
    good = is_paired() && !testbed.memory.held &&
           (*failed || (testbed.ups == 2 && life.got == 3));
    if (!good)
        printf("# the %lu-th%s: attached %d/%d started %d/%d up %d/%d watches "
               "%d/%d, got %d, ups %d, %ld blocks\n",
               n, all ? " and all" : "", life.attached, life.detached,
               life.started, life.ended, life.up, life.lost, life.taken,
               life.freed, life.got, testbed.ups, testbed.memory.held);
    return good;
}

static void each(int all)
{
    unsigned long n, wrong = 0;
    bool failed = true;

    for (n = 1; failed; n += tap_step())
        wrong += !live(n, all, &failed);
    ok(wrong == 0 && n > 20, "%lu allocations fail%s", n,
       all ? " for ever" : " once");
}

int main(void)
{
    bool failed;

    ok(live(0, 0, &failed), "with all the memory it goes well");
    each(0);
    each(1);
    return done_testing();
}
