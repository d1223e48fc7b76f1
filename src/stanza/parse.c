/* parse.c - one element from a string. */

#include <xmpp/stanza.h>

#include "stanza/reader.h"

/* As a stream of its own, with the parser and the limits of streams. */
xmpp_stanza_t *xmpp_stanza_new_from_string(xmpp_ctx_t *ctx, const char *str)
{
    static const char head[] =
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>";
    static const struct reader_limits limits = {
        .depth = 128,
        .stanza = 10485760,
        .tree = SIZE_MAX / 4, /* it is the application's own text */
        .gap = 10485760,
        .attributes = 512,
        .names = 4096,
        .name_bytes = 10485760,
    };
    struct fault fault = {0};
    struct reader *reader = ctx && str ? reader_new(env_of(ctx), &limits)
                                       : NULL;
    xmpp_stanza_t *node = NULL, *rest = NULL;
    size_t used;
    bool good;

    if (!reader)
        return NULL;
    good = reader_feed(reader, head, sizeof(head) - 1, &used, &fault) == 0 &&
           reader_next(reader, &node) == READER_HEADER;
    xmpp_stanza_release(node);
    node = NULL;
    if (good && reader_feed(reader, str, strlen(str), &used, &fault) == 0 &&
        !reader_is_inside(reader) &&
        reader_next(reader, &node) != READER_STANZA)
        node = NULL;
    while (reader_next(reader, &rest) != READER_NONE)
        xmpp_stanza_release(rest);
    reader_free(reader);
    return node;
}
