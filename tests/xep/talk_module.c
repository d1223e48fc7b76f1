/* talk_module.c - words of talks for modules. */

#include "xep/talk_module.h"

#include "conn/talk_conn_inside.h"
#include "xep/call.h"
#include "xep/talk_store.h"

#define TEXT_MOST 16384

/* What a talk's modules are about. */
struct talk_modules {
    struct talk_store store;
    const void *last; /* what the last call returned, if a pointer */
    char returned[TEXT_MOST];
    bool has_returned; /* an error that no line has expected */
    size_t open;       /* calls without a result */
    char denied[256], allowed[256];
};

static struct talk_modules *modules_of(struct player *p)
{
    return p->words;
}

static const xmpp_module_t *module_of(struct player *p, const struct line *l,
                                      const char *name)
{
    const xmpp_module_t *module = call_find_module(name);

    if (!module)
        talk_conn_deviate(p, "line %d: there is no module %s", l->number, name);
    return module;
}

/* ---- events ------------------------------------------------------ */

/* Values without a table are not printed. */
static void print_value(const xmpp_payload_t *payload, const void *value,
                        const char *before, char *out, size_t n)
{
    size_t at = strlen(out);

    if (!value || !payload || at >= n)
        return;
    at += (size_t)snprintf(out + at, n - at, "%s", before);
    if (at < n)
        xmpp_payload_print(payload, value, out + at, n - at);
}

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    static char text[TEXT_MOST];

    (void)conn;
    snprintf(text, sizeof(text), "%s.%s", event->module->name, event->name);
    print_value(event->payload, event->value, " ", text, sizeof(text));
    print_value(event->payload, event->before, " was ", text, sizeof(text));
    talk_conn_event(userdata, "event", text);
}

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    static char text[TEXT_MOST];
    struct player *p = userdata;

    (void)conn;
    snprintf(text, sizeof(text), "%s%s%s%s%s",
             result->status ? xmpp_strerror_name(result->status) : "0",
             result->condition ? " " : "",
             result->condition ? result->condition : "",
             result->specific ? " " : "",
             result->specific ? result->specific : "");
    print_value(result->payload, result->value, " ", text, sizeof(text));
    modules_of(p)->open--;
    talk_conn_event(p, "result", text);
}

static void do_event(struct player *p, const struct line *l)
{
    static char want[TEXT_MOST];

    snprintf(want, sizeof(want), "%s %s", l->word, l->text);
    talk_conn_expect(p, l, want);
}

/* ---- use --------------------------------------------------------- */

static void check_code(struct player *p, const struct line *l, int rc)
{
    if (rc < 0)
        talk_conn_deviate(p, "line %d: returned %s", l->number,
                          xmpp_strerror_name(rc));
}

static bool has_events(const xmpp_module_t *module)
{
    for (const xmpp_row_t *row = module->rows; row->kind != XMPP_ROW_END;
         row = (const xmpp_row_t *)((const char *)row + module->row_size))
        if (row->kind == XMPP_ROW_EVENT)
            return true;
    return false;
}

static void do_use(struct player *p, const struct line *l)
{
    const xmpp_module_t *module = module_of(p, l, l->text);
    xmpp_conn_t *conn = p->testbed.conn;

    if (!module)
        return;
    check_code(p, l, xmpp_conn_use(conn, module));
    if (!p->wrong[0] && !p->is_released && has_events(module))
        check_code(p, l, xmpp_conn_watch(conn, module, on_event, p));
}

static void do_limit(struct player *p, const struct line *l)
{
    char name[64] = "", what[64] = "";
    const xmpp_module_t *module;
    long n = 0;

    sscanf(l->text, "%63s %63s %ld", name, what, &n);
    module = module_of(p, l, name);
    if (module)
        check_code(p, l, xmpp_conn_set_limit(p->testbed.conn, module, what, n));
}

static void do_as(struct player *p, const struct line *l)
{
    check_code(p, l,
               xmpp_conn_send_as(p->testbed.conn, *l->text ? l->text : NULL));
}

static int on_access(xmpp_conn_t *conn, const xmpp_jid_t *from,
                     xmpp_stanza_t *element, void *userdata)
{
    const struct talk_modules *m = userdata;
    const char *jid = from ? from->text : "";
    size_t n = from ? (size_t)from->local_size + from->domain_size +
                          from->resource_size + (from->local_size ? 1 : 0) +
                          (from->resource_size ? 1 : 0)
                    : 0;

    (void)conn;
    (void)element;
    if (m->allowed[0])
        return n == strlen(m->allowed) && memcmp(jid, m->allowed, n) == 0;
    return n != strlen(m->denied) || memcmp(jid, m->denied, n) != 0;
}

static void do_access(struct player *p, const struct line *l)
{
    struct talk_modules *m = modules_of(p);
    char name[64] = "", how[16] = "", jid[256] = "";
    const xmpp_module_t *module;

    sscanf(l->text, "%63s %15s %255s", name, how, jid);
    module = module_of(p, l, name);
    m->denied[0] = m->allowed[0] = '\0';
    snprintf(strcmp(how, "allow") == 0 ? m->allowed : m->denied,
             sizeof(m->denied), "%s", jid);
    if (module)
        check_code(p, l,
                   xmpp_conn_set_access(p->testbed.conn, module,
                                        how[0] ? on_access : NULL, m));
}

/* ---- calls ------------------------------------------------------- */

/* A misuse leaves a sentence about itself: something else was refused before,
 * and that is not the last error any more. Called as the arguments are read,
 * which does not count. */
static void refuse_something(struct player *p)
{
    xmpp_conn_set_option(p->testbed.conn, (xmpp_option_t)-1, 0);
}

static void check_sentence(struct player *p, const struct line *l,
                           const struct call *call)
{
    bool is_misuse = call->row->returns == CALL_CODE && call->row->takes_conn &&
                     (call->number == XMPP_EARG || call->number == XMPP_EINVOP);

    if (!p->is_released && is_misuse &&
        strstr(xmpp_ctx_get_last_error(call->ctx), "there is no option -1"))
        talk_conn_deviate(p,
                          "line %d: %s without a sentence that says why: see "
                          "xmpp_conn_fail()",
                          l->number, xmpp_strerror_name((int)call->number));
}

static void do_call(struct player *p, const struct line *l)
{
    struct talk_modules *m = modules_of(p);
    struct failmem spared = talk_conn_spare(p);
    static struct call call;

    call_read(&call, p->testbed.conn, l->text, m->last);
    refuse_something(p);
    talk_conn_count(p, &spared);
    if (call.wrong[0]) {
        talk_conn_deviate(p, "line %d: %s", l->number, call.wrong);
    } else {
        call.handler = on_result;
        call.userdata = p;
        m->open += (size_t)call.row->takes_result;
        call_run(&call);
        if (p->is_released)
            call.pointer = NULL;
        m->last = call.pointer;
        call_print(&call, m->returned, sizeof(m->returned));
        check_sentence(p, l, &call);
        m->has_returned = call.row->returns == CALL_CODE && call.number < 0;
        m->open -= (size_t)(call.row->takes_result && call.number < 0);
    }
    call_free(&call);
}

static void do_returns(struct player *p, const struct line *l)
{
    struct talk_modules *m = modules_of(p);

    m->has_returned = false;
    if (talk_holes_match(&p->holes, str_of(m->returned),
                         str_n(l->text, l->n)) != strlen(m->returned))
        talk_conn_deviate(p, "line %d: returned %.900s", l->number,
                          m->returned);
}

static void do_because(struct player *p, const struct line *l)
{
    const char *reason = xmpp_ctx_get_last_error(p->testbed.ctx);

    if (talk_holes_match(&p->holes, str_of(reason), str_n(l->text, l->n)) !=
        strlen(reason))
        talk_conn_deviate(p, "line %d: the reason is %.255s", l->number,
                          reason);
}

/* ---- the store --------------------------------------------------- */

/* KIND KEY, and what follows. */
struct place {
    const char *account;
    char kind[64], key[512];
    const char *text; /* "": none */
};

static void read_place(struct player *p, const struct line *l,
                       struct place *place)
{
    int n = 0;

    memset(place, 0, sizeof(*place));
    place->account = p->script->wanted.kind == STREAM_COMPONENT
                         ? "comp.example.org"
                         : "romeo@example.org";
    if (sscanf(l->text, "%63s %511s %n", place->kind, place->key, &n) < 2)
        talk_conn_deviate(p, "line %d: KIND KEY TEXT", l->number);
    place->text = l->text + (n ? (size_t)n : l->n);
    if (place->kind[0] != '*')
        return;
    place->account = "";
    memmove(place->kind, place->kind + 1, strlen(place->kind));
}

static void do_store(struct player *p, const struct line *l)
{
    struct place place;

    read_place(p, l, &place);
    talk_store_put(&modules_of(p)->store, place.account, place.kind, place.key,
                   place.text, strlen(place.text));
}

static void do_stored(struct player *p, const struct line *l)
{
    struct place place;
    const char *text;

    read_place(p, l, &place);
    text = talk_store_find(&modules_of(p)->store, place.account, place.kind,
                           place.key);
    if (!text && place.text[0])
        talk_conn_deviate(p, "line %d: it is not stored", l->number);
    if (text && talk_holes_match(&p->holes, str_of(text), str_of(place.text)) !=
                    strlen(text))
        talk_conn_deviate(p, "line %d: stored is %.900s", l->number, text);
}

static void do_store_fails(struct player *p, const struct line *l)
{
    modules_of(p)->store.fails = strcmp(l->word, "store-fails") == 0;
}

/* ---- words ------------------------------------------------------- */

static const struct {
    const char *word;
    void (*act)(struct player *p, const struct line *l);
} module_words[] = {
    {"use", do_use},
    {"limit", do_limit},
    {"as", do_as},
    {"access", do_access},
    {"call", do_call},
    {"returns", do_returns},
    {"because", do_because},
    {"result", do_event},
    {"event", do_event},
    {"store", do_store},
    {"stored", do_stored},
    {"store-fails", do_store_fails},
    {"store-works", do_store_fails},
};

/* An error that is not expected is one. */
static void check_returned(struct player *p, const struct line *l)
{
    struct talk_modules *m = modules_of(p);

    if (m->has_returned && strcmp(l->word, "returns") != 0)
        talk_conn_deviate(p, "line %d: the call before it returned %s",
                          l->number, m->returned);
}

static bool module_line(struct player *p, const struct line *l)
{
    if (p)
        check_returned(p, l);
    for (size_t i = 0; i < sizeof(module_words) / sizeof(module_words[0]); i++)
        if (strcmp(module_words[i].word, l->word) == 0) {
            if (p && !p->wrong[0])
                module_words[i].act(p, l);
            return true;
        }
    return false;
}

static void begin(struct player *p)
{
    struct talk_modules *m = calloc(1, sizeof(*m));

    p->words = m;
    talk_store_init(&m->store);
    if (talk_conn_has(p, "store") || talk_conn_has(p, "stored") ||
        talk_conn_has(p, "store-fails"))
        xmpp_conn_set_store(p->testbed.conn, &m->store.store);
}

/* Every call has ended by now. */
static void end(struct player *p)
{
    struct talk_modules *m = modules_of(p);

    call_release_handles();
    if (m->open)
        talk_conn_deviate(p, "%zu calls have not ended", m->open);
    talk_store_free(&m->store);
    free(m);
}

const struct talk_words talk_module_words = {module_line, begin, end};
