/* form_layout.h - in which order and groups to show a data form (XEP-0141).
 *
 *     xmpp_form_part_t part = xmpp_form_first_part(form);
 *
 *     for (; part.type; part = xmpp_form_next_part(form, part))
 *         printf("%*s%s\n", 2 * part.depth, "", part.text ? part.text : "");
 */

#ifndef XMPP_XEP_FORM_LAYOUT_H
#define XMPP_XEP_FORM_LAYOUT_H

#include <xmpp/xep/form.h>

XMPP_BEGIN

/* A piece of the layout. */
typedef enum {
    XMPP_PART_PAGE = 1, /* `text` is its label, or NULL */
    XMPP_PART_SECTION,  /* the same; in a page or a section */
    XMPP_PART_TEXT,     /* `text` is to be shown */
    XMPP_PART_FIELD,    /* `text` is the var of a field */
    XMPP_PART_REPORTED  /* the table of results */
} xmpp_form_part_type_t;

/* The layout of this struct will not change. */
typedef struct _xmpp_form_part_t {
    int type;         /* xmpp_form_part_type_t; 0: there is no such piece */
    int depth;        /* of a page 0, of what is in it 1, ... */
    const char *text; /* borrowed from the form, or NULL */
    xmpp_stanza_t *element;
} xmpp_form_part_t;

/* The pieces of a form that was read, in the order in which to show them. A
 * form without layout has none: its fields are shown as they come. Fields may
 * be missing in the layout, and it may name fields that do not exist. */
XMPP_API xmpp_form_part_t xmpp_form_first_part(const xmpp_form_t *form);
XMPP_API xmpp_form_part_t xmpp_form_next_part(const xmpp_form_t *form,
                                              xmpp_form_part_t part);

/* Add a piece: a page to a form, anything else to a page or a section.
 * Borrowed. NULL for another type, or if the tree failed. */
XMPP_API xmpp_stanza_t *xmpp_form_add_part(xmpp_stanza_t *parent, int type,
                                           const char *text);

XMPP_END

#endif /* XMPP_XEP_FORM_LAYOUT_H */
