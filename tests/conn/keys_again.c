/* keys_again.c - a connection that comes back does not derive the keys of SCRAM
 * anew, unless the password or the salt is another one. */

#include "base/crypt.h"
#include "conn/conn.h"
#include "conn/testbed.h"
#include "talk/judge.h"

#define SCRAM_OFFER                                                            \
    "S " PEER_HEADER                                                           \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"

static int derived; /* keys, by the client */
static bool counts;

bool __real_crypt_stretch_begin(struct crypt_stretch *stretch,
                                enum digest digest, struct str password,
                                struct str salt, unsigned iterations);
bool __wrap_crypt_stretch_begin(struct crypt_stretch *stretch,
                                enum digest digest, struct str password,
                                struct str salt, unsigned iterations);
bool __wrap_crypt_stretch_begin(struct crypt_stretch *stretch,
                                enum digest digest, struct str password,
                                struct str salt, unsigned iterations)
{
    derived += counts;
    return __real_crypt_stretch_begin(stretch, digest, password, salt,
                                      iterations);
}

/* ---- a server that knows SCRAM ----------------------------------- */

static void obey(struct testbed *t, const char *line)
{
    if (!memory_server_obey(t->server, line))
        bail(line);
}

/* It comes, perhaps after a pause. */
static void await_call(struct testbed *t, int calls)
{
    for (int i = 0; i < 1000 && memory_server_count(t->server) < calls; i++)
        xmpp_run_once(t->ctx, 10000);
    is_int(memory_server_count(t->server), calls, "call %d", calls);
}

/* The judge reads it as a string. */
static struct str terminated(struct str sent)
{
    static char copy[2 * JUDGE_MOST];

    if (sent.n >= sizeof(copy))
        bail("too much was sent");
    memcpy(copy, sent.s, sent.n);
    copy[sent.n] = '\0';
    return str_n(copy, sent.n);
}

static struct str await_end(struct testbed *t, const char *end)
{
    struct str sent = STR_NONE;

    for (int i = 0; i < 100; i++) {
        sent = memory_server_sent(t->server);
        if (sent.n > strlen(end) &&
            str_eq(str_n(sent.s + sent.n - strlen(end), strlen(end)),
                   str_of(end)))
            return terminated(sent);
        xmpp_run_once(t->ctx, 1);
    }
    bail(end);
    return sent;
}

static void say(struct testbed *t, const char *text)
{
    memory_server_send(t->server, str_of(text));
}

/* The server's half of a login with this password. */
static void serve(struct testbed *t, const char *salt, const char *password)
{
    struct judge judge = {.bound = STR("")};
    char text[JUDGE_MOST];
    struct str sent;

    await_call(t, t->ups + 1);
    obey(t, "C <stream:stream");
    obey(t, "C >");
    obey(t, SCRAM_OFFER);
    sent = await_end(t, "</auth>");
    ok(judge_read_auth(&judge, sent, "SCRAM-SHA-1 n"), "the client begins");
    memory_server_take(t->server, sent.n);
    judge_challenge(&judge, salt, password, text, sizeof(text));
    say(t, text);
    counts = true;
    sent = await_end(t, "</response>");
    counts = false;
    ok(judge_check(&judge, sent), "and proves that it knows the password");
    memory_server_take(t->server, sent.n);
    judge_final(&judge, "good", text, sizeof(text));
    say(t, text);
    obey(t, "C <stream:stream");
    obey(t, "C >");
    obey(t, "S " PEER_HEADER PEER_BIND);
    obey(t, "C </iq>");
    obey(t, "S <iq type='result' id='%id%'><bind "
            "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            "<jid>romeo@example.org/r</jid></bind></iq>");
}

/* ---- the client -------------------------------------------------- */

static void begin(struct testbed *t, bool returns)
{
    derived = 0;
    testbed_make_virtual(t);
    testbed_serve(t, NULL);
    xmpp_conn_set_jid(t->conn, "romeo@example.org");
    xmpp_conn_set_pass(t->conn, "secret");
    xmpp_conn_set_option(t->conn, XMPP_OPT_RECONNECT, returns);
    if (xmpp_connect_client(t->conn, "127.0.0.1", 5222, testbed_handler, t))
        bail("not started");
}

/* It logs in, in that many derivations so far. */
static void is_up(struct testbed *t, int ups, int keys, const char *what)
{
    testbed_until(t, &t->ups, ups, what);
    is_int(derived, keys, "%s: keys derived so far", what);
}

static void cut(struct testbed *t)
{
    int downs = t->downs;

    obey(t, "reset");
    testbed_until(t, &t->downs, downs + 1, "cut");
}

static void end(struct testbed *t, const char *what)
{
    xmpp_conn_release(t->conn);
    t->conn = NULL;
    testbed_free(t, what);
}

static void comes_back(void)
{
    struct testbed t;

    begin(&t, true);
    serve(&t, "good", "secret");
    is_up(&t, 1, 1, "the first login");
    cut(&t);
    serve(&t, "good", "secret");
    is_up(&t, 2, 1, "back");
    is_str(xmpp_conn_get_scram_keys(t.conn), NULL,
           "the application does not see the keys");
    cut(&t);
    serve(&t, "salt-new", "secret");
    is_up(&t, 3, 2, "another salt");
    cut(&t);
    serve(&t, "salt-new", "secret");
    is_up(&t, 4, 2, "the same salt again");
    end(&t, "comes back");
}

static void other_password(void)
{
    struct testbed t;

    begin(&t, true);
    serve(&t, "good", "secret");
    is_up(&t, 1, 1, "the first login");
    cut(&t);
    xmpp_conn_set_pass(t.conn, "other");
    serve(&t, "good", "other");
    is_up(&t, 2, 2, "another password");
    /* the keys of this login are not those of the next */
    cut(&t);
    ok(t.conn->again != NULL, "keys are kept");
    xmpp_conn_set_option(t.conn, XMPP_OPT_RECONNECT, 0);
    ok(!t.conn->again, "but not longer than they can be of use");
    end(&t, "another password");
}

static void not_asked_for(void)
{
    struct testbed t;

    begin(&t, false);
    serve(&t, "good", "secret");
    is_up(&t, 1, 1, "the first login");
    cut(&t);
    if (xmpp_connect_client(t.conn, "127.0.0.1", 5222, testbed_handler, &t))
        bail("not started");
    serve(&t, "good", "secret");
    is_up(&t, 2, 2, "nothing is kept without XMPP_OPT_RECONNECT");
    end(&t, "not asked for");
}

int main(void)
{
    comes_back();
    other_password();
    not_asked_for();
    return done_testing();
}
