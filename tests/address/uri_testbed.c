/* uri_testbed.c - what the tests of XMPP URIs share. */

#include "address/uri_testbed.h"

struct failmem memory;
struct env env;
xmpp_ctx_t *ctx;

void uri_testbed_init(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    ctx = env_ctx(&env);
}

static void put_jid(struct buf *b, const xmpp_jid_t *jid)
{
    size_t n;
    const char *s = jid ? xmpp_jid_view(jid, XMPP_JID_FULL, &n) : NULL;

    if (s)
        buf_put(b, s, n);
    else
        buf_putc(b, '-');
    if (jid && jid->unprepared)
        buf_puts(b, STR(" (unprepared)"));
}

char *uri_testbed_describe(const xmpp_uri_t *uri)
{
    struct buf b;

    buf_init(&b, &env, SIZE_MAX / 4);
    put_jid(&b, uri->account);
    buf_puts(&b, STR(" | "));
    put_jid(&b, uri->jid);
    buf_puts(&b, STR(" | "));
    buf_puts(&b, str_of(uri->type ? uri->type : "-"));
    for (size_t i = 0; i < uri->param_count; i++) {
        buf_puts(&b, STR(" | "));
        buf_puts(&b, str_of(uri->params[i].key));
        buf_putc(&b, '=');
        buf_puts(&b, str_of(uri->params[i].value));
    }
    if (uri->fragment) {
        buf_puts(&b, STR(" #"));
        buf_puts(&b, str_of(uri->fragment));
    }
    return buf_take(&b);
}

char *uri_testbed_parts(const char *text, xmpp_jid_mode_t mode,
                        xmpp_text_error_t *wrong)
{
    xmpp_uri_t *uri = NULL;
    char *line;

    if (xmpp_uri_parse(ctx, text, (size_t)-1, mode, &uri, wrong) != 0)
        return NULL;
    line = uri_testbed_describe(uri);
    xmpp_free(ctx, uri);
    return line;
}
