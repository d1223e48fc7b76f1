/* output.h - what programs print: that it stays one line, and that it arrives.
 */

#ifndef EXAMPLES_OUTPUT_H
#define EXAMPLES_OUTPUT_H

#include <stdio.h>

/* To be called first: a standard descriptor that is closed would go to the
 * first socket, and the output with it. Writing there fails from now on.
 *
 * What is printed is UTF-8, whatever the locale. Only on a terminal whose
 * locale has another encoding, show() writes out what is not ASCII. */
void output_begin(void);

/* All has been printed: 0, or the errno that says why it did not arrive. */
int output_end(void);

/* How a text of somebody else is shown. What could end a line, command a
 * terminal or change the order of what is seen (RFC 3987 section 4.1, Unicode
 * TR36) is written out, and so is what is not UTF-8. */
enum show {
    SHOW_FIELD,  /* \t \n \r \\, others as \x1B or \u{202E} */
    SHOW_QUOTED, /* \x0A, \x1B or \u{202E}; \" and \\ */
    SHOW_XML,    /* &#xA; or &#x202E; and no backslash is special */
    SHOW_JSON    /* \n, \u000B or \u202E; \" and \\; U+FFFD for no UTF-8 */
};

void show(FILE *to, enum show how, const char *text);

#endif
