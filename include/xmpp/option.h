/* option.h - limits, patience and policy of a connection, as numbers. */

#ifndef XMPP_OPTION_H
#define XMPP_OPTION_H

#include <xmpp/types.h>

XMPP_BEGIN

/* X(name, default, least, most, meaning). Sizes are bytes, times are
 * milliseconds, switches are 0 or 1.
 *
 * A stanza above a limit of what a peer can make us hold is skipped: a warning
 * in the log says whose it was and which limit, no handler hears of it, it
 * counts as received (XEP-0198), a question is answered with
 * <policy-violation/>, and a request of ours that it answers ends with
 * XMPP_ELIMIT. Anything else ends the stream with the condition RFC 6120 gives
 * for it: what is above a limit before the login is complete or in raw mode, an
 * element that is no stanza, and more bytes than XMPP_OPT_MAX_SKIPPED. */
#define XMPP_OPTION_MAP(X)                                                     \
    /* what a peer can make us hold */                                         \
    X(XMPP_OPT_MAX_DEPTH, 128, 4, 10000, "levels of nesting in a stanza")      \
    X(XMPP_OPT_MAX_STANZA, 4194304, 10000, 1073741824L, "bytes of a stanza")   \
    X(XMPP_OPT_MAX_STANZA_MEMORY, 12582912, 65536, 2147483647L,                \
      "bytes of memory that a stanza takes, as a tree and while it is read")   \
    X(XMPP_OPT_MAX_LOGIN_STANZA, 65536, 4096, 1073741824L,                     \
      "bytes of an element before the login is complete")                      \
    X(XMPP_OPT_MAX_GAP, 262144, 4096, 8388608, "bytes between two XML events") \
    X(XMPP_OPT_MAX_ATTRIBUTES, 512, 16, 65535, "attributes of an element")     \
    X(XMPP_OPT_MAX_NAMES, 4096, 256, 1048576,                                  \
      "different names kept by the parser before it is renewed")               \
    X(XMPP_OPT_MAX_NAME_BYTES, 1048576, 65536, 1073741824L,                    \
      "bytes of these names, namespaces among them")                           \
    X(XMPP_OPT_MAX_DNS_ANSWERS, 64, 1, 1024, "records used of a DNS answer")   \
    X(XMPP_OPT_MIN_ITERATIONS, 4096, 1, 1000000, "SCRAM iterations accepted")  \
    X(XMPP_OPT_MAX_ITERATIONS, 1000000, 4096, 100000000L,                      \
      "SCRAM iterations accepted")                                             \
    /* what we hold ourselves */                                               \
    X(XMPP_OPT_MAX_OUTBOX, 8388608, 65536, 1073741824L,                        \
      "bytes waiting to be sent or acknowledged; then sending reports "        \
      "XMPP_EFULL")                                                            \
    X(XMPP_OPT_MAX_REQUESTS, 10000, 1, 10000000, "unanswered requests")        \
    /* patience */                                                             \
    X(XMPP_OPT_CONNECT_TIMEOUT, 15000, 100, 3600000,                           \
      "DNS, or TCP per address")                                               \
    X(XMPP_OPT_STEP_TIMEOUT, 15000, 100, 3600000, "each step of the login")    \
    X(XMPP_OPT_LOGIN_TIMEOUT, 30000, 100, 3600000, "the login as a whole")     \
    X(XMPP_OPT_LOGIN_PASSWORD_TIMEOUT, 60000, 1, 3600000,                      \
      "added to it each time that a password is asked for")                    \
    X(XMPP_OPT_CLOSE_TIMEOUT, 2000, 0, 3600000,                                \
      "wait for the peer's end of the stream, since it took something of "     \
      "ours")                                                                  \
    X(XMPP_OPT_TLS_ANSWER_TIMEOUT, 120000, 1, 3600000,                         \
      "the application's answer about a certificate")                          \
    X(XMPP_OPT_REQUEST_TIMEOUT, 60000, 1, 86400000, "an answer to a request")  \
    /* policy */                                                               \
    X(XMPP_OPT_LOGIN_PASSWORD_TRIES, 3, 1, 10,                                 \
      "times that a password is asked for in one login")                       \
    X(XMPP_OPT_SASL2, 1, 0, 1,                                                 \
      "log in by SASL2 (XEP-0388) where it offers no less than SASL")          \
    X(XMPP_OPT_REQUIRE_CHANNEL_BINDING, 0, 0, 1,                               \
      "no login without channel binding or a client certificate")              \
    X(XMPP_OPT_KEEP_SCRAM_KEYS, 0, 0, 1,                                       \
      "keep what SCRAM made of the password; see xmpp_conn_get_scram_keys()")  \
    X(XMPP_OPT_TLS_OPTIONAL, 0, 0, 1,                                          \
      "go on in the clear where a server offers no TLS")                       \
    X(XMPP_OPT_TLS_REQUIRE_STATUS, 0, 0, 1,                                    \
      "demand a stapled proof (OCSP) that the certificate is not revoked")     \
    X(XMPP_OPT_TLS_PIN_SUFFICES, 0, 0, 1,                                      \
      "a pinned certificate needs no authority, name or date")                 \
    X(XMPP_OPT_TLS_ASK_ALWAYS, 0, 0, 1,                                        \
      "ask the application about good certificates too")                       \
    X(XMPP_OPT_TLS_RESUME, 0, 0, 1,                                            \
      "resume TLS sessions when the same connection object connects again")    \
    X(XMPP_OPT_ANSWER_UNKNOWN, 1, 0, 1,                                        \
      "answer what no handler took: pings by a result, all else by an error "  \
      "(RFC 6120 section 8.4); see xmpp_iq_handler_add()")                     \
    /* stream management (XEP-0198) and signs of life */                       \
    X(XMPP_OPT_MAX_UNACKED, 100000, 1, 100000000L,                             \
      "stanzas waiting to be sent or acknowledged; then XMPP_EFULL")           \
    X(XMPP_OPT_SM_RESEND, 1, 0, 1,                                             \
      "send again what a session that cannot be resumed left unacknowledged")  \
    X(XMPP_OPT_PING_AFTER, 300000, 0, 86400000,                                \
      "silence after which the server is asked for a sign of life; 0 never")   \
    X(XMPP_OPT_PING_TIMEOUT, 60000, 0, 86400000,                               \
      "a sign of life that was asked for; 0 waits for ever")                   \
    /* later ones, appended */                                                 \
    X(XMPP_OPT_SASL_UPGRADE, 1, 0, 2,                                          \
      "help the server to a stronger SCRAM (XEP-0480): 0 never, 1 in a login " \
      "that is bound to its channel, 2 in any that is mutual")                 \
    X(XMPP_OPT_PIPELINE, 0, 0, 1,                                              \
      "log in by what the server offered the last time, without waiting for "  \
      "its features (XEP-0509); see xmpp_conn_get_cached_features()")          \
    X(XMPP_OPT_MAX_STANZA_NAMES, 65536, 256, 16777216L,                        \
      "different names that one stanza may add to those the parser keeps")     \
    X(XMPP_OPT_DANE, 0, 0, 2,                                                  \
      "ask the DNS about certificates (RFC 7671): 1 where it knows them, 2 "   \
      "and "                                                                   \
      "refuse all others; see xmpp_conn_set_dane_anchor()")                    \
    X(XMPP_OPT_MAX_SKIPPED, 16777216, 0, 1073741824L,                          \
      "bytes of a stanza that is skipped, where MAX_STANZA is not more; 0: a " \
      "stanza above a limit ends the stream")                                  \
    X(XMPP_OPT_MAX_REDIRECTS, 5, 0, 100,                                       \
      "times that a login follows a server to another host (see-other-host)")  \
    X(XMPP_OPT_BIND_OTHER_ACCOUNT, 0, 0, 1,                                    \
      "accept that the server binds another account of the domain than the "   \
      "one that logged in (RFC 6120 section 7.6)")

typedef enum {
#define XMPP_OPTION_ENUM_(name, def, least, most, text) name,
    XMPP_OPTION_MAP(XMPP_OPTION_ENUM_)
#undef XMPP_OPTION_ENUM_
        XMPP_OPT_COUNT_ /* not an option */
} xmpp_option_t;

/* Set an option. 0; XMPP_EARG for an unknown option or a value out of its
 * range; XMPP_EINVOP for what was not built in (XMPP_OPT_DANE). Takes effect at
 * once, on an idle connection too: what is waited for is due when the new value
 * says. What belongs to a login, to a request or to a question about a
 * certificate is read when that begins. */
XMPP_API int xmpp_conn_set_option(xmpp_conn_t *conn, xmpp_option_t option,
                                  long value);

/* The value in force, or XMPP_EARG. */
XMPP_API long xmpp_conn_get_option(const xmpp_conn_t *conn,
                                   xmpp_option_t option);

/* The name of an option, such as "XMPP_OPT_MAX_DEPTH"; NULL past the end. */
XMPP_API const char *xmpp_option_name(xmpp_option_t option);

XMPP_END

#endif /* XMPP_OPTION_H */
