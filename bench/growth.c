/* growth.c - what one operation costs beside N others, over a transport in
 * memory and with a virtual clock, counted from outside.
 *
 * usage: growth ROW N          rows: see rows[]
 *
 * Builds up N, then does OPERATIONS operations. Under callgrind with
 * --instr-atstart=no, what it collects is these operations and no more. */

#ifdef __has_include
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#include <xmpp/xep/roster.h>

#include "conn/ctx.h"
#include "conn/inn.h"
#include "conn/testbed.h"
#include "net/memory.h"

#ifndef CALLGRIND_START_INSTRUMENTATION /* nothing is counted then */
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

#define OPERATIONS 100
#define STEP 7919 /* a prime: numbers come in mixed order */
#define MESSAGE                                                                \
    "<message from='juliet@example.org/balcony' to='guest@example.org/r' "     \
    "type='chat' id='a%ld'><body>Wherefore art thou, Romeo?</body></message>"

static struct {
    struct testbed testbed;
    struct memory *wire;
    struct memory_host *server;
    long count;    /* that are there */
    long answered; /* requests */
    char id[64];   /* of the last request */
    bool is_deaf;  /* the server reads nothing */
} run;

/* ---- the server -------------------------------------------------- */

/* It reads everything; the id of the last iq is kept. */
static void on_write(struct memory *memory)
{
    struct str out = buf_view(&memory->out);
    char head[200];
    const char *at;

    if (run.is_deaf)
        return;
    snprintf(head, sizeof(head), "%.*s", (int)(out.n < 199 ? out.n : 199),
             out.s);
    at = strncmp(head, "<iq", 3) == 0 ? strstr(head, " id=\"") : NULL;
    if (at)
        snprintf(run.id, sizeof(run.id), "%.*s", (int)strcspn(at + 5, "\""),
                 at + 5);
    memory_take(memory, out.n);
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    (void)host;
    run.wire = run.server->accept(run.server, name, port);
    return run.wire;
}

static struct memory_host listener = {.accept = on_accept};

static void turn(void)
{
    do
        xmpp_run_once(run.testbed.ctx, 0);
    while (buf_size(&run.wire->in) && !run.testbed.downs);
}

static void feed(const char *bytes, size_t n)
{
    memory_send(run.wire, str_n(bytes, n));
    turn();
}

__attribute__((format(printf, 1, 2))) static void feed_text(const char *format,
                                                            ...)
{
    char text[1000];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    feed(text, strlen(text));
}

static void log_in(bool has_roster)
{
    static const char *const login[] = {PEER_LOGIN, NULL};
    struct testbed *t = &run.testbed;

    testbed_make_log(t, NULL);
    t->is_virtual = true;
    t->memory.is_plain = 1;
    xmpp_conn_set_option(t->conn, XMPP_OPT_MAX_REQUESTS, 1000000);
    xmpp_conn_set_option(t->conn, XMPP_OPT_MAX_OUTBOX, 1073741824L);
    xmpp_conn_set_option(t->conn, XMPP_OPT_MAX_UNACKED, 10000000);
    if (has_roster)
        xmpp_conn_use(t->conn, &xmpp_mod_roster);
    testbed_serve(t, NULL);
    run.server = t->ctx->memory;
    t->ctx->memory = &listener;
    testbed_connect_again(t);
    while (!memory_server_count(t->server))
        xmpp_run_once(t->ctx, 0);
    for (const char *const *line = login; *line; line++)
        if (!memory_server_obey(t->server, *line))
            bail(*line);
    testbed_until(t, &t->ups, 1, "up");
    run.wire->heard = on_write;
    if (buf_size(&run.wire->out))
        on_write(run.wire);
}

/* ---- handlers, timers, rows -------------------------------------- */

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    return 1;
}

static int on_time(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
    return 1;
}

/* Each its own userdata: handlers are known by that. */
static char places[100001];

static void add_handler(long i)
{
    char ns[40];

    snprintf(ns, sizeof(ns), "urn:number:%ld", i);
    xmpp_handler_add(run.testbed.conn, on_stanza, ns, NULL, NULL, &places[i]);
}

static void add_id_handler(long i)
{
    char id[40];

    snprintf(id, sizeof(id), "a%ld", i);
    xmpp_id_handler_add(run.testbed.conn, on_stanza, id, &places[i]);
}

static void add_timer(long i)
{
    xmpp_timed_handler_add(run.testbed.conn, on_time, 1000000, &places[i]);
}

static void receive(long i)
{
    feed_text(MESSAGE, i);
}

/* A handler is added, and another one's stanza comes. */
static void add_and_call(long i)
{
    add_id_handler(run.count + i % 10);
    receive(i * STEP % run.count);
}

static int on_row(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    return 0;
}

/* One module with so many rows, in the place of many. */
static void use_rows(long count)
{
    static xmpp_module_t module = {"many", 0, sizeof(xmpp_row_t), NULL};
    static const xmpp_row_t end[] = {XMPP_ROWS_END};
    xmpp_row_t *rows = calloc((size_t)count + 1, sizeof(*rows));

    for (long i = 0; i < count; i++) {
        char ns[40];
        const xmpp_row_t row = XMPP_MESSAGE(
            XMPP_SENDER_ANYONE, XMPP_LIVE,
            strdup((snprintf(ns, sizeof(ns), "urn:row:%ld", i), ns)), NULL,
            NULL, on_row);

        rows[i] = row;
    }
    rows[count] = end[0];
    module.rows = rows;
    if (xmpp_conn_use(run.testbed.conn, &module))
        bail("the rows cannot be used");
}

/* ---- requests ---------------------------------------------------- */

static char (*ids)[24];

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn;
    (void)status;
    (void)reply;
    (void)userdata;
    run.answered++;
}

static void request(long i)
{
    xmpp_stanza_t *iq;

    snprintf(ids[i], sizeof(ids[i]), "r%ld", i);
    iq = xmpp_iq_new(run.testbed.ctx, "get", ids[i]);
    xmpp_stanza_add_tag(iq, "query", "urn:number");
    if (xmpp_request_send(run.testbed.conn, iq, 0, on_reply, NULL))
        bail("a request is not sent");
    if (i % 100 == 0)
        turn();
}

static void request_and_answer(long i)
{
    request(run.count + i);
    feed_text("<iq type='result' id='r%ld'/>",
              (i * STEP + run.count / 2) % run.count);
}

/* ---- other connections ------------------------------------------- */

/* They are at another server; the time goes on. */
static void open_inn(long count)
{
    uint64_t now = poll_now(run.testbed.ctx->poll);

    (void)count;
    inn_open(run.testbed.ctx);
    poll_stop_clock(run.testbed.ctx->poll, now);
}

/* One more that is logged in, and idle. */
static void add_idle(long i)
{
    struct testbed *t = &run.testbed;

    if (xmpp_connect_client(inn_client(), "127.0.0.1", 5222, testbed_handler,
                            t))
        bail("one of many cannot connect");
    while (t->ups < i + 2 && !t->downs)
        xmpp_run_once(t->ctx, 0);
}

static void turn_once(long i)
{
    (void)i;
    xmpp_run_once(run.testbed.ctx, 0);
}

/* ---- the queue --------------------------------------------------- */

static void queue(long i)
{
    xmpp_stanza_t *m =
        xmpp_message_new(run.testbed.ctx, "chat", "juliet@example.org", "m");

    (void)i;
    xmpp_stanza_add_text_tag(m, "body", NULL, "My bounty is as boundless");
    if (xmpp_send_take(run.testbed.conn, m))
        bail("a message is not queued");
}

static void drop(xmpp_queue_element_t which)
{
    xmpp_free(run.testbed.ctx,
              xmpp_conn_send_queue_drop_element(run.testbed.conn, which));
}

static void queue_and_drop_oldest(long i)
{
    queue(i);
    drop(XMPP_QUEUE_OLDEST);
}

static void queue_and_drop_youngest(long i)
{
    queue(i);
    drop(XMPP_QUEUE_YOUNGEST);
}

/* ---- the roster -------------------------------------------------- */

static void begin_roster(long count)
{
    char text[200];

    turn();
    feed_text("<iq type='result' id='%s' to='guest@example.org/r'>"
              "<query xmlns='jabber:iq:roster' ver='1'>",
              run.id);
    for (long i = 0; i < count && i < 5000; i++) {
        snprintf(text, sizeof(text),
                 "<item jid='contact%06ld@example.org' "
                 "subscription='both'/>",
                 i);
        memory_send(run.wire, str_of(text));
        if (i % 100 == 0)
            turn();
    }
    feed_text("</query></iq>");
}

/* One of them changes, or comes. */
static void push(long i)
{
    feed_text("<iq type='set' id='p%ld' to='guest@example.org/r'>"
              "<query xmlns='jabber:iq:roster' ver='2'>"
              "<item jid='contact%06ld@example.org' name='Other' "
              "subscription='both'/></query></iq>",
              i, i);
}

static void push_any(long i)
{
    push(i * STEP % run.count);
}

/* ---- rows -------------------------------------------------------- */

static void nothing(long i)
{
    (void)i;
}

static const struct row {
    const char *name;
    void (*prepare)(long count); /* all at once, or NULL */
    void (*add)(long i);         /* one of those that are there */
    void (*operate)(long i);
    bool is_deaf;
} rows[] = {
    {"handlers", NULL, add_handler, receive, false},
    {"timers", NULL, add_timer, receive, false},
    {"rows", use_rows, nothing, receive, false},
    {"ids", NULL, add_id_handler, add_and_call, false},
    {"requests", NULL, request, request_and_answer, false},
    {"idle", open_inn, add_idle, turn_once, false},
    {"busy", open_inn, add_idle, receive, false},
    {"oldest", NULL, queue, queue_and_drop_oldest, true},
    {"youngest", NULL, queue, queue_and_drop_youngest, true},
    {"roster", begin_roster, push, push_any, false},
};

static void operate(const struct row *row)
{
    for (long i = 0; i < 20; i++) /* so that it is warm */
        row->operate(i);
    CALLGRIND_START_INSTRUMENTATION;
    for (long i = 20; i < 20 + OPERATIONS; i++)
        row->operate(i);
    CALLGRIND_STOP_INSTRUMENTATION;
}

static void build_up(const struct row *row)
{
    log_in(strcmp(row->name, "roster") == 0);
    if (row->is_deaf) {
        run.is_deaf = true;
        run.wire->room = 1;
        memory_changed(run.wire);
    }
    if (row->prepare)
        row->prepare(run.count);
    for (long i = 0; i < run.count; i++)
        row->add(i);
    if (!row->is_deaf)
        turn();
}

int main(int argc, char **argv)
{
    const struct row *row = NULL;

    failmem_is_off = 1;
    run.count = argc == 3 ? atol(argv[2]) : 0;
    for (size_t i = 0; argc == 3 && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, argv[1]) == 0)
            row = &rows[i];
    if (!row || run.count < 1)
        return 2;
    ids = calloc((size_t)run.count + 1000, sizeof(*ids));
    build_up(row);
    operate(row);
    if (run.testbed.downs)
        bail("the connection has ended");
    printf("%ld\n", strcmp(row->name, "requests") == 0 ? run.answered : 0L);
    fflush(stdout);
    _Exit(0);
}
