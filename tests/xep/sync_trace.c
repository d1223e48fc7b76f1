/* sync_trace.c - the engine does what another model of it did. */

#define _GNU_SOURCE
#include "xep/sync_trace.h"

#include <xmpp/ctx.h>
#include <xmpp/xep/sync_line.h>

#include "tap.h"

#define ITEMS_MOST 16

/* What it orders is kept, one line each, until the trace has it. */
struct replay {
    xmpp_ctx_t *ctx;
    xmpp_sync_line_t *line;
    xmpp_sync_limits_t limits;
    char *orders; /* not compared yet */
    size_t size;
    FILE *out;
    long number; /* of the last request */
    char *notes; /* the database */
    struct {
        char id[16], after[16];
    } own[500];
    int own_count;
    unsigned long schedules, lines, delivered;
    char seed[20];
};

/* ---- orders ------------------------------------------------------ */

static int on_request(void *to, long number, int is_last, const char *after)
{
    struct replay *r = to;

    r->number = number;
    fprintf(r->out, "> request %s %s\n", is_last ? "last" : "after",
            after ? after : "-");
    return 0;
}

static void on_deliver(void *to, const xmpp_sync_item_t *item,
                       const xmpp_sync_gap_t *gap)
{
    struct replay *r = to;

    xmpp_free(r->ctx, r->notes);
    r->notes = xmpp_payload_to_text(
        r->ctx, &xmpp_sync_known,
        xmpp_sync_notes_get(xmpp_sync_line_get_notes(r->line)), NULL);
    if (gap)
        fprintf(r->out, "> gap %s %s\n", gap->after ? gap->after : "-",
                gap->before ? gap->before : "-");
    if (item)
        fprintf(r->out, "> deliver %s\n", item->id);
    r->delivered += item != NULL;
}

static int find_own(const struct replay *r, const char *id)
{
    int i = 0;

    while (i < r->own_count && strcmp(r->own[i].id, id) != 0)
        i++;
    return i;
}

static int on_send(void *to, const char *id, const char *after)
{
    struct replay *r = to;
    int at = find_own(r, id);

    if (at == r->own_count)
        r->own_count++;
    snprintf(r->own[at].id, sizeof(r->own[at].id), "%s", id);
    snprintf(r->own[at].after, sizeof(r->own[at].after), "%s",
             after ? after : "");
    fprintf(r->out, "> send %s\n", id);
    return 0;
}

static void on_settle(void *to, const char *id, int fate)
{
    struct replay *r = to;
    int at = find_own(r, id);

    r->own_count--;
    memmove(r->own + at, r->own + at + 1,
            (size_t)(r->own_count - at) * sizeof(r->own[0]));
    if (fate == XMPP_SYNC_STORED)
        fprintf(r->out, "> stored %s\n", id);
}

static void on_report(void *to, int state)
{
    (void)to;
    (void)state;
}

/* ---- what happens ------------------------------------------------ */

static void start_line(struct replay *r)
{
    xmpp_sync_orders_t orders = {sizeof(orders), r,          NULL,
                                 &r->limits,     on_request, on_deliver,
                                 on_send,        on_settle,  on_report};
    void *known = xmpp_payload_from_text(r->ctx, &xmpp_sync_known,
                                         r->notes ? r->notes : "", (size_t)-1);

    xmpp_sync_line_free(r->line);
    r->line = xmpp_sync_line_new(r->ctx, &orders);
    if (known)
        xmpp_sync_notes_set(xmpp_sync_line_get_notes(r->line), known);
    xmpp_free(r->ctx, known);
    for (int i = 0; i < r->own_count; i++)
        xmpp_sync_own_add(xmpp_sync_line_get_own(r->line), r->own[i].id,
                          XMPP_SYNC_DOUBTFUL,
                          r->own[i].after[0] ? r->own[i].after : NULL);
}

static void begin_schedule(struct replay *r, const char *seed)
{
    snprintf(r->seed, sizeof(r->seed), "%s", seed);
    xmpp_free(r->ctx, r->notes);
    r->notes = NULL;
    r->own_count = 0;
    r->schedules++;
    start_line(r);
}

static void doubt_all(struct replay *r)
{
    for (int i = 0; i < r->own_count; i++)
        xmpp_sync_own_doubt(xmpp_sync_line_get_own(r->line), r->own[i].id, 1);
}

static void take_page(struct replay *r, char *words)
{
    xmpp_sync_item_t items[ITEMS_MOST];
    const xmpp_sync_item_t *list[ITEMS_MOST];
    size_t n = 0;
    int is_complete = *words++ == '1';
    char *word;

    memset(items, 0, sizeof(items));
    while ((word = strtok(n ? NULL : words, " ")) && n < ITEMS_MOST) {
        char *own = strchr(word, ':');

        *own++ = '\0';
        items[n].id = word;
        items[n].own = *own ? own : NULL;
        items[n].time = XMPP_NO_TIME;
        list[n] = &items[n];
        n++;
    }
    xmpp_sync_line_take_page(r->line, r->number, list, n, is_complete, 0);
}

static void receive_live(struct replay *r, char *words)
{
    xmpp_sync_item_t item = {0};
    char *delayed = strchr(words, ' ');

    *delayed++ = '\0';
    item.id = words;
    item.is_delayed = *delayed == '1';
    item.time = XMPP_NO_TIME;
    xmpp_sync_line_receive(r->line, &item);
}

static void happen(struct replay *r, char *line)
{
    char *words = strchr(line, ' ');

    if (words)
        *words++ = '\0';
    if (!strcmp(line, "seed"))
        begin_schedule(r, words);
    else if (!strcmp(line, "begin"))
        xmpp_sync_line_begin(r->line, NULL);
    else if (!strcmp(line, "resume"))
        xmpp_sync_line_resume(r->line);
    else if (!strcmp(line, "later"))
        xmpp_sync_line_go_on(r->line, 0);
    else if (!strcmp(line, "crash"))
        start_line(r);
    else if (!strcmp(line, "doubt"))
        doubt_all(r);
    else if (!strcmp(line, "live"))
        receive_live(r, words);
    else if (!strcmp(line, "page"))
        take_page(r, words);
    else if (!strcmp(line, "missing"))
        xmpp_sync_line_fail_page(r->line, r->number, XMPP_SYNC_EXPIRED);
    else if (!strcmp(line, "send"))
        xmpp_sync_own_add(xmpp_sync_line_get_own(r->line), words,
                          XMPP_SYNC_QUEUED, NULL),
            xmpp_sync_line_go_on(r->line, 1);
    else if (!strcmp(line, "acknowledged"))
        xmpp_sync_own_settle(xmpp_sync_line_get_own(r->line), words,
                             XMPP_SYNC_SENT);
    else
        bail("a word that is not known");
}

/* ---- comparing --------------------------------------------------- */

/* The next order, which `line` has to be. */
static bool compare(struct replay *r, const char *line)
{
    size_t n = strlen(line);

    fflush(r->out);
    if (r->size <= n || strncmp(r->orders, line, n) != 0 ||
        r->orders[n] != '\n') {
        printf("# seed %s: the engine orders\n%.*s# but should\n%s\n", r->seed,
               (int)r->size, r->orders, line);
        return false;
    }
    memmove(r->orders, r->orders + n + 1, r->size - n);
    fseek(r->out, (long)(r->size - n - 1), SEEK_SET);
    return true;
}

static bool is_quiet(struct replay *r)
{
    fflush(r->out);
    if (r->size)
        printf("# seed %s: the engine should not order\n%.*s", r->seed,
               (int)r->size, r->orders);
    return !r->size;
}

int trace_main(void)
{
    static struct replay r;
    char *line = NULL;
    size_t room = 0;
    bool good = true;

    r.limits = (xmpp_sync_limits_t){sizeof(r.limits), 40, 100000, 100000};
    r.ctx = xmpp_ctx_new(NULL, NULL);
    r.out = open_memstream(&r.orders, &r.size);
    while (good && getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        r.lines++;
        if (line[0] == '>')
            good = compare(&r, line);
        else if ((good = is_quiet(&r)))
            happen(&r, line);
    }
    ok(good && r.schedules, "%lu schedules, %lu steps, %lu delivered",
       r.schedules, r.lines, r.delivered);
    xmpp_sync_line_free(r.line);
    xmpp_free(r.ctx, r.notes);
    xmpp_ctx_free(r.ctx);
    fclose(r.out);
    free(r.orders);
    free(line);
    return done_testing();
}
