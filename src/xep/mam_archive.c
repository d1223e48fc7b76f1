/* mam_archive.c - XEP-0313: what an archive of messages is like. */

#include <xmpp/xep/mam_archive.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/disco_query.h>

/* What is known of archives, by their addresses; our own account's is "". The
 * first was used longest ago. It is void with the session: a server may be
 * another one after a restart. */
struct archives {
    xmpp_dict_t *known; /* xmpp_mam_support_t */
    long most;
};

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t support_fields[] = {
    XMPP_ATTR(xmpp_mam_support_t, is_supported, BOOL, "supported"),
    XMPP_ATTR(xmpp_mam_support_t, is_extended, BOOL, "extended"),
    XMPP_ATTR(xmpp_mam_support_t, has_text, BOOL, "text"),
    XMPP_ATTR(xmpp_mam_support_t, has_groupchat_field, BOOL, "groupchat-field"),
    XMPP_ATTR(xmpp_mam_support_t, has_groupchat, BOOL, "groupchat"),
};
XMPP_PAYLOAD(xmpp_mam_support, xmpp_mam_support_t, "support", XMPP_NS_MAM,
             support_fields);

static const xmpp_field_t metadata_fields[] = {
    XMPP_CHILD_ATTR(xmpp_mam_metadata_t, first_id, TEXT, "start", "id"),
    XMPP_CHILD_ATTR(xmpp_mam_metadata_t, first_time, TIME, "start",
                    "timestamp"),
    XMPP_CHILD_ATTR(xmpp_mam_metadata_t, last_id, TEXT, "end", "id"),
    XMPP_CHILD_ATTR(xmpp_mam_metadata_t, last_time, TIME, "end", "timestamp"),
};
XMPP_PAYLOAD(xmpp_mam_metadata, xmpp_mam_metadata_t, "metadata", XMPP_NS_MAM,
             metadata_fields);

static const xmpp_field_t fields_fields[] = {
    XMPP_ELEMENT_MUST(xmpp_mam_fields_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_mam_fields, xmpp_mam_fields_t, "query", XMPP_NS_MAM,
             fields_fields);

/* ---- requests ---------------------------------------------------- */

static int is_own_archive(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    return !archive || !archive->domain_size ||
           xmpp_conn_sender_is(conn, archive, XMPP_SENDER_ACCOUNT);
}

/* Our account is addressed by no address: its results come from there only. */
xmpp_stanza_t *xmpp_mam_iq(xmpp_conn_t *conn, const char *type,
                           const xmpp_jid_t *archive)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, type, NULL);

    if (!is_own_archive(conn, archive))
        xmpp_stanza_set_jid(iq, "to", archive);
    return iq;
}

/* 0, or why no request can be made. */
static int wrong_archive(xmpp_conn_t *conn, const xmpp_jid_t *archive)
{
    if (!xmpp_conn_get_state(conn, &xmpp_mod_mam_archive))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_mam_archive);
    if (xmpp_conn_is_component(conn) && !(archive && archive->domain_size))
        return xmpp_conn_fail(conn, &xmpp_mod_mam_archive, XMPP_EARG,
                              "a component has no archive of its own: name "
                              "that of a room or a service");
    return 0;
}

static int archive_get(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                       const char *node, const xmpp_payload_t *payload,
                       xmpp_result_handler handler, void *userdata)
{
    int rc = wrong_archive(conn, archive);
    xmpp_stanza_t *iq;

    if (rc)
        return rc;
    iq = xmpp_mam_iq(conn, "get", archive);
    xmpp_stanza_put(xmpp_stanza_add_tag(iq, payload->name, payload->ns), "node",
                    node);
    return xmpp_request(conn, iq, payload, handler, userdata);
}

int xmpp_mam_get_metadata(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                          xmpp_result_handler handler, void *userdata)
{
    return archive_get(conn, archive, NULL, &xmpp_mam_metadata, handler,
                       userdata);
}

int xmpp_mam_get_fields(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                        const char *node, xmpp_result_handler handler,
                        void *userdata)
{
    return archive_get(conn, archive, node, &xmpp_mam_fields, handler,
                       userdata);
}

/* ---- what the server supports ------------------------------------ */

/* The address of the archive; of ours "". */
static void *known_put(struct archives *archives, const char *address)
{
    void *known = xmpp_dict_find(archives->known, address, (size_t)-1);
    void *first = xmpp_dict_next(archives->known, NULL);

    if (!known && (long)xmpp_dict_count(archives->known) >= archives->most)
        xmpp_dict_drop(archives->known, first);
    return xmpp_dict_put(archives->known, address, (size_t)-1);
}

static xmpp_stanza_t *send_support(xmpp_flow_t *flow, void *memory)
{
    (void)flow;
    return xmpp_stanza_clone(*(xmpp_stanza_t **)memory);
}

static void read_support(const xmpp_disco_info_t *info, xmpp_mam_support_t *ret)
{
    XMPP_INIT(xmpp_mam_support, *ret);
    ret->is_supported = xmpp_disco_has_feature(info, XMPP_NS_MAM);
    ret->is_extended = xmpp_disco_has_feature(info, XMPP_NS_MAM_EXTENDED);
    ret->has_text = xmpp_disco_has_feature(info, XMPP_NS_FULLTEXT);
    ret->has_groupchat_field =
        xmpp_disco_has_feature(info, XMPP_NS_MAM_GROUPCHAT_FIELD);
    ret->has_groupchat = xmpp_disco_has_feature(info, XMPP_NS_MAM_GROUPCHAT);
}

/* That it cannot be remembered is no failure. */
static int receive_support(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct archives *archives =
        xmpp_conn_get_state(conn, &xmpp_mod_mam_archive);
    const char *to = xmpp_stanza_get_to(*(xmpp_stanza_t **)memory);
    xmpp_mam_support_t support, *known;

    if (result->status)
        return XMPP_FLOW_DONE;
    read_support(result->value, &support);
    known = known_put(archives, to ? to : "");
    if (known)
        *known = support;
    xmpp_flow_set_value(flow, &xmpp_mam_support, &support);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t support_steps[] = {
    {"support", send_support, receive_support, &xmpp_disco_info}};

int xmpp_mam_get_support(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                         xmpp_result_handler handler, void *userdata)
{
    int rc = wrong_archive(conn, archive);
    void *memory = NULL;
    xmpp_flow_t *flow;
    xmpp_stanza_t *iq;

    if (rc)
        return rc;
    iq = xmpp_mam_iq(conn, "get", archive);
    xmpp_stanza_add_tag(iq, "query", XMPP_NS_DISCO_INFO);
    flow = xmpp_flow_new(conn, support_steps, 1, sizeof(iq), &memory);
    if (flow)
        *(xmpp_stanza_t **)memory = xmpp_flow_keep(flow, iq);
    xmpp_stanza_release(iq);
    return xmpp_flow_start(flow, handler, userdata);
}

const xmpp_mam_support_t *xmpp_mam_find_support(xmpp_conn_t *conn,
                                                const xmpp_jid_t *archive)
{
    struct archives *archives =
        xmpp_conn_get_state(conn, &xmpp_mod_mam_archive);
    size_t n = 0;
    const char *address = "";
    void *known;

    if (!archives)
        return NULL;
    if (!is_own_archive(conn, archive))
        address = xmpp_jid_view(archive, XMPP_JID_FULL, &n);
    known = xmpp_dict_find(archives->known, address, n);
    if (known)
        xmpp_dict_touch(archives->known, known);
    return known;
}

/* ---- the module -------------------------------------------------- */

static int on_archives_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                            void *state)
{
    struct archives *archives = state;

    if (event == XMPP_ATTACHED) {
        archives->known = xmpp_dict_new(xmpp_conn_get_context(conn),
                                        sizeof(xmpp_mam_support_t), 0, NULL);
        return archives->known ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_SESSION_ENDED)
        xmpp_dict_clear(archives->known);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(archives->known);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_LIFECYCLE(on_archives_turn),
    XMPP_LIMIT("archives", 200, 1, 100000, offsetof(struct archives, most)),
    XMPP_SPEC("XEP-0313", "1.1.3", "complete"), XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_mam_archive, "mam_archive", sizeof(struct archives), rows);
