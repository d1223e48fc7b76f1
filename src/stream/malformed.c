/* malformed.c - the end of a stream that cannot be understood. */

#include "stream/malformed.h"

#include "stanza/build.h"
#include "stream/engine.h"
#include "stream/stream.h"

/* The stream error for it (RFC 6120 section 4.9.3). It stands behind our
 * header, and never behind our end tag. */
static void send_condition(struct stream *s, int code)
{
    static const struct {
        int code;
        xmpp_error_type_t type;
    } rows[] = {
        {XMPP_EXML, XMPP_SE_XML_NOT_WELL_FORMED},
        {XMPP_ERESTRICTED, XMPP_SE_RESTRICTED_XML},
        {XMPP_EPREFIX, XMPP_SE_BAD_NS_PREFIX},
        {XMPP_EENCODING, XMPP_SE_UNSUPPORTED_ENCODING},
        {XMPP_ELIMIT, XMPP_SE_POLICY_VIOLATION},
        {XMPP_EPROTO, XMPP_SE_UNSUPPORTED_STANZA_TYPE},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code && s->opened && s->phase != PHASE_CLOSING)
            engine_send(s, xmpp_error_new(env_ctx(s->env), rows[i].type, NULL));
}

/* XML has none of these octets, and a record of TLS begins with one (RFC 8446
 * section 5.1). The first fault counts, so this comes before the parser's. */
void malformed_look_for_tls(struct stream *s, char first)
{
    enum { ALERT = 0x15, HANDSHAKE = 0x16 };

    if (s->phase == PHASE_OPENING && !s->agreed.secured &&
        (first == ALERT || first == HANDSHAKE))
        fault_set(
            s->fault, XMPP_LAYER_XML, XMPP_EXML,
            "the server answered with TLS: this port seems to be for direct "
            "TLS, not for STARTTLS");
}

/* All that was whole before the error has been handed out by now, so the result
 * does not depend on how the bytes were cut. */
void malformed_end(struct stream *s)
{
    if (s->broken && s->phase != PHASE_DOWN) {
        send_condition(s, s->broken);
        engine_give_up(s);
    }
}

void stream_refuse(struct stream *s)
{
    xmpp_stanza_t *error;

    if (s->phase != PHASE_UP)
        return;
    error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_UNSUPPORTED_STANZA_TYPE, NULL);
    engine_fail_sending(s, XMPP_EPROTO, error,
                        "the server sent an element that is not a stanza");
}
