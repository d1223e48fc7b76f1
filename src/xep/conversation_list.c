/* conversation_list.c - conversations by the address of the other side, in the
 * order in which they were used. */

#include <xmpp/xep/conversation_list.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>

/* Not what is in a stanza, but printed and copied like that. */
static const xmpp_field_t conversation_fields[] = {
    XMPP_ATTR(xmpp_conversation_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_conversation_t, address, JID, "address"),
    XMPP_CHILD(xmpp_conversation_t, thread, TEXT, "thread"),
    XMPP_FLAG(xmpp_conversation_t, has_written, "has-written"),
    XMPP_FLAG(xmpp_conversation_t, is_room, "is-room"),
    XMPP_ATTR(xmpp_conversation_t, key, TEXT, "key"),
};
XMPP_PAYLOAD(xmpp_conversation, xmpp_conversation_t, "conversation", NULL,
             conversation_fields);

/* What `seen` points to is in the other members, and in the key of the record.
 * It comes first: others have a pointer to it. */
struct talk {
    xmpp_conversation_t seen;
    xmpp_jid_t *jid, *address; /* `address` is NULL while it is `jid` */
    char *thread;
};

struct _xmpp_conversation_list_t {
    xmpp_ctx_t *ctx;
    xmpp_dict_t *all;   /* struct talk */
    unsigned long made; /* so many, ever */
};

static struct talk *talk_of(xmpp_conversation_t *c)
{
    return (struct talk *)c;
}

/* ---- the list ---------------------------------------------------- */

static void talk_done(xmpp_ctx_t *ctx, void *record)
{
    struct talk *talk = record;

    xmpp_free(ctx, talk->jid);
    xmpp_free(ctx, talk->address);
    xmpp_free(ctx, talk->thread);
}

xmpp_conversation_list_t *xmpp_conversation_list_new(xmpp_ctx_t *ctx)
{
    xmpp_conversation_list_t *list = xmpp_zalloc(ctx, sizeof(*list));

    if (!list)
        return NULL;
    list->ctx = ctx;
    list->all = xmpp_dict_new(ctx, sizeof(struct talk), 0, talk_done);
    if (list->all)
        return list;
    xmpp_free(ctx, list);
    return NULL;
}

void xmpp_conversation_list_free(xmpp_conversation_list_t *list)
{
    if (!list)
        return;
    xmpp_dict_free(list->all);
    xmpp_free(list->ctx, list);
}

xmpp_conversation_t *
xmpp_conversation_list_next(const xmpp_conversation_list_t *list,
                            const xmpp_conversation_t *c)
{
    return list ? xmpp_dict_next(list->all, c) : NULL;
}

void xmpp_conversation_list_drop(xmpp_conversation_list_t *list,
                                 xmpp_conversation_t *c)
{
    if (list)
        xmpp_dict_drop(list->all, c);
}

/* ---- by address -------------------------------------------------- */

/* The other side's address, and ours behind it if it counts. */
struct talk_key {
    char text[2 * XMPP_JID_BUFFER_SIZE];
    size_t size;
};

static void append_key(struct talk_key *key, const xmpp_jid_t *jid,
                       xmpp_jid_part_t part)
{
    size_t size;
    const char *text = xmpp_jid_view(jid, part, &size);

    memcpy(key->text + key->size, text, size);
    key->size += size;
}

static void make_key(struct talk_key *key, const xmpp_jid_t *jid,
                     const xmpp_jid_t *own)
{
    key->size = 0;
    append_key(key, jid, XMPP_JID_FULL);
    if (!own)
        return;
    key->text[key->size++] = '\n';
    append_key(key, own, XMPP_JID_BARE);
}

static struct talk *talk_find(const xmpp_conversation_list_t *list,
                              const struct talk_key *key)
{
    return xmpp_dict_find(list->all, key->text, key->size);
}

static struct talk *talk_new(xmpp_conversation_list_t *list,
                             const struct talk_key *key, const xmpp_jid_t *jid)
{
    struct talk *talk = xmpp_dict_put(list->all, key->text, key->size);

    if (!talk)
        return NULL;
    talk->jid = xmpp_jid_copy(list->ctx, jid);
    if (!talk->jid) {
        xmpp_dict_drop(list->all, talk);
        return NULL;
    }
    XMPP_INIT(xmpp_conversation, talk->seen);
    talk->seen.jid = talk->seen.address = *talk->jid;
    talk->seen.key = xmpp_dict_key(talk, NULL);
    talk->seen.serial = ++list->made;
    return talk;
}

xmpp_conversation_t *
xmpp_conversation_list_find(const xmpp_conversation_list_t *list,
                            const xmpp_jid_t *jid, const xmpp_jid_t *own)
{
    struct talk_key key;
    struct talk *talk;

    if (!list || !jid || !jid->domain_size)
        return NULL;
    make_key(&key, jid, own);
    talk = talk_find(list, &key);
    return talk ? &talk->seen : NULL;
}

xmpp_conversation_t *xmpp_conversation_list_open(xmpp_conversation_list_t *list,
                                                 const xmpp_jid_t *jid,
                                                 const xmpp_jid_t *own,
                                                 size_t most)
{
    struct talk_key key;
    struct talk *talk;

    if (!list || !jid || !jid->domain_size || !most)
        return NULL;
    make_key(&key, jid, own);
    talk = talk_find(list, &key);
    if (talk) {
        xmpp_dict_touch(list->all, talk);
        return &talk->seen;
    }
    while (xmpp_dict_count(list->all) >= most)
        xmpp_dict_drop(list->all, xmpp_dict_next(list->all, NULL));
    talk = talk_new(list, &key, jid);
    return talk ? &talk->seen : NULL;
}

/* ---- one --------------------------------------------------------- */

void xmpp_conversation_list_set_address(xmpp_conversation_list_t *list,
                                        xmpp_conversation_t *c,
                                        const xmpp_jid_t *address)
{
    struct talk *talk = talk_of(c);

    if (!list || !c ||
        (address && xmpp_jid_equal(&c->address, address, XMPP_JID_FULL)))
        return;
    xmpp_free(list->ctx, talk->address);
    talk->address = address && !xmpp_jid_equal(&c->jid, address, XMPP_JID_FULL)
                        ? xmpp_jid_copy(list->ctx, address)
                        : NULL;
    c->address = talk->address ? *talk->address : *talk->jid;
}

void xmpp_conversation_list_set_thread(xmpp_conversation_list_t *list,
                                       xmpp_conversation_t *c,
                                       const char *thread)
{
    struct talk *talk = talk_of(c);
    char *copy;

    if (!list || !c || (c->thread && thread && !strcmp(c->thread, thread)))
        return;
    copy = thread ? xmpp_copy_text(list->ctx, thread) : NULL;
    xmpp_free(list->ctx, talk->thread);
    c->thread = talk->thread = copy;
}
