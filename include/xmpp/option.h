/* option.h - limits, timeouts and policy of a connection, as numbers. */

#ifndef XMPP_OPTION_H
#define XMPP_OPTION_H

#include <xmpp/types.h>

XMPP_BEGIN

/* X(name, default, minimum, maximum, meaning). Sizes are in bytes, times in
 * milliseconds; switches are 0 or 1.
 *
 * What happens when the server exceeds a limit: a stanza above it is skipped. A
 * warning in the log names its sender and the limit, no handler is called, and
 * the stanza counts as received (XEP-0198). If it is an iq get or set it is
 * answered with <policy-violation/>; if it answers a request of ours, that
 * request ends with XMPP_ELIMIT. In all other cases the stream ends with the
 * condition that RFC 6120 defines: before the login is complete, in raw mode,
 * for an element that is not a stanza, and for more bytes than
 * XMPP_OPT_MAX_SKIPPED. */
#define XMPP_OPTION_MAP(X)                                                     \
    /* what the server can make us store */                                    \
    X(XMPP_OPT_MAX_DEPTH, 128, 4, 10000, "levels of nesting in a stanza")      \
    X(XMPP_OPT_MAX_STANZA, 4194304, 10000, 1073741824L, "bytes of a stanza")   \
    X(XMPP_OPT_MAX_STANZA_MEMORY, 12582912, 65536, 2147483647L,                \
      "bytes of memory for a stanza, as a tree and while it is read")          \
    X(XMPP_OPT_MAX_LOGIN_STANZA, 65536, 4096, 1073741824L,                     \
      "bytes of an element before the login is complete")                      \
    X(XMPP_OPT_MAX_GAP, 262144, 4096, 8388608, "bytes between two XML events") \
    X(XMPP_OPT_MAX_ATTRIBUTES, 128, 16, 65535, "attributes of an element")     \
    X(XMPP_OPT_MAX_NAMES, 4096, 256, 1048576,                                  \
      "different names kept by the parser before it is recreated")             \
    X(XMPP_OPT_MAX_NAME_BYTES, 1048576, 65536, 1073741824L,                    \
      "bytes of these names, including namespaces")                            \
    X(XMPP_OPT_MAX_DNS_ANSWERS, 64, 1, 1024, "records used of a DNS answer")   \
    X(XMPP_OPT_MIN_ITERATIONS, 4096, 1, 1000000,                               \
      "fewest SCRAM iterations accepted")                                      \
    X(XMPP_OPT_MAX_ITERATIONS, 1000000, 4096, 100000000L,                      \
      "most SCRAM iterations accepted")                                        \
    /* what we store ourselves */                                              \
    X(XMPP_OPT_MAX_OUTBOX, 8388608, 65536, 1073741824L,                        \
      "bytes waiting to be sent or acknowledged; above it sending returns "    \
      "XMPP_EFULL")                                                            \
    X(XMPP_OPT_MAX_REQUESTS, 10000, 1, 10000000,                               \
      "unanswered requests, and as many operations that are more than one")    \
    /* timeouts */                                                             \
    X(XMPP_OPT_CONNECT_TIMEOUT, 15000, 100, 3600000,                           \
      "DNS, or TCP per address")                                               \
    X(XMPP_OPT_STEP_TIMEOUT, 15000, 100, 3600000, "each step of the login")    \
    X(XMPP_OPT_LOGIN_TIMEOUT, 30000, 100, 3600000, "the login as a whole")     \
    X(XMPP_OPT_LOGIN_PASSWORD_TIMEOUT, 60000, 1, 3600000,                      \
      "added to LOGIN_TIMEOUT for each call of the password handler")          \
    X(XMPP_OPT_CLOSE_TIMEOUT, 2000, 0, 3600000,                                \
      "closing, since the server last accepted data; see xmpp_disconnect()")   \
    X(XMPP_OPT_TLS_ANSWER_TIMEOUT, 120000, 1, 3600000,                         \
      "the application's decision about a certificate")                        \
    X(XMPP_OPT_REQUEST_TIMEOUT, 60000, 1, 86400000, "an answer to a request")  \
    /* policy */                                                               \
    X(XMPP_OPT_LOGIN_PASSWORD_TRIES, 3, 1, 10,                                 \
      "calls of the password handler in one login")                            \
    X(XMPP_OPT_SASL2, 1, 0, 1,                                                 \
      "log in by SASL2 (XEP-0388) unless SASL offers something stronger")      \
    X(XMPP_OPT_REQUIRE_CHANNEL_BINDING, 0, 0, 1,                               \
      "refuse to log in without channel binding or a client certificate")      \
    X(XMPP_OPT_KEEP_SCRAM_KEYS, 0, 0, 1,                                       \
      "keep the SCRAM keys of the login; see xmpp_conn_get_scram_keys()")      \
    X(XMPP_OPT_TLS_OPTIONAL, 0, 0, 1,                                          \
      "continue unencrypted if the server offers no TLS")                      \
    X(XMPP_OPT_TLS_REQUIRE_STATUS, 0, 0, 1,                                    \
      "require a stapled proof (OCSP) that the certificate is not revoked")    \
    X(XMPP_OPT_TLS_PIN_SUFFICES, 0, 0, 1,                                      \
      "accept a pinned certificate whatever its authority, name and dates")    \
    X(XMPP_OPT_TLS_ASK_ALWAYS, 0, 0, 1,                                        \
      "call the certificate handler for valid certificates too")               \
    X(XMPP_OPT_TLS_RESUME, 0, 0, 1,                                            \
      "resume TLS sessions when the same connection object connects again")    \
    X(XMPP_OPT_ANSWER_UNKNOWN, 1, 0, 1,                                        \
      "answer an iq that no handler took: a ping with a result, any other "    \
      "with an error (RFC 6120 section 8.4); see xmpp_iq_handler_add()")       \
    /* stream management (XEP-0198) and keepalive */                           \
    X(XMPP_OPT_MAX_UNACKED, 100000, 1, 100000000L,                             \
      "stanzas waiting to be sent or acknowledged; above it XMPP_EFULL")       \
    X(XMPP_OPT_SM_RESEND, 1, 0, 1,                                             \
      "resend what was not acknowledged if a session cannot be resumed")       \
    X(XMPP_OPT_PING_AFTER, 300000, 0, 86400000,                                \
      "silence after which the connection is checked; 0: never")               \
    X(XMPP_OPT_PING_TIMEOUT, 60000, 0, 86400000,                               \
      "the server's reaction to such a check; 0: wait for ever")               \
    /* added later, in the order of their numbers */                           \
    X(XMPP_OPT_SASL_UPGRADE, 1, 0, 2,                                          \
      "let the server upgrade to a stronger SCRAM hash (XEP-0480): 0 never, "  \
      "1 if the login is bound to the TLS channel, 2 if both sides prove "     \
      "that they know the password")                                           \
    X(XMPP_OPT_PIPELINE, 0, 0, 1,                                              \
      "log in without waiting for the stream features (XEP-0509); see "        \
      "xmpp_conn_get_cached_features()")                                       \
    X(XMPP_OPT_MAX_STANZA_NAMES, 65536, 256, 16777216L,                        \
      "different names that one stanza may add to the parser's")               \
    X(XMPP_OPT_DANE, 0, 0, 2,                                                  \
      "check certificates in the DNS (RFC 7671): 1 if it has records, 2 and "  \
      "refuse servers without; see xmpp_conn_set_dane_anchor()")               \
    X(XMPP_OPT_MAX_SKIPPED, 16777216, 0, 1073741824L,                          \
      "bytes of a skipped stanza (or MAX_STANZA, if that is more); 0: do not " \
      "skip, a stanza above a limit ends the stream")                          \
    X(XMPP_OPT_MAX_REDIRECTS, 5, 0, 100,                                       \
      "redirections to another host followed in a login (see-other-host)")     \
    X(XMPP_OPT_BIND_OTHER_ACCOUNT, 0, 0, 1,                                    \
      "accept a bound address of another account of the domain than the one "  \
      "that logged in (RFC 6120 section 7.6)")                                 \
    X(XMPP_OPT_SEND_OFFLINE, 0, 0, 1,                                          \
      "what is sent without a session waits for the next one; see "            \
      "xmpp_send_take()")                                                      \
    X(XMPP_OPT_MAX_TARGETS, 8, 1, 1000,                                        \
      "targets that a connect call tries after connecting to them; see "       \
      "xmpp/dial.h")                                                           \
    X(XMPP_OPT_RECONNECT, 0, 0, 1,                                             \
      "connect again by itself; see xmpp/reconnect.h")                         \
    X(XMPP_OPT_RECONNECT_MIN, 4000, 1, 3600000,                                \
      "the longest first pause; the maximum doubles with each attempt")        \
    X(XMPP_OPT_RECONNECT_MAX, 300000, 1, 86400000, "each of the pauses")       \
    X(XMPP_OPT_RECONNECT_RESET, 60000, 0, 86400000,                            \
      "a session that lasts so long makes the pauses short again")             \
    X(XMPP_OPT_RECONNECT_TRIES, 0, 0, 1000000,                                 \
      "attempts in a row that bring no session of that length, then it is "    \
      "given up; 0: no limit")                                                 \
    X(XMPP_OPT_RECONNECT_TIME, 0, 0, 2147483647L,                              \
      "time since the last such session, then it is given up; 0: no limit")    \
    X(XMPP_OPT_PING_ADAPT, 0, 0, 1,                                            \
      "find out how long the networks in between keep a quiet connection, "    \
      "and check it before; between PING_LEAST and PING_AFTER")                \
    X(XMPP_OPT_PING_LEAST, 30000, 1000, 86400000,                              \
      "the shortest silence that PING_ADAPT may choose")                       \
    X(XMPP_OPT_WEBSOCKET_CLEAR, 0, 0, 1,                                       \
      "connect to ws:// URLs of other machines; without it only loopback")     \
    X(XMPP_OPT_HOST_META, 0, 0, 2,                                             \
      "look up the domain's WebSocket (XEP-0156): 1 if TCP leads nowhere, 2 "  \
      "instead of TCP; see xmpp/transport.h")

typedef enum {
#define XMPP_OPTION_ENUM_(name, def, least, most, text) name,
    XMPP_OPTION_MAP(XMPP_OPTION_ENUM_)
#undef XMPP_OPTION_ENUM_
        XMPP_OPT_COUNT_ /* not an option */
} xmpp_option_t;

/* Set an option. It takes effect at once, even on an idle connection: a wait
 * that is in progress ends when the new value says. Options of a login, a
 * request or a certificate question are read when that begins. 0; XMPP_EARG for
 * an unknown option or a value outside its range; XMPP_EINVOP for a feature
 * that was not built in (XMPP_OPT_DANE, XMPP_OPT_HOST_META), or if `conn` is
 * NULL. */
XMPP_API int xmpp_conn_set_option(xmpp_conn_t *conn, xmpp_option_t option,
                                  long value);

/* The present value; XMPP_EARG for an unknown option; XMPP_EINVOP if `conn` is
 * NULL. */
XMPP_API long xmpp_conn_get_option(const xmpp_conn_t *conn,
                                   xmpp_option_t option);

/* The name of an option, such as "XMPP_OPT_MAX_DEPTH"; NULL past the end. */
XMPP_API const char *xmpp_option_name(xmpp_option_t option);

XMPP_END

#endif /* XMPP_OPTION_H */
