/* costs.c - does one thing with a roster, so that tests/xep/instructions can
 * count what it takes. It prints the CPU time in microseconds.
 *
 * usage: costs parse|load|push CONTACTS    it comes and nobody wants it; it is
 *                                          loaded; it is loaded, and then there
 *                                          are some changes */

#include <xmpp/xep/roster.h>

#include <time.h>

#include "conn/talk_conn_inside.h"
#include "top.h"

#define PUSHES 100

static struct {
    const char *mode;
    long contacts;
    long spent; /* microseconds */
} run;

/* A function of its own: what is counted is what happens inside. */
__attribute__((noinline)) static void settle(struct player *p)
{
    talk_conn_settle(p);
}

static long cpu_microseconds(void)
{
    struct timespec at;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (long)(at.tv_sec * 1000000 + at.tv_nsec / 1000);
}

static void send_text(struct player *p, char *text, size_t n)
{
    long begin;

    memory_server_send(p->testbed.server, str_n(text, n));
    free(text);
    begin = cpu_microseconds();
    settle(p);
    run.spent += cpu_microseconds() - begin;
}

/* The id of the request for the roster, or another. */
static void read_id(struct player *p, char *id, size_t size)
{
    struct str out = memory_server_sent(p->testbed.server);
    char *copy = strndup(out.n ? out.s : "", out.n);
    const char *at = strstr(copy, "jabber:iq:roster");

    snprintf(id, size, "none");
    while (at && at > copy && strncmp(at, "<iq", 3) != 0)
        at--;
    at = at ? strstr(at, " id=\"") : NULL;
    if (at)
        snprintf(id, size, "%.*s", (int)strcspn(at + 5, "\""), at + 5);
    free(copy);
}

static void send_roster(struct player *p)
{
    char id[100], *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    read_id(p, id, sizeof(id));
    fprintf(out,
            "<iq type='result' id='%s' to='romeo@example.org/r'>"
            "<query xmlns='jabber:iq:roster' ver='1'>",
            id);
    for (long i = 0; i < run.contacts; i++)
        fprintf(out,
                "<item jid='contact%06ld@example.org' name='Contact %ld' "
                "subscription='both'><group>Friends</group></item>",
                i, i);
    fputs("</query></iq>", out);
    fclose(out);
    send_text(p, text, n);
}

static void push_one(struct player *p, long i)
{
    char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    fprintf(out,
            "<iq type='set' id='p%ld' to='romeo@example.org/r'>"
            "<query xmlns='jabber:iq:roster' ver='2'>"
            "<item jid='contact%06ld@example.org' name='Other' "
            "subscription='both'/></query></iq>",
            i, i * 7919 % run.contacts);
    fclose(out);
    send_text(p, text, n);
}

static bool costs_line(struct player *p, const struct line *l)
{
    if (strcmp(l->word, "steady") != 0)
        return false;
    if (!p)
        return true;
    send_roster(p);
    for (long i = 0; i < PUSHES && strcmp(run.mode, "push") == 0; i++)
        push_one(p, i);
    if (strcmp(run.mode, "parse") != 0 &&
        xmpp_roster_count(p->testbed.conn) != (size_t)run.contacts)
        talk_conn_deviate(p, "%zu contacts are there",
                          xmpp_roster_count(p->testbed.conn));
    return true;
}

static void use_roster(struct player *p)
{
    /* or everything would be rendered for the log, too */
    xmpp_ctx_set_log_level(p->testbed.ctx, XMPP_LEVEL_WARN);
    if (strcmp(run.mode, "parse") != 0 &&
        xmpp_conn_use(p->testbed.conn, &xmpp_mod_roster) < 0)
        talk_conn_deviate(p, "the module cannot be used");
}

static void forget_roster(struct player *p)
{
    (void)p;
}

static const struct talk_words costs_words = {costs_line, use_roster,
                                              forget_roster};

int main(int argc, char **argv)
{
    static struct script script;
    struct talk_how how = {.piece = SIZE_MAX, .more = &costs_words};
    char folder[1024], *wrong;

    if (argc != 3)
        return 2;
    failmem_is_off = 1;
    run.mode = argv[1];
    run.contacts = atol(argv[2]);
    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    script_read(&script, folder, "parts/steady.part");
    wrong = talk_conn_play(&script, &how);
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    printf("%ld\n", run.spent);
    script_free(&script);
    return wrong ? 1 : 0;
}
