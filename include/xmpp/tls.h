/* tls.h - which server we trust, our own certificate, and what TLS agreed on.
 */

#ifndef XMPP_TLS_H
#define XMPP_TLS_H

#include <xmpp/types.h>

XMPP_BEGIN

/* The server is verified before anything about the account is sent. Its
 * certificate chain has to lead to a trusted authority (RFC 5280), and the
 * certificate has to name the domain of the account, whatever host we connected
 * to. The name may be a DNS-ID (with a wildcard as its whole first label), an
 * SRV-ID for _xmpp-client, or an XmppAddr (RFC 6120 section 13.7, RFC 9525).
 * Common names are ignored.
 *
 * Settings are copied. A connect call uses those set before it; handlers take
 * effect at once. */

/* ---- trust ------------------------------------------------------- */

/* Trust the certificates in this PEM file, or in the PEM files of this folder,
 * instead of the system's. If both are set, both are trusted. NULL for both
 * means the system's. */
XMPP_API void xmpp_conn_set_cafile(xmpp_conn_t *const conn, const char *path);
XMPP_API void xmpp_conn_set_capath(xmpp_conn_t *const conn, const char *path);

/* Refuse certificates that are revoked by the lists in this PEM file (CRLs). If
 * a list is past its own next update, all certificates of its issuer are
 * refused. NULL for none. 0 or XMPP_EMEM.
 *
 * A stapled status (OCSP, RFC 6066) is checked even without lists. It is
 * required if XMPP_OPT_TLS_REQUIRE_STATUS is set, or if the certificate itself
 * says so (RFC 7633). */
XMPP_API int xmpp_conn_set_crlfile(xmpp_conn_t *conn, const char *path);

/* ---- DANE -------------------------------------------------------- */

/* With XMPP_OPT_DANE the certificate is also checked against TLSA records in
 * the DNS (RFC 6698, 7671, 7673). The library must be configured --with-dane,
 * and the name servers must pass on DNSSEC data.
 *
 * With the value 1: if DNSSEC proves that there are such records, and at least
 * one of them is usable, the certificate has to match one of them. With usage 2
 * a match replaces the check against our trusted authorities; with usage 3 also
 * those of name and date. If DNSSEC proves that there are no records, the usual
 * checks apply. If it proves neither, because an answer is missing or a
 * signature is wrong, the connection fails with XMPP_EDANE.
 *
 * With the value 2: as with 1, but a server without such records fails with
 * XMPP_EDANE.
 *
 * Both values make TLS mandatory, even with XMPP_OPT_TLS_OPTIONAL, because an
 * attacker who could remove TLS would remove this check with it. There is no
 * query for components, nor with XMPP_CONN_FLAG_TRUST_TLS or _DISABLE_TLS. By a
 * proxy (xmpp/transport.h) the connection fails with XMPP_EDANE.
 *
 * xmpp_conn_set_dane_anchor() sets a file of DS or DNSKEY records: the keys
 * that DNSSEC starts from. NULL means those of the root (in Debian, package
 * dns-root-data). 0 or XMPP_EMEM. */
XMPP_API int xmpp_conn_set_dane_anchor(xmpp_conn_t *conn, const char *path);

/* ---- pins -------------------------------------------------------- */

typedef enum {
    XMPP_TLS_PIN_KEY, /* the public key; a renewed certificate may keep it */
    XMPP_TLS_PIN_CERT /* the certificate itself */
} xmpp_tls_pin_t;

#define XMPP_TLS_PINS_MAX 16

/* Accept only a server whose own certificate matches one of the pins; the
 * certificates above it are not compared. Pins are checked in addition to
 * everything else, even with XMPP_CONN_FLAG_TRUST_TLS. With
 * XMPP_OPT_TLS_PIN_SUFFICES they replace all other checks, except that a
 * revoked certificate is still refused.
 *
 * `sha256` is the SHA-256 of the SubjectPublicKeyInfo or of the certificate, in
 * the form that xmpp_tlscert_get_pin() returns: 64 hexadecimal digits (colons
 * between bytes are allowed) or base64. 0; XMPP_EARG; XMPP_EMEM; XMPP_EFULL if
 * there are XMPP_TLS_PINS_MAX pins already. */
XMPP_API int xmpp_conn_add_tls_pin(xmpp_conn_t *conn, xmpp_tls_pin_t kind,
                                   const char *sha256);
XMPP_API void xmpp_conn_clear_tls_pins(xmpp_conn_t *conn);

/* ---- a certificate ----------------------------------------------- */

typedef struct _xmpp_tlscert_t xmpp_tlscert_t;

typedef enum {
    XMPP_CERT_VERSION,      /* "3" */
    XMPP_CERT_SERIALNUMBER, /* hexadecimal, upper case */
    XMPP_CERT_SUBJECT,      /* "/C=DE/O=Example/CN=example.org" */
    XMPP_CERT_ISSUER,
    XMPP_CERT_NOTBEFORE, /* "Nov 23 05:41:24 2026 GMT" */
    XMPP_CERT_NOTAFTER,
    XMPP_CERT_KEYALG,           /* "rsaEncryption", "id-ecPublicKey" */
    XMPP_CERT_SIGALG,           /* "sha256WithRSAEncryption" */
    XMPP_CERT_FINGERPRINT_SHA1, /* hexadecimal, lower case */
    XMPP_CERT_FINGERPRINT_SHA256,
    XMPP_CERT_ELEMENT_MAX
} xmpp_cert_element_t;

/* The server's certificate as a new object. Owned: xmpp_tlscert_free(). NULL
 * before it has arrived, after the connection ended, or when out of memory. */
XMPP_API xmpp_tlscert_t *xmpp_conn_get_peer_cert(xmpp_conn_t *const conn);
XMPP_API void xmpp_tlscert_free(xmpp_tlscert_t *cert);

XMPP_API xmpp_ctx_t *xmpp_tlscert_get_ctx(const xmpp_tlscert_t *cert);
XMPP_API xmpp_conn_t *xmpp_tlscert_get_conn(const xmpp_tlscert_t *cert);

/* The userdata that was given to the connect call. */
XMPP_API void *xmpp_tlscert_get_userdata(const xmpp_tlscert_t *cert);

/* The certificate in PEM, and one of its elements as text. Both belong to the
 * object and are borrowed; NULL if the certificate does not have it. */
XMPP_API const char *xmpp_tlscert_get_pem(const xmpp_tlscert_t *cert);
XMPP_API const char *xmpp_tlscert_get_string(const xmpp_tlscert_t *cert,
                                             xmpp_cert_element_t element);

/* The n-th dNSName, counted from 0; NULL after the last. Names that are not
 * printable ASCII are left out. Borrowed. */
XMPP_API const char *xmpp_tlscert_get_dnsname(const xmpp_tlscert_t *cert,
                                              size_t n);

/* The pin of this certificate, for xmpp_conn_add_tls_pin(). Borrowed. */
XMPP_API const char *xmpp_tlscert_get_pin(const xmpp_tlscert_t *cert,
                                          xmpp_tls_pin_t kind);

/* The English name of an element. Static; NULL for an unknown element. */
XMPP_API const char *xmpp_tlscert_get_description(xmpp_cert_element_t element);

/* ---- letting the application decide ------------------------------ */

/* X(bit, name, code, text): everything that can be wrong with a certificate. */
#define XMPP_BADCERT_MAP(X)                                                    \
    X(0, XMPP_BADCERT_REVOKED, XMPP_ECERTREVOKED, "it is revoked")             \
    X(1, XMPP_BADCERT_PIN, XMPP_ECERTPIN, "it matches none of the pins")       \
    X(2, XMPP_BADCERT_SIGNATURE, XMPP_ECERT, "a signature is wrong")           \
    X(3, XMPP_BADCERT_ISSUER, XMPP_ECERTISSUER, "its issuer is not trusted")   \
    X(4, XMPP_BADCERT_WEAK, XMPP_ECERT, "a key or algorithm is too weak")      \
    X(5, XMPP_BADCERT_EXPIRED, XMPP_ECERTTIME, "it is expired")                \
    X(6, XMPP_BADCERT_NOT_YET, XMPP_ECERTTIME, "it is not valid yet")          \
    X(7, XMPP_BADCERT_PURPOSE, XMPP_ECERT, "it was not issued for a server")   \
    X(8, XMPP_BADCERT_STATUS, XMPP_ECERTREVOKED,                               \
      "its revocation status is not known")                                    \
    X(9, XMPP_BADCERT_OTHER, XMPP_ECERT, "it could not be verified")           \
    X(10, XMPP_BADCERT_NAME, XMPP_ECERTNAME, "it does not name the domain")    \
    X(11, XMPP_BADCERT_DANE, XMPP_EDANE,                                       \
      "the DNS (TLSA records) does not confirm it, or gives no answer")

enum {
#define XMPP_BADCERT_ENUM_(bit, name, code, text) name = 1 << bit,
    XMPP_BADCERT_MAP(XMPP_BADCERT_ENUM_)
#undef XMPP_BADCERT_ENUM_
        XMPP_BADCERT_NONE_ = 0 /* nothing is wrong */
};

/* Write the reasons to `out` as text for a person, separated by "; ". The text
 * is cut to fit `n` bytes. */
XMPP_API void xmpp_badcert_describe(unsigned reasons, char *out, size_t n);

/* A question to the application. Valid during the call. Only the library makes
 * such structs; read them by pointer, because members may be added at the end.
 */
typedef struct _xmpp_cert_question_t {
    unsigned long id;           /* for xmpp_conn_answer_cert() */
    const xmpp_tlscert_t *cert; /* the server's own certificate */
    const char *domain;         /* the domain that it should name, in ASCII */
    unsigned reasons;           /* XMPP_BADCERT_... bits; 0: nothing is wrong */
    const char *text;           /* the reasons as text for a person */
} xmpp_cert_question_t;

#define XMPP_CERT_REJECT 0
#define XMPP_CERT_ACCEPT 1
#define XMPP_CERT_LATER 2

/* Called when something is wrong with the server's certificate, or for every
 * certificate with XMPP_OPT_TLS_ASK_ALWAYS. Return XMPP_CERT_REJECT, _ACCEPT or
 * _LATER. After XMPP_CERT_LATER the handshake is suspended until
 * xmpp_conn_answer_cert() is called or XMPP_OPT_TLS_ANSWER_TIMEOUT is over.
 * Meanwhile the loop goes on, and the server has been sent neither our own
 * certificate nor anything else. */
typedef int (*xmpp_cert_handler)(xmpp_conn_t *conn,
                                 const xmpp_cert_question_t *question,
                                 void *userdata);

/* With NULL, certificates with something wrong are rejected. If libstrophe's
 * handler (below) is set too, only this one is called. */
XMPP_API void xmpp_conn_set_cert_handler(xmpp_conn_t *conn,
                                         xmpp_cert_handler handler,
                                         void *userdata);

/* Answer the question with this id, from inside the handler or later. 0, or
 * XMPP_EINVOP if that question is not waiting for an answer. */
XMPP_API int xmpp_conn_answer_cert(xmpp_conn_t *conn, unsigned long id,
                                   int accept);

/* libstrophe's form of the handler: return 1 to accept, 0 to reject. Called
 * once per handshake, with the reasons as text, and only if something is wrong.
 */
typedef int (*xmpp_certfail_handler)(const xmpp_tlscert_t *cert,
                                     const char *const errormsg);
XMPP_API void xmpp_conn_set_certfail_handler(xmpp_conn_t *const conn,
                                             xmpp_certfail_handler handler);

/* ---- our own certificate ----------------------------------------- */

/* Set the client certificate, which SASL EXTERNAL logs in with: a PEM file and
 * the PEM file of its key; or, with `key` NULL, one PEM or PKCS#12 file with
 * both. Either argument may be a "pkcs11:" URL instead. NULL for none. */
XMPP_API void xmpp_conn_set_client_cert(xmpp_conn_t *conn, const char *cert,
                                        const char *key);

/* The path of the key as it was set, or NULL. Borrowed. */
XMPP_API const char *xmpp_conn_get_keyfile(const xmpp_conn_t *conn);

/* Called when the key needs a password (not the account's password: that is
 * xmpp_conn_set_login_password_handler()). Write it to `pw`, at most `pw_max`
 * bytes with its NUL, and return its length without the NUL, or -1 to give up.
 * The buffer is wiped after use. If the password is wrong the callback is
 * called again, `retries` times in all (at least once; 1 by default).
 *
 * It is called from the loop; but inside a connect call if no JID was set, and
 * inside xmpp_conn_cert_xmppaddr_num() and xmpp_conn_cert_xmppaddr(). It must
 * not run the loop, because another connection may wait for the same key. */
typedef int (*xmpp_password_callback)(char *pw, size_t pw_max,
                                      xmpp_conn_t *conn, void *userdata);
XMPP_API void xmpp_conn_set_password_callback(xmpp_conn_t *conn,
                                              xmpp_password_callback cb,
                                              void *userdata);
XMPP_API void xmpp_conn_set_password_retries(xmpp_conn_t *conn,
                                             unsigned int retries);

/* The XmppAddrs of our own certificate (RFC 6120 section 13.7.1.4): their
 * number, and the n-th, counted from 0. The n-th is owned (xmpp_free); NULL
 * after the last. If there is exactly one, a connection without a JID uses it.
 * Both functions call the password callback if the key needs it. */
XMPP_API unsigned int xmpp_conn_cert_xmppaddr_num(xmpp_conn_t *conn);
XMPP_API char *xmpp_conn_cert_xmppaddr(xmpp_conn_t *conn, unsigned int n);

/* ---- what was agreed on ------------------------------------------ */

/* Non-zero while the stream is protected by TLS. */
XMPP_API int xmpp_conn_is_secured(xmpp_conn_t *conn);

/* X(name, text, meaning) */
#define XMPP_TLS_INFO_MAP(X)                                                   \
    X(XMPP_TLS_PROTOCOL, "protocol", "TLS1.2, TLS1.3")                         \
    X(XMPP_TLS_CIPHER, "cipher", "by its IANA name: TLS_AES_128_GCM_SHA256")   \
    X(XMPP_TLS_GROUP, "group", "of the key exchange: X25519, SECP256R1")       \
    X(XMPP_TLS_SIGNATURE, "signature",                                         \
      "of the server: ECDSA-SECP256R1-SHA256")                                 \
    X(XMPP_TLS_ALPN, "alpn", "what the server chose: xmpp-client")             \
    X(XMPP_TLS_RESUMED, "resumed", "yes or no")                                \
    X(XMPP_TLS_VERIFIED, "verified",                                           \
      "yes, by-pin, by-dane, accepted (by the handler), no")                   \
    X(XMPP_TLS_STATUS, "status", "stapled: yes, no")                           \
    X(XMPP_TLS_CLIENT_CERT, "client-cert",                                     \
      "did the server request ours: yes, no")                                  \
    X(XMPP_TLS_DANE, "dane", "signed TLSA records: yes, no, failed")

typedef enum {
#define XMPP_TLS_INFO_ENUM_(name, text, meaning) name,
    XMPP_TLS_INFO_MAP(XMPP_TLS_INFO_ENUM_)
#undef XMPP_TLS_INFO_ENUM_
        XMPP_TLS_INFO_COUNT_
} xmpp_tls_info_t;

/* One of these facts as text. Borrowed; valid until the connection ends. NULL
 * if the fact is not known, or without TLS. */
XMPP_API const char *xmpp_conn_get_tls_info(const xmpp_conn_t *conn,
                                            xmpp_tls_info_t which);

/* The name of a fact: "protocol", "cipher", ... Static; NULL past the end. */
XMPP_API const char *xmpp_tls_info_name(xmpp_tls_info_t which);

XMPP_END

#endif /* XMPP_TLS_H */
