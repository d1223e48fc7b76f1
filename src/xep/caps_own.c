/* caps_own.c - XEP-0115 and XEP-0390: our own capabilities. */

#include <xmpp/xep/caps_own.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/ns.h>
#include <xmpp/slot.h>
#include <xmpp/xep/caps_c.h>
#include <xmpp/xep/caps_hash.h>

#define DEFAULT_NODE "libxmpp"
#define DELAY 1000 /* milliseconds in which changes are collected */

/* How many sets of hashes are answered (XEP-0390 section 5.1). */
#define SETS 3

/* The first is that of XEP-0115, where everybody has this function only; the
 * others are those of XEP-0300 that everybody must have. */
enum { VER, HASH, HASH3, HASHES };
static const char *const algos[HASHES] = {"sha-1", "sha-256", "sha3-256"};

/* What we declared at some time. All is owned. A hash that cannot be made is
 * NULL, and so is its node. */
struct set {
    char *hash[HASHES];
    char *node[HASHES]; /* where others query it */
    xmpp_disco_info_t *info;
};

struct own {
    char *node;           /* of XEP-0115; owned, or NULL */
    struct set set[SETS]; /* the newest first */
    int is_stale;         /* something changed since the newest was made */
    int is_timed;         /* the presence will be sent again */
};

static const char *own_node(const struct own *own)
{
    return own->node ? own->node : DEFAULT_NODE;
}

/* ---- sets -------------------------------------------------------- */

static void set_clear(xmpp_ctx_t *ctx, struct set *set)
{
    for (int i = 0; i < HASHES; i++) {
        xmpp_free(ctx, set->hash[i]);
        xmpp_free(ctx, set->node[i]);
    }
    xmpp_free(ctx, set->info);
    memset(set, 0, sizeof(*set));
}

/* XEP-0115 section 6.2; XEP-0390 section 4.3. */
static char *node_of(xmpp_ctx_t *ctx, const struct own *own, int i,
                     const char *hash)
{
    const char *texts[] = {i == VER ? own_node(own) : XMPP_NS_CAPS2, "#",
                           i == VER ? "" : algos[i], i == VER ? "" : ".", hash};
    size_t n = 1;
    char *node;

    for (int k = 0; k < 5; k++)
        n += strlen(texts[k]);
    node = xmpp_zalloc(ctx, n);
    for (int k = 0; node && k < 5; k++)
        strcat(node, texts[k]);
    return node;
}

/* Without memory some hashes are missing. */
static void set_make(xmpp_conn_t *conn, const struct own *own,
                     const xmpp_disco_info_t *info, struct set *ret)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);

    memset(ret, 0, sizeof(*ret));
    for (int i = 0; i < HASHES; i++) {
        ret->hash[i] = i == VER ? xmpp_caps_ver(conn, info, algos[i])
                                : xmpp_caps_hash(conn, info, algos[i]);
        if (ret->hash[i])
            ret->node[i] = node_of(ctx, own, i, ret->hash[i]);
    }
    ret->info = xmpp_payload_copy(ctx, &xmpp_disco_info, info);
}

static int is_same_set(const struct set *a, const struct set *b)
{
    for (int i = 0; i < HASHES; i++)
        if (!a->node[i] != !b->node[i] ||
            (a->node[i] && strcmp(a->node[i], b->node[i]) != 0))
            return 0;
    return a->info && b->info;
}

/* A hash that is missing may have lacked memory only. */
static int is_whole(const struct set *set)
{
    return set->info && set->node[VER] && set->node[HASH] && set->node[HASH3];
}

static void write_info(xmpp_stanza_t *query, const xmpp_disco_info_t *info)
{
    for (size_t i = 0; i < info->identity_count; i++)
        xmpp_payload_add(query, &xmpp_disco_identity, info->identities[i]);
    for (size_t i = 0; i < info->feature_count; i++)
        xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                        info->features[i]);
    for (size_t i = 0; i < info->form_count; i++)
        xmpp_payload_add(query, &xmpp_form, info->forms[i]);
}

/* The node has no items (XEP-0115 section 6.2). */
static int on_hash_query(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                         xmpp_stanza_t *query, void *userdata)
{
    const struct own *own = xmpp_conn_get_state(conn, &xmpp_mod_caps_own);
    const char *node = xmpp_stanza_get_attribute(in->element, "node");

    (void)userdata;
    if (strcmp(xmpp_stanza_get_ns(query), XMPP_NS_DISCO_INFO) != 0)
        return 0;
    for (int i = 0; i < SETS * HASHES; i++) {
        const struct set *set = &own->set[i / HASHES];

        if (set->node[i % HASHES] && strcmp(set->node[i % HASHES], node) == 0) {
            write_info(query, set->info);
            return 1;
        }
    }
    return 0;
}

/* Two sets may have the same nodes: what was removed for the oldest is added
 * again. */
static void push_set(xmpp_conn_t *conn, struct own *own, struct set set)
{
    struct set *oldest = &own->set[SETS - 1];

    for (int i = 0; i < HASHES; i++)
        if (oldest->node[i])
            xmpp_disco_remove_node(conn, oldest->node[i]);
    set_clear(xmpp_conn_get_context(conn), oldest);
    memmove(&own->set[1], &own->set[0], (SETS - 1) * sizeof(set));
    own->set[0] = set;
    for (int i = 0; i < SETS * HASHES; i++)
        if (own->set[i / HASHES].node[i % HASHES])
            xmpp_disco_add_node(conn, own->set[i / HASHES].node[i % HASHES],
                                on_hash_query, NULL);
}

/* Make the newest set, unless it is what we declare now. 1 if it is another; 0;
 * XMPP_EMEM. */
static int own_update(xmpp_conn_t *conn, struct own *own)
{
    const xmpp_disco_info_t *info = xmpp_disco_get_own(conn);
    struct set set;
    int rc = 1;

    if (own->set[0].info && !own->is_stale)
        return 0;
    if (!info)
        return XMPP_EMEM;
    set_make(conn, own, info, &set);
    own->is_stale = !is_whole(&set);
    if (!set.info)
        rc = XMPP_EMEM;
    else if (is_same_set(&set, &own->set[0]))
        rc = 0;
    if (rc > 0)
        push_set(conn, own, set);
    else
        set_clear(xmpp_conn_get_context(conn), &set);
    return rc;
}

/* ---- in presence ------------------------------------------------- */

static void remove_caps(xmpp_stanza_t *presence, const char *ns)
{
    xmpp_stanza_t *c;

    while ((c = xmpp_stanza_next_tag(presence, NULL, "c", ns)))
        if (xmpp_stanza_remove(c))
            return;
}

/* What there is, and neither element without a hash. */
static void write_caps(xmpp_stanza_t *presence, const struct own *own)
{
    const struct set *set = &own->set[0];
    xmpp_stanza_t *c2 = NULL;
    xmpp_caps_c_t c;

    XMPP_INIT(xmpp_caps_c, c);
    c.hash = algos[VER];
    c.node = own_node(own);
    c.ver = set->hash[VER];
    xmpp_payload_add(presence, &xmpp_caps_c, c.ver ? &c : NULL);
    if (set->hash[HASH] || set->hash[HASH3])
        c2 = xmpp_stanza_add_tag(presence, "c", XMPP_NS_CAPS2);
    for (int i = HASH; i < HASHES; i++)
        xmpp_stanza_put(
            xmpp_stanza_add_text_tag(c2, "hash", XMPP_NS_HASHES, set->hash[i]),
            "algo", algos[i]);
}

/* A stanza may be sent twice, and then has our hashes already. Without memory
 * it goes as it is. */
static void on_out_presence(xmpp_conn_t *conn, xmpp_stanza_t *presence,
                            void *state)
{
    struct own *own = state;

    if (xmpp_stanza_get_type(presence))
        return;
    remove_caps(presence, XMPP_NS_CAPS);
    remove_caps(presence, XMPP_NS_CAPS2);
    if (own_update(conn, own) < 0)
        xmpp_conn_log(conn, &xmpp_mod_caps_own, XMPP_LEVEL_WARN,
                      "out of memory: presence goes without capabilities");
    else
        write_caps(presence, own);
}

/* ---- changes ----------------------------------------------------- */

/* A connection that is lost now does this when it comes back. */
static void send_again(xmpp_conn_t *conn, struct own *own)
{
    if (xmpp_conn_get_presence(conn) && own->is_stale &&
        xmpp_conn_is_connected(conn) && own_update(conn, own) > 0)
        xmpp_send_take(conn, xmpp_stanza_copy(xmpp_conn_get_presence(conn)));
}

static void on_changes_collected(xmpp_conn_t *conn, void *userdata)
{
    struct own *own = xmpp_conn_get_state(conn, &xmpp_mod_caps_own);

    (void)userdata;
    if (!own)
        return;
    own->is_timed = 0;
    send_again(conn, own);
}

static void on_changed(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    struct own *own = xmpp_conn_get_state(conn, &xmpp_mod_caps_own);

    (void)event;
    (void)userdata;
    if (!own)
        return;
    own->is_stale = 1;
    if (xmpp_conn_get_presence(conn) && !own->is_timed)
        own->is_timed = xmpp_slot_add_timeout(conn, on_changes_collected, DELAY,
                                              NULL, NULL, NULL) == 0;
}

int xmpp_caps_set_node(xmpp_conn_t *conn, const char *node)
{
    struct own *own = xmpp_conn_get_state(conn, &xmpp_mod_caps_own);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *copy;

    if (!own)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_caps_own);
    if (node && (!*node || strchr(node, '#')))
        return xmpp_conn_fail(conn, &xmpp_mod_caps_own, XMPP_EARG,
                              "the node \"%s\" is empty or contains a '#': "
                              "pass the address of a page about the software",
                              node);
    copy = xmpp_copy_text(ctx, node);
    if (node && !copy)
        return XMPP_EMEM;
    xmpp_free(ctx, own->node);
    own->node = copy;
    on_changed(conn, NULL, NULL);
    return 0;
}

/* ---- the module -------------------------------------------------- */

static void hashes_detached(xmpp_conn_t *conn, struct own *own)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);

    for (int i = 0; i < SETS; i++)
        set_clear(ctx, &own->set[i]);
    xmpp_free(ctx, own->node);
}

static int on_hashes_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                               void *state)
{
    if (event == XMPP_ATTACHED) {
        int rc = xmpp_conn_watch(conn, &xmpp_mod_disco_own, on_changed, NULL);

        return rc < 0 ? rc : 0;
    }
    if (event == XMPP_SESSION_RESUMED)
        send_again(conn, state);
    if (event == XMPP_DETACHED)
        hashes_detached(conn, state);
    return 0;
}

static const xmpp_row_t caps_rows[] = {
    XMPP_NEEDS(&xmpp_mod_disco),
    XMPP_OUT_PRESENCE(on_out_presence),
    XMPP_FEATURE(XMPP_NS_CAPS),
    XMPP_FEATURE(XMPP_NS_CAPS2),
    XMPP_LIFECYCLE(on_hashes_lifecycle),
    XMPP_SPEC("XEP-0390", "0.3.2", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_caps_own, "caps_own", sizeof(struct own), caps_rows);
