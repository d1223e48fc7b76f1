/* tlscert.c - a certificate as the application sees it. */

#include "conn/tlscert.h"

#include "net/cert_facts.h"

/* The public xmpp_tlscert_t. It holds the connection, so that both may be
 * given back in any order. */
struct _xmpp_tlscert_t {
    xmpp_conn_t *conn;
    struct cert_facts facts;
};

xmpp_tlscert_t *tlscert_new(xmpp_conn_t *conn, struct str der)
{
    const struct env *env = &conn->ctx->env;
    xmpp_tlscert_t *cert = env_zalloc(env, sizeof(*cert));

    if (!cert)
        return NULL;
    if (cert_facts_read(env, der, &cert->facts)) {
        env_free(env, cert);
        return NULL;
    }
    cert->conn = conn;
    conn_hold(conn);
    return cert;
}

xmpp_tlscert_t *xmpp_conn_get_peer_cert(xmpp_conn_t *const conn)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;
    struct str der = attempt && attempt->tls_stage
                         ? tls_stage_peer(attempt->tls_stage)
                         : STR_NONE;

    return der.s ? tlscert_new(conn, der) : NULL;
}

void xmpp_tlscert_free(xmpp_tlscert_t *cert)
{
    const struct env *env = cert ? &cert->conn->ctx->env : NULL;
    xmpp_conn_t *conn = cert ? cert->conn : NULL;

    if (!cert)
        return;
    cert_facts_free(env, &cert->facts);
    env_free(env, cert);
    conn_unhold(conn);
}

xmpp_ctx_t *xmpp_tlscert_get_ctx(const xmpp_tlscert_t *cert)
{
    return cert ? cert->conn->ctx : NULL;
}

xmpp_conn_t *xmpp_tlscert_get_conn(const xmpp_tlscert_t *cert)
{
    return cert ? cert->conn : NULL;
}

void *xmpp_tlscert_get_userdata(const xmpp_tlscert_t *cert)
{
    return cert ? cert->conn->userdata : NULL;
}

const char *xmpp_tlscert_get_pem(const xmpp_tlscert_t *cert)
{
    return cert ? cert->facts.pem : NULL;
}

const char *xmpp_tlscert_get_dnsname(const xmpp_tlscert_t *cert, size_t n)
{
    return cert && n < cert->facts.dns_n ? cert->facts.dns[n] : NULL;
}

const char *xmpp_tlscert_get_string(const xmpp_tlscert_t *cert,
                                    xmpp_cert_element_t element)
{
    return cert && (unsigned)element < XMPP_CERT_ELEMENT_MAX
               ? cert->facts.elements[(unsigned)element]
               : NULL;
}

const char *xmpp_tlscert_get_pin(const xmpp_tlscert_t *cert,
                                 xmpp_tls_pin_t kind)
{
    return cert && (unsigned)kind <= XMPP_TLS_PIN_CERT
               ? cert->facts.pins[(unsigned)kind]
               : NULL;
}

const char *xmpp_tlscert_get_description(xmpp_cert_element_t element)
{
    static const char *const texts[XMPP_CERT_ELEMENT_MAX] = {
        [XMPP_CERT_VERSION] = "X.509 Version",
        [XMPP_CERT_SERIALNUMBER] = "SerialNumber",
        [XMPP_CERT_SUBJECT] = "Subject",
        [XMPP_CERT_ISSUER] = "Issuer",
        [XMPP_CERT_NOTBEFORE] = "Issued On",
        [XMPP_CERT_NOTAFTER] = "Expires On",
        [XMPP_CERT_KEYALG] = "Public Key Algorithm",
        [XMPP_CERT_SIGALG] = "Certificate Signature Algorithm",
        [XMPP_CERT_FINGERPRINT_SHA1] = "Fingerprint SHA-1",
        [XMPP_CERT_FINGERPRINT_SHA256] = "Fingerprint SHA-256",
    };

    return (unsigned)element < XMPP_CERT_ELEMENT_MAX ? texts[(unsigned)element]
                                                     : NULL;
}
