/* avatar.c - avatars as nodes of an account (XEP-0084). */

#include <xmpp/xep/avatar.h>

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <xmpp/build.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/photo_change.h>
#include <xmpp/xep/pubsub_owner.h>

struct avatars {
    long octets;
};

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t info_fields[] = {
    XMPP_ATTR_MUST(xmpp_avatar_info_t, id, TEXT, "id"),
    XMPP_ATTR_MUST(xmpp_avatar_info_t, octets, NUMBER, "bytes"),
    XMPP_ATTR(xmpp_avatar_info_t, type, TEXT, "type"),
    XMPP_ATTR(xmpp_avatar_info_t, width, NUMBER, "width"),
    XMPP_ATTR(xmpp_avatar_info_t, height, NUMBER, "height"),
    XMPP_ATTR(xmpp_avatar_info_t, url, TEXT, "url"),
};
XMPP_PAYLOAD(xmpp_avatar_info, xmpp_avatar_info_t, "info",
             XMPP_NS_AVATAR_METADATA, info_fields);

static const xmpp_field_t avatar_fields[] = {
    XMPP_ELEMENTS(xmpp_avatar_t, infos, info_count, &xmpp_avatar_info),
};
XMPP_PAYLOAD(xmpp_avatar, xmpp_avatar_t, "metadata", XMPP_NS_AVATAR_METADATA,
             avatar_fields);

static const xmpp_field_t image_fields[] = {
    XMPP_TEXT_MUST(xmpp_avatar_image_t, data, BYTES),
    XMPP_ATTR(xmpp_avatar_image_t, type, TEXT, "type"),
    XMPP_ATTR(xmpp_avatar_image_t, width, NUMBER, "width"),
    XMPP_ATTR(xmpp_avatar_image_t, height, NUMBER, "height"),
};
XMPP_PAYLOAD(xmpp_avatar_image, xmpp_avatar_image_t, "image",
             XMPP_NS_AVATAR_DATA, image_fields);

/* The element: it has no attributes (section 4.1). */
static const xmpp_field_t data_fields[] = {
    XMPP_TEXT_MUST(xmpp_avatar_image_t, data, BYTES)};
static XMPP_PAYLOAD(avatar_data, xmpp_avatar_image_t, "data",
                    XMPP_NS_AVATAR_DATA, data_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_avatar_change_t, jid, JID, "jid"),
    XMPP_ELEMENT(xmpp_avatar_change_t, avatar, &xmpp_avatar),
};
XMPP_PAYLOAD(xmpp_avatar_change, xmpp_avatar_change_t, "change",
             XMPP_NS_AVATAR_METADATA, change_fields);

/* ---- events ------------------------------------------------------ */

/* With a node that is purged or deleted goes the avatar. An item that is
 * retracted may be an earlier one. */
static int on_avatar_item(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    xmpp_avatar_change_t change;
    xmpp_avatar_t none;

    (void)state;
    if (in->item_event == XMPP_ITEM_RETRACTED ||
        (in->item_event == XMPP_ITEM_PUBLISHED && !in->value))
        return 0;
    XMPP_INIT(xmpp_avatar_change, change);
    XMPP_INIT(xmpp_avatar, none);
    if (in->from && !(in->sender & XMPP_SENDER_OWN))
        change.jid = *in->from;
    change.avatar = in->item_event == XMPP_ITEM_PUBLISHED ? in->value : &none;
    xmpp_conn_emit(conn, &xmpp_mod_avatar, XMPP_AVATAR_CHANGED, &change, NULL);
    return 0;
}

/* ---- publishing -------------------------------------------------- */

/* Kept by the flow. Without an image the avatar is disabled. */
struct publishing {
    const xmpp_avatar_image_t *image;
    char id[XMPP_DIGEST_HEX_SIZE];
    const char *access_model;
    int is_configured; /* so another refusal is final */
};

/* The places of the steps. */
enum { DATA, DATA_CONFIG, METADATA, METADATA_CONFIG, STEPS };

/* XEP-0398: the photo of the vCard is left to a server that converts. */
static void publish_photo(xmpp_conn_t *conn, const xmpp_avatar_image_t *image)
{
    xmpp_vcard_photo_t photo;
    int rc;

    if (!xmpp_conn_get_state(conn, &xmpp_mod_photo) ||
        xmpp_photo_is_converted(conn))
        return;
    XMPP_INIT(xmpp_vcard_photo, photo);
    if (image) {
        photo.data = image->data;
        photo.type = image->type ? image->type : "image/png";
    }
    rc = xmpp_photo_set(conn, image ? &photo : NULL, NULL, NULL);
    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_avatar, XMPP_LEVEL_WARN,
                      "the photo of our vCard stays as it is: %s",
                      xmpp_strerror(rc));
}

static xmpp_pubsub_config_t config_of(const struct publishing *p)
{
    xmpp_pubsub_config_t config;

    XMPP_INIT(xmpp_pubsub_config, config);
    config.access_model = p->access_model;
    return config;
}

static xmpp_stanza_t *make_item(xmpp_flow_t *flow, const struct publishing *p,
                                const char *node, const xmpp_payload_t *payload,
                                const void *value)
{
    xmpp_pubsub_config_t config = config_of(p);

    return xmpp_pubsub_make_publish(xmpp_flow_get_conn(flow), NULL, node,
                                    p->image ? p->id : NULL, payload, value,
                                    p->access_model ? &config : NULL);
}

static xmpp_stanza_t *send_data(xmpp_flow_t *flow, void *memory)
{
    const struct publishing *p = memory;

    return make_item(flow, p, XMPP_NS_AVATAR_DATA, &avatar_data, p->image);
}

/* The node exists, and is for others (XEP-0060 section 7.1.5). */
static int has_to_be_configured(const struct publishing *p,
                                const xmpp_result_t *result)
{
    return p->access_model && !p->is_configured && result->specific &&
           !strcmp(result->specific, "precondition-not-met");
}

static int receive_data(xmpp_flow_t *flow, void *memory,
                        const xmpp_result_t *result)
{
    struct publishing *p = memory;

    (void)flow;
    if (has_to_be_configured(p, result))
        return DATA_CONFIG;
    p->is_configured = 0;
    return result->status ? XMPP_FLOW_DONE : METADATA;
}

static xmpp_stanza_t *send_config(xmpp_flow_t *flow, const struct publishing *p,
                                  const char *node)
{
    xmpp_pubsub_config_t config = config_of(p);

    return xmpp_pubsub_make_configure(xmpp_flow_get_conn(flow), NULL, node,
                                      &config);
}

static xmpp_stanza_t *send_data_config(xmpp_flow_t *flow, void *memory)
{
    return send_config(flow, memory, XMPP_NS_AVATAR_DATA);
}

static xmpp_stanza_t *send_metadata_config(xmpp_flow_t *flow, void *memory)
{
    return send_config(flow, memory, XMPP_NS_AVATAR_METADATA);
}

static int receive_config(struct publishing *p, const xmpp_result_t *result,
                          int again)
{
    p->is_configured = 1;
    return result->status ? XMPP_FLOW_DONE : again;
}

static int receive_data_config(xmpp_flow_t *flow, void *memory,
                               const xmpp_result_t *result)
{
    (void)flow;
    return receive_config(memory, result, DATA);
}

static int receive_metadata_config(xmpp_flow_t *flow, void *memory,
                                   const xmpp_result_t *result)
{
    (void)flow;
    return receive_config(memory, result, METADATA);
}

static xmpp_stanza_t *send_metadata(xmpp_flow_t *flow, void *memory)
{
    const struct publishing *p = memory;
    xmpp_avatar_info_t info;
    const xmpp_avatar_info_t *infos[1] = {&info};
    xmpp_avatar_t avatar;

    XMPP_INIT(xmpp_avatar, avatar);
    XMPP_INIT(xmpp_avatar_info, info);
    if (p->image) {
        info.id = p->id;
        info.octets = (long)p->image->data.size;
        info.type = p->image->type ? p->image->type : "image/png";
        info.width = p->image->width;
        info.height = p->image->height;
        avatar.infos = infos;
        avatar.info_count = 1;
    }
    return make_item(flow, p, XMPP_NS_AVATAR_METADATA, &xmpp_avatar, &avatar);
}

static int receive_metadata(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    const struct publishing *p = memory;

    if (has_to_be_configured(p, result))
        return METADATA_CONFIG;
    if (result->status == 0)
        publish_photo(xmpp_flow_get_conn(flow), p->image);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t publishing_steps[STEPS] = {
    {"data", send_data, receive_data, NULL},
    {"data config", send_data_config, receive_data_config, NULL},
    {"metadata", send_metadata, receive_metadata, NULL},
    {"metadata config", send_metadata_config, receive_metadata_config, NULL},
};

int xmpp_avatar_publish(xmpp_conn_t *conn, const xmpp_avatar_image_t *image,
                        const char *access_model, xmpp_result_handler handler,
                        void *userdata)
{
    void *memory = NULL;
    struct publishing *p;
    xmpp_flow_t *flow;
    int rc;

    if (!image || !image->data.data || !image->data.size)
        return xmpp_conn_fail(conn, &xmpp_mod_avatar, XMPP_EARG,
                              "the avatar has no data: pass an image, or call "
                              "xmpp_avatar_disable()");
    flow = xmpp_flow_new(conn, publishing_steps, STEPS, sizeof(*p), &memory);
    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    p = memory;
    p->image = xmpp_flow_keep_value(flow, &xmpp_avatar_image, image);
    p->access_model = xmpp_flow_keep_text(flow, access_model);
    rc = xmpp_digest_hex("sha-1", image->data.data, image->data.size, p->id);
    if (rc == 0)
        return xmpp_flow_start(flow, handler, userdata);
    xmpp_flow_free(flow);
    return rc;
}

int xmpp_avatar_disable(xmpp_conn_t *conn, xmpp_result_handler handler,
                        void *userdata)
{
    xmpp_flow_t *flow = xmpp_flow_new(conn, publishing_steps + METADATA, 1,
                                      sizeof(struct publishing), NULL);

    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- getting ----------------------------------------------------- */

/* Kept by the flow. `info` NULL: the present avatar. */
struct getting {
    const char *of;
    const xmpp_avatar_info_t *info;
};

/* The only item of an answer. */
static xmpp_stanza_t *only_item(const xmpp_result_t *result)
{
    const xmpp_pubsub_t *pubsub =
        xmpp_payload_find(result->stanza, &xmpp_pubsub);

    return result->status == 0 && pubsub && pubsub->items &&
                   pubsub->items->item_count
               ? pubsub->items->items[0]->element
               : NULL;
}

static xmpp_stanza_t *send_items(xmpp_flow_t *flow, void *memory)
{
    const struct getting *g = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", g->of);
    xmpp_stanza_t *items = xmpp_stanza_add_tag(
        xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB), "items", NULL);

    xmpp_stanza_put(items, "node",
                    g->info ? XMPP_NS_AVATAR_DATA : XMPP_NS_AVATAR_METADATA);
    if (g->info)
        xmpp_stanza_put(xmpp_stanza_add_tag(items, "item", NULL), "id",
                        g->info->id);
    else
        xmpp_stanza_put(items, "max_items", "1");
    return iq;
}

static int receive_avatar(xmpp_flow_t *flow, void *memory,
                          const xmpp_result_t *result)
{
    const xmpp_avatar_t *avatar =
        xmpp_payload_find(only_item(result), &xmpp_avatar);

    (void)memory;
    if (!avatar)
        return XMPP_FLOW_FAIL;
    xmpp_flow_set_value(flow, &xmpp_avatar, avatar);
    return XMPP_FLOW_DONE;
}

static int receive_image(xmpp_flow_t *flow, void *memory,
                         const xmpp_result_t *result)
{
    const struct getting *g = memory;
    const xmpp_avatar_image_t *data =
        xmpp_payload_find(only_item(result), &avatar_data);
    char id[XMPP_DIGEST_HEX_SIZE];
    xmpp_avatar_image_t image;

    if (!data || (long)data->data.size != g->info->octets ||
        xmpp_digest_hex("sha-1", data->data.data, data->data.size, id) ||
        strcasecmp(id, g->info->id) != 0)
        return XMPP_FLOW_FAIL;
    XMPP_INIT(xmpp_avatar_image, image);
    image.data = data->data;
    image.type = g->info->type;
    image.width = g->info->width;
    image.height = g->info->height;
    xmpp_flow_set_value(flow, &xmpp_avatar_image, &image);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t avatar_steps[] = {
    {"metadata", send_items, receive_avatar, NULL}};
static const xmpp_step_t image_steps[] = {
    {"data", send_items, receive_image, NULL}};

static int get_start(xmpp_conn_t *conn, const char *of,
                     const xmpp_avatar_info_t *info,
                     xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    struct getting *g;
    xmpp_flow_t *flow = xmpp_flow_new(conn, info ? image_steps : avatar_steps,
                                      1, sizeof(*g), &memory);

    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    g = memory;
    g->of = xmpp_flow_keep_text(flow, of);
    g->info = xmpp_flow_keep_value(flow, &xmpp_avatar_info, info);
    return xmpp_flow_start(flow, handler, userdata);
}

int xmpp_avatar_get(xmpp_conn_t *conn, const char *of,
                    xmpp_result_handler handler, void *userdata)
{
    return get_start(conn, of, NULL, handler, userdata);
}

int xmpp_avatar_get_image(xmpp_conn_t *conn, const char *of,
                          const xmpp_avatar_info_t *info,
                          xmpp_result_handler handler, void *userdata)
{
    const struct avatars *avatars = xmpp_conn_get_state(conn, &xmpp_mod_avatar);
    long most = avatars ? avatars->octets : LONG_MAX;

    if (!info || !info->id || info->url)
        return xmpp_conn_fail(conn, &xmpp_mod_avatar, XMPP_EARG,
                              "only a form with an id and without a URL is in "
                              "the account: get others by HTTP");
    if (info->octets > most)
        return xmpp_conn_fail(conn, &xmpp_mod_avatar, XMPP_ELIMIT,
                              "the image has %ld octets, and the limit "
                              "\"octets\" is %ld",
                              info->octets, most);
    return get_start(conn, of, info, handler, userdata);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, XMPP_NS_AVATAR_METADATA,
              &xmpp_avatar, on_avatar_item),
    XMPP_EVENT(XMPP_AVATAR_CHANGED, "changed", &xmpp_avatar_change),
    XMPP_LIMIT("octets", 262144, 1, 16777216, offsetof(struct avatars, octets)),
    XMPP_SPEC("XEP-0084", "1.1.4", "complete"),
    XMPP_SPEC("XEP-0398", "1.0.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_avatar, "avatar", sizeof(struct avatars), rows);
