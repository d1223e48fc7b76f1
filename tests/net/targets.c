/* targets.c - two services as one list, in every combination of what a name
 * server may say about them. */

#include "net/targets.h"

#include <unistd.h>

#include "net/dial_testbed.h"
#include "tap.h"

#define DIRECT SRV_CLIENT_DIRECT ".a.test"
#define PLAIN SRV_CLIENT ".a.test"
#define ROOT "" /* as a target it declines */

/* One question about a.test, and the news about it. */
struct inquiry {
    struct name_server dns;
    struct name_server_row rows[8];
    size_t count;
    struct targets targets;
    enum targets_news news[4];
    uint64_t at[4]; /* milliseconds after the beginning */
    int news_n;
    uint64_t begin;
    bool stops; /* at the first news */
};

static void on_news(void *userdata, enum targets_news news)
{
    struct inquiry *i = userdata;

    if (i->news_n < 4) {
        i->news[i->news_n] = news;
        i->at[i->news_n] = poll_now(dial_loop) - i->begin;
    }
    i->news_n++;
    if (i->stops)
        targets_stop(&i->targets);
}

static void know(struct inquiry *i, const char *name, enum name_server_how how,
                 const char *target)
{
    i->rows[i->count++] = (struct name_server_row){
        .name = name,
        .type = NAME_SERVER_SRV,
        .how = how,
        .target = target,
        .port = 1,
    };
}

static void begin(struct inquiry *i)
{
    struct targets_wanted wanted = {
        .domain = "a.test",
        .service = SRV_CLIENT,
        .direct = SRV_CLIENT_DIRECT,
        .most_records = 8,
        .timeout = PATIENCE,
    };

    name_server_open(&i->dns, i->rows);
    wanted.servers = i->dns.servers;
    i->begin = poll_now(dial_loop);
    is_int(
        targets_start(&i->targets, &dial_env, dial_loop, &wanted, on_news, i),
        0, "asked");
}

static void turns(struct inquiry *i, uint64_t until)
{
    while (poll_now(dial_loop) < i->begin + until) {
        name_server_turn(&i->dns, dial_loop, STEP);
    }
}

static void end(struct inquiry *i)
{
    targets_free(&i->targets);
    targets_free(&i->targets); /* once more is allowed */
    name_server_close(&i->dns);
}

/* Both answer as they do; the last news are `news`. */
static void combination(const char *what, enum name_server_how direct_how,
                        const char *direct, enum name_server_how plain_how,
                        const char *plain, enum targets_news news,
                        size_t targets)
{
    struct inquiry i = {.count = 0};

    know(&i, DIRECT, direct_how, direct);
    know(&i, PLAIN, plain_how, plain);
    begin(&i);
    turns(&i, 2 * PATIENCE);
    is_int(i.news_n, 1, "%s: one piece of news", what);
    is_int(i.news[0], news, "%s", what);
    is_int(i.targets.count, targets, "%s: so many targets", what);
    ok(!targets_are_open(&i.targets), "%s: all is answered", what);
    end(&i);
}

static void combinations(void)
{
    enum name_server_how answers = NAME_SERVER_ANSWER,
                         absent = NAME_SERVER_ABSENT,
                         silent = NAME_SERVER_SILENT;

    combination("both", answers, "d", answers, "p", TARGETS_FOUND, 2);
    combination("one of them", absent, "", answers, "p", TARGETS_FOUND, 1);
    combination("the other", answers, "d", absent, "", TARGETS_FOUND, 1);
    combination("neither", absent, "", absent, "", TARGETS_ABSENT, 0);
    combination("direct TLS declined", answers, ROOT, answers, "p",
                TARGETS_FOUND, 1);
    combination("STARTTLS declined", answers, "d", answers, ROOT, TARGETS_FOUND,
                1);
    combination("both declined", answers, ROOT, answers, ROOT, TARGETS_DECLINED,
                0);
    combination("one declined, the other absent", answers, ROOT, absent, "",
                TARGETS_DECLINED, 0);
    combination("one declined, the other silent", answers, ROOT, silent, "",
                TARGETS_FAILED, 0);
}

/* ---- order ------------------------------------------------------- */

/* Priorities are those of one list: name_server numbers the records of each
 * answer from 1. */
static void mixed(void)
{
    struct inquiry i = {.count = 0};
    int direct = 0;

    know(&i, DIRECT, NAME_SERVER_ANSWER, "d1");
    know(&i, DIRECT, NAME_SERVER_ANSWER, "d2");
    know(&i, PLAIN, NAME_SERVER_ANSWER, "p1");
    know(&i, PLAIN, NAME_SERVER_ANSWER, "p2");
    begin(&i);
    turns(&i, 100);
    is_int(i.targets.count, 4, "mixed: all of them");
    for (size_t n = 0; n < 4; n++) {
        is_int(i.targets.list[n].priority, 1 + n / 2, "by priority");
        is_int(i.targets.list[n].direct, i.targets.list[n].target[0] == 'd',
               "each by its own service");
        direct += n < 2 && i.targets.list[n].direct;
    }
    is_int(direct, 1, "one of each in the first priority");
    end(&i);
}

/* In a group of the same priority and weight either may be the first. */
static void drawn(void)
{
    int direct = 0;

    for (int n = 0; n < 60; n++) {
        struct inquiry i = {.count = 0};

        know(&i, DIRECT, NAME_SERVER_ANSWER, "d");
        know(&i, PLAIN, NAME_SERVER_ANSWER, "p");
        begin(&i);
        turns(&i, 20);
        direct += i.targets.count && i.targets.list[0].direct;
        end(&i);
    }
    ok(direct > 0 && direct < 60, "%d of 60 times direct TLS came first",
       direct);
}

/* ---- time -------------------------------------------------------- */

/* One that found is not held up for long by the other. */
static void second_late(void)
{
    struct inquiry i = {.count = 0};

    know(&i, DIRECT, NAME_SERVER_HELD, "d");
    know(&i, PLAIN, NAME_SERVER_ANSWER, "p");
    begin(&i);
    turns(&i, 1000);
    ok(i.news_n == 1 && i.news[0] == TARGETS_FOUND, "one is late: found");
    ok(i.at[0] >= 500 && i.at[0] <= 550, "after %lu ms",
       (unsigned long)i.at[0]);
    is_int(i.targets.count, 1, "with what there is");
    ok(targets_are_open(&i.targets), "the other is open");
    name_server_release(&i.dns);
    turns(&i, 1100);
    ok(i.news_n == 2 && i.news[1] == TARGETS_MORE, "then more");
    is_str(i.targets.list[1].target, "d", "at the end of the list");
    end(&i);
}

/* The other one is never answered: that it adds nothing is news, too. */
static void second_never(void)
{
    struct inquiry i = {.count = 0};

    know(&i, DIRECT, NAME_SERVER_SILENT, "");
    know(&i, PLAIN, NAME_SERVER_ANSWER, "p");
    begin(&i);
    turns(&i, 2 * PATIENCE);
    ok(i.news_n == 2 && i.news[0] == TARGETS_FOUND && i.news[1] == TARGETS_MORE,
       "one is never answered: found, and the end of waiting");
    is_int(i.targets.count, 1, "with one target");
    end(&i);
}

/* Nobody answers: after two seconds the domain itself may be tried, but what
 * comes later still counts. */
static void both_late(void)
{
    struct inquiry i = {.count = 0};

    know(&i, DIRECT, NAME_SERVER_HELD, "d");
    know(&i, PLAIN, NAME_SERVER_HELD, "p");
    begin(&i);
    turns(&i, 2500);
    ok(i.news_n == 1 && i.news[0] == TARGETS_SILENT, "both are late: silent");
    ok(i.at[0] >= 2000 && i.at[0] <= 2050, "after %lu ms",
       (unsigned long)i.at[0]);
    name_server_release(&i.dns);
    turns(&i, 2600);
    ok(i.news_n == 3 && i.news[1] == TARGETS_FOUND && i.news[2] == TARGETS_MORE,
       "then they are found, one after the other");
    is_int(i.targets.count, 2, "both");
    end(&i);
}

static void silent(void)
{
    struct inquiry i = {.count = 0};

    know(&i, DIRECT, NAME_SERVER_SILENT, "");
    know(&i, PLAIN, NAME_SERVER_SILENT, "");
    begin(&i);
    turns(&i, 2 * PATIENCE);
    ok(i.news_n == 2 && i.news[0] == TARGETS_SILENT &&
           i.news[1] == TARGETS_ABSENT,
       "no answer at all");
    ok(targets_reason(&i.targets) != NULL, "and why: %s",
       targets_reason(&i.targets));
    end(&i);
}

static void stopped(void)
{
    struct inquiry i = {.stops = true};

    know(&i, DIRECT, NAME_SERVER_HELD, "d");
    know(&i, PLAIN, NAME_SERVER_ANSWER, "p");
    begin(&i);
    turns(&i, 1000);
    name_server_release(&i.dns);
    turns(&i, 2 * PATIENCE);
    is_int(i.news_n, 1, "stopped in its news: no more of them");
    is_int(i.targets.count, 1, "but the list stays");
    end(&i);
}

int main(void)
{
    dial_testbed_begin();
    combinations();
    mixed();
    drawn();
    second_late();
    second_never();
    both_late();
    silent();
    stopped();
    dial_testbed_end();
    return done_testing();
}
