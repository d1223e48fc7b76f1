/* stanza_address.c - the addresses on a stanza: reading, writing, checking
 * them. */

#include "conn/stanza_address.h"

#include <xmpp/handler.h>

#include "address/jid.h"
#include "base/quote.h"
#include "conn/conn.h"
#include "conn/ctx.h"
#include "stanza/find.h"

/* Keep the normal form behind the value, so that it is made once and the tree
 * does not grow with each call. Pointers to the old value stay good: it is
 * not moved. */
static int keep_form(xmpp_stanza_t *stanza, struct attr *a, struct str form)
{
    size_t n = a->value.n;
    char *both = arena_alloc(&node_tree(stanza)->arena, n + form.n + 2);

    if (!both)
        return XMPP_EMEM;
    memcpy(both, a->value.s, n);
    both[n] = '\0';
    memcpy(both + n + 1, form.s, form.n);
    both[n + 1 + form.n] = '\0';
    a->value.s = both;
    a->address_n = (unsigned short)form.n;
    return 0;
}

static struct str kept_form(const struct attr *a)
{
    return a->address_n ? str_n(a->value.s + a->value.n + 1, a->address_n)
                        : a->value;
}

int xmpp_stanza_get_jid(xmpp_stanza_t *stanza, const char *attribute,
                        xmpp_jid_t *ret)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct attr *a = NULL;
    struct str form;
    xmpp_jid_t jid;
    int rc;

    if (stanza && attribute)
        a = node_find_attr(stanza, str_of(attribute));
    if (!a)
        return 0;
    rc = jid_parse(kept_form(a), XMPP_JID_LENIENT, room, &jid, NULL);
    if (rc)
        return rc;
    form = jid_view(&jid, XMPP_JID_FULL);
    if (!str_eq(form, kept_form(a)))
        rc = keep_form(stanza, a, form);
    if (rc)
        return rc;
    *ret = jid_moved(jid, kept_form(a).s);
    return 1;
}

int xmpp_stanza_set_jid(xmpp_stanza_t *stanza, const char *attribute,
                        const xmpp_jid_t *jid)
{
    int rc;

    if (!stanza || !attribute || !jid || !jid->domain_size ||
        stanza->kind != NODE_ELEMENT)
        return node_misuse(stanza, "xmpp_stanza_set_jid(): the attribute is "
                                   "NULL, the address is blank, or the node is "
                                   "not an element");
    rc = node_set_attr(stanza, str_of(attribute), jid_view(jid, XMPP_JID_FULL));
    if (rc == 0)
        node_find_attr(stanza, str_of(attribute))->is_received =
            jid->unprepared != 0;
    return rc;
}

int xmpp_conn_is_from_self(const xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    char rooms[2][XMPP_JID_BUFFER_SIZE];
    struct str from = stanza ? node_attr(stanza, N_FROM) : STR_NONE;
    xmpp_jid_t sender, self;

    if (!conn || !conn->bound || !stanza)
        return 0;
    /* Without a sender a stanza comes from our account (RFC 6120 section
     * 8.1.2.1). */
    if (!from.s)
        return 1;
    return jid_parse(from, XMPP_JID_LENIENT, rooms[0], &sender, NULL) == 0 &&
           jid_parse(str_of(conn->bound), XMPP_JID_LENIENT, rooms[1], &self,
                     NULL) == 0 &&
           jid_is_form(&sender, XMPP_JID_BARE, &self);
}

/* Which part of a value is no address, and why. */
static int refuse_attribute(const xmpp_stanza_t *stanza, const struct attr *a,
                            const xmpp_text_error_t *wrong)
{
    struct quote element, value;
    char why[128];

    xmpp_text_error_format(wrong, why, sizeof(why));
    return env_refuse(node_env(stanza), XMPP_EARG,
                      "the attribute \"%s\" of <%s>, \"%s\", is not a valid "
                      "address: %s",
                      a->name.s, quote(&element, stanza->text),
                      quote(&value, a->value), why);
}

/* The strict rules say what is wrong with the part. They are not applied to a
 * value that was received: a reply has to be possible. */
static int check_unprepared(const xmpp_jid_t *jid, xmpp_text_error_t *wrong)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t same;

    return jid_parse(jid_view(jid, XMPP_JID_BARE), XMPP_JID_STRICT, room, &same,
                     wrong);
}

static bool is_known_valid(const struct valid_address *valid, struct str value)
{
    return value.n && str_eq(value, str_n(valid->text, valid->n));
}

static void keep_valid(struct valid_address *valid, struct str value)
{
    valid->n = 0;
    if (value.n <= sizeof(valid->text)) {
        octets_copy(valid->text, value.s, value.n);
        valid->n = (unsigned char)value.n;
    }
}

/* Strict for what the application gives, lenient for what the network
 * brought: servers may still prepare by stringprep or know another version
 * of Unicode. */
static int check_attribute(const xmpp_stanza_t *stanza, enum name_id name,
                           struct valid_address *valid)
{
    char room[XMPP_JID_BUFFER_SIZE];
    const struct attr *a = node_find_known_attr(stanza, name);
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;
    int rc;

    if (!a || is_known_valid(valid, a->value))
        return 0;
    rc = jid_parse(a->value, XMPP_JID_LENIENT, room, &jid, &wrong);
    if (rc == 0 && jid.unprepared & XMPP_JID_BARE && !a->is_received)
        rc = check_unprepared(&jid, &wrong);
    if (rc == 0 && !jid.unprepared)
        keep_valid(valid, a->value);
    return rc == XMPP_EARG ? refuse_attribute(stanza, a, &wrong) : rc;
}

int stanza_address_check(const xmpp_stanza_t *stanza)
{
    struct valid_addresses *valid = &env_ctx(node_env(stanza))->valid;
    int rc = check_attribute(stanza, N_TO, &valid->to);

    return rc ? rc : check_attribute(stanza, N_FROM, &valid->from);
}
