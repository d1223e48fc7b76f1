/* odd_xml.h - the XML of a payload, made of its table: as it should be, too
 * long, or odd. It is always well-formed. */

#ifndef TESTS_XEP_ODD_XML_H
#define TESTS_XEP_ODD_XML_H

#include <stdint.h>
#include <stdio.h>

#include <xmpp/module.h>

/* Decisions: bytes that were given, and when they are used up, others. */
struct chance {
    const uint8_t *data;
    size_t n;
    uint32_t state;
};

/* A number below `most`, which is not 0. */
unsigned chance_pick(struct chance *chance, unsigned most);

enum odd {
    ODD_RIGHT, /* all that the table names, with good values */
    ODD_LONG,  /* the same with long texts and long lists */
    ODD_WILD   /* anything */
};

/* The element of a table. A NULL namespace in the table is `ns`. */
void odd_xml_write(FILE *out, const xmpp_payload_t *payload, const char *ns,
                   enum odd odd, struct chance *chance);

/* What a row listens for: the child of a stanza, or nothing. */
void odd_xml_write_row(FILE *out, const xmpp_row_t *row, enum odd odd,
                       struct chance *chance);

#endif
