/* uri.c - fuzz target: any bytes as an XMPP URI, and as an IRI of any scheme.
 *
 * The first byte tells the mode. What is taken has to come back the same when
 * it is put together and taken apart again, in either form; conversions have to
 * be at home in what they make. */

#include <xmpp/ctx.h>
#include <xmpp/uri.h>

#include <string.h>

#include "base/env.h"
#include "base/str.h"
#include "fuzz/fuzz.h"

const char fuzz_corpus[] = "uri";

#define INPUT_MOST 65536

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_jid(const xmpp_jid_t *a, const xmpp_jid_t *b)
{
    return a && b ? xmpp_jid_equal(a, b, XMPP_JID_FULL) &&
                        a->unprepared == b->unprepared
                  : a == b;
}

static bool same(const xmpp_uri_t *a, const xmpp_uri_t *b)
{
    if (!same_jid(a->account, b->account) || !same_jid(a->jid, b->jid) ||
        !same_text(a->type, b->type) || a->param_count != b->param_count ||
        !same_text(a->fragment, b->fragment))
        return false;
    for (size_t i = 0; i < a->param_count; i++)
        if (!same_text(a->params[i].key, b->params[i].key) ||
            !same_text(a->params[i].value, b->params[i].value))
            return false;
    return true;
}

static void check_text(const char *s)
{
    MUST(!s || str_is_utf8(str_of(s)));
}

/* What an application may rely on. */
static void check_parts(const xmpp_uri_t *uri, xmpp_jid_mode_t mode)
{
    MUST(uri->account || uri->jid);
    MUST(!uri->account ||
         (uri->account->local_size && !uri->account->resource_size));
    MUST(mode == XMPP_JID_LENIENT || !uri->jid || !uri->jid->unprepared);
    MUST(uri->type || !uri->param_count);
    MUST(uri->param_count <= XMPP_URI_PARAMS_MAX);
    check_text(uri->type);
    check_text(uri->fragment);
    for (size_t i = 0; i < uri->param_count; i++) {
        MUST(uri->params[i].key && uri->params[i].value);
        check_text(uri->params[i].key);
        check_text(uri->params[i].value);
    }
}

static void must_mean(xmpp_ctx_t *ctx, const char *text, xmpp_jid_mode_t mode,
                      const xmpp_uri_t *uri)
{
    xmpp_uri_t *other;

    MUST(xmpp_uri_parse(ctx, text, (size_t)-1, mode, &other, NULL) == 0);
    MUST(same(uri, other));
    xmpp_free(ctx, other);
}

/* There and back; only encoding may make it too long. */
static void check_format(xmpp_ctx_t *ctx, const xmpp_uri_t *uri,
                         xmpp_jid_mode_t mode, size_t size)
{
    char *ascii, *unicode, *converted;

    if (xmpp_uri_format(ctx, uri, XMPP_URI_ASCII, &ascii, NULL) != 0) {
        MUST(size > XMPP_URI_MAX / 10);
        return;
    }
    MUST(xmpp_uri_format(ctx, uri, XMPP_URI_UNICODE, &unicode, NULL) == 0);
    for (const char *s = ascii; *s; s++)
        MUST(*s > ' ' && *s < 0x7f);
    must_mean(ctx, ascii, mode, uri);
    must_mean(ctx, unicode, mode, uri);
    MUST(xmpp_uri_from_iri(ctx, unicode, &converted, NULL) == 0);
    MUST(strcmp(converted, ascii) == 0);
    xmpp_free(ctx, converted);
    xmpp_free(ctx, ascii);
    xmpp_free(ctx, unicode);
}

/* The IRI of `text` is its own IRI, and that of its own URI. A zone has its
 * escapes in addresses too, so that decoding them makes another one. */
static void check_conversions(xmpp_ctx_t *ctx, const char *text,
                              const xmpp_uri_t *strict)
{
    char *iri, *uri, *again;

    if (xmpp_uri_to_iri(ctx, text, &iri, NULL) != 0) {
        MUST(!strict || strlen(text) > XMPP_URI_MAX / 10);
        return;
    }
    MUST(xmpp_uri_to_iri(ctx, iri, &again, NULL) == 0);
    MUST(strcmp(iri, again) == 0);
    xmpp_free(ctx, again);
    if (xmpp_uri_from_iri(ctx, iri, &uri, NULL) == 0) {
        MUST(xmpp_uri_to_iri(ctx, uri, &again, NULL) == 0);
        MUST(strcmp(iri, again) == 0);
        xmpp_free(ctx, again);
        if (strict && !strchr(text, '[')) {
            must_mean(ctx, iri, XMPP_JID_STRICT, strict);
            must_mean(ctx, uri, XMPP_JID_STRICT, strict);
        }
        xmpp_free(ctx, uri);
    }
    xmpp_free(ctx, iri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[INPUT_MOST + 1];
    xmpp_text_error_t wrong = {NULL, NULL, -2};
    xmpp_uri_t *uri = NULL;
    xmpp_jid_mode_t mode;
    struct env env;
    xmpp_ctx_t *ctx;
    int rc;

    if (size < 1 || size - 1 > INPUT_MOST)
        return 0;
    env_init(&env, NULL, NULL);
    ctx = env_ctx(&env);
    mode = data[0] & 1 ? XMPP_JID_LENIENT : XMPP_JID_STRICT;
    data++;
    size--;
    memcpy(text, data, size);
    text[size] = '\0';
    rc = xmpp_uri_parse(ctx, text, size, mode, &uri, &wrong);
    if (rc) {
        MUST(rc == XMPP_EARG && !uri);
        MUST(wrong.part && wrong.reason && wrong.character >= -1);
    } else {
        MUST(strlen(text) == size);
        check_parts(uri, mode);
        check_format(ctx, uri, mode, size);
    }
    check_conversions(ctx, text, mode == XMPP_JID_STRICT ? uri : NULL);
    xmpp_free(ctx, uri);
    return 0;
}
