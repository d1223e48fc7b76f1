/* terms.h - what is wanted of a stream, and what was agreed on. */

#ifndef STREAM_TERMS_H
#define STREAM_TERMS_H

#include <xmpp/option.h>
#include <xmpp/types.h>

#include "base/str.h"
#include "sasl/keys.h"
#include "sasl/strength.h"
#include "sasl/fast_token.h"

enum stream_kind {
    STREAM_CLIENT,
    STREAM_COMPONENT, /* XEP-0114 */
    STREAM_RAW        /* negotiates nothing by itself */
};

enum tls_policy {
    TLS_REQUIRED, /* by STARTTLS unless the transport is secure already */
    TLS_OPTIONAL, /* if offered */
    TLS_NEVER
};

/* Ways of logging in that a login can do without, as bits. None of them decides
 * what a server has to prove, or what it learns. */
enum path {
    PATH_PIPELINE = 1,  /* sent before the features are there (XEP-0509) */
    PATH_TOKEN = 2,     /* by a token, or with a request for one (XEP-0484) */
    PATH_UPGRADE = 4,   /* helping the server to a stronger SCRAM (XEP-0480) */
    PATH_INLINE = 8,    /* resumed together with the login (XEP-0198) */
    PATH_RESUME = 16,   /* resumed behind it */
    PATH_ZLIB = 32,     /* compressed (XEP-0138) */
    PATH_BIND2 = 64,    /* bound together with the login (XEP-0386) */
    PATH_SASL2 = 128,   /* by XEP-0388 */
    PATH_SM = 256,      /* with stream management */
    PATH_EARLY_SM = 512 /* which is enabled together with binding */
};

/* Who logs in, and how it presents itself to the server. */
#define IDENTITY_MAP(ROW)                                                      \
    ROW(jid)        /* bare, full, or a domain alone */                        \
    ROW(mechanisms) /* allowed, separated by spaces */                         \
    ROW(lang)       /* xml:lang of our stream */                               \
    ROW(agent_id)   /* of this installation, a UUID (XEP-0388) */              \
    ROW(software)                                                              \
    ROW(device)                                                                \
    ROW(tag) /* of Bind 2 (XEP-0386) */

/* What proves it. */
#define SECRETS_MAP(ROW)                                                       \
    ROW(pass)                                                                  \
    ROW(keys) /* instead of the password, see xmpp_conn_set_scram_keys() */    \
    ROW(oauth_token)                                                           \
    ROW(fast_token) /* as a line of text (XEP-0484) */

/* Strings are NULL where nothing was set. */
#define MEMBER(name) char *name;
struct identity {
    IDENTITY_MAP(MEMBER)
};
struct secrets {
    SECRETS_MAP(MEMBER)
};
#undef MEMBER

struct rhythm;

/* Borrowed, and unchanged while the stream lives. */
struct wanted {
    enum stream_kind kind;
    enum tls_policy tls;
    bool tls_verified;   /* TLS will prove the server's identity, or the
                            application renounced that by name */
    bool hides_password; /* also with TLS_NEVER, which nobody asked for by
                            XMPP_CONN_FLAG_DISABLE_TLS */
    bool external;       /* TLS has a client certificate of ours */
    struct str domain;   /* of the account, or the component's own */
    struct str local;    /* STR_NONE: anonymous login */
    struct str resource; /* STR_NONE: the server makes one */
    struct identity identity;
    struct secrets secrets; /* `keys` and `fast_token` are read below */
    bool can_get_password;  /* a password may be asked for: WANT_PASSWORD */
    const struct scram_keys *keys; /* instead of a password, or NULL */
    struct strength min_strength;  /* the login must not be weaker */
    bool zlib;                     /* compress where it is offered (XEP-0138) */
    bool legacy;                   /* XEP-0078 and DIGEST-MD5 are allowed */
    unsigned port;                 /* that was connected to, 0 if unknown */
    const struct fast_token
        *fast_token;          /* of an earlier login, or NULL (XEP-0484) */
    bool keeps_tokens;        /* somebody would keep a new one */
    bool drops_token;         /* the login by it is to be the last */
    const char *offer;        /* of an earlier stream, XML; NULL: none */
    xmpp_stanza_t *bind_with; /* its children are asked for inside of Bind 2 */
    bool keeps_features;      /* after the login, in `agreed` */
    const int32_t *options;   /* values by xmpp_option_t; may change */
    struct _xmpp_sm_t *sm;    /* what outlives the stream; NULL: nothing does */
    bool no_sm;               /* do not speak stream management */
    struct rhythm *rhythm;    /* what quiet connections survive; or NULL */
    unsigned avoid;           /* paths, where there is another no worse one */
};

#define BIND_WITH_MOST 16 /* children of `bind_with` */

/* What stands now. Views are valid as long as the stream. */
struct agreed {
    bool secured;          /* the transport is under TLS */
    bool compressed;       /* by zlib */
    struct str jid;        /* bound full JID, or the component's domain */
    struct str id;         /* of the stream */
    struct str from;       /* the server's name for itself */
    const char *mechanism; /* of SASL, NULL before */
    bool login_begun; /* something of the account was sent: a name, a proof */
    struct strength strength; /* of the login; zeroed before it */
    bool resumed;             /* the session began in an earlier stream */
    bool left;                /* and had been made unavailable at its end */
    unsigned round_trips;     /* how often the login waited for the peer */
    xmpp_stanza_t *features; /* that came last, if they are to be kept; owned */
    xmpp_stanza_t *bound;    /* the answer of Bind 2, NULL: bound otherwise */
    struct str offer;        /* to log in by the next time, XML; or STR_NONE */
    bool offer_seen;         /* `offer` is what the server sent */
    unsigned paths;          /* that the login took, and was not answered on */
    bool ended;              /* the peer ended the stream first */
    bool pipelined;          /* the login was sent before its features */
    uint32_t bound_with;     /* the children of `bind_with` that were asked for
                                and are in force with it, as bits */
};

#endif
