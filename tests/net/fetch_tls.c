/* fetch_tls.c - a GET under TLS: however many messages without data come before
 * the answer, the answer is read; a certificate for another name is refused. */

#include "net/fetch.h"

#include <errno.h>
#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/certmaker.h"
#include "net/memory.h"
#include "tap.h"

#define TURNS_MOST 1000
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static struct certmaker certmaker;

/* A server of GnuTLS over memory. It stays silent behind its answer, and does
 * not end: only what is inside of TLS wakes the client. */
struct serving {
    struct failmem failmem;
    struct env env, server;
    struct poll *poll;
    struct memory_host host;
    struct memory memory;
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t ticket_key;
    gnutls_session_t session;
    struct tls_config config;
    struct tls_trusts trusts;
    struct tls_trust *trust;
    void (*before)(struct serving *s); /* what it sends before the answer */
    int messages;
    bool is_up, answered, is_deaf;

    struct fetch *fetch;
    int calls, code;
    xmpp_layer_t layer;
    char words[300], content[64];
};

/* ---- the server -------------------------------------------------- */

static ssize_t push(gnutls_transport_ptr_t at, const void *from, size_t n)
{
    struct serving *s = at;

    memory_send(&s->memory, str_n(from, n));
    return (ssize_t)n;
}

static ssize_t pull(gnutls_transport_ptr_t at, void *to, size_t n)
{
    struct serving *s = at;
    struct str bytes = buf_view(&s->memory.out);

    n = n < bytes.n ? n : bytes.n;
    if (!n) {
        gnutls_transport_set_errno(s->session, EAGAIN);
        return -1;
    }
    memcpy(to, bytes.s, n);
    memory_take(&s->memory, n);
    return (ssize_t)n;
}

static int pull_timeout(gnutls_transport_ptr_t at, unsigned ms)
{
    struct serving *s = at;

    (void)ms;
    return buf_size(&s->memory.out) > 0;
}

static void serving_open(struct serving *s, const char *priority)
{
    char crt[160], key[160];

    snprintf(crt, sizeof(crt), "%s/good.crt", certmaker.folder);
    snprintf(key, sizeof(key), "%s/good.key", certmaker.folder);
    gnutls_certificate_allocate_credentials(&s->credentials);
    if (gnutls_certificate_set_x509_key_file(s->credentials, crt, key,
                                             GNUTLS_X509_FMT_PEM) < 0)
        bail("no certificate for the server");
    gnutls_init(&s->session, GNUTLS_SERVER | GNUTLS_NONBLOCK);
    gnutls_session_ticket_key_generate(&s->ticket_key);
    gnutls_session_ticket_enable_server(s->session, &s->ticket_key);
    gnutls_priority_set_direct(s->session, priority, NULL);
    gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, s->credentials);
    gnutls_handshake_set_timeout(s->session, GNUTLS_INDEFINITE_TIMEOUT);
    gnutls_transport_set_ptr(s->session, s);
    gnutls_transport_set_push_function(s->session, push);
    gnutls_transport_set_pull_function(s->session, pull);
    gnutls_transport_set_pull_timeout_function(s->session, pull_timeout);
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    struct serving *s = LIST_ENTRY(host, struct serving, host);

    (void)name;
    (void)port;
    return &s->memory;
}

/* The request is one record. */
static void serve(struct serving *s)
{
    char request[1024];

    if (s->is_deaf)
        return;
    s->is_up = s->is_up || gnutls_handshake(s->session) == 0;
    if (!s->is_up || s->answered ||
        gnutls_record_recv(s->session, request, sizeof(request)) <= 0)
        return;
    s->answered = true;
    for (int i = 0; i < s->messages; i++)
        s->before(s);
    gnutls_record_send(s->session, ANSWER, sizeof(ANSWER) - 1);
}

static void send_ticket(struct serving *s)
{
    if (gnutls_session_ticket_send(s->session, 1, 0) < 0)
        bail("no ticket");
}

static void send_empty(struct serving *s)
{
    if (gnutls_record_send2(s->session, "", 0, 8, 0) < 0)
        bail("no empty record");
}

static void send_warning(struct serving *s)
{
    if (gnutls_alert_send(s->session, GNUTLS_AL_WARNING,
                          GNUTLS_A_NO_RENEGOTIATION) < 0)
        bail("no warning");
}

/* ---- the client -------------------------------------------------- */

static void on_done(void *userdata, struct fetch *fetch)
{
    struct serving *s = userdata;
    const struct fault *fault = fetch_fault(fetch);

    s->calls++;
    s->code = fault ? fault->code : 0;
    s->layer = fault ? fault->layer : XMPP_LAYER_NONE;
    snprintf(s->words, sizeof(s->words), "%s", fault ? fault->detail : "");
    snprintf(s->content, sizeof(s->content), "%.*s",
             STR_ARG(fetch_content(fetch)));
}

static void serving_init(struct serving *s, const char *priority)
{
    *s = (struct serving){.before = send_ticket,
                          .config = {.cafile = certmaker.ca_file}};
    failmem_init(&s->failmem);
    env_init(&s->env, &s->failmem.mem, NULL);
    env_init(&s->server, NULL, NULL);
    s->poll = poll_new(&s->env);
    poll_stop_clock(s->poll, 1000);
    memory_init(&s->memory, &s->server);
    s->host.accept = on_accept;
    s->trust = tls_trust_get(&s->env, &s->trusts, &s->config);
    serving_open(s, priority);
}

static void serving_fetch(struct serving *s, const char *host, int turns)
{
    const struct tls_wanted tls = {
        .trust = s->trust, .domain = host, .alpn = "http/1.1"};
    const struct fetch_wanted wanted = {
        .dial = {.host = host,
                 .port = 443,
                 .most_records = 8,
                 .most_targets = 8,
                 .timeout = 3000,
                 .memory = &s->host},
        .host = host,
        .port = 443,
        .tls = &tls,
        .authority = host,
        .path = "/",
        .accept = "text/plain",
        .timeout = 5000,
    };

    s->fetch = fetch_new(&s->env, s->poll, &wanted, on_done, s);
    for (int i = 0; !s->calls && i < turns; i++) {
        poll_turn(s->poll, turns < TURNS_MOST ? 0 : -1);
        serve(s);
    }
    ok(s->calls == 1 || (!s->calls && turns < TURNS_MOST), "%s: it ends once",
       host);
}

static void serving_end(struct serving *s, const char *what)
{
    fetch_free(s->fetch);
    tls_trust_release(&s->trusts, s->trust);
    tls_trusts_free(&s->trusts);
    poll_free(s->poll);
    arena_drain(&s->env);
    gnutls_deinit(s->session);
    gnutls_free(s->ticket_key.data);
    gnutls_certificate_free_credentials(s->credentials);
    memory_free(&s->memory);
    is_int(s->failmem.held, 0, "%s: no memory is left", what);
}

/* ---- what is shown ----------------------------------------------- */

#define TLS_1_2 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

static void gets_behind(const char *what, void (*before)(struct serving *),
                        const char *priority, int messages)
{
    struct serving s;

    serving_init(&s, priority);
    s.before = before;
    s.messages = messages;
    serving_fetch(&s, "example.org", TURNS_MOST);
    is_int(s.code, 0, "%d %s: no failure", messages, what);
    is_str(s.content, "hello", "  the answer behind them is read");
    is_int(poll_now(s.poll), 1000, "  at once");
    serving_end(&s, what);
}

/* More of them than TLS passes in one call come in one read from below. */
static void behind_messages(void)
{
    static const struct {
        const char *what;
        void (*before)(struct serving *);
        const char *priority;
    } kinds[] = {{"tickets", send_ticket, "NORMAL"},
                 {"empty records of TLS 1.3", send_empty, "NORMAL"},
                 {"warnings", send_warning, TLS_1_2}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (int n = 1; n < 300; n = n * 3 + 5)
            gets_behind(kinds[i].what, kinds[i].before, kinds[i].priority, n);
}

static void wrong_name(void)
{
    struct serving s;

    serving_init(&s, "NORMAL");
    serving_fetch(&s, "example.net", TURNS_MOST);
    ok(s.layer == XMPP_LAYER_TLS && !s.answered,
       "a server with another name is sent nothing");
    serving_end(&s, "another name");
}

/* The connection is there, and TLS is not. */
static void deaf(void)
{
    struct serving s;

    serving_init(&s, "NORMAL");
    s.is_deaf = true;
    serving_fetch(&s, "example.org", TURNS_MOST);
    is_int(s.code, XMPP_ETIMEOUT, "a server that does not listen");
    is_int(s.layer, XMPP_LAYER_TLS, "fails by its TLS");
    is_str(s.words, "tls: no connection to the server in time", "and says so");
    serving_end(&s, "deaf");
}

/* Whenever it is freed, the loop has nothing left to do for it. */
static void freed_after(int turns)
{
    struct serving s;

    serving_init(&s, "NORMAL");
    s.messages = 281;
    serving_fetch(&s, "example.org", turns);
    fetch_free(s.fetch);
    s.fetch = NULL;
    is_int(poll_timeout(s.poll), -1, "freed after %d turns", turns);
    serving_end(&s, "freed");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    behind_messages();
    wrong_name();
    deaf();
    for (int i = 0; i < 9; i++)
        freed_after(i);
    certmaker_close(&certmaker);
    return done_testing();
}
