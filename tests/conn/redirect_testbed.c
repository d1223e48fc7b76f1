/* redirect_testbed.c - two servers, of which the first sends clients away. */

#include "conn/redirect_testbed.h"

const char *const redirect_login[] = {"C to=\"example.org\"",
                                      "S " PEER_HEADER PEER_SASL,
                                      "C ANONYMOUS",
                                      "C >",
                                      "S <success xmlns='urn:ietf:params:xml:"
                                      "ns:xmpp-sasl'/>",
                                      "C <stream:stream",
                                      "C >",
                                      "S " PEER_HEADER PEER_BIND,
                                      "C </iq>",
                                      "S <iq type='result' id='%id%'><bind "
                                      "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
                                      "><jid>guest@example.org/r</jid></bind>"
                                      "</iq>",
                                      PEER_CLOSE,
                                      NULL};

void redirect_sends_to(struct redirect_pair *p, const char *where, bool header)
{
    snprintf(p->says, sizeof(p->says), "S %s" REDIRECT_OTHER,
             header ? PEER_HEADER : "", where);
}

void redirect_second(struct redirect_pair *p, const char *const *script)
{
    p->second = fake_server_start(script);
    p->first_line = script[0];
    snprintf(p->at, sizeof(p->at), "127.0.0.1:%u", fake_server_port(p->second));
    redirect_sends_to(p, p->at, true);
}

void redirect_drop(struct redirect_pair *p, const char *what)
{
    testbed_peer_done(&p->testbed, what);
    if (p->second)
        is_str(fake_server_join(p->second), NULL, "%s: so did the second",
               what);
    testbed_free(&p->testbed, what);
}

void redirect_nobody_came(struct redirect_pair *p)
{
    fake_server_poke(p->second);
    is_str(fake_server_join(p->second), p->first_line, "nobody came there");
    p->second = NULL;
}

void redirect_not_followed(struct redirect_pair *p, const char *words,
                           const char *what)
{
    const xmpp_failure_t *f;

    testbed_until(&p->testbed, &p->testbed.downs, 1, what);
    testbed_failed(&p->testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, what);
    f = xmpp_conn_get_failure(p->testbed.conn);
    is_str(f ? f->condition : NULL, "see-other-host", "  as it was said");
    ok(f && f->retry && strstr(f->message, words), "  with words: %s",
       f ? f->message : "");
    is_int(p->testbed.had_stream_error, 1, "  and the error itself");
}
