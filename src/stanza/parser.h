/* parser.h - the one door to libxml2: a push parser set up for XMPP. */

#ifndef STANZA_PARSER_H
#define STANZA_PARSER_H

#include <libxml/parser.h>

#include "stanza/reader.h"

/* What the parser reports to; the functions only build. */
struct parser_calls {
    void (*start)(void *self, const xmlChar *name, const xmlChar *prefix,
                  const xmlChar *uri, int namespaces_n,
                  const xmlChar **namespaces, int attributes_n, int defaulted,
                  const xmlChar **attributes);
    void (*end)(void *self, const xmlChar *name, const xmlChar *prefix,
                const xmlChar *uri);
    void (*text)(void *self, const xmlChar *text, int n);
    /* Something that has to end the stream. */
    void (*fail)(void *self, int code, const char *what);
};

/* The first member of whoever is called; `parser` is NULL until parser_new. */
struct parser_self {
    const struct parser_calls *calls;
    xmlParserCtxtPtr parser;
};

/* False when memory is out. */
bool parser_new(struct parser_self *self);
void parser_free(struct parser_self *self); /* NULL afterwards */

/* Feed it; 0 or one of libxml2's errors. */
int parser_feed(xmlParserCtxtPtr parser, const char *bytes, size_t n);

/* Names in its dictionary, which never shrinks. */
size_t parser_names(xmlParserCtxtPtr parser);

size_t parser_name_bytes(xmlParserCtxtPtr parser);

/* The bytes that wait for others to complete them. */
struct str parser_unread(xmlParserCtxtPtr parser);

/* Does it wait for the end of a reference in a text? */
bool parser_is_at_reference(xmlParserCtxtPtr parser);

#endif
