/* styling.h - bold, quoted and preformatted text in a body (XEP-0393).
 *
 *     const xmpp_styled_t *styled = xmpp_styling_get(message);
 *     for (i = 0; styled && i < styled->run_count; i++)
 *         draw(styled->body + styled->runs[i]->start, styled->runs[i]);
 *
 * Draw the directives ("*", "> ", ...) together with the text that they are
 * for: they are a part of what the sender has written.
 */

#ifndef XMPP_XEP_STYLING_H
#define XMPP_XEP_STYLING_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* Styles, as bits. */
enum {
    XMPP_STYLE_STRONG = 1,        /* *strong* */
    XMPP_STYLE_EMPHASIS = 2,      /* _emphasis_ */
    XMPP_STYLE_STRIKE = 4,        /* ~struck through~ */
    XMPP_STYLE_CODE = 8,          /* `monospace` */
    XMPP_STYLE_PREFORMATTED = 16, /* a block of monospace lines */
    XMPP_STYLE_DIRECTIVE = 32     /* the characters that make the style, such as
                                   * the "*"; together with the bits above */
};

/* A part of the body that has the same styles throughout. */
typedef struct _xmpp_run_t {
    size_t size;
    long start, end; /* in octets; the first one, and the first one behind it */
    long styles;     /* XMPP_STYLE_ bits; 0: plain */
    long quotes;     /* how deep it is quoted; 0: not at all */
} xmpp_run_t;

/* A body with its styles. The runs are in order and cover all of it; none is
 * empty. */
typedef struct _xmpp_styled_t {
    size_t size;
    const char *body;
    const xmpp_run_t *const *runs;
    size_t run_count;
} xmpp_styled_t;

XMPP_API extern const xmpp_payload_t xmpp_styled;

/* The styles of the body of a message. If it has an <unstyled/>, all is plain,
 * and so is what follows the 4095th run. The time that this takes grows with
 * the length of the body, whatever is in it. Borrowed from the message. NULL if
 * there is no body, or when out of memory. */
XMPP_API const xmpp_styled_t *xmpp_styling_get(xmpp_stanza_t *message);

/* Request that a message is displayed as plain text. 0, or the status of the
 * tree (build.h). */
XMPP_API int xmpp_styling_disable(xmpp_stanza_t *message);

XMPP_END

#endif /* XMPP_XEP_STYLING_H */
