/* rows_many.c - many modules with many rows: what a stanza costs does not grow
 * with them; counted in steps of the index and in allocations. */

#include <xmpp/build.h>
#include <xmpp/stanza.h>

#include "base/arena.h"
#include "dispatch/pass.h"
#include "failmem.h"
#include "tap.h"

#define OWN "romeo@example.org/home"

#define ROWS 12 /* of a module */
#define MODULES 100

_Static_assert(sizeof(((xmpp_row_t *)0)->sender) > 1,
               "all bits of one octet stand for senders already");

static struct failmem memory;
static struct env env;
static struct sets sets;
static int calls;
static const char *order[200]; /* the names of the rows that were called */

/* ---- modules ----------------------------------------------------- */

static xmpp_row_t rows[MODULES][ROWS + 1];
static xmpp_module_t modules[MODULES];
static char texts[MODULES][ROWS][32];

static int on_row(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    order[calls++ % 200] = xmpp_stanza_get_ns(in->element);
    *(int *)state += 1;
    return 0;
}

static xmpp_row_t row_of(unsigned kind, const char *ns)
{
    xmpp_row_t row =
        XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL, on_row);

    row.kind = (unsigned char)kind;
    row.ns = ns;
    return row;
}

/* Namespaces that differ as those of XEPs do: somewhere. */
static void make_module(int m)
{
    static const unsigned kinds[] = {XMPP_ROW_MESSAGE,  XMPP_ROW_WRAP,
                                     XMPP_ROW_PRESENCE, XMPP_ROW_IQ_GET,
                                     XMPP_ROW_IQ_SET,   XMPP_ROW_FEATURE};
    static const xmpp_row_t end = XMPP_ROWS_END;

    for (int r = 0; r < ROWS; r++) {
        snprintf(texts[m][r], sizeof(texts[m][r]),
                 r % 2 ? "urn:number:%d:of:%d" : "http://%d.example/of#%d", r,
                 m);
        rows[m][r] = row_of(kinds[r % 6], texts[m][r]);
    }
    rows[m][ROWS] = end;
    modules[m] = (xmpp_module_t){"m", sizeof(int), sizeof(xmpp_row_t), rows[m]};
}

static void use(struct members *members, const xmpp_module_t *module)
{
    struct member *member = members_begin(members, module);

    if (!member || members_enter(members, member))
        bail("no memory");
}

static void begin(struct members *members, int count)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    sets_init(&sets, &env);
    members_init(members, &env);
    members->sets = &sets;
    members->is_up = true;
    for (int m = 0; m < count; m++)
        use(members, &modules[m]);
    calls = 0;
}

static void end(struct members *members, const char *what)
{
    members_free(members);
    arena_drain(&env);
    ok(list_is_empty(&sets.first), "%s: no set is left", what);
    is_int(memory.held, 0, "%s: and no memory", what);
}

static int pass(struct members *members, xmpp_stanza_t *stanza)
{
    const struct pass_place place = {members, NULL, NULL, STR(OWN)};

    return pass_stanza(&place, stanza);
}

/* ---- what is not concerned --------------------------------------- */

static xmpp_stanza_t *chat(void)
{
    static const char *const ns[] = {"urn:xmpp:receipts", "urn:xmpp:sid:0",
                                     "http://jabber.org/protocol/chatstates",
                                     "urn:xmpp:hints",
                                     "urn:xmpp:chat-markers:0"};
    xmpp_stanza_t *message =
        xmpp_message_new(env_ctx(&env), "chat", "a@b", "1");

    xmpp_stanza_set_ns(message, "jabber:client");
    xmpp_message_set_body(message, "hello");
    for (size_t i = 0; i < 5; i++)
        xmpp_stanza_add_tag(message, "x", ns[i]);
    return message;
}

static void costs(int count)
{
    struct members members;
    xmpp_stanza_t *message;
    unsigned long before;

    begin(&members, count);
    message = chat();
    before = memory.calls;
    sets.steps = 0;
    for (int i = 0; i < 100; i++)
        pass(&members, message);
    is_int(calls, 0, "%d rows: none is concerned", count * ROWS);
    is_int(memory.calls, before, "%d rows: nothing is allocated", count * ROWS);
    ok(sets.steps <= 100 * 6, "%d rows: %.2f steps for a message", count * ROWS,
       (double)sets.steps / 100);
    xmpp_stanza_release(message);
    end(&members, "a message");
}

/* ---- what is ----------------------------------------------------- */

static void finds(int count)
{
    struct members members;
    xmpp_stanza_t *message;
    unsigned long before;

    begin(&members, count);
    message = xmpp_stanza_new_tag(env_ctx(&env), "message", NULL);
    for (int m = 0; m < count; m++)
        xmpp_stanza_add_tag(message, "x", texts[m][6]);
    before = memory.calls;
    sets.steps = 0;
    pass(&members, message);
    is_int(calls, count, "each of %d rows gets its element", count);
    is_int(memory.calls, before, "and nothing is allocated");
    is_str(order[count - 1], texts[count - 1][6], "the last one last");
    for (int m = 0; m < count; m++)
        if (*(int *)(void *)members.list[m]->state != 1)
            ok(false, "module %d was called another time", m);
    xmpp_stanza_release(message);
    end(&members, "each row");
}

/* What a stranger sends a thousand times in one message costs a thousand times
 * as much, and not a million times. */
static void repeats(int count)
{
    struct members members;
    xmpp_stanza_t *message;

    begin(&members, 25);
    message = xmpp_stanza_new_tag(env_ctx(&env), "message", NULL);
    for (int i = 0; i < count; i++)
        xmpp_stanza_add_tag(message, "x", texts[i % 2][6]);
    sets.steps = 0;
    pass(&members, message);
    is_int(calls, count, "%d elements of two rows are delivered", count);
    ok(sets.steps <= 25 * (uint64_t)count, "in %.2f steps for each",
       (double)sets.steps / count);
    if (count <= 200) {
        is_str(order[count / 2 - 1], texts[0][6], "those of the first row");
        is_str(order[count / 2], texts[1][6], "before those of the second");
    }
    xmpp_stanza_release(message);
    end(&members, "repeated");
}

/* Sets of rows whose keys have the length and the octets in common that the
 * index looks at. */
static void tells_apart(void)
{
    static const char *const alike[] = {"urn:aaaa:------:x:------",
                                        "urn:bbbb:------:x:------",
                                        "urn:cccc:------:x:------"};
    xmpp_row_t some[4] = {row_of(XMPP_ROW_MESSAGE, alike[0]),
                          row_of(XMPP_ROW_MESSAGE, alike[1]),
                          row_of(XMPP_ROW_PRESENCE, alike[2])};
    const xmpp_module_t module = {"m", sizeof(int), sizeof(xmpp_row_t), some};
    struct members members;
    xmpp_stanza_t *message;

    begin(&members, 0);
    use(&members, &module);
    message = xmpp_stanza_new_tag(env_ctx(&env), "message", NULL);
    for (int i = 2; i >= 0; i--)
        xmpp_stanza_add_tag(message, "x", alike[i]);
    pass(&members, message);
    is_int(calls, 2, "keys that look alike are told apart");
    is_str(order[0], alike[0], "in the order of the rows");
    is_str(order[1], alike[1], "not of the elements");
    xmpp_stanza_release(message);
    end(&members, "alike");
}

/* Rows of a newer program than this library. */
static void ignores_unknown(void)
{
    xmpp_row_t some[4] = {row_of(XMPP_ROW_KINDS_, "urn:a"),
                          row_of(255, "urn:a"),
                          row_of(XMPP_ROW_MESSAGE, "urn:a")};
    const xmpp_module_t module = {"m", sizeof(int), sizeof(xmpp_row_t), some};
    struct members members;
    xmpp_stanza_t *message;

    begin(&members, 0);
    use(&members, &module);
    is_int(members.set->first[XMPP_ROW_KINDS_], 1, "unknown rows are ignored");
    message = xmpp_stanza_new_tag(env_ctx(&env), "message", NULL);
    xmpp_stanza_add_tag(message, "x", "urn:a");
    pass(&members, message);
    is_int(calls, 1, "and the others work");
    xmpp_stanza_release(message);
    end(&members, "unknown");
}

/* ---- sharing ----------------------------------------------------- */

static void shares(void)
{
    struct members one, two;
    struct module_set *set;
    unsigned long calls_of_one;

    begin(&one, 10);
    calls_of_one = memory.calls;
    members_init(&two, &env);
    two.sets = &sets;
    for (int m = 0; m < 10; m++)
        use(&two, &modules[m]);
    ok(one.set == two.set, "the same modules in the same order are one set");
    ok(memory.calls - calls_of_one < calls_of_one, "which is made once");
    members_free(&two);
    members_init(&two, &env);
    two.sets = &sets;
    for (int m = 9; m >= 0; m--)
        use(&two, &modules[m]);
    ok(one.set != two.set, "in another order they are another");
    set = one.set;
    set_hold(set);
    members_free(&one);
    is_int(set->count, 10, "a walk keeps its set");
    set_release(set);
    members_init(&one, &env);
    members_free(&two);
    end(&one, "shared");
}

int main(void)
{
    for (int m = 0; m < MODULES; m++)
        make_module(m);
    costs(0);
    costs(1);
    costs(25); /* 300 rows */
    costs(MODULES);
    finds(1);
    finds(32);
    finds(33);
    finds(MODULES);
    repeats(40);
    repeats(20000);
    tells_apart();
    ignores_unknown();
    shares();
    return done_testing();
}
