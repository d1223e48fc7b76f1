/* atom.h - entries of a feed (RFC 4287), as they are in nodes: posts, comments
 * and articles. microblog.h publishes them. */

#ifndef XMPP_XEP_ATOM_H
#define XMPP_XEP_ATOM_H

#include <xmpp/payload.h>

XMPP_BEGIN

typedef enum {
    XMPP_ATOM_HTML = 1,
    XMPP_ATOM_TEXT, /* what 0 counts as, too */
    XMPP_ATOM_XHTML /* then `text` is NULL: it is in the element, as a <div/> */
} xmpp_atom_text_type_t;

/* A title, a summary or a content. */
typedef struct _xmpp_atom_text_t {
    size_t size;
    int type; /* xmpp_atom_text_type_t */
    const char *text;
    xmpp_stanza_t *element; /* of one that was read */
} xmpp_atom_text_t;

typedef struct _xmpp_atom_person_t {
    size_t size;
    const char *name;
    const char *uri; /* such as xmpp:juliet@example.com */
    const char *email;
} xmpp_atom_person_t;

typedef struct _xmpp_atom_link_t {
    size_t size;
    const char *relation; /* "alternate", "replies", "via", "enclosure", ... */
    const char *type;     /* the media type */
    const char *href;
    const char *title;
    const char *ref;    /* of what it is an entry: its id */
    const char *length; /* in octets */
} xmpp_atom_link_t;

typedef struct _xmpp_atom_category_t {
    size_t size;
    const char *term; /* such as a tag */
    const char *scheme, *label;
} xmpp_atom_category_t;

/* The entry that this one answers (RFC 4685). */
typedef struct _xmpp_atom_reply_t {
    size_t size;
    const char *ref;  /* its id */
    const char *href; /* where it is */
    const char *type; /* of what is there */
} xmpp_atom_reply_t;

typedef struct _xmpp_atom_entry_t {
    size_t size;
    const char *id;                        /* that names it everywhere: a URI */
    xmpp_time_t published;                 /* the first time */
    xmpp_time_t updated;                   /* the last time */
    const char *generator;                 /* the software that made it */
    const xmpp_atom_text_t *const *titles; /* the same in different types */
    size_t title_count;
    const xmpp_atom_text_t *const *summaries;
    size_t summary_count;
    const xmpp_atom_text_t *const *contents;
    size_t content_count;
    const xmpp_atom_person_t *const *authors;
    size_t author_count;
    const xmpp_atom_link_t *const *links;
    size_t link_count;
    const xmpp_atom_category_t *const *categories;
    size_t category_count;
    const xmpp_atom_reply_t *const *replies; /* what it answers */
    size_t reply_count;
    xmpp_stanza_t *element; /* of one that was read */
} xmpp_atom_entry_t;

/* What a node of entries is. */
typedef struct _xmpp_atom_feed_t {
    size_t size;
    const char *id;
    xmpp_time_t updated;
    const xmpp_atom_text_t *const *titles; /* the same in different types */
    size_t title_count;
    const xmpp_atom_person_t *const *authors;
    size_t author_count;
    const xmpp_atom_link_t *const *links; /* "start": the post, of comments */
    size_t link_count;
} xmpp_atom_feed_t;

XMPP_API extern const xmpp_payload_t xmpp_atom_entry;
XMPP_API extern const xmpp_payload_t xmpp_atom_feed;
XMPP_API extern const xmpp_payload_t xmpp_atom_person;
XMPP_API extern const xmpp_payload_t xmpp_atom_link;
XMPP_API extern const xmpp_payload_t xmpp_atom_category;
XMPP_API extern const xmpp_payload_t xmpp_atom_reply;

/* The title of an entry as text, NULL if there is none of that type. Borrowed
 * from the entry. */
XMPP_API const char *xmpp_atom_get_title(const xmpp_atom_entry_t *entry);

XMPP_END

#endif /* XMPP_XEP_ATOM_H */
