/* jid_random.c - what has to hold of every address, asked of thousands made up
 * from characters that are known to be hard. The seed is printed. */

#include "address/jid.h"

#include <time.h>
#include <unistr.h>

#include "tap.h"

#define TEXTS 60000
#define PART_MOST 6 /* characters */

static uint32_t seed;

static uint32_t roll(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

/* Separators, case, width, composition, directions, joiners, scripts with
 * rules of their own, exceptions, what is excluded or unassigned. */
static const uint32_t hard[] = {
    'a',     'Z',     'l',     '1',    '-',    '.',     '@',     '/',
    ' ',     '_',     '&',     '[',    ']',    ':',     0xAD,    0xB7,
    0xDF,    0xE9,    0x130,   0x131,  0x1C5,  0x23A,   0x301,   0x307,
    0x308,   0x345,   0x375,   0x378,  0x3A3,  0x3B1,   0x3C2,   0x3C3,
    0x5D0,   0x5F3,   0x627,   0x640,  0x661,  0x6F1,   0x6FD,   0x915,
    0x94D,   0x958,   0x13A0,  0xAB70, 0x1100, 0x1161,  0x11A8,  0x1E9E,
    0x1F80,  0x200C,  0x200D,  0x2126, 0x212A, 0x2163,  0x2603,  0x2D30,
    0x3002,  0x3042,  0x30AB,  0x3099, 0x30FB, 0x4E00,  0xAC00,  0xF900,
    0xFB01,  0xFB1D,  0xFE0F,  0xFEFF, 0xFF0E, 0xFF0F,  0xFF20,  0xFF21,
    0xFF58,  0xFF76,  0xFF9E,  0xFFA1, 0xFFFD, 0x10400, 0x1D100, 0x1F600,
    0x2F868, 0x30000, 0xE0001,
};

static size_t put_some(char *to)
{
    size_t n = 0;

    for (uint32_t count = roll(PART_MOST + 1); count; count--) {
        uint32_t c = roll(4) ? hard[roll(sizeof(hard) / sizeof(hard[0]))]
                             : roll(0x3000) + 1;

        n += (size_t)u8_uctomb((uint8_t *)to + n, c, 4);
    }
    return n;
}

static size_t some_address(char *to)
{
    size_t n = put_some(to);

    if (roll(3)) {
        to[n++] = '@';
        n += put_some(to + n);
    }
    if (roll(2)) {
        memcpy(to + n, ".example/", 9);
        n += 9;
        n += put_some(to + n);
    }
    return n;
}

struct tally {
    int valid, kept, broken;
};

static void must(struct tally *tally, bool good, const char *what,
                 struct str text)
{
    if (!good && tally->broken++ < 10)
        printf("# %s: %.*s\n", what, STR_ARG(text));
}

/* Prepared once more it is the same; taken apart and joined as well. */
static void is_stable(struct tally *tally, const xmpp_jid_t *jid,
                      xmpp_jid_mode_t mode, struct str text)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct str full = jid_view(jid, XMPP_JID_FULL);
    xmpp_jid_t again;

    must(tally, jid_parse(full, mode, room, &again, NULL) == 0,
         "is not accepted twice", text);
    must(tally,
         xmpp_jid_equal(jid, &again, XMPP_JID_FULL) &&
             str_eq(full, jid_view(&again, XMPP_JID_FULL)) &&
             jid->unprepared == again.unprepared,
         "is another the second time", text);
    must(tally,
         jid_join(jid_view(jid, XMPP_JID_LOCAL), jid_view(jid, XMPP_JID_DOMAIN),
                  jid_view(jid, XMPP_JID_RESOURCE), mode, room, &again,
                  NULL) == 0 &&
             xmpp_jid_equal(jid, &again, XMPP_JID_FULL),
         "joined it is another", text);
    must(tally,
         xmpp_jid_compare(jid, &again, XMPP_JID_FULL) == 0 &&
             xmpp_jid_hash(jid, XMPP_JID_FULL, NULL) ==
                 xmpp_jid_hash(&again, XMPP_JID_FULL, NULL),
         "sorts or hashes otherwise", text);
}

static void judge(struct tally *tally, struct str text)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t wrong = {NULL, NULL, -1};
    xmpp_jid_t strict, lenient;
    int rc = jid_parse(text, XMPP_JID_STRICT, rooms[0], &strict, &wrong);
    int rc2 = jid_parse(text, XMPP_JID_LENIENT, rooms[1], &lenient, NULL);

    must(tally, rc == 0 || (rc == XMPP_EARG && wrong.reason), "no reason",
         text);
    if (rc2 == 0)
        is_stable(tally, &lenient, XMPP_JID_LENIENT, text);
    if (rc == 0) {
        tally->valid++;
        is_stable(tally, &strict, XMPP_JID_STRICT, text);
        must(tally,
             rc2 == 0 && !lenient.unprepared &&
                 xmpp_jid_equal(&strict, &lenient, XMPP_JID_FULL),
             "is another from the network", text);
    } else if (rc2 == 0 && lenient.unprepared) {
        char room[XMPP_JID_BUFFER_SIZE];
        xmpp_jid_t other;

        tally->kept++;
        must(tally,
             jid_parse(jid_view(&lenient, XMPP_JID_FULL), XMPP_JID_STRICT, room,
                       &other, NULL) != 0,
             "an unprepared one is valid after all", text);
    }
}

int main(int argc, char **argv)
{
    struct tally tally = {0, 0, 0};

    seed =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : (uint32_t)time(NULL);
    printf("# seed %u\n", (unsigned)seed);
    for (int i = 0; i < TEXTS; i++) {
        char text[256];

        judge(&tally, str_n(text, some_address(text)));
    }
    is_int(tally.broken, 0, "all of %d hold", TEXTS);
    ok(tally.valid > TEXTS / 200, "%d of them are valid", tally.valid);
    ok(tally.kept > TEXTS / 10, "%d are kept as they came", tally.kept);
    return done_testing();
}
