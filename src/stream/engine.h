/* engine.h - a stream from inside, and what every step uses. */

#ifndef STREAM_ENGINE_H
#define STREAM_ENGINE_H

#include "sasl/choice.h"
#include "sasl/upgrade.h"
#include "stanza/reader.h"
#include "stream/sm.h"
#include "stream/stream.h"

#define REST_AFTER 10000 /* milliseconds without input */

/* Where the conversation is. Up to STEP_UP each has a patience. */
enum step {
    STEP_HEADER,    /* the peer's stream header */
    STEP_FEATURES,  /* its features */
    STEP_PROCEED,   /* its consent to TLS */
    STEP_TLS,       /* the handshake, which is not ours */
    STEP_SASL,      /* SASL */
    STEP_SASL2,     /* SASL as XEP-0388 has it */
    STEP_COMPRESS,  /* the peer's consent to compression (XEP-0138) */
    STEP_ZLIB,      /* its beginning, which is not ours */
    STEP_RESUME,    /* an earlier session (XEP-0198) */
    STEP_BIND,      /* a resource */
    STEP_SESSION,   /* RFC 3921's session, where it is demanded */
    STEP_ENABLE,    /* stream management; the address is ours already */
    STEP_HANDSHAKE, /* of a component */
    STEP_LEGACY,    /* XEP-0078 */
    STEP_UP,        /* logged in */
    STEP_IDLE,      /* no transport, or raw and not opened */
    STEP_RAW,       /* raw and open */
    STEP_CLOSING,   /* we end it, and wait for the peer's end */
    STEP_DOWN       /* over */
};

/* A password that is asked for. While `is_open` the login waits for it;
 * `challenge` is then what it is to answer, if the server was first. */
struct asking {
    bool is_open;
    bool has_challenge;
    bool is_busy;     /* the answer takes more than one turn */
    bool was_refused; /* the last one was, and there is no other yet */
    bool was_wrong;   /* one of this login was, asked for or not */
    char *challenge;  /* owned */
    size_t challenge_n;
    char *password; /* owned: the answer */
    long tries;     /* how often it was asked for */
};

/* How SASL is wrapped: by RFC 6120 section 6, or by XEP-0388. */
struct stream;
struct profile {
    enum step step;
    enum name_id ns;
    void (*first)(struct stream *s, struct str message, bool has_message);
};

/* What XEP-0388 lets us say together with the login, and what of it we did. */
struct inlined {
    bool may_resume, may_bind, may_enable; /* is offered (XEP-0198, XEP-0386) */
    uint32_t may_with;            /* the same of the children of `bind_with` */
    unsigned fast;                /* mechanisms for tokens, as bits */
    bool by_token;                /* we log in by it */
    const struct mechanism *wish; /* we asked for a token for this */
    bool resume, bind, enable;    /* we asked for this */
    bool features_due; /* they still come, and have nothing new for us */
};

/* Tasks between the proofs of a SASL2 login and its success, as bits of
 * sasl/upgrade.h. `now` waits for its data or is being worked at. */
struct tasks {
    unsigned offered, asked, done, now;
    bool barred; /* one went wrong: no more of them */
    struct upgrade work;
};

/* A login that was said together with the header (XEP-0509). */
struct pipeline {
    xmpp_stanza_t *offer; /* owned: what it was said by, while `is_open` */
    bool is_open;         /* the header or the features are still to come */
    bool is_stale;        /* the features came, and are others */
    bool is_due;          /* its answer may be that they are */
};

/* `agreed` views point into the four strings. `tls_mark` are the bytes that
 * have to leave before TLS begins. What is said before there is a session goes
 * to `front`, and leaves first; once `flows`, all goes to the outbox, which is
 * that of `sm` or, where there is none, the stream's own. While it `holds`,
 * what is in the outbox stays there, and our own elements still go to `front`:
 * until <enable/> is answered, nobody could tell what of it the server got. */
struct stream {
    struct env *env;
    const struct wanted *wanted;
    struct fault *fault;
    struct agreed agreed;
    char *jid, *id, *from, *offer_text;

    enum step step;
    uint64_t now; /* of the call in progress */
    uint64_t step_deadline, login_deadline;
    uint64_t rest_deadline; /* then a reader that hears nothing rests */
    struct reader_limits limits;
    struct reader *reader;
    int broken; /* why the reader gave up, until what it had read is told */
    struct buf front;
    struct outbox *out, own;
    bool flows, holds;
    bool mute;          /* nobody would hear it */
    bool end_waits;     /* our end, until what is owed is acknowledged */
    size_t unrequested; /* bytes of the outbox that left since a question did */
    size_t tls_mark;

    xmpp_sm_state_t *sm;     /* borrowed, may be NULL */
    xmpp_stanza_t *features; /* owned: while we try to resume */
    xmpp_stanza_t *held;     /* owned: a stanza that has to wait for UP */
    bool skipped;            /* so was the one that is held, or read */
    bool zlib_refused;
    bool sm_offered;
    bool enabling;  /* <enable/> was said and not answered */
    bool sm_on;     /* both sides count */
    uint64_t moved; /* when something of what we say moved last */
    struct keepalive {
        uint64_t heard; /* when the peer was heard last */
        uint64_t asked; /* when the question that waits for an answer left, as
                           far as it did; TIME_NEVER: it is new */
        size_t ahead;   /* bytes that still leave before all of it has */
        enum {
            KEEPALIVE_NONE,
            KEEPALIVE_ACK,
            KEEPALIVE_PING
        } waits;     /* for what */
        size_t asks; /* acknowledgements that were asked for and are to come */
        uint64_t owed;  /* since when the oldest stanza is not acknowledged,
                           TIME_NEVER: there is none */
        uint64_t urged; /* when that was asked about, TIME_NEVER: not yet */
        uint64_t check; /* the application's own patience, or TIME_NEVER */
    } keepalive;

    struct credentials credentials;
    struct sasl_offer offer;
    struct sasl *sasl;
    const struct profile *profile;
    struct asking asking;
    struct scram_keys *keys;  /* kept after a login, owned */
    struct fast_token *token; /* that stands, owned; NULL: none (XEP-0484) */
    struct inlined inlined;   /* said together with the login */
    struct tasks tasks;
    struct pipeline pipeline;
    bool authenticated, bound, session_demanded;
    bool legacy_digest, legacy_sent; /* XEP-0078: how, and whether we did */

    bool opened;        /* our header is out */
    bool opens_secured; /* raw: it waits for TLS */
    bool available;     /* we said so */
    bool up_due, header_due, down_due, token_due;
    bool waits; /* we said something in the login, and nobody answered */
};

/* ---- what every step uses ---------------------------------------- */

/* At which point of the conversation, in words: "during the session". */
const char *engine_when(const struct stream *s);

/* Go to a step; its patience begins. */
void engine_to(struct stream *s, enum step step);

/* Tell the fault in the step's layer, say goodbye and be down. */
void engine_fail(struct stream *s, int code, const char *detail);

/* The same, with words of its own, for an answer that did not come in time; for
 * a stream that the peer ended; and for an element that is none of what the
 * step waits for. */
void engine_fail_late(struct stream *s);
void engine_fail_ended(struct stream *s);
void engine_fail_unexpected(struct stream *s, const xmpp_stanza_t *node);

/* The same for what the fault was already told. */
void engine_give_up(struct stream *s);

/* Say a tree of our own, which is taken; NULL is memory that was out. */
void engine_send(struct stream *s, xmpp_stanza_t *node);

/* Say the end tag of our stream: engine_out(), or behind all that waits. */
void engine_send_end(struct stream *s, struct buf *out);

/* The same, while the peer's end is waited for: nothing of ours stands in the
 * way of our own any more. */
void engine_end(struct stream *s);

/* Bytes that begin like this, before the reader has them: if TLS comes where
 * nobody began with it, the fault says so. */
void engine_look_for_tls(struct stream *s, char first);

/* If the reader gave up, so does the stream. */
void engine_break(struct stream *s);

/* Lines of the log, `what` being "SENT" or "RECV": a tree, its secrets
 * replaced; bytes of the application, likewise; the peer's header; what was
 * appended to the outbox since it had `before` bytes; any text. */
void engine_log(struct stream *s, const char *what, const xmpp_stanza_t *node);
void engine_log_raw(struct stream *s, struct str bytes);
void engine_log_header(struct stream *s, const xmpp_stanza_t *header);
void engine_log_sent(struct stream *s, size_t before);
void engine_log_text(struct stream *s, const char *what, struct str text);

/* The options may have changed, and the step. */
void engine_set_limits(struct stream *s);

/* A warning: something was skipped, `stub` being left of it. */
void engine_log_skipped(struct stream *s, const xmpp_stanza_t *stub,
                        const struct reader_excess *excess);

/* A fault that is told together with a stream error, which is taken. */
void engine_fail_saying(struct stream *s, int code, xmpp_stanza_t *error,
                        const char *detail);

/* What of the outbox may leave now. Nothing does until a session is known to
 * be managed or not: what is lost before could neither be resumed nor counted,
 * and would be said twice. */
struct str engine_ready(const struct stream *s);

/* Where what we say goes: behind the outbox, or past one that must not leave.
 */
struct buf *engine_out(struct stream *s);

/* A session begins: what waits in the outbox is said in it from now on, and
 * kept if it is to be acknowledged. */
void engine_flow(struct stream *s, bool keeps);

/* Open our stream anew. */
void engine_restart(struct stream *s);

/* If something of the application's was not taken, that is a failure: XMPP_EEOF
 * or XMPP_ETIMEOUT. */
void engine_report_owed(struct stream *s, int code);

/* Logged in; over. */
void engine_up(struct stream *s);
void engine_down(struct stream *s);

/* The lower-case hex SHA-1 of the stream's id and a secret, NUL-terminated,
 * into HEX_SIZE(DIGEST_MOST): how components prove themselves (XEP-0114 section
 * 3), and old clients (XEP-0078 section 3.2). False when memory is out. */
bool engine_digest(struct stream *s, struct str secret, char *out);

/* If the last that the server said of us was no, that is why it ends. */
void engine_report_refused(struct stream *s);

/* Wait for a password, which answers a challenge (STR_NONE: it begins). */
void engine_request_password(struct stream *s, struct str challenge);

/* Keep the challenge until it is answered; false without memory. */
bool engine_keep_challenge(struct stream *s, struct str challenge);

/* Was the password one that was asked for, and may be asked for again? */
bool engine_may_ask_again(const struct stream *s);

/* Forget everything secret, but for the keys and the token that are kept. */
void engine_forget(struct stream *s);
void engine_forget_keys(struct stream *s);
void engine_forget_token(struct stream *s);

#endif
