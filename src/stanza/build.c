/* build.c - builds stanzas. */

#include "stanza/build.h"

#include <xmpp/error.h>

#include "stanza/conditions.h"
#include "stanza/find.h"

/* ---- by known names ---------------------------------------------- */

/* If there is no memory for the root, the result is NULL. A later failure marks
 * the tree as failed, and sending reports it. */
xmpp_stanza_t *build_root(struct env *env, enum name_id name, enum name_id ns)
{
    xmpp_stanza_t *node = node_new(env, ARENA_SMALL);

    if (!node)
        return NULL;
    node_set_known_name(node, name);
    if (ns)
        node_set(node, N_XMLNS, name_text(ns));
    return node;
}

xmpp_stanza_t *build_child(xmpp_stanza_t *parent, enum name_id name,
                           enum name_id ns)
{
    xmpp_stanza_t *node = parent ? node_add(parent) : NULL;

    if (!node)
        return NULL;
    node_set_known_name(node, name);
    if (ns)
        node_set(node, N_XMLNS, name_text(ns));
    return node;
}

void build_received(xmpp_stanza_t *node, enum name_id name, struct str jid)
{
    if (node_set(node, name, jid) == 0)
        node_find_attr(node, name_text(name))->is_received = true;
}

int build_text(xmpp_stanza_t *parent, struct str text)
{
    xmpp_stanza_t *node;

    if (!parent)
        return XMPP_EINVOP;
    if (!text.n)
        return 0;
    node = node_add(parent);
    return node ? node_set_text(node, text) : XMPP_EMEM;
}

/* ---- the short style --------------------------------------------- */

static void build_dress(xmpp_stanza_t *node, const char *name, const char *ns)
{
    if (node_set_name(node, str_of(name)) == 0 && ns)
        node_set(node, N_XMLNS, str_of(ns));
}

xmpp_stanza_t *xmpp_stanza_new_tag(xmpp_ctx_t *ctx, const char *name,
                                   const char *ns)
{
    xmpp_stanza_t *node = name ? xmpp_stanza_new(ctx) : NULL;

    if (node)
        build_dress(node, name, ns);
    return node;
}

xmpp_stanza_t *xmpp_stanza_add_tag(xmpp_stanza_t *parent, const char *name,
                                   const char *ns)
{
    xmpp_stanza_t *node;

    if (!parent || !name || parent->kind != NODE_ELEMENT)
        return NULL;
    node = node_add(parent);
    if (node)
        build_dress(node, name, ns);
    return node;
}

xmpp_stanza_t *xmpp_stanza_add_text_tag(xmpp_stanza_t *parent, const char *name,
                                        const char *ns, const char *text)
{
    xmpp_stanza_t *node = text ? xmpp_stanza_add_tag(parent, name, ns) : NULL;

    if (node)
        build_text(node, str_of(text));
    return node;
}

int xmpp_stanza_put(xmpp_stanza_t *stanza, const char *name, const char *value)
{
    return stanza && !value ? 0
                            : xmpp_stanza_set_attribute(stanza, name, value);
}

int xmpp_stanza_add_text(xmpp_stanza_t *parent, const char *text)
{
    if (!parent || !text || parent->kind != NODE_ELEMENT)
        return node_misuse(parent, "xmpp_stanza_add_text(): the text is NULL, "
                                   "or the node is not an element");
    return build_text(parent, str_of(text));
}

/* ---- the three kinds --------------------------------------------- */

/* A message, presence or iq. It has no xmlns: the stream's is the default. */
static xmpp_stanza_t *kind(xmpp_ctx_t *ctx, enum name_id name, const char *type,
                           const char *to, const char *id)
{
    xmpp_stanza_t *node = ctx ? build_root(env_of(ctx), name, NAME_NONE) : NULL;

    if (!node)
        return NULL;
    if (type)
        node_set(node, N_TYPE, str_of(type));
    if (to)
        node_set(node, N_TO, str_of(to));
    if (id)
        node_set(node, N_ID, str_of(id));
    return node;
}

xmpp_stanza_t *xmpp_message_new(xmpp_ctx_t *ctx, const char *type,
                                const char *to, const char *id)
{
    return kind(ctx, N_MESSAGE, type, to, id);
}

xmpp_stanza_t *xmpp_iq_new(xmpp_ctx_t *ctx, const char *type, const char *id)
{
    return kind(ctx, N_IQ, type, NULL, id);
}

xmpp_stanza_t *xmpp_presence_new(xmpp_ctx_t *ctx)
{
    return kind(ctx, N_PRESENCE, NULL, NULL, NULL);
}

static bool is_message(const xmpp_stanza_t *msg)
{
    return msg && msg->kind == NODE_ELEMENT && msg->name == N_MESSAGE;
}

char *xmpp_message_get_body(xmpp_stanza_t *msg)
{
    return is_message(msg)
               ? xmpp_stanza_get_text(node_own_child(msg, STR("body")))
               : NULL;
}

int xmpp_message_set_body(xmpp_stanza_t *msg, const char *text)
{
    if (!is_message(msg) || !text || node_own_child(msg, STR("body")))
        return node_misuse(msg, "xmpp_message_set_body(): the text is NULL, "
                                "the stanza is not a message, or it has a body "
                                "already");
    /* EINVOP: there was no memory for the element that gets the text */
    return build_text(build_child(msg, N_BODY, NAME_NONE), str_of(text)) ==
                   XMPP_EINVOP
               ? XMPP_EMEM
               : xmpp_stanza_get_status(msg);
}

/* ---- answers and errors ------------------------------------------ */

/* Without `from`, which the server fills in, and without xmlns: the answer is
 * in the namespace of its stream. */
xmpp_stanza_t *xmpp_stanza_reply(xmpp_stanza_t *stanza)
{
    struct str from = node_attr(stanza, N_FROM);
    xmpp_stanza_t *node;

    if (!from.s)
        return NULL;
    node = node_new(node_env(stanza), ARENA_SMALL);
    if (!node)
        return NULL;
    node_set_name(node, node_name(stanza));
    for (const struct attr *a = stanza->attrs; a; a = a->next)
        if (a->id != N_TO && a->id != N_FROM && a->id != N_XMLNS)
            node_set_attr(node, a->name, a->value);
    build_received(node, N_TO, from);
    return node;
}

/* `from` is the address that the stanza was sent to, as in libstrophe, because
 * a component has to name itself. The condition comes before the text (RFC 6120
 * section 8.3.2). */
xmpp_stanza_t *xmpp_stanza_reply_error(xmpp_stanza_t *stanza,
                                       const char *error_type,
                                       const char *condition, const char *text)
{
    struct str to = node_attr(stanza, N_TO);
    xmpp_stanza_t *node, *error;

    if (!error_type || !condition)
        return NULL;
    node = xmpp_stanza_reply(stanza);
    if (!node)
        return NULL;
    node_set(node, N_TYPE, STR("error"));
    if (to.s)
        build_received(node, N_FROM, to);
    error = build_child(node, N_ERROR, NAME_NONE);
    xmpp_stanza_set_type(error, error_type);
    xmpp_stanza_add_tag(error, condition, name_text(NS_STANZA_ERRORS).s);
    xmpp_stanza_add_text_tag(error, "text", name_text(NS_STANZA_ERRORS).s,
                             text);
    return node;
}

/* The prefix is written out: a node without xmlns gets none from the writer. */
xmpp_stanza_t *xmpp_error_new(xmpp_ctx_t *ctx, xmpp_error_type_t type,
                              const char *text)
{
    const char *ns = name_text(NS_STREAM_ERRORS).s;
    xmpp_stanza_t *node = xmpp_stanza_new_tag(ctx, "stream:error", NULL);

    xmpp_stanza_add_tag(node, condition_name(type), ns);
    xmpp_stanza_add_text_tag(node, "text", ns, text);
    return node;
}

void build_copy(xmpp_stanza_t *parent, const xmpp_stanza_t *child)
{
    xmpp_stanza_t *copy = parent ? xmpp_stanza_copy(child) : NULL;

    if (copy)
        xmpp_stanza_add_child_ex(parent, copy, 0);
    else if (parent)
        node_fail(parent, XMPP_EMEM);
}
