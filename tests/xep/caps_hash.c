/* caps_hash.c - the examples of XEP-0115 and XEP-0390, and what has no hash. */

#include <xmpp/xep/caps_hash.h>

#include <xmpp/ctx.h>
#include <xmpp/conn.h>
#include <xmpp/ns.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;

/* ---- examples ---------------------------------------------------- */

#define QUERY "<query xmlns='http://jabber.org/protocol/disco#info'>"

/* XEP-0115 section 5.2 */
static const char exodus[] =
    QUERY "<identity category='client' type='pc' name='Exodus 0.9.1'/>"
          "<feature var='http://jabber.org/protocol/muc'/>"
          "<feature var='http://jabber.org/protocol/disco#items'/>"
          "<feature var='http://jabber.org/protocol/caps'/>"
          "<feature var='http://jabber.org/protocol/disco#info'/></query>";

/* XEP-0115 section 5.3 */
static const char psi[] =
    "<query xmlns='http://jabber.org/protocol/disco#info' "
    "node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>"
    "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>"
    "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>"
    "<feature var='http://jabber.org/protocol/caps'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<feature var='http://jabber.org/protocol/muc'/>"
    "<x xmlns='jabber:x:data' type='result'>"
    "<field var='FORM_TYPE' type='hidden'><value>"
    "urn:xmpp:dataforms:softwareinfo</value></field>"
    "<field var='ip_version' type='text-multi' ><value>ipv4</value><value>"
    "ipv6</value></field><field var='os'><value>Mac</value></field>"
    "<field var='os_version'><value>10.5.1</value></field>"
    "<field var='software'><value>Psi</value></field>"
    "<field var='software_version'><value>0.11</value></field></x></query>";

/* XEP-0390 section 4.5.1 */
static const char bombus[] =
    "<query xmlns='http://jabber.org/protocol/disco#info'>"
    "<identity category='client' name='BombusMod' type='mobile'/>"
    "<feature var='http://jabber.org/protocol/si'/>"
    "<feature var='http://jabber.org/protocol/bytestreams'/>"
    "<feature var='http://jabber.org/protocol/chatstates'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<feature var='urn:xmpp:ping'/><feature var='jabber:iq:time'/>"
    "<feature var='jabber:iq:privacy'/><feature var='jabber:iq:version'/>"
    "<feature var='http://jabber.org/protocol/rosterx'/>"
    "<feature var='urn:xmpp:time'/><feature var='jabber:x:oob'/>"
    "<feature var='http://jabber.org/protocol/ibb'/>"
    "<feature var='http://jabber.org/protocol/si/profile/file-transfer'/>"
    "<feature var='urn:xmpp:receipts'/><feature var='jabber:iq:roster'/>"
    "<feature var='jabber:iq:last'/></query>";

/* XEP-0390 section 4.5.2 */
static const char tkabber[] =
    "<query xmlns='http://jabber.org/protocol/disco#info'>"
    "<identity category='client' name='Tkabber' type='pc' xml:lang='en'/>"
    "<identity category='client' name='Ткаббер' type='pc' xml:lang='ru'/>"
    "<feature var='games:board'/>"
    "<feature var='http://jabber.org/protocol/activity'/>"
    "<feature var='http://jabber.org/protocol/activity+notify'/>"
    "<feature var='http://jabber.org/protocol/bytestreams'/>"
    "<feature var='http://jabber.org/protocol/chatstates'/>"
    "<feature var='http://jabber.org/protocol/commands'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<feature var='http://jabber.org/protocol/evil'/>"
    "<feature var='http://jabber.org/protocol/feature-neg'/>"
    "<feature var='http://jabber.org/protocol/geoloc'/>"
    "<feature var='http://jabber.org/protocol/geoloc+notify'/>"
    "<feature var='http://jabber.org/protocol/ibb'/>"
    "<feature var='http://jabber.org/protocol/iqibb'/>"
    "<feature var='http://jabber.org/protocol/mood'/>"
    "<feature var='http://jabber.org/protocol/mood+notify'/>"
    "<feature var='http://jabber.org/protocol/rosterx'/>"
    "<feature var='http://jabber.org/protocol/si'/>"
    "<feature var='http://jabber.org/protocol/si/profile/file-transfer'/>"
    "<feature var='http://jabber.org/protocol/tune'/>"
    "<feature var='http://www.facebook.com/xmpp/messages'/>"
    "<feature "
    "var='http://www.xmpp.org/extensions/xep-0084.html#ns-metadata+notify'/>"
    "<feature var='jabber:iq:avatar'/><feature var='jabber:iq:browse'/>"
    "<feature var='jabber:iq:dtcp'/><feature var='jabber:iq:filexfer'/>"
    "<feature var='jabber:iq:ibb'/><feature var='jabber:iq:inband'/>"
    "<feature var='jabber:iq:jidlink'/><feature var='jabber:iq:last'/>"
    "<feature var='jabber:iq:oob'/><feature var='jabber:iq:privacy'/>"
    "<feature var='jabber:iq:roster'/><feature var='jabber:iq:time'/>"
    "<feature var='jabber:iq:version'/><feature var='jabber:x:data'/>"
    "<feature var='jabber:x:event'/><feature var='jabber:x:oob'/>"
    "<feature var='urn:xmpp:avatar:metadata+notify'/>"
    "<feature var='urn:xmpp:ping'/><feature var='urn:xmpp:receipts'/>"
    "<feature var='urn:xmpp:time'/><x xmlns='jabber:x:data' type='result'>"
    "<field type='hidden' var='FORM_TYPE'><value>"
    "urn:xmpp:dataforms:softwareinfo</value></field><field var='software'>"
    "<value>Tkabber</value></field><field var='software_version'><value>"
    "0.11.1-svn-20111216-mod (Tcl/Tk 8.6b2)</value></field><field var='os'>"
    "<value>Windows</value></field><field var='os_version'><value>"
    "XP</value></field></x></query>";

typedef char *(*hasher)(xmpp_conn_t *conn, const xmpp_disco_info_t *info,
                        const char *algo);

/* Owned: xmpp_free(). NULL if there is none. */
static char *hash_of(const char *xml, hasher hash, const char *algo,
                     int is_copied)
{
    xmpp_stanza_t *query = xmpp_stanza_new_from_string(ctx, xml);
    const void *info = NULL;
    void *copy = NULL;
    char *made = NULL;

    if (xmpp_payload_read(query, &xmpp_disco_info, &info) == 0) {
        copy =
            is_copied ? xmpp_payload_copy(ctx, &xmpp_disco_info, info) : NULL;
        if (copy || !is_copied)
            made = hash(conn, copy ? copy : info, algo);
    }
    xmpp_free(ctx, copy);
    xmpp_stanza_release(query);
    return made;
}

static const struct example {
    const char *name, *xml;
    hasher hash;
    const char *algo, *want;
} examples[] = {
    {"Exodus", exodus, xmpp_caps_ver, "sha-1", "QgayPKawpkPSDYmwT/WM94uAlu0="},
    {"Psi", psi, xmpp_caps_ver, "sha-1", "q07IKJEyjvHSyhy//CH0CxmKi8w="},
    {"BombusMod", bombus, xmpp_caps_hash, "sha-256",
     "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8="},
    {"BombusMod", bombus, xmpp_caps_hash, "sha3-256",
     "79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q="},
    {"Tkabber", tkabber, xmpp_caps_hash, "sha-256",
     "u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY="},
    {"Tkabber", tkabber, xmpp_caps_hash, "sha3-256",
     "XpUJzLAc93258sMECZ3FJpebkzuyNXDzRNwQog8eycg="},
};

static void test_examples(void)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];

        for (int is_copied = 0; is_copied < 2; is_copied++) {
            char *made = hash_of(e->xml, e->hash, e->algo, is_copied);

            is_str(made, e->want, "%s by %s%s", e->name, e->algo,
                   is_copied ? ", of a copy" : "");
            xmpp_free(ctx, made);
        }
    }
}

/* ---- equal, different, none -------------------------------------- */

#define ID "<identity category='client' type='pc'/>"
#define FORM(type, rest)                                                       \
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' " type      \
    "><value>urn:x</value></field>" rest "</x>"
#define FIELD "<field var='os'><value>b</value><value>a</value></field>"

static void same(hasher hash, const char *a, const char *b, int is_same,
                 const char *what)
{
    char *x = hash_of(a, hash, "sha-256", 0),
         *y = hash_of(b, hash, "sha-256", 0);

    ok(x && y && (strcmp(x, y) == 0) == is_same, "%s: %s", what,
       is_same ? "the same" : "another");
    xmpp_free(ctx, x);
    xmpp_free(ctx, y);
}

static void test_equal(void)
{
    same(xmpp_caps_ver,
         QUERY "<feature var='b'/>" ID "<feature var='a'/></query>",
         QUERY ID "<feature var='a'/><feature var='b'/></query>", 1, "order");
    same(xmpp_caps_hash,
         QUERY "<feature var='b'/>" ID "<feature var='a'/></query>",
         QUERY ID "<feature var='a'/><feature var='b'/></query>", 1, "order");
    same(xmpp_caps_ver, QUERY ID "</query>",
         QUERY ID "<x xmlns='jabber:x:data' type='result'>" FIELD
                  "</x></query>",
         1, "a form without FORM_TYPE");
    same(xmpp_caps_ver, QUERY ID "</query>",
         QUERY ID FORM("type='text-single'", FIELD) "</query>", 1,
         "a form whose FORM_TYPE is not hidden");
    same(xmpp_caps_ver, QUERY ID "</query>",
         QUERY ID FORM("type='hidden'", FIELD) "</query>", 0, "a form");
    same(xmpp_caps_ver, QUERY ID FORM("type='hidden'", FIELD) "</query>",
         QUERY ID FORM("type='hidden'", "<field var='os'><value>a</value>"
                                        "<value>b</value></field>") "</query>",
         1, "the order of values");
    same(xmpp_caps_hash,
         QUERY ID "<feature var='a'/><feature var='b'/></query>",
         QUERY ID "<feature var='ab'/></query>", 0, "one or two features");
}

static void test_none(void)
{
    static const struct {
        hasher hash;
        const char *xml, *what;
    } rows[] = {
        {xmpp_caps_ver, QUERY ID ID "</query>", "an identity twice"},
        {xmpp_caps_ver,
         QUERY ID "<feature var='a'/><feature var='b'/>"
                  "<feature var='a'/></query>",
         "a feature twice"},
        {xmpp_caps_ver,
         QUERY ID FORM("type='hidden'", "")
             FORM("type='hidden'", FIELD) "</query>",
         "a form twice"},
        {xmpp_caps_ver,
         QUERY ID FORM("type='hidden'",
                       "<field var='FORM_TYPE' "
                       "type='hidden'><value>urn:y</value></field>") "</query>",
         "two values of FORM_TYPE"},
        {xmpp_caps_ver,
         QUERY "<identity category='client' type='pc' "
               "name='a&lt;b'/></query>",
         "a separator in a name"},
        {xmpp_caps_ver, QUERY ID "<feature var='a&lt;b'/></query>",
         "a separator in a feature"},
        {xmpp_caps_ver, QUERY "<identity category='' type='pc'/></query>",
         "an empty category"},
        {xmpp_caps_hash, QUERY ID "<other/></query>", "another element"},
        {xmpp_caps_hash, QUERY ID "<feature/></query>", "a feature of nothing"},
        {xmpp_caps_hash,
         QUERY ID "<x xmlns='jabber:x:data' type='result'>" FIELD
                  "</x></query>",
         "a form without FORM_TYPE"},
        {xmpp_caps_hash, QUERY ID FORM("type='text-single'", FIELD) "</query>",
         "a FORM_TYPE that is not hidden"},
        {xmpp_caps_hash,
         QUERY ID FORM("type='hidden'", "<reported/>") "</query>", "a table"},
        {xmpp_caps_hash, QUERY ID FORM("type='hidden'", "<item/>") "</query>",
         "a row of a table"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *made = hash_of(rows[i].xml, rows[i].hash, "sha-1", 0);

        ok(!made, "none: %s", rows[i].what);
        xmpp_free(ctx, made);
    }
    ok(!hash_of(exodus, xmpp_caps_ver, "md5", 0), "none: an unknown function");
    ok(!hash_of(exodus, xmpp_caps_hash, NULL, 0), "none: no function");
    ok(!xmpp_caps_ver(conn, NULL, "sha-1") &&
           !xmpp_caps_hash(NULL, NULL, "sha-1"),
       "none: of nothing");
}

/* ---- without memory ---------------------------------------------- */

static void test_memory(void)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        unsigned long n = 0;
        char *made = NULL;

        do {
            xmpp_free(ctx, made);
            failmem_arm(&memory, ++n, 0);
            made = hash_of(e->xml, e->hash, e->algo, 0);
            if (made && strcmp(made, e->want) != 0)
                break;
        } while (memory.failed);
        is_str(made, e->want, "%s: each of %lu allocations failed", e->name,
               n - 1);
        xmpp_free(ctx, made);
        failmem_arm(&memory, 0, 0);
    }
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    conn = xmpp_conn_new(ctx);
    test_examples();
    test_equal();
    test_none();
    test_memory();
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
