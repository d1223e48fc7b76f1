/* steps.h - the steps of the negotiation, each in the file of its name, and
 * what several of them use.
 *
 * A step reads what came, changes what it knows, and returns a verdict. It
 * moves neither the stream nor the walk, and writes nothing: what it wants to
 * send is left in `reply`. */

#ifndef STREAM_STEPS_H
#define STREAM_STEPS_H

#include "stream/core.h"

extern const struct step step_features;  /* what the server offers */
extern const struct step step_starttls;  /* RFC 6120 section 5 */
extern const struct step step_pipeline;  /* XEP-0509 */
extern const struct step step_sasl2;     /* XEP-0388 */
extern const struct step step_legacy;    /* XEP-0078 */
extern const struct step step_sasl;      /* RFC 6120 section 6 */
extern const struct step step_compress;  /* XEP-0138 */
extern const struct step step_resume;    /* XEP-0198 section 5 */
extern const struct step step_bind;      /* RFC 6120 section 7 */
extern const struct step step_session;   /* RFC 3921 section 3 */
extern const struct step step_enable;    /* XEP-0198 section 3 */
extern const struct step step_component; /* XEP-0114 */

/* ---- verdicts ---------------------------------------------------- */

/* STEP_FAIL, with this fault in the layer of the step; `detail` may be NULL. */
enum verdict step_fail(struct stream *s, int code, const char *detail);

/* STEP_FAIL: an element that is not what the step waits for. */
enum verdict step_unexpected(struct stream *s, const xmpp_stanza_t *node);

/* STEP_WAIT, with this tree as the reply, which is taken. The text of `secret`,
 * a node of it or NULL, is wiped once it is sent. STEP_FAIL if the tree lacks
 * memory. */
enum verdict step_send(struct stream *s, xmpp_stanza_t *node);
enum verdict step_send_secret(struct stream *s, xmpp_stanza_t *node,
                              const xmpp_stanza_t *secret);

/* The same, with a second tree that follows at once, before any answer. */
enum verdict step_send_two(struct stream *s, xmpp_stanza_t *node,
                           xmpp_stanza_t *behind);

/* STEP_FAIL, the fault being set: `last` is sent before the end, and taken. */
enum verdict step_fail_sending(struct stream *s, xmpp_stanza_t *last);

/* STEP_WANT_PASSWORD, for one that answers a challenge (STR_NONE: it begins).
 * STEP_FAIL when memory is out. */
enum verdict step_request_password(struct stream *s, struct str challenge);

/* Was the password one that was asked for, and may be asked for again? */
bool step_may_ask_again(const struct stream *s);

/* The child element of this name and namespace, or NULL. */
xmpp_stanza_t *step_child(xmpp_stanza_t *parent, const char *name,
                          const char *ns);

/* The lower-case hex SHA-1 of the stream's id and a secret, NUL-terminated,
 * into HEX_SIZE(DIGEST_MOST): how components prove themselves (XEP-0114 section
 * 3), and old clients (XEP-0078 section 3.1). False when memory is out. */
bool step_digest(struct stream *s, struct str secret, char *out);

/* This address is ours from now on, the first of this stream. False when memory
 * is out. */
bool step_keep_jid(struct stream *s, struct str jid);

/* Facts that hold from now on, or no longer. */
static inline bool step_has(const struct stream *s, unsigned facts)
{
    return negotiation_has(s->login, facts);
}

static inline void step_set(struct stream *s, unsigned facts)
{
    s->login->facts |= facts;
}

static inline void step_clear(struct stream *s, unsigned facts)
{
    s->login->facts &= ~facts;
}

#endif
