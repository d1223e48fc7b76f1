/* pubsub.h - publish-subscribe (XEP-0060): what services answer, and the events
 * of nodes. pubsub_user.h has subscribing, reading and publishing,
 * pubsub_owner.h what owners of nodes do, pubsub_approval.h their decisions who
 * may subscribe, pep.h the nodes of one's own account.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_pubsub);
 *     xmpp_conn_watch(conn, &xmpp_mod_pubsub, on_event, NULL);
 *     xmpp_pubsub_subscribe(conn, "pubsub.example.com", "alarms", NULL, NULL,
 *                           on_subscribed, NULL);
 *
 * A server may send an event twice, to the account and to the client: items
 * have ids.
 *
 * In all functions `service` is the address of a service, or of an account
 * whose nodes are meant; NULL is our own account.
 */

#ifndef XMPP_XEP_PUBSUB_H
#define XMPP_XEP_PUBSUB_H

#include <xmpp/use.h>
#include <xmpp/xep/form.h>
#include <xmpp/xep/rsm.h>

XMPP_BEGIN

/* ---- what services answer ---------------------------------------- */

/* An item. Its content is the first child of the element:
 * xmpp_payload_find(item->element, &table). */
typedef struct _xmpp_pubsub_item_t {
    size_t size;
    const char *id;
    const char *publisher;  /* who published it, if the service says so */
    xmpp_stanza_t *element; /* the <item/>; NULL in a copy */
} xmpp_pubsub_item_t;

/* Items of one node. */
typedef struct _xmpp_pubsub_items_t {
    size_t size;
    const char *node;
    const xmpp_pubsub_item_t *const *items;
    size_t item_count;
} xmpp_pubsub_items_t;

typedef enum {
    XMPP_PUBSUB_NONE = 1,     /* not subscribed */
    XMPP_PUBSUB_PENDING,      /* an owner has to agree */
    XMPP_PUBSUB_UNCONFIGURED, /* options have to be set first */
    XMPP_PUBSUB_SUBSCRIBED
} xmpp_pubsub_state_t;

typedef struct _xmpp_pubsub_subscription_t {
    size_t size;
    const char *node; /* NULL: the whole service */
    xmpp_jid_t jid;   /* who is subscribed */
    const char *id;   /* one of several subscriptions of this address */
    int state;        /* xmpp_pubsub_state_t */
} xmpp_pubsub_subscription_t;

typedef struct _xmpp_pubsub_subscriptions_t {
    size_t size;
    const char *node; /* all are of this one; or NULL */
    const xmpp_pubsub_subscription_t *const *list;
    size_t count;
} xmpp_pubsub_subscriptions_t;

typedef enum {
    XMPP_PUBSUB_AS_MEMBER = 1,
    XMPP_PUBSUB_AS_NONE,
    XMPP_PUBSUB_AS_OUTCAST,
    XMPP_PUBSUB_AS_OWNER,
    XMPP_PUBSUB_AS_PUBLISHER,
    XMPP_PUBSUB_AS_PUBLISH_ONLY
} xmpp_pubsub_affiliation_t;

/* What somebody is to a node. */
typedef struct _xmpp_pubsub_affiliated_t {
    size_t size;
    const char *node; /* of a list of our own affiliations */
    xmpp_jid_t jid;   /* of a list of a node */
    int affiliation;  /* xmpp_pubsub_affiliation_t */
} xmpp_pubsub_affiliated_t;

typedef struct _xmpp_pubsub_affiliations_t {
    size_t size;
    const char *node; /* all are of this one; or NULL */
    const xmpp_pubsub_affiliated_t *const *list;
    size_t count;
} xmpp_pubsub_affiliations_t;

/* The options of a subscription. */
typedef struct _xmpp_pubsub_options_t {
    size_t size;
    const char *node;
    xmpp_jid_t jid; /* who is subscribed */
    const char *id; /* of the subscription */
    const xmpp_form_t *form;
} xmpp_pubsub_options_t;

/* An answer: what was requested is filled in, the rest is absent. */
typedef struct _xmpp_pubsub_t {
    size_t size;
    const xmpp_pubsub_items_t *items;
    const xmpp_rsm_t *set;                /* which page of the items this is */
    const xmpp_pubsub_items_t *published; /* items, of which only ids count */
    const xmpp_pubsub_subscription_t *subscription;
    const xmpp_pubsub_subscriptions_t *subscriptions;
    const xmpp_pubsub_affiliations_t *affiliations;
    const xmpp_pubsub_options_t *options;
    const char *created; /* the name of a new node */
} xmpp_pubsub_t;

XMPP_API extern const xmpp_payload_t xmpp_pubsub;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_item;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_items;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_subscription;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_subscriptions;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_affiliated;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_affiliations;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_options;

/* ---- events ------------------------------------------------------ */

/* Finds the events of nodes in messages, and hands them on: to the rows of
 * modules for that node (XMPP_NODE), and to whoever watches this module.
 *
 * Events are accepted from our own account, from contacts whose presence we
 * may see (their accounts send what they publish, XEP-0163; xmpp_mod_roster has
 * to be in use, because it knows the contacts), and from services
 * that we queried (pubsub_user.h) or that xmpp_pubsub_accept() named. Others
 * are ignored. The limit "services" is how many services are remembered; the
 * one that was queried longest ago is forgotten first. */
XMPP_API extern const xmpp_module_t xmpp_mod_pubsub;

/* Events of this module. The value is an xmpp_pubsub_event_t. */
enum {
    XMPP_PUBSUB_PUBLISHED = 1,
    XMPP_PUBSUB_RETRACTED,
    XMPP_PUBSUB_PURGED,     /* all items of the node were removed */
    XMPP_PUBSUB_DELETED,    /* the node was */
    XMPP_PUBSUB_CONFIGURED, /* the node was configured anew */
    XMPP_PUBSUB_CHANGED,    /* the state of a subscription of ours */
    XMPP_PUBSUB_ASSOCIATED, /* a node joined the collection `node` (XEP-0248) */
    XMPP_PUBSUB_DISASSOCIATED /* a node left it */
};

typedef struct _xmpp_pubsub_event_t {
    size_t size;
    xmpp_jid_t service; /* who sent it; absent: our own account */
    const char *node;
    const char *id;            /* of the item, if the event is about one */
    const char *publisher;     /* of the item, if the service says so */
    const char *redirect;      /* where a deleted node went, or NULL */
    const xmpp_form_t *config; /* of a node that was configured, or NULL */
    const xmpp_pubsub_subscription_t *subscription; /* of CHANGED */
    xmpp_stanza_t *content; /* of a published item, or NULL */
    const char *child;      /* the node that joined or left a collection */
} xmpp_pubsub_event_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_pubsub_event;

/* Accept the events of this address. 0; 1 if they are accepted already;
 * XMPP_EINVOP if xmpp_mod_pubsub is not in use; XMPP_EARG; XMPP_EMEM. */
XMPP_API int xmpp_pubsub_accept(xmpp_conn_t *conn, const xmpp_jid_t *service);

/* 1 if the events of this address are accepted now, for whatever reason; NULL
 * is our own account. Else 0, also if the module is not in use. */
XMPP_API int xmpp_pubsub_is_accepted(xmpp_conn_t *conn,
                                     const xmpp_jid_t *service);

XMPP_END

#endif /* XMPP_XEP_PUBSUB_H */
