/* xml_calls.h - how often libxml2 allocates memory, and that it gets none. */

#ifndef TESTS_XML_CALLS_H
#define TESTS_XML_CALLS_H

extern unsigned long xml_calls;

/* From here on they are counted; to be called before libxml2 is used. 0, or -1:
 * libxml2 refuses. */
int xml_calls_begin(void);

/* It gets no memory between these two. */
void xml_calls_refuse(void);
void xml_calls_permit(void);

#endif
