/* steps.c - what several steps of the negotiation use. */

#include "stream/steps.h"

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/find.h"
#include "stream/failure.h"

#define SECRET_MOST 65536

enum verdict step_fail(struct stream *s, int code, const char *detail)
{
    failure_set(s, code, detail);
    return STEP_FAIL;
}

enum verdict step_unexpected(struct stream *s, const xmpp_stanza_t *node)
{
    failure_unexpected(s, node);
    return STEP_FAIL;
}

/* ---- sending ----------------------------------------------------- */

enum verdict step_send(struct stream *s, xmpp_stanza_t *node)
{
    return step_send_secret(s, node, NULL);
}

enum verdict step_send_secret(struct stream *s, xmpp_stanza_t *node,
                              const xmpp_stanza_t *secret)
{
    s->login->reply = node;
    s->login->secret = secret;
    return node ? STEP_WAIT : step_fail(s, XMPP_EMEM, NULL);
}

enum verdict step_send_two(struct stream *s, xmpp_stanza_t *node,
                           xmpp_stanza_t *behind)
{
    s->login->behind = behind;
    return behind ? step_send(s, node)
                  : (xmpp_stanza_release(node), step_fail(s, XMPP_EMEM, NULL));
}

/* If memory is out here, the fault that is set stands: the first one counts. */
enum verdict step_fail_sending(struct stream *s, xmpp_stanza_t *last)
{
    step_send(s, last);
    return STEP_FAIL;
}

/* ---- passwords --------------------------------------------------- */

/* The old answer was wrong or belongs to another challenge. */
enum verdict step_request_password(struct stream *s, struct str challenge)
{
    struct negotiation *n = s->login;

    env_free_secret(s->env, n->request.password);
    n->request.password = NULL;
    n->credentials.password = STR_NONE;
    return negotiation_keep_challenge(s->env, n, challenge)
               ? STEP_WANT_PASSWORD
               : step_fail(s, XMPP_EMEM, NULL);
}

/* A stored password would only be refused again, so only one that somebody gave
 * is asked for again. */
bool step_may_ask_again(const struct stream *s)
{
    const struct password_request *request = &s->login->request;

    return request->password &&
           request->tries < s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TRIES];
}

/* ---- elements and secrets ---------------------------------------- */

xmpp_stanza_t *step_child(xmpp_stanza_t *parent, const char *name,
                          const char *ns)
{
    xmpp_stanza_t *child = node_first_element(parent);

    while (child &&
           (!str_is(node_name(child), name) || !str_is(node_ns(child), ns)))
        child = node_next_element(child);
    return child;
}

/* SHA-1 is what both specifications demand; the secret is at most known to a
 * server that has it already. */
bool step_digest(struct stream *s, struct str secret, char *out)
{
    unsigned char digest[DIGEST_MOST];
    struct buf b;
    bool good;

    buf_init(&b, s->env, SECRET_MOST);
    b.is_secret = true;
    buf_puts(&b, s->agreed.id);
    buf_puts(&b, secret);
    good = !b.failed &&
           crypt_hash(DIGEST_SHA1, buf_view(&b).s, buf_size(&b), digest);
    buf_wipe(&b);
    if (good)
        hex_encode(out, digest, digest_size(DIGEST_SHA1));
    return good;
}

bool step_keep_jid(struct stream *s, struct str text)
{
    s->jid = env_strndup(s->env, text.s, text.n);
    s->agreed.jid = str_of(s->jid);
    return s->jid != NULL;
}
