/* modules.c - fuzz target: stanzas that are well-formed, past all rows of all
 * modules, in a whole connection.
 *
 * The input is a list of decisions: what comes next (the table at the end), and
 * what the stanza is made of, by the rows and the tables of payloads
 * (tests/xep/odd_xml.h). In the end every call has ended, no memory is left,
 * and the session was lost by nothing that came. */

#include "conn/ctx.h"
#include "conn/talk_conn_inside.h"
#include "fuzz/fuzz.h"
#include "top.h"
#include "xep/call.h"
#include "xep/odd_xml.h"

const char fuzz_corpus[] = "modules";

#define ACTS_MOST 60 /* in one session */
#define ASKED_MOST 16

/* A run; the requests of ours that were seen last. */
static struct game {
    struct chance chance;
    int open; /* calls without a result */
    struct asked {
        char id[100], to[300];
    } asked[ASKED_MOST];
    unsigned asked_count;
} game;

static unsigned pick(unsigned most)
{
    return chance_pick(&game.chance, most);
}

/* ---- what the client sent ---------------------------------------- */

static void read_attribute(const char *tag, const char *name, char *out,
                           size_t n)
{
    char start[20];
    const char *end = strchr(tag, '>'), *at;

    snprintf(start, sizeof(start), " %s=\"", name);
    at = strstr(tag, start);
    out[0] = '\0';
    if (at && end && at < end)
        snprintf(out, n, "%.*s", (int)strcspn(at + strlen(start), "\""),
                 at + strlen(start));
}

#define ACK "<a xmlns='urn:xmpp:sm:3' h='%h%'/>"

/* A server that does not answer <r/> is taken for gone. */
static void look_at(struct player *p)
{
    struct str out = memory_server_sent(p->testbed.server);
    char *copy = strndup(out.n ? out.s : "", out.n), *at = copy;

    while ((at = strstr(at, "<iq"))) {
        struct asked *asked = &game.asked[game.asked_count % ASKED_MOST];
        char type[20];

        read_attribute(at, "type", type, sizeof(type));
        read_attribute(at, "id", asked->id, sizeof(asked->id));
        read_attribute(at, "to", asked->to, sizeof(asked->to));
        game.asked_count += type[0] == 'g' || type[0] == 's';
        at++;
    }
    if (strstr(copy, "<r xmlns"))
        talk_conn_say(p, ACK, strlen(ACK));
    free(copy);
    memory_server_take(p->testbed.server, out.n);
}

/* ---- what the server sends --------------------------------------- */

static void write_sender(FILE *out)
{
    static const char *const senders[] = {
        NULL,
        "romeo@example.org",
        "romeo@example.org/r",
        "romeo@example.org/other",
        "example.org",
        "juliet@example.org/balcony",
        "juliet@example.org",
        "pubsub.example.org",
        "room@example.org",
        "room@example.org/x",
        "@",
    };
    const char *from = senders[pick(sizeof(senders) / sizeof(senders[0]))];

    if (from)
        fprintf(out, " from='%s'", from);
}

static const xmpp_row_t *any_row(void)
{
    unsigned modules = 0, rows = 0;
    const xmpp_module_t *module;

    while (call_modules[modules])
        modules++;
    if (!modules)
        return NULL;
    module = call_modules[pick(modules)];
    while (module->rows[rows].kind != XMPP_ROW_END)
        rows++;
    return rows ? &module->rows[pick(rows)] : NULL;
}

static bool listens(const xmpp_row_t *row)
{
    return row && row->kind >= XMPP_ROW_IQ_GET && row->kind <= XMPP_ROW_NODE;
}

static const xmpp_payload_t *any_payload(void)
{
    unsigned count = 0;

    while (call_payloads[count].name)
        count++;
    return count ? call_payloads[pick(count)].payload : NULL;
}

static void write_children(FILE *out, const xmpp_row_t *row)
{
    unsigned more = pick(4);
    const xmpp_payload_t *payload = any_payload();

    odd_xml_write_row(out, row, ODD_WILD, &game.chance);
    if (more == 1 && listens(row = any_row()))
        odd_xml_write_row(out, row, ODD_WILD, &game.chance);
    if (more == 2 && payload)
        odd_xml_write(out, payload, "jabber:client", ODD_WILD, &game.chance);
    if (more == 3)
        fputs("<body>text</body><delay xmlns='urn:xmpp:delay' stamp='x'/>",
              out);
}

static void send_text(struct player *p, char *text, size_t n)
{
    memory_server_send(p->testbed.server, str_n(text, n));
    free(text);
}

static const char *type_of(const xmpp_row_t *row, const char *name)
{
    static const char *const messages[] = {"chat", "normal", "groupchat",
                                           "headline", "error"};
    static const char *const presences[] = {
        "unavailable", "subscribe",    "subscribed", "unsubscribe",
        "error",       "unsubscribed", "probe",      "odd"};

    if (name[0] == 'i')
        return row->kind == XMPP_ROW_IQ_GET ? "get" : "set";
    return name[0] == 'm' ? messages[pick(5)] : presences[pick(8)];
}

static void send_stanza(struct player *p)
{
    const xmpp_row_t *row = any_row();
    const char *name = "message";
    char *text;
    size_t n;
    FILE *out;

    if (!listens(row))
        return;
    if (row->kind == XMPP_ROW_IQ_GET || row->kind == XMPP_ROW_IQ_SET)
        name = "iq";
    if (row->kind == XMPP_ROW_PRESENCE)
        name = "presence";
    out = open_memstream(&text, &n);
    fprintf(out, "<%s to='romeo@example.org/r'", name);
    if (name[0] == 'i' || pick(2))
        fprintf(out, " id='f%u' type='%s'", pick(10), type_of(row, name));
    write_sender(out);
    fputc('>', out);
    write_children(out, row);
    fprintf(out, "</%s>", name);
    fclose(out);
    send_text(p, text, n);
}

#define FAILED                                                                 \
    "<error type='cancel'><item-not-found "                                    \
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

/* From whom was asked, or from somebody else. */
static void answer(struct player *p)
{
    const struct asked *asked = &game.asked[pick(ASKED_MOST)];
    const xmpp_payload_t *payload = any_payload();
    char *text;
    size_t n;
    FILE *out;

    if (!asked->id[0])
        return;
    out = open_memstream(&text, &n);
    fprintf(out, "<iq id='%s'", asked->id);
    if (!pick(8))
        write_sender(out);
    else if (asked->to[0])
        fprintf(out, " from='%s'", asked->to);
    if (pick(4)) {
        fputs(" type='result'>", out);
        if (payload)
            odd_xml_write(out, payload, "jabber:client",
                          pick(2) ? ODD_WILD : ODD_RIGHT, &game.chance);
    } else {
        fputs(" type='error'>" FAILED, out);
    }
    fputs("</iq>", out);
    fclose(out);
    send_text(p, text, n);
}

/* ---- what else happens ------------------------------------------- */

static void wait_some(struct player *p)
{
    poll_move_clock(p->testbed.ctx->poll, 1000 * (1 + pick(15)));
}

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    (void)conn;
    (void)result;
    (void)userdata;
    game.open--;
}

static void write_argument(FILE *out, char kind, const xmpp_payload_t *payload)
{
    static const char *const texts[] = {"\"juliet@example.org/balcony\"",
                                        "\"example.org\"", "\"x\"", "\"\""};

    if (kind == CALL_NUMBER)
        fprintf(out, " %u", pick(5));
    else if (kind == CALL_HANDLE && pick(8))
        fputs(" \"room@example.org\"", out);
    else if (kind == CALL_JID && !pick(3))
        fputs(" \"room@example.org\"", out);
    else if (kind == CALL_JID && pick(4))
        fputs(" \"juliet@example.org/balcony\"", out);
    else if (kind == CALL_TEXT && pick(4))
        fprintf(out, " %s", texts[pick(4)]);
    else if (kind == CALL_STRUCT && payload && pick(4)) {
        fputc(' ', out);
        odd_xml_write(out, payload, NULL, ODD_RIGHT, &game.chance);
    } else {
        fputs(" -", out);
    }
}

/* Any function, of which a part of the arguments is missing. */
static void call_any(struct player *p)
{
    static struct call call;
    const struct call_row *row;
    unsigned count = 0;
    char *text;
    size_t n;
    FILE *out;

    while (call_rows[count].name)
        count++;
    if (!count)
        return;
    row = &call_rows[pick(count)];
    out = open_memstream(&text, &n);
    fputs(row->name, out);
    for (size_t i = 0; row->kinds[i]; i++)
        write_argument(out, row->kinds[i], row->payloads[i]);
    fclose(out);
    call_read(&call, p->testbed.conn, text, NULL);
    call.handler = on_result;
    if (!call.wrong[0]) {
        game.open += row->takes_result;
        call_run(&call);
        game.open -= row->takes_result && call.number < 0;
    }
    call_free(&call);
    free(text);
}

static void nothing(struct player *p)
{
    (void)p;
}

static void (*const acts[])(struct player *p) = {
    send_stanza, answer, wait_some, call_any, answer,
    send_stanza, answer, nothing,   call_any, send_stanza,
};

/* ---- the game ---------------------------------------------------- */

static bool fuzz_line(struct player *p, const struct line *l)
{
    if (strcmp(l->word, "fuzz") != 0)
        return false;
    for (int i = 0; p && i < ACTS_MOST; i++) {
        talk_conn_settle(p);
        look_at(p);
        if (!game.chance.n)
            break;
        acts[pick(sizeof(acts) / sizeof(acts[0]))](p);
    }
    return true;
}

static void use_modules(struct player *p)
{
    for (size_t i = 0; call_modules[i]; i++)
        MUST(xmpp_conn_use(p->testbed.conn, call_modules[i]) >= 0);
}

static void forget_modules(struct player *p)
{
    (void)p;
    call_release_handles();
    MUST(game.open == 0);
}

static const struct talk_words fuzz_words = {fuzz_line, use_modules,
                                             forget_modules};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct script script;
    struct talk_how how = {.piece = SIZE_MAX, .more = &fuzz_words};
    char folder[1024], *wrong;

    if (!script.count) {
        snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
        script_read(&script, folder, "parts/fuzz.part");
    }
    game = (struct game){.chance = {.data = data, .n = size}};
    wrong = talk_conn_play(&script, &how);
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    MUST(!wrong);
    return 0;
}
