/* talk_store.c - a store in memory, as modules under test have it. */

#include "xep/talk_store.h"

#include "tap.h"

/* Its place, or `count`. */
static size_t find(const struct talk_store *store, const char *account,
                   const char *kind, const char *key)
{
    size_t i;

    for (i = 0; i < store->count; i++) {
        const struct talk_record *r = &store->records[i];

        if (strcmp(r->account, account) == 0 && strcmp(r->kind, kind) == 0 &&
            strcmp(r->key, key) == 0)
            break;
    }
    return i;
}

static void free_record(struct talk_record *r)
{
    free(r->account);
    free(r->kind);
    free(r->key);
    free(r->text);
}

void talk_store_put(struct talk_store *store, const char *account,
                    const char *kind, const char *key, const char *text,
                    size_t n)
{
    size_t i = find(store, account, kind, key);

    if (i < store->count) {
        free_record(&store->records[i]);
        store->records[i] = store->records[--store->count];
    }
    if (!text)
        return;
    if (store->count == STORE_MOST)
        bail("too many records are stored");
    store->records[store->count++] = (struct talk_record){
        strdup(account), strdup(kind), strdup(key), strndup(text, n)};
}

const char *talk_store_find(const struct talk_store *store, const char *account,
                            const char *kind, const char *key)
{
    size_t i = find(store, account, kind, key);

    return i < store->count ? store->records[i].text : NULL;
}

/* ---- what the connection calls ----------------------------------- */

static int on_put(void *userdata, const char *account, const char *kind,
                  const char *key, const char *text, size_t n)
{
    struct talk_store *store = userdata;

    if (store->fails)
        return XMPP_EINT;
    talk_store_put(store, account, kind, key, text, n);
    return 0;
}

static int on_each(void *userdata, const char *account, const char *kind,
                   int (*tell)(void *to, const char *key, const char *text,
                               size_t n),
                   void *to)
{
    struct talk_store *store = userdata;

    if (store->fails)
        return XMPP_EINT;
    /* backwards: what is removed meanwhile is replaced by one that was told */
    for (size_t i = store->count; i-- > 0;) {
        const struct talk_record *r = &store->records[i];

        if (strcmp(r->account, account) == 0 && strcmp(r->kind, kind) == 0 &&
            tell(to, r->key, r->text, strlen(r->text)))
            return 0;
    }
    return 0;
}

void talk_store_init(struct talk_store *store)
{
    memset(store, 0, sizeof(*store));
    store->store = (xmpp_store_t){.size = sizeof(store->store),
                                  .userdata = store,
                                  .put = on_put,
                                  .each = on_each};
}

void talk_store_free(struct talk_store *store)
{
    for (size_t i = 0; i < store->count; i++)
        free_record(&store->records[i]);
    store->count = 0;
}
