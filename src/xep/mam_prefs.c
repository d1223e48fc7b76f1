/* mam_prefs.c - which messages our server archives (XEP-0441). */

#include <xmpp/xep/mam_prefs.h>

#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/mam_archive.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t jids_fields[] = {
    XMPP_CHILDREN_OF(xmpp_mam_jids_t, jids, jid_count, JID, "jid"),
};
static XMPP_PAYLOAD(always_payload, xmpp_mam_jids_t, "always", XMPP_NS_MAM,
                    jids_fields);
static XMPP_PAYLOAD(never_payload, xmpp_mam_jids_t, "never", XMPP_NS_MAM,
                    jids_fields);

static const char *const defaults[] = {"always", "never", "roster", NULL};

static const xmpp_field_t prefs_fields[] = {
    XMPP_ATTR_ENUM(xmpp_mam_prefs_t, otherwise, "default", defaults),
    XMPP_ELEMENT(xmpp_mam_prefs_t, always, &always_payload),
    XMPP_ELEMENT(xmpp_mam_prefs_t, never, &never_payload),
};
XMPP_PAYLOAD(xmpp_mam_prefs, xmpp_mam_prefs_t, "prefs", XMPP_NS_MAM,
             prefs_fields);

/* ---- requests ---------------------------------------------------- */

int xmpp_mam_get_prefs(xmpp_conn_t *conn, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", NULL);

    xmpp_stanza_add_tag(iq, "prefs", XMPP_NS_MAM);
    return xmpp_request(conn, iq, &xmpp_mam_prefs, handler, userdata);
}

/* Both lists are there, even if they are empty: some servers keep what is left
 * out (section 2.1 lets them). */
int xmpp_mam_set_prefs(xmpp_conn_t *conn, const xmpp_mam_prefs_t *prefs,
                       xmpp_result_handler handler, void *userdata)
{
    static const xmpp_mam_jids_t nobody = {sizeof(nobody), NULL, 0};
    xmpp_mam_prefs_t sent;
    xmpp_stanza_t *iq;

    if (!prefs || !prefs->otherwise)
        return xmpp_conn_fail(conn, &xmpp_mod_mam_archive, XMPP_EARG,
                              "the preferences have no `otherwise`: it is "
                              "XMPP_MAM_ALWAYS, _NEVER or _ROSTER");
    sent = *prefs;
    if (!sent.always)
        sent.always = &nobody;
    if (!sent.never)
        sent.never = &nobody;
    iq = xmpp_iq_to(conn, "set", NULL);
    xmpp_payload_add(iq, &xmpp_mam_prefs, &sent);
    return xmpp_request(conn, iq, &xmpp_mam_prefs, handler, userdata);
}

/* ---- what they mean ---------------------------------------------- */

/* A listed bare address stands for all of its resources (section 2.3.1). */
static int is_in_list(const xmpp_mam_jids_t *list, const xmpp_jid_t *jid)
{
    for (size_t i = 0; list && i < list->jid_count; i++)
        if (xmpp_jid_equal(&list->jids[i], jid,
                           list->jids[i].resource_size ? XMPP_JID_FULL
                                                       : XMPP_JID_BARE))
            return 1;
    return 0;
}

int xmpp_mam_prefs_judge(const xmpp_mam_prefs_t *prefs, const xmpp_jid_t *jid,
                         int is_contact)
{
    if (!prefs || !jid)
        return 0;
    if (is_in_list(prefs->always, jid))
        return XMPP_MAM_ALWAYS;
    if (is_in_list(prefs->never, jid))
        return XMPP_MAM_NEVER;
    if (prefs->otherwise == XMPP_MAM_ROSTER)
        return is_contact ? XMPP_MAM_ALWAYS : XMPP_MAM_NEVER;
    return prefs->otherwise;
}
