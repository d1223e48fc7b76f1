/* ladder.h - a stream from inside, and the rungs from a header to being up. */

#ifndef STREAM_LADDER_H
#define STREAM_LADDER_H

#include "sasl/sasl.h"
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
    RUNG_UP,        /* logged in */
    RUNG_IDLE,      /* no transport, or raw and not opened */
    RUNG_RAW,       /* raw and open */
    RUNG_CLOSING,   /* we said the end, and wait for the peer's */
    RUNG_DOWN       /* over */
};

/* `agreed` views point into the three strings. `tls_mark` are the bytes that
 * have to leave before TLS begins. `wait_id` is the id of our own question. */
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
    bool authenticated, session_demanded;

    bool opened;     /* our header is out */
    bool available;  /* we said so */
    bool up_untold, header_untold, down_untold;
    xmpp_stanza_t *error; /* owned: the peer's, to be told */
};

/* ---- what every rung uses ---------------------------------------------- */

/* Go to a rung; its patience begins. */
void ladder_to(struct stream *s, enum rung rung);

/* Tell the fault in the rung's layer, say goodbye and be down. */
void ladder_fail(struct stream *s, int code, const char *detail);

/* The same for what the fault was already told. */
void ladder_give_up(struct stream *s);

/* Say a tree of our own, which is taken; NULL is memory that was out. */
void ladder_say(struct stream *s, xmpp_stanza_t *node);

/* A line of the log with a tree in it, its secrets replaced. */
void ladder_log(struct stream *s, const char *what, const xmpp_stanza_t *node);

/* Open our stream anew. */
void ladder_restart(struct stream *s);

void ladder_up(struct stream *s);
void ladder_down(struct stream *s);

/* ---- entries ------------------------------------------------------------ */

const char *ladder_name(enum rung rung);
void ladder_header(struct stream *s, xmpp_stanza_t *header);

/* An element before the stream is up. */
void ladder_element(struct stream *s, xmpp_stanza_t *node);

/* ---- rungs ---------------------------------------------------------------- */

void rung_auth_begin(struct stream *s, xmpp_stanza_t *features);
void rung_auth_take(struct stream *s, xmpp_stanza_t *node);
void rung_auth_end(struct stream *s);
void rung_bind_begin(struct stream *s, xmpp_stanza_t *features);
void rung_bind_take(struct stream *s, xmpp_stanza_t *node);
void rung_session_take(struct stream *s, xmpp_stanza_t *node);
void rung_component_begin(struct stream *s);
void rung_component_take(struct stream *s, xmpp_stanza_t *node);

#endif
