/* parser.h - a push parser for XMPP; the only door to libxml2. */

#ifndef STANZA_PARSER_H
#define STANZA_PARSER_H

#include <libxml/parser.h>

#include "stanza/reader.h"

/* The functions that the parser calls. They only build: libxml2 cannot be
 * freed, or fed, from inside of them. */
struct parser_calls {
    void (*start)(void *self, const xmlChar *name, const xmlChar *prefix,
                  const xmlChar *uri, int namespaces_n,
                  const xmlChar **namespaces, int attributes_n, int defaulted,
                  const xmlChar **attributes);
    void (*end)(void *self, const xmlChar *name, const xmlChar *prefix,
                const xmlChar *uri);
    void (*text)(void *self, const xmlChar *text, int n); /* valid XML */
    /* Something that must end the stream. */
    void (*fail)(void *self, int code, const char *what);
};

/* The first member of the object that is called. `parser` is NULL before
 * parser_new(). */
struct parser_self {
    const struct parser_calls *calls;
    xmlParserCtxtPtr parser;
    bool is_document; /* and not a stream: comments and processing instructions
                         are skipped */
};

/* False if there is no memory. */
bool parser_new(struct parser_self *self);
void parser_free(struct parser_self *self); /* NULL afterwards */

/* Parse bytes; 0 or an error of libxml2. */
int parser_feed(xmlParserCtxtPtr parser, const char *bytes, size_t n);

/* The number of names in its dictionary, which never shrinks, and their bytes.
 */
static inline size_t parser_names(const xmlParserCtxt *parser)
{
    int n = xmlDictSize(parser->dict); /* of NULL -1 */

    return n > 0 ? (size_t)n : 0;
}
size_t parser_name_bytes(xmlParserCtxtPtr parser);

/* The namespaces that are declared where it reads, as often as they are. Up to
 * libxml2 2.11 `nsNr` counts the prefix and the URI of each. */
static inline size_t parser_declared(const xmlParserCtxt *parser)
{
    return (size_t)parser->nsNr / (LIBXML_VERSION < 21200 ? 2 : 1);
}

/* The bytes that wait until more of them have come. */
static inline struct str parser_unread(const xmlParserCtxt *parser)
{
    const xmlParserInput *input = parser->input;

    return input ? str_n((const char *)input->cur,
                         (size_t)(input->end - input->cur))
                 : STR("");
}

/* Whether it waits for the end of a reference in text. */
bool parser_is_at_reference(xmlParserCtxtPtr parser);

#endif
