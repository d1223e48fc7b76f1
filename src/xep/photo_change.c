/* photo_change.c - setting and getting the photos of vCards (XEP-0153). */

#include <xmpp/xep/photo_change.h>

#include <string.h>
#include <strings.h>

#include <xmpp/build.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

static int has_image(const xmpp_vcard_photo_t *photo)
{
    return photo && photo->data.data && photo->data.size;
}

static xmpp_stanza_t *make_vcard_get(xmpp_flow_t *flow, const char *of)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", of);

    xmpp_stanza_add_tag(iq, "vCard", XMPP_NS_VCARD);
    return iq;
}

/* ---- setting ----------------------------------------------------- */

/* Kept by the flow. */
struct setting {
    const xmpp_vcard_photo_t *photo;
    xmpp_stanza_t *vcard; /* as it is to be */
};

static xmpp_stanza_t *send_old_vcard(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return make_vcard_get(flow, NULL);
}

/* Also with none: the same. */
static int is_same(const xmpp_vcard_photo_t *a, const xmpp_vcard_photo_t *b)
{
    if (!has_image(a) || !has_image(b))
        return !has_image(a) && !has_image(b);
    return a->data.size == b->data.size &&
           memcmp(a->data.data, b->data.data, a->data.size) == 0;
}

static void replace_photo(xmpp_stanza_t *vcard, const xmpp_vcard_photo_t *photo)
{
    xmpp_stanza_t *old;

    while ((old = xmpp_stanza_next_tag(vcard, NULL, "PHOTO", XMPP_NS_VCARD)))
        xmpp_stanza_remove(old);
    xmpp_payload_add(vcard, &xmpp_vcard_photo, photo);
}

/* A new vCard, kept by the flow. */
static xmpp_stanza_t *keep_empty(xmpp_flow_t *flow)
{
    xmpp_vcard_t none;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "set", NULL);
    xmpp_stanza_t *kept;

    XMPP_INIT(xmpp_vcard, none);
    kept = xmpp_flow_keep(flow, xmpp_payload_add(iq, &xmpp_vcard, &none));
    if (iq)
        xmpp_stanza_release(iq);
    return kept;
}

static int has_no_vcard(const xmpp_result_t *result)
{
    return result->status == XMPP_ESTANZA && result->condition &&
           (!strcmp(result->condition, "item-not-found") ||
            !strcmp(result->condition, "service-unavailable"));
}

/* Section 4.2: what is there is not uploaded again. */
static int receive_old_vcard(xmpp_flow_t *flow, void *memory,
                             const xmpp_result_t *result)
{
    struct setting *s = memory;
    const xmpp_vcard_t *vcard =
        result->status ? NULL : xmpp_payload_find(result->stanza, &xmpp_vcard);

    if (result->status && !has_no_vcard(result))
        return XMPP_FLOW_DONE;
    if (vcard && is_same(vcard->photo, s->photo)) {
        xmpp_photo_announce(xmpp_flow_get_conn(flow), s->photo);
        return XMPP_FLOW_DONE;
    }
    s->vcard = vcard ? xmpp_flow_keep(flow, vcard->element) : keep_empty(flow);
    replace_photo(s->vcard, s->photo);
    return XMPP_FLOW_NEXT;
}

static xmpp_stanza_t *send_new_vcard(xmpp_flow_t *flow, void *memory)
{
    const struct setting *s = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "set", NULL);
    xmpp_stanza_t *copy = xmpp_stanza_copy(s->vcard);

    if (iq && copy && xmpp_stanza_add_child_ex(iq, copy, 0) == 0)
        return iq;
    xmpp_stanza_release(copy);
    xmpp_stanza_release(iq);
    return NULL;
}

static int receive_new_vcard(xmpp_flow_t *flow, void *memory,
                             const xmpp_result_t *result)
{
    const struct setting *s = memory;

    if (result->status == 0)
        xmpp_photo_announce(xmpp_flow_get_conn(flow), s->photo);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t setting_steps[] = {
    {"old vCard", send_old_vcard, receive_old_vcard, NULL},
    {"new vCard", send_new_vcard, receive_new_vcard, NULL},
};

int xmpp_photo_set(xmpp_conn_t *conn, const xmpp_vcard_photo_t *photo,
                   xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow;

    if (!xmpp_conn_get_state(conn, &xmpp_mod_photo))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_photo);
    if (photo && !has_image(photo))
        return xmpp_conn_fail(conn, &xmpp_mod_photo, XMPP_EARG,
                              "the photo has no data: pass the image, or NULL "
                              "for none");
    flow =
        xmpp_flow_new(conn, setting_steps, 2, sizeof(struct setting), &memory);
    if (!flow)
        return XMPP_EMEM;
    ((struct setting *)memory)->photo =
        xmpp_flow_keep_value(flow, &xmpp_vcard_photo, photo);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- getting ----------------------------------------------------- */

/* Kept by the flow. */
struct getting {
    const char *of, *sha1;
};

static xmpp_stanza_t *send_photo_query(xmpp_flow_t *flow, void *memory)
{
    return make_vcard_get(flow, ((const struct getting *)memory)->of);
}

static int receive_photo(xmpp_flow_t *flow, void *memory,
                         const xmpp_result_t *result)
{
    const struct getting *g = memory;
    const xmpp_vcard_t *vcard = xmpp_payload_find(result->stanza, &xmpp_vcard);
    char got[XMPP_DIGEST_HEX_SIZE];

    if (result->status)
        return XMPP_FLOW_DONE;
    if (!vcard || !has_image(vcard->photo))
        return XMPP_FLOW_FAIL;
    if (g->sha1 && (xmpp_digest_hex("sha-1", vcard->photo->data.data,
                                    vcard->photo->data.size, got) ||
                    strcasecmp(g->sha1, got) != 0))
        return XMPP_FLOW_FAIL;
    xmpp_flow_set_value(flow, &xmpp_vcard_photo, vcard->photo);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t getting_steps[] = {
    {"vCard", send_photo_query, receive_photo, NULL}};

int xmpp_photo_get(xmpp_conn_t *conn, const char *of, const char *sha1,
                   xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    struct getting *g;
    xmpp_flow_t *flow =
        xmpp_flow_new(conn, getting_steps, 1, sizeof(*g), &memory);

    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    g = memory;
    g->of = xmpp_flow_keep_text(flow, of);
    g->sha1 = xmpp_flow_keep_text(flow, sha1);
    return xmpp_flow_start(flow, handler, userdata);
}
