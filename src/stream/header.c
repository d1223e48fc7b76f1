/* header.c - the peer's stream header (RFC 6120 section 4.7). */

#include "stream/header.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/engine.h"
#include "stream/framing.h"

/* A header after a restart replaces the earlier one: what it lacks is
 * forgotten. */
static bool keep_header_value(struct stream *s, char **own, struct str *view,
                              struct str value)
{
    env_free(s->env, *own);
    *own = value.s ? env_strndup(s->env, value.s, value.n) : NULL;
    *view = *own ? str_n(*own, value.n) : STR_NONE;
    return !value.s || *own;
}

/* The condition is that of RFC 6120 section 4.9.3.10. */
static void refuse_namespace(struct stream *s, const char *detail)
{
    xmpp_stanza_t *error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_INVALID_NS, NULL);

    engine_fail_sending(s, XMPP_EPROTO, error, detail);
}

/* Whom a port is for, by the namespace of its streams; "" if it is not known.
 */
static const char *whose_port(struct str ns)
{
    if (str_eq(ns, name_text(NS_CLIENT)))
        return "; this port is for clients";
    return str_eq(ns, name_text(NS_COMPONENT)) ? "; this port is for components"
                                               : "";
}

/* The stream has to be for our kind of stanzas. A server that declares no
 * default namespace, or that of streams, declares it at each stanza
 * (section 4.8.3). */
static bool is_content_ours(struct stream *s)
{
    struct str ours = s->framing->content(s);
    struct str said = str_of(reader_content(s->reader));
    struct quote quoted;
    char detail[256];

    if (s->wanted->kind == STREAM_RAW || !said.s || str_eq(said, ours) ||
        str_eq(said, name_text(NS_STREAMS)))
        return true;
    snprintf(detail, sizeof(detail),
             "the server's stream is in the namespace '%s', not in '%.*s'%s",
             quote(&quoted, said), STR_ARG(ours), whose_port(said));
    refuse_namespace(s, detail);
    return false;
}

static bool is_stream_header(struct stream *s, const xmpp_stanza_t *header)
{
    if (node_is(header, N_STREAM, NS_STREAMS))
        return is_content_ours(s);
    if (node_is(header, N_STREAM, NAME_NONE))
        refuse_namespace(
            s, "the server's <stream> is not in the namespace of XMPP "
               "streams");
    else
        engine_fail(s, XMPP_EPROTO,
                    "the server did not begin with a stream header");
    return false;
}

bool header_read(struct stream *s, xmpp_stanza_t *header)
{
    if (!keep_header_value(s, &s->id, &s->agreed.id, node_attr(header, N_ID)) ||
        !keep_header_value(s, &s->from, &s->agreed.from,
                           node_attr(header, N_FROM))) {
        engine_fail(s, XMPP_EMEM, NULL);
        return false;
    }
    return is_stream_header(s, header);
}

/* A header without a version is from before RFC 3920. Of a version only the
 * major number says whether features follow (section 4.7.5). */
bool header_is_version_1(const xmpp_stanza_t *header)
{
    struct str version = node_attr(header, N_VERSION), head;
    unsigned long major;

    str_cut(version, '.', &head);
    return version.s && str_number(head, 1000000, &major) && major >= 1;
}
