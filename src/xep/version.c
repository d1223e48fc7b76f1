/* version.c - XEP-0092: which software, in which version? */

#include <xmpp/xep/version.h>

#include <xmpp/ctx.h>
#include <xmpp/ns.h>

struct version {
    xmpp_software_t *own; /* NULL: not to be known */
};

static const xmpp_field_t fields[] = {
    XMPP_CHILD_MUST(xmpp_software_t, name, TEXT, "name"),
    XMPP_CHILD_MUST(xmpp_software_t, version, TEXT, "version"),
    XMPP_CHILD(xmpp_software_t, os, TEXT, "os"),
};

XMPP_PAYLOAD(xmpp_software, xmpp_software_t, "query", XMPP_NS_VERSION, fields);

static int on_version(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct version *version = state;
    xmpp_stanza_t *answer;
    int code;

    if (!version->own)
        return 0;
    answer = xmpp_iq_result(conn, in->stanza);
    xmpp_payload_add(answer, &xmpp_software, version->own);
    code = xmpp_send_take(conn, answer);
    return code ? code : 1;
}

/* It is a feature of ours as long as there is an answer. */
static void add_version(xmpp_conn_t *conn, xmpp_stanza_t *query, void *state)
{
    const struct version *version = state;

    (void)conn;
    if (version->own)
        xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                        XMPP_NS_VERSION);
}

static int version_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                           void *state)
{
    struct version *version = state;

    if (event == XMPP_DETACHED)
        xmpp_free(xmpp_conn_get_context(conn), version->own);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_VERSION, "query", NULL, on_version),
    XMPP_FORM(add_version),
    XMPP_LIFECYCLE(version_on_turn),
    XMPP_SPEC("XEP-0092", "1.1", "complete"),
    XMPP_ROWS_END,
};

XMPP_MODULE(xmpp_mod_version, "version", sizeof(struct version), rows);

int xmpp_software_set(xmpp_conn_t *conn, const xmpp_software_t *software)
{
    struct version *version = xmpp_conn_get_state(conn, &xmpp_mod_version);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_software_t *copy = NULL;
    int was_known;

    if (!version)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_version);
    if (software && (!software->name || !software->version))
        return xmpp_conn_fail(
            conn, &xmpp_mod_version, XMPP_EARG,
            "software needs a name and a version; NULL keeps it "
            "to ourselves");
    if (software) {
        int rc = xmpp_payload_check(ctx, &xmpp_software, software);

        if (rc)
            return rc;
        copy = xmpp_payload_copy(ctx, &xmpp_software, software);
        if (!copy)
            return XMPP_EMEM;
    }
    was_known = version->own != NULL;
    xmpp_free(ctx, version->own);
    version->own = copy;
    if (was_known != (copy != NULL))
        xmpp_conn_modules_changed(conn);
    return 0;
}

int xmpp_software_get(xmpp_conn_t *conn, const char *to,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "query", XMPP_NS_VERSION);
    return xmpp_request(conn, iq, &xmpp_software, handler, userdata);
}
