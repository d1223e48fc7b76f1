/* node.c - the tree of a stanza, and the memory it lives in. */

#include "stanza/node.h"

#include <xmpp/error.h>

#include "base/quote.h"
#include "stanza/chars.h"

/* ---- trees ------------------------------------------------------- */

static struct tree *tree_new(struct env *env, enum arena_class size)
{
    struct arena arena;
    struct tree *tree;

    if (!arena_init(&arena, env, size))
        return NULL;
    tree = arena_alloc(&arena, sizeof(*tree)); /* cannot fail: arena_init() */
    tree->arena = arena;
    tree->why = NULL;
    tree->holds = 1;
    tree->status = 0;
    return tree;
}

/* Each look-up halves the path of forwarded trees, which keeps it short however
 * often trees were merged. */
struct tree *node_moved_to(struct tree *tree)
{
    while (tree->status == TREE_MOVED) {
        if (tree->into->status == TREE_MOVED)
            tree->into = tree->into->into;
        tree = tree->into;
    }
    return tree;
}

size_t node_memory(const xmpp_stanza_t *node)
{
    return node_tree(node)->arena.total;
}

/* Without memory for the words only the code is kept. */
static int mark_failed(xmpp_stanza_t *node, int code, const char *why)
{
    struct tree *tree = node_tree(node);

    if (!tree->status) {
        tree->status = code;
        tree->why = why ? arena_strndup(&tree->arena, why, strlen(why)) : NULL;
    }
    return code;
}

int node_fail(xmpp_stanza_t *node, int code)
{
    return mark_failed(node, code, NULL);
}

int node_refused(xmpp_stanza_t *node)
{
    return mark_failed(node, XMPP_EARG, node_env(node)->refused);
}

void node_fail_as(xmpp_stanza_t *node, const xmpp_stanza_t *other)
{
    const struct tree *tree = node_tree(other);

    if (tree->status)
        mark_failed(node, tree->status, tree->why);
}

const char *node_why(const xmpp_stanza_t *node)
{
    const struct tree *tree = node_tree(node);

    if (!tree->status)
        return "";
    return tree->why ? tree->why : xmpp_strerror(tree->status);
}

int node_misuse(const xmpp_stanza_t *node, const char *words)
{
    return node ? env_refuse(node_env(node), XMPP_EINVOP, "%s", words)
                : XMPP_EINVOP;
}

/* ---- nodes ------------------------------------------------------- */

/* Without memory for so much room there is no tree. */
xmpp_stanza_t *node_new_with(struct env *env, enum arena_class size,
                             size_t room)
{
    struct tree *tree = tree_new(env, size);
    xmpp_stanza_t *node = tree ? node_make(tree, room) : NULL;
    struct arena arena;

    if (tree && !node) {
        arena = tree->arena; /* a copy: the tree itself is in the arena */
        arena_free(&arena);
    }
    return node;
}

xmpp_stanza_t *node_new(struct env *env, enum arena_class size)
{
    return node_new_with(env, size, 0);
}

xmpp_stanza_t *node_add(xmpp_stanza_t *parent)
{
    return node_add_with(parent, 0);
}

/* ---- what XML does not allow ------------------------------------- */

/* A server ends the stream for text that is not XML. So the tree remembers that
 * something was refused: few programs look at each result, and sending reports
 * it. */
#define WRONG_SIZE 80

static int refuse_name(xmpp_stanza_t *node, const char *of, struct str name)
{
    struct env *env = node_env(node);
    char wrong[WRONG_SIZE];
    struct quote said;

    chars_explain(name, true, wrong, sizeof(wrong));
    env_refuse(env, XMPP_EARG, "\"%s\" cannot be the name of an %s: %s",
               quote(&said, name), of, wrong);
    return node_refused(node);
}

static int refuse_value(xmpp_stanza_t *node, struct str name, struct str value)
{
    struct env *env = node_env(node);
    char wrong[WRONG_SIZE];
    struct quote attribute, element;

    chars_explain(value, false, wrong, sizeof(wrong));
    env_refuse(env, XMPP_EARG, "the attribute \"%s\" of <%s>: %s",
               quote(&attribute, name), quote(&element, node->text), wrong);
    return node_refused(node);
}

static int node_refuse_text(xmpp_stanza_t *node, struct str text)
{
    struct env *env = node_env(node);
    char wrong[WRONG_SIZE];
    struct quote element;

    chars_explain(text, false, wrong, sizeof(wrong));
    if (node->parent)
        env_refuse(env, XMPP_EARG, "the text of <%s>: %s",
                   quote(&element, node->parent->text), wrong);
    else
        env_refuse(env, XMPP_EARG, "a text outside of an element: %s", wrong);
    return node_refused(node);
}

/* ---- content ----------------------------------------------------- */

/* The text of a known name is static and need not be copied. */
static bool node_keep_text(xmpp_stanza_t *node, struct str from,
                           enum name_id id, struct str *to)
{
    char *copy;

    if (id) {
        *to = name_text(id);
        return true;
    }
    copy = arena_strndup(&node_tree(node)->arena, from.s ? from.s : "", from.n);
    *to = str_n(copy, from.n);
    return copy != NULL;
}

static void become_element(xmpp_stanza_t *node, struct str name,
                           enum name_id id)
{
    node->text = name;
    node->kind = NODE_ELEMENT;
    node->name = (unsigned short)id;
}

int node_set_name(xmpp_stanza_t *node, struct str name)
{
    enum name_id id = name_find(name);
    struct str kept;

    if (!id && !chars_are_name(name)) /* known names are valid */
        return refuse_name(node, "element", name);
    if (!node_keep_text(node, name, id, &kept))
        return node_fail(node, XMPP_EMEM);
    become_element(node, kept, id);
    return 0;
}

void node_set_known_name(xmpp_stanza_t *node, enum name_id name)
{
    become_element(node, name_text(name), name);
}

void node_set_static_name(xmpp_stanza_t *node, struct str name)
{
    become_element(node, name, name_find(name));
}

int node_set_text(xmpp_stanza_t *node, struct str text)
{
    enum chars_look look;
    char *copy = NULL;

    if (text.n < SIZE_MAX)
        copy = arena_bytes(&node_tree(node)->arena, text.n + 1);
    look = copy ? chars_copy(copy, text) : chars_look(text);
    if (look == CHARS_WRONG)
        return node_refuse_text(node, text);
    if (!copy)
        return node_fail(node, XMPP_EMEM);
    copy[text.n] = '\0';
    node->text = str_n(copy, text.n);
    node->kind = NODE_TEXT;
    node->is_clean = look == CHARS_CLEAN;
    return 0;
}

/* ---- attributes -------------------------------------------------- */

/* An attribute's name, and whether it has to be copied. */
struct attr_name {
    struct str text;
    enum name_id id;
    bool is_static;
};

static inline struct attr *attr_find(const xmpp_stanza_t *node,
                                     const struct attr_name *name)
{
    struct attr *a = node->attrs;

    while (a && (name->id ? a->id != name->id : !str_eq(a->name, name->text)))
        a = a->next;
    return a;
}

/* Room for a new attribute: behind the struct, its value and then its name, as
 * far as they are copied. */
static inline struct attr *attr_room(xmpp_stanza_t *node,
                                     const struct attr_name *name, size_t value)
{
    size_t copied = name->is_static || name->id ? 0 : name->text.n + 1;

    return value < SIZE_MAX / 2
               ? arena_alloc(&node_tree(node)->arena,
                             sizeof(struct attr) + value + copied)
               : NULL;
}

static inline void append(xmpp_stanza_t *node, struct attr *a,
                          const struct attr_name *name, size_t value)
{
    a->next = NULL;
    a->name = name->text;
    a->id = name->id;
    if (!name->is_static && !name->id)
        a->name.s = str_put((char *)(a + 1) + value, name->text);
    if (node->last_attr)
        node->last_attr->next = a;
    else
        node->attrs = a;
    node->last_attr = a;
}

/* What is known of an old value does not hold for the new one. */
static inline void set_attr_value(struct attr *a, struct str value,
                                  bool is_clean)
{
    a->value = value;
    a->address_n = 0;
    a->is_received = false;
    a->is_clean = is_clean;
}

/* The old value stays in the arena: trees are short-lived, and setting an
 * attribute twice is rare. */
static int node_put_attr(xmpp_stanza_t *node, const struct attr_name *name,
                         struct str value)
{
    struct attr *a = attr_find(node, name), *fresh = NULL;
    enum chars_look look;
    char *copy;

    if (a) {
        copy = arena_bytes(&node_tree(node)->arena, value.n + 1);
    } else {
        fresh = attr_room(node, name, value.n + 1);
        copy = (char *)(fresh ? fresh + 1 : NULL);
    }
    look = copy ? chars_copy(copy, value) : chars_look(value);
    if (look == CHARS_WRONG)
        return refuse_value(node, name->text, value);
    if (!copy)
        return node_fail(node, XMPP_EMEM);
    copy[value.n] = '\0';
    if (fresh)
        append(node, fresh, name, value.n + 1);
    set_attr_value(fresh ? fresh : a, str_n(copy, value.n),
                   look == CHARS_CLEAN);
    return 0;
}

/* Namespaces are compared by number, see node_is(), and known ones are not
 * copied. */
static int node_put_ns(xmpp_stanza_t *node, struct str value)
{
    const struct attr_name xmlns = {name_text(N_XMLNS), N_XMLNS, true};
    enum name_id known = name_find(value);
    struct attr *a;
    int rc = 0;

    if (!known) {
        rc = node_put_attr(node, &xmlns, value);
    } else {
        a = attr_find(node, &xmlns);
        if (!a) {
            a = attr_room(node, &xmlns, 0);
            if (!a)
                return node_fail(node, XMPP_EMEM);
            append(node, a, &xmlns, 0);
        }
        set_attr_value(a, name_text(known), true);
    }
    if (rc == 0)
        node->ns = (unsigned short)known;
    return rc;
}

int node_set_attr(xmpp_stanza_t *node, struct str name, struct str value)
{
    enum name_id id = name_find(name);
    const struct attr_name copied = {id ? name_text(id) : name, id, false};

    if (id == N_XMLNS)
        return node_put_ns(node, value);
    if (!id && !chars_are_name(name))
        return refuse_name(node, "attribute", name);
    return node_put_attr(node, &copied, value);
}

int node_set_static_attr(xmpp_stanza_t *node, struct str name, struct str value)
{
    const struct attr_name kept = {name, name_find(name), true};

    return kept.id == N_XMLNS ? node_put_ns(node, value)
                              : node_put_attr(node, &kept, value);
}

int node_set(xmpp_stanza_t *node, enum name_id name, struct str value)
{
    const struct attr_name known = {name_text(name), name, true};

    return name == N_XMLNS ? node_put_ns(node, value)
                           : node_put_attr(node, &known, value);
}

/* ---- walking ----------------------------------------------------- */

xmpp_stanza_t *node_top(xmpp_stanza_t *node)
{
    while (node && node->parent)
        node = node->parent;
    return node;
}

const xmpp_stanza_t *node_after(const xmpp_stanza_t *node,
                                const xmpp_stanza_t *root)
{
    if (node->first)
        return node->first;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}
