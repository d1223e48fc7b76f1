/* is_xml.h - an assertion: a tree is this XML. */

#ifndef TESTS_XEP_IS_XML_H
#define TESTS_XEP_IS_XML_H

#include <xmpp/stanza.h>

/* A tree without a text, such as NULL, is none. */
void is_xml(xmpp_stanza_t *stanza, const char *want, const char *what);

#endif
