/* bookmark_list.c - bookmarks by the addresses of their rooms, with everything
 * that clients keep in them. */

#include <xmpp/xep/bookmark_list.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>

/* `rooms` are records of struct entry by bare address. Those of another `age`
 * are old, and come before all others. */
struct _xmpp_bookmark_list_t {
    xmpp_ctx_t *ctx;
    xmpp_dict_t *rooms;
    size_t most, octets;
    unsigned long age;
};

/* The struct lives in the element, which is ours. */
struct entry {
    xmpp_stanza_t *element;
    const xmpp_bookmark_t *bookmark;
    unsigned long age;
};

static void bookmark_done(xmpp_ctx_t *ctx, void *record)
{
    struct entry *entry = record;

    (void)ctx;
    if (entry->element)
        xmpp_stanza_release(entry->element);
}

xmpp_bookmark_list_t *xmpp_bookmark_list_new(xmpp_ctx_t *ctx)
{
    xmpp_bookmark_list_t *list = xmpp_zalloc(ctx, sizeof(*list));

    if (!list)
        return NULL;
    list->ctx = ctx;
    list->most = list->octets = (size_t)-1;
    list->rooms = xmpp_dict_new(ctx, sizeof(struct entry), 0, bookmark_done);
    if (list->rooms)
        return list;
    xmpp_free(ctx, list);
    return NULL;
}

void xmpp_bookmark_list_free(xmpp_bookmark_list_t *list)
{
    if (!list)
        return;
    xmpp_dict_free(list->rooms);
    xmpp_free(list->ctx, list);
}

void xmpp_bookmark_list_clear(xmpp_bookmark_list_t *list)
{
    if (list)
        xmpp_dict_clear(list->rooms);
}

void xmpp_bookmark_list_set_most(xmpp_bookmark_list_t *list, size_t most,
                                 size_t octets)
{
    if (!list)
        return;
    list->most = most;
    list->octets = octets;
}

/* ---- one --------------------------------------------------------- */

static struct entry *bookmark_find(const xmpp_bookmark_list_t *list,
                                   const xmpp_jid_t *room)
{
    return list ? xmpp_dict_find_jid(list->rooms, room, XMPP_JID_BARE) : NULL;
}

/* A copy of our own, in which the address is, too. */
static int copy_conference(const xmpp_bookmark_list_t *list,
                           const xmpp_jid_t *room, xmpp_stanza_t *conference,
                           xmpp_stanza_t **ret)
{
    xmpp_stanza_t *copy = xmpp_stanza_copy(conference);
    xmpp_jid_t bare;
    char *text;
    size_t size;
    int rc;

    xmpp_jid_cut(room, XMPP_JID_BARE, &bare);
    rc = xmpp_stanza_set_jid(copy, "jid", &bare);
    if (rc == 0)
        rc = xmpp_stanza_to_text(copy, &text, &size);
    if (rc == 0) {
        xmpp_free(list->ctx, text);
        rc = size > list->octets ? XMPP_ELIMIT : 0;
    }
    if (rc == 0)
        *ret = copy;
    else if (copy)
        xmpp_stanza_release(copy);
    return copy ? rc : XMPP_EMEM;
}

/* The record for this room. 0; XMPP_EFULL; XMPP_EMEM. */
static int bookmark_slot(xmpp_bookmark_list_t *list, const xmpp_jid_t *room,
                         struct entry **ret)
{
    *ret = bookmark_find(list, room);
    if (!*ret && xmpp_dict_count(list->rooms) >= list->most)
        return XMPP_EFULL;
    if (!*ret)
        *ret = xmpp_dict_put_jid(list->rooms, room, XMPP_JID_BARE);
    return *ret ? 0 : XMPP_EMEM;
}

int xmpp_bookmark_list_put(xmpp_bookmark_list_t *list, const xmpp_jid_t *room,
                           xmpp_stanza_t *conference,
                           const xmpp_bookmark_t **ret_now,
                           xmpp_stanza_t **ret_before)
{
    const xmpp_bookmark_t *bookmark;
    xmpp_stanza_t *copy = NULL;
    struct entry *entry;
    int rc;

    if (!list || !room || !conference || !xmpp_bookmark_read(conference))
        return XMPP_EARG;
    rc = copy_conference(list, room, conference, &copy);
    if (rc)
        return rc;
    bookmark = xmpp_bookmark_read(copy);
    rc = bookmark ? bookmark_slot(list, room, &entry) : XMPP_EMEM;
    if (rc) {
        xmpp_stanza_release(copy);
        return rc;
    }
    rc = entry->element &&
         xmpp_payload_equal(&xmpp_bookmark, bookmark, entry->bookmark);
    *ret_now = bookmark;
    *ret_before = entry->element;
    entry->element = copy;
    entry->bookmark = bookmark;
    if (entry->age != list->age)
        xmpp_dict_touch(list->rooms, entry);
    entry->age = list->age;
    return rc;
}

static xmpp_stanza_t *bookmark_unlink(xmpp_bookmark_list_t *list,
                                      struct entry *entry)
{
    xmpp_stanza_t *element = entry ? entry->element : NULL;

    if (!entry)
        return NULL;
    entry->element = NULL;
    xmpp_dict_drop(list->rooms, entry);
    return element;
}

xmpp_stanza_t *xmpp_bookmark_list_take(xmpp_bookmark_list_t *list,
                                       const xmpp_jid_t *room)
{
    return bookmark_unlink(list, bookmark_find(list, room));
}

/* ---- all --------------------------------------------------------- */

const xmpp_bookmark_t *xmpp_bookmark_list_get(const xmpp_bookmark_list_t *list,
                                              const xmpp_jid_t *room)
{
    const struct entry *entry = bookmark_find(list, room);

    return entry ? entry->bookmark : NULL;
}

const xmpp_bookmark_t *xmpp_bookmark_list_next(const xmpp_bookmark_list_t *list,
                                               const xmpp_bookmark_t *bookmark)
{
    const struct entry *entry =
        bookmark ? bookmark_find(list, &bookmark->room) : NULL;

    if (!list || (bookmark && !entry))
        return NULL;
    entry = xmpp_dict_next(list->rooms, entry);
    return entry ? entry->bookmark : NULL;
}

size_t xmpp_bookmark_list_count(const xmpp_bookmark_list_t *list)
{
    return list ? xmpp_dict_count(list->rooms) : 0;
}

void xmpp_bookmark_list_age(xmpp_bookmark_list_t *list)
{
    if (list)
        list->age++;
}

xmpp_stanza_t *xmpp_bookmark_list_sweep(xmpp_bookmark_list_t *list)
{
    struct entry *first = list ? xmpp_dict_next(list->rooms, NULL) : NULL;

    return first && first->age != list->age ? bookmark_unlink(list, first)
                                            : NULL;
}
