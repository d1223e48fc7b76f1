/* photo.c - photos in vCards, and their hashes in presence (XEP-0153). */

#include <xmpp/xep/photo.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/disco_query.h>

#define HEX_SIZE 41 /* of a SHA-1, with its NUL */

/* What we announce. HASH stands for no photo, too: then `own` is "". */
enum standing {
    UNKNOWN,  /* our vCard was not read yet */
    HASH,     /* `own` is the hash of the photo in our vCard */
    SILENT,   /* another client may change the photo without notice */
    CONVERTED /* the server does it (XEP-0398) */
};

/* A full address that announced a photo. */
struct sender {
    char sha1[HEX_SIZE]; /* "": none */
};

struct photos {
    enum standing standing;
    char own[HEX_SIZE];
    int is_reading; /* our vCard is on its way */
    xmpp_dict_t *senders;
    long senders_most;
};

static const xmpp_field_t hash_fields[] = {
    XMPP_ATTR_MUST(xmpp_photo_hash_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_photo_hash_t, sha1, TEXT, "sha1"),
};
XMPP_PAYLOAD(xmpp_photo_hash, xmpp_photo_hash_t, "hash", XMPP_NS_VCARD_UPDATE,
             hash_fields);

static struct photos *photos_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_photo);
}

/* ---- hashes ------------------------------------------------------ */

/* The hash of a photo, "" if there is none. 0, or a code. */
static int photo_hash(const xmpp_vcard_photo_t *photo, char ret[HEX_SIZE])
{
    char hex[XMPP_DIGEST_HEX_SIZE] = "";
    int rc = 0;

    if (photo && photo->data.data && photo->data.size)
        rc = xmpp_digest_hex("sha-1", photo->data.data, photo->data.size, hex);
    memcpy(ret, hex, HEX_SIZE);
    return rc;
}

/* A hash as others wrote it, in lower case. False if it is not one. */
static int hash_read(const char *text, char ret[HEX_SIZE])
{
    size_t n = 0;

    text += strspn(text, " \t\r\n");
    for (; *text && n < HEX_SIZE - 1; text++) {
        if (!strchr("0123456789abcdefABCDEF", *text))
            return 0;
        ret[n++] = *text >= 'A' && *text <= 'F' ? (char)(*text | 0x20) : *text;
    }
    ret[n] = '\0';
    return (n == 0 || n == HEX_SIZE - 1) &&
           text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- ours -------------------------------------------------------- */

const char *xmpp_photo_get_own(xmpp_conn_t *conn)
{
    const struct photos *p = photos_of(conn);

    return p && p->standing == HASH ? p->own : NULL;
}

int xmpp_photo_is_converted(xmpp_conn_t *conn)
{
    const struct photos *p = photos_of(conn);

    return p && p->standing == CONVERTED;
}

/* Sections 4.1.2 and 4.1.3; a server that converts fills an empty one. */
static void add_update(xmpp_conn_t *conn, xmpp_stanza_t *presence, void *state)
{
    const struct photos *p = state;
    xmpp_stanza_t *x;

    (void)conn;
    if (xmpp_stanza_get_type(presence) ||
        xmpp_stanza_next_tag(presence, NULL, "x", XMPP_NS_VCARD_UPDATE))
        return;
    x = xmpp_stanza_add_tag(presence, "x", XMPP_NS_VCARD_UPDATE);
    if (p->standing != HASH)
        return;
    x = xmpp_stanza_add_tag(x, "photo", NULL);
    if (p->own[0])
        xmpp_stanza_add_text(x, p->own);
}

/* Our presence once more, with what is to be announced now. */
static void renew_presence(xmpp_conn_t *conn)
{
    xmpp_stanza_t *last = xmpp_conn_get_presence(conn);

    if (last)
        xmpp_send_take(conn, xmpp_stanza_copy(last));
}

static void announce(xmpp_conn_t *conn, struct photos *p, const char *sha1)
{
    int is_new = p->standing != HASH || strcmp(p->own, sha1) != 0;

    p->standing = HASH;
    memcpy(p->own, sha1, strlen(sha1) + 1);
    if (is_new)
        renew_presence(conn);
}

int xmpp_photo_announce(xmpp_conn_t *conn, const xmpp_vcard_photo_t *photo)
{
    struct photos *p = photos_of(conn);
    char sha1[HEX_SIZE];
    int rc;

    if (!p)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_photo);
    rc = photo_hash(photo, sha1);
    if (rc == 0 && p->standing != CONVERTED)
        announce(conn, p, sha1);
    return rc;
}

/* Who has no vCard has no photo. */
static int has_none(const xmpp_result_t *result)
{
    return result->status == XMPP_ESTANZA && result->condition &&
           (!strcmp(result->condition, "item-not-found") ||
            !strcmp(result->condition, "service-unavailable"));
}

static void on_own_vcard(xmpp_conn_t *conn, const xmpp_result_t *result,
                         void *userdata)
{
    const xmpp_vcard_t *vcard = result->value;
    struct photos *p = photos_of(conn);
    char sha1[HEX_SIZE] = "";

    (void)userdata;
    p->is_reading = 0;
    if (p->standing != UNKNOWN || (!vcard && !has_none(result)) ||
        photo_hash(vcard ? vcard->photo : NULL, sha1))
        return;
    announce(conn, p, sha1);
}

/* It is read once, however many clients of ours announce something. */
static void read_own_photo(xmpp_conn_t *conn, struct photos *p)
{
    if (p->is_reading)
        return;
    p->is_reading = 1;
    if (xmpp_vcard_get(conn, NULL, on_own_vcard, NULL))
        p->is_reading = 0;
}

static void on_own_features(xmpp_conn_t *conn, const xmpp_result_t *result,
                            void *userdata)
{
    struct photos *p = photos_of(conn);

    (void)userdata;
    if (result->status == XMPP_ENOTCONN)
        return;
    if (xmpp_disco_has_feature(result->value, XMPP_NS_PEP_VCARD_CONVERSION))
        p->standing = CONVERTED;
    else
        read_own_photo(conn, p);
}

/* ---- other clients of ours --------------------------------------- */

/* Section 4.4: announce nothing, and read the vCard. */
static void reset_own(xmpp_conn_t *conn, struct photos *p)
{
    p->standing = UNKNOWN;
    renew_presence(conn);
    read_own_photo(conn, p);
}

/* Section 4.3. `sha1` NULL: it supports the protocol, and has nothing to say;
 * `x` NULL: it does not support it. */
static void on_own_client(xmpp_conn_t *conn, struct photos *p,
                          const xmpp_stanza_t *x, const char *sha1)
{
    if (p->standing == CONVERTED || p->standing == SILENT)
        return;
    if (!x) {
        p->standing = SILENT;
        renew_presence(conn);
    } else if (sha1 && p->standing == HASH && strcmp(sha1, p->own) != 0) {
        reset_own(conn, p);
    }
}

/* Our own presence comes back from the server. */
static int is_this_client(const xmpp_conn_t *conn, const xmpp_jid_t *from)
{
    const char *bound = xmpp_conn_get_bound_jid(conn);
    size_t n = 0;
    const char *text = xmpp_jid_view(from, XMPP_JID_FULL, &n);

    return bound && strlen(bound) == n && memcmp(bound, text, n) == 0;
}

/* ---- presence of others ------------------------------------------ */

static void report_photo(xmpp_conn_t *conn, const xmpp_jid_t *from,
                         const char *sha1)
{
    xmpp_photo_hash_t value;

    XMPP_INIT(xmpp_photo_hash, value);
    value.jid = *from;
    value.sha1 = sha1[0] ? sha1 : NULL;
    xmpp_conn_emit(conn, &xmpp_mod_photo, XMPP_PHOTO_CHANGED, &value, NULL);
}

/* What nobody can remember is reported each time. */
static void on_announced(xmpp_conn_t *conn, struct photos *p,
                         const xmpp_jid_t *from, const char *sha1)
{
    struct sender *known = xmpp_dict_find_jid(p->senders, from, XMPP_JID_FULL);

    if (known && strcmp(known->sha1, sha1) == 0)
        return;
    if (!known && !sha1[0])
        return;
    xmpp_dict_set_most(p->senders, (size_t)p->senders_most);
    if (!known)
        known = xmpp_dict_put_jid(p->senders, from, XMPP_JID_FULL);
    if (known)
        memcpy(known->sha1, sha1, strlen(sha1) + 1);
    report_photo(conn, from, sha1);
}

static int on_photo_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                             void *state)
{
    struct photos *p = state;
    const char *type = xmpp_stanza_get_type(in->stanza);
    xmpp_stanza_t *x =
        xmpp_stanza_next_tag(in->stanza, NULL, "x", XMPP_NS_VCARD_UPDATE);
    const char *text = xmpp_stanza_get_child_text(x, "photo", NULL);
    char sha1[HEX_SIZE];

    if (!in->from)
        return 0;
    if (type) {
        if (!strcmp(type, "unavailable"))
            xmpp_dict_drop(p->senders, xmpp_dict_find_jid(p->senders, in->from,
                                                          XMPP_JID_FULL));
        return 0;
    }
    if (text && !hash_read(text, sha1))
        return 0;
    if (is_this_client(conn, in->from))
        return 0;
    if (in->sender & XMPP_SENDER_OWN)
        on_own_client(conn, p, x, text ? sha1 : NULL);
    else if (text)
        on_announced(conn, p, in->from, sha1);
    return 0;
}

/* ---- the module -------------------------------------------------- */

static void begin_photos(xmpp_conn_t *conn, struct photos *p)
{
    if (xmpp_conn_get_type(conn) != XMPP_CLIENT || p->standing != UNKNOWN)
        return;
    xmpp_disco_get_info(conn, NULL, NULL, on_own_features, NULL);
}

static int on_photo_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct photos *p = state;

    switch (event) {
    case XMPP_ATTACHED:
        p->senders = xmpp_dict_new(xmpp_conn_get_context(conn),
                                   sizeof(struct sender), 0, NULL);
        if (!p->senders)
            return XMPP_EMEM;
        if (xmpp_conn_is_connected(conn))
            begin_photos(conn, p);
        return 0;
    case XMPP_SESSION_STARTED:
        begin_photos(conn, p);
        return 0;
    case XMPP_SESSION_ENDED:
        p->standing = UNKNOWN;
        xmpp_dict_clear(p->senders);
        return 0;
    case XMPP_DETACHED:
        xmpp_dict_free(p->senders);
        return 0;
    default:
        return 0;
    }
}

static const xmpp_row_t rows[] = {
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_photo_presence),
    XMPP_OUT_PRESENCE(add_update),
    XMPP_EVENT(XMPP_PHOTO_CHANGED, "changed", &xmpp_photo_hash),
    XMPP_LIMIT("contacts", 20000, 0, 1000000,
               offsetof(struct photos, senders_most)),
    XMPP_LIFECYCLE(on_photo_life),
    XMPP_SPEC("XEP-0153", "1.1.1", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_photo, "photo", sizeof(struct photos), rows);
