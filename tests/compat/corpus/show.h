/* show.h - printing what either library says, so that it can be compared.
 *
 * The order of attributes is not part of libstrophe's contract: XML is printed
 * with the attributes of each tag sorted and in double quotes.
 */

#ifndef CORPUS_SHOW_H
#define CORPUS_SHOW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

/* A line with XML in it. */
void show_xml(const char *what, const char *text);

/* A stanza, as xmpp_stanza_to_text() writes it, and what that returns. */
void show_stanza(const char *what, xmpp_stanza_t *stanza);

/* A string, or (null). */
void show_str(const char *what, const char *text);
void show_int(const char *what, long n);

/* The same, and the string is given back. */
void show_owned(xmpp_ctx_t *ctx, const char *what, char *text);

/* An allocator that counts the blocks it has given away, and takes no others.
 */
extern const xmpp_mem_t show_mem;
void show_held(void);

#endif
