/* register.h - registration with a server or a service (XEP-0077): accounts are
 * created, changed and cancelled. register_connect.h has what comes before the
 * login: creating an account at a server.
 *
 * A service describes what it wants by a form, by fields, or by a link, and
 * what comes first in this order counts (section 5):
 *
 *     xmpp_register_get(conn, "irc.example.org", on_fields, NULL);
 *
 *     ... in on_fields:
 *     const xmpp_register_t *wanted = result->value;
 *     if (wanted->form) {
 *         answer = xmpp_form_answer(conn, wanted->form);
 *         ... xmpp_form_set() ...
 *         xmpp_register_submit_form(conn, service, answer, on_done, NULL);
 *     }
 *
 * In all functions `service` is an address; NULL: our own server.
 */

#ifndef XMPP_XEP_REGISTER_H
#define XMPP_XEP_REGISTER_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

/* Where to register by other means, such as a web page (XEP-0066). */
typedef struct _xmpp_register_link_t {
    size_t size;
    const char *url;
} xmpp_register_link_t;

/* What a service wants or has: of the fields from `username` on those that are
 * not NULL, mostly "", are wanted. Or what it gets: those that are not NULL. */
typedef struct _xmpp_register_t {
    size_t size;
    int registered; /* we are; then the fields are what it has of us */
    const char *instructions; /* for people */
    const xmpp_form_t *form;  /* instead of the fields; or NULL */
    const xmpp_register_link_t *link;
    const char *username, *nick, *password;
    const char *name, *first, *last, *email;
    const char *address, *city, *state, *zip;
    const char *phone;
    const char *url;
    const char *date;
    const char *key; /* to be sent back as it is */
} xmpp_register_t;

XMPP_API extern const xmpp_payload_t xmpp_register;
XMPP_API extern const xmpp_payload_t xmpp_register_link;

/* It has neither state nor limits: using it is not necessary. */
XMPP_API extern const xmpp_module_t xmpp_mod_register;

/* Get what a service wants to know of us. The value is an xmpp_register_t. */
XMPP_API int xmpp_register_get(xmpp_conn_t *conn, const char *service,
                               xmpp_result_handler handler, void *userdata);

/* Register, or change what we registered: by the fields from `username` on (the
 * other members are not sent), or by a form, which is taken. No value. If the
 * service wants more, it answers with an error that has an xmpp_register_t with
 * a form in it: xmpp_payload_find(result->stanza, &xmpp_register). A name that
 * is in use is refused with conflict, fields that are missing with
 * not-acceptable. XMPP_EARG without fields or a form. */
XMPP_API int xmpp_register_submit(xmpp_conn_t *conn, const char *service,
                                  const xmpp_register_t *fields,
                                  xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_register_submit_form(xmpp_conn_t *conn, const char *service,
                                       xmpp_stanza_t *form,
                                       xmpp_result_handler handler,
                                       void *userdata);

/* Change the password of our account. No value. If the session ends with
 * XMPP_ENOTCONN first, either password may be valid. The password that is set
 * for the connection stays as it is: change it by xmpp_conn_set_pass(). A
 * server that wants more answers with a form, as above.
 *
 * XMPP_ENOTLS, and nothing is sent, if the connection is not encrypted, unless
 * XMPP_CONN_FLAG_DISABLE_TLS is set; XMPP_EARG without a password, or an empty
 * one; XMPP_EINVOP before the login. */
XMPP_API int xmpp_register_set_password(xmpp_conn_t *conn, const char *password,
                                        xmpp_result_handler handler,
                                        void *userdata);

/* Cancel our registration with a service; NULL: delete our account. No value.
 * A server that deletes an account ends the session, so that the result may be
 * XMPP_ENOTCONN where all went well. A service that wants more answers with a
 * form, as above. */
XMPP_API int xmpp_register_cancel(xmpp_conn_t *conn, const char *service,
                                  xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_REGISTER_H */
