/* payload.h - what is in a stanza, as a struct: described by a table, and read,
 * written, copied and printed by one interpreter.
 *
 *     typedef struct {
 *         size_t size;
 *         xmpp_jid_t jid;
 *         int subscription;          an enum: 1 none, 2 to, 3 from, 4 both
 *         const char *const *groups; the texts of its <group/> children
 *         size_t group_count;
 *     } contact_t;
 *
 *     static const char *const subscriptions[] = {"none", "to", "from", "both",
 *                                                 NULL};
 *     static const xmpp_field_t fields[] = {
 *         XMPP_ATTR_MUST(contact_t, jid, JID, "jid"),
 *         XMPP_ATTR_ENUM(contact_t, subscription, "subscription",
 *                        subscriptions),
 *         XMPP_CHILDREN(contact_t, groups, group_count, "group")
 *     };
 *     static XMPP_PAYLOAD(contact, contact_t, "item", XMPP_NS_ROSTER, fields);
 *
 *     const void *value;
 *     if (xmpp_payload_read(element, &contact, &value) == 0)
 *         use((const contact_t *)value);
 *
 * Structs are transparent. Their first member is `size_t size`, the size that
 * the program was compiled with, so that members may be added at the end: the
 * library neither reads nor writes a member that is not in it. Lists of structs
 * hold pointers for the same reason. Begin a struct of your own with
 * XMPP_INIT(), also one that is nested in another.
 *
 * Absent values: a text, a list or a nested struct is NULL, a number
 * XMPP_NO_NUMBER, a real number not a number (x != x), a time XMPP_NO_TIME, a
 * JID has no domain, bytes have no `data`, a bool or an enum is 0. What is
 * there and cannot be understood counts as absent, and in a list it is left
 * out. A payload without a value that must be there (MUST) cannot be read; that
 * it is there is not checked when a struct is written.
 */

#ifndef XMPP_PAYLOAD_H
#define XMPP_PAYLOAD_H

#include <limits.h>

#include <xmpp/jid.h>
#include <xmpp/stanza.h>
#include <xmpp/time.h>

XMPP_BEGIN

/* Not -1, which may be the priority of a presence. */
#define XMPP_NO_NUMBER LONG_MIN

/* Octets. In XML they are base64 (RFC 4648 section 4). */
typedef struct _xmpp_bytes_t {
    const unsigned char *data; /* NULL: absent */
    size_t size;
} xmpp_bytes_t;

/* ---- tables ------------------------------------------------------ */

/* Where the value of a member is. Of several children that fit, the first that
 * can be understood counts. */
typedef enum {
    XMPP_AT_ATTR = 1,   /* in the attribute `name` */
    XMPP_AT_TEXT,       /* it is the element's text; an empty one is absent */
    XMPP_AT_CHILD,      /* it is the text of the child `name` */
    XMPP_AT_CHILD_ATTR, /* in the attribute `sub` of the child `name` */
    XMPP_AT_FLAG,       /* int: 1 if there is a child `name` */
    XMPP_AT_CHOICE,     /* an enum: the child whose name is in `more` */
    XMPP_AT_ELEMENT,    /* const T *: the child that `more` describes */
    XMPP_AT_ELEMENTS,   /* const T *const *: all such children */
    XMPP_AT_CHILDREN,   /* a list: the texts of all children `name`, or, with
                         * `sub`, that attribute of each */
    XMPP_AT_SELF        /* xmpp_stanza_t *: the element itself, for what no
                         * table can describe; not written, NULL in a copy */
} xmpp_at_t;

/* What it is, and so the type of the member. A list is a pointer to const
 * values of this type: const char *const * for texts, const long * for numbers.
 * White space around numbers, bools, times and names of an enum is ignored. */
typedef enum {
    XMPP_IS_TEXT = 1, /* const char * */
    XMPP_IS_NUMBER,   /* long */
    XMPP_IS_REAL,     /* double, finite */
    XMPP_IS_BOOL,     /* int, 0 or 1; 0 is written in lists and where the value
                       * must be there */
    XMPP_IS_JID,      /* xmpp_jid_t, parsed leniently */
    XMPP_IS_TIME,     /* xmpp_time_t (XEP-0082) */
    XMPP_IS_BYTES,    /* xmpp_bytes_t */
    XMPP_IS_ENUM      /* int: the place in `more` (names, NULL at the end),
                       * counted from 1 */
} xmpp_is_t;

/* A row. Made by the macros below only; members may be added at the end. */
typedef struct _xmpp_field_t {
    const char *member; /* its name, for printing and for other languages */
    unsigned char at, is, must;
    unsigned char name_size, sub_size; /* in octets, without the NUL */
    unsigned short ns_size;
    const char *name, *sub;
    const char *ns; /* of the child; NULL: the element's */
    const void *more;
    size_t offset; /* of the member */
    size_t count;  /* of a list: the offset of its length, a size_t */
} xmpp_field_t;

/* A table. `name` and `ns` are those of the element; `ns` NULL: that of its
 * parent, or, wherever it is, that of a stream ("jabber:client"). The layout of
 * this struct will not change. Tables and the strings in them are static: they
 * outlive every tree that was written from them. */
typedef struct _xmpp_payload_t {
    const char *name, *ns;
    size_t size;       /* of the struct */
    size_t field_size; /* of a row in `fields`, as this table was compiled */
    const xmpp_field_t *fields;
    size_t field_count;
    size_t name_size, ns_size; /* in octets, without the NUL */
} xmpp_payload_t;

/* ---- how tables are written -------------------------------------- */

/* A variable of type const xmpp_payload_t: XMPP_PAYLOAD(xmpp_rsm, xmpp_rsm_t,
 * "set", XMPP_NS_RSM, fields); `name` and `ns` are string literals, or `ns` is
 * NULL. */
#define XMPP_PAYLOAD(variable, T, name, ns, fields)                            \
    const xmpp_payload_t variable = {name,                                     \
                                     ns,                                       \
                                     sizeof(T),                                \
                                     sizeof(xmpp_field_t),                     \
                                     fields,                                   \
                                     sizeof(fields) / sizeof((fields)[0]),     \
                                     sizeof(name) - 1,                         \
                                     sizeof(ns) - 1}

/* The rows. T is the type of the struct and `m` the member; `is` is TEXT,
 * NUMBER, REAL, BOOL, JID, TIME or BYTES; `name`, `sub` and `ns` are string
 * literals; `names` are those of an enum. A member of another type than `is`
 * demands is a warning in C and an error in C++.
 *
 * The value of the attribute `name`: */
#define XMPP_ATTR(T, m, is, name)                                              \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_ATTR, XMPP_IS_##is, 0, name, NULL, \
              NULL, NULL)
#define XMPP_ATTR_MUST(T, m, is, name)                                         \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_ATTR, XMPP_IS_##is, 1, name, NULL, \
              NULL, NULL)
#define XMPP_ATTR_ENUM(T, m, name, names)                                      \
    XMPP_ONE_(T, m, int, XMPP_AT_ATTR, XMPP_IS_ENUM, 0, name, NULL, NULL,      \
              XMPP_NAMES_(names))
#define XMPP_ATTR_ENUM_MUST(T, m, name, names)                                 \
    XMPP_ONE_(T, m, int, XMPP_AT_ATTR, XMPP_IS_ENUM, 1, name, NULL, NULL,      \
              XMPP_NAMES_(names))

/* The text of the element: */
#define XMPP_TEXT(T, m, is)                                                    \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_TEXT, XMPP_IS_##is, 0, NULL, NULL, \
              NULL, NULL)
#define XMPP_TEXT_MUST(T, m, is)                                               \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_TEXT, XMPP_IS_##is, 1, NULL, NULL, \
              NULL, NULL)
#define XMPP_TEXT_ENUM(T, m, names)                                            \
    XMPP_ONE_(T, m, int, XMPP_AT_TEXT, XMPP_IS_ENUM, 0, NULL, NULL, NULL,      \
              XMPP_NAMES_(names))

/* The text of the child `name`, in the namespace of the element or in `ns`: */
#define XMPP_CHILD(T, m, is, name)                                             \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD, XMPP_IS_##is, 0, name,      \
              NULL, NULL, NULL)
#define XMPP_CHILD_MUST(T, m, is, name)                                        \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD, XMPP_IS_##is, 1, name,      \
              NULL, NULL, NULL)
#define XMPP_CHILD_ENUM(T, m, name, names)                                     \
    XMPP_ONE_(T, m, int, XMPP_AT_CHILD, XMPP_IS_ENUM, 0, name, NULL, NULL,     \
              XMPP_NAMES_(names))
#define XMPP_CHILD_NS(T, m, is, name, ns)                                      \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD, XMPP_IS_##is, 0, name,      \
              NULL, ns, NULL)

/* The attribute `sub` of the child `name`. Several rows may share one child. */
#define XMPP_CHILD_ATTR(T, m, is, name, sub)                                   \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD_ATTR, XMPP_IS_##is, 0, name, \
              sub, NULL, NULL)
#define XMPP_CHILD_ATTR_MUST(T, m, is, name, sub)                              \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD_ATTR, XMPP_IS_##is, 1, name, \
              sub, NULL, NULL)
#define XMPP_CHILD_ATTR_ENUM(T, m, name, sub, names)                           \
    XMPP_ONE_(T, m, int, XMPP_AT_CHILD_ATTR, XMPP_IS_ENUM, 0, name, sub, NULL, \
              XMPP_NAMES_(names))
#define XMPP_CHILD_ATTR_NS(T, m, is, name, sub, ns)                            \
    XMPP_ONE_(T, m, XMPP_TYPE_##is, XMPP_AT_CHILD_ATTR, XMPP_IS_##is, 0, name, \
              sub, ns, NULL)

/* int: 1 if there is a child `name`. */
#define XMPP_FLAG(T, m, name)                                                  \
    XMPP_ONE_(T, m, int, XMPP_AT_FLAG, XMPP_IS_BOOL, 0, name, NULL, NULL, NULL)
#define XMPP_FLAG_NS(T, m, name, ns)                                           \
    XMPP_ONE_(T, m, int, XMPP_AT_FLAG, XMPP_IS_BOOL, 0, name, NULL, ns, NULL)

/* int: the child whose name is one of `names`. */
#define XMPP_CHOICE(T, m, names)                                               \
    XMPP_ONE_(T, m, int, XMPP_AT_CHOICE, XMPP_IS_ENUM, 0, NULL, NULL, NULL,    \
              XMPP_NAMES_(names))
#define XMPP_CHOICE_MUST(T, m, names)                                          \
    XMPP_ONE_(T, m, int, XMPP_AT_CHOICE, XMPP_IS_ENUM, 1, NULL, NULL, NULL,    \
              XMPP_NAMES_(names))
#define XMPP_CHOICE_NS(T, m, names, ns)                                        \
    XMPP_ONE_(T, m, int, XMPP_AT_CHOICE, XMPP_IS_ENUM, 0, NULL, NULL, ns,      \
              XMPP_NAMES_(names))

/* The child that another table describes, and all of them with their number in
 * the member `c`. `payload` is the address of the table. */
#define XMPP_ELEMENT(T, m, payload)                                            \
    XMPP_FIELD_(T, m, sizeof(*((T *)0)->m), XMPP_AT_ELEMENT, 0, 0, NULL, NULL, \
                NULL, XMPP_TABLE_(payload), 0)
#define XMPP_ELEMENT_MUST(T, m, payload)                                       \
    XMPP_FIELD_(T, m, sizeof(*((T *)0)->m), XMPP_AT_ELEMENT, 0, 1, NULL, NULL, \
                NULL, XMPP_TABLE_(payload), 0)
#define XMPP_ELEMENTS(T, m, c, payload)                                        \
    XMPP_FIELD_(T, m, sizeof(**((T *)0)->m), XMPP_AT_ELEMENTS, 0, 0, NULL,     \
                NULL, NULL, XMPP_TABLE_(payload), XMPP_COUNT_(T, c))

/* The texts of all children `name`, or an attribute of each, and their number
 * in the member `c`. */
#define XMPP_CHILDREN(T, m, c, name) XMPP_CHILDREN_OF(T, m, c, TEXT, name)
#define XMPP_CHILDREN_OF(T, m, c, is, name)                                    \
    XMPP_MANY_(T, m, c, XMPP_TYPE_##is, XMPP_IS_##is, name, NULL, NULL, NULL)
#define XMPP_CHILDREN_ENUM(T, m, c, name, names)                               \
    XMPP_MANY_(T, m, c, int, XMPP_IS_ENUM, name, NULL, NULL, XMPP_NAMES_(names))
#define XMPP_CHILDREN_NS(T, m, c, is, name, ns)                                \
    XMPP_MANY_(T, m, c, XMPP_TYPE_##is, XMPP_IS_##is, name, NULL, ns, NULL)
#define XMPP_CHILDREN_ATTR(T, m, c, is, name, sub)                             \
    XMPP_MANY_(T, m, c, XMPP_TYPE_##is, XMPP_IS_##is, name, sub, NULL, NULL)
#define XMPP_CHILDREN_ATTR_ENUM(T, m, c, name, sub, names)                     \
    XMPP_MANY_(T, m, c, int, XMPP_IS_ENUM, name, sub, NULL, XMPP_NAMES_(names))

/* xmpp_stanza_t *: the element that was read. */
#define XMPP_SELF(T, m)                                                        \
    XMPP_ONE_(T, m, xmpp_stanza_t *, XMPP_AT_SELF, 0, 0, NULL, NULL, NULL, NULL)

/* The types of members. */
#define XMPP_TYPE_TEXT const char *
#define XMPP_TYPE_NUMBER long
#define XMPP_TYPE_REAL double
#define XMPP_TYPE_BOOL int
#define XMPP_TYPE_JID xmpp_jid_t
#define XMPP_TYPE_TIME xmpp_time_t
#define XMPP_TYPE_BYTES xmpp_bytes_t

/* What the rows are made of. Inside sizeof nothing is evaluated: there the two
 * sides of a condition must have compatible types. */
#define XMPP_MUST_BE_(expression, type) (0 * sizeof(1 ? (expression) : (type)0))
#define XMPP_NAMES_(names) (names) + XMPP_MUST_BE_(names, const char *const *)
#define XMPP_TABLE_(payload)                                                   \
    (payload) + XMPP_MUST_BE_(payload, const xmpp_payload_t *)
#define XMPP_COUNT_(T, c) offsetof(T, c) + XMPP_MUST_BE_(&((T *)0)->c, size_t *)
#define XMPP_FIELD_(T, m, check, at, is, must, name, sub, ns, more, count)     \
    {                                                                          \
#m, at, is, must, sizeof(name) - 1, sizeof(sub) - 1, sizeof(ns) - 1,   \
            name, sub, ns, more, offsetof(T, m) + 0 * (check), count           \
    }
#define XMPP_ONE_(T, m, type, at, is, must, name, sub, ns, more)               \
    XMPP_FIELD_(T, m, XMPP_MUST_BE_(&((T *)0)->m, type *), at, is, must, name, \
                sub, ns, more, 0)
#define XMPP_MANY_(T, m, c, type, is, name, sub, ns, more)                     \
    XMPP_FIELD_(T, m, XMPP_MUST_BE_(&((T *)0)->m, type const **),              \
                XMPP_AT_CHILDREN, is, 0, name, sub, ns, more,                  \
                XMPP_COUNT_(T, c))

/* Set all members of `value` to absent, and its `size`. `size` is sizeof of the
 * struct; XMPP_INIT(xmpp_rsm, page) fills it in. */
XMPP_API void xmpp_payload_init(const xmpp_payload_t *payload, void *value,
                                size_t size);
#define XMPP_INIT(payload, value)                                              \
    xmpp_payload_init(&(payload), &(value), sizeof(value))

/* ---- reading and writing ----------------------------------------- */

/* Set *ret to the struct. It lives in the tree that it was read from, and as
 * long: its memory is the tree's, and so are its texts. Structs that are nested
 * more than 64 levels deep count as absent. 0; XMPP_EARG if the element is not
 * described by the table, or a value is absent that must be there; XMPP_EINVOP
 * for a NULL argument; XMPP_EMEM. */
XMPP_API int xmpp_payload_read(xmpp_stanza_t *element,
                               const xmpp_payload_t *payload, const void **ret);

/* Read a long list: every child of `parent` that is described by the table and
 * can be read is passed to `handler`, in order. A value lives until `handler`
 * returns; the next one takes its memory. If `handler` returns anything but 0
 * the reading ends. 0; what `handler` returned; XMPP_EINVOP for a NULL
 * argument; XMPP_EMEM. */
typedef int (*xmpp_payload_handler)(const void *value, void *userdata);
XMPP_API int xmpp_payload_read_each(xmpp_stanza_t *parent,
                                    const xmpp_payload_t *payload,
                                    xmpp_payload_handler handler,
                                    void *userdata);

/* The first child of `parent` that is described by the table and can be read.
 * NULL if there is none, or when out of memory. */
XMPP_API const void *xmpp_payload_find(xmpp_stanza_t *parent,
                                       const xmpp_payload_t *payload);

/* Write it: a new child of `parent`, as xmpp_stanza_add_tag() makes one. A NULL
 * value writes nothing and returns NULL. An enum that is not the place of a
 * name is left out. Failures mark the tree as failed; XMPP_EARG also stands for
 * a time outside of the years 0001 to 9999, for structs that are nested more
 * than 64 levels deep, and for one that XMPP_INIT() did not begin. */
XMPP_API xmpp_stanza_t *xmpp_payload_add(xmpp_stanza_t *parent,
                                         const xmpp_payload_t *payload,
                                         const void *value);

/* The same as a tree of its own, such as a whole stanza. Owned. NULL when out
 * of memory, and for a NULL argument. */
XMPP_API xmpp_stanza_t *xmpp_payload_new(xmpp_ctx_t *ctx,
                                         const xmpp_payload_t *payload,
                                         const void *value);

/* ---- values of their own ----------------------------------------- */

/* Whether a struct can be copied and written, for a function that takes one: 0;
 * XMPP_EARG if XMPP_INIT() was forgotten, for it or for one in it, or if
 * structs are nested too deeply: xmpp_ctx_get_last_error() says which;
 * XMPP_EINVOP for a NULL argument. */
XMPP_API int xmpp_payload_check(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                                const void *value);

/* A copy with everything in it in one block; its size is that of the table,
 * whatever that of the original. Addresses end with a NUL. Owned: xmpp_free().
 * NULL when out of memory, and for what xmpp_payload_check() refuses. */
XMPP_API void *xmpp_payload_copy(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                                 const void *value);

/* Whether all members are equal. Those of XMPP_SELF are not compared, and a
 * member that one struct is too short for is absent there. NULL equals NULL. */
XMPP_API int xmpp_payload_equal(const xmpp_payload_t *payload, const void *a,
                                const void *b);

/* As XML text, for a store: NUL-terminated, and its length in *ret_size unless
 * that is NULL. Owned: xmpp_free(). NULL when out of memory, or for a value
 * that cannot be written. */
XMPP_API char *xmpp_payload_to_text(xmpp_ctx_t *ctx,
                                    const xmpp_payload_t *payload,
                                    const void *value, size_t *ret_size);

/* Back from there: *ret is a copy as xmpp_payload_copy() makes one, or NULL.
 * `size` is the length of the text, or (size_t)-1 if it ends at a NUL. 0;
 * XMPP_EARG if the text is not such an element; XMPP_EINVOP for a NULL
 * argument; XMPP_EMEM. */
XMPP_API int xmpp_payload_parse(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                                const char *text, size_t size, void **ret);

/* The same without a code: NULL if it fails. */
XMPP_API void *xmpp_payload_from_text(xmpp_ctx_t *ctx,
                                      const xmpp_payload_t *payload,
                                      const char *text, size_t size);

/* Print it for a log: {jid: "juliet@example.com", subscription: both, groups:
 * ["Friends"]}. Absent members are left out; texts, addresses and bytes (in
 * base64) are quoted, with \" and \\ and, for control characters, \x0a; NULL is
 * "nothing", and without a table everything is "". As snprintf(): at most
 * `size` octets are written, with a NUL at the end and no part of a character
 * before it, and the length of the whole is returned. */
XMPP_API int xmpp_payload_print(const xmpp_payload_t *payload,
                                const void *value, char *buf, size_t size);

XMPP_END

#endif /* XMPP_PAYLOAD_H */
