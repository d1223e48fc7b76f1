/* room_costs.c - enters a large room, so that tests/xep/instructions can count
 * what that takes.
 *
 * usage: room_costs enter|change OCCUPANTS    they are there as we come; and
 *                                             then there are some changes
 *        room_costs                           change 6000, as a test */

#include <xmpp/xep/room_message.h>

#include "conn/talk_conn_inside.h"
#include "tap.h"
#include "top.h"

#define ROOM "coven@chat.example.org"
#define CHANGES 100

static struct {
    const char *mode;
    long occupants;
    xmpp_room_t *room;
} run;

/* A function of its own: what is counted is what happens inside. */
__attribute__((noinline)) static void settle(struct player *p)
{
    talk_conn_settle(p);
}

static void write_presence(FILE *out, const char *nick, long i,
                           const char *role, const char *more)
{
    fprintf(out,
            "<presence from='" ROOM "/%s' to='romeo@example.org/r'>"
            "<x xmlns='http://jabber.org/protocol/muc#user'>"
            "<item affiliation='none' role='%s'/>%s</x>"
            "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id%ld'/>"
            "</presence>",
            nick, role, more, i);
}

static void send_presence(struct player *p, long first, long last,
                          const char *role)
{
    char *text, nick[24];
    size_t n;
    FILE *out = open_memstream(&text, &n);

    for (long i = first; i < last; i++) {
        long who = role[0] == 'v' ? i * 7919 % run.occupants : i;

        snprintf(nick, sizeof(nick), "n%ld", who);
        write_presence(out, nick, who, role, "");
    }
    if (role[0] == 'p')
        write_presence(out, "us", -1, role, "<status code='110'/>");
    fclose(out);
    memory_server_send(p->testbed.server, str_n(text, n));
    free(text);
    settle(p);
}

static void enter(struct player *p)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(p->testbed.ctx, ROOM, NULL);
    xmpp_muc_join_t how;

    XMPP_INIT(xmpp_muc_join, how);
    how.nick = "us";
    run.room = xmpp_room_new(p->testbed.conn, jid);
    if (xmpp_room_join(run.room, &how, NULL, NULL))
        talk_conn_deviate(p, "the join is not sent");
    xmpp_free(p->testbed.ctx, jid);
}

static void check(struct player *p)
{
    const xmpp_occupant_t *last;
    char id[40];

    snprintf(id, sizeof(id), "id%ld", run.occupants - 1);
    last = xmpp_room_get_occupant_by_id(run.room, id);
    if (!last || xmpp_room_count(run.room) != (size_t)run.occupants + 1)
        talk_conn_deviate(p, "%zu occupants are there",
                          xmpp_room_count(run.room));
}

static bool room_costs_line(struct player *p, const struct line *l)
{
    if (strcmp(l->word, "steady") != 0)
        return false;
    if (!p)
        return true;
    enter(p);
    send_presence(p, 0, run.occupants, "participant");
    if (strcmp(run.mode, "change") == 0)
        send_presence(p, 0, CHANGES, "visitor");
    check(p);
    memory_server_take(p->testbed.server,
                       memory_server_sent(p->testbed.server).n);
    return true;
}

static void use_room(struct player *p)
{
    p->testbed.memory.is_plain = 1;
    xmpp_ctx_set_log_level(p->testbed.ctx, XMPP_LEVEL_WARN);
    if (xmpp_conn_use(p->testbed.conn, &xmpp_mod_room_message) < 0)
        talk_conn_deviate(p, "the module cannot be used");
}

static void forget_room(struct player *p)
{
    (void)p;
    xmpp_room_release(run.room);
}

static const struct talk_words room_costs_words = {room_costs_line, use_room,
                                                   forget_room};

int main(int argc, char **argv)
{
    static struct script script;
    struct talk_how how = {.piece = SIZE_MAX, .more = &room_costs_words};
    char folder[1024], *wrong;

    run.mode = argc == 3 ? argv[1] : "change";
    run.occupants = argc == 3 ? atol(argv[2]) : 6000;
    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    script_read(&script, folder, "parts/steady.part");
    wrong = talk_conn_play(&script, &how);
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    script_free(&script);
    if (argc == 3)
        return wrong ? 1 : 0;
    ok(!wrong, "%ld occupants", run.occupants);
    return done_testing();
}
