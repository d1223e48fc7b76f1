/* microblog.h - short posts in a node of an account (XEP-0277), and those of
 * any social feed (XEP-0472).
 *
 *     xmpp_atom_text_t title;
 *     const xmpp_atom_text_t *titles[] = {&title};
 *     xmpp_atom_entry_t post;
 *
 *     ... XMPP_INIT(xmpp_atom_entry, post), title.text = "What light!" ...
 *     post.titles = titles;
 *     post.title_count = 1;
 *     xmpp_microblog_publish(conn, NULL, NULL, NULL, &post, on_done, NULL);
 *
 * What is in a node already is read by xmpp_pubsub_get_items() (pubsub_user.h),
 * and each item of it by xmpp_payload_find(item->element, &xmpp_atom_entry).
 */

#ifndef XMPP_XEP_MICROBLOG_H
#define XMPP_XEP_MICROBLOG_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/atom.h>

XMPP_BEGIN

/* A post that came, or that is gone. */
typedef struct _xmpp_microblog_post_t {
    size_t size;
    xmpp_jid_t jid;                 /* in whose node; absent: in our own */
    const char *id;                 /* of the item */
    const xmpp_atom_entry_t *entry; /* NULL: it was removed */
} xmpp_microblog_post_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_microblog_post;

/* Requests that contacts notify us. Three more modules have a part in it:
 * xmpp_mod_pubsub, which comes into use with it; xmpp_mod_caps, which makes the
 * request; and xmpp_mod_roster, because only contacts are heard.
 * Posts of other nodes are events of pubsub.h. */
XMPP_API extern const xmpp_module_t xmpp_mod_microblog;

/* Its events. The value is an xmpp_microblog_post_t. */
enum {
    XMPP_MICROBLOG_POSTED = 1, /* or changed: it has the id of an earlier one */
    XMPP_MICROBLOG_REMOVED
};

/* Publish a post to the node of a service. Both may be NULL: our account, and
 * XMPP_NS_MICROBLOG. An item with the same `id` is replaced; NULL: it is a new
 * one. Where the entry has no id and no times, they are filled in: the time is
 * now, and the id is made of the service, the date and that of the item. The
 * value is that of xmpp_pubsub_publish().
 *
 * XMPP_EARG without a title; XMPP_EINVOP before the first login; else as
 * xmpp_request(). */
XMPP_API int xmpp_microblog_publish(xmpp_conn_t *conn, const char *service,
                                    const char *node, const char *id,
                                    const xmpp_atom_entry_t *entry,
                                    xmpp_result_handler handler,
                                    void *userdata);

XMPP_END

#endif /* XMPP_XEP_MICROBLOG_H */
