/* answer.c - the kinds of stanza, replies and errors. */

#include "show.h"

static void kinds(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *s = xmpp_message_new(ctx, "chat", "a@example.org", "1");
    static const xmpp_error_type_t errors[] = {XMPP_SE_BAD_FORMAT,
                                               XMPP_SE_BAD_NS_PREFIX,
                                               XMPP_SE_CONFLICT,
                                               XMPP_SE_CONN_TIMEOUT,
                                               XMPP_SE_HOST_GONE,
                                               XMPP_SE_HOST_UNKNOWN,
                                               XMPP_SE_IMPROPER_ADDR,
                                               XMPP_SE_INTERNAL_SERVER_ERROR,
                                               XMPP_SE_INVALID_FROM,
                                               XMPP_SE_INVALID_ID,
                                               XMPP_SE_INVALID_NS,
                                               XMPP_SE_INVALID_XML,
                                               XMPP_SE_NOT_AUTHORIZED,
                                               XMPP_SE_POLICY_VIOLATION,
                                               XMPP_SE_REMOTE_CONN_FAILED,
                                               XMPP_SE_RESOURCE_CONSTRAINT,
                                               XMPP_SE_RESTRICTED_XML,
                                               XMPP_SE_SEE_OTHER_HOST,
                                               XMPP_SE_SYSTEM_SHUTDOWN,
                                               XMPP_SE_UNDEFINED_CONDITION,
                                               XMPP_SE_UNSUPPORTED_ENCODING,
                                               XMPP_SE_UNSUPPORTED_STANZA_TYPE,
                                               XMPP_SE_UNSUPPORTED_VERSION,
                                               XMPP_SE_XML_NOT_WELL_FORMED};

    show_owned(ctx, "no body", xmpp_message_get_body(s));
    show_int("set the body", xmpp_message_set_body(s, "hello <you>"));
    show_int("set it again", xmpp_message_set_body(s, "other"));
    show_owned(ctx, "the body", xmpp_message_get_body(s));
    show_stanza("message", s);
    xmpp_stanza_release(s);
    s = xmpp_message_new(ctx, NULL, NULL, NULL);
    show_stanza("bare message", s);
    show_int("empty body", xmpp_message_set_body(s, ""));
    show_owned(ctx, "it", xmpp_message_get_body(s));
    xmpp_stanza_release(s);
    s = xmpp_iq_new(ctx, "get", "i1");
    show_stanza("iq", s);
    show_int("a body in an iq", xmpp_message_set_body(s, "x"));
    show_owned(ctx, "it", xmpp_message_get_body(s));
    xmpp_stanza_release(s);
    s = xmpp_presence_new(ctx);
    show_stanza("presence", s);
    xmpp_stanza_release(s);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        s = xmpp_error_new(ctx, errors[i], i % 2 ? "words" : NULL);
        show_stanza("error", s);
        xmpp_stanza_release(s);
    }
}

static void body_of(xmpp_ctx_t *ctx, const char *xml)
{
    xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, xml);

    show_xml("in", xml);
    show_owned(ctx, "body", xmpp_message_get_body(s));
    show_int("set", xmpp_message_set_body(s, "other"));
    xmpp_stanza_release(s);
}

static void bodies(xmpp_ctx_t *ctx)
{
    xmpp_stanza_t *s = xmpp_stanza_new(ctx);

    show_owned(ctx, "body of nothing", xmpp_message_get_body(s));
    show_int("set", xmpp_message_set_body(s, "x"));
    xmpp_stanza_release(s);
    body_of(ctx, "<message><body>x<b/>y</body><body>z</body></message>");
    body_of(ctx,
            "<message><body xmlns='urn:x'>x</body><body>z</body></message>");
    body_of(ctx, "<message><body/></message>");
    body_of(ctx, "<message/>");
    body_of(ctx, "<iq><body>x</body></iq>");
}

static void replies(xmpp_ctx_t *ctx, const char *xml)
{
    xmpp_stanza_t *s = xmpp_stanza_new_from_string(ctx, xml);
    xmpp_stanza_t *r = xmpp_stanza_reply(s);

    show_xml("to", xml);
    if (r) {
        show_stanza("reply", r);
        xmpp_stanza_release(r);
    } else {
        printf("no reply\n");
    }
    r = xmpp_stanza_reply_error(s, "cancel", "item-not-found", NULL);
    if (r) {
        show_stanza("error", r);
        xmpp_stanza_release(r);
    } else {
        printf("no error\n");
    }
    r = xmpp_stanza_reply_error(s, "wait", "resource-constraint", "not <now>");
    if (r) {
        show_stanza("error with words", r);
        xmpp_stanza_release(r);
    }
    xmpp_stanza_release(s);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(&show_mem, NULL);

    kinds(ctx);
    bodies(ctx);
    replies(ctx, "<message from='a@example.org/x' to='b@example.org' "
                 "type='chat' id='1'><body>hi</body></message>");
    replies(ctx, "<iq xmlns='jabber:client' from='example.org' type='get' "
                 "id='2'><query xmlns='jabber:iq:version'/></iq>");
    replies(ctx, "<iq type='get' id='3'/>");
    replies(ctx, "<presence from='a@example.org' xml:lang='de'/>");
    xmpp_ctx_free(ctx);
    show_held();
    return 0;
}
