/* feed.c - the nodes of posts by their kinds (XEP-0472), and comments. */

#include <xmpp/xep/feed.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/jid.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/uri.h>
#include <xmpp/xep/microblog.h>
#include <xmpp/xep/pubsub_user.h>

#define COMMENTS XMPP_NS_MICROBLOG ":comments/"

/* ---- nodes ------------------------------------------------------- */

/* What a node of each kind has beside what all have (sections "Profiles" of
 * XEP-0472 and "Pubsub Node Configuration" of XEP-0277). */
static const struct {
    const char *type, *deliver_payloads, *access_model, *publish_model;
} kinds[] = {
    {XMPP_NS_SOCIAL_FEED, "false", NULL, NULL},
    {XMPP_NS_MICROBLOG, NULL, NULL, NULL},
    {XMPP_NS_SOCIAL_FEED, NULL, "open", "open"},
    {XMPP_NS_SOCIAL_GALLERY, "false", NULL, NULL},
};

int xmpp_feed_create(xmpp_conn_t *conn, const char *service, const char *node,
                     int kind, const char *title, xmpp_result_handler handler,
                     void *userdata)
{
    xmpp_pubsub_config_t config;

    if (kind < XMPP_FEED_ANY || kind > XMPP_FEED_GALLERY)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG, "%d is no kind of feed",
                              kind);
    XMPP_INIT(xmpp_pubsub_config, config);
    config.type = kinds[kind - 1].type;
    config.deliver_payloads = kinds[kind - 1].deliver_payloads;
    config.access_model = kinds[kind - 1].access_model;
    config.publish_model = kinds[kind - 1].publish_model;
    config.notify_retract = "true";
    config.persist_items = "true";
    config.max_items = "max";
    config.send_last_published_item = "never";
    config.title = title;
    return xmpp_pubsub_create(conn, service, node ? node : XMPP_NS_MICROBLOG,
                              &config, handler, userdata);
}

int xmpp_feed_describe(xmpp_conn_t *conn, const char *service, const char *node,
                       const xmpp_atom_feed_t *feed,
                       xmpp_result_handler handler, void *userdata)
{
    if (!feed)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG, "there is no feed");
    return xmpp_pubsub_publish(conn, service, node ? node : XMPP_NS_MICROBLOG,
                               "0", &xmpp_atom_feed, feed, NULL, handler,
                               userdata);
}

/* ---- comments ---------------------------------------------------- */

/* Owned; NULL when out of memory. */
static char *comments_node(xmpp_ctx_t *ctx, const char *id)
{
    size_t n = strlen(id);
    char *node = xmpp_zalloc(ctx, sizeof(COMMENTS) + n);

    if (node) {
        memcpy(node, COMMENTS, sizeof(COMMENTS) - 1);
        memcpy(node + sizeof(COMMENTS) - 1, id, n);
    }
    return node;
}

int xmpp_feed_create_comments(xmpp_conn_t *conn, const char *service,
                              const char *id, xmpp_result_handler handler,
                              void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *node;
    int rc;

    if (!id)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "the id of the post is missing");
    node = comments_node(ctx, id);
    rc = node ? xmpp_feed_create(conn, service, node, XMPP_FEED_COMMENTS, NULL,
                                 handler, userdata)
              : XMPP_EMEM;
    xmpp_free(ctx, node);
    return rc;
}

/* xmpp:SERVICE?;node=NODE. *ret is owned. */
static int make_comments_uri(xmpp_ctx_t *ctx, const char *service,
                             const char *id, char **ret)
{
    char room[XMPP_JID_BUFFER_SIZE], *node = comments_node(ctx, id);
    xmpp_uri_param_t param = {"node", node};
    xmpp_uri_t uri;
    xmpp_jid_t jid;
    int rc = node ? xmpp_jid_parse(service, (size_t)-1, XMPP_JID_STRICT, room,
                                   &jid, NULL)
                  : XMPP_EMEM;

    memset(&uri, 0, sizeof(uri));
    uri.jid = &jid;
    uri.type = "";
    uri.params = &param;
    uri.param_count = 1;
    if (rc == 0)
        rc = xmpp_uri_format(ctx, &uri, XMPP_URI_ASCII, ret, NULL);
    xmpp_free(ctx, node);
    return rc;
}

/* With one more link; an entry of an older header is shorter. */
static int publish_linked(xmpp_conn_t *conn, const char *service,
                          const char *node, const char *id,
                          const xmpp_atom_entry_t *entry, const char *href,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    const xmpp_atom_link_t **links;
    xmpp_atom_entry_t linked;
    xmpp_atom_link_t link;
    int rc;

    XMPP_INIT(xmpp_atom_entry, linked);
    XMPP_INIT(xmpp_atom_link, link);
    memcpy(&linked, entry,
           entry->size < sizeof(linked) ? entry->size : sizeof(linked));
    linked.size = sizeof(linked);
    link.relation = "replies";
    link.title = "comments";
    link.href = href;
    links = xmpp_zalloc(ctx, (linked.link_count + 1) * sizeof(*links));
    if (!links)
        return XMPP_EMEM;
    if (linked.link_count)
        memcpy(links, linked.links, linked.link_count * sizeof(*links));
    links[linked.link_count++] = &link;
    linked.links = links;
    rc = xmpp_microblog_publish(conn, service, node, id, &linked, handler,
                                userdata);
    xmpp_free(ctx, links);
    return rc;
}

int xmpp_feed_publish(xmpp_conn_t *conn, const char *service, const char *node,
                      const char *id, const xmpp_atom_entry_t *entry,
                      const char *comments, xmpp_result_handler handler,
                      void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *href = NULL;
    int rc = entry && id && comments
                 ? make_comments_uri(ctx, comments, id, &href)
                 : XMPP_EARG;

    if (rc == XMPP_EARG)
        return xmpp_conn_fail(conn, NULL, rc,
                              "the post, its id or the address of the service "
                              "for comments is missing");
    if (rc == 0)
        rc = publish_linked(conn, service, node, id, entry, href, handler,
                            userdata);
    xmpp_free(ctx, href);
    return rc;
}

/* ---- what a post has --------------------------------------------- */

static int text_is(const char *text, const char *want)
{
    return text && !strcmp(text, want);
}

const char *xmpp_feed_get_comments(const xmpp_atom_entry_t *entry)
{
    size_t i;

    for (i = 0; entry && i < entry->link_count; i++)
        if (text_is(entry->links[i]->relation, "replies") &&
            text_is(entry->links[i]->title, "comments"))
            return entry->links[i]->href;
    return NULL;
}

int xmpp_feed_has_picture(const xmpp_atom_entry_t *entry)
{
    size_t i;

    for (i = 0; entry && i < entry->link_count; i++)
        if (text_is(entry->links[i]->relation, "enclosure") &&
            entry->links[i]->type &&
            !strncmp(entry->links[i]->type, "image/", 6))
            return 1;
    return 0;
}
