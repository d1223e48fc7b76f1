/* parse.c - parses one element from a string. */

#include "stanza/parse.h"

#include <xmpp/stanza.h>

#include "base/error.h"
#include "stanza/reader.h"

/* Without `skipped`: a text that exceeds a limit is refused. */
static const struct reader_limits limits = {
    .depth = 128,
    .stanza = 10485760,
    .tree = SIZE_MAX / 4, /* it is the application's own text */
    .gap = 10485760,
    .attributes = 512,
    .names = 4096,
    .name_bytes = 10485760,
    .more_names = 65536,
};

static int parse_feed(struct reader *reader, struct str text,
                      struct fault *fault)
{
    size_t used;

    return reader_feed(reader, text.s, text.n, &used, fault);
}

/* The first element behind the header. Anything behind it is dropped, as
 * libstrophe does. The header that is put in front declares no default
 * namespace, so that an element without xmlns has none. */
static int read_one(struct reader *reader, struct str text, xmpp_stanza_t **ret,
                    struct fault *fault)
{
    xmpp_stanza_t *rest = NULL;
    int rc = parse_feed(reader,
                        STR("<stream:stream "
                            "xmlns:stream='" XMPP_NS_STREAMS "'>"),
                        fault);

    if (rc == 0 && reader_next(reader, &rest) != READER_HEADER)
        rc = XMPP_EXML;
    xmpp_stanza_release(rest);
    if (rc == 0)
        rc = parse_feed(reader, text, fault);
    if (rc == 0 && (reader_is_inside(reader) ||
                    reader_next(reader, ret) != READER_STANZA)) {
        *ret = NULL;
        rc = fault_set(fault, XMPP_LAYER_APP, XMPP_EXML,
                       "the text ends too early, or has no element");
    }
    while (reader_next(reader, &rest) != READER_NONE)
        xmpp_stanza_release(rest);
    return rc;
}

int parse_view(struct env *env, struct str text, xmpp_stanza_t **ret)
{
    struct reader *reader = reader_new(env, &limits);
    struct fault fault = {0};
    int rc = XMPP_EMEM;

    *ret = NULL;
    if (reader)
        rc = read_one(reader, text, ret, &fault);
    reader_free(reader);
    if (rc && rc != XMPP_EMEM)
        env_refuse(env, rc,
                   "the text is not an XML element that a stream may carry: %s",
                   fault.detail[0] ? fault.detail : xmpp_strerror_name(rc));
    return rc;
}

int parse_string(struct env *env, const char *text, xmpp_stanza_t **ret)
{
    return parse_view(env, str_of(text), ret);
}

xmpp_stanza_t *xmpp_stanza_new_from_string(xmpp_ctx_t *ctx, const char *str)
{
    xmpp_stanza_t *node = NULL;

    if (ctx && str)
        parse_string(env_of(ctx), str, &node);
    return node;
}
