/* secrets.c - what the log does not show: everything secret of a login, and
 * nothing else. */

#include <xmpp/xmpp.h>

#include "base/buf.h"
#include "stanza/node.h"
#include "stream/secrets.h"
#include "tap.h"

#define SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define SASL2 "urn:xmpp:sasl:2"

/* Is "S3CRET" in it to be shown? */
static const struct {
    const char *xml;
    bool is_open;
} rows[] = {
    {"<auth xmlns='" SASL "'>S3CRET</auth>", false},
    {"<challenge xmlns='" SASL "'>S3CRET</challenge>", false},
    {"<response xmlns='" SASL "'>S3CRET</response>", false},
    {"<success xmlns='" SASL "'>S3CRET</success>", false},
    {"<challenge xmlns='" SASL2 "'>S3CRET</challenge>", false},
    {"<response xmlns='" SASL2 "'>S3CRET</response>", false},
    {"<authenticate xmlns='" SASL2 "'><initial-response>S3CRET"
     "</initial-response></authenticate>",
     false},
    {"<success xmlns='" SASL2 "'><additional-data>S3CRET</additional-data>"
     "</success>",
     false},
    {"<continue xmlns='" SASL2 "'><additional-data>S3CRET</additional-data>"
     "</continue>",
     false},
    {"<success xmlns='" SASL2 "'><token xmlns='urn:xmpp:fast:0' "
     "token='S3CRET'/></success>",
     false},
    {"<task-data xmlns='" SASL2 "'><hash xmlns='urn:xmpp:scram-upgrade:0'>"
     "S3CRET</hash></task-data>",
     false},
    {"<handshake xmlns='jabber:component:accept'>S3CRET</handshake>", false},
    {"<query xmlns='jabber:iq:auth'><password>S3CRET</password></query>",
     false},
    {"<query xmlns='jabber:iq:auth'><digest>S3CRET</digest></query>", false},
    {"<query xmlns='jabber:iq:register'><password>S3CRET</password></query>",
     false},
    {"<preauth xmlns='urn:xmpp:pars:0' token='S3CRET'/>", false},
    {"<slot xmlns='urn:xmpp:http:upload:0'><put url='https://a/'><header "
     "name='Authorization'>S3CRET</header></put></slot>",
     false},
    {"<success xmlns='" SASL2 "'><authorization-identifier>S3CRET"
     "</authorization-identifier></success>",
     true},
    {"<task-data xmlns='" SASL2 "'><salt xmlns='urn:xmpp:scram-upgrade:0'>"
     "S3CRET</salt></task-data>",
     true},
    {"<hash xmlns='urn:other'>S3CRET</hash>", true},
    {"<token xmlns='urn:other' token='S3CRET'/>", true},
    {"<message><body>S3CRET</body></message>", true},
    {"<auth xmlns='urn:other'>S3CRET</auth>", true},
};

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xmpp_stanza_t *node = xmpp_stanza_new_from_string(ctx, rows[i].xml);
        struct buf out;

        ok(node != NULL, "%s", rows[i].xml);
        buf_init(&out, node_env(node), 10000);
        is_int(writer_write_scrubbed(&out, node, STR_NONE, &stream_secrets), 0,
               "  is written");
        buf_putc(&out, '\0');
        ok((strstr(buf_view(&out).s, "S3CRET") != NULL) == rows[i].is_open,
           "  and is %s", rows[i].is_open ? "shown" : "not shown");
        buf_free(&out);
        xmpp_stanza_release(node);
    }
    xmpp_ctx_free(ctx);
    return done_testing();
}
