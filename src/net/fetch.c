/* fetch.c - one GET of HTTP/1.1 (RFC 9110, RFC 9112), over our own stages. */

#include "net/fetch.h"

#include <stdio.h>

#include "net/recipe.h"

#define REQUEST_SIZE 4096 /* bytes */
#define FETCH_PIECE 4096  /* read at once */

/* Invariant: `pipe` is empty, or leads to `target`. `dial` is there until the
 * end, because the next server may have to be tried. */
struct fetch {
    struct env *env;
    struct poll *poll;
    fetch_done done;
    void *userdata;
    struct dial_wanted callbacks; /* only `prepare` and `missed` */
    struct tls_wanted tls;
    unsigned timeout;
    struct target server; /* as it is named, without a socket */
    char *request;        /* owned */

    struct fault fault;
    struct dial *dial;
    struct target target;
    struct pipe pipe;
    struct watch watch;
    struct alarm patience;
    struct alarm again; /* input is inside the pipe */
    struct buf out;
    struct http http;
    struct http_body body;
    bool has_head; /* and what is in `location` and `reason` */
    char location[FETCH_LOCATION_MOST + 1];
    char reason[64];
};

/* ---- the end ----------------------------------------------------- */

static void close_fetch(struct fetch *f)
{
    poll_watch(f->poll, &f->watch, 0);
    poll_clear_alarm(f->poll, &f->patience);
    poll_clear_alarm(f->poll, &f->again);
    pipe_free(&f->pipe);
    http_free(&f->http);
    buf_free(&f->out);
}

static int fetch_fail(struct fetch *f, int code, const char *why)
{
    fault_set(&f->fault, XMPP_LAYER_HTTP, code, "%s", why);
    return PIPE_FAIL;
}

/* This server is of no use: the next one, or the end. */
static void give_up(struct fetch *f)
{
    fault_set(&f->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    close_fetch(f);
    if (f->fault.layer != XMPP_LAYER_APP && dial_has_more(f->dial)) {
        if (f->callbacks.missed)
            f->callbacks.missed(f->userdata, &f->target, &f->fault);
        http_body_free(&f->body);
        f->fault = (struct fault){0};
        f->has_head = false;
        dial_next(f->dial, &f->fault, f);
        return;
    }
    f->done(f->userdata, f);
}

/* ---- the answer -------------------------------------------------- */

static void keep_field(char *to, size_t size, struct str from)
{
    snprintf(to, size, "%.*s", STR_ARG(from));
}

/* What is wanted of it is copied, because its bytes go as the content is read.
 * A location that is cut is not used. */
static int take_head(struct fetch *f)
{
    struct str location = http_field(&f->http, "Location");
    const char *why;

    f->has_head = true;
    keep_field(f->reason, sizeof(f->reason), http_reason(&f->http));
    f->location[0] = '\0';
    if (location.n <= FETCH_LOCATION_MOST)
        keep_field(f->location, sizeof(f->location), location);
    if (f->http.status != 200)
        return 0;
    why = http_body_init(&f->body, f->env, &f->http);
    return why ? fetch_fail(f, XMPP_EHOSTMETA, why) : 0;
}

/* What came with the head goes first. */
static ssize_t read_more(struct fetch *f, char *to, size_t n)
{
    size_t left = http_take(&f->http, to, n);

    return left ? (ssize_t)left : pipe_read(&f->pipe, to, n);
}

static int read_content(struct fetch *f)
{
    char bytes[FETCH_PIECE];
    const char *why = NULL;
    int rc = f->body.state == BODY_DONE;

    while (rc == 0) {
        ssize_t n = read_more(f, bytes, sizeof(bytes));

        if (n == PIPE_AGAIN || n == PIPE_FAIL)
            return (int)n;
        rc = http_body_feed(&f->body, bytes, n > 0 ? (size_t)n : 0, &why);
    }
    if (rc == 1)
        return 0;
    if (!why)
        fault_set(&f->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return why ? fetch_fail(f, XMPP_EHOSTMETA, why) : PIPE_FAIL;
}

static int fetch_answer(struct fetch *f)
{
    const char *why = NULL;
    int rc = f->has_head ? 0 : http_read(&f->http, f->pipe.top, &why);

    if (rc == 0 && !f->has_head)
        rc = take_head(f);
    if (rc == 0)
        return f->http.status == 200 ? read_content(f) : 0;
    if (rc == PIPE_EOF)
        return fetch_fail(f, XMPP_EEOF, "there was no answer");
    return why ? fetch_fail(f, XMPP_EHOSTMETA, why) : rc;
}

/* ---- its turns --------------------------------------------------- */

/* A certificate that is not acceptable is refused: whom we are to trust for the
 * next connection is learnt here. */
static int establish_pipe(struct fetch *f)
{
    int rc = pipe_progress(&f->pipe);

    while (rc == PIPE_DECIDE) {
        tls_stage_answer(tls_stage_find(&f->pipe), false);
        rc = pipe_progress(&f->pipe);
    }
    return rc;
}

static int write_out(struct fetch *f)
{
    while (buf_size(&f->out)) {
        struct str bytes = buf_view(&f->out);
        ssize_t n = pipe_write(&f->pipe, bytes.s, bytes.n);

        if (n < 0)
            return (int)n;
        buf_consume(&f->out, (size_t)n);
    }
    return pipe_flush(&f->pipe);
}

/* 0 when the answer is complete. It may come before all of the request has
 * left, which is not waited for then. */
static int converse(struct fetch *f)
{
    int rc = establish_pipe(f);

    if (rc == 0 && write_out(f) == PIPE_FAIL)
        rc = PIPE_FAIL;
    if (rc == 0)
        rc = fetch_answer(f);
    return rc;
}

/* Input inside a stage does not make the descriptor ready, so nothing else
 * would call for it. */
static bool wait_for_fetch(struct fetch *f)
{
    unsigned wants = POLL_READ | (buf_size(&f->out) ? POLL_WRITE : 0);

    if (poll_watch(f->poll, &f->watch, pipe_wants(&f->pipe, wants)))
        return false;
    if (pipe_pending(&f->pipe))
        poll_again(f->poll, &f->again);
    return true;
}

static void fetch_turn(struct fetch *f)
{
    int rc = converse(f);

    if (rc == PIPE_AGAIN) {
        if (wait_for_fetch(f))
            return;
        fault_set(&f->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    }
    if (rc) {
        give_up(f);
        return;
    }
    close_fetch(f);
    f->done(f->userdata, f);
}

static void on_fetch_ready(struct watch *watch, unsigned events)
{
    (void)events;
    fetch_turn(LIST_ENTRY(watch, struct fetch, watch));
}

static void on_fetch_again(struct alarm *alarm, uint64_t now)
{
    (void)now;
    fetch_turn(LIST_ENTRY(alarm, struct fetch, again));
}

static void on_fetch_patience(struct alarm *alarm, uint64_t now)
{
    struct fetch *f = LIST_ENTRY(alarm, struct fetch, patience);
    const struct stage *at = f->pipe.unready;

    (void)now;
    if (at)
        fault_set(&f->fault, at->row->layer, XMPP_ETIMEOUT,
                  "%s: no connection to the server in time", at->row->name);
    else
        fault_set(&f->fault, XMPP_LAYER_HTTP, XMPP_ETIMEOUT,
                  "the answer is not complete");
    give_up(f);
}

/* ---- the connection ---------------------------------------------- */

static int fetch_prepare(void *userdata, int fd)
{
    struct fetch *f = userdata;

    return f->callbacks.prepare(f->userdata, fd);
}

static void fetch_missed(void *userdata, const struct target *target,
                         const struct fault *why)
{
    struct fetch *f = userdata;

    f->callbacks.missed(f->userdata, target, why);
}

/* The server has the name of the request, also where a proxy was dialled. */
static void name_target(struct fetch *f, const struct target *reached)
{
    f->target.fd = reached->fd;
    f->target.memory = reached->memory;
    memcpy(f->target.address, reached->address, sizeof(f->target.address));
}

static void on_fetch_dialed(void *userdata, const struct target *reached)
{
    struct fetch *f = userdata;
    const struct recipe recipe = {
        .env = f->env,
        .poll = f->poll,
        .watch = &f->watch,
        .fault = &f->fault,
        .target = &f->target,
        .tls = &f->tls,
    };

    if (!reached) {
        f->target = f->server; /* the fault is of no single address */
        f->done(f->userdata, f);
        return;
    }
    name_target(f, reached);
    http_init(&f->http, f->env);
    buf_puts(&f->out, str_of(f->request));
    if (!recipe_build(&recipe, recipe_rows, &f->pipe) || f->out.failed) {
        give_up(f);
        return;
    }
    poll_set_alarm(f->poll, &f->patience, poll_now(f->poll) + f->timeout);
    fetch_turn(f);
}

/* ---- life -------------------------------------------------------- */

/* Nothing else is sent of this side: neither its name nor a cookie. */
static char *write_request(struct env *env, const struct fetch_wanted *wanted)
{
    char text[REQUEST_SIZE];
    int n = snprintf(text, sizeof(text),
                     "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\n"
                     "Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
                     wanted->path, wanted->authority, wanted->accept);

    return n > 0 && (size_t)n < sizeof(text) ? env_strdup(env, text) : NULL;
}

static void name_server(struct fetch *f, const struct fetch_wanted *wanted)
{
    f->server = (struct target){.port = wanted->port,
                                .direct_tls = wanted->tls != NULL,
                                .proxy = wanted->proxy,
                                .fd = -1};
    snprintf(f->server.host, sizeof(f->server.host), "%s", wanted->host);
}

static void init_fetch(struct fetch *f, struct env *env, struct poll *poll,
                       const struct fetch_wanted *wanted)
{
    f->env = env;
    f->poll = poll;
    f->callbacks = (struct dial_wanted){.prepare = wanted->dial.prepare,
                                        .missed = wanted->dial.missed};
    if (wanted->tls)
        f->tls = *wanted->tls;
    f->timeout = wanted->timeout;
    f->watch = (struct watch){.fd = -1, .ready = on_fetch_ready};
    buf_init(&f->out, env, REQUEST_SIZE);
    alarm_init(&f->patience, on_fetch_patience);
    alarm_init(&f->again, on_fetch_again);
    name_server(f, wanted);
    f->target = f->server;
}

struct fetch *fetch_new(struct env *env, struct poll *poll,
                        const struct fetch_wanted *wanted, fetch_done done,
                        void *userdata)
{
    struct fetch *f = env_zalloc(env, sizeof(*f));
    struct dial_wanted dial = wanted->dial;

    if (!f)
        return NULL;
    init_fetch(f, env, poll, wanted);
    f->done = done;
    f->userdata = userdata;
    dial.prepare = dial.prepare ? fetch_prepare : NULL;
    dial.missed = dial.missed ? fetch_missed : NULL;
    f->request = write_request(env, wanted);
    if (f->request)
        f->dial = dial_new(env, poll, &dial, &f->fault, on_fetch_dialed, f);
    if (f->dial)
        return f;
    fetch_free(f);
    return NULL;
}

void fetch_free(struct fetch *f)
{
    if (!f)
        return;
    close_fetch(f);
    http_body_free(&f->body);
    dial_free(f->dial);
    env_free(f->env, f->request);
    env_free(f->env, f);
}

/* ---- what came of it --------------------------------------------- */

const struct fault *fetch_fault(const struct fetch *f)
{
    return fault_is_set(&f->fault) ? &f->fault : NULL;
}

const struct target *fetch_target(const struct fetch *f)
{
    return &f->target;
}

unsigned fetch_status(const struct fetch *f)
{
    return f->has_head ? f->http.status : 0;
}

struct str fetch_reason(const struct fetch *f)
{
    return str_of(f->reason);
}

const char *fetch_location(const struct fetch *f)
{
    return f->location;
}

struct str fetch_content(const struct fetch *f)
{
    return buf_view(&f->body.bytes);
}
