/* feed.h - the nodes of posts by their kinds (XEP-0472), and comments on posts
 * (XEP-0277). microblog.h publishes and reports the posts themselves.
 *
 * A post with comments is a post with a link to a node of its own, which has
 * to be there first:
 *
 *     xmpp_feed_create_comments(conn, "pubsub.example.org", id, on_created,
 * NULL);
 *     ... in on_created:
 *     xmpp_feed_publish(conn, NULL, NULL, id, &post, "pubsub.example.org",
 *                       on_done, NULL);
 *
 * Who reads it finds that node by the link:
 *
 *     rc = xmpp_uri_parse(ctx, xmpp_feed_get_comments(entry), (size_t)-1,
 *                         XMPP_JID_LENIENT, &uri, NULL);
 *     ... uri->jid, and xmpp_uri_get_param(uri, "node"): where comments are
 *     read by xmpp_pubsub_get_items(), and written by xmpp_microblog_publish()
 */

#ifndef XMPP_XEP_FEED_H
#define XMPP_XEP_FEED_H

#include <xmpp/result.h>
#include <xmpp/xep/atom.h>

XMPP_BEGIN

/* What a node is for. */
typedef enum {
    XMPP_FEED_ANY = 1, /* posts */
    XMPP_FEED_MICROBLOG,
    XMPP_FEED_COMMENTS, /* on a post, by everybody */
    XMPP_FEED_GALLERY   /* each post has a picture: xmpp_feed_has_picture() */
} xmpp_feed_kind_t;

/* Create a node of this kind, an xmpp_feed_kind_t, with the configuration that
 * the specifications ask for: all posts are kept, and removals are reported.
 * What is reported of a post in ANY and GALLERY is that it is there; get it by
 * xmpp_pubsub_get_item(). `node` NULL: XMPP_NS_MICROBLOG. `title` is for
 * people; or NULL. The value is that of xmpp_pubsub_create(); XMPP_EARG: no
 * such kind. */
XMPP_API int xmpp_feed_create(xmpp_conn_t *conn, const char *service,
                              const char *node, int kind, const char *title,
                              xmpp_result_handler handler, void *userdata);

/* Create the node for comments on the post with this id at a service, which is
 * better not our account: not all services of accounts let others publish.
 * XMPP_EARG without an id. */
XMPP_API int xmpp_feed_create_comments(xmpp_conn_t *conn, const char *service,
                                       const char *id,
                                       xmpp_result_handler handler,
                                       void *userdata);

/* As xmpp_microblog_publish(), with a link to the node for comments at the
 * service `comments`. XMPP_EARG without `id` or `comments`, or if that is not
 * an address. */
XMPP_API int xmpp_feed_publish(xmpp_conn_t *conn, const char *service,
                               const char *node, const char *id,
                               const xmpp_atom_entry_t *entry,
                               const char *comments,
                               xmpp_result_handler handler, void *userdata);

/* The URI of the node with the comments on a post; NULL if it has none.
 * Borrowed from the entry. Its author chose it. */
XMPP_API const char *xmpp_feed_get_comments(const xmpp_atom_entry_t *entry);

/* Has this post a picture, as each one in a gallery? */
XMPP_API int xmpp_feed_has_picture(const xmpp_atom_entry_t *entry);

/* Say what a node is: its title, its authors. It becomes its item "0"
 * (XEP-0277, "Microblog Metadata"); a time and an id that are absent are not
 * filled in. */
XMPP_API int xmpp_feed_describe(xmpp_conn_t *conn, const char *service,
                                const char *node, const xmpp_atom_feed_t *feed,
                                xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_FEED_H */
