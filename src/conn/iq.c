/* iq.c - iq stanzas that we begin, and answers to those of others. */

#include "conn/iq.h"

#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "base/quote.h"
#include "conn/attempt.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/writer.h"

/* A component has many addresses, and the server sets no `from` for it
 * (XEP-0114 section 3). The `from` of a client is the server's to set (RFC 6120
 * section 8.1.2.1). */

/* ---- answers ----------------------------------------------------- */

/* Codes without a row are our own failures, of which the sender learns no
 * more. */
struct iq_error iq_error_of(int code)
{
    static const struct {
        int code;
        struct iq_error error;
    } rows[] = {
        {XMPP_EARG, {"modify", "bad-request"}},
        {XMPP_EINVOP, {"cancel", "not-allowed"}},
        {XMPP_EMEM, {"wait", "resource-constraint"}},
        {XMPP_EFULL, {"wait", "resource-constraint"}},
        {XMPP_ELIMIT, {"modify", "policy-violation"}},
        {XMPP_EAUTH, {"auth", "forbidden"}},
        {XMPP_EPOLICY, {"auth", "forbidden"}},
        {XMPP_ENOHOST, {"cancel", "item-not-found"}},
        {XMPP_ENOSERVICE, {"cancel", "service-unavailable"}},
        {XMPP_ETIMEOUT, {"wait", "remote-server-timeout"}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code)
            return rows[i].error;
    return (struct iq_error){"cancel", "internal-server-error"};
}

/* The answer goes back to the sender, or without one to the server. A component
 * answers from the address that the iq was sent to. */
static struct str answer_from(xmpp_conn_t *conn, const xmpp_stanza_t *iq)
{
    return xmpp_conn_is_component(conn) ? node_attr(iq, N_TO) : STR_NONE;
}

static xmpp_stanza_t *iq_answer(xmpp_conn_t *conn, const xmpp_stanza_t *iq,
                                struct str type)
{
    struct str to = node_attr(iq, N_FROM), id = node_attr(iq, N_ID);
    struct str from = answer_from(conn, iq);
    xmpp_stanza_t *answer = build_root(&conn->ctx->env, N_IQ, NAME_NONE);

    if (!answer)
        return NULL;
    node_set(answer, N_TYPE, type);
    if (id.s)
        node_set(answer, N_ID, id);
    if (to.s)
        build_received(answer, N_TO, to);
    if (from.s)
        build_received(answer, N_FROM, from);
    return answer;
}

static xmpp_stanza_t *iq_refusal(xmpp_conn_t *conn, const xmpp_stanza_t *iq,
                                 const struct iq_error *why)
{
    xmpp_stanza_t *answer = iq_answer(conn, iq, STR("error"));
    xmpp_stanza_t *error = build_child(answer, N_ERROR, NAME_NONE);

    xmpp_stanza_set_type(error, why->type);
    xmpp_stanza_add_tag(error, why->condition, name_text(NS_STANZA_ERRORS).s);
    return answer;
}

static void write_present(struct buf *out, enum name_id name, struct str value)
{
    if (value.s)
        writer_attr(out, name_text(name), value);
}

void iq_write_answer(struct buf *out, xmpp_conn_t *conn,
                     const xmpp_stanza_t *iq, const struct iq_error *error)
{
    buf_puts(out,
             error ? STR("<iq type=\"error\"") : STR("<iq type=\"result\""));
    write_present(out, N_ID, node_attr(iq, N_ID));
    write_present(out, N_TO, node_attr(iq, N_FROM));
    write_present(out, N_FROM, answer_from(conn, iq));
    if (!error) {
        buf_puts(out, STR("/>"));
        return;
    }
    buf_puts(out, STR("><error type=\""));
    buf_puts(out, str_of(error->type));
    buf_puts(out, STR("\"><"));
    buf_puts(out, str_of(error->condition));
    buf_puts(out, STR(" xmlns=\"" XMPP_NS_STANZAS_IETF "\"/></error></iq>"));
}

xmpp_stanza_t *xmpp_iq_result(xmpp_conn_t *conn, xmpp_stanza_t *iq)
{
    return conn && iq ? iq_answer(conn, iq, STR("result")) : NULL;
}

xmpp_stanza_t *xmpp_iq_error(xmpp_conn_t *conn, xmpp_stanza_t *iq, int code,
                             const char *specific, const char *specific_ns)
{
    const struct iq_error why = iq_error_of(code);
    xmpp_stanza_t *answer = conn && iq ? iq_refusal(conn, iq, &why) : NULL;

    if (answer && specific)
        xmpp_stanza_add_tag(node_child(answer, N_ERROR, NAME_NONE), specific,
                            specific_ns);
    return answer;
}

/* ---- questions --------------------------------------------------- */

xmpp_stanza_t *xmpp_iq_to(xmpp_conn_t *conn, const char *type, const char *to)
{
    xmpp_stanza_t *iq = conn ? xmpp_iq_new(conn->ctx, type, NULL) : NULL;
    const char *from = NULL;

    if (conn && xmpp_conn_is_component(conn))
        from = conn->send_as ? conn->send_as : conn->bound;
    if (to)
        xmpp_stanza_set_to(iq, to);
    if (iq && from)
        xmpp_stanza_set_from(iq, from);
    return iq;
}

/* Whether it is a component is decided by the connect call only. */
int xmpp_conn_send_as(xmpp_conn_t *conn, const char *from)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct quote said;
    xmpp_jid_t jid;
    int rc = 0;

    if (!conn)
        return XMPP_EINVOP;
    if (conn_live(conn) && !xmpp_conn_is_component(conn))
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "only a component chooses the address that it sends "
                          "from");
    if (from)
        rc = jid_parse(str_of(from), XMPP_JID_STRICT, room, &jid, NULL);
    if (rc == XMPP_EARG)
        return env_refuse(&conn->ctx->env, rc, "\"%s\" is not a valid address",
                          quote(&said, str_of(from)));
    return rc ? rc : conn_set(conn, "xmpp_conn_send_as", &conn->send_as, from);
}

const char *xmpp_conn_get_send_as(const xmpp_conn_t *conn)
{
    return conn ? conn->send_as : NULL;
}
