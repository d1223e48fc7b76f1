/* settings.c - what can be set and asked of contexts and connections. */

#include "config.h"

#include "conn/testbed.h"
#include "conn/attempt.h"
#include "net/dane.h"

#include <strophe.h>

static void texts(xmpp_conn_t *conn)
{
    ok(!xmpp_conn_get_bound_jid(conn), "no bound address");
    xmpp_conn_set_jid(conn, "romeo@example.org/x");
    is_str(xmpp_conn_get_jid(conn), "romeo@example.org/x", "an address");
    xmpp_conn_set_pass(conn, "secret");
    is_str(xmpp_conn_get_pass(conn), "secret", "a password");
    xmpp_conn_set_pass(conn, NULL);
    ok(!xmpp_conn_get_pass(conn), "and none");
    xmpp_conn_set_cafile(conn, "/nowhere/ca.pem");
    xmpp_conn_set_capath(conn, "/nowhere");
    xmpp_conn_set_client_cert(conn, "cert.pem", "key.pem");
    is_str(xmpp_conn_get_keyfile(conn), "key.pem", "a key");
    xmpp_conn_set_client_cert(conn, NULL, NULL);
    ok(!xmpp_conn_get_keyfile(conn), "and none");
    is_int(xmpp_conn_set_lang(conn, "de"), 0, "a language");
    is_str(xmpp_conn_get_lang(conn), "de", "which is kept");
    is_int(xmpp_conn_set_mechanisms(conn, "SCRAM-SHA-1 X"), 0, "mechanisms");
    is_int(xmpp_conn_set_mechanisms(conn, "X Y"), XMPP_EARG, "none known");
    is_int(xmpp_conn_set_mechanisms(conn, NULL), 0, "the usual ones");
}

static void flags(xmpp_conn_t *conn)
{
    is_int(xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_LEGACY_SSL), 0, "a flag");
    is_int(xmpp_conn_get_flags(conn), XMPP_CONN_FLAG_LEGACY_SSL, "is kept");
    is_int(xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                         XMPP_CONN_FLAG_MANDATORY_TLS),
           XMPP_EINVOP, "TLS and no TLS");
    is_int(xmpp_conn_set_flags(conn, 1L << 20 | XMPP_CONN_FLAG_TRUST_TLS),
           XMPP_EINVOP, "an unknown flag");
    is_int(xmpp_conn_get_flags(conn), XMPP_CONN_FLAG_TRUST_TLS,
           "the known one is kept");
    xmpp_conn_set_flags(conn, 0);
    xmpp_conn_disable_tls(conn);
    is_int(xmpp_conn_get_flags(conn), XMPP_CONN_FLAG_DISABLE_TLS,
           "the old function sets the flag");
    ok(!xmpp_conn_is_secured(conn), "nothing is secured");
}

static void options(xmpp_conn_t *conn)
{
    for (int i = 0; xmpp_option_name((xmpp_option_t)i); i++) {
        xmpp_option_t option = (xmpp_option_t)i;
        long value = xmpp_conn_get_option(conn, option);

        ok(value >= 0 && xmpp_conn_set_option(conn, option, value) == 0,
           "%s is %ld", xmpp_option_name(option), value);
        is_int(xmpp_conn_set_option(conn, option, -1), XMPP_EARG,
               "and never negative");
    }
    is_int(xmpp_conn_set_option(conn, XMPP_OPT_MAX_DEPTH, 7), 0, "a depth");
    is_int(xmpp_conn_get_option(conn, XMPP_OPT_MAX_DEPTH), 7, "is kept");
    is_int(xmpp_conn_set_option(conn, XMPP_OPT_DANE, 1),
           dane_is_there() ? 0 : XMPP_EINVOP, "DANE only if it was built in");
    is_int(xmpp_conn_set_dane_anchor(conn, "/nowhere/keys"), 0, "its keys");
    is_int(xmpp_conn_set_option(conn, XMPP_OPT_COUNT_, 7), XMPP_EARG,
           "an unknown option");
    is_int(xmpp_conn_get_option(conn, (xmpp_option_t)-1), XMPP_EARG,
           "also asked for");
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)event;
    (void)error;
    (void)stream_error;
    (void)userdata;
}

/* TLS that is taken away would take DANE away. */
static void tls_is_a_must(xmpp_ctx_t *ctx, bool dane)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, "romeo@example.org");
    xmpp_conn_set_pass(conn, "secret");
    xmpp_conn_set_option(conn, XMPP_OPT_TLS_OPTIONAL, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_DANE, dane);
    xmpp_connect_client(conn, "127.0.0.1", 1, on_event, NULL);
    is_int(conn->attempt->account.wanted.tls,
           dane && dane_is_there() ? TLS_REQUIRED : TLS_OPTIONAL,
           "TLS is optional, unless there is DANE (%d)", dane);
    xmpp_conn_release(conn);
}

/* A setter of libstrophe's has no result, so the connect call reports it. */
static void lost(struct testbed *testbed)
{
    static void (*const setters[])(xmpp_conn_t *, const char *) = {
        xmpp_conn_set_jid, xmpp_conn_set_pass, xmpp_conn_set_cafile,
        xmpp_conn_set_capath};

    for (size_t i = 0; i < sizeof(setters) / sizeof(setters[0]); i++) {
        xmpp_conn_t *conn = xmpp_conn_new(testbed->ctx);

        xmpp_conn_set_jid(conn, "romeo@example.org");
        xmpp_conn_set_pass(conn, "secret");
        failmem_arm(&testbed->memory, 1, 0);
        setters[i](conn, "a@example.org");
        failmem_arm(&testbed->memory, 0, 0);
        is_int(xmpp_connect_client(conn, "127.0.0.1", 1, on_event, NULL),
               XMPP_EMEM, "setter %zu had no memory", i);
        ok(strstr(xmpp_conn_get_failure(conn)->message, "xmpp_conn_set_"), "%s",
           xmpp_conn_get_failure(conn)->message);
        setters[i](conn, "a@example.org");
        is_int(xmpp_connect_client(conn, "127.0.0.1", 1, on_event, NULL), 0,
               "it was called again");
        xmpp_conn_release(conn);
    }
}

static void fill(struct settings *set, const struct env *env)
{
    struct tls_pin pin = {.kind = XMPP_TLS_PIN_KEY, .hash = {7}};

    *set = (struct settings){.flags = XMPP_CONN_FLAG_MANDATORY_TLS};
#define SET(part, name) env_replace(env, &set->part.name, "secret " #name);
#define IDENTITY(name) SET(identity, name)
#define SECRET(name) SET(secrets, name)
#define TLS_FILE(name) SET(tls, name)
#define WAY(name) SET(way, name)
    IDENTITY_MAP(IDENTITY)
    SECRETS_MAP(SECRET)
    TLS_FILES_MAP(TLS_FILE)
    WAY_MAP(WAY)
#undef SET
    set->tls.pins = env_alloc(env, sizeof(pin));
    *set->tls.pins = pin;
    set->tls.pins_n = 1;
}

/* A copy is whole and its own, or it is nothing; all of it is wiped. */
static void copied(struct testbed *testbed)
{
    static const char *const secrets[] = {"secret ", NULL};
    struct env *env = &testbed->ctx->env;
    struct settings set, copy;
    unsigned long n = 0;
    int rc;

    fill(&set, env);
    set.bind_with = xmpp_stanza_new_tag(testbed->ctx, "bind", NULL);
    testbed->memory.secrets = secrets;
    do {
        long held = testbed->memory.held;

        failmem_arm(&testbed->memory, ++n, 0);
        rc = settings_copy(env, &copy, &set);
        failmem_arm(&testbed->memory, 0, 0);
        if (rc)
            is_int(testbed->memory.held, held, "allocation %lu: nothing kept",
                   n);
    } while (rc);
    ok(n > 17, "every string is copied");
#define SAME(part, name)                                                       \
    is_str(copy.part.name, "secret " #name, #name " is copied");               \
    ok(copy.part.name != set.part.name, "and is not shared");
#undef IDENTITY
#undef SECRET
#undef TLS_FILE
#undef WAY
#define IDENTITY(name) SAME(identity, name)
#define SECRET(name) SAME(secrets, name)
#define TLS_FILE(name) SAME(tls, name)
#define WAY(name) SAME(way, name)
    IDENTITY_MAP(IDENTITY)
    SECRETS_MAP(SECRET)
    TLS_FILES_MAP(TLS_FILE)
    WAY_MAP(WAY)
    is_int(copy.flags, set.flags, "flags");
    ok(copy.tls.pins_n == 1 && copy.tls.pins[0].hash[0] == 7, "pins");
    ok(copy.bind_with && copy.bind_with != set.bind_with, "Bind 2");
    settings_free(env, &set);
    settings_free(env, &copy);
    ok(!testbed->memory.spilled, "what is freed is wiped");
    testbed->memory.secrets = NULL;
}

static void calls_refused(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char a[] = "a", b[] = "b";
    char *attributes[] = {a, b};

    is_int(xmpp_conn_open_stream(conn, attributes, 2), XMPP_EINVOP,
           "no stream to open");
    is_int(xmpp_conn_open_stream_default(conn), XMPP_EINVOP, "either way");
    is_int(xmpp_conn_tls_start(conn), XMPP_EINVOP, "no TLS to start");
    ok(!xmpp_conn_send_queue_drop_element(conn, XMPP_QUEUE_OLDEST),
       "nothing to take back");
    xmpp_disconnect(conn);
    xmpp_conn_set_jid(conn, "not@an@address");
    is_int(xmpp_connect_client(conn, NULL, 0, testbed_handler, NULL), XMPP_EARG,
           "no address to connect with");
    is_int(xmpp_connect_component(conn, NULL, 0, testbed_handler, NULL),
           XMPP_EINVOP, "a component needs a server");
    is_int(xmpp_ctx_set_dns_servers(ctx, "127.0.0.1:53,[::1]:54"), 0,
           "name servers");
    is_int(xmpp_ctx_set_dns_servers(ctx, "this is none"), XMPP_EARG,
           "and what is none");
    is_int(xmpp_ctx_set_dns_servers(ctx, NULL), 0, "the usual ones");
}

static void versions(void)
{
    xmpp_log_t *log = xmpp_get_default_logger(XMPP_LEVEL_ERROR);

    xmpp_initialize();
    xmpp_initialize();
    ok(xmpp_version_check(0, 14) && xmpp_version_check(0, 99),
       "libstrophe 0.14");
    ok(!xmpp_version_check(1, 14), "and no other");
    is_str(xmpp_version(), XMPP_VERSION, "and our own");
    is_str(xmpp_version(), PACKAGE_VERSION, "which is that of the package");
    is_int(xmpp_version_number(), XMPP_VERSION_NUMBER, "as a number too");
    ok(XMPP_VERSION_NUMBER >= XMPP_VERSION_MAKE(0, 1, 0), "to be compared");
    ok(log && log->handler, "a logger");
    ok(log == xmpp_get_default_logger((xmpp_log_level_t)99),
       "a level beyond the last is the last");
    log->handler(log->userdata, XMPP_LEVEL_DEBUG, "a", "not to be seen");
    xmpp_shutdown();
}

/* The handler of our own logger with a level of the application, which is
 * looked at for each line. */
static void own_level(void)
{
    xmpp_log_level_t level = XMPP_LEVEL_ERROR;
    xmpp_log_t log = *xmpp_get_default_logger(XMPP_LEVEL_ERROR);
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, &log);

    ok(!env_wants_log(env_of(ctx), XMPP_LEVEL_WARN), "a copy has its level");
    xmpp_ctx_free(ctx);
    log.userdata = &level;
    ctx = xmpp_ctx_new(NULL, &log);
    level = XMPP_LEVEL_DEBUG;
    ok(env_wants_log(env_of(ctx), XMPP_LEVEL_WARN),
       "a level of the application may change");
    xmpp_ctx_free(ctx);
}

int main(void)
{
    struct testbed testbed;

    versions();
    own_level();
    testbed_make(&testbed);
    xmpp_ctx_set_verbosity(testbed.ctx, 3);
    xmpp_ctx_set_timeout(testbed.ctx, 10);
    ok(xmpp_conn_clone(testbed.conn) == testbed.conn, "a second hold");
    is_int(xmpp_conn_release(testbed.conn), 0, "given back");
    ok(!xmpp_conn_new(NULL), "no connection without a context");
    texts(testbed.conn);
    flags(testbed.conn);
    options(testbed.conn);
    tls_is_a_must(testbed.ctx, false);
    tls_is_a_must(testbed.ctx, true);
    lost(&testbed);
    copied(&testbed);
    calls_refused(testbed.conn);
    testbed_free(&testbed, "settings");
    return done_testing();
}
