/* states_table.h - the states of the negotiation, and what is lawful in each.
 */

/* A second header is no element, and refused as what it is. */
#define HEADER(code)                                                           \
    {                                                                          \
        "stream", STREAMS, NULL, code                                          \
    }
#define NEVER XMPP_EPROTO

#define FEATURES(empty)                                                        \
    {                                                                          \
        "features", STREAMS, NULL, empty                                       \
    }
#define SAID(name, ns, code)                                                   \
    {                                                                          \
        name, ns, NULL, code                                                   \
    }
#define ID(kind, which, code)                                                  \
    {                                                                          \
        "iq", "", " type='" kind "' id='" which "'", code                      \
    }

/* What may answer a message of SASL. */
#define REFUSED(ns) SAID("failure", ns, XMPP_EAUTH)
#define SASL_FIRST(ns)                                                         \
    REFUSED(ns), SAID("challenge", ns, XMPP_ECHALLENGE),                       \
        SAID("success", ns, XMPP_EPROOF)
#define SASL_LAST(ns)                                                          \
    REFUSED(ns), SAID("challenge", ns, XMPP_EPROOF),                           \
        SAID("success", ns, XMPP_EPROOF)
#define SASL_ONLY(ns)                                                          \
    REFUSED(ns), SAID("challenge", ns, XMPP_ECHALLENGE), SAID("success", ns, 0)

/* the header itself ends with its own end tag here; a stream error needs
 * one before it */
{"header", NEVER, {HEADER(XMPP_EEOF), SAID("error", STREAMS, NEVER)}},
    {"features", NEVER, {FEATURES(XMPP_ENOTLS)}},
    {"proceed", XMPP_ETLS, {SAID("proceed", TLS, 0), HEADER(NEVER)}},
    {"tls-header", NEVER, {HEADER(XMPP_EEOF), SAID("error", STREAMS, NEVER)}},
    {"tls-features", NEVER, {FEATURES(XMPP_EMECH)}},

    {"auth", NEVER, {SASL_FIRST(SASL)}},
    {"auth-proven", NEVER, {SASL_LAST(SASL)}},
    {"auth-plain", NEVER, {SASL_ONLY(SASL)}},
    {"auth-asked", NEVER, {REFUSED(SASL)}},

    {"auth2", NEVER, {SASL_FIRST(SASL2), SAID("continue", SASL2, XMPP_EPROOF)}},
    {"auth2-proven",
     NEVER,
     {SASL_LAST(SASL2), SAID("continue", SASL2, XMPP_EPROOF)}},
    {"auth2-plain",
     NEVER,
     {SASL_ONLY(SASL2), SAID("continue", SASL2, XMPP_ETASK)}},
    {"auth2-bind",
     NEVER,
     {SASL_ONLY(SASL2), SAID("continue", SASL2, XMPP_ETASK)}},
    /* a task that goes wrong begins the login anew, without it */
    {"task",
     NEVER,
     {SAID("failure", SASL2, 0), SAID("success", SASL2, 0),
      SAID("task-data", SASL2, 0), SAID("continue", SASL2, XMPP_ETASK),
      SAID("challenge", SASL2, XMPP_ECHALLENGE)}},
    {"task-done",
     NEVER,
     {SAID("failure", SASL2, 0), SAID("success", SASL2, 0),
      SAID("continue", SASL2, XMPP_ETASK),
      SAID("challenge", SASL2, XMPP_ECHALLENGE)}},
    /* behind a refused token comes the password */
    {"token",
     NEVER,
     {SAID("failure", SASL2, 0), SAID("success", SASL2, XMPP_EPROOF),
      SAID("continue", SASL2, XMPP_EPROOF),
      SAID("challenge", SASL2, XMPP_ECHALLENGE)}},
    {"early-header", NEVER, {HEADER(XMPP_EEOF), SAID("error", STREAMS, NEVER)}},
    {"early-features", NEVER, {FEATURES(0)}},

    {"restart", NEVER, {HEADER(XMPP_EEOF), SAID("error", STREAMS, NEVER)}},
    {"restart-features",
     NEVER,
     {{"features", STREAMS, "", XMPP_EBIND}, FEATURES(0)}},
    {"compress",
     NEVER,
     {SAID("compressed", ZLIB, 0), SAID("failure", ZLIB, 0)}},
    {"bind", NEVER, {ID("result", "bind", 0), ID("error", "bind", XMPP_EBIND)}},
    {"session",
     NEVER,
     {ID("result", "session", 0), ID("error", "session", XMPP_EBIND)}},
    /* bound already: a server need not wait for us, see below */
    {"enable",
     NEVER,
     {SAID("enabled", SM3, 0), SAID("failed", SM3, 0), SAID("message", "", 0),
      SAID("presence", "", 0), SAID("iq", "", 0)}},
    {"resume", NEVER, {SAID("resumed", SM3, 0), SAID("failed", SM3, 0)}},
    {"bound-features", NEVER, {FEATURES(0)}},

    {"handshake",
     NEVER,
     {SAID("handshake", "", 0),
      SAID("handshake", "jabber:component:accept", 0)}},
    {"legacy", NEVER, {ID("result", "auth-fields", 0)}},
    {"legacy-said",
     NEVER,
     {ID("result", "auth", 0), ID("error", "auth", XMPP_EAUTH)}},
