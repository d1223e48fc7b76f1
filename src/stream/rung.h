/* rung.h - a stream from inside, and what every rung of the ladder uses. */

#ifndef STREAM_RUNG_H
#define STREAM_RUNG_H

#include "sasl/choice.h"
#include "stanza/reader.h"
#include "stream/outbox.h"
#include "stream/stream.h"

#define REST_AFTER 10000 /* milliseconds without input */

/* Where the conversation is. Up to RUNG_UP each has a patience. */
enum rung {
    RUNG_HEADER,    /* the peer's stream header */
    RUNG_FEATURES,  /* its features */
    RUNG_PROCEED,   /* its consent to TLS */
    RUNG_TLS,       /* the handshake, which is not ours */
    RUNG_AUTH,      /* SASL */
    RUNG_BIND,      /* a resource */
    RUNG_SESSION,   /* RFC 3921's session, where it is demanded */
    RUNG_HANDSHAKE, /* of a component */
    RUNG_LEGACY,    /* XEP-0078 */
    RUNG_UP,        /* logged in */
    RUNG_IDLE,      /* no transport, or raw and not opened */
    RUNG_RAW,       /* raw and open */
    RUNG_CLOSING,   /* we said the end, and wait for the peer's */
    RUNG_DOWN       /* over */
};

/* A password that is asked for. While `is_open` the login waits for it;
 * `challenge` is then what it is to answer, if the server was first. */
struct asking {
    bool is_open;
    bool has_challenge;
    char *challenge; /* owned */
    size_t challenge_n;
    char *password;  /* owned: the answer */
    long tries;      /* how often it was asked for */
};

/* `agreed` views point into the three strings. `tls_mark` are the bytes that
 * have to leave before TLS begins. */
struct stream {
    struct env *env;
    const struct wanted *wanted;
    struct fault *fault;
    struct agreed agreed;
    char *jid, *id, *from;

    enum rung rung;
    uint64_t now; /* of the call in progress */
    uint64_t step_deadline, login_deadline;
    uint64_t rest_deadline; /* then a reader that hears nothing rests */
    struct reader_limits limits;
    struct reader *reader;
    struct outbox out;
    size_t tls_mark;

    struct credentials credentials;
    struct sasl_offer offer;
    struct sasl *sasl;
    struct asking asking;
    struct scram_keys *keys; /* kept after a login, owned */
    bool authenticated, session_demanded;
    bool legacy_digest, legacy_said; /* XEP-0078: how, and whether we did */

    bool opened;     /* our header is out */
    bool available;  /* we said so */
    bool up_untold, header_untold, down_untold;
};

/* ---- what every rung uses ---------------------------------------------- */

const char *rung_name(enum rung rung);

/* Go to a rung; its patience begins. */
void rung_to(struct stream *s, enum rung rung);

/* Tell the fault in the rung's layer, say goodbye and be down. */
void rung_fail(struct stream *s, int code, const char *detail);

/* The same for what the fault was already told. */
void rung_give_up(struct stream *s);

/* Say a tree of our own, which is taken; NULL is memory that was out. */
void rung_say(struct stream *s, xmpp_stanza_t *node);

/* Say the end tag of our stream. */
void rung_say_end(struct stream *s);

/* Lines of the log, `what` being "SENT" or "RECV": a tree, its secrets
 * replaced; bytes of the application, likewise; the peer's header; what was
 * appended to the outbox since it had `before` bytes; any text. */
void rung_log(struct stream *s, const char *what, const xmpp_stanza_t *node);
void rung_log_raw(struct stream *s, struct str bytes);
void rung_log_header(struct stream *s, const xmpp_stanza_t *header);
void rung_log_said(struct stream *s, size_t before);
void rung_log_text(struct stream *s, const char *what, struct str text);

/* Open our stream anew. */
void rung_restart(struct stream *s);

/* Logged in; over. */
void rung_up(struct stream *s);
void rung_down(struct stream *s);

/* Wait for a password, which answers a challenge (STR_NONE: it begins). */
void rung_ask(struct stream *s, struct str challenge);

/* Was the password one that was asked for, and may be asked for again? */
bool rung_may_ask_again(const struct stream *s);

/* Forget everything secret, but for the keys that are kept. */
void rung_forget(struct stream *s);
void rung_forget_keys(struct stream *s);

#endif
