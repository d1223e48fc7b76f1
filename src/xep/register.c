/* register.c - registration with a server or a service (XEP-0077). */

#include <xmpp/xep/register.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/tls.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t link_fields[] = {
    XMPP_CHILD(xmpp_register_link_t, url, TEXT, "url"),
};
XMPP_PAYLOAD(xmpp_register_link, xmpp_register_link_t, "x", XMPP_NS_OOB,
             link_fields);

#define FIELD(member) XMPP_CHILD(xmpp_register_t, member, TEXT, #member)
static const xmpp_field_t register_fields[] = {
    XMPP_FLAG(xmpp_register_t, registered, "registered"),
    FIELD(instructions),
    XMPP_ELEMENT(xmpp_register_t, form, &xmpp_form),
    XMPP_ELEMENT(xmpp_register_t, link, &xmpp_register_link),
    FIELD(username),
    FIELD(nick),
    FIELD(password),
    FIELD(name),
    FIELD(first),
    FIELD(last),
    FIELD(email),
    FIELD(address),
    FIELD(city),
    FIELD(state),
    FIELD(zip),
    FIELD(phone),
    FIELD(url),
    FIELD(date),
    FIELD(key),
};
XMPP_PAYLOAD(xmpp_register, xmpp_register_t, "query", XMPP_NS_REGISTER,
             register_fields);

/* ---- requests ---------------------------------------------------- */

int xmpp_register_get(xmpp_conn_t *conn, const char *service,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", service);

    xmpp_stanza_add_tag(iq, "query", XMPP_NS_REGISTER);
    return xmpp_request(conn, iq, &xmpp_register, handler, userdata);
}

/* A struct of an older header is shorter; the copy has all members. */
int xmpp_register_submit(xmpp_conn_t *conn, const char *service,
                         const xmpp_register_t *fields,
                         xmpp_result_handler handler, void *userdata)
{
    xmpp_register_t sent;
    xmpp_stanza_t *iq;

    if (!fields)
        return xmpp_conn_fail(conn, &xmpp_mod_register, XMPP_EARG,
                              "there are no fields: pass those that the "
                              "service wants");
    XMPP_INIT(xmpp_register, sent);
    memcpy(&sent, fields,
           fields->size < sizeof(sent) ? fields->size : sizeof(sent));
    sent.size = sizeof(sent);
    sent.registered = 0;
    sent.instructions = NULL;
    sent.form = NULL;
    sent.link = NULL;
    iq = xmpp_iq_to(conn, "set", service);
    xmpp_payload_add(iq, &xmpp_register, &sent);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_register_submit_form(xmpp_conn_t *conn, const char *service,
                              xmpp_stanza_t *form, xmpp_result_handler handler,
                              void *userdata)
{
    return xmpp_form_request(conn, service, XMPP_NS_REGISTER, form, NULL,
                             handler, userdata);
}

/* ---- our account ------------------------------------------------- */

/* Section 3.3: the password itself is in the request. */
static int may_be_read(xmpp_conn_t *conn)
{
    return !xmpp_conn_is_secured(conn) &&
           !(xmpp_conn_get_flags(conn) & (long)XMPP_CONN_FLAG_DISABLE_TLS);
}

/* Why the password cannot be changed now, or 0. */
static int refuse_password(xmpp_conn_t *conn, const char *password)
{
    if (!xmpp_conn_get_bound_jid(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_register, XMPP_EINVOP,
                              "our account is not known before the login");
    if (!password || !*password)
        return xmpp_conn_fail(conn, &xmpp_mod_register, XMPP_EARG,
                              "the new password is missing");
    if (may_be_read(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_register, XMPP_ENOTLS,
                              "a password is not sent without TLS");
    return 0;
}

/* The context outlives the connection, which the application may release. */
int xmpp_register_set_password(xmpp_conn_t *conn, const char *password,
                               xmpp_result_handler handler, void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_register_t fields;
    char *local, *domain;
    int rc = refuse_password(conn, password);

    if (rc)
        return rc;
    XMPP_INIT(xmpp_register, fields);
    local = xmpp_jid_node(ctx, xmpp_conn_get_bound_jid(conn));
    domain = xmpp_jid_domain(ctx, xmpp_conn_get_bound_jid(conn));
    fields.username = local;
    fields.password = password;
    rc = local && domain
             ? xmpp_register_submit(conn, domain, &fields, handler, userdata)
             : XMPP_EMEM;
    xmpp_free(ctx, local);
    xmpp_free(ctx, domain);
    return rc;
}

int xmpp_register_cancel(xmpp_conn_t *conn, const char *service,
                         xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", service);

    xmpp_stanza_add_tag(xmpp_stanza_add_tag(iq, "query", XMPP_NS_REGISTER),
                        "remove", NULL);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_SPEC("XEP-0077", "2.4", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_register, "register", 0, rows);
