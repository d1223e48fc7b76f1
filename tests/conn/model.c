/* model.c - values, loads and versions, and a store that may fail. */

#include <xmpp/model.h>
#include <xmpp/payload.h>
#include <xmpp/store.h>

#include "conn/testbed.h"

/* ---- values ------------------------------------------------------ */

typedef struct {
    size_t size;
    xmpp_jid_t jid;
    const char *name;
} friend_t;

static const xmpp_field_t friend_fields[] = {
    XMPP_ATTR_MUST(friend_t, jid, JID, "jid"),
    XMPP_ATTR(friend_t, name, TEXT, "name"),
};
static XMPP_PAYLOAD(friend_payload, friend_t, "friend", "urn:x", friend_fields);

static xmpp_jid_t jid_of(const char *text)
{
    static char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return jid;
}

static struct testbed testbed;
static xmpp_model_t *model;

/* The result of putting it; what was there is freed. */
static int put(const char *jid, const char *name)
{
    const void *now = NULL;
    void *before = NULL;
    friend_t value;
    int rc;

    XMPP_INIT(friend_payload, value);
    value.jid = jid_of(jid);
    value.name = name;
    rc = xmpp_model_put(model, &value.jid, &value, &now, &before);
    xmpp_free(testbed.ctx, before);
    return rc;
}

static int drop(const char *jid)
{
    xmpp_jid_t which = jid_of(jid);
    void *before = NULL;
    int rc = xmpp_model_remove(model, &which, &before);

    xmpp_free(testbed.ctx, before);
    return rc;
}

/* The same of an answer. */
static int fill(const char *jid, const char *name)
{
    const void *now = NULL;
    void *before = NULL;
    friend_t value;
    int rc;

    XMPP_INIT(friend_payload, value);
    value.jid = jid_of(jid);
    value.name = name;
    rc = xmpp_model_fill(model, &value.jid, &value, &now, &before);
    xmpp_free(testbed.ctx, before);
    return rc;
}

/* How many were out of date. */
static int sweep(void)
{
    void *before;
    int n = 0;

    for (; xmpp_model_sweep(model, &before) == 0; n++)
        xmpp_free(testbed.ctx, before);
    return n;
}

/* All names in order, each with a blank behind it. */
static const char *names(void)
{
    static char line[400];
    const friend_t *one = NULL;

    line[0] = '\0';
    while ((one = xmpp_model_next(model, one ? &one->jid : NULL)))
        snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s ",
                 one->name);
    return line;
}

/* ---- a store ----------------------------------------------------- */

#define RECORDS 20

static struct {
    char key[100], text[200];
} records[RECORDS];
static int puts_done, fail_at; /* the n-th from here and all behind it */
static bool fails_once;        /* or only that one */

static int memory_put(void *userdata, const char *account, const char *kind,
                      const char *key, const char *text, size_t n)
{
    int i, hole = -1;

    (void)userdata;
    is_str(kind, "friends", "a text of its kind");
    is_str(account, "romeo@example.org", "for the account");
    if (fail_at && ++puts_done >= fail_at &&
        !(fails_once && puts_done > fail_at))
        return -7;
    for (i = 0; i < RECORDS && strcmp(records[i].key, key) != 0; i++)
        if (hole < 0 && !records[i].key[0])
            hole = i;
    i = i < RECORDS ? i : hole;
    records[i].key[0] = '\0';
    if (text) {
        snprintf(records[i].key, sizeof(records[i].key), "%s", key);
        snprintf(records[i].text, sizeof(records[i].text), "%.*s", (int)n,
                 text);
    }
    return 0;
}

static int memory_each(void *userdata, const char *account, const char *kind,
                       xmpp_store_deliver deliver, void *to)
{
    (void)userdata;
    (void)account;
    (void)kind;
    for (int i = 0; i < RECORDS; i++)
        if (records[i].key[0] && deliver(to, records[i].key, records[i].text,
                                         strlen(records[i].text)))
            break;
    return fail_at == 1 ? -7 : 0;
}

static const xmpp_store_t store = {
    .size = sizeof(store), .put = memory_put, .each = memory_each};

static const char *stored(const char *key)
{
    for (int i = 0; i < RECORDS; i++)
        if (!strcmp(records[i].key, key))
            return records[i].text;
    return NULL;
}

/* ---- a program --------------------------------------------------- */

static void begin(bool has_store)
{
    testbed_make_virtual(&testbed);
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    puts_done = fail_at = 0;
    if (has_store)
        xmpp_conn_set_store(testbed.conn, &store);
    model = xmpp_model_new(testbed.conn, &friend_payload, "friends", 0);
    ok(model != NULL, "there is a model");
    xmpp_model_restore(model);
}

static void end(const char *what)
{
    xmpp_model_free(model);
    testbed_free(&testbed, what);
}

static void restart(const char *what)
{
    end(what);
    begin(true);
}

/* Load these two. */
static void load(const char *version)
{
    xmpp_model_begin(model);
    fill("a@x", "ann");
    fill("b@x", "bob");
    sweep();
    xmpp_model_end(model, XMPP_MODEL_REPLACED, version);
}

/* ---- without a store --------------------------------------------- */

static void values(void)
{
    xmpp_jid_t jid;

    begin(false);
    is_str(names(), "", "at first it is empty");
    is_int(put("b@x", "bob"), 0, "the first");
    is_int(put("a@x", "ann"), 0, "the second");
    is_int(put("b@x/r", "ben"), 0, "the first changes");
    is_int(put("a@x", "ann"), 1, "nothing changes");
    is_str(names(), "ben ann ", "in the order in which they came");
    is_int(xmpp_model_count(model), 2, "how many");
    jid = jid_of("a@x/r");
    is_str(((const friend_t *)xmpp_model_get(model, &jid))->name, "ann",
           "one of them");
    jid = jid_of("c@x");
    ok(!xmpp_model_get(model, &jid), "another is not there");
    ok(!xmpp_model_next(model, &jid), "and nobody is behind it");
    is_int(drop("c@x"), 1, "it cannot be removed");
    is_int(drop("b@x"), 0, "one is removed");
    is_str(names(), "ann ", "the other stays");
    xmpp_model_set_most(model, 1);
    is_int(put("c@x", "cid"), XMPP_EFULL, "more than the most");
    is_int(put("a@x", "amy"), 0, "what is there may change");
    is_str(names(), "amy ", "it did");
    end("values");
}

static void loads(void)
{
    begin(false);
    load("v1");
    is_str(xmpp_model_get_version(model), "v1", "the version of the list");
    xmpp_model_begin(model);
    put("c@x", "cid");
    is_int(drop("a@x"), 0, "a push removes one");
    is_int(drop("d@x"), 1, "and one that was not there");
    xmpp_model_set_version(model, "v3");
    is_str(xmpp_model_get_version(model), "v1", "its version waits");
    is_int(fill("c@x", "old"), 1, "what was pushed is newer than the answer");
    is_int(fill("a@x", "ann"), 1, "so is what was removed");
    is_int(fill("d@x", "dan"), 1, "even if it was not there");
    is_int(fill("e@x", "eve"), 0, "of the others the answer decides");
    is_int(sweep(), 1, "what is not in it is taken out");
    is_str(names(), "cid eve ", "that is left");
    xmpp_model_end(model, XMPP_MODEL_REPLACED, "v2");
    is_str(xmpp_model_get_version(model), "v3", "the last push is the newest");
    xmpp_model_set_version(model, NULL);
    is_str(xmpp_model_get_version(model), "v3", "none is ignored");
    xmpp_model_set_version(model, "v4");
    is_str(xmpp_model_get_version(model), "v4", "then each push has its own");
    end("loads");
}

/* Pushes upon a list that did not come have no version. */
static void failed_loads(void)
{
    begin(false);
    load("v1");
    xmpp_model_begin(model);
    xmpp_model_set_version(model, "v8");
    xmpp_model_end(model, XMPP_MODEL_NOT_LOADED, NULL);
    is_str(xmpp_model_get_version(model), "v1", "the list did not come");
    xmpp_model_set_version(model, "v9");
    is_str(xmpp_model_get_version(model), "v1", "so no push has all");
    xmpp_model_begin(model);
    xmpp_model_end(model, XMPP_MODEL_CONFIRMED, NULL);
    is_str(xmpp_model_get_version(model), "v1", "it is confirmed");
    xmpp_model_set_version(model, "v2");
    is_str(xmpp_model_get_version(model), "v2", "and goes on from there");
    xmpp_model_set_most(model, 2);
    is_int(put("c@x", "cid"), XMPP_EFULL, "one is left out");
    ok(!xmpp_model_get_version(model), "that has no version");
    xmpp_model_set_version(model, "v3");
    ok(!xmpp_model_get_version(model), "nor has what follows");
    xmpp_model_begin(model);
    xmpp_model_end(model, XMPP_MODEL_CONFIRMED, NULL);
    ok(!xmpp_model_get_version(model), "whatever a server confirms");
    load("v4");
    is_str(xmpp_model_get_version(model), "v4", "a whole list has one");
    end("failed loads");
}

/* ---- with one ---------------------------------------------------- */

static void kept(void)
{
    memset(records, 0, sizeof(records));
    begin(true);
    load("v1");
    is_str(stored("a@x"), "<friend xmlns=\"urn:x\" jid=\"a@x\" name=\"ann\"/>",
           "a value is stored as its XML");
    is_str(stored("/"), "v1", "and so is the version");
    restart("kept");
    is_str(names(), "ann bob ", "another run has them");
    is_str(xmpp_model_get_version(model), "v1", "and the version");
    xmpp_model_begin(model);
    xmpp_model_end(model, XMPP_MODEL_CONFIRMED, NULL);
    drop("a@x");
    xmpp_model_set_version(model, "v2");
    puts_done = 0;
    fail_at = 100;
    put("b@x", "ben");
    is_int(puts_done, 1, "a change is one put");
    xmpp_model_set_version(model, "v3");
    is_int(puts_done, 2, "and its version another");
    fail_at = 0;
    restart("changed");
    is_str(names(), "ben ", "changes are stored");
    is_str(xmpp_model_get_version(model), "v3", "with their version");
    xmpp_model_begin(model);
    fill("b@x", "bea");
    ok(!stored("/"), "in the middle of a load there is no version");
    restart("in the middle");
    is_str(names(), "bea ", "the run ended there");
    ok(!xmpp_model_get_version(model), "all of it is loaded again");
    end("kept again");
}

/* Whatever is written there. */
static void forged(void)
{
    memset(records, 0, sizeof(records));
    strcpy(records[0].key, "a@x");
    strcpy(records[0].text, "<friend xmlns='urn:x' jid='a@x' name='ann'/>");
    strcpy(records[1].key, "b@x");
    strcpy(records[1].text, "<friend xmlns='urn:x'/>");
    strcpy(records[2].key, "/");
    strcpy(records[2].text, "v1");
    begin(true);
    is_str(names(), "ann ", "what can be read is there");
    ok(!xmpp_model_get_version(model), "but then there is no version");
    end("forged");
}

static void forged_version(const char *version)
{
    memset(records, 0, sizeof(records));
    strcpy(records[0].key, "/");
    strcpy(records[0].text, version);
    begin(true);
    ok(!xmpp_model_get_version(model), "what XML cannot carry is no version");
    load("v2"); /* which it would fail, and so stay */
    is_str(stored("/"), "v2", "the next one takes its place");
    end("forged version");
}

/* One text is missing: then the version is not there either. */
static void failing_once(void)
{
    memset(records, 0, sizeof(records));
    begin(true);
    load("v1");
    puts_done = 0;
    fail_at = 1;
    fails_once = true;
    put("b@x", "ben");
    xmpp_model_set_version(model, "v2");
    ok(!stored("/"), "a version without all of its values is not stored");
    put("b@x", "bea");
    is_str(stored("b@x"), "<friend xmlns=\"urn:x\" jid=\"b@x\" name=\"bob\"/>",
           "nor is what follows");
    fails_once = false;
    fail_at = 0;
    end("failing once");
}

static void nothing(void)
{
    begin(false);
    ok(!xmpp_model_new(testbed.conn, NULL, "friends", 0), "without a payload");
    ok(!xmpp_model_new(NULL, &friend_payload, "friends", 0),
       "without a connection");
    put("a@x", "ann");
    xmpp_model_begin(model);
    is_int(sweep(), 1, "a load may bring nothing");
    xmpp_model_end(model, XMPP_MODEL_REPLACED, NULL);
    is_int(xmpp_model_count(model), 0, "then nothing is left");
    end("nothing");
}

static void failing_store(void)
{
    for (int n = 1; n <= 3; n++) {
        memset(records, 0, sizeof(records));
        begin(true);
        load("v1");
        puts_done = 0;
        fail_at = n;
        drop("a@x");
        put("b@x", "ben");
        xmpp_model_set_version(model, "v2");
        is_str(names(), "ben ", "a store that fails is no concern of others");
        is_str(xmpp_model_get_version(model), "v2", "nor is its version");
        restart("failing");
        ok(!xmpp_model_get_version(model) ||
               !strcmp(xmpp_model_get_version(model), "v1"),
           "another run does not believe that it has all");
        end("failing store");
    }
    begin(true);
    xmpp_model_free(model);
    fail_at = 1;
    model = xmpp_model_new(testbed.conn, &friend_payload, "friends", 0);
    xmpp_model_restore(model);
    ok(!xmpp_model_get_version(model), "what cannot be read has no version");
    end("failing each");
}

/* ---- without memory ---------------------------------------------- */

static void memory(void)
{
    unsigned long n;

    memset(records, 0, sizeof(records));
    begin(true);
    load("v1");
    end("prepared");
    for (n = 1, testbed.memory.failed = 1; testbed.memory.failed; n++) {
        testbed_make_virtual(&testbed);
        xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
        xmpp_conn_set_store(testbed.conn, &store);
        failmem_arm(&testbed.memory, n, 0);
        model = xmpp_model_new(testbed.conn, &friend_payload, "friends", 0);
        xmpp_model_restore(model);
        xmpp_model_begin(model);
        fill("a@x", "amy");
        put("c@x", "cid");
        drop("d@x");
        sweep();
        xmpp_model_end(model, XMPP_MODEL_REPLACED, "v2");
        failmem_arm(&testbed.memory, 0, 0);
        xmpp_model_free(model);
        testbed_free(&testbed, "without memory");
    }
}

int main(void)
{
    values();
    loads();
    failed_loads();
    kept();
    forged();
    forged_version("v\0011");
    forged_version("v\377");
    failing_once();
    nothing();
    failing_store();
    memory();
    return done_testing();
}
