/* bookmark.c - what is remembered of a room (XEP-0402, XEP-0048). */

#include <xmpp/xep/bookmark.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ns.h>

static const xmpp_field_t bookmark_fields[] = {
    XMPP_ATTR(xmpp_bookmark_t, room, JID, "jid"),
    XMPP_ATTR(xmpp_bookmark_t, name, TEXT, "name"),
    XMPP_ATTR(xmpp_bookmark_t, autojoin, BOOL, "autojoin"),
    XMPP_CHILD(xmpp_bookmark_t, nick, TEXT, "nick"),
    XMPP_CHILD(xmpp_bookmark_t, password, TEXT, "password"),
    XMPP_SELF(xmpp_bookmark_t, element),
};
XMPP_PAYLOAD(xmpp_bookmark, xmpp_bookmark_t, "conference", XMPP_NS_BOOKMARKS,
             bookmark_fields);
static XMPP_PAYLOAD(older, xmpp_bookmark_t, "conference",
                    XMPP_NS_BOOKMARKS_STORAGE, bookmark_fields);

const xmpp_bookmark_t *xmpp_bookmark_read(xmpp_stanza_t *conference)
{
    const void *value = NULL;

    if (xmpp_payload_read(conference, &xmpp_bookmark, &value))
        xmpp_payload_read(conference, &older, &value);
    return value;
}

/* ---- making ------------------------------------------------------ */

static int is_bookmark_part(xmpp_stanza_t *child)
{
    const char *name = xmpp_stanza_get_name(child);

    return strcmp(name, "nick") == 0 || strcmp(name, "password") == 0;
}

/* Clients keep what they do not understand (XEP-0402 section 3.4). 0 when out
 * of memory. */
static int add_others(xmpp_stanza_t *conference, xmpp_stanza_t *before)
{
    xmpp_stanza_t *child = NULL, *copy;

    while (before &&
           (child = xmpp_stanza_next_tag(before, child, NULL, NULL))) {
        if (is_bookmark_part(child))
            continue;
        copy = xmpp_stanza_copy(child);
        if (!copy)
            return 0;
        xmpp_stanza_add_child(conference, copy);
        xmpp_stanza_release(copy);
    }
    return 1;
}

xmpp_stanza_t *xmpp_bookmark_make(xmpp_conn_t *conn, const char *ns,
                                  const xmpp_bookmark_t *bookmark,
                                  xmpp_stanza_t *before)
{
    xmpp_stanza_t *conference =
        xmpp_stanza_new_tag(xmpp_conn_get_context(conn), "conference", ns);

    if (!bookmark)
        return conference;
    if (ns && strcmp(ns, XMPP_NS_BOOKMARKS_STORAGE) == 0)
        xmpp_stanza_set_jid(conference, "jid", &bookmark->room);
    xmpp_stanza_put(conference, "name", bookmark->name);
    if (bookmark->autojoin)
        xmpp_stanza_put(conference, "autojoin", "true");
    xmpp_stanza_add_text_tag(conference, "nick", NULL, bookmark->nick);
    xmpp_stanza_add_text_tag(conference, "password", NULL, bookmark->password);
    if (add_others(conference, before))
        return conference;
    xmpp_stanza_release(conference);
    return NULL;
}

/* ---- all in one -------------------------------------------------- */

static int is_bookmark_of(xmpp_stanza_t *child, const xmpp_jid_t *room)
{
    const xmpp_bookmark_t *its = xmpp_bookmark_read(child);

    return its && xmpp_jid_equal(&its->room, room, XMPP_JID_BARE);
}

static xmpp_stanza_t *find_conference(xmpp_stanza_t *storage,
                                      const xmpp_jid_t *room)
{
    xmpp_stanza_t *child = NULL;

    while ((child = xmpp_stanza_next_tag(storage, child, "conference",
                                         XMPP_NS_BOOKMARKS_STORAGE)))
        if (is_bookmark_of(child, room))
            return child;
    return NULL;
}

xmpp_stanza_t *xmpp_bookmark_edit_storage(xmpp_conn_t *conn,
                                          xmpp_stanza_t *before,
                                          const xmpp_bookmark_t *bookmark,
                                          int is_removed)
{
    const xmpp_jid_t *room = bookmark ? &bookmark->room : NULL;
    xmpp_stanza_t *storage =
        before ? xmpp_stanza_copy(before)
               : xmpp_stanza_new_tag(xmpp_conn_get_context(conn), "storage",
                                     XMPP_NS_BOOKMARKS_STORAGE);
    xmpp_stanza_t *made = NULL, *old;
    int is_bad = 0;

    if (storage && bookmark && !is_removed) {
        made = xmpp_bookmark_make(conn, XMPP_NS_BOOKMARKS_STORAGE, bookmark,
                                  find_conference(storage, room));
        is_bad = !made;
    }
    while (storage && room && (old = find_conference(storage, room)))
        xmpp_stanza_remove(old);
    if (made) {
        xmpp_stanza_add_child(storage, made);
        xmpp_stanza_release(made);
    }
    if (!is_bad)
        return storage;
    xmpp_stanza_release(storage);
    return NULL;
}

xmpp_stanza_t *xmpp_bookmark_make_query(xmpp_conn_t *conn,
                                        xmpp_stanza_t *storage)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, storage ? "set" : "get", NULL);
    xmpp_stanza_t *query = xmpp_stanza_add_tag(iq, "query", XMPP_NS_PRIVATE);
    xmpp_stanza_t *copy = storage ? xmpp_stanza_copy(storage) : NULL;

    if (copy) {
        xmpp_stanza_add_child(query, copy);
        xmpp_stanza_release(copy);
        return iq;
    }
    if (!storage) {
        xmpp_stanza_add_tag(query, "storage", XMPP_NS_BOOKMARKS_STORAGE);
        return iq;
    }
    if (iq)
        xmpp_stanza_release(iq);
    return NULL;
}

xmpp_stanza_t *xmpp_bookmark_find_storage(xmpp_stanza_t *answer)
{
    xmpp_stanza_t *query =
        xmpp_stanza_next_tag(answer, NULL, "query", XMPP_NS_PRIVATE);

    return xmpp_stanza_next_tag(query, NULL, "storage",
                                XMPP_NS_BOOKMARKS_STORAGE);
}
