/* no_memory.c - logins, messages, a lost connection, a session that goes on and
 * the end, with each allocation failing: once, and it and all that follow. */

#include <time.h>

#include "conn/fate.h"
#include "conn/token.h"
#include "net/certmaker.h"

#define PATIENCE 60 /* seconds; only to end a test that hangs */

static struct certmaker certmaker;
static char tls[160];

#define HELLO                                                                  \
    "S <message from='juliet@example.org/r' id='j'><body>hi</body></message>"
#define ANSWER "C hello too", "C </message>"

/* Anonymous, in the clear: binding and stream management step by step. */
static const char *const by_steps[] = {
    TO_ENABLE,   ENABLED,     HELLO,        ANSWER,     "reset", "accept",
    TO_FEATURES, RESUME("1"), RESUMED("1"), PEER_CLOSE, NULL};

#define SM "xmlns='urn:xmpp:sm:3'"

/* Under TLS, by a password and then by the token that it brought; bound and
 * resumed with the login. */
#define OPEN                                                                   \
    tls, "C <stream:stream", "C >",                                            \
        "S " PEER_HEADER "<stream:features><authentication " NS2               \
        "><mechanism>PLAIN</mechanism><inline><bind xmlns='urn:xmpp:bind:0'>"  \
        "<inline><feature var='urn:xmpp:sm:3'/></inline></bind><sm " SM "/>"   \
        "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism>" \
        "</fast></inline></authentication></stream:features>"

static const char *const at_once[] = {
    OPEN,
    "C mechanism=\"PLAIN\"",
    WISH,
    "C </authenticate>",
    "S <success " NS2 "><authorization-identifier>romeo@example.org/r"
    "</authorization-identifier><bound xmlns='urn:xmpp:bind:0'><enabled " SM
    " id='sm1' resume='true'/></bound>" TOKEN_1 "</success><stream:features/>",
    HELLO,
    ANSWER,
    "reset",
    "accept",
    OPEN,
    "C " PROOF_1,
    RESUME("1"),
    "C </authenticate>",
    "S <success " NS2 "><additional-data>" ANSWER_1 "</additional-data>"
    "<authorization-identifier>romeo@example.org</authorization-identifier>"
    "<resumed " SM " previd='sm1' h='1'/></success><stream:features/>",
    PEER_CLOSE,
    NULL};

/* ---- an application ---------------------------------------------- */

struct life {
    struct testbed testbed;
    int starts, errors, messages, tokens;
    bool resumed;
};

static void note(struct life *life, int rc)
{
    life->errors += rc != 0;
}

static void begin(struct life *life)
{
    int rc = xmpp_connect_client(life->testbed.conn, NULL, 0, testbed_handler,
                                 &life->testbed);

    life->starts += rc == 0;
    note(life, rc);
}

static void on_event(struct testbed *testbed, xmpp_conn_event_t event)
{
    struct life *life = testbed->pointer;
    const xmpp_failure_t *failure;

    if (event == XMPP_CONN_CONNECT && testbed->ups == 2) {
        life->resumed = xmpp_conn_is_resumed(testbed->conn);
        xmpp_disconnect(testbed->conn);
    }
    if (event != XMPP_CONN_DISCONNECT)
        return;
    failure = xmpp_conn_get_failure(testbed->conn);
    life->errors += failure && failure->code != XMPP_ELOST;
    if (failure && failure->code == XMPP_ELOST && life->starts == 1)
        begin(life);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;
    xmpp_stanza_t *reply = xmpp_stanza_reply(stanza);
    int rc;

    life->messages++;
    xmpp_message_set_body(reply, "hello too");
    rc = xmpp_send_take(conn, reply);
    note(life, rc);
    if (rc)
        xmpp_disconnect(conn);
    return 1;
}

static void on_token(xmpp_conn_t *conn, const char *token, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    life->tokens += token != NULL;
}

static void make(struct life *life, bool once)
{
    xmpp_conn_t *conn;

    testbed_make_virtual(&life->testbed);
    conn = life->testbed.conn;
    life->testbed.on_event = on_event;
    life->testbed.pointer = life;
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, life);
    if (!once)
        return;
    xmpp_conn_set_jid(conn, "romeo@example.org");
    xmpp_conn_set_pass(conn, "open sesame");
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_cafile(conn, certmaker.ca_file);
    xmpp_conn_set_user_agent(conn, AGENT, NULL, NULL);
    xmpp_conn_set_bind2_tag(conn, "");
    xmpp_conn_set_fast_token_handler(conn, on_token, life);
}

/* ---- its life ---------------------------------------------------- */

static bool is_clean(const struct life *life)
{
    return life->starts == 2 && life->testbed.ups == 2 && life->messages == 1 &&
           life->resumed && !life->errors;
}

/* True if it went well or it was told why not; once for each start. */
static bool live(bool once, unsigned long n, int all, bool *failed)
{
    time_t end = time(NULL) + PATIENCE;
    struct life life = {0};
    bool good;

    make(&life, once);
    testbed_serve(&life.testbed, once ? at_once : by_steps);
    failmem_arm(&life.testbed.memory, n, all);
    begin(&life);
    while (life.testbed.downs < life.starts && time(NULL) < end)
        xmpp_run_once(life.testbed.ctx, 1000);
    *failed = life.testbed.memory.failed != 0;
    good = life.testbed.downs == life.starts && life.messages <= 1 &&
           (is_clean(&life) || (*failed && life.errors)) &&
           (!once || *failed || life.tokens > 0);
    testbed_peer_end(&life.testbed);
    xmpp_conn_release(life.testbed.conn);
    xmpp_ctx_free(life.testbed.ctx);
    memory_server_free(life.testbed.servers[0]);
    if (good && !life.testbed.memory.held)
        return true;
    printf(
        "# the %lu-th%s: %d starts, %d ups, %d downs, %d messages, %d errors, "
        "%ld blocks\n",
        n, all ? " and all" : "", life.starts, life.testbed.ups,
        life.testbed.downs, life.messages, life.errors,
        life.testbed.memory.held);
    return false;
}

static void each(bool once, int all)
{
    unsigned long n, wrong = 0;
    bool failed = true;

    for (n = 1; failed; n += tap_step())
        wrong += !live(once, n, all, &failed);
    ok(wrong == 0 && n > 20, "%s: %lu allocations fail%s",
       once ? "at once" : "by steps", n, all ? " for ever" : " once");
}

int main(void)
{
    bool failed;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    for (int once = 0; once < 2; once++) {
        ok(live(once, 0, 0, &failed), "with all the memory it goes well");
        each(once, 0);
        each(once, 1);
    }
    certmaker_close(&certmaker);
    return done_testing();
}
