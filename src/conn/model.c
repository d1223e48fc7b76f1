/* model.c - what a server keeps for our account: values by address, and their
 * copy in the store. */

#include <xmpp/model.h>

#include <xmpp/dict.h>
#include <xmpp/store.h>

#include "conn/conn.h"
#include "stanza/chars.h"

#define VERSION_KEY "/" /* in the store; no address is this */

/* The store has the values and then the version, so that a version in the store
 * stands for no less than what is beside it. */
struct _xmpp_model_t {
    xmpp_conn_t *conn;
    const xmpp_payload_t *payload;
    const char *kind;
    xmpp_jid_part_t part; /* of the address */
    xmpp_dict_t *values;  /* struct entry */
    xmpp_dict_t *removed; /* addresses, during a load */
    struct entry *swept;  /* up to here no value is out of date; or NULL */
    size_t settled;       /* values whose load is the present one */
    char *version, *pushed_version;
    unsigned long load;
    bool is_loading;
    bool is_loaded;        /* no change is missing since then */
    bool is_stored;        /* the store has what is in `values` */
    bool has_version;      /* the store */
    bool is_short;         /* a value could not be put: there is no version */
    bool is_short_by_load; /* since the load began */
};

struct entry {
    void *value;
    unsigned long load; /* the last one that settled it */
};

/* ---- life -------------------------------------------------------- */

static void entry_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct entry *)record)->value);
}

static void model_clear(xmpp_model_t *model)
{
    const struct env *env = &model->conn->ctx->env;

    xmpp_dict_clear(model->values);
    xmpp_dict_clear(model->removed);
    model->swept = NULL;
    model->settled = 0;
    env_free(env, model->version);
    env_free(env, model->pushed_version);
    model->version = model->pushed_version = NULL;
    model->is_stored = model->has_version = false;
    model->is_loading = model->is_loaded = false;
    model->is_short = model->is_short_by_load = false;
}

xmpp_model_t *xmpp_model_new(xmpp_conn_t *conn, const xmpp_payload_t *payload,
                             const char *kind, size_t most)
{
    xmpp_model_t *model;

    if (!conn || !payload)
        return NULL;
    model = env_zalloc(&conn->ctx->env, sizeof(*model));
    if (!model)
        return NULL;
    model->conn = conn;
    model->payload = payload;
    model->kind = kind;
    model->part = XMPP_JID_BARE;
    model->load = 1;
    model->values =
        xmpp_dict_new(conn->ctx, sizeof(struct entry), most, entry_done);
    model->removed = xmpp_dict_new(conn->ctx, 1, most, NULL);
    if (model->values && model->removed)
        return model;
    xmpp_model_free(model);
    return NULL;
}

void xmpp_model_free(xmpp_model_t *model)
{
    if (!model)
        return;
    if (model->values && model->removed)
        model_clear(model);
    xmpp_dict_free(model->values);
    xmpp_dict_free(model->removed);
    env_free(&model->conn->ctx->env, model);
}

void xmpp_model_set_most(xmpp_model_t *model, size_t most)
{
    if (!model)
        return;
    xmpp_dict_set_most(model->values, most);
    xmpp_dict_set_most(model->removed, most);
}

void xmpp_model_set_part(xmpp_model_t *model, xmpp_jid_part_t part)
{
    if (model && !xmpp_dict_count(model->values))
        model->part = part;
}

/* ---- the store --------------------------------------------------- */

/* NULL removes. If it fails, what the store has is only a beginning for the
 * next program: it gets no version any more. */
static void store_text(xmpp_model_t *model, const char *key, const char *text,
                       bool is_failed)
{
    xmpp_conn_t *conn = model->conn;

    if (!is_failed &&
        xmpp_conn_store_put(conn, 0, model->kind, key, text, (size_t)-1) == 0)
        return;
    model->is_stored = false;
    if (model->has_version)
        xmpp_conn_store_put(conn, 0, model->kind, VERSION_KEY, NULL, 0);
}

static void store_version(xmpp_model_t *model)
{
    if (!model->is_stored || (!model->version && !model->has_version))
        return;
    store_text(model, VERSION_KEY, model->version, false);
    model->has_version = model->version != NULL;
}

static void replace_version(xmpp_model_t *model, const char *version)
{
    const struct env *env = &model->conn->ctx->env;
    char *before = model->version;

    model->version = model->is_short ? NULL : env_strdup(env, version);
    env_free(env, before);
}

static void store_value(xmpp_model_t *model, const char *key, const void *value)
{
    xmpp_ctx_t *ctx = model->conn->ctx;
    char *text = NULL;

    if (!model->is_stored)
        return;
    /* During a load the stored version stands for neither the old nor the new
     * values. */
    if (model->is_loading && model->has_version) {
        store_text(model, VERSION_KEY, NULL, false);
        model->has_version = false;
    }
    if (value)
        text = xmpp_payload_to_text(ctx, model->payload, value, NULL);
    store_text(model, key, text, value && !text);
    xmpp_free(ctx, text);
}

/* Whoever wrote it: what cannot be read is missing, and so there is no version.
 * A version that no stanza can carry would keep the whole from being loaded
 * ever again. */
static int restore_text(void *to, const char *key, const char *text, size_t n)
{
    xmpp_model_t *model = to;
    xmpp_ctx_t *ctx = model->conn->ctx;
    struct entry *entry;
    void *value;

    if (str_eq(str_of(key), str_of(VERSION_KEY))) {
        env_free(&ctx->env, model->version);
        model->version = chars_are_text(str_n(text, n))
                             ? env_strndup(&ctx->env, text, n)
                             : NULL;
        model->is_short = model->is_short || !model->version;
        model->has_version = true;
        return 0;
    }
    value = xmpp_payload_from_text(ctx, model->payload, text, n);
    entry = value ? xmpp_dict_put(model->values, key, (size_t)-1) : NULL;
    if (!entry || entry->value) {
        xmpp_free(ctx, value);
        model->is_short = true;
        return 0;
    }
    entry->value = value;
    return 0;
}

void xmpp_model_restore(xmpp_model_t *model)
{
    int rc;

    if (!model)
        return;
    model_clear(model);
    if (!model->kind || !model->conn->store.size)
        return;
    rc = xmpp_conn_store_each(model->conn, 0, model->kind, restore_text, model);
    model->is_stored = rc == 0;
    model->is_short = model->is_short || rc;
    if (model->is_short)
        replace_version(model, NULL);
}

/* ---- values ------------------------------------------------------ */

static struct entry *entry_find(const xmpp_model_t *model,
                                const xmpp_jid_t *jid)
{
    return model && jid ? xmpp_dict_find_jid(model->values, jid, model->part)
                        : NULL;
}

const void *xmpp_model_get(const xmpp_model_t *model, const xmpp_jid_t *jid)
{
    struct entry *entry = entry_find(model, jid);

    return entry ? entry->value : NULL;
}

const void *xmpp_model_next(const xmpp_model_t *model, const xmpp_jid_t *jid)
{
    struct entry *entry = entry_find(model, jid);

    if (!model || (jid && !entry))
        return NULL;
    entry = xmpp_dict_next(model->values, entry);
    return entry ? entry->value : NULL;
}

size_t xmpp_model_count(const xmpp_model_t *model)
{
    return model ? xmpp_dict_count(model->values) : 0;
}

/* The model is not what the server has. */
static int left_out(xmpp_model_t *model, int rc)
{
    model->is_short = model->is_short_by_load = true;
    replace_version(model, NULL);
    store_version(model);
    return rc;
}

static void entry_forget(xmpp_model_t *model, struct entry *entry)
{
    if (model->swept == entry)
        model->swept = NULL;
    model->settled -= entry->load == model->load;
    xmpp_dict_drop(model->values, entry);
}

/* Take it out of the model and the store. */
static void *entry_drop(xmpp_model_t *model, struct entry *entry)
{
    void *value = entry->value;

    entry->value = NULL;
    store_value(model, xmpp_dict_key(entry, NULL), NULL);
    entry_forget(model, entry);
    return value;
}

/* An equal value is left as it is: 1. A place without a value is new. */
static int entry_put(xmpp_model_t *model, struct entry *entry,
                     const void *value, const void **ret_now, void **ret_before)
{
    void *now;

    model->settled += entry->load != model->load;
    entry->load = model->load;
    if (entry->value && xmpp_payload_equal(model->payload, entry->value, value))
        return 1;
    now = xmpp_payload_copy(model->conn->ctx, model->payload, value);
    if (!now && !entry->value)
        entry_forget(model, entry);
    if (!now)
        return left_out(model, XMPP_EMEM);
    *ret_before = entry->value;
    *ret_now = entry->value = now;
    store_value(model, xmpp_dict_key(entry, NULL), now);
    return 0;
}

static int put_value(xmpp_model_t *model, const xmpp_jid_t *jid,
                     const void *value, bool is_answer, const void **ret_now,
                     void **ret_before)
{
    struct entry *entry;

    if (!model || !jid || !value)
        return XMPP_EINVOP;
    if (is_answer && xmpp_dict_count(model->removed) &&
        xmpp_dict_find_jid(model->removed, jid, model->part))
        return 1;
    entry = xmpp_dict_put_jid(model->values, jid, model->part);
    if (!entry)
        return left_out(model, XMPP_EFULL);
    if (is_answer && entry->value && entry->load == model->load)
        return 1;
    return entry_put(model, entry, value, ret_now, ret_before);
}

int xmpp_model_put(xmpp_model_t *model, const xmpp_jid_t *jid,
                   const void *value, const void **ret_now, void **ret_before)
{
    return put_value(model, jid, value, false, ret_now, ret_before);
}

int xmpp_model_fill(xmpp_model_t *model, const xmpp_jid_t *jid,
                    const void *value, const void **ret_now, void **ret_before)
{
    return put_value(model, jid, value, true, ret_now, ret_before);
}

int xmpp_model_remove(xmpp_model_t *model, const xmpp_jid_t *jid,
                      void **ret_before)
{
    struct entry *entry = entry_find(model, jid);

    if (!model || !jid)
        return XMPP_EINVOP;
    if (model->is_loading &&
        !xmpp_dict_put_jid(model->removed, jid, model->part))
        return left_out(model, XMPP_EFULL);
    if (!entry)
        return 1;
    *ret_before = entry_drop(model, entry);
    return 0;
}

/* ---- loads and versions ------------------------------------------ */

void xmpp_model_begin(xmpp_model_t *model)
{
    if (!model)
        return;
    model->load++;
    model->is_loading = true;
    model->is_loaded = false;
    model->is_short_by_load = false;
    model->swept = NULL;
    model->settled = 0;
}

int xmpp_model_sweep(xmpp_model_t *model, void **ret_before)
{
    struct entry *entry;

    if (!model)
        return XMPP_EINVOP;
    while (model->settled < xmpp_dict_count(model->values) &&
           (entry = xmpp_dict_next(model->values, model->swept))) {
        if (entry->load != model->load) {
            *ret_before = entry_drop(model, entry);
            return 0;
        }
        model->swept = entry;
    }
    return 1;
}

void xmpp_model_end(xmpp_model_t *model, xmpp_model_end_t how,
                    const char *version)
{
    if (!model)
        return;
    model->is_loading = false;
    model->is_loaded = how != XMPP_MODEL_NOT_LOADED;
    if (how == XMPP_MODEL_REPLACED) {
        model->is_short = model->is_short_by_load;
        replace_version(model, version);
    }
    if (model->is_loaded && model->pushed_version)
        replace_version(model, model->pushed_version);
    env_free(&model->conn->ctx->env, model->pushed_version);
    model->pushed_version = NULL;
    xmpp_dict_clear(model->removed);
    if (model->is_loaded)
        store_version(model);
}

void xmpp_model_set_version(xmpp_model_t *model, const char *version)
{
    const struct env *env = model ? &model->conn->ctx->env : NULL;

    if (!model || !version)
        return;
    if (model->is_loading) {
        env_free(env, model->pushed_version);
        model->pushed_version = env_strdup(env, version);
    } else if (model->is_loaded) {
        replace_version(model, version);
        store_version(model);
    }
}

const char *xmpp_model_get_version(const xmpp_model_t *model)
{
    return model ? model->version : NULL;
}
