/* parser.c - libxml2 as XMPP needs it: UTF-8 only, elements and text only, and
 * what it forgives is an error. */

#include "stanza/parser.h"

#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/quote.h"
#include "stanza/chars.h"

static void parser_fail(void *at, int code, const char *what)
{
    const struct parser_self *self = at;

    self->calls->fail(at, code, what);
}

/* ---- what XMPP forbids (RFC 6120 section 11.1) ------------------- */

static void on_comment(void *at, const xmlChar *text)
{
    const struct parser_self *self = at;

    (void)text;
    if (!self->is_document)
        parser_fail(at, XMPP_ERESTRICTED, "a comment");
}

static void on_instruction(void *at, const xmlChar *target, const xmlChar *data)
{
    const struct parser_self *self = at;

    (void)target;
    (void)data;
    if (!self->is_document)
        parser_fail(at, XMPP_ERESTRICTED, "a processing instruction");
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *id,
                       const xmlChar *uri)
{
    const struct parser_self *me = self;

    (void)name;
    (void)id;
    (void)uri;
    /* Only before the first start tag: behind it libxml2 reports malformed
     * XML. */
    parser_fail(self, XMPP_ERESTRICTED, "a document type");
    xmlStopParser(me->parser); /* before it declares an entity */
}

static void on_reference(void *self, const xmlChar *name)
{
    (void)name;
    parser_fail(self, XMPP_ERESTRICTED, "an entity");
}

/* ---- the XML declaration ----------------------------------------- */

/* The value of `name` in the XML declaration; STR_NONE if it is absent. libxml2
 * has checked that the declaration is well-formed. */
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
    parser_fail(self, code, text);
}

/* The declared encoding is checked here, because the parser ignores it: bytes
 * are read as UTF-8, whatever the declaration claims (RFC 6120 section 11.6).
 */
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

/* The errors that libxml2 only warns about, but that XML namespaces forbids:
 * undeclared prefixes, attributes that come twice. A strange namespace URI is
 * not one of them. */
static bool is_unforgivable(const xmlError *error)
{
    return error->domain == XML_FROM_NAMESPACE &&
           error->code >= XML_NS_ERR_XML_NAMESPACE &&
           error->code <= XML_NS_ERR_COLON;
}

/* Of invalid UTF-8 libxml2 quotes the bytes in `str1`, if it has the memory. */
static bool is_about_utf8(const xmlError *error)
{
    static const char start[] = "Input is not proper UTF-8";

    return error->str1 || (error->message && strncmp(error->message, start,
                                                     sizeof(start) - 1) == 0);
}

/* Whether the next byte of the input is not ASCII. */
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
    case XML_ERR_INTERNAL_ERROR: /* libxml2 2.9 uses it for both */
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
    /* to libxml2 the document is empty, which nobody would understand */
    if (error->code == XML_ERR_DOCUMENT_EMPTY)
        return "it does not begin with a tag; is this an XMPP server?";
    return error->message ? error->message : "";
}

static void parser_on_error(void *self, xmlErrorPtr error)
{
    if (error->level >= XML_ERR_FATAL || is_unforgivable(error) ||
        error->code == XML_ERR_NO_MEMORY)
        parser_fail(self, code_of(self, error), words_of(error));
}

/* libxml2 has decoded all characters, except those of a CDATA section: in it
 * some sequences pass that are longer than the character needs (RFC 3629
 * section 3). */
static void on_cdata(void *at, const xmlChar *text, int n)
{
    const struct parser_self *self = at;

    if (chars_are_text(str_n((const char *)text, (size_t)n)))
        self->calls->text(at, text, n);
    else
        parser_fail(at, XMPP_EENCODING, "a CDATA section is not UTF-8");
}

/* ---- life -------------------------------------------------------- */

/* xmlInitParser() must not run in two threads at once. */
static bool libxml_is_ready(void)
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
        .characters = self->calls->text,
        .ignorableWhitespace = self->calls->text,
        .cdataBlock = on_cdata,
        .comment = on_comment,
        .processingInstruction = on_instruction,
        .internalSubset = on_doctype,
        .reference = on_reference,
        .serror = parser_on_error,
    };
    xmlParserCtxtPtr parser;

    if (!libxml_is_ready())
        return false;
    parser = xmlCreatePushParserCtxt(&sax, self, NULL, 0, NULL);
    self->parser = parser;
    if (!parser)
        return false;
    /* NOENT, or '&amp;' in an attribute would arrive as "&#38;"; no other
     * entity can be declared. IGNORE_ENC and the switch, or UTF-16 would be
     * accepted. */
    xmlCtxtUseOptions(parser, XML_PARSE_NOENT | XML_PARSE_NONET |
                                  XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
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

/* libxml2 warns of a namespace that is not an absolute URI. Nobody wants to
 * know, and rendering the warning costs more than reading the tag. Up to 2.11
 * it looks at no option, but at a switch of the thread, which is put back. */
static int parse_chunk(xmlParserCtxtPtr parser, const char *bytes, size_t n)
{
#if LIBXML_VERSION < 21200
    int before = xmlGetWarningsDefaultValue, rc;

    xmlGetWarningsDefaultValue = 0;
    rc = xmlParseChunk(parser, bytes, (int)n, 0);
    xmlGetWarningsDefaultValue = before;
    return rc;
#else
    return xmlParseChunk(parser, bytes, (int)n, 0);
#endif
}

/* libxml2 takes only a little of a long CDATA section in each call. */
int parser_feed(xmlParserCtxtPtr parser, const char *bytes, size_t n)
{
    int rc = parse_chunk(parser, bytes, n);
    size_t before = SIZE_MAX, rest = parser_unread(parser).n;

    while (rc == 0 && is_in_cdata(parser) && rest < before) {
        before = rest;
        rc = parse_chunk(parser, "", 0);
        rest = parser_unread(parser).n;
    }
    return rc;
}

/* Namespaces are in the dictionary too, and may be long. At ten megabytes
 * libxml2 itself gives up. */
size_t parser_name_bytes(xmlParserCtxtPtr parser)
{
    return parser->dict ? xmlDictGetUsage(parser->dict) : 0;
}

bool parser_is_at_reference(xmlParserCtxtPtr parser)
{
    struct str unread = parser_unread(parser);

    return unread.n && unread.s[0] == '&' && !is_in_cdata(parser);
}
