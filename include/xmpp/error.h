/* error.h - error codes, and why a connection ended.
 *
 *     const xmpp_failure_t *why = xmpp_conn_get_failure(conn);
 *
 *     if (event == XMPP_CONN_DISCONNECT && why)
 *         fprintf(stderr, "%s: %s\n", why->message,
 *                 xmpp_strerror_advice(why->code));
 */

#ifndef XMPP_ERROR_H
#define XMPP_ERROR_H

#include <xmpp/types.h>

XMPP_BEGIN

/* Functions that return int return 0 for success, a positive number for success
 * that says more, such as a count, and one of these negative codes for failure.
 */
#define XMPP_EOK 0     /* success */
#define XMPP_EMEM -1   /* out of memory */
#define XMPP_EINVOP -2 /* the call is not allowed here: misuse of the API */
#define XMPP_EINT -3   /* internal failure */

/* X(code, name, text) for every code that libxmpp adds. */
#define XMPP_ERROR_MAP(X)                                                      \
    X(-100, XMPP_ENOTCONN, "not connected")                                    \
    X(-101, XMPP_EFULL, "the queue is full")                                   \
    X(-102, XMPP_ELIMIT, "a limit was exceeded")                               \
    X(-103, XMPP_ETIMEOUT, "no answer in time")                                \
    X(-104, XMPP_EARG, "an argument is not valid")                             \
    X(-110, XMPP_EDNS, "the name server gave no answer")                       \
    X(-111, XMPP_ENOHOST, "no such host")                                      \
    X(-112, XMPP_ENOSERVICE, "the domain offers no such service")              \
    X(-120, XMPP_ECONNECT, "could not connect")                                \
    X(-121, XMPP_ELOST, "the connection was lost")                             \
    X(-122, XMPP_EEOF, "the server closed the connection")                     \
    X(-123, XMPP_EPROXY, "the proxy did not connect us")                       \
    X(-124, XMPP_EPROXYAUTH,                                                   \
      "the proxy refused the user name or the password")                       \
    X(-125, XMPP_EWEBSOCKET, "the server offers no WebSocket for XMPP there")  \
    X(-126, XMPP_EHOSTMETA, "the domain's web server names no WebSocket")      \
    X(-128, XMPP_EDANE, "the DNS does not confirm the server's certificate")   \
    X(-129, XMPP_ECERTPIN, "the server's certificate does not match the pins") \
    X(-130, XMPP_ETLS, "TLS failed")                                           \
    X(-131, XMPP_ENOTLS, "the server offers no TLS")                           \
    X(-132, XMPP_ECERT, "the server's certificate is not acceptable")          \
    X(-133, XMPP_ECERTNAME, "the server's certificate is for another name")    \
    X(-134, XMPP_ECERTTIME,                                                    \
      "the server's certificate is expired or not yet valid")                  \
    X(-135, XMPP_ECERTISSUER,                                                  \
      "the server's certificate is not from a trusted issuer")                 \
    X(-136, XMPP_ETRUST, "the trusted certificates could not be loaded")       \
    X(-137, XMPP_ECLIENTCERT, "the client certificate could not be used")      \
    X(-138, XMPP_EINJECT, "plaintext was injected before TLS")                 \
    X(-139, XMPP_ECERTREVOKED,                                                 \
      "the server's certificate is revoked, or its status is not known")       \
    X(-140, XMPP_EXML, "the server sent malformed XML")                        \
    X(-141, XMPP_ERESTRICTED, "the server sent XML that XMPP forbids")         \
    X(-142, XMPP_EPREFIX, "the server used an undeclared namespace prefix")    \
    X(-143, XMPP_EENCODING, "the server sent something other than UTF-8")      \
    X(-148, XMPP_ELOGIN,                                                       \
      "the server refused the login for a reason other than the credentials")  \
    X(-149, XMPP_ETASK,                                                        \
      "the server requires a login step that is not supported")                \
    X(-150, XMPP_EAUTH, "the server refused the credentials")                  \
    X(-151, XMPP_EMECH, "no acceptable login mechanism is offered")            \
    X(-152, XMPP_EPROOF,                                                       \
      "the server could not prove that it knows the password")                 \
    X(-153, XMPP_ECHALLENGE, "the server sent an invalid login challenge")     \
    X(-154, XMPP_ECRED,                                                        \
      "the user name or password is missing or cannot be used")                \
    X(-155, XMPP_EDISABLED, "the account is disabled")                         \
    X(-156, XMPP_EEXPIRED, "the credentials have expired")                     \
    X(-157, XMPP_EAUTHTEMP, "the server cannot check credentials at present")  \
    X(-158, XMPP_EPOLICY,                                                      \
      "this side refused to log in: the login would be weaker than policy "    \
      "allows, which may be an attack")                                        \
    X(-159, XMPP_EDOWNGRADE,                                                   \
      "an attack: the server's data was changed on its way")                   \
    X(-160, XMPP_EBIND, "the server refused to bind a resource")               \
    X(-161, XMPP_EBOUNDJID, "the server bound an invalid address")             \
    X(-170, XMPP_ESTREAM, "the server ended the stream with an error")         \
    X(-171, XMPP_EPROTO, "the server sent something unexpected")               \
    X(-172, XMPP_EVERSION, "the server speaks another version of XMPP")        \
    X(-173, XMPP_EACK, "the server acknowledged more than was sent")           \
    X(-174, XMPP_EREFUSED,                                                     \
      "the server ended the stream again because of this stanza")              \
    X(-175, XMPP_EDROPPED, "the stanza was taken out of the queue")            \
    X(-180, XMPP_ESTANZA, "the request was answered with an error")

enum {
#define XMPP_ERROR_ENUM_(code, name, text) name = code,
    XMPP_ERROR_MAP(XMPP_ERROR_ENUM_)
#undef XMPP_ERROR_ENUM_
        XMPP_ELAST_ = -1000 /* every code is above this one */
};

/* What a code means, as a sentence fragment; "unknown error" for an unknown
 * code. Static; never NULL. */
XMPP_API const char *xmpp_strerror(int code);

/* The name of a code, such as "XMPP_ECERTNAME". Static; never NULL. */
XMPP_API const char *xmpp_strerror_name(int code);

/* What a person can do about it, as a sentence fragment such as "check the user
 * name and the password". Static; never NULL; "" for success and for an unknown
 * code. */
XMPP_API const char *xmpp_strerror_advice(int code);

/* What is wrong with a text: an address, a name, a password or a URI. Functions
 * that take such a text fill it in whenever they fail. If the failure is not
 * about the text (XMPP_EMEM, XMPP_EINVOP), `part` is "" and `reason` describes
 * the code. */
typedef struct _xmpp_text_error_t {
    const char *part;   /* "localpart", "query", ...; static, never NULL */
    const char *reason; /* a sentence fragment; static, never NULL */
    long character;     /* the code point that is wrong, or -1 */
} xmpp_text_error_t;

/* Write it to `buf` as one sentence for a person: "localpart: it has a
 * character that is not allowed (U+2163)". Like snprintf(), this writes at most
 * `size` octets including the final NUL, and returns the length of the whole
 * sentence without it. */
XMPP_API int xmpp_text_error_format(const xmpp_text_error_t *error, char *buf,
                                    size_t size);

/* The layer in which a connection failed, from the network upwards. */
typedef enum {
    XMPP_LAYER_NONE,      /* nothing failed */
    XMPP_LAYER_DNS,       /* finding the server */
    XMPP_LAYER_TCP,       /* connecting to it, and staying connected */
    XMPP_LAYER_TLS,       /* encryption, and the server's identity */
    XMPP_LAYER_XML,       /* the server sent XML that XMPP does not allow */
    XMPP_LAYER_SASL,      /* the login */
    XMPP_LAYER_BIND,      /* binding a resource */
    XMPP_LAYER_STREAM,    /* stream errors, protocol errors */
    XMPP_LAYER_APP,       /* this side: misuse of the API, no memory */
    XMPP_LAYER_PROXY,     /* the proxy: see xmpp/transport.h */
    XMPP_LAYER_WEBSOCKET, /* the WebSocket: see xmpp/transport.h */
    XMPP_LAYER_HTTP       /* looking for a WebSocket: see XMPP_OPT_HOST_META */
} xmpp_layer_t;

/* "dns", "tcp", ... Static; never NULL. */
XMPP_API const char *xmpp_layer_name(xmpp_layer_t layer);

/* May the same attempt succeed later? */
typedef enum {
    XMPP_RETRY_NEVER, /* only after somebody changed something */
    XMPP_RETRY_SOON,
    XMPP_RETRY_LATER /* after a long pause, so as not to make things worse */
} xmpp_retry_t;

/* Why a connection ended. Only the library makes such structs; read them by
 * pointer, because members may be added at the end. Strings are never NULL. */
typedef struct _xmpp_failure_t {
    xmpp_layer_t layer;
    int code;     /* XMPP_E... */
    int os_error; /* errno, or a code of the TLS library, or 0 */
    int retry;    /* an xmpp_retry_t; non-zero: the same attempt may succeed
                   * later, without any change by anyone */
    const char *condition; /* the server's, such as "not-authorized", or "" */
    const char *text;      /* the server's, or "" */
    const char *message;   /* all of this as one sentence for a person */
} xmpp_failure_t;

XMPP_END

#endif /* XMPP_ERROR_H */
