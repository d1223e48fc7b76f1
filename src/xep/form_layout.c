/* form_layout.c - in which order and groups to show a data form (XEP-0141).
 *
 * Text, sections and references may come in any order inside of a section,
 * which no table can describe: this walks the elements themselves. */

#include <string.h>

#include <xmpp/ns.h>
#include <xmpp/xep/form_layout.h>

/* The enum is the place in this. `label` is the attribute that has the text, or
 * NULL if the element's own text is meant; a reference to the table has none.
 */
static const struct {
    const char *name, *label;
} part_kinds[] = {
    {NULL, NULL},   {"page", "label"},   {"section", "label"},
    {"text", NULL}, {"fieldref", "var"}, {"reportedref", NULL},
};

#define PART_KINDS ((int)(sizeof(part_kinds) / sizeof(part_kinds[0])))

/* Pages are in the form, and nowhere else. */
static int part_type(xmpp_stanza_t *element, int depth)
{
    const char *name = xmpp_stanza_get_name(element);

    for (int type = XMPP_PART_PAGE; name && type < PART_KINDS; type++)
        if (!strcmp(part_kinds[type].name, name))
            return (type == XMPP_PART_PAGE) == (depth == 0) ? type : 0;
    return 0;
}

static const char *part_text(xmpp_stanza_t *element, int type)
{
    if (part_kinds[type].label)
        return xmpp_stanza_get_attribute(element, part_kinds[type].label);
    return type == XMPP_PART_TEXT ? xmpp_stanza_get_text_view(element) : NULL;
}

static int is_group(int type)
{
    return type == XMPP_PART_PAGE || type == XMPP_PART_SECTION;
}

/* The first piece behind `previous` (NULL: any) in `parent`. */
static xmpp_form_part_t part_behind(xmpp_stanza_t *parent,
                                    xmpp_stanza_t *previous, int depth)
{
    xmpp_stanza_t *element = previous;
    xmpp_form_part_t none = {0, 0, NULL, NULL};

    while ((element = xmpp_stanza_next_tag(parent, element, NULL,
                                           XMPP_NS_FORM_LAYOUT))) {
        int type = part_type(element, depth);

        if (type)
            return (xmpp_form_part_t){type, depth, part_text(element, type),
                                      element};
    }
    return none;
}

xmpp_form_part_t xmpp_form_first_part(const xmpp_form_t *form)
{
    return part_behind(form ? form->element : NULL, NULL, 0);
}

xmpp_form_part_t xmpp_form_next_part(const xmpp_form_t *form,
                                     xmpp_form_part_t part)
{
    xmpp_stanza_t *at = part.element;
    int depth = part.depth;
    xmpp_form_part_t next = {0, 0, NULL, NULL};

    if (!form || !at)
        return next;
    if (is_group(part.type))
        next = part_behind(at, NULL, depth + 1);
    for (; !next.type && at && at != form->element; depth--) {
        xmpp_stanza_t *parent = xmpp_stanza_get_parent(at);

        next = part_behind(parent, at, depth);
        at = parent;
    }
    return next;
}

xmpp_stanza_t *xmpp_form_add_part(xmpp_stanza_t *parent, int type,
                                  const char *text)
{
    xmpp_stanza_t *part;

    if (type < XMPP_PART_PAGE || type >= PART_KINDS)
        return NULL;
    part =
        xmpp_stanza_add_tag(parent, part_kinds[type].name, XMPP_NS_FORM_LAYOUT);
    if (part_kinds[type].label)
        xmpp_stanza_put(part, part_kinds[type].label, text);
    else if (type == XMPP_PART_TEXT && text)
        xmpp_stanza_add_text(part, text);
    return part;
}
