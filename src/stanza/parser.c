/* parser.c - libxml2 as XMPP needs it: UTF-8 only, nothing but elements and
 * text, and every doubt an error. */

#include "stanza/parser.h"

#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/quote.h"

static void fail(void *at, int code, const char *what)
{
    const struct parser_self *self = at;

    self->calls->fail(at, code, what);
}

/* ---- what XMPP forbids (RFC 6120 section 11.1) ------------------- */

static void on_comment(void *self, const xmlChar *text)
{
    (void)text;
    fail(self, XMPP_ERESTRICTED, "a comment");
}

static void on_instruction(void *self, const xmlChar *target,
                           const xmlChar *data)
{
    (void)target;
    (void)data;
    fail(self, XMPP_ERESTRICTED, "a processing instruction");
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *id,
                       const xmlChar *uri)
{
    const struct parser_self *me = self;

    (void)name;
    (void)id;
    (void)uri;
    /* Behind the start tag libxml2 calls it malformed, and this is not called.
     */
    fail(self, XMPP_ERESTRICTED, "a document type");
    xmlStopParser(me->parser); /* not one entity is declared */
}

static void on_reference(void *self, const xmlChar *name)
{
    (void)name;
    fail(self, XMPP_ERESTRICTED, "an entity");
}

/* ---- the XML declaration ----------------------------------------- */

/* What it says of this; STR_NONE if nothing. That it is well-formed is known.
 */
static struct str declared(struct str text, struct str name)
{
    const char *end = text.s + text.n;

    while (text.n && !str_starts(text, name))
        text = str_n(text.s + 1, text.n - 1);
    for (const char *c = text.s; text.n && c < end; c++)
        if (*c == '"' || *c == '\'') {
            const char *close = memchr(c + 1, *c, (size_t)(end - c - 1));

            return close ? str_n(c + 1, (size_t)(close - c - 1)) : STR_NONE;
        }
    return STR_NONE;
}

static void fail_declared(void *self, int code, const char *what,
                          struct str value)
{
    struct quote said;
    char text[160];

    snprintf(text, sizeof(text), "%s '%s'", what, quote(&said, value));
    fail(self, code, text);
}

/* The parser was told not to believe what it says of the encoding. */
static void on_document(void *self)
{
    const struct parser_self *me = self;
    const xmlParserInput *input = me->parser->input;
    struct str text =
        str_n((const char *)input->base, (size_t)(input->cur - input->base));
    struct str version = declared(text, STR("version"));
    struct str encoding = declared(text, STR("encoding"));

    if (encoding.s && !str_eq_nocase(encoding, STR("UTF-8")))
        fail_declared(self, XMPP_EENCODING,
                      "the XML declaration says that the encoding is",
                      encoding);
    else if (version.s && !str_is(version, "1.0"))
        fail_declared(self, XMPP_EXML,
                      "the XML declaration says that the version is", version);
}

/* ---- what libxml2 finds wrong ------------------------------------ */

/* Those that it forgives and XML namespaces do not. Odd URIs are not among
 * them. */
static bool is_unforgivable(const xmlError *error)
{
    return error->domain == XML_FROM_NAMESPACE &&
           error->code >= XML_NS_ERR_XML_NAMESPACE &&
           error->code <= XML_NS_ERR_COLON;
}

/* Bytes are quoted where they are no UTF-8 - if there is memory for it. */
static bool is_about_utf8(const xmlError *error)
{
    static const char start[] = "Input is not proper UTF-8";

    return error->str1 || (error->message && strncmp(error->message, start,
                                                     sizeof(start) - 1) == 0);
}

/* Does it stand before a byte that is not ASCII? */
static bool stands_before_utf8(const struct parser_self *self)
{
    const xmlParserInput *input = self->parser->input;

    return input && input->cur < input->end && *input->cur >= 0x80;
}

static int code_of(const struct parser_self *self, const xmlError *error)
{
    switch (error->code) {
    case XML_NS_ERR_UNDEFINED_NAMESPACE:
        return XMPP_EPREFIX;
    case XML_ERR_NO_MEMORY:
        return XMPP_EMEM;
    case XML_ERR_INVALID_CHAR:
        return is_about_utf8(error) ? XMPP_EENCODING : XMPP_EXML;
    case XML_ERR_UNDECLARED_ENTITY:
        return XMPP_ERESTRICTED;
    case XML_ERR_INTERNAL_ERROR: /* 2.9 says so of both */
        return stands_before_utf8(self) ? XMPP_EENCODING : XMPP_EXML;
    case XML_ERR_INVALID_ENCODING:
    case XML_ERR_UNSUPPORTED_ENCODING:
    case XML_ERR_UNKNOWN_ENCODING:
        return XMPP_EENCODING;
    default:
        return XMPP_EXML;
    }
}

static const char *words_of(const xmlError *error)
{
    if (error->code == XML_ERR_DOCUMENT_EMPTY) /* libxml2's words for it */
        return "it does not begin with a tag; is this an XMPP server?";
    return error->message ? error->message : "";
}

static void on_error(void *self, xmlErrorPtr error)
{
    if (error->level >= XML_ERR_FATAL || is_unforgivable(error) ||
        error->code == XML_ERR_NO_MEMORY)
        fail(self, code_of(self, error), words_of(error));
}

static void on_text(void *at, const xmlChar *text, int n)
{
    const struct parser_self *self = at;

    self->calls->text(at, text, n);
}

/* ---- life -------------------------------------------------------- */

static bool library_is_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    return pthread_once(&once, xmlInitParser) == 0;
}

bool parser_new(struct parser_self *self)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startDocument = on_document,
        .startElementNs = self->calls->start,
        .endElementNs = self->calls->end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .comment = on_comment,
        .processingInstruction = on_instruction,
        .internalSubset = on_doctype,
        .reference = on_reference,
        .serror = on_error,
    };
    xmlParserCtxtPtr parser;

    if (!library_is_ready())
        return false;
    parser = xmlCreatePushParserCtxt(&sax, self, NULL, 0, NULL);
    self->parser = parser;
    if (!parser)
        return false;
    xmlCtxtUseOptions(parser,
                      XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    return true;
}

void parser_free(struct parser_self *self)
{
    if (!self->parser)
        return;
    xmlFreeDoc(self->parser->myDoc);
    xmlFreeParserCtxt(self->parser);
    self->parser = NULL;
}

static bool is_in_cdata(xmlParserCtxtPtr parser)
{
    return parser->instate == XML_PARSER_CDATA_SECTION;
}

/* Of a long CDATA section it takes only a little in each call. */
int parser_feed(xmlParserCtxtPtr parser, const char *bytes, size_t n)
{
    int rc = xmlParseChunk(parser, bytes, (int)n, 0);
    size_t before = SIZE_MAX, rest = parser_unread(parser).n;

    while (rc == 0 && is_in_cdata(parser) && rest < before) {
        before = rest;
        rc = xmlParseChunk(parser, "", 0, 0);
        rest = parser_unread(parser).n;
    }
    return rc;
}

size_t parser_names(xmlParserCtxtPtr parser)
{
    int n = parser->dict ? xmlDictSize(parser->dict) : 0;

    return n > 0 ? (size_t)n : 0;
}

/* Namespaces are kept in it too, and those may be long; at ten megabytes
 * libxml2 itself gives up. */
size_t parser_name_bytes(xmlParserCtxtPtr parser)
{
    return parser->dict ? xmlDictGetUsage(parser->dict) : 0;
}

struct str parser_unread(xmlParserCtxtPtr parser)
{
    const xmlParserInput *input = parser->input;

    return input ? str_n((const char *)input->cur,
                         (size_t)(input->end - input->cur))
                 : STR("");
}

bool parser_is_at_reference(xmlParserCtxtPtr parser)
{
    struct str unread = parser_unread(parser);

    return unread.n && unread.s[0] == '&' && !is_in_cdata(parser);
}
