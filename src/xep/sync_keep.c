/* sync_keep.c - what sync.h keeps in the application's store. */

#include <xmpp/xep/sync_keep.h>

#include <stdlib.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/store.h>

#define KIND "sync"
#define KIND_OWN "sync-own"

/* ---- what is known of archives ----------------------------------- */

int xmpp_sync_keep(xmpp_conn_t *conn, const char *key,
                   const xmpp_sync_notes_t *notes)
{
    xmpp_ctx_t *ctx = conn ? xmpp_conn_get_context(conn) : NULL;
    size_t n = 0;
    char *text;
    int rc;

    if (!ctx || !notes)
        return XMPP_EINVOP;
    text = xmpp_payload_to_text(ctx, &xmpp_sync_known,
                                xmpp_sync_notes_get(notes), &n);
    rc = text ? xmpp_conn_store_put(conn, 0, KIND, key, text, n) : XMPP_EMEM;
    xmpp_free(ctx, text);
    return rc;
}

struct keep_reader {
    xmpp_ctx_t *ctx;
    const char *key;
    xmpp_sync_notes_t *notes;
    int rc;
};

static int on_kept(void *to, const char *key, const char *text, size_t n)
{
    struct keep_reader *reader = to;
    void *known = NULL;

    if (strcmp(key, reader->key))
        return 0;
    reader->rc =
        xmpp_payload_parse(reader->ctx, &xmpp_sync_known, text, n, &known);
    if (reader->rc == 0)
        reader->rc = xmpp_sync_notes_set(reader->notes, known);
    xmpp_free(reader->ctx, known);
    return 1;
}

int xmpp_sync_restore(xmpp_conn_t *conn, const xmpp_module_t *module,
                      const char *key, xmpp_sync_notes_t *notes)
{
    struct keep_reader reader = {NULL, key, notes, 0};
    int rc;

    if (!conn || !module || !key || !notes)
        return XMPP_EINVOP;
    reader.ctx = xmpp_conn_get_context(conn);
    rc = xmpp_conn_store_each(conn, 0, KIND, on_kept, &reader);
    if (rc == 0 && reader.rc == XMPP_EARG)
        xmpp_conn_log(conn, module, XMPP_LEVEL_WARN,
                      "what is stored of the archive %s cannot be read, so it "
                      "is read from its end as if for the first time",
                      key);
    else if (rc == 0)
        rc = reader.rc;
    return rc;
}

/* ---- messages of ours -------------------------------------------- */

int xmpp_sync_keep_letter(xmpp_conn_t *conn, const char *mark,
                          const xmpp_sync_letter_t *letter)
{
    xmpp_ctx_t *ctx = conn ? xmpp_conn_get_context(conn) : NULL;
    size_t n = 0;
    char *text;
    int rc;

    if (!ctx || !mark)
        return XMPP_EINVOP;
    if (!letter)
        return xmpp_conn_store_put(conn, 0, KIND_OWN, mark, NULL, 0);
    text = xmpp_sync_letter_to_text(ctx, letter, &n);
    rc = text ? xmpp_conn_store_put(conn, 0, KIND_OWN, mark, text, n)
              : XMPP_EMEM;
    xmpp_free(ctx, text);
    return rc;
}

struct kept_letter {
    char mark[XMPP_SYNC_MARK_SIZE];
    xmpp_sync_letter_t letter;
};

struct letter_reader {
    xmpp_ctx_t *ctx;
    struct kept_letter *all;
    size_t count, room;
    size_t wrong; /* are no letters */
    int rc;
};

static int make_letter_room(struct letter_reader *reader)
{
    size_t room = reader->room ? 2 * reader->room : 16;
    struct kept_letter *all;

    if (reader->count < reader->room)
        return 0;
    all = xmpp_zalloc(reader->ctx, room * sizeof(*all));
    if (!all)
        return XMPP_EMEM;
    if (reader->all)
        memcpy(all, reader->all, reader->count * sizeof(*all));
    xmpp_free(reader->ctx, reader->all);
    reader->all = all;
    reader->room = room;
    return 0;
}

static int on_kept_letter(void *to, const char *key, const char *text, size_t n)
{
    struct letter_reader *reader = to;
    struct kept_letter *one;
    int rc = make_letter_room(reader);

    if (rc == 0 && strlen(key) != sizeof(one->mark) - 1)
        rc = XMPP_EARG;
    if (rc == 0) {
        one = &reader->all[reader->count];
        memcpy(one->mark, key, sizeof(one->mark));
        rc = xmpp_sync_letter_from_text(reader->ctx, text, n, &one->letter);
        reader->count += rc == 0;
    }
    if (rc == XMPP_EMEM)
        reader->rc = rc;
    else if (rc)
        reader->wrong++;
    return rc == XMPP_EMEM;
}

static int compare_letters(const void *a, const void *b)
{
    const struct kept_letter *one = a, *other = b;

    return (one->letter.number > other->letter.number) -
           (one->letter.number < other->letter.number);
}

int xmpp_sync_restore_letters(xmpp_conn_t *conn, const xmpp_module_t *module,
                              xmpp_sync_letter_taker take, void *to)
{
    struct letter_reader reader = {NULL, NULL, 0, 0, 0, 0};
    size_t i;
    int rc;

    if (!conn || !module || !take)
        return XMPP_EINVOP;
    reader.ctx = xmpp_conn_get_context(conn);
    rc = xmpp_conn_store_each(conn, 0, KIND_OWN, on_kept_letter, &reader);
    if (rc == 0)
        rc = reader.rc;
    if (reader.wrong)
        xmpp_conn_log(conn, module, XMPP_LEVEL_WARN,
                      "%zu stored messages of ours cannot be read, so they "
                      "are not sent: they stay in the store as %s",
                      reader.wrong, KIND_OWN);
    if (reader.count)
        qsort(reader.all, reader.count, sizeof(*reader.all), compare_letters);
    for (i = 0; i < reader.count; i++) {
        if (rc == 0)
            rc = take(to, reader.all[i].mark, &reader.all[i].letter);
        xmpp_sync_letter_clear(reader.ctx, &reader.all[i].letter);
    }
    xmpp_free(reader.ctx, reader.all);
    return rc;
}
