/* jid.c - fuzz target: any octets as an address, a name, a password.
 *
 * What is accepted has to be accepted again and to stay; an unprepared part
 * must never equal what is valid; and an address has one way of being cut. */

#include <string.h>

#include "address/idna.h"
#include "address/jid.h"
#include "address/precis.h"
#include "address/saslprep.h"
#include "fuzz/fuzz.h"

const char fuzz_corpus[] = "jid";

/* What is cut out is an address, and the same when it is read. */
static void must_be_cut(const xmpp_jid_t *jid, xmpp_jid_part_t part,
                        xmpp_jid_mode_t mode)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t form, again;

    xmpp_jid_cut(jid, part, &form);
    MUST(jid_parse(jid_view(&form, XMPP_JID_FULL), mode, room, &again, NULL) ==
         0);
    MUST(xmpp_jid_equal(&form, &again, XMPP_JID_FULL));
    MUST(form.local_size == again.local_size &&
         form.unprepared == again.unprepared);
}

/* With its own resource put to it again, an address is the same. */
static void must_have_bare(const xmpp_jid_t *jid, xmpp_jid_mode_t mode)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t again;

    MUST(jid_set_resource(jid, jid_view(jid, XMPP_JID_RESOURCE), mode, room,
                          &again, NULL) == 0);
    MUST(xmpp_jid_equal(jid, &again, XMPP_JID_FULL));
}

static void must_stay(const xmpp_jid_t *jid, xmpp_jid_mode_t mode)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct str text = jid_view(jid, XMPP_JID_FULL);
    xmpp_jid_t again;

    MUST(text.n <= JID_MOST && str_is_utf8(text));
    MUST(jid_parse(text, mode, room, &again, NULL) == 0);
    MUST(str_eq(jid_view(&again, XMPP_JID_FULL), text));
    MUST(xmpp_jid_equal(jid, &again, XMPP_JID_FULL));
    MUST(jid_join(jid_view(jid, XMPP_JID_LOCAL), jid_view(jid, XMPP_JID_DOMAIN),
                  jid_view(jid, XMPP_JID_RESOURCE), mode, room, &again,
                  NULL) == 0);
    MUST(xmpp_jid_equal(jid, &again, XMPP_JID_FULL));
    must_be_cut(jid, XMPP_JID_BARE, mode);
    must_be_cut(jid, XMPP_JID_DOMAIN, mode);
    must_have_bare(jid, mode);
}

static void parse(struct str text)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE], ascii[IDNA_NAME_MOST + 1];
    xmpp_text_error_t wrong = {NULL, NULL, -1};
    xmpp_jid_t strict, lenient;
    int rc = jid_parse(text, XMPP_JID_STRICT, rooms[0], &strict, &wrong);
    int rc2 = jid_parse(text, XMPP_JID_LENIENT, rooms[1], &lenient, NULL);

    MUST(rc == 0 || (wrong.part && wrong.reason));
    if (rc2 == 0)
        must_stay(&lenient, XMPP_JID_LENIENT);
    if (rc == 0) {
        must_stay(&strict, XMPP_JID_STRICT);
        MUST(rc2 == 0 && !lenient.unprepared);
        MUST(xmpp_jid_equal(&strict, &lenient, XMPP_JID_FULL));
        MUST(idna_to_ascii(jid_view(&strict, XMPP_JID_DOMAIN), ascii, &wrong) ==
                 0 ||
             *jid_view(&strict, XMPP_JID_DOMAIN).s == '[');
    }
}

static void join(struct str text, size_t at, size_t at2)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    if (at > text.n || at2 > text.n - at)
        return;
    if (jid_join(str_n(text.s, at), str_n(text.s + at, at2),
                 str_n(text.s + at + at2, text.n - at - at2), XMPP_JID_LENIENT,
                 room, &jid, NULL) == 0)
        must_stay(&jid, XMPP_JID_LENIENT);
}

static void enforce(unsigned profile, struct str text)
{
    static char once[XMPP_PRECIS_MAX], twice[XMPP_PRECIS_MAX];
    xmpp_text_error_t wrong;
    size_t n, m;

    if (precis_enforce(profile, text, once, sizeof(once), &n, &wrong))
        return;
    MUST(n > 0 && str_is_utf8(str_n(once, n)));
    MUST(precis_enforce(profile, str_n(once, n), twice, sizeof(twice), &m,
                        &wrong) == 0);
    MUST(str_eq(str_n(once, n), str_n(twice, m)));
}

static void prepare(struct str text)
{
    struct env env;
    char *out;

    env_init(&env, NULL, NULL);
    if (saslprep(&env, text, &out) == 0)
        MUST(*out && str_is_utf8(str_of(out)));
    env_free_secret(&env, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size);

    parse(text);
    if (size > 2)
        join(str_n(text.s + 2, text.n - 2), data[0], data[1]);
    for (unsigned profile = 0; profile <= XMPP_PRECIS_NICKNAME_KEY; profile++)
        enforce(profile, text);
    prepare(text);
    return 0;
}
