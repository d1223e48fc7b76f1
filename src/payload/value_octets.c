/* value_octets.c - values that point to octets: texts, addresses, bytes. */

#include "payload/value_inside.h"

#include <xmpp/error.h>

#include "address/jid.h"
#include "base/code.h"

static bool is_null(const void *value)
{
    return !*(const void *const *)value;
}

/* ---- texts ------------------------------------------------------- */

static int text_read(const xmpp_field_t *field, void *to, struct arena *arena,
                     struct str text)
{
    (void)field;
    (void)arena;
    *(const char **)to = text.s;
    return 1;
}

static struct str text_tail(const void *value)
{
    return str_of(*(const char *const *)value);
}

static struct str text_text(const xmpp_field_t *field, const void *value,
                            char *room)
{
    (void)field;
    (void)room;
    return text_tail(value);
}

static bool text_equals(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
}

const struct value_kind value_of_text = {sizeof(char *), is_null,   NULL,
                                         text_read,      text_text, text_equals,
                                         text_tail};

/* ---- addresses --------------------------------------------------- */

static bool jid_is_absent(const void *value)
{
    return !((const xmpp_jid_t *)value)->domain_size;
}

/* An address that is in normal form already is a view of the text. */
static int jid_read(const xmpp_field_t *field, void *to, struct arena *arena,
                    struct str text)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    int rc = jid_parse(text, XMPP_JID_LENIENT, room, &jid, NULL);

    (void)field;
    if (rc)
        return rc == XMPP_EMEM ? rc : 0;
    if (jid.text == room) {
        struct str all = jid_view(&jid, XMPP_JID_FULL);

        jid.text = arena_strndup(arena, all.s, all.n);
        if (!jid.text)
            return XMPP_EMEM;
    }
    *(xmpp_jid_t *)to = jid;
    return 1;
}

static struct str jid_tail(const void *value)
{
    return jid_view(value, XMPP_JID_FULL);
}

static struct str jid_text(const xmpp_field_t *field, const void *value,
                           char *room)
{
    (void)field;
    (void)room;
    return jid_tail(value);
}

static bool jid_equals(const void *a, const void *b)
{
    return xmpp_jid_equal(a, b, XMPP_JID_FULL);
}

const struct value_kind value_of_jid = {
    sizeof(xmpp_jid_t), jid_is_absent, NULL,    jid_read,
    jid_text,           jid_equals,    jid_tail};

/* ---- bytes ------------------------------------------------------- */

/* Lines may be broken; no protocol means white space in base64. */
static size_t squeeze(char *to, struct str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        if (!value_is_space(text.s[i]))
            to[n++] = text.s[i];
    return n;
}

static int bytes_read(const xmpp_field_t *field, void *to, struct arena *arena,
                      struct str text)
{
    xmpp_bytes_t bytes;
    char *room = arena_bytes(arena, text.n + 1);

    (void)field;
    if (!room)
        return XMPP_EMEM;
    text = str_n(room, squeeze(room, text));
    if (!base64_decode_sloppy(room, &bytes.size, text))
        return 0;
    bytes.data = (const unsigned char *)room;
    *(xmpp_bytes_t *)to = bytes;
    return 1;
}

static struct str bytes_tail(const void *value)
{
    const xmpp_bytes_t *bytes = value;

    return str_n((const char *)bytes->data, bytes->data ? bytes->size : 0);
}

/* It is as long as the bytes are many: see write.c and print.c. */
static struct str bytes_no_text(const xmpp_field_t *field, const void *value,
                                char *room)
{
    (void)field;
    (void)value;
    (void)room;
    return STR_NONE;
}

static bool bytes_equals(const void *a, const void *b)
{
    return str_eq(bytes_tail(a), bytes_tail(b));
}

const struct value_kind value_of_bytes = {
    sizeof(xmpp_bytes_t), is_null,      NULL,      bytes_read,
    bytes_no_text,        bytes_equals, bytes_tail};
