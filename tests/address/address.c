/* address.c - addresses taken apart, domains for DNS, prepared passwords. */

#include "address/idna.h"
#include "address/jid.h"
#include "address/saslprep.h"
#include "base/arena.h"
#include "failmem.h"
#include "tap.h"

#include <xmpp/error.h>
#include <xmpp/jid.h>

static struct failmem memory;
static struct env env;

/* ---- splitting ------------------------------------------------------------ */

static const struct {
    const char *text, *local, *domain, *resource; /* NULL: absent */
    bool valid;
} jids[] = {
    {"a@b/c", "a", "b", "c", true},
    {"b", NULL, "b", NULL, true},
    {"b/c", NULL, "b", "c", true},
    {"b/a@d", NULL, "b", "a@d", true},
    {"a@b/c/d@e", "a", "b", "c/d@e", true},
    {"a@b.", "a", "b", NULL, true},
    {"a@b/ ", "a", "b", " ", true},
    {"", NULL, "", NULL, false},
    {"@b", "", "b", NULL, false},
    {"a@", "a", "", NULL, false},
    {"a@b/", "a", "b", "", false},
    {"/c", NULL, "", "c", false},
    {"a@\xff", "a", "\xff", NULL, false},
};

static void is_part(struct str got, const char *want, const char *name)
{
    ok(want ? str_is(got, want) : got.s == NULL, "  %s", name);
}

static void splits(void)
{
    char big[JID_PART_MOST + 16];

    for (size_t i = 0; i < sizeof(jids) / sizeof(jids[0]); i++) {
        struct jid jid;
        bool valid = jid_split(&jid, str_of(jids[i].text));

        is_int(valid, jids[i].valid, "'%s' is %svalid", jids[i].text,
               jids[i].valid ? "" : "not ");
        if (!valid)
            continue;
        is_part(jid.local, jids[i].local, "local");
        is_part(jid.domain, jids[i].domain, "domain");
        is_part(jid.resource, jids[i].resource, "resource");
    }
    memset(big, 'x', sizeof(big));
    ok(jid_split(&(struct jid){0}, str_n(big, JID_PART_MOST)), "1023 octets");
    ok(!jid_split(&(struct jid){0}, str_n(big, JID_PART_MOST + 1)),
       "but not 1024");
    ok(jid_equal(STR("a@B.c/R"), STR("a@b.C./R")), "domains ignore case");
    ok(!jid_equal(STR("a@b/R"), STR("a@b/r")), "resources do not");
    ok(!jid_equal(STR("a@b"), STR("b")), "a user is not the server");
}

/* ---- IDNA -------------------------------------------------------------------- */

static const struct {
    const char *in, *out; /* NULL: refused */
} domains[] = {
    {"example.org", "example.org"},
    {"Example.ORG.", "example.org"},
    {"b\xc3\xbc" "cher.example", "xn--bcher-kva.example"},
    {"192.0.2.1", "192.0.2.1"},
    {"[::1]", "::1"},
    {"my_host", "my_host"},
    {"a..b", NULL},
    {".a", NULL},
    {"a b", NULL},
    {"a@b", NULL},
    {"\xe2\x84\x80.com", NULL}, /* maps to a name with a slash */
    {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    {"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
    {"xn--a.example", NULL},            /* stands for nothing */
    {"xn--bcher-.example", NULL},       /* stands for ASCII */
    {"xn--n3h.example", NULL},          /* a snowman */
    {"\xe2\x98\x83.example", NULL},
    {"b\xc3\xbc" "cher\xe3\x80\x82" "example", "xn--bcher-kva.example"},
    {"\xef\xbd\x82.example", "b.example"}, /* full width */
    {"fa\xc3\x9f.example", "xn--fa-hia.example"},
    {"\xcf\x82.example", "xn--3xa.example"}, /* final sigma */
    {"a\xcc\x88.example", "xn--4ca.example"}, /* composed */
    {"\xcc\x88" "a.example", NULL},     /* begins with a mark */
    {"-a.example", NULL},
    {"a-.example", NULL},
    {"ab--\xc3\xa4.example", NULL},
    {"l\xc2\xb7l.example", "xn--ll-0ea.example"},
    {"a\xc2\xb7" "b.example", NULL},
    {"\xd7\x90\xd7\x91.example", "xn--4dbc.example"},
    {"\xd7\x90" "a.example", NULL},
    {"\xc3\xa4_b.example", NULL},
    {"example.com..", NULL},
    {".", NULL},
    {"", NULL},
};

static void goes_to_dns(void)
{
    char label[65];

    for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
        char *out;
        int rc = idna_to_ascii(&env, str_of(domains[i].in), &out);

        is_str(out, domains[i].out, "'%s' for DNS", domains[i].in);
        is_int(rc, domains[i].out ? 0 : XMPP_EARG, "  and the code");
        env_free(&env, out);
    }
    memset(label, 'a', sizeof(label));
    ok(idna_to_ascii(&env, str_n(label, 64), &(char *){NULL}) == XMPP_EARG,
       "a label of 64 octets is none");
}

/* ---- SASLprep, with the examples of RFC 4013 section 3 ----------------------- */

static const struct {
    const char *in, *out;
} passwords[] = {
    {"I\xc2\xadX", "IX"},
    {"user", "user"},
    {"USER", "USER"},
    {"\xc2\xaa", "a"},
    {"\xe2\x85\xa8", "IX"},
    {"\x07", NULL},
    {"\xd8\xa7" "1", NULL},
    {"a\xc2\xa0" "b", "a b"},
    {"\xc2\xad", NULL},
    {"", NULL},
    {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
};

static void prepares(void)
{
    for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
        char *out;

        saslprep(&env, str_of(passwords[i].in), &out);
        is_str(out, passwords[i].out, "password %zu", i);
        env_free_secret(&env, out);
    }
}

/* ---- the public functions ------------------------------------------------------ */

static void is_owned(char *got, const char *want, const char *name)
{
    is_str(got, want, "%s", name);
    env_free(&env, got);
}

static void in_public(void)
{
    xmpp_ctx_t *ctx = env_ctx(&env);

    is_owned(xmpp_jid_new(ctx, "a", "b", "c"), "a@b/c", "jid_new");
    is_owned(xmpp_jid_new(ctx, NULL, "b", NULL), "b", "jid_new of a domain");
    is_owned(xmpp_jid_new(ctx, "a", NULL, NULL), NULL, "jid_new without one");
    is_owned(xmpp_jid_new(ctx, "a@", "b", NULL), NULL, "jid_new with an @");
    is_owned(xmpp_jid_bare(ctx, "a@b/c"), "a@b", "jid_bare");
    is_owned(xmpp_jid_node(ctx, "a@b/c"), "a", "jid_node");
    is_owned(xmpp_jid_node(ctx, "b/a@c"), NULL, "jid_node, none");
    is_owned(xmpp_jid_domain(ctx, "a@b/c"), "b", "jid_domain");
    is_owned(xmpp_jid_resource(ctx, "a@b/c/d"), "c/d", "jid_resource");
    is_owned(xmpp_jid_resource(ctx, "a@b"), NULL, "jid_resource, none");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    splits();
    goes_to_dns();
    prepares();
    in_public();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
