/* tls.h - whom we trust, how we prove ourselves, and what TLS agreed on. */

#ifndef XMPP_TLS_H
#define XMPP_TLS_H

#include <xmpp/types.h>

XMPP_BEGIN

/* The server is verified before anything of the account is said: its chain
 * has to lead to a trusted authority (RFC 5280), and its certificate has to
 * name the domain of the account, whatever host was dialled: as DNS-ID, where
 * a wildcard may be the whole first label, as SRV-ID for _xmpp-client, or as
 * XmppAddr (RFC 6120 section 13.7, RFC 9525). Common names never count.
 * Settings are copied, and read when TLS begins. */

/* ---- trust ------------------------------------------------------- */

/* Trust these certificates (PEM file; folder of PEM files) instead of the
 * system's. NULL for the system's. */
XMPP_API void xmpp_conn_set_cafile(xmpp_conn_t *const conn, const char *path);
XMPP_API void xmpp_conn_set_capath(xmpp_conn_t *const conn, const char *path);

/* Certificates that these lists (CRLs, a PEM file) revoke are refused; so are
 * all of an issuer whose list is older than its own next update. NULL for
 * none. 0 or XMPP_EMEM. What a server staples (OCSP, RFC 6066) is checked in
 * any case; XMPP_OPT_TLS_REQUIRE_STATUS and a certificate that says so itself
 * (RFC 7633) demand that it does. */
XMPP_API int xmpp_conn_set_crlfile(xmpp_conn_t *conn, const char *path);

/* ---- the DNS ----------------------------------------------------- */

/* With XMPP_OPT_DANE 1 the DNS is asked what certificate the server should have
 * (TLSA; RFC 6698, 7671, 7673), in a library that was configured --with-dane.
 * If there are such records, signed all the way from a key that is trusted, and
 * one of them can be understood, the certificate has to fit one of them: it may
 * then lack an authority of ours (usage 2), or even name and date (3). If it is
 * certain that there are none, all is as without; with 2 that is refused
 * (XMPP_EDANE). If nothing is certain, for want of an answer or for a wrong
 * signature, the connection is not secured either way: the name servers have to
 * pass DNSSEC on. Other than 0 makes TLS a must, XMPP_OPT_TLS_OPTIONAL or not:
 * who takes it away would take this away too. Components,
 * XMPP_CONN_FLAG_TRUST_TLS and _DISABLE_TLS: never asked.
 *
 * The keys that the DNS is believed by, a file of DS or DNSKEY records; NULL
 * for the root's (Debian's package dns-root-data). 0 or XMPP_EMEM. */
XMPP_API int xmpp_conn_set_dane_anchor(xmpp_conn_t *conn, const char *path);

/* ---- pins -------------------------------------------------------- */

typedef enum {
    XMPP_TLS_PIN_KEY, /* the public key: survives a renewal that keeps the key
                       */
    XMPP_TLS_PIN_CERT /* the certificate itself */
} xmpp_tls_pin_t;

#define XMPP_TLS_PINS_MAX 16

/* Accept only a server whose own certificate is pinned, by any of the pins;
 * the certificates above it do not count. Asked for in addition to everything
 * else, even with XMPP_CONN_FLAG_TRUST_TLS; with XMPP_OPT_TLS_PIN_SUFFICES
 * instead of everything else, except that a revoked one stays revoked.
 * `sha256` is the SHA-256 of the SubjectPublicKeyInfo or of the certificate,
 * as 64 hexadecimal digits (colons may stand between) or in base64, as
 * xmpp_tlscert_get_pin() gives them. 0, XMPP_EARG, XMPP_EMEM, XMPP_EFULL. */
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

/* The server's certificate: a new object, owned (xmpp_tlscert_free). NULL
 * before it arrived, after the connection ended, or without memory. */
XMPP_API xmpp_tlscert_t *xmpp_conn_get_peer_cert(xmpp_conn_t *const conn);
XMPP_API void xmpp_tlscert_free(xmpp_tlscert_t *cert);

XMPP_API xmpp_ctx_t *xmpp_tlscert_get_ctx(const xmpp_tlscert_t *cert);
XMPP_API xmpp_conn_t *xmpp_tlscert_get_conn(const xmpp_tlscert_t *cert);

/* The userdata of the connection's handler. */
XMPP_API void *xmpp_tlscert_get_userdata(const xmpp_tlscert_t *cert);

/* Strings of the object, borrowed; NULL for what it does not have. */
XMPP_API const char *xmpp_tlscert_get_pem(const xmpp_tlscert_t *cert);
XMPP_API const char *xmpp_tlscert_get_string(const xmpp_tlscert_t *cert,
                                             xmpp_cert_element_t element);

/* The n-th dNSName, from 0; NULL after the last. A name is only here if it is
 * printable ASCII. */
XMPP_API const char *xmpp_tlscert_get_dnsname(const xmpp_tlscert_t *cert,
                                              size_t n);

/* What to pin it by, for xmpp_conn_add_tls_pin(). */
XMPP_API const char *xmpp_tlscert_get_pin(const xmpp_tlscert_t *cert,
                                          xmpp_tls_pin_t kind);

/* What an element is called in English. Static; NULL if there is none. */
XMPP_API const char *xmpp_tlscert_get_description(xmpp_cert_element_t element);

/* ---- asking the application -------------------------------------- */

/* X(bit, name, code, text): what can be wrong with a certificate. */
#define XMPP_BADCERT_MAP(X)                                                    \
    X(0, XMPP_BADCERT_REVOKED, XMPP_ECERTREVOKED, "it is revoked")             \
    X(1, XMPP_BADCERT_PIN, XMPP_ECERTPIN, "it is not a pinned one")            \
    X(2, XMPP_BADCERT_SIGNATURE, XMPP_ECERT, "a signature is wrong")           \
    X(3, XMPP_BADCERT_ISSUER, XMPP_ECERTISSUER,                                \
      "its issuer is not among the trusted ones")                              \
    X(4, XMPP_BADCERT_WEAK, XMPP_ECERT, "a key or algorithm is too weak")      \
    X(5, XMPP_BADCERT_EXPIRED, XMPP_ECERTTIME, "it is expired")                \
    X(6, XMPP_BADCERT_NOT_YET, XMPP_ECERTTIME, "it is not valid yet")          \
    X(7, XMPP_BADCERT_PURPOSE, XMPP_ECERT, "it is not meant for a server")     \
    X(8, XMPP_BADCERT_STATUS, XMPP_ECERTREVOKED,                               \
      "whether it is revoked is not known")                                    \
    X(9, XMPP_BADCERT_OTHER, XMPP_ECERT, "it could not be verified")           \
    X(10, XMPP_BADCERT_NAME, XMPP_ECERTNAME, "it does not name the domain")    \
    X(11, XMPP_BADCERT_DANE, XMPP_EDANE,                                       \
      "the DNS (TLSA) does not confirm it, or cannot be asked")

enum {
#define XMPP_BADCERT_ENUM_(bit, name, code, text) name = 1 << bit,
    XMPP_BADCERT_MAP(XMPP_BADCERT_ENUM_)
#undef XMPP_BADCERT_ENUM_
        XMPP_BADCERT_NONE_ = 0 /* nothing is wrong */
};

/* The reasons as text for a person, "; " between them, cut to `n` bytes. */
XMPP_API void xmpp_badcert_describe(unsigned reasons, char *out, size_t n);

/* A question to the application; valid during the call. Made by the library
 * only, read it by pointer: members may be added at the end. */
typedef struct _xmpp_cert_question_t {
    unsigned long id;           /* for the answer */
    const xmpp_tlscert_t *cert; /* the server's own */
    const char *domain;         /* that it should name, in ASCII */
    unsigned reasons;           /* XMPP_BADCERT_...; 0: nothing is wrong */
    const char *text;           /* the same for a person */
} xmpp_cert_question_t;

#define XMPP_CERT_REJECT 0
#define XMPP_CERT_ACCEPT 1
#define XMPP_CERT_LATER 2

/* Asked when something is wrong with a certificate (with
 * XMPP_OPT_TLS_ASK_ALWAYS about every one). After XMPP_CERT_LATER the handshake
 * is suspended until xmpp_conn_answer_cert() is called or
 * XMPP_OPT_TLS_ANSWER_TIMEOUT is over; the loop goes on, and neither our own
 * certificate nor anything else was given to the server. */
typedef int (*xmpp_cert_handler)(xmpp_conn_t *conn,
                                 const xmpp_cert_question_t *question,
                                 void *userdata);

/* NULL: reject. Goes before the handler of libstrophe's form. */
XMPP_API void xmpp_conn_set_cert_handler(xmpp_conn_t *conn,
                                         xmpp_cert_handler handler,
                                         void *userdata);

/* Answer a question that waits, in the handler or later. 0; XMPP_EINVOP if
 * that question does not wait (any more). */
XMPP_API int xmpp_conn_answer_cert(xmpp_conn_t *conn, unsigned long id,
                                   int accept);

/* libstrophe's form: 1 accepts, 0 rejects. Called once per handshake, with
 * the reasons as text, and only if something is wrong. */
typedef int (*xmpp_certfail_handler)(const xmpp_tlscert_t *cert,
                                     const char *const errormsg);
XMPP_API void xmpp_conn_set_certfail_handler(xmpp_conn_t *const conn,
                                             xmpp_certfail_handler handler);

/* ---- our own certificate ----------------------------------------- */

/* For SASL EXTERNAL: a PEM file and its key's, or one file with both and `key`
 * NULL, or a PKCS#12 file and `key` NULL; each may be a "pkcs11:" URL. NULL
 * for none. */
XMPP_API void xmpp_conn_set_client_cert(xmpp_conn_t *conn, const char *cert,
                                        const char *key);

/* The key's path as it was set, or NULL. Borrowed. */
XMPP_API const char *xmpp_conn_get_keyfile(const xmpp_conn_t *conn);

/* Called when the key is locked: write at most `pw_max` bytes with the NUL
 * and return how many without it, or -1. What was written is wiped after use.
 * A wrong password is asked for again, `retries` times in all (at least
 * once; 1 by default). */
typedef int (*xmpp_password_callback)(char *pw, size_t pw_max,
                                      xmpp_conn_t *conn, void *userdata);
XMPP_API void xmpp_conn_set_password_callback(xmpp_conn_t *conn,
                                              xmpp_password_callback cb,
                                              void *userdata);
XMPP_API void xmpp_conn_set_password_retries(xmpp_conn_t *conn,
                                             unsigned int retries);

/* The XmppAddrs of our own certificate (RFC 6120 section 13.7.1.4): how many,
 * and the n-th, owned (xmpp_free), NULL after the last. With exactly one, a
 * connection without a JID takes it from there. */
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
    X(XMPP_TLS_CLIENT_CERT, "client-cert", "was ours asked for: yes, no")      \
    X(XMPP_TLS_DANE, "dane", "signed TLSA records: yes, no, failed")

typedef enum {
#define XMPP_TLS_INFO_ENUM_(name, text, meaning) name,
    XMPP_TLS_INFO_MAP(XMPP_TLS_INFO_ENUM_)
#undef XMPP_TLS_INFO_ENUM_
        XMPP_TLS_INFO_COUNT_
} xmpp_tls_info_t;

/* One of the above, borrowed and valid until the connection ends; NULL if
 * there is none, or no TLS. */
XMPP_API const char *xmpp_conn_get_tls_info(const xmpp_conn_t *conn,
                                            xmpp_tls_info_t which);

/* "protocol", "cipher", ... Static; NULL past the end. */
XMPP_API const char *xmpp_tls_info_name(xmpp_tls_info_t which);

XMPP_END

#endif /* XMPP_TLS_H */
