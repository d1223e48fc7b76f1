/* microblog.c - posts in the nodes of accounts and feeds (XEP-0277, XEP-0472).
 */

#include <xmpp/xep/microblog.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/pubsub_user.h>

#define ID_ROOM (XMPP_JID_BUFFER_SIZE + 256)

static const xmpp_field_t post_fields[] = {
    XMPP_ATTR(xmpp_microblog_post_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_microblog_post_t, id, TEXT, "id"),
    XMPP_ELEMENT(xmpp_microblog_post_t, entry, &xmpp_atom_entry),
};
XMPP_PAYLOAD(xmpp_microblog_post, xmpp_microblog_post_t, "post",
             XMPP_NS_MICROBLOG, post_fields);

/* ---- events ------------------------------------------------------ */

static int on_post(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    int is_posted = in->item_event == XMPP_ITEM_PUBLISHED;
    xmpp_microblog_post_t post;

    (void)state;
    if (!in->item || (is_posted && !in->value))
        return 0;
    XMPP_INIT(xmpp_microblog_post, post);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        post.jid = *in->from;
    post.id = in->item;
    post.entry = is_posted ? in->value : NULL;
    xmpp_conn_emit(conn, &xmpp_mod_microblog,
                   is_posted ? XMPP_MICROBLOG_POSTED : XMPP_MICROBLOG_REMOVED,
                   &post, NULL);
    return 0;
}

/* ---- publishing -------------------------------------------------- */

/* tag:DOMAIN,DATE:posts-ITEM (RFC 4151, and XEP-0277 section 2.3). */
static void make_entry_id(xmpp_conn_t *conn, const char *service,
                          xmpp_time_t now, const char *item, char *room)
{
    const char *domain = service ? service : xmpp_conn_get_bound_jid(conn);
    const char *at = strchr(domain, '@');
    char date[XMPP_TIME_SIZE];

    if (at)
        domain = at + 1;
    xmpp_time_print(now, date);
    snprintf(room, ID_ROOM, "tag:%.*s,%.10s:posts-%.128s",
             (int)strcspn(domain, "/"), domain, date, item);
}

static int publish_as(xmpp_conn_t *conn, const char *service, const char *node,
                      const char *id, const xmpp_atom_entry_t *entry,
                      xmpp_result_handler handler, void *userdata)
{
    char room[ID_ROOM];
    xmpp_atom_entry_t post;
    xmpp_time_t now = xmpp_time_now();

    XMPP_INIT(xmpp_atom_entry, post);
    memcpy(&post, entry,
           entry->size < sizeof(post) ? entry->size : sizeof(post));
    post.size = sizeof(post);
    if (post.updated == XMPP_NO_TIME)
        post.updated = now;
    if (post.published == XMPP_NO_TIME)
        post.published = post.updated;
    if (!post.id) {
        make_entry_id(conn, service, now, id, room);
        post.id = room;
    }
    return xmpp_pubsub_publish(conn, service, node, id, &xmpp_atom_entry, &post,
                               NULL, handler, userdata);
}

int xmpp_microblog_publish(xmpp_conn_t *conn, const char *service,
                           const char *node, const char *id,
                           const xmpp_atom_entry_t *entry,
                           xmpp_result_handler handler, void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *made = NULL;
    int rc;

    if (!conn || !xmpp_conn_get_bound_jid(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_microblog, XMPP_EINVOP,
                              "our account is not known before the login");
    if (!entry || !entry->title_count)
        return xmpp_conn_fail(conn, &xmpp_mod_microblog, XMPP_EARG,
                              "the post has no title, which is its text");
    if (!id)
        id = made = xmpp_random_id(ctx);
    if (!id)
        return XMPP_EMEM;
    rc = publish_as(conn, service, node ? node : XMPP_NS_MICROBLOG, id, entry,
                    handler, userdata);
    xmpp_free(ctx, made);
    return rc;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_MICROBLOG,
              &xmpp_atom_entry, on_post),
    XMPP_FEATURE(XMPP_NS_SOCIAL_FEED),
    XMPP_FEATURE(XMPP_NS_SOCIAL_GALLERY),
    XMPP_EVENT(XMPP_MICROBLOG_POSTED, "posted", &xmpp_microblog_post),
    XMPP_EVENT(XMPP_MICROBLOG_REMOVED, "removed", &xmpp_microblog_post),
    XMPP_SPEC("XEP-0277", "0.6.5", "complete"),
    XMPP_SPEC("XEP-0472", "0.2.1", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_microblog, "microblog", 0, rows);
