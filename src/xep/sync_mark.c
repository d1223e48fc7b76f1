/* sync_mark.c - ids by which messages of ours are recognised. */

#include <xmpp/xep/sync_mark.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>
#include <xmpp/store.h>
#include <xmpp/xep/forward.h>

/* Random octets in a mark, and as many of a digest. */
#define MARK_SIZE 8

static void print_hex(const unsigned char *octets, size_t n, char *to)
{
    size_t i;

    for (i = 0; i < n; i++)
        snprintf(to + 2 * i, 3, "%02x", octets[i]);
}

/* The second half, which follows from the first. */
static int print_proof(const xmpp_sync_mark_t *m, const char *first, char *to)
{
    unsigned char text[sizeof(m->secret) + 2 * MARK_SIZE];
    unsigned char digest[XMPP_DIGEST_MOST];
    size_t n;
    int rc;

    memcpy(text, m->secret, sizeof(m->secret));
    memcpy(text + sizeof(m->secret), first, 2 * MARK_SIZE);
    rc = xmpp_digest("sha-256", text, sizeof(text), digest, &n);
    if (rc == 0)
        print_hex(digest, MARK_SIZE, to);
    return rc;
}

static int make_mark(const xmpp_sync_mark_t *m, char mark[XMPP_SYNC_MARK_SIZE])
{
    unsigned char octets[MARK_SIZE];
    int rc = xmpp_random(octets, sizeof(octets));

    if (rc)
        return rc;
    print_hex(octets, sizeof(octets), mark);
    return print_proof(m, mark, mark + 2 * MARK_SIZE);
}

int xmpp_sync_mark_fits(const xmpp_sync_mark_t *m, const char *id)
{
    char proof[2 * MARK_SIZE + 1];

    return m && id && strlen(id) == XMPP_SYNC_MARK_SIZE - 1 &&
           print_proof(m, id, proof) == 0 &&
           !memcmp(id + 2 * MARK_SIZE, proof, 2 * MARK_SIZE);
}

/* Its text in the store has this length. */
#define SECRET_TEXT(octets) (((octets) + 2) / 3 * 4)

/* What is not a secret is replaced by one. What cannot be read for want of
 * memory is not, because messages of ours are recognised by it. */
struct secret_reader {
    xmpp_sync_mark_t *mark;
    int rc;
};

static int on_secret(void *to, const char *key, const char *text, size_t n)
{
    struct secret_reader *reader = to;
    xmpp_sync_mark_t *m = reader->mark;
    char copy[SECRET_TEXT(sizeof(m->secret)) + 1];
    unsigned char *secret;
    size_t size = 0;

    if (strcmp(key, "secret") || n != sizeof(copy) - 1)
        return 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    secret = xmpp_unbase64(m->ctx, copy, &size);
    if (!secret)
        reader->rc = XMPP_EMEM;
    if (secret && size == sizeof(m->secret)) {
        memcpy(m->secret, secret, size);
        m->has_secret = 1;
    }
    xmpp_free(m->ctx, secret);
    return 1;
}

static int make_secret(xmpp_sync_mark_t *m)
{
    int rc = xmpp_random(m->secret, sizeof(m->secret));
    char *text;

    if (rc)
        return rc;
    text = xmpp_base64(m->ctx, m->secret, sizeof(m->secret));
    rc = text ? xmpp_conn_store_put(m->conn, 0, "sync-mark", "secret", text,
                                    (size_t)-1)
              : XMPP_EMEM;
    xmpp_free(m->ctx, text);
    m->has_secret = rc == 0;
    return rc;
}

int xmpp_sync_mark_restore(xmpp_sync_mark_t *m, xmpp_conn_t *conn)
{
    struct secret_reader reader = {m, 0};
    int rc;

    if (!m || !conn)
        return XMPP_EINVOP;
    m->conn = conn;
    m->ctx = xmpp_conn_get_context(conn);
    m->has_secret = 0;
    rc = xmpp_conn_store_each(conn, 0, "sync-mark", on_secret, &reader);
    if (rc == 0)
        rc = reader.rc;
    return rc || m->has_secret ? rc : make_secret(m);
}

/* It has an origin-id of ours, and an id. The mark becomes both, unless the
 * application has given it an id. */
int xmpp_sync_mark_put(const xmpp_sync_mark_t *m, xmpp_stanza_t *message,
                       char mark[XMPP_SYNC_MARK_SIZE])
{
    xmpp_stanza_t *origin =
        xmpp_stanza_get_child_by_name_and_ns(message, "origin-id", XMPP_NS_SID);
    int rc = m && message && mark ? make_mark(m, mark) : XMPP_EINVOP;

    if (origin && rc == 0)
        xmpp_stanza_remove(origin);
    if (rc == 0 && !xmpp_stanza_get_id(message))
        rc = xmpp_stanza_set_id(message, mark);
    origin = xmpp_stanza_add_tag(message, "origin-id", XMPP_NS_SID);
    xmpp_stanza_put(origin, "id", mark);
    return rc ? rc : xmpp_stanza_get_status(message);
}

const char *xmpp_sync_mark_find(const xmpp_sync_mark_t *m,
                                xmpp_stanza_t *message)
{
    const xmpp_origin_id_t *origin =
        m ? xmpp_payload_find(message, &xmpp_origin_id) : NULL;

    return origin && xmpp_sync_mark_fits(m, origin->id) ? origin->id : NULL;
}
