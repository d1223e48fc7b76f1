/* core.h - a stream from inside: bytes, time, the outbox, the reader. */

#ifndef STREAM_CORE_H
#define STREAM_CORE_H

#include "base/env.h"
#include "base/error.h"
#include "base/timer.h"
#include "stanza/reader.h"
#include "stream/negotiation.h"
#include "stream/outbox.h"
#include "stream/sm.h"
#include "stream/terms.h"

struct framing;

#define REST_AFTER 10000 /* milliseconds without input */

/* What bytes mean at present. Each phase before PHASE_UP has a patience. Within
 * PHASE_LOGIN the row of the table says where the login is. */
enum phase {
    PHASE_OPENING, /* our header is out, the peer's is to come */
    PHASE_LOGIN,   /* negotiating */
    PHASE_TLS,     /* nothing is read or written until TLS is up */
    PHASE_ZLIB,    /* nothing is read or written until it is compressed */
    PHASE_UP,      /* logged in */
    PHASE_IDLE,    /* no transport, or raw and not opened */
    PHASE_RAW,     /* raw and open */
    PHASE_CLOSING, /* we end it, and wait for the peer's end */
    PHASE_DOWN     /* over */
};

/* What the peer accepts, as it announced (XEP-0478); 0: it did not. */
struct announced {
    size_t bytes;  /* of an element */
    uint64_t idle; /* milliseconds without anything from us */
};

/* What was asked of the peer to see whether it is there: see keepalive.h. */
struct keepalive {
    uint64_t heard; /* when the peer was heard last */
    uint64_t sent;  /* when something left last */
    uint64_t quiet; /* how long neither had been before the request that waits
                       for its answer, 0: it was not made for silence */
    uint64_t asked; /* when the request that waits for an answer left, as far
                       as it did; TIME_NEVER: it is new */
    size_t ahead;   /* bytes that still leave before all of it has */
    enum { KEEPALIVE_NONE, KEEPALIVE_ACK, KEEPALIVE_PING } waits; /* for what */
    size_t asks;    /* acknowledgements that were requested and are to come */
    uint64_t owed;  /* since when the oldest stanza is not acknowledged,
                       TIME_NEVER: there is none */
    uint64_t urged; /* when that one was asked about, TIME_NEVER: not yet */
    uint64_t check; /* the application's own patience, or TIME_NEVER */
};

/* `agreed` views point into the four strings. `tls_mark` are the bytes that
 * have to leave before TLS begins. What is sent before there is a session goes
 * to `front`, and leaves first; once `flows`, all goes to the outbox, which is
 * that of `sm` or, where there is none, the stream's own. While it `holds`,
 * what is in the outbox stays there, and our own elements still go to `front`:
 * until <enable/> is answered, it would not be known what of it the server got.
 *
 * `login` is all that is remembered for a login only. It exists from
 * stream_open until the session is up; a raw stream never has one. */
struct stream {
    struct env *env;
    const struct wanted *wanted;
    struct fault *fault;
    struct agreed agreed;
    char *jid, *id, *from, *offer_text;
    const struct framing *framing; /* how it is opened and ended */
    struct negotiation *login;     /* owned, NULL: none is in progress */
    struct channel *channel; /* owned: the TLS, as far as a login has to know
                                it; NULL: there is none, or no login any more */

    enum phase phase;
    uint64_t now; /* of the call in progress */
    uint64_t step_deadline, login_deadline;
    uint64_t rest_deadline; /* then a reader that hears nothing rests */
    struct reader_limits limits;
    struct reader *reader;
    size_t piece, given; /* bytes read at once; elements given since then */
    bool piece_is_whole; /* there were so many bytes */
    int broken; /* why the reader gave up, until what it had read is handled */
    struct buf front;
    struct outbox *out, own;
    bool flows, holds;
    bool mute;      /* nobody would hear it */
    bool end_waits; /* our end, until what is owed is acknowledged */
    size_t unasked; /* bytes of the outbox that left since the last <r/> */
    size_t tls_mark;

    xmpp_sm_state_t *sm; /* borrowed, may be NULL */
    xmpp_stanza_t *held; /* owned: a stanza that has to wait for UP */
    bool skipped;        /* so was the one that is held, or read */
    bool features_due; /* they follow the login, and have nothing new for us */
    bool awaits_features;        /* UP waits for them, until `step_deadline` */
    const struct step *enabling; /* sent <enable/>, which is not answered yet;
                                    the session may be up meanwhile. Or NULL */
    bool sm_on;                  /* both sides count */
    uint64_t moved;              /* when something of what we send moved last */
    struct keepalive keepalive;
    struct announced announced;

    struct scram_keys *keys;  /* kept after a login, owned */
    struct fast_token *token; /* that stands, owned; NULL: none (XEP-0484) */

    bool opened;        /* our header is out */
    bool opens_secured; /* raw: it waits for TLS */
    bool available;     /* our presence is available */
    bool waits;         /* something left, and the answer is to come */
    bool header_due, token_due, up_due, down_due; /* events not fetched yet */
};

#endif
