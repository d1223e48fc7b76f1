/* disco_own.c - XEP-0030: our own identities, features and forms. */

#include <xmpp/xep/disco_own.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>

enum part { FEATURES, IDENTITIES, FORMS, PARTS };

static const xmpp_payload_t *const part_payloads[PARTS] = {
    NULL, &xmpp_disco_identity, &xmpp_form};
static const char *const part_needs[PARTS] = {
    "a feature is a text", "an identity needs a category and a type",
    "a form needs a FORM_TYPE"};

/* Something that was added; a feature is its key. */
struct added {
    void *value; /* owned; NULL of a feature */
};

struct own {
    xmpp_dict_t *parts[PARTS]; /* struct added, in the order of adding */
    xmpp_disco_info_t *info;   /* NULL: to be made when it is needed */
};

static struct own *own_of(xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_disco_own);
}

/* Watchers may do anything: nothing is looked at afterwards. */
static void own_renew(xmpp_conn_t *conn, struct own *own)
{
    xmpp_free(xmpp_conn_get_context(conn), own->info);
    own->info = NULL;
    xmpp_conn_emit(conn, &xmpp_mod_disco_own, XMPP_DISCO_CHANGED, NULL, NULL);
}

void xmpp_disco_changed(xmpp_conn_t *conn)
{
    struct own *own = own_of(conn);

    if (own)
        own_renew(conn, own);
}

/* ---- adding and removing ----------------------------------------- */

/* Those that are there, as one; owned. */
static char *joined_text(xmpp_ctx_t *ctx, const char *separator, const char *a,
                         const char *b, const char *c)
{
    const char *texts[] = {a, b ? b : "", c ? c : ""};
    size_t n = strlen(a) + strlen(texts[1]) + strlen(texts[2]) + 3;
    char *text = xmpp_zalloc(ctx, n);

    for (int i = 0; text && i < 3; i++)
        if (*texts[i])
            strcat(strcat(text, i ? separator : ""), texts[i]);
    return text;
}

static int put_copy(xmpp_ctx_t *ctx, struct own *own, enum part part,
                    const char *key, const void *value)
{
    void *copy = part == FEATURES
                     ? NULL
                     : xmpp_payload_copy(ctx, part_payloads[part], value);
    struct added *added;

    if (part != FEATURES && !copy)
        return XMPP_EMEM;
    added = xmpp_dict_put(own->parts[part], key, (size_t)-1);
    if (!added) {
        xmpp_free(ctx, copy);
        return XMPP_EMEM;
    }
    xmpp_free(ctx, added->value);
    added->value = copy;
    return 0;
}

/* Add a value, or with NULL remove it. The result is that of the public
 * functions. */
static int part_change(xmpp_conn_t *conn, enum part part, const char *key,
                       const void *value)
{
    struct own *own = own_of(conn);
    struct added *there = xmpp_dict_find(own->parts[part], key, (size_t)-1);
    int is_same = value && there &&
                  (part == FEATURES || xmpp_payload_equal(part_payloads[part],
                                                          there->value, value));
    int changes = value ? !is_same : !!there;
    int rc = 0;

    if (changes && value)
        rc = put_copy(xmpp_conn_get_context(conn), own, part, key, value);
    else if (changes)
        xmpp_dict_drop(own->parts[part], there);
    if (rc)
        return rc;
    if (changes)
        own_renew(conn, own);
    return value ? !changes : changes;
}

static int part_set(xmpp_conn_t *conn, enum part part, const char *a,
                    const char *b, const char *c, const void *value)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *key;
    int rc;

    if (!own_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_disco_own);
    if (!a || (part == IDENTITIES && !b))
        return xmpp_conn_fail(conn, &xmpp_mod_disco_own, XMPP_EARG, "%s",
                              part_needs[part]);
    if (value && part != FEATURES) {
        rc = xmpp_payload_check(ctx, part_payloads[part], value);
        if (rc)
            return rc;
    }
    key = joined_text(ctx, "\n", a, b, c); /* which one it is */
    if (!key)
        return XMPP_EMEM;
    xmpp_conn_hold(conn); /* and the context with it */
    rc = part_change(conn, part, key, value);
    xmpp_free(ctx, key);
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_disco_add_feature(xmpp_conn_t *conn, const char *feature)
{
    return part_set(conn, FEATURES, feature, NULL, NULL, feature);
}

int xmpp_disco_remove_feature(xmpp_conn_t *conn, const char *feature)
{
    return part_set(conn, FEATURES, feature, NULL, NULL, NULL);
}

static int identity_set(xmpp_conn_t *conn, const xmpp_disco_identity_t *which,
                        const void *value)
{
    return part_set(conn, IDENTITIES, which ? which->category : NULL,
                    which ? which->type : NULL, which ? which->lang : NULL,
                    value);
}

int xmpp_disco_add_identity(xmpp_conn_t *conn,
                            const xmpp_disco_identity_t *identity)
{
    return identity_set(conn, identity, identity);
}

int xmpp_disco_remove_identity(xmpp_conn_t *conn,
                               const xmpp_disco_identity_t *identity)
{
    return identity_set(conn, identity, NULL);
}

int xmpp_disco_add_form(xmpp_conn_t *conn, const xmpp_form_t *form)
{
    return part_set(conn, FORMS, form ? xmpp_form_get_form_type(form) : NULL,
                    NULL, NULL, form);
}

int xmpp_disco_remove_form(xmpp_conn_t *conn, const char *form_type)
{
    return part_set(conn, FORMS, form_type, NULL, NULL, NULL);
}

/* ---- what we answer for ourselves -------------------------------- */

static void part_write(xmpp_stanza_t *query, const struct own *own,
                       enum part part)
{
    const struct added *added = NULL;

    while ((added = xmpp_dict_next(own->parts[part], added)))
        xmpp_payload_add(query, part_payloads[part], added->value);
}

static int has_identity(xmpp_stanza_t *query,
                        const xmpp_disco_identity_t *identity)
{
    const xmpp_disco_info_t *info = NULL;

    return xmpp_payload_read(query, &xmpp_disco_info, (const void **)&info) ==
               0 &&
           xmpp_disco_has_identity(info, identity->category, identity->type);
}

/* There must be one (section 3.1): without any it is the usual one. */
static void write_identities(xmpp_conn_t *conn, xmpp_stanza_t *query)
{
    const xmpp_row_t *row = NULL;
    xmpp_disco_identity_t identity;

    XMPP_INIT(xmpp_disco_identity, identity);
    part_write(query, own_of(conn), IDENTITIES);
    while ((row = xmpp_conn_next_row(conn, XMPP_ROW_IDENTITY, row, NULL))) {
        identity.category = row->ns;
        identity.type = row->text;
        identity.name = row->name;
        if (!has_identity(query, &identity))
            xmpp_payload_add(query, &xmpp_disco_identity, &identity);
    }
    if (xmpp_stanza_get_children(query))
        return;
    identity.category = xmpp_conn_is_component(conn) ? "component" : "client";
    identity.type = xmpp_conn_is_component(conn) ? "generic" : "pc";
    xmpp_payload_add(query, &xmpp_disco_identity, &identity);
}

/* Servers write the language of a stream into its stanzas. An identity without
 * one would inherit it, and count with it in some hashes (XEP-0390 section 4.1)
 * and without it in others. So it says itself what it would inherit. */
static void write_languages(xmpp_conn_t *conn, xmpp_stanza_t *query)
{
    const char *lang = xmpp_conn_get_lang(conn);
    xmpp_stanza_t *e = NULL;

    while ((e = xmpp_stanza_next_tag(query, e, "identity", XMPP_NS_DISCO_INFO)))
        if (!xmpp_stanza_get_attribute(e, "xml:lang"))
            xmpp_stanza_put(e, "xml:lang", lang ? lang : "en");
}

/* Several may declare the same: it is there once (XEP-0115 section 5.4). */
static int collect_features(xmpp_conn_t *conn, xmpp_dict_t *all)
{
    const struct added *added = NULL;
    const xmpp_row_t *row = NULL;
    int is_whole = 1;

    while ((row = xmpp_conn_next_row(conn, XMPP_ROW_FEATURE, row, NULL)))
        is_whole &= !!xmpp_dict_put(all, row->ns, (size_t)-1);
    while ((row = xmpp_conn_next_row(conn, XMPP_ROW_NODE, row, NULL))) {
        char *notify = NULL;

        if (!(row->flags & XMPP_NOTIFY))
            continue;
        notify = joined_text(xmpp_conn_get_context(conn), "", row->ns,
                             "+notify", NULL);
        is_whole &= !!xmpp_dict_put(all, notify, (size_t)-1);
        xmpp_free(xmpp_conn_get_context(conn), notify);
    }
    while ((added = xmpp_dict_next(own_of(conn)->parts[FEATURES], added)))
        is_whole &=
            !!xmpp_dict_put(all, xmpp_dict_key(added, NULL), (size_t)-1);
    return is_whole ? 0 : XMPP_EMEM;
}

static int write_features(xmpp_conn_t *conn, xmpp_stanza_t *query)
{
    xmpp_dict_t *all = xmpp_dict_new(xmpp_conn_get_context(conn), 0, 0, NULL);
    int rc = all ? collect_features(conn, all) : XMPP_EMEM;
    const void *one = NULL;

    while ((one = xmpp_dict_next(all, one)))
        xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                        xmpp_dict_key(one, NULL));
    xmpp_dict_free(all);
    return rc;
}

static void write_forms(xmpp_conn_t *conn, xmpp_stanza_t *query)
{
    const xmpp_module_t *module = NULL;
    const xmpp_row_t *row = NULL;

    while ((row = xmpp_conn_next_row(conn, XMPP_ROW_FORM, row, &module)))
        row->adder(conn, query, xmpp_conn_get_state(conn, module));
    part_write(query, own_of(conn), FORMS);
}

static xmpp_disco_info_t *info_new(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_stanza_t *query =
        xmpp_stanza_new_tag(ctx, "query", XMPP_NS_DISCO_INFO);
    xmpp_disco_info_t *copy = NULL;
    const void *info = NULL;

    write_identities(conn, query);
    write_languages(conn, query);
    if (write_features(conn, query) == 0) {
        write_forms(conn, query);
        if (xmpp_stanza_get_status(query) == 0 &&
            xmpp_payload_read(query, &xmpp_disco_info, &info) == 0)
            copy = xmpp_payload_copy(ctx, &xmpp_disco_info, info);
    }
    xmpp_stanza_release(query);
    return copy;
}

const xmpp_disco_info_t *xmpp_disco_get_own(xmpp_conn_t *conn)
{
    struct own *own = own_of(conn);

    if (own && !own->info)
        own->info = info_new(conn);
    return own ? own->info : NULL;
}

/* ---- the module -------------------------------------------------- */

static void added_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct added *)record)->value);
}

static void own_detached(xmpp_conn_t *conn, struct own *own)
{
    for (int i = 0; i < PARTS; i++)
        xmpp_dict_free(own->parts[i]);
    xmpp_free(xmpp_conn_get_context(conn), own->info);
}

static int own_attached(xmpp_conn_t *conn, struct own *own)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int is_whole = 1;

    for (int i = 0; i < PARTS; i++) {
        own->parts[i] = xmpp_dict_new(ctx, sizeof(struct added), 0, added_done);
        is_whole &= !!own->parts[i];
    }
    if (!is_whole)
        own_detached(conn, own);
    return is_whole ? 0 : XMPP_EMEM;
}

/* A connection may be a client first and a component then. */
static int on_own_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                            void *state)
{
    if (event == XMPP_ATTACHED)
        return own_attached(conn, state);
    if (event == XMPP_SESSION_STARTED || event == XMPP_MODULES_CHANGED)
        own_renew(conn, state);
    if (event == XMPP_DETACHED)
        own_detached(conn, state);
    return 0;
}

static const xmpp_row_t own_rows[] = {
    XMPP_EVENT(XMPP_DISCO_CHANGED, "changed", NULL),
    XMPP_LIFECYCLE(on_own_lifecycle),
    XMPP_SPEC("XEP-0128", "1.0.1", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_disco_own, "disco_own", sizeof(struct own), own_rows);
